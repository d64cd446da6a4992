"""A site may change its ids, its addresses or its words: each story comes once, and an edit is an edit."""

from dataclasses import replace
from datetime import timedelta

from bot.actions.fetching import news_of
from bot.model import Article, Feed, FeedEntry, Source
from bot.storage import articles, sources
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import a_source
from tests.news import Here

HOUR = timedelta(hours=1)
ENTRIES = tuple(
    FeedEntry(
        id=f"post-{number}",
        title=f"Ferry number {number} stops in Saltmere",
        link=f"https://post.example/{number}",
        published=NOON - HOUR,
        text=f"Ferry number {number} of Saltmere stops on Tuesday, the harbour master said.",
    )
    for number in range(6)
)


async def a_read_source(db: Database) -> Source:
    async with db.write() as tx:
        source_id = await a_source(tx)
        source = await sources.get(tx, source_id)
    return replace(source, imported_at=NOON - HOUR, last_success_at=NOON - HOUR)


async def read(db: Database, source: Source, *entries: FeedEntry) -> tuple[int, int, bool]:
    """How many are new, how many were edited, and whether any new one may be alerted."""
    new, edits = await news_of(db, Here(), Feed("Post", "", entries), source, NOON)
    async with db.write() as tx:
        await articles.add_articles(tx, new, NOON)
        await articles.edit(tx, edits, NOON)
    return len(new), len(edits), any(not one.silent for one in new)


async def stored(db: Database) -> list[Article]:
    async with db.read() as tx:
        return await articles.latest(tx, 50)


async def test_a_site_that_changes_ids_addresses_or_both_floods_nobody(db: Database) -> None:
    source = await a_read_source(db)
    assert await read(db, source, *ENTRIES) == (6, 0, True)
    assert await read(db, source, *ENTRIES) == (0, 0, False)
    other_ids = [replace(entry, id=f"new:{entry.id}") for entry in ENTRIES]
    assert await read(db, source, *other_ids) == (0, 0, False)
    moved = [replace(entry, link=entry.link.replace("post.example", "news.example")) for entry in ENTRIES]
    assert await read(db, source, *moved) == (0, 0, False)
    both = [replace(entry, id=entry.link, link=entry.link.replace("post.example", "other.example")) for entry in moved]
    assert await read(db, source, *both) == (0, 0, False)
    assert len(await stored(db)) == 6


async def test_an_edit_changes_the_article_marks_it_and_lets_it_be_matched_again(db: Database) -> None:
    source = await a_read_source(db)
    await read(db, source, ENTRIES[0])
    [before] = await stored(db)
    async with db.write() as tx:
        await articles.mark_matched(tx, [before.id], NOON)
    edited = replace(ENTRIES[0], title="Ferry stops in Saltmere until Friday")
    assert await read(db, source, edited) == (0, 1, False)
    assert await read(db, source, edited) == (0, 0, False)
    [after] = await stored(db)
    assert (after.id, after.title, after.revision) == (before.id, edited.title, before.revision + 1)
    assert (before.edited_at, after.edited_at) == (None, NOON)
    async with db.read() as tx:
        assert [article.id for article in await articles.unmatched(tx, 9)] == [before.id]


async def test_the_teaser_of_a_completed_article_does_not_cut_its_text(db: Database) -> None:
    source = await a_read_source(db)
    long = replace(ENTRIES[0], text=ENTRIES[0].text * 9)
    await read(db, source, long)
    await read(db, source, ENTRIES[0])
    [article] = await stored(db)
    assert article.text == long.text
    assert await read(db, source, ENTRIES[0]) == (0, 0, False)


async def test_another_source_edits_nothing(db: Database) -> None:
    await read(db, await a_read_source(db), ENTRIES[0])
    async with db.write() as tx:
        other = await sources.get(tx, await a_source(tx, "Copy Wire"))
    assert await read(db, other, replace(ENTRIES[0], title="Sponsored: a ferry")) == (0, 0, False)


async def test_old_articles_are_stored_but_nobody_is_alerted(db: Database) -> None:
    source = await a_read_source(db)
    old = replace(ENTRIES[0], published=NOON - timedelta(days=9))
    assert await read(db, source, old) == (1, 0, False)


async def test_a_feed_that_begins_anew_is_imported_silently(db: Database) -> None:
    source = await a_read_source(db)
    await read(db, source, *ENTRIES)
    anew = [
        FeedEntry(f"x{n}", f"Old story {n} of the archive", f"https://new.example/{n}", text=f"Told long ago: {n}.")
        for n in range(8)
    ]
    assert await read(db, source, *anew) == (8, 0, False)


async def test_a_forgotten_article_does_not_come_back_under_another_address(db: Database) -> None:
    source = await a_read_source(db)
    await read(db, source, *ENTRIES)
    async with db.write() as tx:
        await articles.forget_before(tx, NOON + HOUR, NOON)
    moved = [replace(entry, link=entry.link.replace("post.example", "news.example")) for entry in ENTRIES]
    assert await read(db, source, *moved) == (0, 0, False)
    again = [replace(entry, id="") for entry in moved]
    assert await read(db, source, *again) == (0, 0, False)


async def test_a_date_of_the_year_one_is_no_date(db: Database) -> None:
    source = await a_read_source(db)
    await read(db, source, replace(ENTRIES[0], published=NOON.replace(year=1), published_is_day=True))
    [article] = await stored(db)
    assert (article.published_at, article.published_is_day) == (None, False)
