"""Many sources at once: lists of feeds (OPML) in and out, with what became of each."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.actions.fetching import record_failure
from bot.actions.sources import add_source
from bot.errors import BadInput, BriefwireError, FetchError, SourceError, WorkerError
from bot.model import SourceKind
from bot.ports import Clock, Fetcher, Request, Workers
from bot.rules.opml import Outline, read_opml, write_opml
from bot.rules.polling import next_fetch
from bot.storage import sources
from bot.storage.database import Database

AT_ONCE = 8
MAX_FILE = 5 * 1024 * 1024  # bytes of a list
ACCEPT = "text/x-opml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
PASSING = ("unreachable", "timeout", "connection_lost", "tls_failed")  # what may be over tomorrow
PASSING_STATUSES = range(500, 600)
TOO_MANY = 429


class AddStatus(StrEnum):
    """What became of one feed of a list."""

    ADDED = "added"
    KNOWN = "known"  # it was a source before
    KEPT = "kept"  # it can't be read now; it is a source and tried again by itself
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class AddResult:
    """What became of one feed of a list, and why it was not simply added."""

    outline: Outline
    status: AddStatus
    title: str = ""
    articles: int = 0
    error: BriefwireError | None = None


OnResult = Callable[[AddResult], None]


async def fetch_list(fetcher: Fetcher, url: str) -> list[Outline]:
    """The feeds of a list on the web. Raises FetchError or BadInput."""
    response = await fetcher.fetch(Request(url, accept=ACCEPT, max_bytes=MAX_FILE))
    return read_opml(response.body)


async def add_many(
    db: Database,
    fetcher: Fetcher,
    workers: Workers,
    outlines: Sequence[Outline],
    clock: Clock,
    *,
    on_result: OnResult | None = None,
) -> list[AddResult]:
    """Adds feeds, several at a time, and returns what became of each, in their order.

    One that can't be read for a reason that passes is added all the same. `on_result` is told of each as it is done.
    """
    at_once = asyncio.Semaphore(AT_ONCE)

    async def add(outline: Outline) -> AddResult:
        async with at_once:
            result = await _add(db, fetcher, workers, outline, clock.now())
        if on_result is not None:
            on_result(result)
        return result

    return list(await asyncio.gather(*map(add, outlines)))


async def _add(db: Database, fetcher: Fetcher, workers: Workers, outline: Outline, now: datetime) -> AddResult:
    try:
        added = await add_source(db, fetcher, workers, outline.url, now)
    except BadInput as error:
        is_known = error.key == "known_source"
        return AddResult(outline, AddStatus.KNOWN if is_known else AddStatus.REFUSED, outline.title, error=error)
    except (SourceError, WorkerError) as error:
        if _passes(error) and await _keep(db, outline, now, error):
            return AddResult(outline, AddStatus.KEPT, outline.title, error=error)
        return AddResult(outline, AddStatus.REFUSED, outline.title, error=error)
    return AddResult(outline, AddStatus.ADDED, added.source.title or outline.title, added.articles)


def _passes(error: BriefwireError) -> bool:
    if isinstance(error, FetchError) and error.key == "http_status":
        return error.status in PASSING_STATUSES or error.status == TOO_MANY
    return error.key in PASSING


async def _keep(db: Database, outline: Outline, now: datetime, error: BriefwireError) -> bool:
    planned = next_fetch(now, failures=1)
    async with db.write() as tx:
        source = await sources.add(tx, kind=SourceKind.FEED, url=outline.url, title=outline.title, now=now)
        if source is None:
            return False
        await record_failure(tx, source.id, error, planned, now)
    return True


async def export_list(db: Database, now: datetime) -> bytes:
    """Every feed as OPML, as other readers take it. Raises BadInput `no_feeds` where there is none."""
    async with db.read() as tx:
        feeds = await sources.feeds(tx)
    if not feeds:
        raise BadInput("no_feeds")
    return write_opml(
        (Outline(feed.url, feed.title, feed.site_url) for feed in feeds), title="Briefwire sources", now=now
    )
