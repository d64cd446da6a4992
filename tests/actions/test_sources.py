"""Adding sources by whatever address a person has, and looking after them."""

from datetime import timedelta

import pytest

from bot.actions.health import ailment
from bot.actions.sources import add_source, list_sources, pause, remove, resume
from bot.errors import BadInput, FeedError, FetchError, NotFound
from bot.model import SourceState
from bot.storage import articles, polling, sources
from bot.storage.database import Database
from tests.conftest import NOON
from tests.news import Here, Pages, rss

FEED = "https://post.example/feed.xml"
HOUR = {"cache-control": "max-age=3600"}


async def test_a_feed_is_added_with_its_articles_silently(db: Database) -> None:
    outside = Pages()
    outside.has(FEED, rss(("/a", "Ferries stop"), ("/b", "Boats wait")), etag='"1"', headers=HOUR)
    added = await add_source(db, outside, Here(), f" {FEED} ", NOON)
    assert (added.articles, added.source.title, added.source.site_url) == (2, "Harbour Post", "https://post.example/")
    assert (added.source.etag, added.source.imported_at) == ('"1"', NOON)
    assert added.source.next_fetch_at is not None
    assert added.source.next_fetch_at >= NOON + timedelta(hours=1)
    async with db.read() as tx:
        found = await articles.latest(tx, 9)
    assert [(one.title, one.url, one.silent, one.language) for one in found] == [
        ("Ferries stop", "https://post.example/a", True, "en"),
        ("Boats wait", "https://post.example/b", True, "en"),
    ]
    assert found[0].text == "The ferries stop on Tuesday."
    assert found[0].published_at == NOON - timedelta(hours=2)


async def test_the_address_of_a_page_leads_to_its_feed(db: Database) -> None:
    outside = Pages()
    outside.has("https://post.example", "<html><link rel=alternate type=application/rss+xml href=/feed.xml></html>")
    outside.has(FEED, rss(("/a", "Ferries stop")))
    added = await add_source(db, outside, Here(), "post.example", NOON)
    assert (added.source.url, added.articles) == (FEED, 1)
    with pytest.raises(BadInput, match="known_source"):
        await add_source(db, outside, Here(), "post.example", NOON)


async def test_a_feed_that_moved_for_good_is_stored_where_it_is(sqlite_db: Database) -> None:
    outside = Pages()
    outside.has("http://post.example/old", rss(("/a", "Ferries stop")), permanent_url=FEED)
    assert (await add_source(sqlite_db, outside, Here(), "http://post.example/old", NOON)).source.url == FEED
    with pytest.raises(BadInput, match="known_source"):
        await add_source(sqlite_db, outside, Here(), "http://post.example/old", NOON)


async def test_a_page_without_a_feed_is_refused(db: Database) -> None:
    outside = Pages()
    outside.has(FEED, "<html><title>Post</title></html>")
    with pytest.raises(FeedError, match="no_feed_found"):
        await add_source(db, outside, Here(), FEED, NOON)
    async with db.read() as tx:
        assert await sources.by_url(tx, FEED) is None


@pytest.mark.parametrize(("body", "key"), [("words", "not_a_feed"), ("", "empty_feed")])
async def test_what_is_no_feed_is_refused_by_name(sqlite_db: Database, body: str, key: str) -> None:
    outside = Pages()
    outside.has(FEED, body)
    with pytest.raises(FeedError, match=key):
        await add_source(sqlite_db, outside, Here(), FEED, NOON)


async def test_what_cannot_be_fetched_is_refused_by_name(sqlite_db: Database) -> None:
    with pytest.raises(FetchError, match="http_status"):
        await add_source(sqlite_db, Pages(), Here(), FEED, NOON)
    with pytest.raises(BadInput, match="bad_url"):
        await add_source(sqlite_db, Pages(), Here(), "no address", NOON)


async def test_a_source_is_added_once(db: Database) -> None:
    outside = Pages()
    outside.has(FEED, rss())
    await add_source(db, outside, Here(), FEED, NOON)
    with pytest.raises(BadInput, match="known_source"):
        await add_source(db, outside, Here(), FEED, NOON)
    assert len(outside.asked) == 1


async def test_two_who_add_the_same_source_at_once_make_one(db: Database) -> None:
    class Racing(Here):
        async def detect_languages(self, texts: object) -> list[str]:
            outside = Pages()
            outside.has(FEED, rss())
            await add_source(db, outside, Here(), FEED, NOON)
            return ["en"]

    outside = Pages()
    outside.has(FEED, rss(("/a", "Ferries stop")))
    with pytest.raises(BadInput, match="known_source"):
        await add_source(db, outside, Racing(), FEED, NOON)


async def test_a_feed_without_a_title_is_called_by_its_host(sqlite_db: Database) -> None:
    outside = Pages()
    outside.has(FEED, rss(title=""))
    assert (await add_source(sqlite_db, outside, Here(), FEED, NOON)).source.title == "post.example"


async def test_entries_without_title_get_their_first_words_and_those_without_link_are_passed_over(
    sqlite_db: Database,
) -> None:
    outside = Pages()
    long = "The ferries stop on Tuesday because the crews asked for longer breaks between the crossings. " * 2
    outside.has(FEED, rss(("/a", ""), ("", "No link"), ("/a?utm_source=x", "Twin"), text=long))
    added = await add_source(sqlite_db, outside, Here(), FEED, NOON)
    async with sqlite_db.read() as tx:
        [article] = await articles.latest(tx, 9)
    assert added.articles == 1
    assert article.title.startswith("The ferries stop on Tuesday because")
    assert article.title.endswith("…")


async def test_a_source_is_paused_resumed_and_removed(db: Database) -> None:
    outside = Pages()
    outside.has(FEED, rss(("/a", "Ferries stop")))
    source = (await add_source(db, outside, Here(), FEED, NOON)).source
    later = NOON + timedelta(days=2)
    await pause(db, source.id, NOON)
    [paused] = await list_sources(db, NOON)
    assert (paused.source.state, paused.articles, paused.recent) == (SourceState.PAUSED, 1, 1)
    await resume(db, source.id, later)
    [resumed] = await list_sources(db, later)
    assert (resumed.source.next_fetch_at, resumed.recent) == (later, 0)
    await remove(db, source.id, later)
    assert await list_sources(db, later) == []
    with pytest.raises(NotFound):
        await remove(db, source.id, later)


async def test_what_ails_a_source_is_the_error_that_it_had(sqlite_db: Database) -> None:
    outside = Pages()
    outside.has(FEED, rss())
    source = (await add_source(sqlite_db, outside, Here(), FEED, NOON)).source
    async with sqlite_db.write() as tx:
        await polling.record_failure(
            tx, source.id, now=NOON, next_fetch_at=NOON, error_key="timeout", error_facts={"status": 0, "host": "e.com"}
        )
        source = await sources.get(tx, source.id)
    assert (ailment(source).key, ailment(source).facts) == ("timeout", {"status": 0, "host": "e.com"})


async def test_a_page_that_names_no_feed_leads_to_it_where_feeds_usually_are(sqlite_db: Database) -> None:
    outside = Pages()
    outside.has("https://post.example/", "<html><title>Post</title></html>")
    outside.has("https://post.example/atom.xml", rss(("/a", "Ferries stop")))
    added = await add_source(sqlite_db, outside, Here(), "https://post.example/", NOON)
    assert added.source.url == "https://post.example/atom.xml"
    with pytest.raises(BadInput, match="known_source"):
        await add_source(sqlite_db, outside, Here(), "https://post.example/", NOON)


async def test_a_site_without_feed_is_read_by_its_news_sitemap(sqlite_db: Database) -> None:
    outside = Pages()
    outside.has("https://post.example/", "<html><title>Post</title></html>")
    outside.has("https://post.example/robots.txt", "Sitemap: https://post.example/maps/news.xml")
    outside.has(
        "https://post.example/maps/news.xml",
        "<sitemapindex><sitemap><loc>/maps/news-1.xml</loc></sitemap></sitemapindex>",
    )
    outside.has(
        "https://post.example/maps/news-1.xml",
        "<urlset xmlns:n='n'><url><loc>/a</loc><n:news><n:title>Ferries stop</n:title></n:news></url></urlset>",
    )
    added = await add_source(sqlite_db, outside, Here(), "https://post.example/maps/news.xml", NOON)
    assert (added.source.url, added.articles) == ("https://post.example/maps/news-1.xml", 1)
