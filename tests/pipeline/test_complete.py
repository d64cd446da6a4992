"""Articles that their feed only teases get the text of their page, politely."""

from datetime import datetime, timedelta

from bot.errors import FetchError
from bot.model import Article, Page, SourceKind
from bot.pipeline.collect import collect
from bot.pipeline.complete import Completer
from bot.pipeline.group import Grouper
from bot.storage import articles, sources
from bot.storage.database import Database
from tests.conftest import NOON, FakeClock
from tests.news import Here, Pages, rss

FEED = "https://post.example/feed.xml"
PAGE = "https://post.example/b"
TEXT = "The ferries of Marrow Bay stop on Tuesday, because the crews asked for longer breaks. " * 6


class Reader(Here):
    """Every page has the same article."""

    async def extract_page(self, html: bytes, *, url: str, latest: datetime) -> Page:
        return Page("Ferries", TEXT, image_url="https://post.example/b.jpg")


async def an_article_that_is_short(db: Database, outside: Pages, clock: FakeClock) -> None:
    async with db.write() as tx:
        await sources.add(tx, kind=SourceKind.FEED, url=FEED, now=NOON, next_fetch_at=NOON)
    outside.has(FEED, rss())
    await collect(db, outside, Here(), clock)
    outside.has(FEED, rss(("/b", "Ferries sail")))
    async with db.write() as tx:
        await sources.make_due(tx, 1, NOON)
    await collect(db, outside, Here(), clock)


async def the_article(db: Database) -> Article:
    async with db.read() as tx:
        [article] = await articles.latest(tx, 9)
    return article


async def test_a_teaser_waits_for_its_page_and_is_told_with_its_text(db: Database, clock: FakeClock) -> None:
    outside = Pages()
    await an_article_that_is_short(db, outside, clock)
    grouper = Grouper()
    assert await grouper.run(db, clock.now()) == 0
    outside.has("https://post.example/robots.txt", "User-agent: *\nCrawl-delay: 3")
    outside.has(PAGE, "<html>")
    completer = Completer(db, outside, Reader(), clock)
    assert await completer.run() == 1
    assert await completer.run() == 0
    article = await the_article(db)
    assert (article.text, article.image_url, article.revision) == (TEXT, "https://post.example/b.jpg", 2)
    assert await grouper.run(db, clock.now()) == 1
    assert [(request.url, request.gap) for request in outside.asked[-2:]] == [
        ("https://post.example/robots.txt", 0.0),
        (PAGE, 3.0),
    ]


async def test_what_robots_txt_forbids_stays_as_the_feed_gave_it(db: Database, clock: FakeClock) -> None:
    outside = Pages()
    await an_article_that_is_short(db, outside, clock)
    outside.has("https://post.example/robots.txt", "User-agent: Briefwire\nDisallow: /")
    outside.has(PAGE, "<html>")
    assert await Completer(db, outside, Reader(), clock).run() == 1
    assert (await the_article(db)).text == "The ferries stop on Tuesday."
    assert PAGE not in [request.url for request in outside.asked]
    assert await Grouper().run(db, clock.now()) == 1


async def test_a_page_that_cannot_be_read_holds_nothing_up(db: Database, clock: FakeClock) -> None:
    outside = Pages()
    await an_article_that_is_short(db, outside, clock)
    outside.answers[PAGE] = FetchError("timeout", host="post.example", seconds=30)
    completer = Completer(db, outside, Reader(), clock)
    assert await completer.run() == 1
    assert (await the_article(db)).text == "The ferries stop on Tuesday."
    assert await Grouper().run(db, clock.now()) == 1


async def test_while_nobody_reads_pages_articles_wait_only_so_long(db: Database, clock: FakeClock) -> None:
    await an_article_that_is_short(db, Pages(), clock)
    assert await Grouper().run(db, clock.now() + timedelta(minutes=1)) == 0
    assert await Grouper().run(db, clock.now() + timedelta(minutes=3)) == 1


async def test_a_site_is_asked_for_its_rules_once_a_day(db: Database, clock: FakeClock) -> None:
    outside = Pages()
    await an_article_that_is_short(db, outside, clock)
    outside.has(PAGE, "<html>")
    completer = Completer(db, outside, Reader(), clock)
    await completer.run()
    outside.has(FEED, rss(("/c", "Boats wait"), ("/d", "Boats sail")))
    async with db.write() as tx:
        await sources.make_due(tx, 1, NOON)
    await collect(db, outside, Here(), clock)
    assert await completer.run() == 2
    robots = [request.url for request in outside.asked if request.url.endswith("/robots.txt")]
    assert len(robots) == 1
