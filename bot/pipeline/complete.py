"""complete: articles whose feed gave only a teaser get the text of their page, as politely as a reader would fetch it.

What robots.txt forbids stays as the feed gave it; a crawl delay is kept; pages of one host come one after the other.
"""

import asyncio
from datetime import datetime, timedelta

from bot import log
from bot.errors import FetchError, SourceError, WorkerError
from bot.model import Article, Page
from bot.ports import Clock, Fetcher, Request, Workers
from bot.rules.completing import adds_text
from bot.rules.robots import Robots, read_robots, without_robots
from bot.rules.urls import absolute, display_host
from bot.storage import articles
from bot.storage.database import Database

BATCH = 12  # articles at a time
LEASE = timedelta(minutes=10)  # of a batch
ROBOTS_KEPT = timedelta(hours=24)  # RFC 9309 allows no longer
MAX_HOSTS = 5_000  # whose robots.txt are remembered
MAX_ROBOTS = 512 * 1024  # bytes
MAX_PAGE = 5 * 1024 * 1024
PAGE_TYPES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"

logger = log.get(__name__)


class Completer:
    """Reads the pages of articles that are short of text. `run` is the step."""

    def __init__(self, db: Database, fetcher: Fetcher, workers: Workers, clock: Clock) -> None:
        self._db, self._fetcher, self._workers, self._clock = db, fetcher, workers, clock
        self._robots: dict[str, tuple[datetime, Robots]] = {}

    async def run(self) -> int:
        """Completes one batch, newest first, and returns how many articles it was. Safe to repeat and to kill."""
        now = self._clock.now()
        async with self._db.write() as tx:
            short = await articles.claim_short(tx, now, BATCH, LEASE)
        await asyncio.gather(*map(self._complete, short))
        return len(short)

    async def _complete(self, article: Article) -> None:
        page = None
        try:
            page = await self._page(article.url)
        except (SourceError, WorkerError) as error:
            logger.info("page not read", url=article.url, reason=str(error))
        text = page.text if page is not None and adds_text(article.text, page.text) else ""
        async with self._db.write() as tx:
            await articles.complete(tx, article.id, text, image_url=page.image_url if page else "")

    async def _page(self, url: str) -> Page | None:
        robots = await self._rules_of(url)
        if not robots.allows(url):
            return None
        response = await self._fetcher.fetch(Request(url, accept=PAGE_TYPES, max_bytes=MAX_PAGE, gap=robots.delay))
        return await self._workers.extract_page(response.body, url=response.url, latest=self._clock.now())

    async def _rules_of(self, url: str) -> Robots:
        host, now = display_host(url), self._clock.now()
        known = self._robots.get(host)
        if known is not None and now - known[0] < ROBOTS_KEPT:
            return known[1]
        try:
            answer = await self._fetcher.fetch(
                Request(absolute(url, "/robots.txt"), accept="text/plain", max_bytes=MAX_ROBOTS)
            )
            robots = read_robots(answer.body)
        except FetchError as error:
            robots = without_robots(error.status)
        if len(self._robots) >= MAX_HOSTS:
            self._robots.clear()
        self._robots[host] = (now, robots)
        return robots
