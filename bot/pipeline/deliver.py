"""Deliver: from the outbox to Telegram, by the one process that holds the lease of the bot's token.

The order of things for one message: its turn (the pacer), `sending` stored, the wire, the answer stored. A crash before
`sending` leaves it queued; one after leaves it uncertain. What several messages want stored at the same time is one
unit of work.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Generic, TypeVar

from bot import log
from bot.errors import MessengerError, StorageError
from bot.model import Delivery, DeliveryState, Operation
from bot.ports import Clock, Messenger, SendResult, SendStatus
from bot.rules.delivery import Pacer, Settlement, is_repeatable, settle
from bot.storage import broadcasts, deliveries, leases
from bot.storage.database import Database
from bot.storage.leases import Lease

IN_FLIGHT = 20  # messages on the wire at a time, each to another chat
LEASE = 30.0  # seconds; nothing is sent in the second half of it, and it is renewed in the first
STALE_TURN = 0.25  # seconds from a message's turn to the wire, after which it waits for another turn
LOOK_AGAIN = 0.25  # seconds until a run that waits for answers looks for what has come in
PATIENCE = 1.0  # seconds that a run waits for a limit; what takes longer waits for the next run
TIDY_EVERY = 10.0  # seconds

T = TypeVar("T")
R = TypeVar("R")
logger = log.get(__name__)


class Together(Generic[T, R]):
    """Writes what several tasks bring while a write is going on in one unit, as soon as that one is done."""

    def __init__(self, write: Callable[[list[T]], Awaitable[R]]) -> None:
        self._write = write
        self._waiting: list[tuple[T, asyncio.Future[R]]] = []
        self._writing = asyncio.Lock()

    async def add(self, item: T) -> R:
        """What the write of the whole batch returned, or raises what it raised."""
        written: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, written))
        async with self._writing:
            if not written.done():
                await self._write_waiting()
        return await written

    async def _write_waiting(self) -> None:
        batch, self._waiting = self._waiting, []
        try:
            result = await self._write([item for item, _ in batch])
        except asyncio.CancelledError:
            for _, written in batch:
                written.cancel()
            raise
        except Exception as error:
            for written in _unanswered(batch):
                written.set_exception(error)
        else:
            for written in _unanswered(batch):
                written.set_result(result)


def _unanswered(batch: list[tuple[T, asyncio.Future[R]]]) -> list[asyncio.Future[R]]:
    return [written for _, written in batch if not written.done()]


class Sender:
    """Sends what is due for one bot token: `run` is the step.

    Args:
        pacer: shared with whatever else sends for the token.
        name: of the lease; the same in all processes of one token.
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
        in_flight: int = IN_FLIGHT,
    ) -> None:
        self._db = db
        self._messenger = messenger
        self._pacer = pacer
        self._clock = clock
        self._name = name
        self._in_flight = in_flight
        self._holder = secrets.token_hex(8)
        self._lease: Lease | None = None
        self._renewed = self._tidied = -LEASE  # in the event loop's seconds
        self._tasks: dict[int, asyncio.Task[None]] = {}  # by the id of the chat
        self._resting: dict[int, float] = {}  # id of a chat: until when its own limits hold it back
        self._marking = Together(self._mark)
        self._settling = Together(self._settle)
        self._unsettled: list[Settlement] = []  # answers that the database did not take yet
        self._answered = self._landed = 0
        self._failure: Exception | None = None
        self._unreachable = self._stopping = False

    @property
    def leads(self) -> bool:
        """Whether this process may send: it holds the lease, and is in its first half by either clock."""
        if self._lease is None or _seconds() - self._renewed >= LEASE / 2:
            return False
        return self._clock.now() < self._lease.until - timedelta(seconds=LEASE / 2)

    def stop(self) -> None:
        """Asks a run to end as soon as what is on the wire has been answered."""
        self._stopping = True

    async def close(self) -> None:
        """Gives the lease back after the last run, so that a standby takes over at once."""
        if self._lease is not None:
            async with self._db.write() as tx:
                await leases.release(tx, self._lease, self._clock.now())
            self._lease = None

    async def run(self) -> int:
        """Sends until nothing is due; returns how many messages Telegram answered to. 0 without the lease.

        Raises:
            MessengerError: Telegram refuses the bot itself; the messages are queued still.
            StorageError: the database is away; the next run settles what was sent.
        """
        before, self._failure, self._unreachable = self._answered, None, False
        try:
            while self._goes_on() and await self._lead():
                await self._tidy()
                landed = self._landed
                if not await self._start_due() and not await self._wait(landed):
                    break
        except asyncio.CancelledError:
            for task in self._tasks.values():
                task.cancel()
            raise
        finally:
            if self._tasks:
                await asyncio.wait(self._tasks.values())
        if self._failure is not None:
            raise self._failure
        if self._answered > before:
            async with self._db.write() as tx:
                await broadcasts.finish(tx)
        return self._answered - before

    def _goes_on(self) -> bool:
        return not self._stopping and not self._unreachable and self._failure is None

    async def _lead(self) -> bool:
        """Holds the lease, renewed in time. Whoever takes it over settles what its last holder left on the wire."""
        seconds, now = _seconds(), self._clock.now()
        fresh = seconds - self._renewed < LEASE / 4
        if self._lease is not None and fresh and now < self._lease.until - timedelta(seconds=LEASE * 3 / 4):
            return True
        until = now + timedelta(seconds=LEASE)
        async with self._db.write() as tx:
            lease = None if self._lease is None else await leases.renew(tx, self._lease, until)
            if lease is None:
                lease = await leases.acquire(tx, self._name, self._holder, now, until)
                left = 0 if lease is None else await deliveries.recover(tx, now)
                if left:
                    logger.warning("a dead sender left messages on the wire", uncertain=left)
        self._lease, self._renewed = lease, seconds
        return self.leads

    async def _tidy(self) -> None:
        if self._unsettled:
            late = list(self._unsettled)
            await self._settle(late)
            del self._unsettled[: len(late)]
        if _seconds() - self._tidied >= TIDY_EVERY:
            async with self._db.write() as tx:
                await deliveries.expire(tx, self._clock.now())
                await broadcasts.finish(tx)
            self._tidied = _seconds()

    async def _start_due(self) -> bool:
        """Puts what is due on its way; False when nothing was."""
        self._resting = {chat: until for chat, until in self._resting.items() if until > _seconds()}
        async with self._db.read() as tx:
            passed_over = [*self._tasks, *self._resting]
            heads = await deliveries.due(tx, self._clock.now(), self._in_flight, passed_over)
        for head in heads:
            if not await self._start(head):
                return False
        return bool(heads)

    async def _start(self, head: Delivery) -> bool:
        """Starts one message when its turn comes; False when no turn comes within our patience."""
        if len(self._tasks) >= self._in_flight:
            await asyncio.wait(self._tasks.values(), return_when=asyncio.FIRST_COMPLETED)
        rest = self._pacer.rest(head.telegram_chat_id, head.chat_kind, _seconds())
        if rest:
            self._resting[head.chat_id] = _seconds() + rest
            return True
        turn = await self._turn(head) if self._goes_on() else None
        if turn is None:
            return False
        self._tasks[head.chat_id] = asyncio.create_task(self._carry(head, turn))
        return True

    async def _wait(self, landed: int) -> bool:
        """Waits for what lets the run go on; False when it should end. `landed`: when the run looked last."""
        if self._landed > landed:
            return True
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED)
            return True
        if not self._resting:
            return False
        pause = min(self._resting.values()) - _seconds()
        if pause > PATIENCE:
            return False
        await asyncio.sleep(pause)
        return True

    async def _turn(self, delivery: Delivery) -> float | None:
        """When the message's place was taken; None where that would take longer than our patience."""
        while True:
            now = _seconds()
            wait = self._pacer.reserve(delivery.telegram_chat_id, delivery.chat_kind, now)
            if not wait:
                return now
            if wait > PATIENCE:
                return None
            await asyncio.sleep(wait)

    async def _carry(self, head: Delivery, turn: float) -> None:
        try:
            if head.id in await self._marking.add(head.id):
                await self._send(replace(head, attempts=head.attempts + 1), turn)
        except Exception as error:  # it is raised by the run, after the others on the wire were answered
            self._failure = self._failure or error
        finally:
            del self._tasks[head.chat_id]
            self._landed += 1

    async def _send(self, delivery: Delivery, turn: float) -> None:
        unsent = Settlement(delivery, DeliveryState.QUEUED, delivery.uncertain, not_before=delivery.not_before)
        # Where the database was slow, many turns have passed by now: going all at once would break the rate.
        place = turn if _seconds() - turn <= STALE_TURN else await self._turn(delivery)
        if place is None or not self.leads:
            await self._record(unsent)
            return
        self._pacer.left(place, _seconds())
        try:
            result = await self._on_wire(delivery)
        except MessengerError:
            await self._record(unsent)
            raise
        if result.status is SendStatus.FLOOD:
            self._pacer.refused(delivery.telegram_chat_id, result.retry_after, _seconds())
        if result.status is SendStatus.RETRY:
            self._unreachable = True
        else:
            self._answered += 1
        await self._record(settle(delivery, result, self._clock.now()))

    async def _on_wire(self, delivery: Delivery) -> SendResult:
        result = await self._wire(delivery, plain=False)
        if result.status is SendStatus.UNREADABLE:
            logger.error("Telegram can't read a message; sending it as plain text", id=delivery.id, why=result.detail)
            result = await self._wire(delivery, plain=True)
        if result.status is SendStatus.REFUSED:
            logger.warning("Telegram refused a message", id=delivery.id, why=result.detail)
        return result

    async def _wire(self, delivery: Delivery, *, plain: bool) -> SendResult:
        try:
            if is_repeatable(delivery.operation):
                return await self._change(delivery, plain=plain)
            return await self._messenger.send(
                delivery.telegram_chat_id,
                delivery.message,
                thread_id=delivery.thread_id,
                reply_to=delivery.target_message_id,
                plain=plain,
            )
        except MessengerError:
            raise
        except Exception as error:  # a bug must not leave the chat's line blocked for ever
            logger.error("sending failed", id=delivery.id, why=repr(error))
            return SendResult(SendStatus.UNCERTAIN, detail=type(error).__name__)

    async def _change(self, delivery: Delivery, *, plain: bool) -> SendResult:
        """Edits or deletes an earlier message; what Telegram keeps is edited where there is a text for it."""
        chat, message_id = delivery.telegram_chat_id, delivery.target_message_id
        if message_id is None:
            return SendResult(SendStatus.MISSING, detail="it was never sent")
        if delivery.operation is Operation.DELETE and not plain:
            result = await self._messenger.delete(chat, message_id)
            if result.status is not SendStatus.LASTING or not delivery.message.text:
                return result
        return await self._messenger.edit(chat, message_id, delivery.message, plain=plain)

    async def _record(self, settlement: Settlement) -> None:
        try:
            await self._settling.add(settlement)
        except StorageError:
            self._unsettled.append(settlement)
            raise

    async def _mark(self, ids: list[int]) -> set[int]:
        lease = self._lease
        if lease is None or not self.leads:
            return set()
        async with self._db.write() as tx:
            # Whoever takes the lease over settles the marks it finds; a later one would block its chat for good.
            if await leases.holds(tx, lease):
                return await deliveries.mark_sending(tx, ids, self._clock.now())
        if self._lease is lease:
            self._lease = None
        return set()

    async def _settle(self, settlements: list[Settlement]) -> None:
        async with self._db.write() as tx:
            await deliveries.settle(tx, settlements, self._clock.now())


def _seconds() -> float:
    """The event loop's clock, which never goes back."""
    return asyncio.get_running_loop().time()
