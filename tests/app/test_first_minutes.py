"""The first minutes of everybody who meets the bot: reader, stranger, owner, admin."""

import pytest

from bot.app import App
from bot.errors import TokenRejected
from bot.sandbox import cast
from bot.sandbox.outlets import Outlets
from bot.sandbox.server import Sandbox
from tests.app.conftest import Start, follow_outlets


async def test_a_reader_subscribes_after_the_import_and_gets_a_briefing_at_once(
    sandbox: Sandbox, outlets: Outlets, start: Start
) -> None:
    app = await start()
    await follow_outlets(app, sandbox, outlets)
    followed = await sandbox.ask("You", "/subscribe North Korea", "Following North Korea")
    assert "the phrase" in followed.text
    assert "all I have" in followed.text
    briefing = await sandbox.ask("You", "/brief", "North Korea")
    assert "“North Korea” in title" in briefing.text
    assert f"{sandbox.url}/outlets/" in briefing.raw
    nothing = await sandbox.ask("You", "/brief", "Nothing new on your 1 topic")
    assert nothing.buttons


async def test_start_shows_how_to_follow_in_two_taps(sandbox: Sandbox, outlets: Outlets, start: Start) -> None:
    app = await start()
    await follow_outlets(app, sandbox, outlets)
    greeting = await sandbox.ask("You", "/start", "Briefwire reads 10 sources")
    topic = greeting.buttons[0]
    await sandbox.tap("You", topic)
    await sandbox.wait_for("You", f"Following {topic}")
    await sandbox.tap("You", "First briefing")
    await sandbox.wait_for("You", " from ")


async def test_a_chinese_reader_is_answered_in_chinese(sandbox: Sandbox, outlets: Outlets, start: Start) -> None:
    app = await start()
    await follow_outlets(app, sandbox, outlets)
    followed = await sandbox.ask("李娜", "/subscribe 朝鲜 军队")
    assert "朝鲜 军队" in followed.text
    assert "Following" not in followed.text
    briefing = await sandbox.ask("李娜", "/brief", "朝鲜")
    assert "北京东城" not in briefing.text


async def test_plain_text_is_offered_and_followed_with_one_tap(sandbox: Sandbox, start: Start) -> None:
    await start()
    offer = await sandbox.ask("You", "quantum sensing", "Follow quantum sensing?")
    await sandbox.tap("You", "Follow", message=offer)
    await sandbox.wait_for("You", "Following quantum sensing")
    listed = await sandbox.ask("You", "/list", "You follow 1 topic")
    assert "quantum sensing" in listed.text


async def test_a_wrong_query_is_answered_with_its_place(sandbox: Sandbox, start: Start) -> None:
    await start()
    answer = await sandbox.ask("You", "/subscribe (Seoul OR Pyongyang troops", "Not saved")
    assert "never closed" in answer.text
    assert "(Seoul OR Pyongyang troops\n^" in answer.text


async def test_a_stranger_asks_with_one_tap_and_is_let_in_with_one(sandbox: Sandbox, start: Start) -> None:
    app: App = await start(access="invite")
    await sandbox.ask("Ada", f"/start {app.claim_code}", "You own this bot now")
    await sandbox.ask("You", "/subscribe North Korea", "by invitation")
    await sandbox.tap("You", "Ask for access")
    await sandbox.wait_for("Ada", "You asks to be let in")
    await sandbox.tap("Ada", "Let in")
    await sandbox.wait_for("You", "You are let in")
    await sandbox.ask("You", "/subscribe North Korea", "Following")


async def test_the_claim_code_makes_one_owner_only(sandbox: Sandbox, start: Start) -> None:
    app: App = await start(access="invite")
    code = app.claim_code
    await sandbox.ask("You", "/start wrongcode", "by invitation")
    await sandbox.ask("Ada", f"/start {code}", "You own this bot now")
    await sandbox.ask("You", f"/start {code}", "by invitation")


async def test_who_is_no_admin_is_refused_clearly(sandbox: Sandbox, start: Start) -> None:
    await start()
    for command in ("/source list", "/source add http://127.0.0.1/feed"):
        await sandbox.ask("You", command, "This is for the bot's admins.")
    await sandbox.ask("You", "/post hello", "Only admins and editors post.")


async def test_a_wrong_token_ends_the_program_with_one_clear_error(start: Start) -> None:
    with pytest.raises(TokenRejected):
        await start(token="7000000009:a_token_that_is_of_no_bot_here")


async def test_times_and_zone_are_set_in_the_chat(sandbox: Sandbox, start: Start) -> None:
    await start()
    await sandbox.ask("You", "/timezone Berlin", "Europe/Berlin")
    await sandbox.ask("You", "/schedule 7:30 7pm", "daily at 07:30, 19:00")
    await sandbox.ask("You", "/schedule 25:00", "“25:00” is no time of day")
    await sandbox.ask("You", "/schedule off", "No briefing comes by itself")
    await sandbox.ask("You", "/timezone Narnia", "I don't know the place “Narnia”")


async def test_commands_are_registered_in_english_and_chinese(sandbox: Sandbox, start: Start) -> None:
    await start(admins=(cast.ADA_ID,))
    for language in (None, "zh"):
        (call,) = [
            call
            for call in sandbox.calls_of("setMyCommands")
            if call.params.get("language_code") == language and "scope" not in call.params
        ]
        assert "subscribe" in str(call.params["commands"])
