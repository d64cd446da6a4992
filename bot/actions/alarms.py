"""What the admins are told without asking: a source that falls ill or silent."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from bot.actions.health import ailment, usual_pace
from bot.errors import BriefwireError
from bot.model import Button, Chat, DeliveryKind, Html, Message, NewDelivery, Source
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
    told = [
        NewDelivery(
            chat_id=chat.id,
            kind=DeliveryKind.ALERT,
            key=f"{key}:{chat.id}",
            message=message(chat),
            not_before=now,
            expires_at=now + KEPT,
        )
        for chat in await chats.private_chats_of(tx, [admin.id for admin in admins])
    ]
    await deliveries.enqueue(tx, told, now)


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
