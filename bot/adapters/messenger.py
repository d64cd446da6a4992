"""Messages to Telegram, and what its answers mean.

Beware of the library's family tree: BadRequest (never try again) and TimedOut (perhaps delivered) are both
NetworkErrors. The Bot API gives no codes below 400, so some refusals are known by their text only; the texts are those
of tdlib/telegram-bot-api, Client.cpp.
"""

import asyncio
import warnings
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.ext import BaseRateLimiter
from telegram.warnings import PTBDeprecationWarning

from bot.adapters.transport import AiohttpRequest, surely_not_sent
from bot.errors import OtherInstanceRunning, TokenRejected
from bot.model import ChatKind, Message
from bot.ports import SendResult, SendStatus
from bot.rules.delivery import plain_text
from bot.rules.pacer import Pacer

LONGEST_WAIT = 30.0  # seconds that an answer to a person is held back for a 429; after that it is stale
DETAIL_LENGTH = 200

_UNREADABLE = ("can't parse entities", "can't find end", "is too long", "message_too_long", "entities_too_long")
_GONE = (
    "chat not found",
    "peer_id_invalid",
    "user not found",
    "chat_id is empty",
    "chat was deactivated",
    "chat was deleted",
)
_SHUT = ("not enough rights", "no rights to send", "need administrator rights", "chat_write_forbidden", "_restricted")
_CLOSED = ("topic_closed", "topic_deleted", "topic_id_invalid", "message thread not found")
_UNCHANGED = "message is not modified"
_MISSING = ("message to edit not found", "message to delete not found", "message_id_invalid")
_LASTING = ("message can't be deleted",)

_REFUSALS = (
    (SendStatus.UNREADABLE, _UNREADABLE),
    (SendStatus.GONE, _GONE),
    (SendStatus.CLOSED, _CLOSED),
    (SendStatus.SHUT, _SHUT),
    (SendStatus.MISSING, _MISSING),
    (SendStatus.LASTING, _LASTING),
)

# The library announces on every use that this will be a timedelta one day; `_seconds` reads both.
warnings.filterwarnings("ignore", message=".*retry_after.*", category=PTBDeprecationWarning)


def keyboard(message: Message) -> InlineKeyboardMarkup | None:
    """A message's buttons as Telegram takes them, None where it has none."""
    if not message.buttons:
        return None
    return InlineKeyboardMarkup(
        [
            [InlineKeyboardButton(one.text, url=one.url or None, callback_data=one.data or None) for one in row]
            for row in message.buttons
        ]
    )


def to_result(error: TelegramError) -> SendResult:
    """What an error says about the one message that was sent.

    Raises:
        TokenRejected, OtherInstanceRunning: it is about the bot itself.
    """
    detail = str(error)[:DETAIL_LENGTH]
    match error:
        case InvalidToken():
            raise TokenRejected("token_rejected") from error
        case Conflict():
            raise OtherInstanceRunning("other_instance") from error
        case RetryAfter():
            return SendResult(SendStatus.FLOOD, retry_after=_seconds(error), detail=detail)
        case ChatMigrated():
            return SendResult(SendStatus.MIGRATED, new_chat_id=error.new_chat_id, detail=detail)
        case Forbidden():
            return SendResult(SendStatus.GONE, detail=detail)
        case BadRequest():
            return SendResult(_refusal(detail.lower()), detail=detail)
        case _ if surely_not_sent(error):
            return SendResult(SendStatus.RETRY, detail=detail)
        case _:
            return SendResult(SendStatus.UNCERTAIN, detail=detail)


def _refusal(text: str) -> SendStatus:
    return next((status for status, signs in _REFUSALS if any(sign in text for sign in signs)), SendStatus.REFUSED)


def _seconds(error: RetryAfter) -> float:
    value = error.retry_after
    return value.total_seconds() if isinstance(value, timedelta) else float(value)


class TelegramMessenger:
    """The Messenger over the connections of a bot of python-telegram-bot. It does not pace: the sender has done so.

    Args:
        bot: initialized; its requests go over an AiohttpRequest.
    """

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(
        self,
        telegram_chat_id: int,
        message: Message,
        *,
        thread_id: int = 0,
        reply_to: int | None = None,
        plain: bool = False,
    ) -> SendResult:
        """Sends one message; `plain` drops its markup, but keeps the links' addresses and the buttons."""
        reply = None if reply_to is None else {"message_id": reply_to, "allow_sending_without_reply": True}
        try:
            sent = await self._call(
                "sendMessage",
                chat_id=telegram_chat_id,
                disable_notification=message.silent or None,
                message_thread_id=thread_id or None,
                reply_parameters=reply,
                **_content(message, plain=plain),
            )
        except TelegramError as error:
            return to_result(error)
        return SendResult(SendStatus.SENT, message_id=sent["message_id"])

    async def edit(
        self, telegram_chat_id: int, message_id: int, message: Message, *, plain: bool = False
    ) -> SendResult:
        """Replaces a sent message in place, or only its buttons where there is no text. An unchanged one is sent."""
        place = {"chat_id": telegram_chat_id, "message_id": message_id}
        try:
            if message.text:
                await self._call("editMessageText", **place, **_content(message, plain=plain))
            else:
                await self._call("editMessageReplyMarkup", **place, reply_markup=_buttons(message))
        except TelegramError as error:
            if isinstance(error, BadRequest) and _UNCHANGED in str(error).lower():
                return SendResult(SendStatus.SENT, message_id=message_id)
            return to_result(error)
        return SendResult(SendStatus.SENT, message_id=message_id)

    async def delete(self, telegram_chat_id: int, message_id: int) -> SendResult:
        """Takes a sent message away."""
        try:
            await self._call("deleteMessage", chat_id=telegram_chat_id, message_id=message_id)
        except TelegramError as error:
            return to_result(error)
        return SendResult(SendStatus.SENT, message_id=message_id)

    async def administrators(self, telegram_chat_id: int) -> list[int]:
        """Telegram's ids of the people who administer a group or channel; none where Telegram does not tell."""
        try:
            members = await self._bot.get_chat_administrators(telegram_chat_id)
        except TelegramError:
            return []
        return [member.user.id for member in members if not member.user.is_bot]

    async def _call(self, method: str, **parameters: Any) -> Any:
        request = self._bot.request
        if not isinstance(request, AiohttpRequest):
            raise TypeError("the bot's requests don't go over an AiohttpRequest")
        return await request.call(f"{self._bot.base_url}/{method}", parameters)


def _content(message: Message, *, plain: bool) -> dict[str, Any]:
    return {
        "text": plain_text(message.text) if plain else message.text,
        "parse_mode": None if plain else ParseMode.HTML,
        "link_preview_options": {"is_disabled": not message.preview},
        "reply_markup": _buttons(message),
    }


def _buttons(message: Message) -> dict[str, Any] | None:
    markup = keyboard(message)
    return None if markup is None else markup.to_dict()


class PacedRateLimiter(BaseRateLimiter[object]):
    """Lets the handlers' answers share the sender's pacer, ahead of everything that it sends.

    A 429 is waited out once, where Telegram names no more than LONGEST_WAIT; a second one is the caller's.
    """

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: object,
    ) -> Any:
        """Calls back when it may go, with the library's own errors."""
        chat = data.get("chat_id")
        if not isinstance(chat, int) or not _counts(endpoint):
            return await callback(*args, **kwargs)
        await self._turn(chat)
        try:
            return await callback(*args, **kwargs)
        except RetryAfter as error:
            seconds = _seconds(error)
            self._pacer.refused(chat, seconds, asyncio.get_running_loop().time())
            if seconds > LONGEST_WAIT:
                raise
        await self._turn(chat)
        return await callback(*args, **kwargs)

    async def _turn(self, chat: int) -> None:
        # Telegram's ids say what they are of: people have positive ones, groups and channels negative ones.
        kind = ChatKind.PRIVATE if chat > 0 else ChatKind.GROUP
        loop = asyncio.get_running_loop()
        while True:
            if rest := self._pacer.rest(chat, kind, loop.time()):
                await asyncio.sleep(rest)
                continue
            place = self._pacer.take(chat, loop.time(), urgent=True)
            await asyncio.sleep(place - loop.time())
            if not self._pacer.is_closed(chat, loop.time()):
                self._pacer.left(place, loop.time())
                return


def _counts(endpoint: str) -> bool:
    """Whether Telegram counts a call among a chat's messages."""
    return endpoint.startswith(("send", "copy", "forward", "edit")) and endpoint != "sendChatAction"
