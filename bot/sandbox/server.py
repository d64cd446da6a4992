"""A local Telegram: a strict Bot API server with people, chats and a chat page.

    async with Sandbox() as sandbox:
        start_a_bot(api_url=sandbox.url, token=sandbox.token)
        await sandbox.say("You", "/subscribe North Korea")
        answer = await sandbox.wait_for("You", "Following")
        await sandbox.tap("You", "Undo")

People and chats are named by title, id, @username or themselves. Everything runs on one event loop.
"""

import asyncio
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self, TypeVar

import aiohttp
from aiohttp import web

from bot.adapters.clock import SystemClock
from bot.ports import Clock
from bot.sandbox import cast
from bot.sandbox.botapi import BotApi, Call
from bot.sandbox.chatpage import ChatPage
from bot.sandbox.chats import Chat, Message, Tap, User
from bot.sandbox.faults import Fault, Faults
from bot.sandbox.limits import Limiter, Limits
from bot.sandbox.profile import Profile
from bot.sandbox.state import State
from bot.sandbox.updates import Updates
from bot.sandbox.world import ChatReference, World

PATIENCE = 10.0  # seconds that wait_for waits

Predicate = Callable[[Message], bool]
UserReference = User | int | str
Found = TypeVar("Found")


class Sandbox:
    """A Bot API server with a world of its own.

    Args:
        token: the bot's token.
        clock: what dates messages and ages taps; the machine's by default.
        limits: Telegram's rate limits; NO_LIMITS switches them off.
        routes: further routes for the same server, such as outlets with feeds.
        surplus_entities: ignore entities beyond 100 as Telegram does, instead of refusing them.
        query_lifetime: seconds after which a tap can't be answered any more.
        webhook_retry: seconds before the second try of a webhook.

    Attributes:
        app: the aiohttp application; add to its router before `start`.
        world: users, chats and what happens among them.
        updates: what the bot has not heard yet.
        profile: the commands and texts that the bot has set.
    """

    def __init__(
        self,
        *,
        token: str = cast.TOKEN,
        clock: Clock | None = None,
        limits: Limits | None = None,
        routes: Iterable[web.AbstractRouteDef] = (),
        surplus_entities: bool = False,
        query_lifetime: float = 60.0,
        webhook_retry: float = 1.0,
    ) -> None:
        self.token = token
        now = (clock or SystemClock()).now
        self.updates = Updates(now, webhook_retry=webhook_retry)
        self.profile = Profile()
        self.world = World(cast.make_bot(token), now, self.updates.add)
        cast.populate(self.world)
        limiter = Limiter(Limits() if limits is None else limits)
        self._state = State(self.world, self.updates, self.profile, limiter, surplus_entities, query_lifetime)
        self._faults = Faults()
        self._api = BotApi(token, self._state, self._faults)
        self.app = web.Application(client_max_size=8 * 1024 * 1024)  # bytes; files come as base64
        self._page = ChatPage(self)
        self.app.add_routes(self._api.routes())
        self.app.add_routes(self._page.routes())
        self.app.add_routes(list(routes))
        self._runner: web.AppRunner | None = None
        self.url = ""

    # Life

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listens; port 0 takes a free one. Raises OSError where the port is taken."""
        self._state.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        try:
            await site.start()
        except OSError:
            await self.stop()
            raise
        self.url = f"http://{host}:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        """Ends every poll, delivery and connection."""
        await self.updates.close()
        self._page.close()
        self._faults.clear()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._state.session is not None:
            await self._state.session.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    @property
    def chat_page_url(self) -> str:
        """Where the chat page is."""
        return f"{self.url}/"

    # What people do

    async def say(
        self,
        chat: ChatReference,
        text: str,
        *,
        user: UserReference | None = None,
        thread: int = 0,
        reply_to: Message | None = None,
    ) -> Message:
        """Somebody writes into a chat: its own person, or in a group `user`, else the one who opened it."""
        where = self.world.chat(chat)
        who = where.speaker if user is None else self.world.user(user)
        return self.world.say(where, who, text, thread_id=thread, reply_to=reply_to)

    async def send_file(
        self, chat: ChatReference, name: str, body: bytes, *, caption: str = "", user: UserReference | None = None
    ) -> Message:
        """Somebody sends a file."""
        where = self.world.chat(chat)
        who = where.speaker if user is None else self.world.user(user)
        return self.world.say(where, who, caption, document=self.world.keep_file(name, body))

    async def tap(
        self,
        chat: ChatReference,
        button: str,
        *,
        message: Message | None = None,
        user: UserReference | None = None,
    ) -> Tap:
        """Somebody taps a button, named by its label or callback data.

        Args:
            message: the message that has it; by default the latest one with such a button.

        Raises:
            LookupError: there is no such button, or it carries no callback data.
        """
        where = self.world.chat(chat)
        found = message or self._latest_with_button(where, button)
        data = found.button(button).get("callback_data")
        if data is None:
            raise LookupError(f"button {button!r} opens something and tells the bot nothing")
        return self.world.tap(found, data, where.speaker if user is None else self.world.user(user))

    async def ask(
        self,
        chat: ChatReference,
        text: str,
        answer: str | Predicate | None = None,
        *,
        user: UserReference | None = None,
        timeout: float = PATIENCE,
    ) -> Message:
        """Writes, and waits for the bot's answer."""
        await self.say(chat, text, user=user)
        return await self.wait_for(chat, answer, timeout)

    def block(self, user: UserReference) -> None:
        """Somebody blocks the bot in their private chat."""
        self.world.set_blocked(self.world.chats[self.world.user(user).id], blocked=True)

    def unblock(self, user: UserReference) -> None:
        """… and takes it back."""
        self.world.set_blocked(self.world.chats[self.world.user(user).id], blocked=False)

    def deactivate(self, user: UserReference) -> None:
        """Somebody leaves Telegram."""
        self.world.user(user).deactivated = True

    def add_user(self, name: str, *, language: str = "en", user_id: int | None = None) -> Chat:
        """Lets one more person in, and gives their private chat with the bot."""
        return self.world.add_user(User(user_id or cast.YOU_ID + 1000 + len(self.world.users), name, language=language))

    def add_bot(self, chat: ChatReference, *, status: str = "member", by: UserReference | None = None) -> Chat:
        """Somebody adds the bot to a group or channel (there as administrator)."""
        where = self.world.chat(chat)
        if where.type == "channel":
            status = "administrator"
        self.world.set_status(where, status, where.speaker if by is None else self.world.user(by))
        return where

    def remove_bot(self, chat: ChatReference, *, by: UserReference | None = None) -> None:
        """Somebody throws the bot out of a group or channel."""
        where = self.world.chat(chat)
        self.world.set_status(where, "kicked", where.speaker if by is None else self.world.user(by))

    def upgrade(self, chat: ChatReference) -> Chat:
        """A group becomes a supergroup; the new one is given."""
        where = self.world.chat(chat)
        return self.world.upgrade(where, -1_001_500_000_000 + where.id)

    # What there is to see

    def messages(self, chat: ChatReference) -> list[Message]:
        """Everything in a chat, oldest first."""
        return list(self.world.chat(chat).messages)

    def sent(self, chat: ChatReference) -> list[Message]:
        """What the bot sent to a chat, oldest first."""
        return [message for message in self.world.chat(chat).messages if message.from_bot]

    def last(self, chat: ChatReference) -> Message:
        """What the bot sent last to a chat. Raises LookupError where it sent nothing."""
        sent = self.sent(chat)
        if not sent:
            raise LookupError(f"the bot has sent nothing to {self.world.chat(chat).title!r}")
        return sent[-1]

    @property
    def calls(self) -> list[Call]:
        """Every call, oldest first, refused ones too."""
        return list(self._api.calls)

    def calls_of(self, method: str) -> list[Call]:
        """The calls of one method."""
        return [call for call in self._api.calls if call.method == method]

    async def wait_for(
        self,
        chat: ChatReference,
        wanted: str | Predicate | None = None,
        timeout: float = PATIENCE,
        *,
        since: int | None = None,
    ) -> Message:
        """Waits for a message of the bot, new or edited, that is as wanted.

        Args:
            wanted: a part of its text, or what says yes to it; None takes any.
            timeout: seconds.
            since: a `mark`; by default what came after somebody last wrote or tapped in this chat.

        Raises:
            TimeoutError: none came; says what is there.
        """
        where = self.world.chat(chat)
        fits = _as_predicate(wanted)

        def find() -> Message | None:
            after = where.acted if since is None else since
            fitting = [m for m in where.messages if m.from_bot and m.revision > after and fits(m)]
            return min(fitting, key=lambda message: message.revision, default=None)

        return await self._until(find, timeout, f"a message like {wanted!r} in {where.title!r}", where)

    async def answer_to(self, tap: Tap, timeout: float = PATIENCE) -> Tap:
        """Waits until the bot has answered a tap; `answer` and `alert` say how."""
        return await self._until(
            lambda: tap if tap.answered else None, timeout, f"an answer to the tap {tap.data!r}", tap.message.chat
        )

    def mark(self) -> int:
        """The present moment, for `wait_for(since=…)`."""
        return self.world.revision

    async def heard(self, timeout: float = PATIENCE) -> None:
        """Waits until the bot has confirmed every update."""
        async with asyncio.timeout(timeout):
            await self.updates.confirmed()

    # Misfortunes

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
        """Lets the next fitting calls meet a misfortune.

        Args:
            kind: flood, blocked, kicked, deactivated, chat_not_found, migrated, cannot_parse, too_long, not_modified,
                edit_not_found, undeletable, no_rights, topic_closed, thread_not_found, bad_request, unauthorized,
                conflict, server_error, bad_gateway (HTML), drop_before and drop_after (the connection
                closes; the second time it was done), slow (`seconds` before), late (done, answered after `seconds`),
                hold (until `release()`).
            method: the method it meets; by default any but getUpdates.
            chat: the chat it meets; by default any.
            times: how many calls; None for all, until `recover`.
            seconds: of retry_after or of the delay.
            new_chat: the supergroup's id, of `migrated`.

        Returns:
            The fault: `met` counts, `await reached()` waits for the first call.
        """
        chat_id = None if chat is None else self.world.chat(chat).id
        return self._faults.add(
            kind, method=method, chat_id=chat_id, times=times, seconds=seconds, new_chat_id=new_chat
        )

    def recover(self) -> None:
        """No misfortune any more."""
        self._faults.clear()

    def set_limits(self, limits: Limits) -> None:
        """Other rate limits from now on."""
        self._state.limiter = Limiter(limits)

    # Inside

    def _latest_with_button(self, chat: Chat, button: str) -> Message:
        seen: list[str] = []
        for message in reversed(chat.messages):
            try:
                message.button(button)
            except LookupError:
                seen += message.buttons
            else:
                return message
        raise LookupError(f"no button {button!r} in {chat.title!r}; there are {seen}")

    async def _until(self, find: Callable[[], Found | None], timeout: float, wanted: str, chat: Chat) -> Found:
        changed = asyncio.Event()
        stop_listening = self.world.listen(lambda _change: changed.set())
        try:
            async with asyncio.timeout(timeout):
                while (found := find()) is None:
                    changed.clear()
                    await changed.wait()
                return found
        except TimeoutError:
            raise TimeoutError(f"waited {timeout:g} s for {wanted}; {self._account(chat)}") from None
        finally:
            stop_listening()

    def _account(self, chat: Chat) -> str:
        refused = [f"{call.method}: {call.refusal}" for call in self._api.calls if call.refusal][-3:]
        texts = [message.text for message in self.sent(chat)][-3:]
        return f"last there: {texts}; last refusals: {refused}"


def _as_predicate(wanted: str | Predicate | None) -> Predicate:
    if wanted is None:
        return lambda _message: True
    if isinstance(wanted, str):
        return lambda message: wanted in message.text
    return wanted
