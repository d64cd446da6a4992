"""The sender against a scripted Telegram, on both databases."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.errors import OtherInstanceRunning, StorageError, TokenRejected
from bot.model import Access, Broadcast, BroadcastState, Chat, ChatKind, Delivery, DeliveryKind, DeliveryState
from bot.pipeline.deliver import Sender
from bot.pipeline.leading import LEASE
from bot.ports import SendResult, SendStatus
from bot.rules.pacer import Pacer
from bot.storage import broadcasts, deliveries, leases, users
from bot.storage.database import Database, Tx
from tests.conftest import NOON, FakeClock
from tests.fakes import FakeMessenger, meet_chat, record, to_send

FAST = 1_000.0  # messages per second


def sender(
    db: Database, messenger: FakeMessenger, clock: FakeClock, *, pacer: Pacer | None = None, in_flight: int = 20
) -> Sender:
    return Sender(db, messenger, pacer or Pacer(FAST), clock, in_flight=in_flight)


class Stumbling(Database):
    """A database that something happens to: `next_writes` are called before its next writing units, one each, and
    `next_stored` after them.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self.next_writes: list[Callable[[], object]] = []
        self.next_stored: list[Callable[[], object]] = []

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        async with self._db.read() as tx:
            yield tx

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        if self.next_writes:
            self.next_writes.pop(0)()
        async with self._db.write() as tx:
            yield tx
        if self.next_stored:
            self.next_stored.pop(0)()


class Overtaken(Stumbling):
    """A database where another process takes the sender's lease over just before the next writing unit."""

    def __init__(self, db: Database, clock: FakeClock) -> None:
        super().__init__(db)
        self.is_due = False
        self._clock = clock

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        if self.is_due:
            self.is_due = False
            now = self._clock.move(seconds=LEASE)
            async with self._db.write() as tx:
                assert await leases.acquire(tx, "send", "another", now, now + timedelta(seconds=LEASE))
        async with self._db.write() as tx:
            yield tx


async def outbox(db: Database, chat: Chat) -> list[Delivery]:
    async with db.read() as tx:
        return await deliveries.of_chat(tx, chat.id)


async def only(db: Database, chat: Chat) -> Delivery:
    (delivery,) = await outbox(db, chat)
    return delivery


async def post_to_all(db: Database) -> Broadcast:
    async with db.write() as tx:
        admin = await users.meet(tx, telegram_user_id=900, name="Ada", language="en", access=Access.ALLOWED, now=NOON)
        post = await broadcasts.add(tx, text="Post", article_id=None, created_by=admin.id, now=NOON)
        await broadcasts.advance(tx, post.id, to=BroadcastState.SENDING, of=(BroadcastState.DRAFT,))
        await broadcasts.enqueue_to_all(tx, post.id, NOON)
    return post


async def test_what_is_due_is_sent_once(db: Database, clock: FakeClock) -> None:
    chat, telegram = await meet_chat(db, 1), FakeMessenger()
    await record(db, [to_send(chat, "News")])
    sending = sender(db, telegram, clock)
    assert await sending.run() == 1
    assert await sending.run() == 0
    assert telegram.texts(1) == ["News"]
    delivery = await only(db, chat)
    assert (delivery.state, delivery.telegram_message_id) == (DeliveryState.SENT, 1)


async def test_a_topic_gets_its_own_messages(db: Database, clock: FakeClock) -> None:
    telegram = FakeMessenger()
    topic = await meet_chat(db, -5, ChatKind.SUPERGROUP, thread_id=8)
    await record(db, [to_send(topic, "News")])
    await sender(db, telegram, clock).run()
    assert telegram.sent[0].thread_id == 8


async def test_each_chat_reads_its_messages_in_order_although_many_are_in_flight(
    db: Database, clock: FakeClock
) -> None:
    telegram = FakeMessenger()
    people = [await meet_chat(db, number) for number in range(1, 9)]
    await record(db, [to_send(chat, f"Part {part}") for part in range(3) for chat in people])
    assert await sender(db, telegram, clock, in_flight=4).run() == 24
    assert all(telegram.texts(chat.telegram_chat_id) == ["Part 0", "Part 1", "Part 2"] for chat in people)
    assert 2 <= telegram.most_at_once <= 4


async def test_a_chat_that_does_not_answer_holds_up_only_itself(db: Database, clock: FakeClock) -> None:
    telegram = FakeMessenger(hanging={1})
    slow, quick = await meet_chat(db, 1), await meet_chat(db, 2)
    await record(db, [to_send(slow, "A"), to_send(slow, "B"), to_send(quick, "C")])
    running = asyncio.create_task(sender(db, telegram, clock).run())
    await telegram.reached.wait()
    telegram.reached.clear()
    await record(db, [to_send(quick, "D")])
    while telegram.texts(2) != ["C", "D"]:
        await telegram.reached.wait()
        telegram.reached.clear()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    assert telegram.asked.count(1) == 1
    telegram.release.set()
    assert await running == 4
    assert telegram.texts(1) == ["A", "B"]


async def test_answers_and_alerts_go_before_briefings_and_posts(db: Database, clock: FakeClock) -> None:
    telegram = FakeMessenger()
    kinds = [DeliveryKind.BROADCAST, DeliveryKind.BRIEFING, DeliveryKind.ALERT, DeliveryKind.REPLY]
    await record(db, [to_send(await meet_chat(db, 1 + n), kind, kind) for n, kind in enumerate(kinds)])
    await sender(db, telegram, clock, in_flight=1).run()
    assert [one.message.text for one in telegram.sent] == ["reply", "alert", "briefing", "broadcast"]


async def test_only_the_holder_of_the_lease_sends(db: Database, clock: FakeClock) -> None:
    telegram = FakeMessenger()
    first, standby = sender(db, telegram, clock), sender(db, telegram, clock)
    assert await first.run() == 0
    assert first.leads
    await record(db, [to_send(await meet_chat(db, 1), "News")])
    assert await standby.run() == 0
    assert not standby.leads
    await first.close()
    await first.close()
    assert await standby.run() == 1


async def test_a_sender_that_slept_past_half_its_lease_sends_only_after_renewing_it(
    db: Database, clock: FakeClock
) -> None:
    telegram = FakeMessenger()
    first, second = sender(db, telegram, clock), sender(db, telegram, clock)
    await first.run()
    clock.move(seconds=LEASE / 2)
    assert not first.leads
    await first.run()
    assert first.leads
    clock.move(seconds=LEASE)
    await second.run()
    await record(db, [to_send(await meet_chat(db, 1), "News")])
    assert await first.run() == 0
    assert await second.run() == 1


async def test_a_sender_that_was_killed_is_followed_at_once_on_its_machine(db: Database, clock: FakeClock) -> None:
    telegram = FakeMessenger(hanging={1})
    await record(db, [to_send(await meet_chat(db, 1), "News")])
    await kill_on_the_wire(db, telegram, clock, messages=1)
    telegram.hanging.clear()
    elsewhere = Sender(db, telegram, Pacer(FAST), clock, holder="third")
    assert await elsewhere.run() == 0
    follower = Sender(db, telegram, Pacer(FAST), clock, holder="second", is_dead={"first"}.__contains__)
    assert await follower.run() == 1
    assert telegram.texts(1) == ["News"]


async def test_a_flood_of_alerts_does_not_starve_posts_and_briefings(db: Database, clock: FakeClock) -> None:
    telegram = FakeMessenger()
    people = [await meet_chat(db, number) for number in range(1, 31)]
    kinds = [DeliveryKind.ALERT] * 20 + [DeliveryKind.BROADCAST] * 5 + [DeliveryKind.BRIEFING] * 5
    await record(db, [to_send(chat, kind, kind) for chat, kind in zip(people, kinds, strict=True)])
    await sender(db, telegram, clock, in_flight=1).run()
    order = [one.message.text for one in telegram.sent]
    assert {order[4], order[9]} == {"briefing", "broadcast"}
    assert order[:20].count("alert") == 16
    assert order.count("broadcast") == order.count("briefing") == 5


async def test_a_lease_that_ends_just_before_the_wire_keeps_the_message_off_it(db: Database, clock: FakeClock) -> None:
    chat, telegram = await meet_chat(db, 1), FakeMessenger()
    stumbling = Stumbling(db)
    sending = sender(stumbling, telegram, clock)
    await sending.run()
    await record(db, [to_send(chat, "News")])
    stumbling.next_stored = [lambda: clock.move(seconds=LEASE * 0.6)]
    assert await sending.run() == 1
    assert telegram.texts(1) == ["News"]
    assert (await only(db, chat)).attempts == 2


async def test_a_lease_that_ends_before_the_mark_leaves_the_message_queued(db: Database, clock: FakeClock) -> None:
    chat, telegram = await meet_chat(db, 1), FakeMessenger(hanging={1})
    other = await meet_chat(db, 2)
    sending = sender(db, telegram, clock, in_flight=1)
    await record(db, [to_send(chat, "A"), to_send(other, "B")])
    running = asyncio.create_task(sending.run())
    await telegram.reached.wait()
    clock.move(seconds=LEASE * 0.6)
    telegram.release.set()
    assert await running == 2
    assert (await only(db, other)).attempts == 1


async def test_a_sender_that_is_overtaken_just_before_its_mark_leaves_none(db: Database, clock: FakeClock) -> None:
    chat, telegram = await meet_chat(db, 1), FakeMessenger()
    overtaken = Overtaken(db, clock)
    sending = sender(overtaken, telegram, clock)
    await sending.run()
    await record(db, [to_send(chat, "News")])
    overtaken.is_due = True
    assert await sending.run() == 0
    assert (await only(db, chat)).attempts == 0


async def test_a_killed_sender_loses_nothing(db: Database, clock: FakeClock) -> None:
    telegram = FakeMessenger(hanging={1, 2, 3})
    kinds = [DeliveryKind.REPLY, DeliveryKind.ALERT, DeliveryKind.BRIEFING]
    people = [await meet_chat(db, number) for number in (1, 2, 3)]
    await record(db, [to_send(chat, "News", kind) for chat, kind in zip(people, kinds, strict=True)])
    await kill_on_the_wire(db, telegram, clock, messages=3)
    states = {(await only(db, chat)).state for chat in people}
    assert states == {DeliveryState.SENDING}
    telegram.hanging.clear()
    clock.move(seconds=LEASE)
    assert await sender(db, telegram, clock).run() == 3
    after = [await only(db, chat) for chat in people]
    assert {(one.state, one.uncertain, one.attempts) for one in after} == {(DeliveryState.SENT, True, 2)}


async def test_a_killed_senders_post_is_listed_as_uncertain_and_not_sent_again(db: Database, clock: FakeClock) -> None:
    chat, telegram = await meet_chat(db, 1), FakeMessenger(hanging={1})
    post = await post_to_all(db)
    await kill_on_the_wire(db, telegram, clock, messages=1)
    clock.move(seconds=LEASE)
    assert await sender(db, telegram, clock).run() == 0
    delivery = await only(db, chat)
    assert (delivery.state, delivery.uncertain) == (DeliveryState.FAILED, True)
    async with db.read() as tx:
        assert (await broadcasts.count(tx, await broadcasts.get(tx, post.id), NOON)).uncertain == 1
    assert telegram.asked == [1]


async def kill_on_the_wire(db: Database, telegram: FakeMessenger, clock: FakeClock, *, messages: int) -> None:
    """Ends a sender without a chance to store anything, while its messages wait for Telegram's answer."""
    running = asyncio.create_task(Sender(db, telegram, Pacer(FAST), clock, holder="first").run())
    while len(telegram.asked) < messages:
        telegram.reached.clear()
        await telegram.reached.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_an_answer_that_the_database_did_not_take_is_stored_later_and_not_sent_again(
    db: Database, clock: FakeClock
) -> None:
    chat, telegram = await meet_chat(db, 1), FakeMessenger()
    stumbling = Stumbling(db)
    sending = sender(stumbling, telegram, clock)
    await sending.run()
    await record(db, [to_send(chat, "News")])
    stumbling.next_writes = [lambda: None, database_away, database_away]
    with pytest.raises(StorageError):
        await sending.run()
    assert (await only(db, chat)).state is DeliveryState.SENDING
    await sending.run()
    assert (await only(db, chat)).state is DeliveryState.SENT
    assert telegram.texts(1) == ["News"]


async def test_a_message_that_could_not_be_marked_is_not_sent(db: Database, clock: FakeClock) -> None:
    chat, telegram = await meet_chat(db, 1), FakeMessenger()
    stumbling = Stumbling(db)
    sending = sender(stumbling, telegram, clock)
    await sending.run()
    await record(db, [to_send(chat, "News")])
    stumbling.next_writes = [database_away]
    with pytest.raises(StorageError):
        await sending.run()
    assert telegram.asked == []
    assert await sending.run() == 1


@pytest.mark.parametrize(
    ("status", "state", "uncertain", "wait"),
    [
        (SendStatus.RETRY, DeliveryState.QUEUED, False, 1),
        (SendStatus.UNCERTAIN, DeliveryState.QUEUED, True, 5),
        (SendStatus.REFUSED, DeliveryState.FAILED, False, 0),
        (SendStatus.GONE, DeliveryState.FAILED, False, 0),
    ],
)
async def test_every_answer_has_its_consequence(
    db: Database, clock: FakeClock, status: SendStatus, state: DeliveryState, uncertain: bool, wait: float
) -> None:
    chat, telegram = await meet_chat(db, 1), FakeMessenger()
    telegram.script(1, status)
    await record(db, [to_send(chat, "News")])
    await sender(db, telegram, clock).run()
    delivery = await only(db, chat)
    assert (delivery.state, delivery.uncertain) == (state, uncertain)
    assert delivery.not_before == NOON + timedelta(seconds=wait)


async def test_an_alert_that_perhaps_arrived_comes_again_and_a_post_does_not(db: Database, clock: FakeClock) -> None:
    chat, telegram = await meet_chat(db, 1), FakeMessenger()
    telegram.script(1, SendStatus.UNCERTAIN)
    await record(db, [to_send(chat, "News")])
    sending = sender(db, telegram, clock)
    await sending.run()
    await sending.run()
    assert telegram.texts(1) == ["News"]
    clock.move(seconds=5)
    await sending.run()
    assert telegram.texts(1) == ["News", "News"]
    telegram.script(1, SendStatus.UNCERTAIN)
    await post_to_all(db)
    await sending.run()
    assert [(one.state, one.uncertain) for one in await outbox(db, chat)] == [
        (DeliveryState.SENT, True),
        (DeliveryState.FAILED, True),
    ]


async def test_a_refused_rate_delays_its_chat_for_exactly_what_telegram_says(db: Database, clock: FakeClock) -> None:
    telegram, pacer = FakeMessenger(), Pacer(FAST)
    flooded, other = await meet_chat(db, 1), await meet_chat(db, 2)
    telegram.script(1, SendResult(SendStatus.FLOOD, retry_after=7_000))
    await record(db, [to_send(flooded, "A"), to_send(flooded, "B"), to_send(other, "C")])
    await sender(db, telegram, clock, pacer=pacer).run()
    assert (telegram.texts(1), telegram.texts(2)) == ([], ["C"])
    first, second = await outbox(db, flooded)
    assert first.not_before == NOON + timedelta(seconds=7_000)
    assert second.state is DeliveryState.QUEUED
    assert 6_000 < pacer.rest(1, ChatKind.PRIVATE, asyncio.get_running_loop().time()) <= 7_000
    await record(db, [to_send(flooded, "Answer", DeliveryKind.REPLY)])
    assert await sender(db, telegram, clock, pacer=pacer).run() == 0


class Ticking(FakeClock):
    """It is noon when it is made, and goes on with the event loop's clock."""

    def __init__(self) -> None:
        super().__init__()
        self._begun = asyncio.get_running_loop().time()

    def now(self) -> datetime:
        return NOON + timedelta(seconds=asyncio.get_running_loop().time() - self._begun)


async def test_whoever_was_told_to_wait_is_tried_again_in_time_although_a_post_is_being_sent(db: Database) -> None:
    telegram, pacer = FakeMessenger(), Pacer(100)
    people = [await meet_chat(db, number) for number in range(1, 101)]
    await post_to_all(db)
    telegram.script(3, SendResult(SendStatus.FLOOD, retry_after=0.1))
    assert await sender(db, telegram, Ticking(), pacer=pacer, in_flight=5).run() == len(people) + 1
    order = [one.chat for one in telegram.sent]
    assert order.index(3) < order.index(100)
    assert len(order) == len(set(order)) == len(people)


async def test_an_alert_does_not_wait_for_a_long_post(db: Database, clock: FakeClock) -> None:
    telegram = FakeMessenger()
    people = [await meet_chat(db, number) for number in range(1, 41)]
    await post_to_all(db)
    running = asyncio.create_task(sender(db, telegram, clock, pacer=Pacer(50), in_flight=4).run())
    await telegram.reached.wait()
    await record(db, [to_send(people[-1], "News")])
    assert await running == len(people) + 1
    assert telegram.texts(40) == ["News", "Post"]
    assert [one.message.text for one in telegram.sent].index("News") < len(people) - 5


async def test_a_chat_that_has_to_rest_for_long_waits_for_a_later_run(db: Database, clock: FakeClock) -> None:
    telegram, pacer = FakeMessenger(), Pacer(FAST)
    chat = await meet_chat(db, -1, ChatKind.GROUP)
    await record(db, [to_send(chat, "A")])
    pacer.refused(-1, 60, asyncio.get_running_loop().time())
    assert await sender(db, telegram, clock, pacer=pacer).run() == 0
    assert (await only(db, chat)).state is DeliveryState.QUEUED


async def test_a_short_rest_is_waited_for(db: Database, clock: FakeClock) -> None:
    telegram, pacer = FakeMessenger(), Pacer(FAST)
    await record(db, [to_send(await meet_chat(db, 1), "A")])
    pacer.refused(1, 0.4, asyncio.get_running_loop().time())
    assert await sender(db, telegram, clock, pacer=pacer).run() == 1


async def test_a_run_waits_for_the_pace_of_all_messages(db: Database, clock: FakeClock) -> None:
    telegram = FakeMessenger()
    await record(db, [to_send(await meet_chat(db, number), "News") for number in range(1, 7)])
    assert await sender(db, telegram, clock, pacer=Pacer(20)).run() == 6


async def test_nobody_gets_anything_while_the_whole_bot_has_to_rest(db: Database, clock: FakeClock) -> None:
    telegram, pacer = FakeMessenger(), Pacer(FAST)
    await record(db, [to_send(await meet_chat(db, 4), "A")])
    for chat in (1, 2, 3):
        pacer.refused(chat, 60, asyncio.get_running_loop().time())
    assert await sender(db, telegram, clock, pacer=pacer).run() == 0
    assert telegram.asked == []


async def test_a_message_that_telegram_cannot_read_goes_once_as_plain_text(db: Database, clock: FakeClock) -> None:
    telegram = FakeMessenger()
    good, bad = await meet_chat(db, 1), await meet_chat(db, 2)
    telegram.script(1, SendStatus.UNREADABLE)
    telegram.script(2, SendStatus.UNREADABLE, SendStatus.UNREADABLE)
    await record(db, [to_send(good, "<b>News"), to_send(bad, "<i>News")])
    await sender(db, telegram, clock).run()
    assert [(one.chat, one.plain) for one in telegram.sent] == [(1, True)]
    assert (await only(db, good)).state is DeliveryState.SENT
    assert (await only(db, bad)).state is DeliveryState.FAILED
    assert telegram.asked.count(2) == 2


async def test_a_group_that_became_a_supergroup_gets_its_messages_there(db: Database, clock: FakeClock) -> None:
    chat, telegram = await meet_chat(db, -5, ChatKind.GROUP), FakeMessenger()
    telegram.script(-5, SendResult(SendStatus.MIGRATED, new_chat_id=-1005))
    await record(db, [to_send(chat, "A"), to_send(chat, "B")])
    await sender(db, telegram, clock).run()
    assert telegram.texts(-1005) == ["A", "B"]
    assert telegram.asked.count(-5) == 1


async def test_nothing_more_goes_to_somebody_who_blocked_the_bot(db: Database, clock: FakeClock) -> None:
    chat, telegram = await meet_chat(db, 1), FakeMessenger()
    telegram.script(1, SendStatus.GONE)
    await record(db, [to_send(chat, "A"), to_send(chat, "B")])
    sending = sender(db, telegram, clock)
    await sending.run()
    await record(db, [to_send(chat, "C")])
    await sending.run()
    assert telegram.asked == [1]
    await meet_chat(db, 1)
    await sending.run()
    assert telegram.texts(1) == ["C"]


async def test_while_telegram_is_unreachable_each_run_tries_little_and_nothing_is_lost(
    db: Database, clock: FakeClock
) -> None:
    telegram = FakeMessenger()
    people = [await meet_chat(db, number) for number in range(1, 31)]
    for chat in people:
        telegram.script(chat.telegram_chat_id, SendStatus.RETRY)
    await record(db, [to_send(chat, "News") for chat in people])
    sending = sender(db, telegram, clock, in_flight=5)
    assert await sending.run() == 0
    assert 1 <= len(telegram.asked) <= 10
    for _ in range(40):
        clock.move(seconds=2)
        await sending.run()
    assert len(telegram.sent) == 30


@pytest.mark.parametrize("refusal", [TokenRejected("token_rejected"), OtherInstanceRunning("other_instance")])
async def test_when_telegram_refuses_the_bot_the_run_says_so_and_the_message_waits(
    db: Database, clock: FakeClock, refusal: Exception
) -> None:
    chat, telegram = await meet_chat(db, 1), FakeMessenger()
    telegram.script(1, refusal)
    await record(db, [to_send(chat, "News")])
    with pytest.raises(type(refusal)):
        await sender(db, telegram, clock).run()
    assert (await only(db, chat)).state is DeliveryState.QUEUED


async def test_a_fault_of_our_own_does_not_block_the_chat_for_ever(db: Database, clock: FakeClock) -> None:
    chat, telegram = await meet_chat(db, 1), FakeMessenger()
    telegram.script(1, ValueError("no such button"))
    await record(db, [to_send(chat, "A"), to_send(chat, "B")])
    sending = sender(db, telegram, clock)
    await sending.run()
    first, _ = await outbox(db, chat)
    assert (first.state, first.uncertain) == (DeliveryState.QUEUED, True)
    clock.move(seconds=5)
    await sending.run()
    assert telegram.texts(1) == ["A", "B"]


async def test_what_nobody_wants_any_more_is_not_sent(db: Database, clock: FakeClock) -> None:
    chat, telegram = await meet_chat(db, 1), FakeMessenger()
    await record(db, [replace(to_send(chat, "Old news"), expires_at=NOON), to_send(chat, "News")])
    await sender(db, telegram, clock).run()
    assert telegram.texts(1) == ["News"]
    assert (await outbox(db, chat))[0].state is DeliveryState.EXPIRED


async def test_a_stopped_sender_waits_for_the_wire_and_starts_nothing_more(db: Database, clock: FakeClock) -> None:
    telegram = FakeMessenger(hanging={1})
    first, second = await meet_chat(db, 1), await meet_chat(db, 2)
    sending = sender(db, telegram, clock, in_flight=1)
    await record(db, [to_send(first, "A"), to_send(second, "B")])
    running = asyncio.create_task(sending.run())
    await telegram.reached.wait()
    sending.stop()
    telegram.release.set()
    assert await running == 1
    assert (await only(db, second)).state is DeliveryState.QUEUED


async def test_a_post_that_went_to_everybody_is_done(db: Database, clock: FakeClock) -> None:
    await meet_chat(db, 1)
    post = await post_to_all(db)
    await sender(db, FakeMessenger(), clock).run()
    async with db.read() as tx:
        assert (await broadcasts.get(tx, post.id)).state is BroadcastState.DONE


async def test_a_post_cancelled_meanwhile_is_not_sent(db: Database, clock: FakeClock) -> None:
    chat, telegram = await meet_chat(db, 1), FakeMessenger(hanging={1})
    other = await meet_chat(db, 2)
    post = await post_to_all(db)
    running = asyncio.create_task(sender(db, telegram, clock, in_flight=1).run())
    await telegram.reached.wait()
    async with db.write() as tx:
        await broadcasts.cancel_waiting(tx, post.id, NOON)
    telegram.release.set()
    await running
    assert (await only(db, chat)).state is DeliveryState.SENT
    assert (await only(db, other)).state is DeliveryState.CANCELLED


def database_away() -> None:
    raise StorageError("database", detail="away")
