"""The feed that an address leads to: itself, what the page names, or what stands where feeds usually do."""

from contextlib import suppress
from dataclasses import dataclass

from bot.actions.fetching import ACCEPT, parsed
from bot.errors import FeedError, SourceError
from bot.model import Feed
from bot.ports import Fetcher, Request, Response, Workers
from bot.rules.discovery import named_sitemaps, usual_places
from bot.rules.urls import absolute

MAX_LEADS = 3  # from a page to an index of sitemaps to a sitemap
MAX_ROBOTS = 512 * 1024  # bytes (RFC 9309)


@dataclass(frozen=True, slots=True)
class Found:
    """A feed, the address that led to it, and the answer that it came with."""

    url: str
    response: Response
    feed: Feed


async def find_feed(fetcher: Fetcher, workers: Workers, url: str) -> Found:
    """The feed at or behind an address.

    Raises:
        SourceError: it could not be fetched, is no feed, or is a page that leads to none (`no_feed_found`).
        WorkerError: it could not be read.
    """
    start = url
    for _ in range(MAX_LEADS):
        response = await fetcher.fetch(Request(url, accept=ACCEPT))
        try:
            return Found(url, response, await parsed(workers, response))
        except FeedError as error:
            if "feed" not in error.facts:
                raise
            named = str(error.facts["feed"])
            if not named or named == url:
                break
            url = named
    return await _at_usual_places(fetcher, workers, start)


async def _at_usual_places(fetcher: Fetcher, workers: Workers, url: str) -> Found:
    sitemaps: list[str] = []
    with suppress(SourceError):
        robots = await fetcher.fetch(Request(absolute(url, "/robots.txt"), accept="text/plain", max_bytes=MAX_ROBOTS))
        sitemaps = list(named_sitemaps(robots.body.decode("utf-8", "replace")))[:1]
    for place in [*usual_places(url), *sitemaps]:
        with suppress(SourceError):
            response = await fetcher.fetch(Request(place, accept=ACCEPT))
            return Found(place, response, await parsed(workers, response))
    raise FeedError("no_feed_found")
