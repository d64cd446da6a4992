"""Tokens of the HTTP API: only hashes are stored, and each is one row."""

from bot.storage import tokens
from bot.storage.database import Database
from tests.conftest import NOON, FakeClock

HASH = "ab" * 32


async def test_a_token_is_found_by_its_hash_alone(db: Database) -> None:
    async with db.write() as tx:
        added = await tokens.add(tx, name="wire", secret_hash=HASH, now=NOON)
    async with db.read() as tx:
        assert await tokens.find(tx, HASH) == added
        assert await tokens.find(tx, "cd" * 32) is None
    assert added is not None
    assert (added.name, added.created_at, added.last_used_at) == ("wire", NOON, None)


async def test_a_name_belongs_to_one_token(db: Database) -> None:
    async with db.write() as tx:
        await tokens.add(tx, name="wire", secret_hash=HASH, now=NOON)
        assert await tokens.add(tx, name="wire", secret_hash="cd" * 32, now=NOON) is None
        assert [token.name for token in await tokens.list_all(tx)] == ["wire"]
        assert await tokens.find(tx, HASH) is not None


async def test_tokens_are_listed_by_name(db: Database) -> None:
    async with db.write() as tx:
        for number, name in enumerate(("desk", "agency", "wire")):
            await tokens.add(tx, name=name, secret_hash=f"{number:064}", now=NOON)
    async with db.read() as tx:
        assert [token.name for token in await tokens.list_all(tx)] == ["agency", "desk", "wire"]


async def test_the_last_use_is_remembered(db: Database, clock: FakeClock) -> None:
    async with db.write() as tx:
        added = await tokens.add(tx, name="wire", secret_hash=HASH, now=NOON)
        assert added is not None
        await tokens.mark_used(tx, added.id, clock.move(hours=1))
        found = await tokens.find(tx, HASH)
    assert found is not None
    assert found.last_used_at == clock.now()


async def test_a_removed_token_is_gone_and_its_name_free(db: Database) -> None:
    async with db.write() as tx:
        await tokens.add(tx, name="wire", secret_hash=HASH, now=NOON)
        assert await tokens.remove(tx, "wire")
        assert not await tokens.remove(tx, "wire")
        assert await tokens.find(tx, HASH) is None
        assert await tokens.add(tx, name="wire", secret_hash=HASH, now=NOON) is not None
