"""Collecting: what is new is stored once, what is ill is told, and nobody waits for anybody."""

import asyncio
from datetime import timedelta

import pytest

from bot.actions.sources import add_source
from bot.errors import BriefwireError, FetchError, WorkerError
from bot.model import Feed, PollReason, Source, SourceKind
from bot.pipeline.collect import Collector, collect
from bot.ports import Request, Response
from bot.rules.polling import LEAST, Rhythm
from bot.storage import articles, sources
from bot.storage.database import Database
from tests.conftest import NOON, FakeClock
from tests.news import Here, Pages, rss

FEED = "https://post.example/feed.xml"


async def source_at(db: Database, url: str = FEED) -> Source:
    async with db.write() as tx:
        source = await sources.add(tx, kind=SourceKind.FEED, url=url, now=NOON, next_fetch_at=NOON)
    assert source is not None
    return source


async def again(db: Database, source: Source) -> Source:
    async with db.read() as tx:
        return await sources.get(tx, source.id)


async def titles(db: Database) -> dict[str, bool]:
    """Titles of the stored articles, and whether they are silent."""
    async with db.read() as tx:
        return {article.title: article.silent for article in await articles.latest(tx, 99)}


async def test_the_first_import_is_silent_and_what_follows_is_not(db: Database, clock: FakeClock) -> None:
    source, outside = await source_at(db), Pages()
    outside.has(FEED, rss(("/a", "Ferries stop")))
    assert await collect(db, outside, Here(), clock) == 1
    assert await collect(db, outside, Here(), clock) == 0
    outside.has(FEED, rss(("/b", "Ferries sail"), ("/a", "Ferries stop")))
    clock.move(hours=1)
    assert await collect(db, outside, Here(), clock) == 1
    assert await titles(db) == {"Ferries stop": True, "Ferries sail": False}
    stored = await again(db, source)
    assert (stored.title, stored.imported_at, stored.last_article_at) == ("Harbour Post", NOON, clock.now())


async def test_nothing_new_changes_nothing_but_the_next_fetch(db: Database, clock: FakeClock) -> None:
    class NoParser(Here):
        async def parse_feed(self, body: bytes, *, url: str, content_type: str) -> Feed:
            raise AssertionError("an unchanged body is not read")

    source, outside = await source_at(db), Pages()
    outside.has(FEED, rss(("/a", "Ferries stop")), etag='"1"', last_modified="yesterday")
    await collect(db, outside, Here(), clock)
    for answer in (
        outside.answers[FEED],
        Response(FEED, 304, not_modified=True),
        Response(FEED, 304, etag='"2"', last_modified="today", not_modified=True),
    ):
        outside.answers[FEED] = answer
        before = await again(db, source)
        clock.move(hours=7)
        assert await collect(db, outside, NoParser(), clock) == 1
        after = await again(db, source)
        assert after.last_success_at == clock.now()
        assert after.next_fetch_at is not None
        assert after.next_fetch_at > clock.now()
        assert (after.body_hash, after.last_article_at) == (before.body_hash, NOON)
    assert [(request.etag, request.last_modified) for request in outside.asked] == [
        ("", ""),
        ('"1"', "yesterday"),
        ('"1"', "yesterday"),
        ('"1"', "yesterday"),
    ]
    assert (after.etag, after.last_modified) == ('"2"', "today")
    assert await titles(db) == {"Ferries stop": True}


async def test_every_failure_is_reported_with_its_reason_and_stops_no_other(db: Database, clock: FakeClock) -> None:
    told: list[tuple[str, str]] = []

    async def report(source: Source, error: BriefwireError) -> None:
        told.append((source.url, error.key))

    ill, well, outside = await source_at(db), await source_at(db, "https://other.example/feed"), Pages()
    outside.answers[FEED] = FetchError("timeout", host="post.example", seconds=30)
    outside.has(well.url, rss(("https://other.example/a", "Boats wait")))
    assert await collect(db, outside, Here(), clock, report=report) == 2
    for wait, answer in ((1, outside.answers[FEED]), (2, FetchError("http_status", status=503, retry_after=86_400))):
        outside.answers[FEED] = answer
        clock.move(hours=wait)
        await collect(db, outside, Here(), clock, report=report)
    assert told == [(FEED, "timeout"), (FEED, "timeout"), (FEED, "http_status")]
    stored = await again(db, ill)
    assert (stored.failures, stored.error_key, stored.error_facts) == (3, "http_status", {"status": 503})
    assert stored.next_fetch_at is not None
    assert stored.next_fetch_at >= clock.now() + timedelta(days=1)
    assert await titles(db) == {"Boats wait": True}

    outside.has(FEED, rss(("/a", "Ferries stop")))
    clock.move(days=2)
    await collect(db, outside, Here(), clock, report=report)
    stored = await again(db, ill)
    assert (stored.failures, stored.error_key) == (0, "")
    assert len(told) == 3


@pytest.mark.parametrize("error", [WorkerError("worker_timeout", job="parse_feed", seconds=30), None])
async def test_a_feed_that_cannot_be_read_is_tried_again_later(
    db: Database, clock: FakeClock, error: WorkerError | None
) -> None:
    class Broken(Here):
        async def parse_feed(self, body: bytes, *, url: str, content_type: str) -> Feed:
            if error:
                raise error
            return await super().parse_feed(b"<html>", url=url, content_type=content_type)

    source, outside = await source_at(db), Pages()
    outside.has(FEED, rss(), etag='"1"')
    await collect(db, outside, Broken(), clock)
    stored = await again(db, source)
    assert stored.error_key == (error.key if error else "web_page")
    assert (stored.etag, stored.imported_at) == ("", None)
    clock.move(minutes=30)
    await collect(db, outside, Here(), clock)
    assert (await again(db, source)).error_key == ""


async def test_a_slow_source_keeps_nobody_waiting(sqlite_db: Database, clock: FakeClock) -> None:
    release = asyncio.Event()

    class Slow(Pages):
        async def fetch(self, request: Request) -> Response:
            if request.url == FEED:
                await release.wait()
            else:
                release.set()
            return await super().fetch(request)

    await source_at(sqlite_db)
    await source_at(sqlite_db, "https://other.example/feed")
    outside = Slow()
    outside.has(FEED, rss(("/a", "Ferries stop")))
    outside.has("https://other.example/feed", rss(("https://other.example/a", "Boats wait")))
    async with asyncio.timeout(10):
        assert await collect(sqlite_db, outside, Here(), clock) == 2
    assert set(await titles(sqlite_db)) == {"Ferries stop", "Boats wait"}


async def test_a_fault_of_our_own_is_raised_after_every_source_had_its_turn(
    sqlite_db: Database, clock: FakeClock
) -> None:
    await source_at(sqlite_db)
    await source_at(sqlite_db, "https://other.example/feed")
    outside = Pages()
    outside.answers[FEED] = ZeroDivisionError("a bug")
    outside.has("https://other.example/feed", rss(("https://other.example/a", "Boats wait")))
    with pytest.raises(ZeroDivisionError):
        await collect(sqlite_db, outside, Here(), clock)
    assert set(await titles(sqlite_db)) == {"Boats wait"}


async def test_a_source_that_is_removed_while_it_is_fetched_leaves_nothing(db: Database, clock: FakeClock) -> None:
    class Removing(Pages):
        async def fetch(self, request: Request) -> Response:
            async with db.write() as tx:
                await sources.remove(tx, source.id)
            return await super().fetch(request)

    source, outside = await source_at(db), Removing()
    outside.has(FEED, rss(("/a", "Ferries stop")))
    assert await collect(db, outside, Here(), clock) == 1
    assert await titles(db) == {}


async def test_two_collectors_fetch_each_source_once(db: Database, clock: FakeClock) -> None:
    outside = Pages()
    for number in range(12):
        url = f"https://post.example/{number}.xml"
        await source_at(db, url)
        outside.has(url, rss((f"/{number}", f"Title {number}")))
    done = await asyncio.gather(*(collect(db, outside, Here(), clock) for _ in range(3)))
    assert sum(done) == 12
    assert len({request.url for request in outside.asked}) == len(outside.asked) == 12
    assert len(await titles(db)) == 12


async def test_a_demonstration_collects_more_often(sqlite_db: Database, clock: FakeClock) -> None:
    outside = Pages()
    outside.has(FEED, rss(("/a", "Ferries stop")))
    source = (await add_source(sqlite_db, outside, Here(), FEED, NOON)).source
    outside.has(FEED, rss(("/b", "Ferries sail")))
    clock.move(hours=1)
    await collect(sqlite_db, outside, Here(), clock, rhythm=Rhythm(timedelta(seconds=5), timedelta(seconds=5)))
    next_fetch = (await again(sqlite_db, source)).next_fetch_at
    assert next_fetch is not None
    assert next_fetch - clock.now() < timedelta(seconds=6) < LEAST


async def test_a_feed_says_itself_how_often_it_is_fetched_and_that_is_remembered(
    db: Database, clock: FakeClock
) -> None:
    source, outside = await source_at(db), Pages()
    outside.has(FEED, rss(("/a", "Ferries stop")).replace("<link>", "<ttl>90</ttl><link>", 1), etag='"1"')
    await collect(db, outside, Here(), clock)
    for _ in range(2):
        stored = await again(db, source)
        assert stored.next_fetch_at is not None
        assert timedelta(minutes=90) <= stored.next_fetch_at - clock.now() < timedelta(minutes=100)
        assert (stored.fetch_reason, stored.hints.ttl) == (PollReason.TTL, 5_400)
        outside.answers[FEED] = Response(FEED, 304, not_modified=True)
        clock.move(minutes=100)
        assert await collect(db, outside, Here(), clock) == 1


async def test_a_source_that_moved_for_a_week_is_fetched_where_it_is(db: Database, clock: FakeClock) -> None:
    source, outside = await source_at(db), Pages()
    new = "https://post.example/new.xml"
    outside.has(FEED, rss(), permanent_url=new)
    outside.has(new, rss())
    await collect(db, outside, Here(), clock)
    suspected = await again(db, source)
    assert (suspected.url, suspected.moved_to, suspected.moved_since) == (FEED, new, NOON)
    clock.move(days=8)
    await collect(db, outside, Here(), clock)
    moved = await again(db, source)
    assert (moved.url, moved.moved_to, moved.moved_since) == (new, "", None)
    clock.move(days=1)
    await collect(db, outside, Here(), clock)
    assert outside.asked[-1].url == new


async def test_a_source_that_moved_to_another_source_stays(db: Database, clock: FakeClock) -> None:
    new = "https://other.example/new.xml"
    source, outside = await source_at(db), Pages()
    await source_at(db, new)
    outside.has(FEED, rss(), permanent_url=new)
    outside.has(new, rss())
    await collect(db, outside, Here(), clock)
    clock.move(days=8)
    await collect(db, outside, Here(), clock)
    assert (await again(db, source)).url == FEED


async def test_a_host_that_asks_for_rest_is_left_alone_by_all_its_sources(db: Database, clock: FakeClock) -> None:
    ill, twin, outside = await source_at(db), await source_at(db, "https://post.example/2.xml"), Pages()
    outside.has(twin.url, rss())
    await collect(db, outside, Here(), clock)
    outside.answers[FEED] = FetchError("http_status", status=429, retry_after=50_000)
    outside.answers[twin.url] = FetchError("http_status", status=429, retry_after=50_000)
    clock.move(hours=4)
    await collect(db, outside, Here(), clock)
    for source in (ill, twin):
        stored = await again(db, source)
        assert stored.next_fetch_at is not None
        assert stored.next_fetch_at >= clock.now() + timedelta(seconds=50_000)
        assert stored.fetch_reason == PollReason.RETRY_AFTER
    assert (await again(db, ill)).failing_since == NOON


async def test_what_is_in_flight_at_the_end_is_left_to_whoever_comes_next(db: Database, clock: FakeClock) -> None:
    asked = asyncio.Event()

    class Hanging(Pages):
        async def fetch(self, request: Request) -> Response:
            asked.set()
            await asyncio.Event().wait()
            raise AssertionError

    await source_at(db)
    collector = Collector(db, Hanging(), Here(), clock)
    running = asyncio.create_task(collector.run())
    await asked.wait()
    collector.stop()
    await collector.close()
    assert await running in (0, 1)
    assert await collector.run() == 0
    outside = Pages()
    outside.has(FEED, rss(("/a", "Ferries stop")))
    assert await collect(db, outside, Here(), clock) == 1
