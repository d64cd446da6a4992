"""A sandbox without rate limits, and a bare caller of its Bot API that knows no library."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from bot.sandbox.limits import NO_LIMITS
from bot.sandbox.server import Sandbox
from tests.browser import chromium

__all__ = ["chromium"]


class Caller:
    """Calls methods with JSON bodies."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self.session = session

    async def answer(self, method: str, **params: Any) -> dict[str, Any]:
        """The whole answer."""
        url = f"{self.sandbox.url}/bot{self.sandbox.token}/{method}"
        async with self.session.post(url, json=params) as response:
            body: dict[str, Any] = await response.json()
            assert body["ok"] == (response.status == 200)
            return body

    async def __call__(self, method: str, **params: Any) -> Any:
        """The result of a call that must succeed."""
        body = await self.answer(method, **params)
        assert body["ok"], body
        return body["result"]

    async def refused(self, method: str, **params: Any) -> str:
        """The description of a call that must be refused."""
        body = await self.answer(method, **params)
        assert not body["ok"], body
        return str(body["description"])


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(limits=NO_LIMITS, webhook_retry=0.01) as sandbox:
        yield sandbox


@pytest.fixture
async def call(sandbox: Sandbox) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession() as session:
        yield Caller(sandbox, session)


@pytest.fixture
async def you(sandbox: Sandbox) -> int:
    """The chat of somebody who has started the bot."""
    await sandbox.say("You", "/start")
    return sandbox.world.chat("You").id
