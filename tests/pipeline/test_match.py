"""Every article is held against every query of every chat."""

import pytest

from bot.actions.matching import LiveMatcher
from bot.pipeline.match import match
from bot.rules import matching_documents
from bot.storage import articles, matches
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import Newsroom, a_source, an_article, stored


async def test_an_accepted_article_is_matched_once_with_all_that_it_meets(db: Database) -> None:
    newsroom = Newsroom(db)
    await newsroom.chat(1, "North Korea", "Seoul AND troops", "football", "#politics")
    async with db.write() as tx:
        new = an_article(await a_source(tx), "Troops of North Korea face Seoul", "No more.", tags=("politics",))
        [article] = await stored(tx, new)
    assert await match(db, newsroom.matcher, NOON) == 1
    assert await match(db, newsroom.matcher, NOON) == 0
    async with db.read() as tx:
        found = await matches.of_articles(tx, [article])
    assert sorted(one.query_id for one in found) == [1, 2, 4]
    assert all(0 < one.strength <= 1 for one in found)


async def test_a_process_that_starts_anew_knows_every_query(db: Database) -> None:
    newsroom = Newsroom(db)
    await newsroom.chat(1, "North Korea")
    async with db.write() as tx:
        [article] = await stored(tx, an_article(await a_source(tx), "North Korea votes"))
    assert await match(db, LiveMatcher(), NOON) == 1
    async with db.read() as tx:
        assert len(await matches.of_articles(tx, [article])) == 1


async def test_a_killed_step_is_repeated_without_doubles(db: Database) -> None:
    newsroom = Newsroom(db)
    await newsroom.chat(1, "harbour")
    async with db.write() as tx:
        [article] = await stored(tx, an_article(await a_source(tx), "Harbour news"))
        await newsroom.matcher.follow(tx)
        found = newsroom.matcher.match([await articles.get(tx, article)])
        await matches.add(tx, found)  # stored, but the article was not marked before the kill
    assert await match(db, newsroom.matcher, NOON) == 1
    async with db.read() as tx:
        assert await matches.of_articles(tx, [article]) == found


async def test_articles_are_matched_batch_by_batch(db: Database) -> None:
    async with db.write() as tx:
        source = await a_source(tx)
        await stored(tx, *(an_article(source, f"News {n}") for n in range(102)))
    matcher = LiveMatcher()
    assert [await match(db, matcher, NOON) for _ in range(3)] == [100, 2, 0]


async def test_what_was_folded_when_an_article_was_stored_is_not_folded_again(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    newsroom = Newsroom(db)
    await newsroom.chat(1, "harbour")
    async with db.write() as tx:
        [article] = await stored(tx, an_article(await a_source(tx), "Harbour news"))
        assert await articles.folded_of(tx, [article]) == {article: " harbour news \n "}
    monkeypatch.setattr(matching_documents, "fold_document", None)
    assert await match(db, newsroom.matcher, NOON) == 1
    async with db.read() as tx:
        assert len(await matches.of_articles(tx, [article])) == 1
