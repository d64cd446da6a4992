"""The one engine: reading and writing units of work, upserts, and the only code that knows which database it is.

SQLite (WAL) has one writer: a writing unit is `BEGIN IMMEDIATE` behind an asyncio lock, so that two of them wait for
each other instead of failing. A reading unit can't write on either database.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import StorageError
from bot.storage import sqlite as own_sqlite

Tx = AsyncConnection  # what storage functions take first: an open unit of work

ROWS_PER_STATEMENT = 500  # SQLite allows 32,766 variables in a statement; our widest row has under 40


class Database:
    """The database of this process.

    Args:
        url: `sqlite:///PATH` (PATH's folder is made), `sqlite://` (in memory is not supported) or `postgresql://…`.
        schema: on PostgreSQL, the schema to work in; the tests use one of their own.
    """

    def __init__(self, url: str, *, schema: str = "") -> None:
        self.url = make_url(url)
        self.schema = schema
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._writing = asyncio.Lock()
        self.engine = self._sqlite_engine() if self.is_sqlite else self._postgres_engine(schema)

    def _sqlite_engine(self) -> AsyncEngine:
        if not self.url.database or self.url.database == ":memory:":
            raise StorageError("no_database_file")
        Path(self.url.database).parent.mkdir(parents=True, exist_ok=True)
        engine = create_async_engine(
            self.url.set(drivername="sqlite+aiosqlite"),
            async_creator=partial(own_sqlite.connect, self.url.database),
            pool_size=5,
            max_overflow=5,
        )
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
        return engine

    def _postgres_engine(self, schema: str) -> AsyncEngine:
        settings = {"server_settings": {"search_path": schema}} if schema else {}
        return create_async_engine(
            self.url.set(drivername="postgresql+asyncpg"),
            connect_args=settings,
            pool_size=8,
            max_overflow=4,
            pool_pre_ping=True,
        )

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        """A unit that sees one state of the database and can't change it."""
        async with self._unit(writes=False) as tx:
            yield tx

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        """A unit that is stored whole when the block ends, or not at all when it raises."""
        if not self.is_sqlite:
            async with self._unit(writes=True) as tx:
                yield tx
            return
        async with self._writing, self._unit(writes=True) as tx:
            yield tx

    @asynccontextmanager
    async def _unit(self, *, writes: bool) -> AsyncIterator[Tx]:
        try:
            async with self.engine.connect() as connection:
                await connection.execution_options(
                    **({"briefwire_writes": writes} if self.is_sqlite else {"postgresql_readonly": not writes})
                )
                async with connection.begin():
                    yield connection
        except DBAPIError as error:
            raise StorageError("database", detail=str(error.orig)[:300]) from error
        except (SQLAlchemyError, OSError) as error:
            raise StorageError("database", detail=str(error)[:300]) from error

    async def close(self) -> None:
        """Closes every connection."""
        await self.engine.dispose()


def _begin_sqlite(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("briefwire_writes", True)
    own: Any = connection.connection.driver_connection
    own.begin(writes=writes)


def insert(tx: Tx, table: sa.Table) -> Any:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`, on both databases."""
    return sqlite.insert(table) if tx.dialect.name == "sqlite" else postgresql.insert(table)


async def insert_all(tx: Tx, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts many rows of the same columns in few statements; rows whose unique key is there change nothing."""
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        chunk = [dict(row) for row in rows[start : start + ROWS_PER_STATEMENT]]
        if tx.dialect.name == "sqlite":
            # Given as parameters, not as values: one statement is compiled once and for all.
            await tx.execute(insert(tx, table).on_conflict_do_nothing(), chunk)
        else:
            await tx.execute(_from_arrays(table, chunk))


def _from_arrays(table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> Any:
    """An INSERT with an array for each column: PostgreSQL would run one of parameters anew for each row."""
    columns = [table.c[name] for name in rows[0]]
    arrays = [
        sa.cast([row[column.name] for row in rows], postgresql.ARRAY(column.type, dimensions=1)) for column in columns
    ]
    given = sa.func.unnest(*arrays).table_valued(*(column.name for column in columns)).render_derived()
    new = postgresql.insert(table).from_select([column.name for column in columns], sa.select(given))
    return new.on_conflict_do_nothing()


def skip_locked(tx: Tx, statement: sa.Select[Any], *, of: sa.Table) -> sa.Select[Any]:
    """The subquery of a claim: on PostgreSQL, rows that another process holds are passed over."""
    return statement if tx.dialect.name == "sqlite" else statement.with_for_update(skip_locked=True, of=of)


async def keep_to_order(tx: Tx) -> None:
    """The unit's next reads follow the index that has their order, instead of sorting all that they could find.

    PostgreSQL would sort a queue that has just grown from nothing to 100,000, because it has not counted it yet; and
    because that looks dear it would compile the query, which takes a hundred times longer than its answer.
    """
    if tx.dialect.name != "sqlite":
        await tx.execute(sa.text("SELECT set_config('enable_sort', 'off', true), set_config('jit', 'off', true)"))


def own_transaction(tx: Tx) -> sa.ColumnElement[Any]:
    """PostgreSQL's number of this transaction; NULL on SQLite, where there is one writer at a time."""
    if tx.dialect.name == "sqlite":
        return sa.null()
    return sa.cast(sa.cast(sa.func.pg_current_xact_id(), sa.Text), sa.BigInteger)


async def oldest_open_transaction(tx: Tx) -> int | None:
    """PostgreSQL's number of the oldest transaction that may still write; None on SQLite."""
    if tx.dialect.name == "sqlite":
        return None
    return int(await tx.scalar(sa.text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")))


def list_contains(tx: Tx, column: sa.Column[Any], text: str) -> sa.ColumnElement[bool]:
    """Whether a JSON list of strings has this one."""
    if tx.dialect.name != "sqlite":
        return sa.type_coerce(column, postgresql.JSONB).contains([text])
    parts = sa.func.json_each(column).table_valued("value")
    return sa.exists(sa.select(sa.literal(1)).select_from(parts).where(parts.c.value == text))


def among(tx: Tx, column: sa.ColumnElement[int], ids: Iterable[int]) -> sa.ColumnElement[bool]:
    """Whether a column is one of many ids. However many there are, it is one variable and one prepared statement."""
    if tx.dialect.name != "sqlite":
        return column == sa.any_(sa.cast(list(ids), postgresql.ARRAY(sa.BigInteger)))
    values = sa.func.json_each(json.dumps(list(ids))).table_valued("value")
    return column.in_(sa.select(values.c.value))


def storable(text: str) -> str:
    """The text without what a database can't keep: NUL characters and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()
