"""`briefwire run` and `briefwire demo` in the test's own process: what they announce, and what they refuse."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from inspect import unwrap
from pathlib import Path
from typing import Any

import pytest

from bot.app import EVERYTHING
from bot.commands import run
from bot.errors import BriefwireError, SettingsError
from bot.sandbox.server import Sandbox


@pytest.fixture(autouse=True)
def environment(sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings of an operator whose Telegram is the sandbox."""
    monkeypatch.chdir(tmp_path)
    for name, value in {
        "TOKEN": sandbox.token,
        "API_URL": sandbox.url,
        "LISTEN": "127.0.0.1:0",
        "LOG_LEVEL": "ERROR",
    }.items():
        monkeypatch.setenv(f"BRIEFWIRE_{name}", value)


@pytest.fixture(autouse=True)
def listening(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Set as soon as the command listens to signals; before that one would end the tests."""
    listens, real = asyncio.Event(), run._stop_signal

    @contextmanager
    def watched() -> Iterator[asyncio.Event]:
        with real() as stopped:
            listens.set()
            yield stopped

    monkeypatch.setattr(run, "_stop_signal", watched)
    return listens


async def begun(running: "asyncio.Task[None]", listening: asyncio.Event) -> None:
    """Waits until the command listens to signals, or until it ends because of what it raises here."""
    waiting = asyncio.ensure_future(listening.wait())
    await asyncio.wait([running, waiting], timeout=60, return_when=asyncio.FIRST_COMPLETED)
    if not waiting.done():
        waiting.cancel()
        await running


async def stop(running: "asyncio.Task[None]", number: signal.Signals) -> None:
    """Sends this process a signal that the command listens to, and waits for its end."""
    os.kill(os.getpid(), number)
    async with asyncio.timeout(60):
        await running


def command(its: Any, **options: object) -> "asyncio.Task[None]":
    """A command's coroutine on the loop that runs."""
    return asyncio.get_running_loop().create_task(unwrap(its)(**options))


async def test_the_whole_program_announces_itself_and_the_way_to_own_it(
    sandbox: Sandbox, listening: asyncio.Event, capsys: pytest.CaptureFixture[str]
) -> None:
    running = command(run.run, roles="")
    await begun(running, listening)
    await sandbox.ask("You", "/start", "by invitation")
    await stop(running, signal.SIGTERM)
    said = capsys.readouterr().out
    assert "Bot     https://t.me/briefwire_bot\nPortal  http://127.0.0.1:" in said
    assert "This bot has no owner yet. Send it  /start " in said


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        (" web, process", "Bot     not in this process\nPortal  http://127.0.0.1:"),
        ("send,collect", "Bot     https://t.me/briefwire_bot\nPortal  not in this process"),
    ],
)
async def test_roles_say_what_is_not_in_this_process(
    roles: str,
    said: str,
    listening: asyncio.Event,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BRIEFWIRE_ADMINS", "5")
    running = command(run.run, roles=roles)
    await begun(running, listening)
    await stop(running, signal.SIGINT)
    announced = capsys.readouterr().out
    assert said in announced
    assert "/start" not in announced


async def test_a_webhook_needs_web_where_it_sends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFWIRE_WEBHOOK", "true")
    monkeypatch.setenv("BRIEFWIRE_PUBLIC_URL", "https://news.example")
    with pytest.raises(SettingsError) as refused:
        await command(run.run, roles="send")
    assert [problem.partition(":")[0] for problem in refused.value.problems] == ["BRIEFWIRE_WEBHOOK"]


def test_no_roles_mean_all() -> None:
    assert run._parts("") == run._parts("collect, process,send,web") == EVERYTHING


async def test_a_demo_answers_with_its_news_and_says_where(
    listening: asyncio.Event, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Sandbox] = []

    class Seen(Sandbox):
        async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
            await super().start(host, port)
            started.append(self)

    monkeypatch.setattr(run, "Sandbox", Seen)
    running = command(run.demo, port=0, portal_port=0)
    await begun(running, listening)
    greeting = await started[0].ask("You", "/start", "Briefwire reads 10 sources")
    assert "In the news now; tap any:" in greeting.text
    tried = await started[0].ask("You", r"/test title:/North Kor\w+/", "Meets")
    assert "North Korea" in tried.text.partition("Meets")[2]  # a regular expression, which is off by default
    await stop(running, signal.SIGTERM)
    said = capsys.readouterr().out
    assert f"Chat page  {started[0].chat_page_url}\nPortal     http://127.0.0.1:" in said


async def test_the_demo_names_the_option_for_a_portal_that_finds_its_port_taken() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(BriefwireError) as refused:
            await command(run.demo, port=0, portal_port=port)
    assert (refused.value.key, refused.value.facts) == ("port_taken", {"port": port, "option": "--portal-port"})
