"""The sandbox fails as it is told, with what Telegram would say, and does what it should have done or not."""

import asyncio

import aiohttp
import pytest
from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TimedOut,
)

from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Caller


def make_bot(sandbox: Sandbox) -> Bot:
    return Bot(sandbox.token, base_url=f"{sandbox.url}/bot")


@pytest.mark.parametrize(
    ("kind", "error", "text"),
    [
        ("flood", RetryAfter, "Flood control exceeded"),
        ("blocked", Forbidden, "bot was blocked by the user"),
        ("kicked", Forbidden, "bot was kicked"),
        ("deactivated", Forbidden, "user is deactivated"),
        ("chat_not_found", BadRequest, "Chat not found"),
        ("cannot_parse", BadRequest, "Can't parse entities"),
        ("bad_request", BadRequest, "Wrong parameter"),
        ("unauthorized", InvalidToken, "Unauthorized"),
        ("conflict", Conflict, "terminated by other getUpdates"),
        ("server_error", NetworkError, "Internal Server Error"),
        ("bad_gateway", NetworkError, "Bad Gateway"),
        ("drop_before", NetworkError, "RemoteProtocolError"),
    ],
)
async def test_the_library_understands_each_misfortune(
    sandbox: Sandbox, you: int, kind: str, error: type[Exception], text: str
) -> None:
    async with make_bot(sandbox) as bot:
        fault = sandbox.fail(kind, "sendMessage", seconds=7)
        with pytest.raises(error, match=text):
            await bot.send_message(you, "x")
        assert (fault.met, sandbox.sent("You")) == (1, [])
        await bot.send_message(you, "after it")
    assert [call.fault for call in sandbox.calls_of("sendMessage")] == [kind, ""]


async def test_a_flood_says_how_long(call: Caller, you: int) -> None:
    call.sandbox.fail("flood", seconds=7)
    url = f"{call.sandbox.url}/bot{call.sandbox.token}/sendMessage"
    async with call.session.post(url, json={"chat_id": you, "text": "x"}) as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "7")
        body = await response.json()
    assert body["description"] == "Too Many Requests: retry after 7"
    assert body["parameters"] == {"retry_after": 7}


async def test_a_migration_says_where_to(sandbox: Sandbox, you: int) -> None:
    sandbox.fail("migrated", "sendMessage", new_chat=-100_123)
    async with make_bot(sandbox) as bot:
        with pytest.raises(ChatMigrated) as migration:
            await bot.send_message(you, "x")
    assert migration.value.new_chat_id == -100_123


async def test_a_connection_that_drops_afterwards_has_delivered(sandbox: Sandbox, you: int) -> None:
    sandbox.fail("drop_after", "sendMessage")
    async with make_bot(sandbox) as bot:
        with pytest.raises(NetworkError):
            await bot.send_message(you, "x")
    assert [message.text for message in sandbox.sent("You")] == ["x"]


async def test_a_late_answer_times_out_though_it_was_delivered(sandbox: Sandbox, you: int) -> None:
    sandbox.fail("late", "sendMessage", seconds=0.3)
    async with make_bot(sandbox) as bot:
        with pytest.raises(TimedOut):
            await bot.send_message(you, "x", read_timeout=0.05)
    assert [message.text for message in sandbox.sent("You")] == ["x"]


async def test_a_slow_call_is_done_in_the_end(call: Caller, you: int) -> None:
    call.sandbox.fail("slow", seconds=0.001)
    assert await call("sendMessage", chat_id=you, text="x")


async def test_a_held_call_waits_until_it_is_let_go(call: Caller, you: int) -> None:
    held = call.sandbox.fail("hold", "sendMessage")
    sending = asyncio.create_task(call("sendMessage", chat_id=you, text="x"))
    await held.reached()
    assert call.sandbox.sent("You") == []
    held.release()
    await sending
    assert len(call.sandbox.sent("You")) == 1


async def test_a_misfortune_meets_its_chat_its_method_and_its_number_of_calls(call: Caller, you: int) -> None:
    await call.sandbox.say("Ada", "/start")
    fault = call.sandbox.fail("blocked", chat="Ada", times=2)
    ada = call.sandbox.world.chat("Ada").id
    await call("sendMessage", chat_id=you, text="x")
    for _ in range(2):
        assert "blocked" in await call.refused("sendMessage", chat_id=ada, text="x")
    await call("sendMessage", chat_id=ada, text="x")
    assert fault.met == 2


async def test_a_lasting_misfortune_ends_on_recovery_and_spares_polling(call: Caller) -> None:
    fault = call.sandbox.fail("server_error", times=None)
    await call.refused("getMe")
    await call("getUpdates")
    await call.refused("getMe")
    call.sandbox.recover()
    await call("getMe")
    assert fault.met == 2
    call.sandbox.fail("server_error", "getUpdates")
    assert await call.refused("getUpdates") == "Internal Server Error"


async def test_unknown_misfortunes_are_named(sandbox: Sandbox) -> None:
    with pytest.raises(LookupError, match="no fault 'earthquake'"):
        sandbox.fail("earthquake")
    with pytest.raises(LookupError, match="needs the id of the new one"):
        sandbox.fail("migrated")


async def test_another_process_plans_misfortunes_over_http(call: Caller, you: int) -> None:
    url = f"{call.sandbox.url}/sandbox/faults"
    async with call.session.post(url, json={"kind": "flood", "method": "sendMessage", "seconds": 3}) as response:
        assert response.status == 200
    assert "retry after 3" in await call.refused("sendMessage", chat_id=you, text="x")
    async with call.session.post(url, json={"kind": "earthquake"}) as response:
        assert response.status == 400
        assert "earthquake" in (await response.json())["error"]
    async with call.session.post(url, data="kind=flood") as response:
        assert response.status == 415
    await call.session.post(url, json={"kind": "flood", "times": None})
    await call.session.delete(url)
    assert await call("sendMessage", chat_id=you, text="x")


async def test_a_broken_gateway_speaks_html(call: Caller) -> None:
    call.sandbox.fail("bad_gateway")
    with pytest.raises(aiohttp.ContentTypeError):
        await call.answer("getMe")
