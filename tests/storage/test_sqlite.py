"""Units of work on SQLite, whose connections have a thread each."""

import asyncio

import pytest
import sqlalchemy as sa

from bot.errors import StorageError
from bot.storage.database import Database
from bot.storage.tables import tombstones
from tests.conftest import NOON

COUNT = sa.select(sa.func.count()).select_from(tombstones)
SLOW = sa.text("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 300000) SELECT sum(i) FROM n")


def _a_row(number: int) -> sa.Insert:
    return sa.insert(tombstones).values(url_key=f"https://e.com/{number}", forgotten_at=NOON)


async def test_a_reading_unit_sees_one_state_from_its_first_statement_on(sqlite_db: Database) -> None:
    async with sqlite_db.read() as reading:
        assert await reading.scalar(COUNT) == 0
        async with sqlite_db.write() as tx:
            await tx.execute(_a_row(1))
        assert await reading.scalar(COUNT) == 0
    async with sqlite_db.read() as reading:
        assert await reading.scalar(COUNT) == 1


async def test_a_unit_that_does_nothing_keeps_nobody_waiting(sqlite_db: Database) -> None:
    other = Database(str(sqlite_db.url))
    async with sqlite_db.write(), other.write() as tx:
        await tx.execute(_a_row(1))
    await other.close()
    async with sqlite_db.read() as tx:
        assert await tx.scalar(COUNT) == 1


async def test_a_unit_that_is_given_up_amid_a_statement_leaves_nothing_open(sqlite_db: Database) -> None:
    async def write_slowly() -> None:
        async with sqlite_db.write() as tx:
            await tx.execute(_a_row(1))
            started.set()
            await tx.execute(SLOW)

    for _ in range(12):  # more than the pool has connections
        started = asyncio.Event()
        given_up = asyncio.create_task(write_slowly())
        await started.wait()
        given_up.cancel()
        with pytest.raises(asyncio.CancelledError):
            await given_up
    other = Database(str(sqlite_db.url))
    async with other.write() as tx:
        await tx.execute(_a_row(1))
    await other.close()


async def test_a_unit_whose_first_statement_fails_leaves_nothing_open(sqlite_db: Database) -> None:
    with pytest.raises(StorageError):
        async with sqlite_db.write() as tx:
            await tx.execute(sa.text("SELECT nothing FROM nowhere"))
    other = Database(str(sqlite_db.url))
    async with other.write() as tx:
        await tx.execute(_a_row(1))
    await other.close()


async def test_how_many_rows_a_statement_changed_is_known(sqlite_db: Database) -> None:
    async with sqlite_db.write() as tx:
        await tx.execute(sa.insert(tombstones), [{"url_key": f"k{n}", "forgotten_at": NOON} for n in range(3)])
        assert (await tx.execute(sa.update(tombstones).values(forgotten_at=NOON))).rowcount == 3
        gone = await tx.execute(sa.delete(tombstones).returning(tombstones.c.url_key))
        assert sorted(gone.scalars()) == ["k0", "k1", "k2"]
