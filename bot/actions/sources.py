"""Sources: adding one by any address that leads to it, how each is, and what a fetch brings into the database."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from bot.actions.discovery import find_feed
from bot.actions.fetching import Reading, news_of, read_source, store_reading
from bot.errors import BadInput, NotFound
from bot.model import Source, SourceCount, SourceKind
from bot.ports import Fetcher, Workers
from bot.rules.urls import is_http_url
from bot.storage import sources
from bot.storage.database import Database

IGNORED_FOR = timedelta(days=7)
RECENT = timedelta(days=1)  # over which the list counts what a source brings


@dataclass(frozen=True, slots=True)
class AddedSource:
    """A source that was added, and how many articles it brought."""

    source: Source
    articles: int


async def add_source(db: Database, fetcher: Fetcher, workers: Workers, url: str, now: datetime) -> AddedSource:
    """Adds a feed by its address or by that of a page that leads to it; fetches it at once, and imports it silently.

    Raises:
        BadInput: `bad_url`, or `known_source` with its `url`.
        SourceError: it could not be fetched, is no feed, or is a page that leads to none (`no_feed_found`).
        WorkerError: it could not be read.
    """
    url = completed(url)
    await _require_unknown(db, url)
    found = await find_feed(fetcher, workers, url)
    if found.url != url:
        await _require_unknown(db, found.url)
    news, _ = await news_of(db, workers, found.feed, None, now)
    reading = Reading(found.response, sha256(found.response.body).hexdigest(), found.feed, tuple(news))
    url = found.response.permanent_url or found.url  # spares every later fetch the redirect
    async with db.write() as tx:
        source = await sources.add(tx, kind=SourceKind.FEED, url=url, now=now)
        if source is None:
            raise BadInput("known_source", url=url)
        reading = replace(reading, news=tuple(replace(article, source_id=source.id) for article in reading.news))
        added = await store_reading(tx, source, reading, now)
        return AddedSource(await sources.get(tx, source.id), added)


async def list_sources(db: Database, now: datetime) -> list[SourceCount]:
    """Every source by title, with how many of its articles are stored, and came in during the last day."""
    async with db.read() as tx:
        return await sources.list_counted(tx, now - RECENT)


async def pause(db: Database, source_id: int, now: datetime) -> None:
    """No fetch of this source until it is resumed. Raises NotFound."""
    async with db.write() as tx:
        await sources.pause(tx, source_id)


async def resume(db: Database, source_id: int, now: datetime) -> None:
    """Fetches this source again, from now on. Raises NotFound."""
    async with db.write() as tx:
        await sources.resume(tx, source_id, now)


async def test(db: Database, fetcher: Fetcher, workers: Workers, source_id: int, now: datetime) -> int:
    """Fetches this source now, whenever its time would come; returns how many articles are new.

    Raises:
        NotFound: there is no such source.
        SourceError, WorkerError: it can't be read.
    """
    async with db.read() as tx:
        source = await sources.get(tx, source_id)
    reading = await read_source(db, fetcher, workers, source, now)
    async with db.write() as tx:
        # Read again: it may have been removed meanwhile, or its title have become known.
        return await store_reading(tx, await sources.get(tx, source_id), reading, now)


async def ignore(db: Database, source_id: int, now: datetime) -> None:
    """Warns of nothing that ails this source for a week. Raises NotFound."""
    async with db.write() as tx:
        await sources.ignore(tx, source_id, now + IGNORED_FOR)


async def find(db: Database, name: str) -> Source:
    """The source of an id, an address, or a title (in any case). Raises NotFound `no_such_source`."""
    async with db.read() as tx:
        for its in await sources.all_of(tx):
            if name.strip().casefold() in (str(its.id), its.url.casefold(), its.title.casefold()):
                return its
    raise NotFound("no_such_source", name=name[:200])


async def remove(db: Database, source_id: int, now: datetime) -> None:
    """Forgets the source with its articles. Raises NotFound."""
    async with db.write() as tx:
        await sources.remove(tx, source_id)


def completed(url: str) -> str:
    """A web address as a person writes it, with its scheme. Raises BadInput `bad_url`."""
    url = url.strip()
    completed = url if "://" in url else f"https://{url}"
    if not is_http_url(completed):
        raise BadInput("bad_url", url=url[:200])
    return completed


async def _require_unknown(db: Database, url: str) -> None:
    async with db.read() as tx:
        if await sources.by_url(tx, url) is not None:
            raise BadInput("known_source", url=url)
