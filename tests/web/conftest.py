"""A served portal over a real database, and articles to fill it with."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.actions import tokens
from bot.model import Excerpt, Feed, NewArticle, Page, SourceKind
from bot.storage import articles, sources
from bot.storage.database import Database
from bot.web.deps import WebDeps
from bot.web.metrics import Metrics
from bot.web.server import build_app
from tests.conftest import NOON, FakeClock

Site = TestClient[web.Request, web.Application]
Serve = Callable[[WebDeps], Awaitable[Site]]


class IdleWorkers:
    """Workers that know every text as English and are asked nothing else."""

    async def detect_languages(self, texts: Any) -> list[str]:
        return ["en"] * len(texts)

    async def parse_feed(self, body: bytes, *, url: str, content_type: str) -> Feed:
        raise AssertionError("the web side parses no feeds")

    async def extract_page(self, html: bytes, *, url: str, latest: datetime) -> Page:
        raise AssertionError("the web side reads no pages")

    async def summarize(self, text: str, **_options: Any) -> tuple[Excerpt, ...]:
        raise AssertionError("the web side summarises nothing")

    async def find_zone(self, latitude: float, longitude: float) -> str:
        raise AssertionError("the web side looks for no place")


@pytest.fixture
def deps(db: Database, clock: FakeClock) -> WebDeps:
    """What the site is served with; the test runs on both databases."""
    return WebDeps(
        db=db,
        workers=IdleWorkers(),
        clock=clock,
        metrics=Metrics(clock, version="1.2.3"),
        public_url="https://news.example",
        version="1.2.3",
    )


@pytest.fixture
def sqlite_deps(sqlite_db: Database, clock: FakeClock) -> WebDeps:
    """The same on SQLite alone, for what no database decides."""
    return WebDeps(
        db=sqlite_db,
        workers=IdleWorkers(),
        clock=clock,
        metrics=Metrics(clock, version="1.2.3"),
        public_url="https://news.example",
        version="1.2.3",
    )


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves an application until the test ends."""
    clients: list[Site] = []

    async def start(deps: WebDeps) -> Site:
        client: Site = TestClient(TestServer(build_app(deps)))
        clients.append(client)
        await client.start_server()
        return client

    yield start
    for client in clients:
        await client.close()


@pytest.fixture
async def site(deps: WebDeps, serve: Serve) -> Site:
    """The site on both databases."""
    return await serve(deps)


@pytest.fixture
async def sqlite_site(sqlite_deps: WebDeps, serve: Serve) -> Site:
    """The site on SQLite alone."""
    return await serve(sqlite_deps)


async def bearer(db: Database) -> dict[str, str]:
    """The header of a fresh API token."""
    _, secret = await tokens.create(db, "wire", NOON)
    return {"Authorization": f"Bearer {secret}"}


async def add_source(db: Database, title: str = "Harbour Post", *, kind: SourceKind = SourceKind.FEED) -> int:
    """A source of that name; returns its id."""
    async with db.write() as tx:
        source = await sources.add(tx, kind=kind, url=f"https://feeds.example/{title}", now=NOON, title=title)
    assert source is not None
    return source.id


ARTICLE = NewArticle(
    url="https://post.example/ferry",
    url_key="post.example/ferry",
    title="Night ferry agreed",
    text="The council voted for a night ferry.\n\nIt starts in March.",
    source_id=0,
    received_at=NOON,
    published_at=datetime.fromisoformat("2024-10-22T09:30:00+00:00"),
    language="en",
)


async def add_article(db: Database, source_id: int, slug: str = "ferry", **fields: Any) -> int:
    """ARTICLE of this source with other fields; returns its id."""
    places: dict[str, Any] = {
        "url": f"https://post.example/{slug}",
        "url_key": f"post.example/{slug}",
        "source_id": source_id,
    }
    async with db.write() as tx:
        added = await articles.add_articles(tx, [replace(ARTICLE, **(places | fields))], NOON)
    return added[0]
