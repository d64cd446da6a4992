"""One turn of a conversation: who said what where, and the ways to answer. Handlers know this, little of Telegram."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from weakref import WeakValueDictionary

import telegram
from telegram.error import BadRequest

from bot.actions.account import Door, Visitor
from bot.actions.items import Telling
from bot.actions.matching import LiveMatcher
from bot.actions.stats import Outlook
from bot.adapters.messenger import keyboard
from bot.errors import BadInput
from bot.log import get
from bot.model import Button, ChatKind, Html, Message
from bot.ports import Clock, Fetcher, Workers
from bot.rules.splitting import split
from bot.storage.database import Database
from bot.texts import Catalogue, escape, words

log = get(__name__)

Buttons = Sequence[Sequence[Button]]


class OneAtATime:
    """Lets what a chat asks for several times at once be done once, for all who asked before it was done."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        self._done_at: dict[int, datetime] = {}

    @asynccontextmanager
    async def turn(self, chat_id: int, asked_at: datetime, clock: Clock) -> AsyncIterator[bool]:
        """Waits for the chat's turn; gives False where it was done since `asked_at`."""
        lock = self._locks.setdefault(chat_id, asyncio.Lock())
        async with lock:
            yield self._done_at.get(chat_id, asked_at) <= asked_at
            self._done_at[chat_id] = clock.now()


@dataclass(slots=True)
class Services:
    """What the handlers' actions work with. `claim_code` is empty once the bot has an owner,
    `public_url` while readers can reach no portal."""

    db: Database
    fetcher: Fetcher
    workers: Workers
    clock: Clock
    matcher: LiveMatcher
    door: Door
    wake: Callable[[str], None]
    outlook: Outlook
    public_url: str = ""
    claim_code: str = ""
    rate: float = 28.0  # messages per second over all chats
    briefings: OneAtATime = field(default_factory=OneAtATime)


@dataclass(slots=True)
class Turn:
    """A message or a tap of a visitor.

    Attributes:
        answered: whether the tap was answered; Telegram shows only the first answer.
    """

    services: Services
    visitor: Visitor
    update: telegram.Update
    now: datetime
    answered: bool = False

    @property
    def words(self) -> Catalogue:
        """The words of the chat's language."""
        return words(self.visitor.chat.language)

    @property
    def telling(self) -> Telling:
        """The same turn as a briefing sees it."""
        return Telling(self.visitor.chat, self.now, self.words)

    @property
    def hears_all(self) -> bool:
        """Whether plain text reaches the bot here: in groups it listens to commands alone."""
        return self.visitor.chat.kind is ChatKind.PRIVATE

    @property
    def message(self) -> telegram.Message:
        """The message that was sent, or under which a button was tapped."""
        message = self.update.effective_message
        if not isinstance(message, telegram.Message):
            raise TypeError("this update has no message")  # the routes only let through what has one
        return message

    async def reply(self, text: str, buttons: Buttons = (), *, preview: bool = False) -> telegram.Message:
        """Answers with a new message, or several where one can't carry the text; the last has the buttons.

        Plain text is escaped; Html stays. The answer is the last message.
        """
        for part in split([Html(escape(text))], buttons):
            sent = await self.message.reply_text(
                part.text,
                parse_mode="HTML",
                reply_markup=keyboard(part),
                link_preview_options=telegram.LinkPreviewOptions(is_disabled=not preview),
                do_quote=False,
            )
        return sent

    async def edit(self, text: str, buttons: Buttons = ()) -> None:
        """Replaces the message under which a button was tapped; an unchanged one stays.

        What is too long for one message comes as new ones.
        """
        [part, *more] = split([Html(escape(text))], buttons)
        if more:
            await self.reply(text, buttons)
            return
        try:
            await self.message.edit_text(
                part.text,
                parse_mode="HTML",
                reply_markup=keyboard(part),
                link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
            )
        except BadRequest as error:
            if "not modified" not in str(error).lower():  # it was deleted, or is too old to be edited
                await self.reply(text, buttons)

    async def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Answers a tap with a short line over the chat; without a text, only stops the button's spinner."""
        if self.update.callback_query is not None and not self.answered:
            self.answered = True
            try:
                await self.update.callback_query.answer(text[:200] or None, show_alert=alert)
            except (
                BadRequest
            ) as error:  # after a minute nobody sees the answer; what was asked for is done all the same
                log.info("tap not answered", reason=str(error))

    def quoted(self, place: int = 0) -> str:
        """The query, or of several the one at a place, in the message under which a button was tapped: set as code."""
        found = list(self.message.parse_entities([telegram.MessageEntity.CODE]).values())
        return found[place] if place < len(found) else ""


def number(argument: str) -> int:
    """The id that a button carries. Raises BadInput for a button of a version that wrote something else there."""
    if not argument.isdecimal():
        raise BadInput("stale_button")
    return int(argument)


def code(text: str) -> Html:
    """A text as inline code, which a tap copies and `Turn.quoted` finds again."""
    return Html(f"<code>{escape(text)}</code>")


def keyboard_of(buttons: Buttons) -> telegram.InlineKeyboardMarkup | None:
    """Buttons as Telegram takes them."""
    return keyboard(Message("", tuple(tuple(row) for row in buttons)))
