"""What the commands share: settings, a migrated database for the length of a command, and the outside."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from bot import config, log
from bot.adapters.clock import SystemClock
from bot.adapters.fetcher import HttpFetcher
from bot.adapters.workers import ProcessWorkers
from bot.storage.database import Database
from bot.storage.migrate import migrate

P = ParamSpec("P")
T = TypeVar("T")

clock = SystemClock()


def settings(**overrides: Any) -> config.Settings:
    """The settings, with logging set up by them."""
    loaded = config.load(**overrides)
    log.configure(level=loaded.log_level, style=loaded.log_format)
    return loaded


def blocking(command: Callable[P, Coroutine[Any, Any, T]]) -> Callable[P, T]:
    """Makes a command of a coroutine function."""

    @wraps(command)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        return asyncio.run(command(*args, **kwargs))

    return call


@asynccontextmanager
async def database() -> AsyncIterator[Database]:
    """The database of the settings, brought up to date."""
    db = Database(settings().database)
    try:
        await migrate(db)
        yield db
    finally:
        await db.close()


@asynccontextmanager
async def outside() -> AsyncIterator[tuple[HttpFetcher, ProcessWorkers]]:
    """The web and the worker processes."""
    loaded = settings()
    fetcher = HttpFetcher(proxy=loaded.fetch_proxy, allowed_networks=loaded.allowed_networks, contact=loaded.contact)
    workers = ProcessWorkers()
    try:
        yield fetcher, workers
    finally:
        await fetcher.close()
        await workers.close()
