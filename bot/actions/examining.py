"""What happens when a source is fetched, step by step: for whoever wonders why nothing comes, or what a feed is like.

Nothing is stored. A page that names a feed leads on to that feed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.actions.discovery import find_feed
from bot.actions.fetching import ACCEPT, first_known, parsed, plan
from bot.actions.health import reason_of, usual_pace
from bot.actions.sources import completed
from bot.errors import BriefwireError, FeedError, FetchError, SourceError, WorkerError
from bot.model import Feed, NextFetch, Source
from bot.ports import Fetcher, Hop, Request, Response, Workers
from bot.rules.feed_hints import feed_format
from bot.rules.rendering import shorten
from bot.rules.urls import url_key
from bot.storage import articles, sources
from bot.storage.database import Database
from bot.texts import Catalogue
from bot.texts.errors import describe

NEWEST_SHOWN = 3
TITLE_UNITS = 90
KIBIBYTE = 1024


@dataclass(frozen=True, slots=True)
class Examination:
    """What a fetch of `url` met. `error` ends it where it stands; what was not reached is None or empty.

    Attributes:
        known: the source at this address, where it is one already.
        stored: how many of the feed's entries are stored.
        then: when it would be fetched next, and why.
        leads_to: the feed that the page at `url` names.
    """

    url: str
    known: Source | None = None
    hops: tuple[Hop, ...] = ()
    response: Response | None = None
    feed: Feed | None = None
    stored: int = 0
    source: Source | None = None
    then: NextFetch | None = None
    error: BriefwireError | None = None
    leads_to: "Examination | None" = None


async def examine(
    db: Database, fetcher: Fetcher, workers: Workers, url: str, now: datetime, *, follow: bool = True
) -> Examination:
    """Fetches an address as a source would be, without validators. Raises BadInput `bad_url`.

    `follow`: whether a page that names a feed leads to it.
    """
    url = completed(url)
    async with db.read() as tx:
        found = Examination(url, known=await sources.by_url(tx, url))
    try:
        response = await fetcher.fetch(Request(url, accept=ACCEPT))
    except FetchError as error:
        return replace(found, hops=error.hops, error=error)
    found = replace(found, hops=response.hops, response=response)
    try:
        feed = await parsed(workers, response)
    except (SourceError, WorkerError) as error:
        if not follow or not isinstance(error, FeedError) or "feed" not in error.facts:
            return replace(found, error=error)
        try:
            named = str(error.facts["feed"]) or (await find_feed(fetcher, workers, url)).url
        except (SourceError, WorkerError) as nothing:
            return replace(found, error=nothing)
        return replace(found, leads_to=await examine(db, fetcher, workers, named, now, follow=False))
    source = found.known or first_known(response, feed, now)
    async with db.read() as tx:
        stored = await articles.known(tx, [url_key(entry.link) for entry in feed.entries if entry.link])
    return replace(found, feed=feed, stored=len(stored), source=source, then=plan(source, response, now))


def explain(found: Examination, words: Catalogue, now: datetime) -> list[str]:
    """The examination as sentences, in the order in which things happened. `now` is local."""
    lines = list(_way(found, words))
    if found.leads_to is not None:
        lines.append(words("A web page, which leads to this feed: {url}", url=found.leads_to.url))
        return [*lines, *explain(found.leads_to, words, now)]
    if found.response is not None:
        lines += _answer(found.response, words)
    if found.error is not None:
        return [*lines, words("Failed: {reason}", reason=describe(found.error, words))]
    if found.feed is not None and found.response is not None:
        lines += _content(found, found.feed, found.response, words, now)
    return lines


def _way(found: Examination, words: Catalogue) -> Iterator[str]:
    if found.known is not None:
        yield words("This is the source {title}.", title=found.known.title or found.known.url)
    for place, hop in enumerate(found.hops):
        facts = {"url": hop.url, "status": hop.status}
        asked = (
            words("Asked {url} at {address}: status {status}", address=hop.address, **facts)
            if hop.address
            else words("Asked {url}: status {status}", **facts)
        )
        is_last = place == len(found.hops) - 1
        yield asked if is_last else words("{asked}, redirected", asked=asked)


def _answer(response: Response, words: Catalogue) -> Iterator[str]:
    yield words(
        "Got {size} KB as {type}",
        size=f"{max(round(len(response.body) / KIBIBYTE), 1):,}",
        type=response.content_type or words("no type"),
    )
    given = [name for name, value in (("ETag", response.etag), ("Last-Modified", response.last_modified)) if value]
    if given:
        yield words("Asked again, it can answer “nothing new” in a few bytes ({headers})", headers=", ".join(given))
    else:
        yield words("It gives no ETag and no Last-Modified: the whole body comes every time")


def _content(found: Examination, feed: Feed, response: Response, words: Catalogue, now: datetime) -> Iterator[str]:
    yield words(
        "It is {format}: “{title}”, {entries}",
        format=feed_format(response.body) or words("a feed"),
        title=feed.title or words("without a title"),
        entries=words.count("{n} entry", "{n} entries", len(feed.entries)),
    )
    yield from _entries(found, feed, words, now)
    if found.source is not None and (pace := usual_pace(found.source, words)):
        yield words("Rhythm: {pace}", pace=pace)
    if feed.hints.hub:
        yield words("It is pushed by the hub {hub}", hub=feed.hints.hub)
    if found.then is not None:
        when = words.moment(found.then.at.astimezone(now.tzinfo), now=now)
        why = reason_of(found.then.reason, words, feed.hints)
        yield words("It would be fetched next at {when}: {why}", when=when, why=why)


def _entries(found: Examination, feed: Feed, words: Catalogue, now: datetime) -> Iterator[str]:
    entries = feed.entries
    if not entries:
        return
    linked = [entry for entry in entries if entry.link]
    own_ids = len({entry.id for entry in entries if entry.id})
    yield words(
        "Identity: {ids} have an id of their own, {links} a link; {stored} are stored already",
        ids=own_ids,
        links=len(linked),
        stored=found.stored,
    )
    dated = [entry for entry in entries if entry.published]
    yield words(
        "Of {all} entries {dated} have a date, {text} a text",
        all=len(entries),
        dated=len(dated),
        text=sum(bool(entry.text) for entry in entries),
    )
    newest = sorted(dated, key=lambda entry: entry.published or now, reverse=True) or list(entries)
    for entry in newest[:NEWEST_SHOWN]:
        title = shorten(entry.title or entry.text, TITLE_UNITS)
        if entry.published is None:
            yield f"  {title}"
        elif entry.published_is_day:
            yield f"  {words.day(entry.published.date(), today=now.date())} · {title}"
        else:
            yield f"  {words.moment(entry.published.astimezone(now.tzinfo), now=now)} · {title}"
