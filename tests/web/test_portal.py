"""The pages of the portal, as a browser without scripts gets them."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from selectolax.lexbor import LexborHTMLParser

from bot.errors import NotFound
from bot.model import SourceKind
from bot.rules.rendering import BriefingView, Item, Reason, Topic
from bot.storage import articles, polling, sources
from bot.storage.database import Database
from bot.storage.tables import articles as articles_table
from bot.storage.tables import stories
from bot.texts import Catalogue
from bot.web.deps import WebDeps
from tests.conftest import NOON
from tests.web.conftest import Serve, Site, add_article, add_source

ENGLISH = {"Accept-Language": "en"}


async def page(site: Site, path: str, *, status: int = 200, language: str = "en") -> LexborHTMLParser:
    response = await site.get(path, headers={"Accept-Language": language})
    assert response.status == status, await response.text()
    return LexborHTMLParser(await response.text())


def texts(tree: LexborHTMLParser, selector: str) -> list[str]:
    return [" ".join(node.text().split()) for node in tree.css(selector)]


async def test_the_front_page_lists_the_latest_under_their_days(site: Site, db: Database) -> None:
    source = await add_source(db)
    await add_article(db, source, "old", title="Older", published_at=NOON - timedelta(days=1))
    await add_article(db, source, "new", title="Newer", published_at=NOON - timedelta(hours=1), section="City")
    tree = await page(site, "/")
    assert texts(tree, ".day h2") == ["Today", "Monday 21 October"]
    assert texts(tree, ".day h3") == ["Newer", "Older"]
    assert texts(tree, ".day .meta")[0] == "Harbour Post-City · 11:00"


async def test_a_page_ends_with_the_way_to_the_older_ones(site: Site, db: Database) -> None:
    source = await add_source(db)
    for number in range(35):
        await add_article(db, source, str(number), title=f"N{number}", published_at=NOON - timedelta(minutes=number))
    first = await page(site, "/")
    older = first.css_first(".older a")
    assert older is not None
    second = await page(site, f"/{older.attributes['href']}")
    assert texts(first, "h3") + texts(second, "h3") == [f"N{number}" for number in range(35)]
    assert second.css_first(".older") is None
    assert second.css_first(".lead") is None


async def test_an_empty_portal_says_what_will_be_there(sqlite_site: Site) -> None:
    tree = await page(sqlite_site, "/")
    assert "as soon as a source was read" in texts(tree, ".note")[0]
    assert "Nothing older" in texts(await page(sqlite_site, "/?before=12"), ".note")[0]


@pytest.mark.parametrize("before", ["x", "-1", "1e3", "9" * 40, "٣"])
async def test_a_place_that_is_no_number_is_no_page(sqlite_site: Site, before: str) -> None:
    await page(sqlite_site, f"/?before={before}", status=404)


async def test_an_article_shows_all_that_its_source_gave(site: Site, db: Database) -> None:
    source = await add_source(db, "海峡时报")
    article = await add_article(
        db,
        source,
        section="亚洲",
        tags=("综合",),
        keywords=("Seoul", "troops"),
        authors=("Ada Lindqvist",),
        published_at=datetime.fromisoformat("2024-10-22T00:00:00+00:00"),
        published_is_day=True,
    )
    tree = await page(site, f"/articles/{article}")
    assert texts(tree, "h1") == ["Night ferry agreed"]
    assert texts(tree, "header .meta")[0] == "22 Oct · 海峡时报-亚洲 · Ada Lindqvist"
    assert texts(tree, ".text p") == ["The council voted for a night ferry.", "It starts in March."]
    assert texts(tree, ".chips li") == ["综合", "Seoul", "troops"]
    original = tree.css_first(".original a")
    assert original is not None
    assert original.attributes["href"] == "https://post.example/ferry"
    assert "noreferrer" in (original.attributes["rel"] or "")
    assert " ".join(original.text().split()) == "Original ↗"


async def test_a_bare_day_stays_that_day_in_every_zone(db: Database, deps: WebDeps, serve: Serve) -> None:
    source = await add_source(db)
    day = datetime.fromisoformat("2024-10-22T00:00:00+00:00")
    article = await add_article(db, source, published_at=day, published_is_day=True)
    await add_article(db, source, "b", title="Late", published_at=day + timedelta(hours=1))
    site = await serve(replace(deps, timezone="America/New_York"))
    front = await page(site, "/")
    assert texts(front, ".day h2") == ["Today", "Monday 21 October"]
    assert texts(front, ".day h3") == ["Night ferry agreed", "Late"]
    time = (await page(site, f"/articles/{article}")).css_first(".full time")
    assert time is not None
    assert (time.attributes["datetime"], time.text()) == ("2024-10-22", "22 Oct")


@pytest.mark.parametrize(
    ("published", "told", "shown"),
    [
        (NOON - timedelta(hours=1), "Tue 22 Oct 11:00", "11:00"),
        (NOON - timedelta(days=2), "Sun 20 Oct 12:00", "12:00"),
        (NOON - timedelta(days=400), "18 Sep 2023 12:00", "12:00"),
        (None, "came in Tue 22 Oct 12:00", ""),
    ],
)
async def test_a_time_has_its_day_and_is_never_made_up(
    sqlite_site: Site, sqlite_db: Database, published: datetime | None, told: str, shown: str
) -> None:
    article = await add_article(sqlite_db, await add_source(sqlite_db), published_at=published)
    assert texts(await page(sqlite_site, f"/articles/{article}"), "header .meta time") == [told]
    assert texts(await page(sqlite_site, "/"), ".day .meta time") == ([shown] if shown else [])


async def test_an_article_names_the_others_that_have_its_story(site: Site, db: Database) -> None:
    first = await add_article(db, await add_source(db), "a", title="First")
    second = await add_article(db, await add_source(db, "Ledger"), "b", title="Second")
    alone = await add_article(db, await add_source(db, "Gazette"), "c", title="Third")
    async with db.write() as tx:
        insert = sa.insert(stories).values(created_at=NOON, last_article_at=NOON).returning(stories.c.id)
        story = (await tx.execute(insert)).scalar_one()
        await articles.set_story(tx, {first: story, second: story})
    tree = await page(site, f"/articles/{first}")
    assert texts(tree, ".also a[href^='/articles']") == ["Second"]
    assert texts(tree, ".also .meta") == ["Ledger · Tue 22 Oct 09:30"]
    assert (await page(site, f"/articles/{alone}")).css_first(".also") is None


async def test_foreign_markup_is_shown_as_text(site: Site, db: Database) -> None:
    evil = "<script>alert(1)</script>"
    article = await add_article(
        db,
        await add_source(db, f"Post {evil}"),
        title=f"Title {evil}",
        text=f"{evil}\n\n<b>bold</b>",
        tags=(evil,),
        keywords=(evil,),
        authors=(evil,),
        language='en" onload="alert(1)',
    )
    for path in (f"/articles/{article}", "/", "/sources"):
        tree = await page(site, path)
        assert tree.css("script, [onload], .text b") == []
        assert evil in tree.css_first("main").text()  # type: ignore[union-attr]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "", "//evil.example"])
async def test_only_web_addresses_become_links(sqlite_site: Site, sqlite_db: Database, url: str) -> None:
    """Storage takes no other, so this is the second lock on the door."""
    article = await add_article(sqlite_db, await add_source(sqlite_db))
    async with sqlite_db.write() as tx:
        await tx.execute(sa.update(articles_table).where(articles_table.c.id == article).values(url=url))
    assert (await page(sqlite_site, f"/articles/{article}")).css_first(".original") is None


async def test_an_article_without_text_points_to_its_original(sqlite_site: Site, sqlite_db: Database) -> None:
    article = await add_article(sqlite_db, await add_source(sqlite_db), text=" \n")
    tree = await page(sqlite_site, f"/articles/{article}")
    assert texts(tree, ".text") == ["The source gave no text; the original has it."]
    assert tree.css_first("aside") is None


async def test_each_article_is_marked_with_its_own_language(sqlite_site: Site, sqlite_db: Database) -> None:
    source = await add_source(sqlite_db)
    article = await add_article(sqlite_db, source, title="夜间渡轮", language="zh")
    unknown = await add_article(sqlite_db, source, "b", language="")
    headline = (await page(sqlite_site, f"/articles/{article}")).css_first("h1")
    plain = (await page(sqlite_site, f"/articles/{unknown}")).css_first("h1")
    assert headline is not None
    assert plain is not None
    assert headline.attributes["lang"] == "zh"
    assert "lang" not in plain.attributes


async def test_a_tag_has_a_page_of_its_articles(site: Site, db: Database) -> None:
    source = await add_source(db)
    await add_article(db, source, "a", title="Tagged", tags=("综合", "a/b & c"))
    await add_article(db, source, "b", title="Other", tags=("综合类",))
    front = await page(site, "/")
    links = [node.attributes["href"] for node in front.css(".tag") if node.text() == "a/b & c"]
    assert links
    assert texts(await page(site, str(links[0])), "h3") == ["Tagged"]
    assert texts(await page(site, "/tags/综合"), "h3") == ["Tagged"]


async def test_a_tag_that_nobody_used_says_so(site: Site) -> None:
    assert "No article carries this tag." in texts(await page(site, "/tags/none"), ".note")[0]
    await page(site, "/tags/%00", status=404)
    await page(site, "/tags/%ff", status=200)


async def test_an_article_that_is_gone_is_no_page(site: Site) -> None:
    for path in ("/articles/99", "/articles/999999999999999999", "/articles/x", "/nowhere"):
        tree = await page(site, path, status=404)
        assert texts(tree, "h1") == ["There is nothing here"]
        assert tree.css_first("main a[href='/']") is not None


@pytest.fixture
async def sources_of_all_kinds(db: Database) -> None:
    """A source in each state of health."""
    well, silent, ill, _waiting = [await add_source(db, name) for name in ("Well", "Silent", "Ill", "Waiting")]
    paused = await add_source(db, "Paused")
    await add_source(db, "Pushed", kind=SourceKind.PUSH)
    never = await add_source(db, "Never")
    facts = {"next_fetch_at": NOON, "etag": "", "last_modified": "", "body_hash": ""}
    async with db.write() as tx:
        await polling.record_success(tx, well, now=NOON - timedelta(minutes=14), new_articles=2, **facts)  # type: ignore[arg-type]
        long_ago = {"now": NOON - timedelta(days=5), "new_articles": 2, "pace": 9.0}
        await polling.record_success(tx, silent, **long_ago, **facts)  # type: ignore[arg-type]
        await polling.record_success(tx, silent, now=NOON, **facts)  # type: ignore[arg-type]
        await polling.record_success(tx, ill, now=NOON - timedelta(hours=3), **facts)  # type: ignore[arg-type]
        for broken in (ill, never):
            await polling.record_failure(
                tx, broken, now=NOON, next_fetch_at=NOON, error_key="status", error_facts={"status": 403}
            )
        await sources.pause(tx, paused)
    await add_article(db, well)


@pytest.mark.usefixtures("sources_of_all_kinds")
async def test_the_sources_tell_their_health_in_plain_words(site: Site) -> None:
    tree = await page(site, "/sources")
    told = dict(zip(texts(tree, "tbody th"), texts(tree, "td.health"), strict=True))
    assert texts(tree, ".tally") == ["7 sources · 2 can't be read · 1 silent · 1 paused"]
    assert list(told)[:3] == ["Ill", "Never", "Silent"]
    assert told == {
        "Ill": "Cannot be read; last read 3 hours ago",
        "Never": "Could not be read yet",
        "Paused": "Paused",
        "Pushed": "Sends its own articles",
        "Silent": "Read, but nothing new: the last came 5 days agousually 9 articles a day",
        "Waiting": "About to be read for the first time",
        "Well": "Read 14 minutes ago",
    }
    well = next(row for row in tree.css("tbody tr") if "Read 14" in row.text())
    assert [cell.text(strip=True) for cell in well.css(".number")] == ["1", "1"]
    assert [cell.text() for cell in well.css(".latest")] == ["14 minutes ago"]
    assert [bar.text() for bar in well.css("rect")] == ["0"] * 13 + ["1"]


async def test_a_portal_without_sources_says_how_to_add_one(sqlite_site: Site) -> None:
    assert "/source add" in texts(await page(sqlite_site, "/sources"), ".note")[0]


VIEW = BriefingView(
    topics=(
        Topic(
            "Ferries",
            (
                Item(
                    "Night ferry agreed",
                    "https://post.example/ferry",
                    "Harbour Post-City",
                    "22 Oct",
                    tags=("politics",),
                    also=(("Ledger", "https://ledger.example/1"),),
                    excerpts=("The council voted for a night ferry.",),
                    reasons=(Reason("ferry", "title"), Reason("council", "text"), Reason("politics", "tag")),
                    told=True,
                ),
            ),
        ),
        Topic("Rates", (Item("Rates held", "", "Ledger", "", reasons=(Reason("Ada", "author"),)),)),
    ),
    now=NOON,
    since=NOON - timedelta(days=1),
    read_count=212,
    recap=(("Earlier one", "https://post.example/earlier"),),
    more=31,
    next_run=NOON + timedelta(days=1),
    number=8,
)


async def read_briefing(public_id: str, words: Catalogue) -> BriefingView:
    if public_id != "abc":
        raise NotFound("no_briefing")
    assert words.language == "en"
    return VIEW


async def test_a_briefing_has_the_same_content_in_the_same_order(sqlite_deps: WebDeps, serve: Serve) -> None:
    site = await serve(replace(sqlite_deps, read_briefing=read_briefing))
    response = await site.get("/briefings/abc", headers=ENGLISH)
    assert response.headers["X-Robots-Tag"] == "noindex"
    assert response.headers["Cache-Control"].startswith("private")
    tree = LexborHTMLParser(await response.text())
    assert texts(tree, "h1") == ["Ferries 1 · Rates 1"]
    assert [node.attributes["start"] for node in tree.css("ol")] == ["8", "9"]
    assert texts(tree, "h3") == ["Night ferry agreed", "Rates held"]
    head, first, second, tail = texts(tree, ".meta")
    assert head == "Tue 22 Oct 12:00, since Mon 21 Oct 12:00 · 2 stories from 212 articles · 1 min"
    assert first == "Harbour Post-City · 22 Oct · politics · told before · also in Ledger"
    assert second == "Ledger"
    assert tail == "31 more stories · next Wed 23 Oct 12:00"
    assert texts(tree, "blockquote") == ["The council voted for a night ferry."]
    assert texts(tree, ".why") == ["“ferry” in title · “council” in text · “politics” as tag", "“Ada” as author"]
    assert texts(tree, ".recap a") == ["Earlier one"]


async def test_a_briefing_that_nobody_has_is_no_page(sqlite_deps: WebDeps, sqlite_site: Site, serve: Serve) -> None:
    await page(sqlite_site, "/briefings/abc", status=404)
    await page(await serve(replace(sqlite_deps, read_briefing=read_briefing)), "/briefings/xyz", status=404)


@pytest.mark.parametrize(
    ("wished", "language"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,zh;q=0.5", "en"),
        ("fr, zh;q=0.2, en;q=0.7", "en"),
        ("zh;q=0, fr", "en"),
        ("zh;q=nonsense", "en"),
        ("", "en"),
    ],
)
async def test_pages_speak_the_browsers_language(sqlite_site: Site, wished: str, language: str) -> None:
    response = await sqlite_site.get("/", headers={"Accept-Language": wished})
    tree = LexborHTMLParser(await response.text())
    root = tree.css_first("html")
    assert root is not None
    assert root.attributes["lang"] == language
    assert response.headers["Vary"] == "Accept-Language"


async def test_without_a_wish_pages_speak_the_operators_language(sqlite_deps: WebDeps, serve: Serve) -> None:
    site = await serve(replace(sqlite_deps, language="zh"))
    root = (await page(site, "/", language="fr")).css_first("html")
    assert root is not None
    assert root.attributes["lang"] == "zh"


async def test_times_are_those_of_the_portals_zone(sqlite_db: Database, sqlite_deps: WebDeps, serve: Serve) -> None:
    await add_article(sqlite_db, await add_source(sqlite_db))
    site = await serve(replace(sqlite_deps, timezone="Asia/Shanghai"))
    time = (await page(site, "/")).css_first(".day time")
    assert time is not None
    assert (time.text(), time.attributes["datetime"]) == ("17:30", "2024-10-22T17:30+08:00")
