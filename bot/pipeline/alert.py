"""alert: what somebody wants to know at once. One message per chat for whatever came in together."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.actions.items import Telling, items_of
from bot.model import Article, Button, Chat, DeliveryKind, Html, NewDelivery, Ranked, Subscription
from bot.ports import Workers
from bot.rules.rendering import render_item, split
from bot.storage import articles, briefings, chats, deliveries, matches, subscriptions
from bot.storage.database import Database, Tx
from bot.texts import words

BATCH = 50
SENTENCES = 2
EXPIRES = timedelta(days=1)  # an older alert is no news


async def alert(db: Database, workers: Workers, now: datetime) -> int:
    """Turns one batch of articles into alerts, oldest first, and returns how many articles it was."""
    async with db.read() as tx:
        waiting = await articles.unalerted(tx, BATCH)
        wanted = await _wanted(tx, waiting)
        told_to = await chats.by_ids(tx, list(wanted))
    for chat_id, ranked in wanted.items():
        await _tell(db, workers, told_to[chat_id], ranked, now)
    if waiting:
        async with db.write() as tx:
            await articles.mark_alerted(tx, [article.id for article in waiting], now)
    return len(waiting)


async def _wanted(tx: Tx, waiting: Sequence[Article]) -> dict[int, list[Ranked]]:
    """For each chat, the stories it is to be told: one article of each, none that it was told before."""
    story_of = {article.id: article.story_id for article in waiting}
    met: defaultdict[int, list[int]] = defaultdict(list)
    for found in await matches.of_articles(tx, list(story_of)):
        met[found.query_id].append(found.article_id)
    followers = await subscriptions.alerted_by(tx, list(met))
    told = await briefings.told_of(
        tx, [follower.chat_id for follower in followers], [story for story in story_of.values() if story is not None]
    )
    wanted: defaultdict[int, dict[int, Ranked]] = defaultdict(dict)
    for follower in followers:
        for article_id in sorted(met[follower.query_id]):
            story_id = story_of[article_id]
            if story_id is not None and (follower.chat_id, story_id) not in told:
                wanted[follower.chat_id].setdefault(story_id, _ranked(article_id, story_id, follower))
    return {chat_id: list(its.values()) for chat_id, its in wanted.items()}


def _ranked(article_id: int, story_id: int, follower: Subscription) -> Ranked:
    return Ranked(story_id, article_id, follower.query_id)


async def _tell(db: Database, workers: Workers, chat: Chat, ranked: Sequence[Ranked], now: datetime) -> None:
    telling = Telling(chat, now, words(chat.language))
    items = await items_of(db, workers, telling, ranked, [SENTENCES] * len(ranked))
    blocks: list[Html] = [render_item(item, telling.words) for item in items.values()]
    query_ids = {place.query_id for place in ranked}
    buttons = [[Button(telling.words("Briefing only"), data=f"calm:{query_ids.pop()}")]] if len(query_ids) == 1 else []
    key = f"alert:{chat.id}:" + ",".join(str(place.story_id) for place in ranked)
    async with db.write() as tx:
        parts = [
            NewDelivery(chat.id, DeliveryKind.ALERT, f"{key}:{part}", message, now, expires_at=now + EXPIRES)
            for part, message in enumerate(split(blocks, buttons), 1)
        ]
        await deliveries.enqueue(tx, parts, now)
        await briefings.tell(tx, chat.id, [place.story_id for place in ranked], DeliveryKind.ALERT, now)
