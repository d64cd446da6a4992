"""`briefwire demo` and what ends `briefwire run` in one clear line, as processes."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, closing
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.server import Sandbox

PATIENCE = 60.0  # seconds that a process gets to start or to stop
Process = asyncio.subprocess.Process
Launch = Callable[..., Awaitable[Process]]


@pytest.fixture
async def launch(tmp_path: Path) -> AsyncIterator[Launch]:
    """Starts `briefwire …` with settings in its environment; it is killed after the test if it still runs."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("BRIEFWIRE_")}
    async with AsyncExitStack() as stack:

        async def start(*arguments: str, **settings: str) -> Process:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", *arguments),
                cwd=tmp_path,
                env={**own, **settings},
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            stack.push_async_callback(_end, process)
            return process

        yield start


async def _end(process: Process) -> None:
    if process.returncode is None:
        process.kill()
    await process.communicate()


async def last_words(process: Process) -> tuple[int | None, list[str]]:
    """Waits for its end: the exit code, and the lines that it printed."""
    async with asyncio.timeout(PATIENCE):
        out, err = await process.communicate()
    return process.returncode, (out + err).decode().strip().splitlines()


async def announced(process: Process, name: str) -> str:
    """Waits for the line that begins with a name; what stands behind it."""
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE):
        async for line in process.stdout:
            if line.decode().startswith(name):
                return line.decode().removeprefix(name).strip()
    raise AssertionError(f"it ended without a line {name!r}")


async def test_the_demo_announces_its_addresses_and_ends_when_told(launch: Launch) -> None:
    process = await launch("demo", "--port", "0", "--portal-port", "0")
    page = await announced(process, "Chat page")
    portal = await announced(process, "Portal")
    outlets = await announced(process, "Outlets")
    secret = await announced(process, "API token")
    await announced(process, "Write  /subscribe North Korea")
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {secret}"}) as session:
        for url in (page, portal, outlets, f"{portal}/api/v1/articles"):
            async with session.get(url) as answer:
                assert answer.status == 200, url
        async with session.get(portal) as answer:
            assert "/articles/" in await answer.text()
    process.send_signal(signal.SIGTERM)
    code, said = await last_words(process)
    assert (code, said) == (0, [])


async def test_a_port_that_is_taken_is_one_clear_line(launch: Launch) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        code, said = await last_words(await launch("demo", "--port", str(port)))
    assert (code, said) == (1, [f"briefwire: Port {port} is taken. Choose another with --port."])


async def test_a_second_program_is_refused_in_one_clear_line(launch: Launch, sandbox: Sandbox) -> None:
    sandbox.fail("conflict", "getUpdates", times=None)
    process = await launch(
        "run",
        BRIEFWIRE_TOKEN=sandbox.token,
        BRIEFWIRE_API_URL=sandbox.url,
        BRIEFWIRE_LISTEN="127.0.0.1:0",
        BRIEFWIRE_LOG_LEVEL="ERROR",
    )
    code, said = await last_words(process)
    assert code == 1
    assert said[-1].startswith("briefwire: Another program is reading this bot's messages.")
    assert [line for line in said if "Send it  /start " in line]
    assert not [line for line in said if "Traceback" in line or "[error" in line]
