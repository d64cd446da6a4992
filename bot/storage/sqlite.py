"""Connections to SQLite: a thread each, and one way to it and back for a statement and all that comes with it.

aiosqlite goes to its thread for a cursor, then for the statement, the rows and the cursor's end. With what begins and
ends a unit of work those were fourteen ways for one row, and they were most of what a unit cost. Here a unit begins
with its first statement, and one that only read needs no answer to its end: two ways, of which one is waited for.
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

import aiosqlite

BUSY_TIMEOUT_MS = 20_000
PRAGMAS = (
    "journal_mode=WAL",
    f"busy_timeout={BUSY_TIMEOUT_MS}",
    "synchronous=NORMAL",
    "foreign_keys=ON",
)

Parameters = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a statement gave, all of its rows among it."""

    description: Any = None
    rows: Sequence[Any] = ()
    rowcount: int = -1
    lastrowid: int | None = None


class Connection(aiosqlite.Connection):
    """A connection that SQLAlchemy's adapter takes for one of aiosqlite's."""

    _begins: bool | None = None  # whether the unit that has yet to begin may write
    _is_open = False  # whether a unit was begun that has not ended
    _reads = False  # … and can't write

    def begin(self, *, writes: bool) -> None:
        """Lets the next statement begin a unit of work.

        Args:
            writes: it has the database for itself from then on; else it can't write.
        """
        self._begins = writes

    async def run(self, sql: str, parameters: Any, *, many: bool = False) -> Outcome:
        """Runs a statement, or the same one with each of many parameters. Raises sqlite3.Error."""
        begins, self._begins = self._begins, None
        if begins is not None:
            self._is_open, self._reads = True, not begins
        outcome: Outcome = await self._do(partial(self._run, begins, sql, parameters, many))
        return outcome

    async def commit(self) -> None:
        """Ends the unit of work."""
        await self._end(self._conn.commit)

    async def rollback(self) -> None:
        """Undoes the unit of work, if one is open: the pool asks for this whenever a connection comes back."""
        await self._end(self._conn.rollback)

    async def _end(self, how: Callable[[], None]) -> None:
        self._begins = None
        if self._is_open and self._reads:
            self._tx.put_nowait((None, how))  # nobody waits for it, and what comes next waits behind it
        elif self._is_open:
            await self._do(how)
        self._is_open = False

    async def _do(self, what: Callable[[], Any]) -> Any:
        """Has the thread do something, behind all that it was asked before."""
        return await self._execute(what)  # type: ignore[no-untyped-call]

    def cursor(self) -> "Cursor":  # type: ignore[override]
        """A cursor, with which the thread has nothing to do yet."""
        return Cursor(self)

    def _run(self, begins: bool | None, sql: str, parameters: Any, many: bool) -> Outcome:
        own = self._conn
        if begins is not None:
            own.execute(f"PRAGMA query_only={'OFF' if begins else 'ON'}")
            own.execute("BEGIN IMMEDIATE" if begins else "BEGIN")
        cursor = own.executemany(sql, parameters) if many else own.execute(sql, parameters)
        try:
            rows = cursor.fetchall() if cursor.description else ()
            return Outcome(cursor.description, rows, cursor.rowcount, cursor.lastrowid)
        finally:
            cursor.close()


class Cursor:
    """The outcome of a statement, as SQLAlchemy's adapter asks for it."""

    arraysize = 1

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._outcome = Outcome()

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Parameters = ()) -> None:
        """Runs a statement."""
        self._outcome = await self._connection.run(sql, parameters)

    async def executemany(self, sql: str, parameters: Sequence[Parameters]) -> None:
        """Runs a statement with each of many parameters."""
        self._outcome = await self._connection.run(sql, parameters, many=True)

    async def fetchall(self) -> Sequence[Any]:
        """All rows."""
        return self._outcome.rows

    async def close(self) -> None:
        """Nothing is open."""

    @property
    def description(self) -> Any:
        """The columns, None of a statement without rows."""
        return self._outcome.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed, -1 where that means nothing."""
        return self._outcome.rowcount

    @property
    def lastrowid(self) -> int | None:
        """The id of the row that was inserted last."""
        return self._outcome.lastrowid


async def connect(path: str) -> Connection:
    """Opens a database file. Raises sqlite3.Error."""

    def open_file() -> sqlite3.Connection:
        connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    connection = Connection(open_file, iter_chunk_size=1)
    connection._thread.daemon = True  # what nobody closed must not keep the program from ending
    await connection
    return connection
