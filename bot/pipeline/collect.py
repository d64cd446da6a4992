"""collect: every source whose time has come is fetched, and what is new in it stored, in one write per source.

Many are in flight at once, few of one host, and a slow one keeps no other waiting: as soon as some are done, they are
recorded and the next ones claimed. What brought nothing, which is most, is recorded together.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot import log
from bot.actions.fetching import read_source, store_failure, store_reading, unchanged
from bot.errors import BriefwireError, SourceError, WorkerError
from bot.model import Source
from bot.ports import Clock, Fetcher, Workers
from bot.rules.polling import NORMAL, Rhythm
from bot.storage import polling, sources
from bot.storage.database import Database
from bot.storage.polling import Unchanged

AT_ONCE = 32  # sources in flight; bounds the memory too, because no body is larger than the fetcher's cap
PER_HOST = 2  # of them at one host
LEASE = timedelta(minutes=10)  # longer than any fetch with all its waits takes
PATIENCE = 2.0  # seconds to wait for one of those in flight, before it is looked again what is due
TOGETHER = 0.03  # seconds for which a fetch that is done waits for others to be recorded with

logger = log.get(__name__)
Report = Callable[[Source, BriefwireError], Awaitable[None]]
Failure = SourceError | WorkerError
Outcome = tuple[Source, datetime, Unchanged | Failure | None]  # None: what it brought is stored


class Collector:
    """Fetches sources when they are due.

    Args:
        rhythm: the bounds of the wait between two fetches of a source.
        report: told of every failure, with the source as it was before.
    """

    def __init__(
        self,
        db: Database,
        fetcher: Fetcher,
        workers: Workers,
        clock: Clock,
        *,
        rhythm: Rhythm = NORMAL,
        report: Report | None = None,
    ) -> None:
        self._db, self._fetcher, self._workers, self._clock = db, fetcher, workers, clock
        self._rhythm = rhythm
        self._report = report
        self._in_flight: dict[asyncio.Task[Outcome], Source] = {}
        self._stopping = False

    async def run(self) -> int:
        """Starts what is due, and returns how many fetches came to an end. Safe to repeat and to kill.

        A source that fails is recorded with its error and tried again later; it never stops the others.
        """
        await self._claim()
        if not self._in_flight:
            return 0
        done, rest = await asyncio.wait(self._in_flight, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        if done and rest:
            more, _ = await asyncio.wait(rest, timeout=TOGETHER)
            done |= more
        await self._settle(done)
        return len(done)

    async def drain(self) -> int:
        """Runs until nothing is due and nothing in flight; returns how many fetches came to an end."""
        total, fault = 0, None
        while True:
            try:
                ended = await self.run()
            except Exception as error:  # what is no source's fault is raised after every other source had its turn
                fault = fault or error
                continue
            total += ended
            if not ended and not self._in_flight:
                break
        if fault is not None:
            raise fault
        return total

    def stop(self) -> None:
        """Starts no more."""
        self._stopping = True

    async def close(self) -> None:
        """Gives up what is in flight, for whoever comes next."""
        self._stopping = True
        given_up = [source.id for source in self._in_flight.values()]
        for task in self._in_flight:
            task.cancel()
        await asyncio.gather(*self._in_flight, return_exceptions=True)
        self._in_flight.clear()
        if given_up:
            async with self._db.write() as tx:
                await polling.release(tx, given_up)

    async def _claim(self) -> None:
        free = AT_ONCE - len(self._in_flight)
        if self._stopping or free < (AT_ONCE // 4 if self._in_flight else 1):
            return
        at_hosts = Counter(source.host for source in self._in_flight.values())
        async with self._db.write() as tx:
            due = await polling.claim_due(
                tx, self._clock.now(), free, LEASE, per_host=PER_HOST, busy_hosts=list(at_hosts)
            )
        for source in due:
            self._in_flight[asyncio.create_task(self._visit(source))] = source

    async def _visit(self, source: Source) -> Outcome:
        try:
            reading = await read_source(self._db, self._fetcher, self._workers, source, self._clock.now())
        except (SourceError, WorkerError) as error:
            return source, self._clock.now(), error
        now = self._clock.now()
        nothing = unchanged(source, reading, now, rhythm=self._rhythm)
        if nothing is not None:
            return source, now, nothing
        async with self._db.write() as tx:
            if not await sources.exists(tx, source.id):
                return source, now, None  # somebody removed it meanwhile
            added = await store_reading(tx, source, reading, now, rhythm=self._rhythm)
        logger.info("collected", source=source.url, new=added)
        return source, now, None

    async def _settle(self, done: set[asyncio.Task[Outcome]]) -> None:
        """Records what came to an end; a fault of our own is raised after every other source had its turn."""
        for task in done:
            self._in_flight.pop(task, None)
        ended = [task for task in done if not task.cancelled()]
        faults = [fault for task in ended if (fault := task.exception()) is not None]
        outcomes = [task.result() for task in ended if task.exception() is None]
        nothing = [what for _, _, what in outcomes if isinstance(what, Unchanged)]
        failed = [(source, now, what) for source, now, what in outcomes if isinstance(what, BriefwireError)]
        if nothing or failed:
            async with self._db.write() as tx:
                await polling.record_unchanged(tx, nothing)
                for source, now, error in failed:
                    await store_failure(tx, source, error, now)
        for source, _, error in failed:
            logger.warning("source failed", source=source.url, error=str(error), failures=source.failures + 1)
            if self._report is not None:
                await self._report(source, error)
        for fault in faults:
            raise fault


async def collect(
    db: Database,
    fetcher: Fetcher,
    workers: Workers,
    clock: Clock,
    *,
    rhythm: Rhythm = NORMAL,
    report: Report | None = None,
) -> int:
    """Fetches every source that is due, and returns how many that were."""
    collector = Collector(db, fetcher, workers, clock, rhythm=rhythm, report=report)
    try:
        return await collector.drain()
    finally:
        await collector.close()
