"""Many sources at once, and what became of each."""

import pytest

from bot.actions.source_lists import AddResult, AddStatus, add_many, export_list, fetch_list
from bot.actions.sources import add_source, list_sources
from bot.errors import BadInput, FetchError
from bot.rules.opml import Outline, read_opml
from bot.storage.database import Database
from tests.conftest import NOON, FakeClock
from tests.news import Here, Pages, rss

LIST = "https://post.example/feeds.opml"


async def test_each_feed_of_a_list_is_added_known_kept_or_refused(db: Database, clock: FakeClock) -> None:
    outside = Pages()
    urls = [f"https://post.example/{name}" for name in ("new", "known", "slow", "busy", "gone", "page")]
    outside.has(urls[0], rss(("/a", "Ferries stop")))
    outside.has(urls[1], rss())
    outside.answers[urls[2]] = FetchError("timeout", host="post.example", seconds=30)
    outside.answers[urls[3]] = FetchError("http_status", status=503, host="post.example")
    outside.has(urls[5], "<html>")
    await add_source(db, outside, Here(), urls[1], NOON)
    told: list[AddResult] = []
    outlines = [Outline(url, title="Named") for url in urls] + [Outline("javascript:alert(1)")]
    results = await add_many(db, outside, Here(), outlines, clock, on_result=told.append)
    assert [result.outline for result in results] == outlines
    assert [result.status for result in results] == [
        AddStatus.ADDED,
        AddStatus.KNOWN,
        AddStatus.KEPT,
        AddStatus.KEPT,
        AddStatus.REFUSED,
        AddStatus.REFUSED,
        AddStatus.REFUSED,
    ]
    assert [result.error.key if result.error else "" for result in results] == [
        *("", "known_source", "timeout", "http_status", "http_status", "no_feed_found", "bad_url")
    ]
    assert (results[0].title, results[0].articles, len(told)) == ("Harbour Post", 1, 7)
    kept = {its.source.url: its.source for its in await list_sources(db, NOON)}
    assert sorted(kept) == sorted(urls[:4])
    assert (kept[urls[2]].title, kept[urls[2]].error_key, kept[urls[2]].failures) == ("Named", "timeout", 1)
    again = await add_many(db, outside, Here(), outlines[2:3], clock)
    assert [result.status for result in again] == [AddStatus.KNOWN]


async def test_what_is_exported_is_imported_again(db: Database, clock: FakeClock) -> None:
    with pytest.raises(BadInput, match="no_feeds"):
        await export_list(db, NOON)
    outside = Pages()
    outside.has("https://post.example/feed", rss())
    await add_source(db, outside, Here(), "https://post.example/feed", NOON)
    body = await export_list(db, NOON)
    assert read_opml(body) == [Outline("https://post.example/feed", "Harbour Post", "https://post.example/")]
    outside.has(LIST, body.decode())
    assert await fetch_list(outside, LIST) == read_opml(body)
