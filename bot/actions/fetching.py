"""What a fetch of a source brings, and what it leaves: articles, validators, the next fetch and why."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from bot.errors import BriefwireError, FetchError, SourceError, WorkerError
from bot.model import Edit, Feed, FeedEntry, FeedHints, NewArticle, NextFetch, Source, SourceKind, SourceState
from bot.ports import Fetcher, Request, Response, Workers
from bot.rules.completing import page_time
from bot.rules.feed_hints import with_header
from bot.rules.headers import freshness
from bot.rules.identity import find, is_edit, is_flood, is_late, keys_of, plausible, without_shared_guids
from bot.rules.polling import NORMAL, Address, Rhythm, address_after, first_pace, next_fetch, pace_after
from bot.rules.rendering import shorten
from bot.rules.urls import display_host
from bot.storage import articles, hubs, polling
from bot.storage.database import Database, Tx
from bot.storage.polling import Unchanged

ACCEPT = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
MAX_TAGS = 20
MAX_TEXT = 100_000  # characters of one article; longer ones are cut
TITLE_UNITS = 120  # of a title made from the first words of an entry that has none
HOST_WIDE = (429, 503)  # statuses whose Retry-After is meant for whoever asks this host


@dataclass(frozen=True, slots=True)
class Reading:
    """What a fetch brought: `feed` is None, and `news` empty, where the body is the one we know."""

    response: Response
    body_hash: str
    feed: Feed | None = None
    news: tuple[NewArticle, ...] = ()
    edits: tuple[Edit, ...] = ()


async def read_source(db: Database, fetcher: Fetcher, workers: Workers, source: Source, now: datetime) -> Reading:
    """Fetches a source and reads what is new in it; stores nothing. Raises SourceError or WorkerError."""
    response = await fetcher.fetch(
        Request(source.url, etag=source.etag, last_modified=source.last_modified, accept=ACCEPT)
    )
    body_hash = source.body_hash if response.not_modified else sha256(response.body).hexdigest()
    if body_hash == source.body_hash:
        return Reading(response, body_hash)
    feed = await parsed(workers, response)
    news, edits = await news_of(db, workers, feed, source, now)
    return Reading(response, body_hash, feed, tuple(news), tuple(edits))


async def parsed(workers: Workers, response: Response) -> Feed:
    """The feed of an answer, with what the answer itself says of it. Raises FeedError or WorkerError."""
    feed = await workers.parse_feed(response.body, url=response.url, content_type=response.content_type)
    link = response.headers.get("link", "")
    return replace(feed, hints=with_header(feed.hints, link, url=response.url)) if link else feed


async def store_reading(tx: Tx, source: Source, reading: Reading, now: datetime, *, rhythm: Rhythm = NORMAL) -> int:
    """Stores what a fetch brought together with the source's validators and its next fetch; returns how many are new.

    `rhythm` bounds the wait until the next fetch.
    """
    response, feed = reading.response, reading.feed
    added = len(await articles.add_articles(tx, reading.news, now))
    await articles.edit(tx, reading.edits, now)
    known = replace(
        source,
        hints=feed.hints if feed else source.hints,
        pace=_pace(source, feed, added, now),
        last_article_at=now if added else source.last_article_at,
    )
    planned = plan(known, response, now, rhythm=rhythm)
    etag, last_modified = _validators(source, response)
    await polling.record_success(
        tx,
        source.id,
        now=now,
        next_fetch_at=planned.at,
        fetch_reason=planned.reason,
        etag=etag,
        last_modified=last_modified,
        body_hash=reading.body_hash,
        title=(feed.title or display_host(feed.site_url or source.url)) if feed else "",
        site_url=feed.site_url if feed else "",
        new_articles=added,
        hints=known.hints,
        pace=known.pace,
        address=_address(source, response, now),
    )
    if feed and feed.hints.hub:
        await _note_hub(tx, source, feed.hints, now)
    return added


async def _note_hub(tx: Tx, source: Source, hints: FeedHints, now: datetime) -> None:
    """The feed names a hub, which is to be asked; nothing changes where it named it before."""
    await hubs.add(
        tx,
        source_id=source.id,
        key=secrets.token_urlsafe(16),
        secret=secrets.token_urlsafe(32),
        hub=hints.hub,
        topic=hints.topic or source.url,
        ask_at=now,
    )


def first_known(response: Response, feed: Feed, now: datetime) -> Source:
    """What would be known of a source after its first fetch, without storing it."""
    return Source(
        id=0,
        kind=SourceKind.FEED,
        url=response.permanent_url or response.url,
        title=feed.title,
        site_url=feed.site_url,
        state=SourceState.ACTIVE,
        etag="",
        last_modified="",
        body_hash="",
        imported_at=now,
        next_fetch_at=None,
        last_fetch_at=now,
        last_success_at=now,
        last_article_at=now if feed.entries else None,
        failures=0,
        error_key="",
        error_facts={},
        created_at=now,
        hints=feed.hints,
        pace=first_pace((entry.published for entry in feed.entries if entry.published), now),
    )


def unchanged(source: Source, reading: Reading, now: datetime, *, rhythm: Rhythm = NORMAL) -> Unchanged | None:
    """What is to be recorded of a fetch that brought nothing at all; None where there is more to it."""
    response = reading.response
    if reading.feed is not None or source.imported_at is None or _address(source, response, now).url != source.url:
        return None
    if _address(source, response, now).moved_to:
        return None
    return Unchanged(source.id, now, plan(source, response, now, rhythm=rhythm), *_validators(source, response))


def plan(source: Source, response: Response, now: datetime, *, rhythm: Rhythm = NORMAL) -> NextFetch:
    """When a source that was just read is fetched next, and why."""
    return next_fetch(
        now,
        last_article_at=source.last_article_at,
        pace=source.pace,
        hints=source.hints,
        fresh=freshness(response.headers),
        is_pushed=source.pushed_until is not None and source.pushed_until > now,
        jitter=spread(source.id),
        rhythm=rhythm,
    )


async def store_failure(tx: Tx, source: Source, error: SourceError | WorkerError, now: datetime) -> NextFetch:
    """Records why a source could not be read, and when it is tried again; a host that wants rest gets it."""
    asked = error.retry_after if isinstance(error, FetchError) else None
    planned = next_fetch(
        now,
        failures=source.failures + 1,
        hints=source.hints,
        retry_after=asked,
        jitter=spread(source.id),
    )
    await record_failure(tx, source.id, error, planned, now)
    if asked and isinstance(error, FetchError) and error.status in HOST_WIDE:
        await polling.rest_host(tx, source.host, planned.at, planned.reason)
    return planned


async def record_failure(tx: Tx, source_id: int, error: BriefwireError, planned: NextFetch, now: datetime) -> None:
    """Records that a fetch failed, and the next one as it is planned."""
    await polling.record_failure(
        tx,
        source_id,
        now=now,
        next_fetch_at=planned.at,
        fetch_reason=planned.reason,
        error_key=error.key,
        error_facts=error.facts,
    )


def spread(source_id: int) -> float:
    """A number in 0..1 that lies evenly between those of other sources: multiples of the golden ratio."""
    return source_id * 0.6180339887498949 % 1


def _validators(source: Source, response: Response) -> tuple[str, str]:
    """ETag and Last-Modified for the next fetch. A 304 need not repeat those that it confirms."""
    confirmed = (source.etag, source.last_modified) if response.not_modified else ("", "")
    return response.etag or confirmed[0], response.last_modified or confirmed[1]


def _pace(source: Source, feed: Feed | None, added: int, now: datetime) -> float | None:
    if feed is None:
        return source.pace
    if source.imported_at is None:
        return first_pace((entry.published for entry in feed.entries if entry.published), now)
    if not added:
        return source.pace
    return pace_after(source.pace, new=added, since=now - (source.last_article_at or source.imported_at))


def _address(source: Source, response: Response, now: datetime) -> Address:
    return address_after(Address(source.url, source.moved_to, source.moved_since), response.permanent_url, now)


async def news_of(
    db: Database, workers: Workers, feed: Feed, source: Source | None, now: datetime
) -> tuple[list[NewArticle], list[Edit]]:
    """The articles of a feed that are not stored yet, oldest first, and what it says anew of those that are.

    Args:
        source: whose feed it is; None where it is not stored yet.

    Raises:
        WorkerError.
    """
    source_id = source.id if source else 0
    # Oldest first, so that ids follow the news.
    entries = [entry for entry in reversed(feed.entries) if entry.link and (entry.title or entry.text)]
    guids = without_shared_guids([entry.id for entry in entries])
    keys = [
        keys_of(source_id, entry.link, guid, _title(entry), entry.text[:MAX_TEXT])
        for entry, guid in zip(entries, guids, strict=True)
    ]
    async with db.read() as tx:
        known = await articles.find_known(tx, keys)
    found = [find(one, known) for one in keys]
    fresh = {one.url: place for place, one in enumerate(keys) if found[place] is None}
    edits = {
        match.id: Edit(match.id, _title(entry), entry.text[:MAX_TEXT])
        for entry, one, match in zip(entries, keys, found, strict=True)
        if match is not None and match.id is not None and is_edit(one, match, source_id)
    }
    dates = {place: plausible(entries[place].published, now) for place in fresh.values()}
    is_first = source is None or source.imported_at is None
    since = source.last_success_at if source else None
    silent = is_first or is_flood(list(dates.values()), known=len(entries) - len(fresh), since=since)
    texts = [(_title(entries[place]), entries[place].text) for place in fresh.values()]
    languages = await detect_languages(workers, texts, feed.language)
    new = [
        _new(entries[place], key, guids[place], source_id, dates[place], language, now, silent=silent)
        for (key, place), language in zip(fresh.items(), languages, strict=True)
    ]
    return new, list(edits.values())


def _new(
    entry: FeedEntry,
    key: str,
    guid: str,
    source_id: int,
    published: datetime | None,
    language: str,
    now: datetime,
    *,
    silent: bool,
) -> NewArticle:
    return NewArticle(
        url=entry.link,
        url_key=key,
        title=_title(entry),
        text=entry.text[:MAX_TEXT],
        source_id=source_id,
        received_at=now,
        authors=entry.authors,
        tags=entry.categories[:MAX_TAGS],
        published_at=published,
        published_is_day=entry.published_is_day and published is not None,
        language=language,
        image_url=entry.image_url,
        silent=silent or is_late(published, now),
        guid=guid,
        page_at=page_time(entry.text, published, now, silent=silent),
    )


async def detect_languages(workers: Workers, texts: Sequence[tuple[str, str]], stated: str = "") -> list[str]:
    """The ISO 639-1 codes of articles by title and text; where they are too short to tell, what was stated."""
    codes = await workers.detect_languages([f"{title}\n{text}" for title, text in texts]) if texts else []
    return [code or stated.lower()[:2] for code in codes]


def _title(entry: FeedEntry) -> str:
    return entry.title or shorten(entry.text, TITLE_UNITS)
