"""The whole program, with the sandbox as its Telegram and the sample outlets as its news."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from contextlib import AsyncExitStack
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from bot import config
from bot.adapters.clock import SystemClock
from bot.app import EVERYTHING, App, Part
from bot.config import Settings
from bot.model import SourceKind
from bot.ports import Clock
from bot.sandbox.outlets import Outlets
from bot.sandbox.server import Sandbox
from bot.storage import sources

PATIENCE = 60.0  # seconds
Start = Callable[..., Awaitable[App]]


@pytest.fixture
async def outlets() -> Outlets:
    clock = SystemClock()
    return Outlets(clock.now(), clock)


@pytest.fixture
async def sandbox(outlets: Outlets) -> AsyncIterator[Sandbox]:
    """Telegram, with the outlets on the same server."""
    async with Sandbox(routes=outlets.routes()) as running:
        yield running


@pytest.fixture
async def start(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts the program: `app = await start(access="invite")`. It is stopped after the test."""
    async with AsyncExitStack() as stack:

        async def start_app(parts: Collection[Part] = EVERYTHING, clock: Clock | None = None, **overrides: Any) -> App:
            app = App(settings_for(sandbox, tmp_path, **overrides), parts=parts, clock=clock)
            await app.start()
            stack.push_async_callback(app.stop)
            return app

        yield start_app


def settings_for(sandbox: Sandbox, folder: Path, **overrides: Any) -> Settings:
    """Settings of a program that lives on this machine alone."""
    given = {
        "token": sandbox.token,
        "api_url": sandbox.url,
        "data_dir": folder,
        "access": "open",
        "listen": "127.0.0.1:0",
        "allowed_networks": (ip_network("127.0.0.0/8"),),
    }
    return config.load({}, **{**given, **overrides})


async def follow_outlets(app: App, sandbox: Sandbox, outlets: Outlets) -> None:
    """Makes every sample outlet a source, and waits until all are imported, grouped and matched."""
    now = app.clock.now()
    async with app.db.write() as tx:
        for feed in outlets.feeds(sandbox.url):
            await sources.add(tx, kind=SourceKind.FEED, url=feed.url, title=feed.title, now=now, next_fetch_at=now)
    app.wake("collect")
    await settled(app)


async def settled(app: App) -> None:
    """Waits until nothing waits to be fetched, grouped, matched, told or sent."""
    assert await app.settle(PATIENCE)
