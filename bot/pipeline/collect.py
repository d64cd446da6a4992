"""collect: every source whose time has come is fetched, and what is new in it stored, in one write per source."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot import log
from bot.actions.sources import read_source, spread, store_reading
from bot.errors import BriefwireError, FetchError, SourceError, WorkerError
from bot.model import Source
from bot.ports import Clock, Fetcher, Workers
from bot.rules.polling import NORMAL, Rhythm, next_fetch_at
from bot.storage import sources
from bot.storage.database import Database

BATCH = 40  # sources claimed at a time
AT_ONCE = 16  # of them in flight
LEASE = timedelta(minutes=10)  # longer than a batch takes when every source runs into its timeouts

logger = log.get(__name__)
Report = Callable[[Source, BriefwireError], Awaitable[None]]


async def collect(
    db: Database,
    fetcher: Fetcher,
    workers: Workers,
    clock: Clock,
    *,
    rhythm: Rhythm = NORMAL,
    report: Report | None = None,
) -> int:
    """Fetches the sources that are due, and returns how many that were. Safe to repeat and to kill.

    A source that fails is recorded with its error and tried again later; it never stops the others.

    Args:
        rhythm: the bounds of the wait between two fetches of a source.
        report: told when a source falls ill, or differently ill.
    """
    now = clock.now()
    async with db.write() as tx:
        due = await sources.claim_due(tx, now, BATCH, LEASE)
    at_once = asyncio.Semaphore(AT_ONCE)

    async def visit(source: Source) -> None:
        async with at_once:
            await _visit(db, fetcher, workers, clock, source, rhythm, report)

    outcomes = await asyncio.gather(*map(visit, due), return_exceptions=True)
    # What is no source's fault is raised, after every other source had its turn.
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return len(due)


async def _visit(
    db: Database,
    fetcher: Fetcher,
    workers: Workers,
    clock: Clock,
    source: Source,
    rhythm: Rhythm,
    report: Report | None,
) -> None:
    try:
        reading = await read_source(db, fetcher, workers, source, clock.now())
    except (SourceError, WorkerError) as error:
        await _record_failure(db, clock, source, error)
        if report is not None and error.key != source.error_key:
            await report(source, error)
        return
    async with db.write() as tx:
        if not await sources.exists(tx, source.id):
            return  # somebody removed it meanwhile
        added = await store_reading(tx, source, reading, clock.now(), rhythm=rhythm)
    logger.info("collected", source=source.url, new=added, changed=reading.feed is not None)


async def _record_failure(db: Database, clock: Clock, source: Source, error: SourceError | WorkerError) -> None:
    now = clock.now()
    wait_until = next_fetch_at(
        now,
        last_article_at=source.last_article_at,
        failures=source.failures + 1,
        retry_after=error.retry_after if isinstance(error, FetchError) else None,
        jitter=spread(source.id),
    )
    async with db.write() as tx:
        await sources.record_failure(
            tx, source.id, now=now, next_fetch_at=wait_until, error_key=error.key, error_facts=error.facts
        )
    logger.warning("source failed", source=source.url, error=str(error), failures=source.failures + 1)
