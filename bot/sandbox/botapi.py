"""The HTTP side of the Bot API: `/bot<token>/<method>`, with parameters in the query, a form or a JSON object."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox import about, files, messages
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.methods import find_method, read_parameters
from bot.sandbox.refusals import Refusal, bad_request
from bot.sandbox.state import State

CALLS_KEPT = 20_000
Handler = Callable[[State, dict[str, Any]], Any | Awaitable[Any]]

HANDLERS: dict[str, Handler] = {
    "getMe": about.get_me,
    "logOut": about.log_out,
    "close": about.log_out,
    "getUpdates": about.get_updates,
    "setWebhook": about.set_webhook,
    "deleteWebhook": about.delete_webhook,
    "getWebhookInfo": about.get_webhook_info,
    "sendMessage": messages.send_message,
    "sendDocument": files.send_document,
    "getFile": files.get_file,
    "editMessageText": messages.edit_message_text,
    "editMessageReplyMarkup": messages.edit_message_reply_markup,
    "deleteMessage": messages.delete_message,
    "deleteMessages": messages.delete_messages,
    "answerCallbackQuery": messages.answer_callback_query,
    "sendChatAction": messages.send_chat_action,
    "setMyCommands": about.set_my_commands,
    "getMyCommands": about.get_my_commands,
    "deleteMyCommands": about.delete_my_commands,
    "setMyName": about.set_text("name"),
    "getMyName": about.get_text("name"),
    "setMyDescription": about.set_text("description"),
    "getMyDescription": about.get_text("description"),
    "setMyShortDescription": about.set_text("short_description"),
    "getMyShortDescription": about.get_text("short_description"),
    "setChatMenuButton": about.set_chat_menu_button,
    "getChatMenuButton": about.get_chat_menu_button,
    "getChat": about.get_chat,
    "getChatMember": about.get_chat_member,
    "getChatAdministrators": about.get_chat_administrators,
    "getChatMemberCount": about.get_chat_member_count,
    "leaveChat": about.leave_chat,
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was answered, or would have been.

    Attributes:
        method: as Telegram writes it.
        params: the parameters, parsed.
        time: when it was done, in seconds of time.monotonic().
        result: what it was answered, None if refused.
        refusal: why it was refused, else None.
        fault: the kind of the fault that met it, else empty.
    """

    method: str
    params: dict[str, Any]
    time: float
    result: Any = None
    refusal: Refusal | None = None
    fault: str = ""


class BotApi:
    """Answers the calls of one bot.

    Args:
        token: the only token that is right.
        state: what the methods work on.
        faults: misfortunes to meet on the way.
    """

    def __init__(self, token: str, state: State, faults: Faults) -> None:
        self.calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self._token = token
        self._state = state
        self._faults = faults

    def routes(self) -> list[web.RouteDef]:
        """Methods, which may be called by GET and POST, and files."""
        return [
            web.route("*", "/bot{token}/{method}", self._serve),
            web.get("/file/bot{token}/{path:.+}", self._serve_file),
        ]

    async def _serve_file(self, request: web.Request) -> web.Response:
        body = self._state.world.files.get(request.match_info["path"])
        if body is None or request.match_info["token"] != self._token:
            return _answer(Refusal(404, "Not Found"))
        return web.Response(body=body, content_type="application/octet-stream")

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        try:
            if request.match_info["token"] != self._token:
                raise Refusal(401, "Unauthorized")
            method = find_method(request.match_info["method"])
            given = read_parameters(method, await _given(request))
        except Refusal as refusal:
            self._note(request.match_info["method"], {}, refusal=refusal)
            return _answer(refusal)
        fault = self._faults.take(method.name, given.get("chat_id"))
        if fault is not None:
            return await self._misfortune(request, fault, method.name, given)
        return await self._do(method.name, given)

    async def _do(self, method: str, given: dict[str, Any], fault: str = "") -> web.Response:
        try:
            result = HANDLERS[method](self._state, given)
            if asyncio.iscoroutine(result):
                result = await result
        except Refusal as refusal:
            self._note(method, given, refusal=refusal, fault=fault)
            return _answer(refusal)
        self._note(method, given, result=result, fault=fault)
        return web.json_response({"ok": True, "result": result})

    async def _misfortune(
        self, request: web.Request, fault: Fault, method: str, given: dict[str, Any]
    ) -> web.StreamResponse:
        await fault.wait_before()
        if fault.refusal is not None:
            self._note(method, given, refusal=fault.refusal, fault=fault.kind)
            return _answer(fault.refusal)
        if fault.bad_gateway:
            self._note(method, given, fault=fault.kind)
            page = "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
            return web.Response(status=502, text=page, content_type="text/html")
        if fault.drop == "before":
            self._note(method, given, fault=fault.kind)
            return _hang_up(request)
        answer = await self._do(method, given, fault.kind)
        await asyncio.sleep(fault.late)
        return _hang_up(request) if fault.drop == "after" else answer

    def _note(self, method: str, given: dict[str, Any], **outcome: Any) -> None:
        self.calls.append(Call(method, given, time.monotonic(), **outcome))


async def _given(request: web.Request) -> dict[str, object]:
    given: dict[str, object] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        if not isinstance(body, dict):
            raise bad_request("object expected")
        return given | body
    return given | dict(await request.post())


def _answer(refusal: Refusal) -> web.Response:
    headers = {}
    if "retry_after" in refusal.parameters:
        headers["Retry-After"] = str(refusal.parameters["retry_after"])
    return web.json_response(refusal.body(), status=refusal.code, headers=headers)


def _hang_up(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
