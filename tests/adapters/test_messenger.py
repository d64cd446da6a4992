"""The messenger over a real bot object and a made-up Bot API."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.ext import ExtBot

from bot.adapters.messenger import PacedRateLimiter, TelegramMessenger, keyboard, to_result
from bot.adapters.transport import AiohttpRequest
from bot.errors import OtherInstanceRunning, TokenRejected
from bot.model import Button, ChatKind, Message
from bot.ports import SendStatus
from bot.rules.pacer import Pacer

TOKEN = "123456:AAAAAAAAAAAAAAAAAAAAAAAA"
ME = {"id": 123456, "is_bot": True, "first_name": "Briefwire", "username": "briefwire_bot"}


class Api:
    """A Bot API that answers as laid out, else with success; `calls` are (method, parameters)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.answers: list[tuple[int, dict[str, Any]]] = []
        self.drop = False

    def refuse(self, code: int, description: str, **parameters: int) -> None:
        """The next call is refused."""
        body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
        self.answers.append((code, body | ({"parameters": parameters} if parameters else {})))

    async def answer(self, request: web.Request) -> web.Response:
        method = request.path.rpartition("/")[2]
        if method == "getMe":
            return web.json_response({"ok": True, "result": ME})
        fields = await request.json()
        self.calls.append((method, fields))
        if self.drop and request.transport is not None:
            request.transport.close()
        if self.answers:
            status, body = self.answers.pop(0)
            return web.json_response(body, status=status)
        chat = {"id": int(fields["chat_id"]), "type": "private"}
        return web.json_response({"ok": True, "result": {"message_id": 42, "date": 0, "chat": chat}})


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
async def url(api: Api) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/bot{token}/{method}", api.answer)
    async with TestServer(app) as server:
        yield str(server.make_url("/bot"))


@pytest.fixture
async def messenger(url: str) -> AsyncIterator[TelegramMessenger]:
    async with Bot(TOKEN, url, request=AiohttpRequest(), get_updates_request=AiohttpRequest()) as bot:
        yield TelegramMessenger(bot)


async def test_a_message_is_sent_with_all_that_it_has(messenger: TelegramMessenger, api: Api) -> None:
    buttons = ((Button("More", data="more:1"), Button("Read", url="https://e.com/")),)
    message = Message("<b>News</b>", buttons, silent=True, preview=True)
    result = await messenger.send(-1005, message, thread_id=9)
    assert (result.status, result.message_id) == (SendStatus.SENT, 42)
    method, fields = api.calls[0]
    assert method == "sendMessage"
    assert json.loads(fields.pop("link_preview_options")) == {"is_disabled": False}
    assert json.loads(fields.pop("reply_markup"))["inline_keyboard"] == [
        [{"text": "More", "callback_data": "more:1"}, {"text": "Read", "url": "https://e.com/"}]
    ]
    assert fields == {
        "chat_id": "-1005",
        "text": "<b>News</b>",
        "parse_mode": "HTML",
        "disable_notification": "true",
        "message_thread_id": "9",
    }


async def test_a_simple_message_needs_little(messenger: TelegramMessenger, api: Api) -> None:
    await messenger.send(7, Message("News"))
    preview = '{"is_disabled": true}'
    assert api.calls == [
        ("sendMessage", {"chat_id": "7", "text": "News", "parse_mode": "HTML", "link_preview_options": preview})
    ]


async def test_plain_keeps_the_words_the_links_and_the_buttons(messenger: TelegramMessenger, api: Api) -> None:
    message = Message('<b>A &lt; B</b>: <a href="https://e.com/">Title</a>', ((Button("More", data="m"),),))
    await messenger.send(7, message, plain=True)
    fields = api.calls[0][1]
    assert fields["text"] == "A < B: Title (https://e.com/)"
    assert "parse_mode" not in fields
    assert "reply_markup" in fields


@pytest.mark.parametrize(
    ("code", "description", "status"),
    [
        (400, "Bad Request: can't parse entities: Can't find end tag corresponding to start tag b", "unreadable"),
        (400, "Bad Request: chat not found", "gone"),
        (400, "Bad Request: PEER_ID_INVALID", "gone"),
        (400, "Bad Request: message is too long", "unreadable"),
        (400, "Bad Request: group chat was deactivated", "gone"),
        (400, "Bad Request: TOPIC_CLOSED", "closed"),
        (400, "Bad Request: message thread not found", "closed"),
        (400, "Bad Request: not enough rights to send text messages to the chat", "shut"),
        (400, "Bad Request: need administrator rights in the channel chat", "shut"),
        (400, "Bad Request: wrong parameter", "refused"),
        (403, "Forbidden: bot was blocked by the user", "gone"),
        (403, "Forbidden: user is deactivated", "gone"),
        (403, "Forbidden: bot was kicked from the supergroup chat", "gone"),
        (500, "Internal Server Error", "uncertain"),
        (502, "Bad Gateway", "uncertain"),
        (418, "Teapot", "uncertain"),
    ],
)
async def test_each_refusal_of_telegram_is_understood(
    messenger: TelegramMessenger, api: Api, code: int, description: str, status: str
) -> None:
    api.refuse(code, description)
    result = await messenger.send(7, Message("News"))
    assert result.status == SendStatus(status)
    assert result.detail


async def test_a_429_and_a_migration_bring_their_facts(messenger: TelegramMessenger, api: Api) -> None:
    api.refuse(429, "Too Many Requests: retry after 11", retry_after=11)
    api.refuse(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=-1005)
    flooded = await messenger.send(7, Message("News"))
    assert (flooded.status, flooded.retry_after) == (SendStatus.FLOOD, 11.0)
    moved = await messenger.send(-5, Message("News"))
    assert (moved.status, moved.new_chat_id) == (SendStatus.MIGRATED, -1005)


@pytest.mark.parametrize(("code", "error"), [(401, TokenRejected), (404, TokenRejected), (409, OtherInstanceRunning)])
async def test_what_concerns_the_bot_itself_is_raised(
    messenger: TelegramMessenger, api: Api, code: int, error: type[Exception]
) -> None:
    api.refuse(code, "No")
    with pytest.raises(error):
        await messenger.send(7, Message("News"))


async def test_who_administers_a_group_is_known_unless_telegram_does_not_tell(
    messenger: TelegramMessenger, api: Api
) -> None:
    people = [{"id": 7, "is_bot": False, "first_name": "Ada"}, ME]
    members = [{"status": "creator", "user": user, "is_anonymous": False} for user in people]
    api.answers.append((200, {"ok": True, "result": members}))
    assert await messenger.administrators(-5) == [7]
    api.refuse(403, "Forbidden: bot was kicked from the group chat")
    assert await messenger.administrators(-5) == []


async def test_a_broken_connection_leaves_open_whether_it_arrived(messenger: TelegramMessenger, api: Api) -> None:
    api.drop = True
    assert (await messenger.send(7, Message("News"))).status is SendStatus.UNCERTAIN


async def test_without_a_connection_nothing_was_sent(messenger: TelegramMessenger) -> None:
    async def closed(*_: object) -> None:
        return None

    server = await asyncio.start_server(closed, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    requests = (AiohttpRequest(), AiohttpRequest())
    for each in requests:
        await each.initialize()
    away = Bot(TOKEN, f"http://127.0.0.1:{port}/bot", request=requests[0], get_updates_request=requests[1])
    assert (await TelegramMessenger(away).send(7, Message("News"))).status is SendStatus.RETRY
    for each in requests:
        await each.shutdown()


async def test_a_message_is_edited_in_place_and_an_unchanged_one_counts_as_done(
    messenger: TelegramMessenger, api: Api
) -> None:
    assert (await messenger.edit(7, 42, Message("Newer"))).status is SendStatus.SENT
    assert (api.calls[0][0], api.calls[0][1]["message_id"]) == ("editMessageText", "42")
    api.refuse(400, "Bad Request: message is not modified: specified new message content is the same")
    assert (await messenger.edit(7, 42, Message("Newer"))).status is SendStatus.SENT
    api.refuse(400, "Bad Request: message to edit not found")
    assert (await messenger.edit(7, 42, Message("Newer"))).status is SendStatus.MISSING


async def test_only_the_buttons_change_where_there_is_no_text(messenger: TelegramMessenger, api: Api) -> None:
    assert (await messenger.edit(7, 42, Message("", ((Button("A", data="a"),),)))).status is SendStatus.SENT
    assert (api.calls[0][0], "text" in api.calls[0][1]) == ("editMessageReplyMarkup", False)


async def test_a_message_replies_to_another_also_when_that_is_gone(messenger: TelegramMessenger, api: Api) -> None:
    await messenger.send(7, Message("More"), reply_to=42)
    assert json.loads(api.calls[0][1]["reply_parameters"]) == {"message_id": 42, "allow_sending_without_reply": True}


@pytest.mark.parametrize(
    ("refusal", "status"),
    [("message to delete not found", SendStatus.MISSING), ("message can't be deleted", SendStatus.LASTING)],
)
async def test_a_message_is_deleted_where_it_can_be(
    messenger: TelegramMessenger, api: Api, refusal: str, status: SendStatus
) -> None:
    api.refuse(400, f"Bad Request: {refusal}")
    assert (await messenger.delete(7, 42)).status is status
    assert api.calls[0] == ("deleteMessage", {"chat_id": "7", "message_id": "42"})


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadRequest("Wrong parameter"), SendStatus.REFUSED),
        (TimedOut(), SendStatus.UNCERTAIN),
        (NetworkError("odd"), SendStatus.UNCERTAIN),
        (TelegramError("Invalid server response"), SendStatus.UNCERTAIN),
        (Forbidden("Forbidden"), SendStatus.GONE),
        (ChatMigrated(-1), SendStatus.MIGRATED),
    ],
)
def test_the_librarys_errors_are_told_apart_although_they_are_related(error: TelegramError, status: SendStatus) -> None:
    assert to_result(error).status is status


def test_a_wait_is_read_as_seconds_in_either_form(monkeypatch: pytest.MonkeyPatch) -> None:
    assert to_result(RetryAfter(3)).retry_after == 3.0
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    assert to_result(RetryAfter(timedelta(seconds=4))).retry_after == 4.0


def test_no_buttons_are_no_keyboard() -> None:
    assert keyboard(Message("News")) is None


# the rate limiter of the handlers


class Call:
    """A call that the limiter lets through, with scripted answers."""

    def __init__(self, *answers: Exception) -> None:
        self.answers = list(answers)
        self.made = 0

    async def __call__(self, *_args: Any, **_kwargs: Any) -> bool:
        self.made += 1
        if self.answers:
            raise self.answers.pop(0)
        return True


async def ask(limiter: PacedRateLimiter, call: Call, endpoint: str = "sendMessage", **data: Any) -> Any:
    return await limiter.process_request(call, (), {}, endpoint, data, None)


async def test_answers_take_their_place_in_the_senders_pace() -> None:
    pacer, loop = Pacer(0.01), asyncio.get_running_loop()
    limiter, call = PacedRateLimiter(pacer), Call()
    await limiter.initialize()
    assert await ask(limiter, call, chat_id=1) is True
    assert pacer.wait(loop.time()) > 0
    assert call.made == 1
    await limiter.shutdown()


@pytest.mark.parametrize(
    ("endpoint", "data"),
    [
        ("answerCallbackQuery", {"callback_query_id": "1"}),
        ("getMe", {}),
        ("sendChatAction", {"chat_id": 1}),
        ("setMyCommands", {"chat_id": 1}),
        ("sendMessage", {"chat_id": "@channel"}),
    ],
)
async def test_what_is_no_message_to_a_known_chat_does_not_wait(endpoint: str, data: dict[str, Any]) -> None:
    pacer, call = Pacer(20), Call()
    pacer.refused(1, 3600, asyncio.get_running_loop().time())
    assert await ask(PacedRateLimiter(pacer), call, endpoint, **data) is True


async def test_a_429_is_waited_out_once_and_delays_only_its_chat() -> None:
    pacer, loop = Pacer(100), asyncio.get_running_loop()
    call = Call(RetryAfter(0.05), RetryAfter(60))  # type: ignore[arg-type]
    started = loop.time()
    with pytest.raises(RetryAfter):
        await ask(PacedRateLimiter(pacer), call, chat_id=-5)
    assert call.made == 2
    assert loop.time() - started >= 0.05
    assert pacer.rest(6, ChatKind.PRIVATE, loop.time()) == 0


async def test_a_long_429_is_the_callers() -> None:
    pacer, loop = Pacer(100), asyncio.get_running_loop()
    call = Call(RetryAfter(600))
    with pytest.raises(RetryAfter):
        await ask(PacedRateLimiter(pacer), call, chat_id=5)
    assert call.made == 1
    assert pacer.rest(5, ChatKind.PRIVATE, loop.time()) > 500


async def test_what_the_sender_has_paced_does_not_wait_a_second_time(url: str, api: Api) -> None:
    pacer = Pacer(20)
    pacer.refused(7, 3600, asyncio.get_running_loop().time())
    limiter = PacedRateLimiter(pacer)
    bot = ExtBot(TOKEN, url, request=AiohttpRequest(), get_updates_request=AiohttpRequest(), rate_limiter=limiter)
    async with bot:
        assert (await TelegramMessenger(bot).send(7, Message("News"))).status is SendStatus.SENT
    assert len(api.calls) == 1
