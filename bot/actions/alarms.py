"""What the admins are told without asking: a source that falls ill."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.errors import BriefwireError
from bot.model import Button, DeliveryKind, Message, NewDelivery, Source
from bot.rules.rendering import link
from bot.storage import chats, deliveries, users
from bot.storage.database import Database
from bot.texts import words
from bot.texts.errors import describe

KEPT = timedelta(days=1)  # an alarm that could not be delivered for a day says nothing new


async def source_fell_ill(
    db: Database, source: Source, error: BriefwireError, now: datetime, wake: Callable[[str], None]
) -> None:
    """Tells every admin in their private chat which source can't be read and why, once a day and reason."""
    async with db.write() as tx:
        admins = await users.admins(tx)
        told = [
            NewDelivery(
                chat_id=chat.id,
                kind=DeliveryKind.ALERT,
                key=f"ill:{source.id}:{error.key}:{now:%Y-%m-%d}:{chat.id}",
                message=_alarm(source, error, chat.language),
                not_before=now,
                expires_at=now + KEPT,
            )
            for chat in await chats.private_chats_of(tx, [admin.id for admin in admins])
        ]
        await deliveries.enqueue(tx, told, now)
    wake("deliver")


def _alarm(source: Source, error: BriefwireError, language: str) -> Message:
    its = words(language)
    text = its.html(
        "<b>{source}</b> can't be read: {reason} It is tried again by itself.",
        source=link(source.title or source.url, source.site_url or source.url),
        reason=describe(error, its),
    )
    pause = Button(its("Pause source"), data=f"srcdo:pause:{source.id}")
    return Message(text, ((Button(its("Test now"), data=f"srcdo:test:{source.id}"), pause),))
