"""What each chat knows: one fact per chat and story, however it was told, and up to which of its articles."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.model import DeliveryKind, Ranked, Told
from bot.storage.database import Tx, among, insert
from bot.storage.tables import articles, told

CHATS_PER_STATEMENT = 10_000  # PostgreSQL takes 32,767 variables in a statement, SQLite one less


async def tell(tx: Tx, chat_id: int, through: Mapping[int, int], how: DeliveryKind, now: datetime) -> None:
    """Notes that a chat was told stories (keys), each through an article (value)."""
    await tell_all(tx, [(chat_id, story_id, article_id) for story_id, article_id in through.items()], how, now)


async def tell_all(tx: Tx, facts: Sequence[tuple[int, int, int]], how: DeliveryKind, now: datetime) -> None:
    """The same for (chat, story, article). How and when it was told first stands; up to where it is known moves on.

    A chat knows a story up to its last article that has passed the alerts: what those decide later is news to it.
    """
    passed = await _last_passed(tx, {story_id for _, story_id, _ in facts})
    rows = {
        (chat_id, story_id): {
            "chat_id": chat_id,
            "story_id": story_id,
            "how": how,
            "told_at": now,
            "last_article_id": max(article_id, passed.get(story_id, 0)),
        }
        for chat_id, story_id, article_id in facts
    }
    if not rows:
        return
    new = insert(tx, told)
    later = sa.case(
        (new.excluded.last_article_id > told.c.last_article_id, new.excluded.last_article_id),
        else_=told.c.last_article_id,
    )
    await tx.execute(
        new.on_conflict_do_update(index_elements=[told.c.chat_id, told.c.story_id], set_={"last_article_id": later}),
        list(rows.values()),
    )


async def _last_passed(tx: Tx, story_ids: Iterable[int]) -> dict[int, int]:
    statement = (
        sa.select(articles.c.story_id, sa.func.max(articles.c.id).label("last"))
        .where(among(tx, articles.c.story_id, story_ids), articles.c.alerted_at.is_not(None))
        .group_by(articles.c.story_id)
    )
    return {row.story_id: row.last for row in await tx.execute(statement)}


async def of(tx: Tx, chat_ids: Sequence[int], story_ids: Sequence[int]) -> dict[tuple[int, int], Told]:
    """What chats know of stories, by (chat, story)."""
    found: dict[tuple[int, int], Told] = {}
    chats = list(dict.fromkeys(chat_ids))
    for start in range(0, len(chats), CHATS_PER_STATEMENT):
        rows = await tx.execute(
            sa.select(told.c.chat_id, told.c.story_id, told.c.last_article_id, told.c.muted).where(
                told.c.chat_id.in_(chats[start : start + CHATS_PER_STATEMENT]), told.c.story_id.in_(list(story_ids))
            )
        )
        found |= {(row.chat_id, row.story_id): Told(row.last_article_id, row.muted) for row in rows}
    return found


async def is_news(tx: Tx, chat_id: int, page: Sequence[Ranked]) -> bool:
    """Whether a chat knows nothing yet of what these places tell: not the story, or not its update."""
    return not await known_already(tx, {chat_id: page})


async def known_already(tx: Tx, pages: Mapping[int, Sequence[Ranked]]) -> set[int]:
    """Which chats know something already of what their pages tell."""
    oldest = min((place.story_id for page in pages.values() for place in page), default=0)
    known = await since_story(tx, list(pages), oldest)
    return {
        chat_id
        for chat_id, page in pages.items()
        for place in page
        for fact in [known.get(chat_id, {}).get(place.story_id)]
        if fact is not None and not (place.update and not fact.muted and place.article_id > fact.last_article_id)
    }


async def since_story(tx: Tx, chat_ids: Sequence[int], oldest: int) -> dict[int, dict[int, Told]]:
    """What each chat knows of the stories from one on: they are named by the ids of their first articles."""
    statement = sa.select(told.c.chat_id, told.c.story_id, told.c.last_article_id, told.c.muted).where(
        among(tx, told.c.chat_id, chat_ids), told.c.story_id >= oldest
    )
    found: dict[int, dict[int, Told]] = {}
    for chat_id, story_id, last_article_id, muted in await tx.execute(statement):
        found.setdefault(chat_id, {})[story_id] = Told(last_article_id, muted)
    return found


async def set_muted(tx: Tx, chat_id: int, story_id: int, *, muted: bool) -> bool:
    """Whether the chat wants to hear no more of a story that it was told; False when it was not."""
    done = await tx.execute(
        sa.update(told).where(told.c.chat_id == chat_id, told.c.story_id == story_id).values(muted=muted)
    )
    return bool(done.rowcount)


async def forget_before(tx: Tx, time: datetime) -> int:
    """Drops facts older than a time, and returns how many."""
    return (await tx.execute(sa.delete(told).where(told.c.told_at < time))).rowcount
