"""What can go wrong around the bot: it says so in words, notes it, and goes on, or ends with one clear line."""

import asyncio
import sys
from collections.abc import Callable

import pytest

from bot.actions import subscriptions
from bot.app import App, Part
from bot.errors import OtherInstanceRunning, StorageError, TokenRejected
from bot.model import SourceKind
from bot.sandbox import cast
from bot.sandbox.server import Sandbox
from bot.storage import sources
from bot.telegram import application, connection
from tests.app.conftest import Start
from tests.app.test_news import ARTICLE, post


class Notes:
    """A log that a test reads: what was noted, each with the error that was being handled."""

    def __init__(self) -> None:
        self.noted: list[tuple[str, str]] = []

    def __getattr__(self, level: str) -> Callable[..., None]:
        def note(event: str, **_: object) -> None:
            self.noted.append((event, repr(sys.exc_info()[1])))

        return note


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> Notes:
    """What the conversation notes."""
    its = Notes()
    monkeypatch.setattr(application, "log", its)
    return its


async def forever() -> None:
    await asyncio.Event().wait()


async def ended(app: App) -> None:
    """Waits for what ends the program, and raises it."""
    async with asyncio.timeout(10):
        await app.run(forever())


async def test_a_fault_of_ours_is_said_in_words_and_noted(
    sandbox: Sandbox, start: Start, notes: Notes, monkeypatch: pytest.MonkeyPatch
) -> None:
    await start()
    followed = await sandbox.ask("You", "/subscribe North Korea", "Following")

    async def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(subscriptions, "topics_of_chat", fail)
    answer = await sandbox.ask("You", "/list", "Something went wrong here, and it is noted.")
    assert "ZeroDivisionError" not in answer.text
    tap = sandbox.world.tap(followed, "list", sandbox.world.user("You"))
    await sandbox.wait_for("You", "Something went wrong here")
    assert (await sandbox.answer_to(tap)).answered
    assert notes.noted == [("handler failed", "ZeroDivisionError('by zero')")] * 2


async def test_a_database_that_is_away_is_said_in_words(
    sandbox: Sandbox, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    await start()
    followed = await sandbox.ask("李娜", "/subscribe 朝鲜")

    async def away(*_: object, **__: object) -> None:
        raise StorageError("database")

    monkeypatch.setattr(application, "meet", away)
    await sandbox.ask("You", "/list", "The database can't be reached right now. Nothing is lost;")
    tap = await sandbox.answer_to(sandbox.world.tap(followed, "list", sandbox.world.user("李娜")))
    assert tap.answer == "暂时无法连接数据库。没有丢失任何内容，请过一分钟再试。"


async def test_who_blocks_the_bot_before_its_answer_is_left_alone(sandbox: Sandbox, start: Start, notes: Notes) -> None:
    await start()
    await sandbox.ask("You", "/start")
    fault = sandbox.fail("blocked", "sendMessage", chat="You")
    await sandbox.say("You", "/list")
    await fault.reached()
    await sandbox.ask("You", "/help", "Follow")
    answer = sandbox.fail("server_error", "sendMessage", chat="You")
    apology = sandbox.fail("server_error", "sendMessage", chat="You")
    await sandbox.say("You", "/list")
    await apology.reached()
    assert answer.met == 1
    await sandbox.ask("You", "/help", "Follow")
    assert [event for event, _ in notes.noted] == ["handler failed", "update failed"]


async def test_the_bot_waits_for_telegram_and_starts_without_its_menu(
    sandbox: Sandbox, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "RETRY_SECONDS", 0.01)
    away = sandbox.fail("server_error", "getMe", times=3)
    menu = sandbox.fail("server_error", "setMyCommands")
    await start(admins=(cast.ADA_ID,))
    assert (away.met, menu.met) == (3, 1)
    sandbox.fail("server_error", "setMyCommands")
    await sandbox.ask("Ada", "/start", "Briefwire")


async def test_a_webhook_is_set_once_telegram_can_be_reached(
    sandbox: Sandbox, start: Start, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "RETRY_SECONDS", 0.01)
    away = sandbox.fail("drop_before", "setWebhook", times=2)
    listen = f"127.0.0.1:{unused_tcp_port}"
    await start(webhook=True, public_url=f"http://{listen}", listen=listen)
    assert away.met == 2
    await sandbox.ask("You", "/list", "You follow nothing yet")


async def test_a_second_program_on_the_same_token_ends_this_one(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    sandbox.fail("server_error", "getUpdates")
    sandbox.fail("conflict", "getUpdates", times=None)
    await sandbox.say("You", "/start")  # ends the poll under way
    with pytest.raises(OtherInstanceRunning):
        await ended(app)


async def test_a_token_that_is_revoked_while_it_runs_ends_the_program(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    sandbox.fail("unauthorized", "getUpdates", times=None)
    await sandbox.say("You", "/start")
    with pytest.raises(TokenRejected):
        await ended(app)


async def test_processes_with_one_role_each_are_one_bot(sandbox: Sandbox, start: Start) -> None:
    roles = {part: await start(parts={part}) for part in Part}
    assert {part for part, app in roles.items() if app.username} == {Part.SEND}
    assert {part for part, app in roles.items() if app.portal_url} == {Part.WEB}
    await sandbox.ask("You", "/subscribe North Korea", "Following")
    await sandbox.tap("You", "Alerts")
    await sandbox.wait_for("You", lambda message: "Alerts ✓" in message.buttons)
    await post(roles[Part.WEB], ARTICLE)
    roles[Part.PROCESS].wake("group")
    await sandbox.wait_for("You", "readying troops", 30)


async def test_waiting_for_quiet_ends_when_patience_does(start: Start) -> None:
    app = await start(parts={Part.WEB})
    now = app.clock.now()
    async with app.db.write() as tx:
        await sources.add(tx, kind=SourceKind.FEED, url="http://127.0.0.1:1/", title="", now=now, next_fetch_at=now)
    assert not await app.settle(0.01)
