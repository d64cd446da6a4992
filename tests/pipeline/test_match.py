"""Every article is held against every query of every chat."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from bot.actions.matching import LiveMatcher
from bot.model import Edit
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


class InterruptedMatcher(LiveMatcher):
    """Something else is written between reading the articles and storing what they met, as other steps do."""

    def __init__(self, interrupt: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self.interrupt = interrupt

    async def settle(self) -> None:
        await self.interrupt()
        await super().settle()


async def test_an_article_that_changes_while_it_is_matched_is_matched_again(db: Database) -> None:
    newsroom = Newsroom(db)
    await newsroom.chat(1, "strike", "ferries sail")
    async with db.write() as tx:
        source = await a_source(tx)
        changed, other = await stored(tx, an_article(source, "Strike begins"), an_article(source, "Strike of pilots"))

    async def change() -> None:
        async with db.write() as tx:
            await articles.edit(tx, [Edit(changed, "Ferries sail", "No more.", is_whole=True)], NOON)

    assert await match(db, InterruptedMatcher(change), NOON) == 2
    assert await match(db, newsroom.matcher, NOON) == 1
    async with db.read() as tx:
        met = {one.article_id: one.query_id for one in await matches.of_articles(tx, [changed, other])}
    assert met == {changed: 2, other: 1}


async def test_an_article_whose_page_comes_while_its_teaser_is_matched_is_matched_again(db: Database) -> None:
    newsroom = Newsroom(db)
    await newsroom.chat(1, "ferries sail")
    async with db.write() as tx:
        [article] = await stored(tx, an_article(await a_source(tx), "Strike is over"))

    async def complete() -> None:
        async with db.write() as tx:
            await articles.complete(tx, article, "The ferries sail again from noon.")

    assert await match(db, InterruptedMatcher(complete), NOON) == 1
    assert await match(db, newsroom.matcher, NOON) == 1
    async with db.read() as tx:
        assert [one.query_id for one in await matches.of_articles(tx, [article])] == [1]


async def test_an_article_that_is_forgotten_while_it_is_matched_disturbs_nothing(db: Database) -> None:
    newsroom = Newsroom(db)
    await newsroom.chat(1, "strike")
    async with db.write() as tx:
        source = await a_source(tx)
        old = an_article(source, "Strike begins", at=NOON - timedelta(days=9))
        gone, other = await stored(tx, old, an_article(source, "Strike of pilots"))

    async def forget() -> None:
        async with db.write() as tx:
            await articles.forget_before(tx, NOON - timedelta(days=1), NOON)

    assert await match(db, InterruptedMatcher(forget), NOON) == 2
    assert await match(db, newsroom.matcher, NOON) == 0
    async with db.read() as tx:
        assert [one.article_id for one in await matches.of_articles(tx, [gone, other])] == [other]


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
