"""Deliver: from the outbox to Telegram, by the one process that holds the lease of the bot's token.

The order of things for one message: its place (the pacer), `sending` stored, the wire, the answer stored. A crash
before `sending` leaves it queued; one after leaves it uncertain. Messages go in waves: those whose places come within a
moment are marked in one unit of work, which stores the answers that have come meanwhile, too. It is begun ahead of the
first place, so that messages leave evenly although the database is not even.
"""

import asyncio
import math
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from bot import log
from bot.actions import alarms
from bot.errors import StorageError
from bot.model import Delivery, DeliveryKind, DeliveryState
from bot.pipeline.leading import LEASE, Leadership
from bot.pipeline.wire import perform
from bot.ports import Clock, Messenger, SendStatus
from bot.rules.delivery import LESSER_EVERY, Line, Settlement, lesser_kinds, more_urgent_kinds, settle
from bot.rules.pacer import Pacer
from bot.storage import broadcasts, deliveries
from bot.storage.database import Database, Tx

IN_FLIGHT = 30  # messages on the wire at a time, each to another chat
AHEAD = 0.03  # seconds before the place of its first message that a wave is stored
MOMENT = 0.09  # seconds more that the places of a wave may lie apart
FULL = 0.02  # seconds that a run waits for answers while most places on the wire are taken
STALE = 0.25  # seconds by which a message may be late for its place; after that it takes another
LOOK_AGAIN = 0.25  # seconds until a run looks for what has come in
LOOK_FOR_RESTED = 0.05  # … or for a chat whose rest is over
LATE_ANSWER = 0.1  # seconds that an answer waits for the next wave to be stored with it
PATIENCE = 1.0  # seconds that a run waits for a limit; what takes longer waits for the next run
TWO_CLOCKS = 0.05  # seconds by which the event loop's clock may be ahead of the database's after a rest
TIDY_EVERY = 10.0  # seconds

Wave = list[tuple[Delivery, float]]  # with the second of each message's place
logger = log.get(__name__)


class Sender:
    """Sends what is due for one bot token: `run` is the step.

    Args:
        pacer: shared with whatever else sends for the token.
        name: of the lease; the same in all processes of one token.
        holder: of this process, like no other.
        is_dead: whether the process of another holder's name surely lives no more.
        in_flight: how many messages may be on the wire at a time.
    """

    def __init__(
        self,
        db: Database,
        messenger: Messenger,
        pacer: Pacer,
        clock: Clock,
        *,
        name: str = "send",
        holder: str = "",
        is_dead: Callable[[str], bool] = lambda _holder: False,
        in_flight: int = IN_FLIGHT,
    ) -> None:
        self._db = db
        self._messenger = messenger
        self._pacer = pacer
        self._clock = clock
        self._in_flight = in_flight
        self._leadership = Leadership(db, clock, name, holder or secrets.token_hex(8), is_dead)
        self._tasks: dict[int, asyncio.Task[None]] = {}  # what is on the wire, by the id of the chat
        self._line = Line()
        self._looked = self._tidied = -LEASE  # in the event loop's seconds
        self._resting: dict[int, float] = {}  # id of a chat: until when its own limits hold it back
        self._answers: list[Settlement] = []  # that are not stored yet
        self._answered = 0
        self._landed = asyncio.Event()
        self._failure: Exception | None = None
        self._unreachable = self._stopping = False

    @property
    def leads(self) -> bool:
        """Whether this process may send."""
        return self._leadership.leads

    def stop(self) -> None:
        """Asks a run to end as soon as what is on the wire has been answered."""
        self._stopping = True

    async def close(self) -> None:
        """Gives the lease back after the last run, so that a standby takes over at once."""
        try:
            await self._leadership.resign()
        except StorageError as error:
            logger.warning("the lease was not given back; it runs out by itself", reason=str(error))

    async def run(self) -> int:
        """Sends until nothing is due; returns how many messages Telegram answered to. 0 without the lease.

        Raises:
            MessengerError: Telegram refuses the bot itself; the messages are queued still.
            StorageError: the database is away; the next run settles what was sent.
        """
        before, self._failure, self._unreachable = self._answered, None, False
        self._line.clear()
        try:
            while self._goes_on() and await self._leadership.keep(self._clean_up):
                await self._tidy()
                wave = await self._gather()
                stored = await self._store(wave)
                if not wave and not stored and not await self._wait():
                    break
        except asyncio.CancelledError:
            for task in self._tasks.values():
                task.cancel()
            raise
        finally:
            if self._tasks:
                await asyncio.wait(self._tasks.values())
            await self._store([])
        if self._failure is not None:
            raise self._failure
        if self._answered > before:
            async with self._db.write() as tx:
                await broadcasts.finish(tx, self._clock.now())
        return self._answered - before

    def _goes_on(self) -> bool:
        return not self._stopping and not self._unreachable and self._failure is None

    async def _clean_up(self, tx: Tx) -> None:
        left = await deliveries.recover(tx, self._clock.now())
        if left:
            logger.warning("a dead sender left messages on the wire", uncertain=left)

    async def _tidy(self) -> None:
        if _seconds() - self._tidied >= TIDY_EVERY:
            async with self._db.write() as tx:
                await deliveries.expire(tx, self._clock.now())
                await broadcasts.finish(tx, self._clock.now())
            self._tidied = _seconds()

    async def _gather(self) -> Wave:
        """The messages whose places come within a moment; none when the first one's is beyond our patience."""
        room = await self._room()
        if room and (self._line.is_spent or _seconds() - self._looked >= self._look_after()):
            await self._look()
        wave: Wave = []
        while len(wave) < room and self._goes_on() and (head := self._line.take()) is not None:
            now = _seconds()
            rest = self._pacer.rest(head.telegram_chat_id, head.chat_kind, now)
            if rest:
                self._resting[head.chat_id] = now + rest
                continue
            wait = self._pacer.wait(now) - AHEAD
            if wait <= (MOMENT if wave else 0):
                wave.append((head, self._pacer.take(head.telegram_chat_id, now)))
                continue
            self._line.put_back(head)
            if wave or wait > PATIENCE or (wait > LATE_ANSWER and self._answers):
                break
            await asyncio.sleep(min(wait, LATE_ANSWER))
        return wave

    async def _room(self) -> int:
        """How many more may go on the wire. Where most places are taken, waits for so many that a write is worth it."""
        enough = self._in_flight * 2 // 3
        with suppress(TimeoutError):
            async with asyncio.timeout(FULL):
                while len(self._tasks) > enough:
                    await self._next_answer()
        return self._in_flight - len(self._tasks)

    def _look_after(self) -> float:
        """Seconds from the last look to the next one."""
        has_rested = min(self._resting.values(), default=math.inf) <= _seconds()
        return LOOK_FOR_RESTED if has_rested else LOOK_AGAIN

    async def _look(self) -> None:
        """Reads what is due; while a flood is under way, only what goes before it. Who had to rest goes first."""
        self._looked = _seconds()
        rested = [chat for chat, until in self._resting.items() if until <= self._looked]
        self._resting = {chat: until for chat, until in self._resting.items() if until > self._looked}
        now, limit, flood = self._clock.now(), 2 * self._in_flight, self._line.flood
        async with self._db.read() as tx:
            if self._line.is_spent or flood is None:
                self._line.fill(*await self._heads(tx, now, limit))
            elif above := more_urgent_kinds(flood):
                self._line.put_first(await deliveries.due(tx, now, limit, excluding=self._resting, kinds=above))
            if rested:
                self._line.put_first(await deliveries.due(tx, now, limit, chats_only=rested))

    async def _heads(self, tx: Tx, now: datetime, limit: int) -> tuple[list[Delivery], DeliveryKind | None]:
        """What goes next. Where the queue is long, its kind, and some of each lesser kind, so that none starves."""
        heads = await deliveries.due(tx, now, limit, excluding=self._resting)
        if len(heads) < limit:
            return heads, None
        flood = heads[0].kind
        for kind in lesser_kinds(flood):
            seen = [*self._resting, *(head.chat_id for head in heads)]
            heads += await deliveries.due(tx, now, limit // LESSER_EVERY + 1, excluding=seen, kinds=[kind])
        return heads, flood

    async def _store(self, wave: Wave) -> bool:
        """Stores the answers that have come, marks a wave and puts it on the wire. Whether there were answers."""
        answers, self._answers = self._answers, []
        if not answers and not wave:
            return False
        marked: set[int] = set()
        try:
            async with self._db.write() as tx:
                await deliveries.settle(tx, answers, self._clock.now())
                # Whoever takes the lease over settles the marks it finds; a later one would block its chat for good.
                if wave and await self._leadership.holds(tx):
                    marked = await deliveries.mark_sending(tx, [head.id for head, _ in wave], self._clock.now())
        except StorageError:
            self._answers = answers + self._answers
            raise
        for head, place in wave:
            if head.id in marked:
                sent = replace(head, attempts=head.attempts + 1)
                self._tasks[head.chat_id] = asyncio.create_task(self._carry(sent, place))
        return bool(answers)

    async def _wait(self) -> bool:
        """Waits for what lets the run go on; False when it should end."""
        if self._answers:
            return True
        if self._tasks:
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_AGAIN):
                    await self._next_answer()
            return True
        if not self._resting:
            return False
        pause = min(self._resting.values()) - _seconds()
        if pause > PATIENCE:
            return False
        await asyncio.sleep(pause)
        return True

    async def _next_answer(self) -> None:
        self._landed.clear()
        await self._landed.wait()

    async def _carry(self, delivery: Delivery, place: float) -> None:
        try:
            settlement = await self._send(delivery, place)
        except Exception as error:  # it is raised by the run, after the others on the wire were answered
            settlement = _unsent(delivery)
            self._failure = self._failure or error
        finally:
            del self._tasks[delivery.chat_id]
            self._landed.set()
        self._answers.append(settlement)

    async def _send(self, delivery: Delivery, place: float) -> Settlement:
        chat, now = delivery.telegram_chat_id, _seconds()
        # Where the database was slow, many places have passed by now: going all at once would break the rate.
        if now - place > STALE:
            if self._pacer.wait(now) > PATIENCE:
                return _unsent(delivery)
            place = self._pacer.take(chat, now)
        await asyncio.sleep(place - now)
        now = _seconds()
        if not self.leads or self._unreachable or self._pacer.is_closed(chat, now):
            return _unsent(delivery)
        self._pacer.left(place, now)
        result, unreadable = await perform(self._messenger, delivery)
        if unreadable:
            await alarms.message_unreadable(self._db, unreadable, self._clock.now())
        if result.status in (SendStatus.SHUT, SendStatus.CLOSED):
            admins = await self._messenger.administrators(delivery.telegram_chat_id)
            await alarms.chat_shut(self._db, delivery, admins, self._clock.now())
        if result.status is SendStatus.FLOOD:
            self._pacer.refused(delivery.telegram_chat_id, result.retry_after, _seconds())
        if result.status is SendStatus.RETRY:
            self._unreachable = True
        else:
            self._answered += 1
        settlement = settle(delivery, result, self._clock.now())
        if result.status is SendStatus.FLOOD:
            self._resting[delivery.chat_id] = _seconds() + result.retry_after + TWO_CLOCKS
        return settlement


def _unsent(delivery: Delivery) -> Settlement:
    """It was marked, but did not go on the wire."""
    return Settlement(delivery, DeliveryState.QUEUED, delivery.uncertain, not_before=delivery.not_before)


def _seconds() -> float:
    """The event loop's clock, which never goes back."""
    return asyncio.get_running_loop().time()
