"""The outbox against every order of events: recording, sending, answers, death, standbys, and clocks that jump.

Each run of the machine lives in one database and one event loop; after every step the books must balance.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from bot.model import Chat, Delivery, DeliveryKind, DeliveryState, Message, NewDelivery, Operation
from bot.ports import SendResult, SendStatus
from bot.rules.delivery import MAX_UNCERTAIN_ATTEMPTS, settle
from bot.storage import deliveries, leases
from bot.storage.database import Database, Tx
from bot.storage.leases import Lease
from bot.storage.tables import metadata
from tests.conftest import FakeClock
from tests.fakes import meet_chat

LEASE = timedelta(seconds=15)
CHATS = 2
EXAMPLES, STEPS = 12, 20
ENDED = (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.EXPIRED)
KINDS = st.sampled_from([DeliveryKind.ALERT, DeliveryKind.BRIEFING, DeliveryKind.BROADCAST])
ANSWERS = st.sampled_from(
    [
        SendStatus.SENT,
        SendStatus.RETRY,
        SendStatus.FLOOD,
        SendStatus.UNCERTAIN,
        SendStatus.REFUSED,
        SendStatus.UNREADABLE,
    ]
)
T = TypeVar("T")


def is_new(one: Delivery) -> bool:
    """Whether it is a message of its own."""
    return one.operation is Operation.SEND


class Outbox(RuleBasedStateMachine):
    """Senders that lead, die and are overtaken, over one outbox."""

    db: Database
    loop: asyncio.AbstractEventLoop
    marked = Bundle("marked")  # (sender, delivery) on the wire

    def __init__(self) -> None:
        super().__init__()
        self.clock = FakeClock()
        self.recorded = 0
        self.arrived: Counter[int] = Counter()  # by delivery
        self.arrivals: defaultdict[int, list[int]] = defaultdict(list)  # by chat
        self.maybe: Counter[int] = Counter()  # times that a death or silence left open whether it arrived
        self.clock_went_back = False
        self.lease: Lease | None = None
        self.epochs: list[int] = []
        self.chats: list[Chat] = self.do(self._begin())

    def do(self, work: Awaitable[T]) -> T:
        """Runs in the machine's one event loop."""
        return self.loop.run_until_complete(work)

    async def _begin(self) -> list[Chat]:
        async with self.db.write() as tx:
            for table in reversed(metadata.sorted_tables):
                await tx.execute(sa.delete(table))
        return [await meet_chat(self.db, number) for number in range(1, CHATS + 1)]

    async def _all(self) -> list[Delivery]:
        async with self.db.read() as tx:
            return [one for chat in self.chats for one in await deliveries.of_chat(tx, chat.id)]

    @rule(chat=st.integers(0, CHATS - 1), kind=KINDS, expires=st.sampled_from([None, 30]), again=st.booleans())
    def record(self, chat: int, kind: DeliveryKind, expires: int | None, again: bool) -> None:
        """A message is recorded; whoever repeats it changes nothing."""
        now = self.clock.now()
        self.recorded += 1
        end = None if expires is None else now + timedelta(seconds=expires)
        new = NewDelivery(self.chats[chat].id, kind, str(self.recorded), Message("News"), now, expires_at=end)

        async def enqueue() -> list[int]:
            async with self.db.write() as tx:
                return [await deliveries.enqueue(tx, [new], now) for _ in range(1 + again)]

        assert self.do(enqueue()) == [1, 0][: 1 + again]

    @rule(chat=st.integers(0, CHATS - 1), operation=st.sampled_from(Operation), pick=st.integers(0, 99))
    def change(self, chat: int, operation: Operation, pick: int) -> None:
        """An earlier message is edited, deleted or replied to."""
        now = self.clock.now()

        async def enqueue() -> None:
            async with self.db.write() as tx:
                earlier = await deliveries.of_chat(tx, self.chats[chat].id)
                if earlier:
                    self.recorded += 1
                    key, target = str(self.recorded), earlier[pick % len(earlier)].id
                    new = NewDelivery(self.chats[chat].id, DeliveryKind.ALERT, key, Message("News"), now)
                    await deliveries.enqueue(tx, [replace(new, operation=operation, target_id=target)], now)

        self.do(enqueue())

    @rule(name=st.sampled_from(["ann", "bob"]))
    def lead(self, name: str) -> None:
        """Somebody takes the lease if it is free, and settles what a dead sender left."""
        now = self.clock.now()

        async def acquire() -> Lease | None:
            async with self.db.write() as tx:
                lease = await leases.acquire(tx, "send", name, now, now + LEASE)
                if lease is not None:
                    before = {one.id for one in await self._on_wire(tx)}
                    await deliveries.recover(tx, now)
                    self.maybe.update(before)
                return lease

        lease = self.do(acquire())
        if lease is not None:
            assert lease.epoch > max(self.epochs, default=0)
            self.epochs.append(lease.epoch)
            self.lease = lease

    async def _on_wire(self, tx: Tx) -> list[Delivery]:
        found = [one for chat in self.chats for one in await deliveries.of_chat(tx, chat.id)]
        return [one for one in found if one.state is DeliveryState.SENDING]

    @rule(target=marked, limit=st.integers(1, 4))
    def claim(self, limit: int) -> list[Delivery]:
        """Whoever leads marks what is due, and puts it on the wire."""
        now, lease = self.clock.now(), self.lease

        async def mark() -> list[Delivery]:
            async with self.db.write() as tx:
                if lease is None or not await leases.holds(tx, lease):
                    return []
                heads = await deliveries.due(tx, now, limit)
                ids = await deliveries.mark_sending(tx, [head.id for head in heads], now)
            assert len({head.chat_id for head in heads}) == len(heads)
            return [replace(head, attempts=head.attempts + 1) for head in heads if head.id in ids]

        return self.do(mark())

    @rule(batch=consumes(marked), answer=ANSWERS, arrives=st.booleans())
    def answer(self, batch: list[Delivery], answer: SendStatus, arrives: bool) -> None:
        """Telegram answers, perhaps long after the sender was overtaken; what is uncertain may have arrived."""
        now = self.clock.now()
        for one in batch:
            if answer is SendStatus.SENT or (answer is SendStatus.UNCERTAIN and arrives):
                self._arrive(one)
            if answer is SendStatus.UNCERTAIN:
                self.maybe[one.id] += 1
        found = [settle(one, SendResult(answer, message_id=one.id, retry_after=3), now) for one in batch]

        async def store() -> None:
            async with self.db.write() as tx:
                await deliveries.settle(tx, found, now)

        self.do(store())

    @rule(batch=consumes(marked), arrives=st.booleans())
    def die(self, batch: list[Delivery], arrives: bool) -> None:
        """The sender dies with messages on the wire: nobody hears the answer."""
        for one in batch:
            if arrives:
                self._arrive(one)
        self.lease = None

    def _arrive(self, one: Delivery) -> None:
        if is_new(one):
            if not self.arrived[one.id]:
                self.arrivals[one.chat_id].append(one.id)
            self.arrived[one.id] += 1

    @rule(seconds=st.sampled_from([1, 7, 20, 600]))
    def time_passes(self, seconds: int) -> None:
        """What waits becomes due, leases run out, and messages grow stale."""
        self.clock.move(seconds=seconds)

        async def expire() -> None:
            async with self.db.write() as tx:
                await deliveries.expire(tx, self.clock.now())

        self.do(expire())

    @rule()
    def clock_jumps_back(self) -> None:
        """Somebody sets the machine's clock."""
        self.clock.move(seconds=-120)
        self.clock_went_back = True

    @invariant()
    def the_books_balance(self) -> None:
        """What must hold after every step."""
        found = self.do(self._all())
        self._nothing_is_lost(found)
        self._every_copy_is_marked(found)
        self._each_chat_reads_in_order(found)
        sending = Counter(one.chat_id for one in found if one.state is DeliveryState.SENDING)
        assert all(number == 1 for number in sending.values()), "a chat has one message on the wire at most"

    def _nothing_is_lost(self, found: list[Delivery]) -> None:
        assert len(found) == self.recorded
        assert all(self.arrived[one.id] for one in found if one.state is DeliveryState.SENT and is_new(one))

    def _every_copy_is_marked(self, found: list[Delivery]) -> None:
        for one in found:
            copies = self.arrived[one.id] - 1
            assert copies <= self.maybe[one.id]
            assert copies <= 0 or one.uncertain or one.state is DeliveryState.SENDING
            assert copies <= 0 or one.kind is not DeliveryKind.BROADCAST

    def _each_chat_reads_in_order(self, found: list[Delivery]) -> None:
        if self.clock_went_back:  # what was recorded later is due earlier then
            return
        kinds = {one.id: one.kind for one in found}
        for arrivals in self.arrivals.values():
            for kind in DeliveryKind:
                order = [number for number in arrivals if kinds[number] is kind]
                assert order == sorted(order)

    def teardown(self) -> None:
        """Whatever happened, one sender that lives on brings everything to its end."""
        for _ in range(MAX_UNCERTAIN_ATTEMPTS * (self.recorded + 2)):
            self.time_passes(600)
            self.lead("carl")
            batch = self.claim(20)
            if not batch and all(one.state in ENDED for one in self.do(self._all())):
                break
            self.answer(batch, SendStatus.SENT, True)
        found = self.do(self._all())
        assert [one for one in found if one.state not in ENDED] == []
        self._nothing_is_lost(found)


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_whatever_happens_in_whatever_order_the_books_balance(
    database: str, request: pytest.FixtureRequest, tmp_path: object
) -> None:
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        if database == "sqlite":
            db = Database(f"sqlite:///{tmp_path}/machine.db")

            async def make() -> None:
                async with db.write() as tx:
                    await tx.run_sync(metadata.create_all)

            loop.run_until_complete(make())
        else:
            db = Database(request.getfixturevalue("postgres_server"), schema=request.getfixturevalue("postgres_schema"))
        machine = type("Machine", (Outbox,), {"db": db, "loop": loop})
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=EXAMPLES,
                    stateful_step_count=STEPS,
                    deadline=None,
                    phases=(Phase.generate,),  # a shorter failing case would take minutes to find
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            loop.run_until_complete(db.close())
