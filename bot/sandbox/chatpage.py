"""The chat page: a messenger in the browser, and the HTTP doors through which it, or a test in another process, acts.

    GET  /                    the page
    GET  /sandbox/events      server-sent events: first the whole world, then every change
    POST /sandbox/say         {chat, text, user?, thread?}
    POST /sandbox/tap         {chat, message, data, user?}
    POST /sandbox/block       {chat, blocked}
    POST /sandbox/membership  {chat, status}: member, administrator, left, kicked
    POST /sandbox/faults      {kind, method?, chat?, times?, seconds?, new_chat?}; DELETE forgets all
    GET  /sandbox/calls       the latest calls of the bot
    GET  /sandbox/messages    ?chat=: everything in a chat, oldest first

Only JSON bodies are taken, so that no other site can make a browser act here.
"""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

from aiohttp import web

from bot.sandbox.botapi import Call
from bot.sandbox.chats import Message, Tap
from bot.sandbox.faults import Fault
from bot.sandbox.profile import Profile
from bot.sandbox.views import view_change, view_message, view_world
from bot.sandbox.world import Change, ChatReference, World

STATIC = Path(__file__).parent / "static"
STREAM_LIMIT = 1000  # events that a page may lag behind before it must load anew
CALLS_SHOWN = 100
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'"
)

Body = dict[str, Any]
Action = Callable[[Body], Awaitable[None] | None]


class Actor(Protocol):
    """What the page does in the world; see Sandbox."""

    world: World
    profile: Profile

    async def say(self, chat: ChatReference, text: str, *, user: int | None = None, thread: int = 0) -> Message:
        """Somebody writes."""
        ...

    async def send_file(
        self, chat: ChatReference, name: str, body: bytes, *, caption: str = "", user: int | None = None
    ) -> Message:
        """Somebody sends a file."""
        ...

    async def tap(
        self, chat: ChatReference, button: str, *, message: Message | None = None, user: int | None = None
    ) -> Tap:
        """Somebody taps."""
        ...

    def fail(
        self,
        kind: str,
        method: str | None = None,
        *,
        chat: ChatReference | None = None,
        times: int | None = 1,
        seconds: float = 0.0,
        new_chat: int | None = None,
    ) -> Fault:
        """Plans a misfortune."""
        ...

    def recover(self) -> None:
        """Forgets all misfortunes."""
        ...

    @property
    def calls(self) -> list[Call]:
        """Every call."""
        ...


class ChatPage:
    """Serves the page of one sandbox."""

    def __init__(self, sandbox: Actor) -> None:
        self._sandbox = sandbox
        self._streams: set[asyncio.Queue[Change | None]] = set()

    def routes(self) -> list[web.RouteDef | web.StaticDef]:
        """Everything that the page needs."""
        return [
            web.get("/", self._page),
            web.static("/sandbox/static", STATIC),
            web.get("/sandbox/events", self._events),
            web.get("/sandbox/calls", self._calls),
            web.get("/sandbox/messages", self._messages),
            web.get("/sandbox/files/{file_id}", self._file),
            web.post("/sandbox/say", self._doing(self._say)),
            web.post("/sandbox/file", self._doing(self._send_file)),
            web.post("/sandbox/tap", self._doing(self._tap)),
            web.post("/sandbox/block", self._doing(self._block)),
            web.post("/sandbox/membership", self._doing(self._membership)),
            web.post("/sandbox/faults", self._doing(self._fail)),
            web.delete("/sandbox/faults", self._recover),
        ]

    def close(self) -> None:
        """Ends every stream, so that the server can stop at once."""
        for stream in self._streams:
            stream.put_nowait(None)

    async def _page(self, _request: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "Cache-Control": "no-store"}
        page = (STATIC / "chat.html").read_text(encoding="utf-8")
        return web.Response(text=page, content_type="text/html", headers=headers)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        stream: asyncio.Queue[Change | None] = asyncio.Queue()
        world, profile = self._sandbox.world, self._sandbox.profile
        stop_listening = world.listen(stream.put_nowait)
        self._streams.add(stream)
        try:
            await _send(response, {"kind": "world", **view_world(world, profile)})
            while (change := await stream.get()) is not None and stream.qsize() < STREAM_LIMIT:
                for event in view_change(change, world, profile):
                    await _send(response, event)
        except ConnectionError:
            pass  # the page was closed
        finally:
            stop_listening()
            self._streams.discard(stream)
        return response

    async def _calls(self, _request: web.Request) -> web.Response:
        calls = self._sandbox.calls[-CALLS_SHOWN:]
        shown = [
            {"method": call.method, "params": call.params, "refusal": call.refusal and call.refusal.description}
            for call in calls
        ]
        return web.json_response(shown, dumps=lambda value: json.dumps(value, default=str, ensure_ascii=False))

    async def _messages(self, request: web.Request) -> web.Response:
        chat = self._sandbox.world.find_chat(request.query.get("chat", ""))
        if chat is None:
            raise web.HTTPNotFound(text="no such chat")
        return web.json_response([view_message(message) for message in chat.messages])

    async def _file(self, request: web.Request) -> web.Response:
        body = self._sandbox.world.files.get(f"documents/{request.match_info['file_id']}")
        if body is None:
            raise web.HTTPNotFound(text="no such file")
        headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        return web.Response(body=body, content_type="application/octet-stream", headers=headers)

    def _doing(self, action: Action) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            if request.content_type != "application/json":
                return web.json_response({"error": "send JSON"}, status=415)
            try:
                outcome = action(await request.json())
                if outcome is not None:
                    await outcome
            except (LookupError, TypeError, ValueError) as error:
                return web.json_response({"error": f"{type(error).__name__}: {error}"}, status=400)
            return web.json_response({"done": True})

        return handle

    async def _say(self, body: Body) -> None:
        await self._sandbox.say(body["chat"], body["text"], user=body.get("user"), thread=body.get("thread", 0))

    async def _send_file(self, body: Body) -> None:
        content = base64.b64decode(body["content"], validate=True)
        await self._sandbox.send_file(
            body["chat"], body["name"], content, caption=body.get("caption", ""), user=body.get("user")
        )

    async def _tap(self, body: Body) -> None:
        message = self._sandbox.world.chat(body["chat"]).message(body["message"])
        if message is None:
            raise LookupError(f"no message {body['message']}")
        await self._sandbox.tap(body["chat"], body["data"], message=message, user=body.get("user"))

    def _block(self, body: Body) -> None:
        self._sandbox.world.set_blocked(self._sandbox.world.chat(body["chat"]), blocked=bool(body["blocked"]))

    def _membership(self, body: Body) -> None:
        if body["status"] not in ("member", "administrator", "left", "kicked"):
            raise ValueError(f"no such status: {body['status']}")
        chat = self._sandbox.world.chat(body["chat"])
        self._sandbox.world.set_status(chat, body["status"], chat.speaker)

    def _fail(self, body: Body) -> None:
        self._sandbox.fail(**body)

    async def _recover(self, _request: web.Request) -> web.Response:
        self._sandbox.recover()
        return web.json_response({"done": True})


async def _send(response: web.StreamResponse, event: Body) -> None:
    await response.write(f"data: {json.dumps(event, ensure_ascii=False)}\n\n".encode())
