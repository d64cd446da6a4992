"""Sources: adding one by any address that leads to it, how each is, and what a fetch brings into the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from bot.errors import BadInput, BriefwireError, FeedError, SourceError
from bot.model import Feed, FeedEntry, NewArticle, Source, SourceCount, SourceKind
from bot.ports import Fetcher, Request, Response, Workers
from bot.rules.polling import NORMAL, Rhythm, next_fetch_at
from bot.rules.rendering import shorten
from bot.rules.urls import display_host, is_http_url, url_key
from bot.storage import articles, sources
from bot.storage.database import Database, Tx

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
RECENT = timedelta(days=1)  # over which the list counts what a source brings
MAX_TAGS = 20
MAX_TEXT = 100_000  # characters of one article; longer ones are cut
TITLE_UNITS = 120  # of a title made from the first words of an entry that has none


@dataclass(frozen=True, slots=True)
class AddedSource:
    """A source that was added, and how many articles it brought."""

    source: Source
    articles: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What a fetch brought: `feed` is None, and `news` empty, where the body is the one we know."""

    response: Response
    body_hash: str
    feed: Feed | None = None
    news: tuple[NewArticle, ...] = ()


async def add_source(db: Database, fetcher: Fetcher, workers: Workers, url: str, now: datetime) -> AddedSource:
    """Adds a feed by its address or by that of a page that names it; fetches it at once, and imports it silently.

    Raises:
        BadInput: `bad_url`, or `known_source` with its `url`.
        SourceError: it could not be fetched, is no feed, or is a page that names none (`no_feed_found`).
        WorkerError: it could not be read.
    """
    url = _completed(url)
    await _require_unknown(db, url)
    try:
        reading = await _first_reading(db, fetcher, workers, url, now)
    except FeedError as error:
        if error.key != "web_page":
            raise
        url = str(error.facts.get("feed") or "")
        if not url:
            raise FeedError("no_feed_found") from error
        await _require_unknown(db, url)
        reading = await _first_reading(db, fetcher, workers, url, now)
    url = reading.response.permanent_url or url  # spares every later fetch the redirect
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


async def remove(db: Database, source_id: int, now: datetime) -> None:
    """Forgets the source with its articles. Raises NotFound."""
    async with db.write() as tx:
        await sources.remove(tx, source_id)


def ailment(source: Source) -> BriefwireError:
    """What ails a source whose last fetch failed, as the error that it was."""
    return SourceError(source.error_key, **source.error_facts)


async def read_source(db: Database, fetcher: Fetcher, workers: Workers, source: Source, now: datetime) -> Reading:
    """Fetches a source and reads what is new in it; stores nothing. Raises SourceError or WorkerError."""
    response = await fetcher.fetch(
        Request(source.url, etag=source.etag, last_modified=source.last_modified, accept=ACCEPT)
    )
    body_hash = source.body_hash if response.not_modified else sha256(response.body).hexdigest()
    if body_hash == source.body_hash:
        return Reading(response, body_hash)
    feed = await workers.parse_feed(response.body, url=response.url, content_type=response.content_type)
    silent = source.imported_at is None
    news = await _news(db, workers, feed, source_id=source.id, silent=silent, now=now)
    return Reading(response, body_hash, feed, tuple(news))


async def store_reading(tx: Tx, source: Source, reading: Reading, now: datetime, *, rhythm: Rhythm = NORMAL) -> int:
    """Stores what a fetch brought together with the source's validators and its next fetch; returns how many are new.

    `rhythm` bounds the wait until the next fetch.
    """
    response, feed = reading.response, reading.feed
    added = len(await articles.add_articles(tx, reading.news, now))
    await sources.record_success(
        tx,
        source.id,
        now=now,
        next_fetch_at=next_fetch_at(
            now,
            last_article_at=now if added else source.last_article_at,
            max_age=response.max_age,
            jitter=spread(source.id),
            rhythm=rhythm,
        ),
        # A 304 need not repeat the validators that it confirms.
        etag=response.etag or (source.etag if response.not_modified else ""),
        last_modified=response.last_modified or (source.last_modified if response.not_modified else ""),
        body_hash=reading.body_hash,
        title=(feed.title or display_host(feed.site_url or source.url)) if feed else "",
        site_url=feed.site_url if feed else "",
        new_articles=added,
    )
    return added


def spread(source_id: int) -> float:
    """A number in 0..1 that lies evenly between those of other sources: multiples of the golden ratio."""
    return source_id * 0.6180339887498949 % 1


def _completed(url: str) -> str:
    url = url.strip()
    completed = url if "://" in url else f"https://{url}"
    if not is_http_url(completed):
        raise BadInput("bad_url", url=url[:200])
    return completed


async def _require_unknown(db: Database, url: str) -> None:
    async with db.read() as tx:
        if await sources.by_url(tx, url) is not None:
            raise BadInput("known_source", url=url)


async def _first_reading(db: Database, fetcher: Fetcher, workers: Workers, url: str, now: datetime) -> Reading:
    response = await fetcher.fetch(Request(url, accept=ACCEPT))
    feed = await workers.parse_feed(response.body, url=response.url, content_type=response.content_type)
    news = await _news(db, workers, feed, source_id=0, silent=True, now=now)
    return Reading(response, sha256(response.body).hexdigest(), feed, tuple(news))


async def _news(
    db: Database, workers: Workers, feed: Feed, *, source_id: int, silent: bool, now: datetime
) -> list[NewArticle]:
    usable = [entry for entry in feed.entries if entry.link and (entry.title or entry.text)]
    entries = {url_key(entry.link): entry for entry in reversed(usable)}  # oldest first: ids follow the news
    async with db.read() as tx:
        known = await articles.known(tx, list(entries))
    fresh = {key: entry for key, entry in entries.items() if key not in known}
    languages = await detect_languages(
        workers, [(_title(entry), entry.text) for entry in fresh.values()], feed.language
    )
    return [
        NewArticle(
            url=entry.link,
            url_key=key,
            title=_title(entry),
            text=entry.text[:MAX_TEXT],
            source_id=source_id,
            received_at=now,
            authors=entry.authors,
            tags=entry.categories[:MAX_TAGS],
            published_at=entry.published,
            published_is_day=entry.published_is_day,
            language=language,
            image_url=entry.image_url,
            silent=silent,
        )
        for (key, entry), language in zip(fresh.items(), languages, strict=True)
    ]


async def detect_languages(workers: Workers, texts: Sequence[tuple[str, str]], stated: str = "") -> list[str]:
    """The ISO 639-1 codes of articles by title and text; where they are too short to tell, what was stated."""
    codes = await workers.detect_languages([f"{title}\n{text}" for title, text in texts]) if texts else []
    return [code or stated.lower()[:2] for code in codes]


def _title(entry: FeedEntry) -> str:
    return entry.title or shorten(entry.text, TITLE_UNITS)
