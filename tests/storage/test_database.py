"""Units of work on both databases."""

import pytest
import sqlalchemy as sa

from bot.errors import StorageError
from bot.storage.database import Database, insert_all
from bot.storage.tables import articles, sources, stories, tombstones
from tests.conftest import NOON


async def test_a_reading_unit_cannot_write(db: Database) -> None:
    with pytest.raises(StorageError):
        async with db.read() as tx:
            await tx.execute(sa.insert(stories).values(created_at=NOON, last_article_at=NOON))


async def test_a_failed_unit_stores_nothing(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with db.write() as tx:
            await tx.execute(sa.insert(stories).values(created_at=NOON, last_article_at=NOON))
            raise ZeroDivisionError
    async with db.read() as tx:
        assert (await tx.scalar(sa.select(sa.func.count()).select_from(stories))) == 0


async def test_times_come_back_aware_and_equal(db: Database) -> None:
    async with db.write() as tx:
        await tx.execute(sa.insert(stories).values(created_at=NOON, last_article_at=NOON))
        assert await tx.scalar(sa.select(stories.c.created_at)) == NOON


async def test_the_same_rows_again_change_nothing(db: Database) -> None:
    rows = [{"url_key": f"https://e.com/{n}", "forgotten_at": NOON} for n in range(1_200)]
    for _ in range(2):
        async with db.write() as tx:
            await insert_all(tx, tombstones, rows)
    async with db.read() as tx:
        assert (await tx.scalar(sa.select(sa.func.count()).select_from(tombstones))) == 1_200


async def test_lists_are_stored_as_they_were_given(db: Database) -> None:
    given = [[], ["Ada"], [], ["Ada", "Grace"]]
    source = {"id": 1, "kind": "feed", "url": "https://post.example/feed", "title": "Post", "state": "active"}
    texts = {
        "text": "",
        "folded": "",
        "tags": [],
        "keywords": [],
        "received_at": NOON,
        "shown_at": NOON,
        "source_id": 1,
    }
    rows = [
        texts | {"id": n, "url_key": f"k{n}", "url": f"https://post.example/{n}", "title": "Harbour", "authors": names}
        for n, names in enumerate(given, 1)
    ]
    async with db.write() as tx:
        await insert_all(tx, sources, [source | {"error_facts": {}, "created_at": NOON}])
        await insert_all(tx, articles, rows[::2])  # nothing but empty lists
        await insert_all(tx, articles, rows[1::2])
    async with db.read() as tx:
        assert list(await tx.scalars(sa.select(articles.c.authors).order_by(articles.c.id))) == given
