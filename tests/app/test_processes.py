"""The program as a process: started, refused, stopped, killed, and behind a webhook."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.server import Sandbox
from tests.app.conftest import Start

PATIENCE = 30.0  # seconds that a process gets to start or to stop


class Program:
    """`briefwire run` in a process of its own."""

    def __init__(self, folder: Path, sandbox: Sandbox) -> None:
        self._folder = folder
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("BRIEFWIRE_")},
            "BRIEFWIRE_API_URL": sandbox.url,
            "BRIEFWIRE_TOKEN": sandbox.token,
            "BRIEFWIRE_DATA_DIR": str(folder),
            "BRIEFWIRE_ACCESS": "open",
            "BRIEFWIRE_LISTEN": "127.0.0.1:0",
            "BRIEFWIRE_LOG_LEVEL": "ERROR",
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self, **settings: str) -> asyncio.subprocess.Process:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            cwd=self._folder,
            env={**self._environment, **settings},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        return self._process

    async def end(self) -> tuple[int, str]:
        """Waits for its end: the exit code, and what it printed."""
        assert self._process is not None
        async with asyncio.timeout(PATIENCE):
            out, err = await self._process.communicate()
        return self._process.returncode or 0, (out + err).decode()

    def kill(self) -> None:
        """SIGKILL, if it still runs."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()


@pytest.fixture
async def program(tmp_path: Path, sandbox: Sandbox) -> AsyncIterator[Program]:
    started = Program(tmp_path, sandbox)
    yield started
    started.kill()
    if started._process is not None:
        await started._process.communicate()


async def test_a_stop_signal_ends_it_cleanly(program: Program, sandbox: Sandbox) -> None:
    process = await program.start()
    await sandbox.say("You", "/start")
    await sandbox.wait_for("You", "Briefwire", PATIENCE)
    process.send_signal(signal.SIGTERM)
    code, said = await program.end()
    assert code == 0, said
    assert "Traceback" not in said


async def test_a_wrong_token_is_one_clear_line(program: Program) -> None:
    await program.start(BRIEFWIRE_TOKEN="7000000009:a_token_that_is_of_no_bot_here")
    code, said = await program.end()
    assert code == 1
    assert said.strip().splitlines()[-1].startswith("briefwire: ")
    assert "BRIEFWIRE_TOKEN" in said
    assert "Traceback" not in said


async def test_a_killed_program_keeps_what_was_followed(program: Program, sandbox: Sandbox) -> None:
    await program.start()
    await sandbox.say("You", "/subscribe North Korea")
    await sandbox.wait_for("You", "Following North Korea", PATIENCE)
    program.kill()
    await program.end()
    await program.start()
    await sandbox.say("You", "/list")
    await sandbox.wait_for("You", "You follow 1 topic", PATIENCE)


async def test_updates_come_by_webhook_where_it_is_set(sandbox: Sandbox, start: Start, unused_tcp_port: int) -> None:
    listen = f"127.0.0.1:{unused_tcp_port}"
    await start(webhook=True, public_url=f"http://{listen}", listen=listen)
    assert not sandbox.calls_of("getUpdates")
    await sandbox.ask("You", "/subscribe North Korea", "Following North Korea")
