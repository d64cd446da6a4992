"""Stories: articles of different sources about the same event."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.storage.articles import set_story
from bot.storage.database import ROWS_PER_STATEMENT, Tx, among, insert
from bot.storage.tables import articles, sources, stories


async def join(tx: Tx, story_of: Mapping[int, int], at_of: Mapping[int, datetime], now: datetime) -> None:
    """Puts articles (keys) into stories (values); a story is named by the id of its first article and made with it.

    Args:
        at_of: when each article was shown.
    """
    latest: dict[int, datetime] = {}
    for article_id, story_id in story_of.items():
        latest[story_id] = max(at_of[article_id], latest.get(story_id, at_of[article_id]))
    rows = [{"id": story_id, "created_at": now, "last_article_at": at} for story_id, at in sorted(latest.items())]
    for start in range(0, len(rows), ROWS_PER_STATEMENT):
        new = insert(tx, stories).values(rows[start : start + ROWS_PER_STATEMENT])
        later = sa.case(
            (new.excluded.last_article_at > stories.c.last_article_at, new.excluded.last_article_at),
            else_=stories.c.last_article_at,
        )
        await tx.execute(new.on_conflict_do_update(index_elements=[stories.c.id], set_={"last_article_at": later}))
    await set_story(tx, story_of)


async def links(tx: Tx, article_ids: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Source and URL of articles by id, for `also …`."""
    statement = (
        sa.select(articles.c.id, articles.c.url, sources.c.title)
        .join(sources, sources.c.id == articles.c.source_id)
        .where(articles.c.id.in_(article_ids))
    )
    return {row.id: (row.title, row.url) for row in await tx.execute(statement)}


async def article_ids(tx: Tx, story_id: int) -> list[int]:
    """The articles of a story, earliest first."""
    statement = (
        sa.select(articles.c.id).where(articles.c.story_id == story_id).order_by(articles.c.shown_at, articles.c.id)
    )
    return [row.id for row in await tx.execute(statement)]


async def other_sources(tx: Tx, article_ids: Sequence[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """For each article, (source, url) of the same story in other sources: one of each.

    Independent reports come before copies of one text, and the earliest first.
    """
    own = articles.alias("own")
    text, own_text = (sa.func.coalesce(of.c.copy_of, of.c.id) for of in (articles, own))
    is_copy = sa.case((articles.c.copy_of.is_not(None), 1), (text == own_text, 1), else_=0)
    statement = (
        sa.select(own.c.id.label("of"), articles.c.source_id, articles.c.url, sources.c.title)
        .select_from(own)
        .join(articles, articles.c.story_id == own.c.story_id)
        .join(sources, sources.c.id == articles.c.source_id)
        .where(among(tx, own.c.id, article_ids), articles.c.source_id != own.c.source_id)
        .order_by(own.c.id, is_copy, articles.c.shown_at, articles.c.id)
    )
    found: dict[int, dict[int, tuple[str, str]]] = {}
    for row in await tx.execute(statement):
        found.setdefault(row.of, {}).setdefault(row.source_id, (row.title, row.url))
    return {article_id: tuple(others.values()) for article_id, others in found.items()}


async def count_corrected(tx: Tx) -> int:
    """How many stories admins merged into another, or made by taking an article out of one."""
    corrected = sa.or_(stories.c.merged_into.is_not(None), stories.c.split_from.is_not(None))
    return await tx.scalar(sa.select(sa.func.count()).select_from(stories).where(corrected)) or 0


async def forget_empty(tx: Tx) -> int:
    """Drops stories that have no article left, and returns how many."""
    left = sa.exists().where(articles.c.story_id == stories.c.id)
    return (await tx.execute(sa.delete(stories).where(~left))).rowcount
