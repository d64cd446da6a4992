"""Stories on both databases."""

from datetime import timedelta

import sqlalchemy as sa

from bot.storage import articles, stories
from bot.storage.database import Database, Tx
from bot.storage.tables import stories as table
from tests.conftest import NOON
from tests.make import DAY, HOUR, a_source, an_article, stored


async def last_article_at(tx: Tx, story_id: int) -> object:
    return (await tx.execute(sa.select(table.c.last_article_at).where(table.c.id == story_id))).scalar_one()


async def test_articles_join_a_story_named_by_its_first(db: Database) -> None:
    async with db.write() as tx:
        post, lantern = await a_source(tx), await a_source(tx, "Lantern Daily")
        ids = await stored(
            tx,
            an_article(post, "Tunnel shut", published_at=NOON - HOUR),
            an_article(post, "Tunnel shut for days", published_at=NOON - HOUR / 2),
            an_article(lantern, "Harbour tunnel floods", published_at=NOON - 2 * HOUR),
            an_article(lantern, "Mayor elected"),
        )
        first, _, third, other = ids
        await stories.join(tx, {**dict.fromkeys(ids[:3], first), other: other}, dict.fromkeys(ids, NOON), NOON)
        assert await stories.article_ids(tx, first) == [third, first, ids[1]]
        assert (await articles.get(tx, third)).story_id == first
        assert await stories.other_sources(tx, ids) == {
            first: (("Lantern Daily", "https://news.example/2/harbour-tunnel-floods"),),
            ids[1]: (("Lantern Daily", "https://news.example/2/harbour-tunnel-floods"),),
            third: (("Harbour Post", "https://news.example/1/tunnel-shut"),),
        }
        assert await stories.links(tx, [other, 99]) == {
            other: ("Lantern Daily", "https://news.example/2/mayor-elected")
        }


async def test_an_old_article_that_joins_late_makes_a_story_no_older(db: Database) -> None:
    async with db.write() as tx:
        source = await a_source(tx)
        first, second, third = await stored(tx, *(an_article(source, f"News {n}") for n in range(3)))
        await stories.join(tx, {first: first}, {first: NOON}, NOON)
        assert await last_article_at(tx, first) == NOON
        await stories.join(tx, {second: first}, {second: NOON - 2 * DAY}, NOON)
        assert await last_article_at(tx, first) == NOON
        await stories.join(tx, {third: first}, {third: NOON + HOUR}, NOON)
        assert await last_article_at(tx, first) == NOON + HOUR
        await stories.join(tx, {}, {}, NOON)


async def test_many_articles_join_at_once(db: Database) -> None:
    async with db.write() as tx:
        source = await a_source(tx)
        ids = await stored(tx, *(an_article(source, f"News {n}") for n in range(1_100)))
        at = {one: NOON + timedelta(seconds=one) for one in ids}
        await stories.join(tx, {one: one for one in ids}, at, NOON)
        assert await last_article_at(tx, ids[-1]) == at[ids[-1]]


async def test_a_story_without_articles_is_forgotten(db: Database) -> None:
    async with db.write() as tx:
        source = await a_source(tx)
        old, new = await stored(tx, an_article(source, "Old", at=NOON - 40 * DAY), an_article(source, "New", at=NOON))
        await stories.join(tx, {old: old, new: new}, {old: NOON, new: NOON}, NOON)
        await articles.forget_before(tx, NOON - 30 * DAY, NOON)
        assert await stories.forget_empty(tx) == 1
        assert await stories.article_ids(tx, new) == [new]
