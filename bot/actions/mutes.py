"""Muting: words or sources that win over everything a chat follows.

A mute is a subscription of a mode of its own: its query is matched like any other, and what it meets is told by none.
"""

from datetime import datetime

from bot.actions import subscriptions
from bot.actions.matching import LiveMatcher
from bot.actions.subscriptions import Subscribed
from bot.model import Chat, Mode, Subscription
from bot.storage import sources
from bot.storage import subscriptions as stored
from bot.storage.database import Database


async def mute(db: Database, matcher: LiveMatcher, chat: Chat, text: str, now: datetime) -> Subscribed:
    """Hides what a query meets, from now on and of the last seven days; a source's name stands for the source.

    Raises:
        QueryError: the query can't be read.
        BadInput: `too_many_subscriptions`.
    """
    name = " ".join(text.split())
    async with db.read() as tx:
        is_source = await sources.is_title(tx, name)
    query = f'source:"{name}" => {name}' if is_source and '"' not in name else text
    return await subscriptions.subscribe(db, matcher, chat, query, now, mode=Mode.MUTE)


async def of_chat(db: Database, chat: Chat) -> list[Subscription]:
    """What the chat mutes, oldest first."""
    async with db.read() as tx:
        own = await stored.of_chat(tx, chat.id)
    return [subscription for subscription in own if subscription.mode is Mode.MUTE]
