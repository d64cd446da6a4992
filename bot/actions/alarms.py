"""What admins are told without asking: a source that falls ill or silent, a message or chat that Telegram refuses."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.actions.health import ailment, usual_pace
from bot.errors import BriefwireError
from bot.model import Button, Chat, Delivery, DeliveryKind, Html, Message, NewDelivery, Source
from bot.rules.health import is_alarming
from bot.rules.polling import SILENCE_AT_LEAST, is_silent
from bot.rules.rendering import link
from bot.storage import chats, deliveries, sources, users
from bot.storage.database import Database, Tx
from bot.texts import Catalogue, words
from bot.texts.errors import describe

KEPT = timedelta(days=1)  # an alarm that could not be delivered for a day says nothing new

Wake = Callable[[str], None]


async def source_fell_ill(db: Database, source: Source, error: BriefwireError, now: datetime, wake: Wake) -> None:
    """Tells every admin in their private chat which source can't be read and why, once a day and reason.

    Only what lasts is told: the third failure in a row, and then another reason. `source` is as it was before the
    failure.
    """
    if not is_alarming(source, error.key) or (source.ignored_until and source.ignored_until > now):
        return
    async with db.write() as tx:
        key = f"ill:{source.id}:{error.key}:{now:%Y-%m-%d}"
        await _tell_admins(tx, key, lambda chat: _ill(source, error, words(chat.language)), now)
    wake("deliver")


async def warn_of_silence(db: Database, now: datetime, wake: Wake) -> int:
    """Tells the admins of every source that has been silent for much longer than is usual, once per silence."""
    async with db.write() as tx:
        silent = [
            source
            for source in await sources.long_silent(tx, now - SILENCE_AT_LEAST, now)
            if is_silent(now, last_article_at=source.last_article_at, pace=source.pace)
        ]
        for source in silent:
            await sources.mark_warned(tx, source.id, now)
            key = f"silent:{source.id}:{source.last_article_at:%Y-%m-%dT%H:%M}:{now:%Y-%m-%d}"
            await _tell_admins(tx, key, partial(_silent, source, now=now), now)
    if silent:
        wake("deliver")
    return len(silent)


async def _tell_admins(tx: Tx, key: str, message: Callable[[Chat], Message], now: datetime) -> None:
    admins = await users.admins(tx)
    told_to = await chats.private_chats_of(tx, [admin.id for admin in admins])
    await deliveries.enqueue(tx, [_private(chat, key, message(chat), now) for chat in told_to], now)


def _private(chat: Chat, key: str, message: Message, now: datetime) -> NewDelivery:
    return NewDelivery(chat.id, DeliveryKind.ALERT, f"{key}:{chat.id}", message, now, expires_at=now + KEPT)


async def message_unreadable(db: Database, reason: str, now: datetime) -> None:
    """Tells the admins, once a day, that Telegram could not read a message as it was."""

    def message(chat: Chat) -> Message:
        its = words(chat.language)
        return Message(
            its.html("Telegram could not read a message; it went out as plain text: {reason}", reason=reason)
        )

    async with db.write() as tx:
        await _tell_admins(tx, f"unreadable:{now:%Y-%m-%d}", message, now)


async def chat_shut(db: Database, shut: Delivery, telegram_user_ids: Sequence[int], now: datetime) -> None:
    """Tells those who administer a group in private that the bot may not write there, once a day.

    Args:
        shut: the delivery that was refused.
        telegram_user_ids: who administers it. Only those who have a chat with the bot can be told.
    """
    async with db.write() as tx:
        chat = await chats.get(tx, shut.chat_id)
        if chat is None:
            return
        told = [
            _private(admin, f"shut:{chat.id}:{now:%Y-%m-%d}", _shut(chat, words(admin.language)), now)
            for admin in await chats.private_chats_with(tx, telegram_user_ids)
        ]
        await deliveries.enqueue(tx, told, now)


def _shut(chat: Chat, its: Catalogue) -> Message:
    if chat.thread_id:
        return Message(
            its.html(
                "The topic of <b>{title}</b> that I write in is closed or deleted. What it follows is kept: open it "
                "again, then write /start there.",
                title=chat.title,
            )
        )
    return Message(
        its.html(
            "I may not write in <b>{title}</b> any more. What it follows is kept: let me send messages there, then "
            "write /start there.",
            title=chat.title,
        )
    )


def _ill(source: Source, error: BriefwireError, its: Catalogue) -> Message:
    text = its.html(
        "<b>{source}</b> can't be read: {reason} It is tried again by itself.",
        source=_name(source),
        reason=describe(error, its),
    )
    return Message(text, _buttons(source, its))


def _silent(source: Source, chat: Chat, *, now: datetime) -> Message:
    its = words(chat.language)
    silence = now - (source.last_article_at or now)
    text = its.html(
        "<b>{source}</b> has been silent for {days} ({usual}).",
        source=_name(source),
        days=its.count("{n} day", "{n} days", silence.days),
        usual=usual_pace(source, its),
    )
    return Message(
        f"{text} {_last_answer(source, its, now.astimezone(ZoneInfo(chat.timezone)))}", _buttons(source, its)
    )


def _last_answer(source: Source, its: Catalogue, now: datetime) -> Html:
    at = source.last_fetch_at
    when = its.moment(at.astimezone(now.tzinfo), now=now) if at else ""
    if not source.error_key:
        return its.html("Its last answer, at {when}, was well.", when=when)
    reason = describe(ailment(source), its)
    return its.html("Its last answer, at {when}: {reason}", when=when, reason=reason)


def _name(source: Source) -> Html:
    return link(source.title or source.url, source.site_url or source.url)


def _buttons(source: Source, its: Catalogue) -> tuple[tuple[Button, ...], ...]:
    return (
        (
            Button(its("Test now"), data=f"srcdo:test:{source.id}"),
            Button(its("Pause source"), data=f"srcdo:pause:{source.id}"),
            Button(its("Ignore a week"), data=f"srcdo:ignore:{source.id}"),
        ),
    )
