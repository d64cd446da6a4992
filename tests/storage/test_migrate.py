"""A migrated database is the database that the code expects."""

import asyncio
import sys
import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.storage.database import Database
from bot.storage.migrate import config, migrate
from bot.storage.tables import metadata

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
