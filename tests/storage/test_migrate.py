"""A migrated database is the database that the code expects."""

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator
from datetime import date, time, timedelta
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.model import Slot, Times
from bot.rules.agenda import due
from bot.storage import chats, schedules
from bot.storage.database import Database
from bot.storage.migrate import config, migrate
from bot.storage.tables import Json, UtcDateTime, metadata
from tests.conftest import NOON

REVISIONS = [one.revision for one in ScriptDirectory.from_config(config()).walk_revisions()][::-1]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def empty_db(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A database without any table."""
    if request.param == "sqlite":
        db = Database(f"sqlite:///{tmp_path / 'empty.db'}")
        yield db
        await db.close()
        return
    server: str = request.getfixturevalue("postgres_server")
    schema = f"briefwire_empty_{uuid.uuid4().hex[:12]}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE SCHEMA {schema}")
    db = Database(server, schema=schema)
    yield db
    await db.close()
    await connection.execute(f"DROP SCHEMA {schema} CASCADE")
    await connection.close()


OLD_CHATS = sa.table(
    "chats",
    *(sa.column(name) for name in ("id", "telegram_chat_id", "kind", "state", "timezone")),
    sa.column("created_at", UtcDateTime),
)
OLD_SCHEDULES = sa.table(
    "schedules", *(sa.column(name) for name in ("id", "chat_id", "at")), sa.column("next_run_at", UtcDateTime)
)
OLD_BRIEFINGS = sa.table(
    "briefings",
    *(sa.column(name) for name in ("id", "public_id", "chat_id", "schedule_id")),
    *(sa.column(name, UtcDateTime) for name in ("since", "until", "created_at")),
    *(sa.column(name, Json) for name in ("ranking", "recap")),
)
OLD_TIMES = ((1, "08:00", NOON + timedelta(days=1)), (1, "18:00", NOON), (2, "00:00", NOON))


def _upgrade_to(connection: sa.Connection, revision: str) -> None:
    settings = config()
    settings.attributes["connection"] = connection
    command.upgrade(settings, revision)


def _differences(connection: sa.Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return [
        difference for difference in compare_metadata(context, metadata) if "alembic_version" not in str(difference)
    ]


async def test_the_migrated_schema_equals_the_tables(empty_db: Database) -> None:
    assert await migrate(empty_db) == REVISIONS
    async with empty_db.write() as tx:
        assert await tx.run_sync(_differences) == []


async def test_migrating_again_changes_nothing(empty_db: Database) -> None:
    await migrate(empty_db)
    assert await migrate(empty_db) == []


START = """
import asyncio, sys
from bot.storage.database import Database
from bot.storage.migrate import migrate

async def start():
    db = Database(sys.argv[1], schema=sys.argv[2])
    print(await migrate(db))
    await db.close()

asyncio.run(start())
"""


async def test_two_starts_at_once_migrate_once(empty_db: Database) -> None:
    arguments = (empty_db.url.render_as_string(hide_password=False), empty_db.schema)
    starts = [
        await asyncio.create_subprocess_exec(sys.executable, "-c", START, *arguments, stdout=asyncio.subprocess.PIPE)
        for _ in range(2)
    ]
    said = [(await start.communicate())[0].decode().strip() for start in starts]
    assert sorted(said) == [str(REVISIONS), "[]"]


async def test_times_of_day_of_the_first_release_become_schedules_and_stay_due(empty_db: Database) -> None:
    async with empty_db.write() as tx:
        await tx.run_sync(_upgrade_to, "0001")
        for number, zone in ((1, "Europe/Berlin"), (2, "UTC"), (3, "UTC")):
            row = {"telegram_chat_id": number, "kind": "private", "state": "active", "timezone": zone}
            await tx.execute(sa.insert(OLD_CHATS).values(id=number, created_at=NOON, **row))
        for number, (chat_id, at, moment) in enumerate(OLD_TIMES, 1):
            await tx.execute(sa.insert(OLD_SCHEDULES).values(id=number, chat_id=chat_id, at=at, next_run_at=moment))
        common = {"since": NOON, "until": NOON, "created_at": NOON, "ranking": [], "recap": []}
        await tx.execute(sa.insert(OLD_BRIEFINGS).values(id=1, public_id="a", chat_id=1, schedule_id=2, **common))
    await migrate(empty_db)
    async with empty_db.read() as tx:
        found = {chat_id: await schedules.of_chat(tx, chat_id) for chat_id in (1, 2, 3)}
        chat, midnight, none = [await chats.get(tx, chat_id) for chat_id in (1, 2, 3)]
        kept = await tx.scalar(sa.select(OLD_BRIEFINGS.c.schedule_id))
    assert [[its.times for its in found[chat_id]] for chat_id in (1, 2, 3)] == [
        [Times((time(8), time(18)))],
        [Times((time(0),))],
        [],
    ]
    assert kept == found[1][0].id
    assert chat is not None
    assert midnight is not None
    assert none is not None
    assert (chat.next_run_at, chat.last_slot) == (NOON, Slot(date(2024, 10, 22), time(17, 59)))
    assert (midnight.next_run_at, midnight.last_slot) == (NOON, Slot(date(2024, 10, 21), time(23, 59)))
    assert (none.next_run_at, none.last_slot) == (None, None)
    run = due(chat, found[1], NOON + timedelta(hours=5))
    assert run is not None
    assert run.slot == Slot(date(2024, 10, 22), time(18))
