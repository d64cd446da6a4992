"""Articles that are pushed: one by one, by file, by page."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.actions.articles import PushedArticle, PushResult, add_articles, article_from_url, articles_from_file
from bot.errors import BadInput, FetchError, PageError
from bot.model import Article, Page, SourceKind
from bot.ports import Response
from bot.storage import articles, sources
from bot.storage.database import Database
from tests.conftest import NOON
from tests.news import Here, Pages

DAY = datetime(2024, 10, 22, tzinfo=UTC)
PORTAL = """首页
您的位置:首页 - 最新资讯
Coast guard doubles its patrols off the northern islands: Observers
2024-10-22 00:00:00.0     海港日报-亚洲     原网页  https://post.example/patrols

       HARBOUR CITY - The coast guard sends twice as many   boats north.

       “We keep the lanes open,” said its commander.


标签:综合
关键词: Seoul     troops     North Korea
滚动新闻
Something else entirely
"""


def pushed(slug: str = "ferry", **fields: Any) -> PushedArticle:
    item = {"url": f"https://post.example/{slug}", "title": "Ferries stop", "text": "The ferries stop on Tuesday."}
    return PushedArticle.model_validate(item | fields)


async def push(db: Database, *items: PushedArticle) -> list[PushResult]:
    return await add_articles(db, Here(), items, NOON)


async def stored(db: Database, result: PushResult) -> Article:
    async with db.read() as tx:
        return await articles.get(tx, result.id or 0)


async def test_a_pushed_article_is_stored_whole_and_not_silently(db: Database) -> None:
    [result] = await push(
        db,
        pushed(
            title=" Ferries\n stop ",
            source="海港日报",
            section="亚洲",
            published="2024-10-22 00:00:00.0",
            authors=["Ann Example"],
            tag="综合",
            tags="港口",
            keywords=["Seoul", "", "North Korea", "Seoul"],
            image_url="https://post.example/f.jpg",
        ),
    )
    article = await stored(db, result)
    assert (result.status, article.title, article.source_label) == ("added", "Ferries stop", "海港日报-亚洲")
    assert (article.published_at, article.published_is_day) == (DAY, True)
    assert (article.tags, article.keywords) == (("综合", "港口"), ("Seoul", "North Korea"))
    assert (article.authors, article.language, article.silent) == (("Ann Example",), "en", False)
    assert article.image_url == "https://post.example/f.jpg"
    async with db.read() as tx:
        assert (await sources.get(tx, article.source_id)).kind is SourceKind.PUSH


async def test_each_is_answered_and_one_that_is_there_changes_nothing(db: Database) -> None:
    first, twin, other = await push(db, pushed("a"), pushed("a?utm_source=x", title="Twin"), pushed("b"))
    assert [first.status, twin.status, other.status] == ["added", "duplicate", "added"]
    assert (twin.id, twin.url) == (first.id, "https://post.example/a?utm_source=x")
    [again] = await push(db, pushed("a", title="Changed"))
    assert (again.status, again.id) == ("duplicate", first.id)
    assert (await stored(db, again)).title == "Ferries stop"
    assert await push(db) == []


async def test_what_was_forgotten_comes_back_only_when_a_person_asks_for_its_page(db: Database) -> None:
    await push(db, pushed())
    async with db.write() as tx:
        await articles.forget_before(tx, NOON + timedelta(days=1), NOON)
    [again] = await push(db, pushed())
    assert (again.status, again.id) == ("duplicate", None)
    outside = Pages()
    outside.has("https://post.example/ferry", PAGE.replace("/sea/ferry", "/ferry"))
    article = await article_from_url(db, outside, Here(), "https://post.example/ferry", NOON)
    assert article.url == "https://post.example/ferry"


async def test_what_is_not_said_is_left_open(sqlite_db: Database) -> None:
    [result] = await push(sqlite_db, pushed(text="", source=None, language="EN-gb", published=None))
    article = await stored(sqlite_db, result)
    assert (article.source_title, article.text, article.language) == ("post.example", "", "en")
    assert (article.published_at, article.published_is_day) == (None, False)


@pytest.mark.parametrize(
    ("field", "value"),
    [("url", "ftp://post.example"), ("title", " "), ("published", "soon"), ("image_url", "x"), ("tags", 7)],
)
def test_a_wrong_field_is_named(field: str, value: Any) -> None:
    with pytest.raises(ValidationError) as caught:
        pushed(**{field: value})
    assert caught.value.errors()[0]["loc"][0] == field


def test_a_portals_text_is_an_article() -> None:
    [article] = articles_from_file(PORTAL)
    assert article.title == "Coast guard doubles its patrols off the northern islands: Observers"
    assert (article.source, article.section, article.published) == ("海港日报", "亚洲", "2024-10-22 00:00:00.0")
    assert article.url == "https://post.example/patrols"
    assert article.text.split("\n\n") == [
        "HARBOUR CITY - The coast guard sends twice as many boats north.",
        "“We keep the lanes open,” said its commander.",
    ]
    assert (article.tags, article.keywords) == (("综合",), ("Seoul", "troops", "North Korea"))


def test_the_original_of_a_text_stands_on_a_line_of_its_own_or_is_given() -> None:
    bare = PORTAL.replace("  https://post.example/patrols", "")
    assert articles_from_file(f"{bare}原网页: https://post.example/1")[0].url == "https://post.example/1"
    assert articles_from_file(f"{bare}https://post.example/2")[0].url == "https://post.example/2"
    assert articles_from_file(bare, url="https://post.example/3")[0].url == "https://post.example/3"
    with pytest.raises(BadInput) as caught:
        articles_from_file(bare)
    assert caught.value.facts["place"] == "text, url"
    assert str(caught.value.facts["reason"]).startswith("the address of the original is missing")


def test_a_text_without_a_line_for_its_day_begins_with_its_title() -> None:
    [article] = articles_from_file("Ferries stop\nhttps://post.example/a\n\nThe ferries stop.\nAuthors: Ann; Bo")
    assert (article.title, article.text, article.authors) == ("Ferries stop", "The ferries stop.", ("Ann", "Bo"))
    assert (article.source, article.published) == ("", "")


@pytest.mark.parametrize("address", ["https://post.example/a", "URL: https://post.example/a"])
@pytest.mark.parametrize("byline", ["", "2024-10-22     Post\n"])
def test_the_address_may_stand_before_the_title_or_after_it(address: str, byline: str) -> None:
    for head in (f"{address}\nFerries stop\n", f"{address}\n\nFerries stop\n\n", f"Ferries stop\n{address}\n"):
        [article] = articles_from_file(f"{head}{byline}The ferries stop.")
        assert (article.url, article.title, article.text) == (
            "https://post.example/a",
            "Ferries stop",
            "The ferries stop.",
        )


ITEM = {"url": "https://post.example/a", "title": "Ferries stop"}


@pytest.mark.parametrize(
    ("text", "count"),
    [
        (json.dumps(ITEM), 1),
        ("\ufeff" + json.dumps([ITEM, ITEM], indent=1), 2),
        (f"{json.dumps(ITEM)}\n\n{json.dumps(ITEM)}\r\n{json.dumps(ITEM)}\n", 3),
    ],
)
def test_json_is_one_article_or_many(text: str, count: int) -> None:
    assert [article.title for article in articles_from_file(text)] == ["Ferries stop"] * count


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (" ", "file"),
        ('{"url": ', "file"),
        ("[" * 100_000, "file"),
        ("[7]", "article 1"),
        (json.dumps([ITEM, {"url": "x", "title": "T"}]), "article 2, url"),
        ('{"title": "T"}', "article, url"),
        (f'{json.dumps(ITEM)}\n{{"url": }}\n{{}}', "line 2"),
        (f'{json.dumps(ITEM)}\n{{"url": "x"}}', "line 2, url"),
        ("2024-10-22     Post     https://post.example/a", "text, title"),
        ("https://post.example/a", "text, title"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place(text: str, place: str) -> None:
    with pytest.raises(BadInput) as caught:
        articles_from_file(text)
    assert (caught.value.key, caught.value.facts["place"]) == ("bad_article", place)


PAGE = f"""<html lang=en><head><title>Ferries stop</title><link rel=canonical href="https://post.example/sea/ferry">
<meta property="og:site_name" content="Harbour Post"><meta name="author" content="Ann Example">
<meta property="article:published_time" content="2024-10-22T08:30:00Z"></head>
<body><article><h1>Ferries stop</h1>
<p>{"The ferries stop on Tuesday, said the harbour master. " * 4}</p></article></body>
</html>"""


async def test_a_page_becomes_an_article_once(db: Database) -> None:
    outside = Pages()
    outside.has("https://post.example/x?id=1", PAGE)
    article = await article_from_url(db, outside, Here(), " https://post.example/x?id=1 ", NOON)
    assert (article.title, article.source_title) == ("Ferries stop", "Harbour Post")
    assert (article.url, article.authors) == ("https://post.example/sea/ferry", ("Ann Example",))
    assert (article.published_at, article.published_is_day) == (DAY + timedelta(hours=8, minutes=30), False)
    assert (article.language, article.silent) == ("en", False)
    assert (await article_from_url(db, outside, Here(), "https://post.example/x?id=1", NOON)).id == article.id


@pytest.mark.parametrize("canonical", ["", "https://post.example/", "https://other.example/sea/ferry"])
async def test_a_page_that_names_no_address_of_its_own_keeps_the_one_it_was_found_at(
    sqlite_db: Database, canonical: str
) -> None:
    class Found(Here):
        async def extract_page(self, html: bytes, *, url: str, latest: datetime) -> Page:
            return Page(
                "Ferries stop", "The ferries stop.", canonical_url=canonical, published=DAY, published_is_day=True
            )

    outside = Pages()
    outside.answers["https://post.example/x"] = Response("https://post.example/moved", 200)
    article = await article_from_url(sqlite_db, outside, Found(), "https://post.example/x", NOON)
    assert (article.url, article.source_title) == ("https://post.example/moved", "post.example")
    assert (article.published_at, article.published_is_day) == (DAY, True)


async def test_a_page_without_a_date_has_none(sqlite_db: Database) -> None:
    outside = Pages()
    outside.has("https://post.example/x", PAGE.replace("2024-10-22T08:30:00Z", ""))
    assert (await article_from_url(sqlite_db, outside, Here(), "https://post.example/x", NOON)).published_at is None


async def test_what_is_no_article_is_refused_by_name(sqlite_db: Database) -> None:
    outside = Pages()
    outside.has("https://post.example/login", "<html><title>Log in</title></html>")
    for url, kind in (
        ("post.example", BadInput),
        ("https://post.example/none", FetchError),
        ("https://post.example/login", PageError),
    ):
        with pytest.raises(kind):
            await article_from_url(sqlite_db, outside, Here(), url, NOON)
