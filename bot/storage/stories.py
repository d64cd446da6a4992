"""Stories: articles of different sources about the same event."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from bot.storage.articles import set_story
from bot.storage.database import ROWS_PER_STATEMENT, Tx, among, insert
from bot.storage.tables import alerts, articles, sources, stories, told


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


async def merge(tx: Tx, story_id: int, into: int) -> None:
    """Makes one story part of another: its articles, its alerts, and who was told of it."""
    await tx.execute(sa.update(articles).where(articles.c.story_id == story_id).values(story_id=into))
    await tx.execute(sa.update(alerts).where(alerts.c.story_id == story_id).values(story_id=into))
    await _copy_told(tx, story_id, into)
    await tx.execute(sa.delete(told).where(told.c.story_id == story_id))
    last = sa.select(stories.c.last_article_at).where(stories.c.id == story_id).scalar_subquery()
    later = sa.and_(stories.c.id == into, stories.c.last_article_at < last)
    await tx.execute(sa.update(stories).where(later).values(last_article_at=last))
    await tx.execute(sa.update(stories).where(stories.c.id == story_id).values(merged_into=into))


async def split(tx: Tx, story_id: int, leaving: Sequence[int], now: datetime) -> int:
    """Takes articles out of a story into a new one, which is returned, named by the first of them.

    Who was told the story up to the first of them knows the new one too.
    """
    first = min(leaving)
    last = sa.select(sa.func.max(articles.c.shown_at)).where(articles.c.id.in_(leaving)).scalar_subquery()
    values = {"id": first, "created_at": now, "last_article_at": last, "split_from": story_id}
    # The story of this name may be there, merged into another.
    again = {"split_from": story_id, "merged_into": None}
    new = insert(tx, stories).values(values)
    await tx.execute(new.on_conflict_do_update(index_elements=[stories.c.id], set_=again))
    await tx.execute(sa.update(articles).where(articles.c.id.in_(leaving)).values(story_id=first))
    await _copy_told(tx, story_id, first, least=first)
    return first


async def _copy_told(tx: Tx, story_id: int, to: int, *, least: int = 0) -> None:
    columns = [column.name for column in told.c]
    rows = sa.select(*(sa.literal(to).label("story_id") if name == "story_id" else told.c[name] for name in columns))
    rows = rows.where(told.c.story_id == story_id, told.c.last_article_id >= least)
    await tx.execute(insert(tx, told).from_select(columns, rows).on_conflict_do_nothing())


async def count_corrected(tx: Tx) -> int:
    """How many stories admins merged into another, or made by taking an article out of one."""
    corrected = sa.or_(stories.c.merged_into.is_not(None), stories.c.split_from.is_not(None))
    return await tx.scalar(sa.select(sa.func.count()).select_from(stories).where(corrected)) or 0


async def forget_empty(tx: Tx) -> int:
    """Drops stories that have no article left, and returns how many."""
    left = sa.exists().where(articles.c.story_id == stories.c.id)
    # What was merged is kept as long as that which it is now: the grouper looks at how many were corrected.
    other = stories.alias("other")
    kept = sa.exists().where(other.c.id == stories.c.merged_into)
    return (await tx.execute(sa.delete(stories).where(~left, ~kept))).rowcount
