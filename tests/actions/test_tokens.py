"""Making, checking and revoking the tokens of the HTTP API."""

import pytest
import sqlalchemy as sa

from bot.actions import tokens
from bot.errors import BadInput, NotFound
from bot.storage import tables
from bot.storage.database import Database
from tests.conftest import NOON, FakeClock


async def test_a_secret_is_shown_once_and_never_stored(db: Database) -> None:
    token, secret = await tokens.create(db, " wire ", NOON)
    assert secret.startswith("bw_")
    assert len(secret) > 40
    assert token.name == "wire"
    async with db.read() as tx:
        row = (await tx.execute(sa.select(tables.tokens))).one()
    assert secret not in str(row)
    assert secret.removeprefix("bw_") not in str(row)


async def test_a_token_is_known_by_its_secret_until_it_is_revoked(db: Database) -> None:
    token, secret = await tokens.create(db, "wire", NOON)
    known = await tokens.check(db, secret, NOON)
    assert known == token
    assert await tokens.check(db, secret + "x", NOON) is None
    await tokens.revoke(db, "wire")
    assert await tokens.check(db, secret, NOON) is None


async def test_a_busy_token_notes_its_use_once_a_minute(db: Database, clock: FakeClock) -> None:
    _, secret = await tokens.create(db, "wire", NOON)
    seen = []
    for seconds in (0, 30, 31):
        await tokens.check(db, secret, clock.move(seconds=seconds))
        seen.append((await tokens.list_all(db))[0].last_used_at)
    assert seen == [NOON, NOON, clock.now()]


@pytest.mark.parametrize("name", ["", "  ", "x" * 65, "two\nlines"])
async def test_a_name_that_cannot_be_listed_is_refused(sqlite_db: Database, name: str) -> None:
    with pytest.raises(BadInput, match="token_name"):
        await tokens.create(sqlite_db, name, NOON)


async def test_a_taken_name_is_refused(sqlite_db: Database) -> None:
    await tokens.create(sqlite_db, "wire", NOON)
    with pytest.raises(BadInput, match="token_name_taken"):
        await tokens.create(sqlite_db, "wire", NOON)


async def test_revoking_what_is_not_there_says_so(sqlite_db: Database) -> None:
    with pytest.raises(NotFound) as caught:
        await tokens.revoke(sqlite_db, "wire")
    assert caught.value.facts == {"name": "wire"}
