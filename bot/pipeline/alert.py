"""alert: what somebody wants to know at once. One message per chat for whatever came in together."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.actions.items import Telling, items_of
from bot.model import Article, Button, Chat, DeliveryKind, NewDelivery, Ranked, Subscription
from bot.ports import Words, Workers
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
        if chat_id in told_to:  # not deleted between the two reads
            await _tell(db, workers, told_to[chat_id], ranked, now)
    if waiting:
        async with db.write() as tx:
            await articles.mark_alerted(tx, [article.id for article in waiting], now)
    return len(waiting)


async def _wanted(tx: Tx, waiting: Sequence[Article]) -> dict[int, list[Ranked]]:
    """For each chat, the stories it is to be told, oldest first: one article of each, none that it was told before."""
    story_of = {article.id: article.story_id for article in waiting}
    met: defaultdict[int, list[int]] = defaultdict(list)
    for found in await matches.of_articles(tx, list(story_of)):
        met[found.query_id].append(found.article_id)
    followers = await subscriptions.alerted_by(tx, list(met))
    story_ids = [story_id for story_id in story_of.values() if story_id is not None]
    told = await briefings.told_of(tx, [follower.chat_id for follower in followers], story_ids)
    muted = await matches.muted(tx, list(story_of))
    wanted: defaultdict[int, dict[int, Ranked]] = defaultdict(dict)
    for follower in followers:
        for article_id in sorted(met[follower.query_id]):
            story_id = story_of[article_id]
            if (follower.chat_id, article_id) in muted or (follower.chat_id, story_id) in told:
                continue
            if story_id is not None:
                wanted[follower.chat_id].setdefault(story_id, _ranked(article_id, story_id, follower))
    return {chat_id: sorted(its.values(), key=lambda place: place.article_id) for chat_id, its in wanted.items()}


def _ranked(article_id: int, story_id: int, follower: Subscription) -> Ranked:
    return Ranked(story_id, article_id, follower.query_id)


async def _tell(db: Database, workers: Workers, chat: Chat, ranked: Sequence[Ranked], now: datetime) -> None:
    telling = Telling(chat, now, words(chat.language))
    items = await items_of(db, workers, telling, ranked, [SENTENCES] * len(ranked))
    async with db.write() as tx:
        if await chats.lock(tx, chat.id) is None:
            return
        # While the summaries were made, a briefing or another process may have told some of them.
        told = await briefings.told_of(tx, [chat.id], [place.story_id for place in ranked])
        new = [place for place in ranked if place.article_id in items and (chat.id, place.story_id) not in told]
        blocks = [render_item(items[place.article_id], telling.words) for place in new]
        key = f"alert:{chat.id}:" + ",".join(str(place.story_id) for place in new)
        parts = [
            NewDelivery(chat.id, DeliveryKind.ALERT, f"{key}:{part}", message, now, expires_at=now + EXPIRES)
            for part, message in enumerate(split(blocks, _buttons(new, telling.words)), 1)
        ]
        await deliveries.enqueue(tx, parts, now)
        await briefings.tell(tx, chat.id, [place.story_id for place in new], DeliveryKind.ALERT, now)


def _buttons(told: Sequence[Ranked], says: Words) -> list[list[Button]]:
    query_ids = {place.query_id for place in told}
    return [[Button(says("Briefing only"), data=f"calm:{query_ids.pop()}")]] if len(query_ids) == 1 else []
