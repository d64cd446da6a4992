"""How the bot hears: long polling as Telegram does it, and webhooks."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.cast import YOU_ID
from bot.sandbox.server import Sandbox
from bot.sandbox.updates import SECRET_HEADER
from tests.sandbox.conftest import Caller


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_an_update_comes_again_until_it_is_confirmed(call: Caller) -> None:
    await call.sandbox.say("You", "one")
    await call.sandbox.say("You", "two")
    first, second = await call("getUpdates")
    assert texts([first, second]) == ["one", "two"]
    assert texts(await call("getUpdates", limit=1)) == ["one"]
    assert texts(await call("getUpdates", offset=second["update_id"])) == ["two"]
    assert await call("getUpdates", offset=second["update_id"] + 1) == []
    await call.sandbox.heard()


async def test_a_negative_offset_forgets_all_but_the_last(call: Caller) -> None:
    for text in ("one", "two", "three"):
        await call.sandbox.say("You", text)
    assert texts(await call("getUpdates", offset=-1)) == ["three"]
    assert texts(await call("getUpdates")) == ["three"]


async def test_a_poll_waits_for_news(call: Caller) -> None:
    poll = asyncio.create_task(call("getUpdates", timeout=30))
    await call.sandbox.updates.polling.wait()
    await call.sandbox.say("You", "hello")
    assert texts(await poll) == ["hello"]


async def test_a_poll_ends_empty_when_its_time_is_over(sandbox: Sandbox) -> None:
    assert await sandbox.updates.poll(timeout=0.01) == []


async def test_a_second_poll_ends_the_first(call: Caller) -> None:
    first = asyncio.create_task(call.answer("getUpdates", timeout=30))
    await call.sandbox.updates.polling.wait()
    second = asyncio.create_task(call("getUpdates", timeout=30))
    answer = await first
    assert answer["error_code"] == 409
    assert answer["description"].startswith("Conflict: terminated by other getUpdates request")
    await call.sandbox.say("You", "hello")
    assert texts(await second) == ["hello"]


async def test_the_bot_hears_what_it_asked_for(call: Caller) -> None:
    await call("getUpdates", allowed_updates=["my_chat_member"])
    await call.sandbox.say("You", "unheard")
    call.sandbox.block("You")
    (update,) = await call("getUpdates")
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await call("getUpdates", allowed_updates=[], offset=update["update_id"] + 1)
    await call.sandbox.say("You", "heard again")
    assert [set(update) - {"update_id"} for update in await call("getUpdates")] == [{"my_chat_member"}, {"message"}]


async def test_a_stopped_sandbox_leaves_no_poll_hanging() -> None:
    sandbox = Sandbox()
    await sandbox.start()
    async with aiohttp.ClientSession() as session:
        poll = asyncio.create_task(Caller(sandbox, session)("getUpdates", timeout=30))
        await sandbox.updates.polling.wait()
        await sandbox.stop()
        assert await poll == []


class Receiver:
    """A webhook that answers as told and keeps what it took."""

    def __init__(self) -> None:
        self.answers: list[web.Response] = []
        self.taken: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        if self.answers:
            return self.answers.pop()
        await self.taken.put((request.headers.get(SECRET_HEADER, ""), await request.json()))
        return web.Response()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_a_webhook_gets_every_update_with_its_secret(call: Caller, receiver: Receiver) -> None:
    await call("setWebhook", url=receiver.url, secret_token="s3cret", allowed_updates=["message"])
    await call.sandbox.say("You", "one")
    await call.sandbox.say("You", "two")
    for text in ("one", "two"):
        secret, update = await receiver.taken.get()
        assert (secret, update["message"]["text"]) == ("s3cret", text)
    await call.sandbox.heard()
    info = await call("getWebhookInfo")
    assert (info["url"], info["pending_update_count"], info["allowed_updates"]) == (receiver.url, 0, ["message"])


async def test_a_webhook_that_fails_is_tried_again(call: Caller, receiver: Receiver) -> None:
    receiver.answers = [web.Response(status=500), web.Response(status=503, headers={"Retry-After": "0.01"})]
    await call("setWebhook", url=receiver.url)
    await call.sandbox.say("You", "hello")
    _secret, update = await receiver.taken.get()
    assert update["message"]["text"] == "hello"
    assert "500" in (await call("getWebhookInfo"))["last_error_message"]


async def test_an_unreachable_webhook_keeps_what_it_could_not_take(call: Caller) -> None:
    await call("setWebhook", url="http://127.0.0.1:9/hook")
    await call.sandbox.say("You", "hello")
    await call.sandbox.updates.webhook_failed.wait()
    assert "Connection failed" in (await call("getWebhookInfo"))["last_error_message"]
    await call("deleteWebhook")
    assert texts(await call("getUpdates")) == ["hello"]
    await call("deleteWebhook", drop_pending_updates=True)
    assert await call("getUpdates") == []


async def test_there_is_no_polling_beside_a_webhook(call: Caller, receiver: Receiver) -> None:
    poll = asyncio.create_task(call.answer("getUpdates", timeout=30))
    await call.sandbox.updates.polling.wait()
    await call("setWebhook", url=receiver.url)
    assert (await poll)["description"] == "Conflict: terminated by setWebhook request"
    assert "while webhook is active" in await call.refused("getUpdates")
    await call("setWebhook", url="")
    assert await call("getUpdates", timeout=0) == []


async def test_a_poll_names_the_chat_as_its_person_does(call: Caller) -> None:
    await call.sandbox.say("李娜", "你好")
    (update,) = await call("getUpdates")
    assert update["message"]["from"]["language_code"] == "zh-hans"
    assert update["message"]["chat"]["id"] != YOU_ID
