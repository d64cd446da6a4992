"""What every test may use: a real database of each kind, and a clock that stands still until it is told to move.

PostgreSQL is taken from TEST_POSTGRES_URL, else from a server on localhost; without one its tests are
skipped and say so.
"""

import asyncio
import logging
import os
import uuid
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import asyncpg
import pytest
import sqlalchemy as sa
import structlog
from hypothesis import HealthCheck, settings

from bot.storage.database import Database
from bot.storage.tables import metadata

# A property is about what holds, not about how fast a busy machine finds it.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

POSTGRES_URLS = [
    url
    for url in (
        os.environ.get("TEST_POSTGRES_URL"),
        "postgresql://root@127.0.0.1:5432/test",
        "postgresql://127.0.0.1/postgres",
    )
    if url
]
T = TypeVar("T")
NOON = datetime(2024, 10, 22, 12, 0, tzinfo=UTC)


class FakeClock:
    """A clock that a test moves."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def move(self, **by: float) -> datetime:
        """Moves on by a timedelta's keywords: `clock.move(hours=2)`."""
        self._now += timedelta(**by)
        return self._now

    def set(self, now: datetime) -> None:
        self._now = now


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """Logging is the process's own: what a test or a command in it configures goes again."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def aside(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine on a loop of its own in a thread, because a fixture may be asked for inside a running one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


async def _reachable(url: str) -> bool:
    try:
        connection = await asyncpg.connect(url, timeout=3)
    except (OSError, asyncpg.PostgresError, TimeoutError):
        return False
    await connection.close()
    return True


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """The URL of a PostgreSQL server that tests may use."""
    for url in POSTGRES_URLS:
        if aside(_reachable(url)):
            return url
    pytest.skip("no PostgreSQL: set TEST_POSTGRES_URL or start a server on 127.0.0.1:5432")


@pytest.fixture(scope="session")
def postgres_schema(postgres_server: str) -> Iterator[str]:
    """A schema of this run's own with every table in it, dropped at the end."""
    schema = f"briefwire_test_{uuid.uuid4().hex[:12]}"

    async def make() -> None:
        connection = await asyncpg.connect(postgres_server)
        await connection.execute(f"CREATE SCHEMA {schema}")
        await connection.close()
        db = Database(postgres_server, schema=schema)
        async with db.write() as tx:
            await tx.run_sync(metadata.create_all)
        await db.close()

    async def drop() -> None:
        connection = await asyncpg.connect(postgres_server)
        await connection.execute(f"DROP SCHEMA {schema} CASCADE")
        await connection.close()

    aside(make())
    yield schema
    aside(drop())


@pytest.fixture
async def sqlite_db(tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh SQLite database with every table."""
    db = Database(f"sqlite:///{tmp_path / 'test.db'}")
    async with db.write() as tx:
        await tx.run_sync(metadata.create_all)
    yield db
    await db.close()


@pytest.fixture
async def postgres_db(postgres_server: str, postgres_schema: str) -> AsyncIterator[Database]:
    """The run's PostgreSQL schema, with every table empty."""
    db = Database(postgres_server, schema=postgres_schema)
    async with db.write() as tx:
        names = ", ".join(table.name for table in metadata.sorted_tables)
        await tx.execute(sa.text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    yield db
    await db.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def db(request: pytest.FixtureRequest) -> Database:
    """The test runs twice: on SQLite and on PostgreSQL."""
    database: Database = request.getfixturevalue(f"{request.param}_db")
    return database
