"""What a fetch meets, step by step."""

import pytest

from bot.actions.examining import Examination, examine, explain
from bot.actions.sources import add_source
from bot.errors import BadInput, FetchError
from bot.ports import Hop, Response
from bot.storage.database import Database
from bot.texts import words
from tests.conftest import NOON
from tests.news import Here, Pages, rss

FEED = "https://post.example/feed.xml"
EN = words("en")


async def steps(db: Database, outside: Pages, url: str = FEED, language: str = "en") -> list[str]:
    found: Examination = await examine(db, outside, Here(), url, NOON)
    return explain(found, words(language), NOON)


async def test_a_feed_is_explained_from_its_address_to_its_next_fetch(sqlite_db: Database) -> None:
    outside = Pages()
    body = rss(("/a", "Ferries stop"), ("/b", "Boats wait")).replace("<link>", "<ttl>90</ttl><link>", 1)
    outside.answers[FEED] = Response(
        FEED,
        200,
        body.encode(),
        content_type="application/rss+xml",
        etag='"1"',
        headers={"link": '<https://hub.example/>; rel="hub"'},
        hops=(Hop("http://post.example/feed.xml", 301, "93.184.215.14"), Hop(FEED, 200)),
    )
    await add_source(sqlite_db, outside, Here(), FEED, NOON)
    assert await steps(sqlite_db, outside) == [
        "This is the source Harbour Post.",
        "Asked http://post.example/feed.xml at 93.184.215.14: status 301, redirected",
        "Asked https://post.example/feed.xml: status 200",
        "Got 1 KB as application/rss+xml",
        "Asked again, it can answer “nothing new” in a few bytes (ETag)",
        "It is RSS 2.0: “Harbour Post”, 2 entries",
        "Identity: 0 have an id of their own, 2 a link; 2 are stored already",
        "Of 2 entries 2 have a date, 2 a text",
        "  10:00 · Ferries stop",
        "  10:00 · Boats wait",
        "Rhythm: usually 24 articles a day",
        "It is pushed by the hub https://hub.example/",
        f"It would be fetched next at {await _next(sqlite_db, outside)}: the feed asks for 90 min (ttl)",
    ]


async def _next(db: Database, outside: Pages) -> str:
    planned = (await examine(db, outside, Here(), FEED, NOON)).then
    assert planned is not None
    return EN.moment(planned.at, now=NOON)


async def test_a_page_leads_to_the_feed_that_it_names(sqlite_db: Database) -> None:
    outside = Pages()
    outside.has("https://post.example", "<html><link rel=alternate type=application/rss+xml href=/feed.xml></html>")
    outside.has(FEED, rss())
    said = await steps(sqlite_db, outside, "post.example")
    assert said[0] == f"A web page, which leads to this feed: {FEED}"
    assert "It is RSS 2.0: “Harbour Post”, 0 entries" in said
    assert await steps(sqlite_db, outside, "post.example", "zh") != said


@pytest.mark.parametrize(
    ("answer", "last"),
    [
        (FetchError("timeout", host="post.example", seconds=30.0), "Failed: post.example did not answer"),
        (Response(FEED, 200, b"<html>"), "Failed: This is a web page that names no feed"),
    ],
)
async def test_what_fails_is_explained_up_to_there(
    sqlite_db: Database, answer: Response | FetchError, last: str
) -> None:
    outside = Pages()
    outside.answers[FEED] = answer
    if isinstance(answer, FetchError):
        answer.hops = (Hop(FEED, 302, "93.184.215.14"), Hop("https://other.example/", 0))
    said = await steps(sqlite_db, outside)
    assert said[-1].startswith(last)
    with pytest.raises(BadInput, match="bad_url"):
        await steps(sqlite_db, outside, "no address")


async def test_entries_without_dates_and_links_are_told_as_they_are(sqlite_db: Database) -> None:
    outside = Pages()
    outside.has(
        FEED,
        "<rss version='2.0'><channel><item><guid>1</guid><title>One</title></item>"
        "<item><title>Two</title><pubDate>2024-10-21</pubDate></item></channel></rss>",
    )
    said = await steps(sqlite_db, outside)
    assert "It gives no ETag and no Last-Modified: the whole body comes every time" in said
    assert "It is RSS 2.0: “without a title”, 2 entries" in said
    assert "Identity: 1 have an id of their own, 0 a link; 0 are stored already" in said
    assert "  21 Oct · Two" in said
    outside.has(FEED, "<rss><channel><item><title>One</title></item></channel></rss>")
    assert "  One" in await steps(sqlite_db, outside)
