"""Matches: which queries an article met. A row per query and article, never per chat: reading fans out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import Candidate, Mode, NewMatch
from bot.rules.matching_strength import IN_PASSING
from bot.storage.database import Tx, insert_all
from bot.storage.tables import articles, matches, subscriptions, told

mutes = subscriptions.alias("mutes")
hidden = matches.alias("hidden")


async def add(tx: Tx, found: Sequence[NewMatch]) -> None:
    """Stores matches of stored articles; those that are there already change nothing."""
    article_ids = {match.article_id for match in found}
    rows = await tx.execute(sa.select(articles.c.id, articles.c.shown_at).where(articles.c.id.in_(article_ids)))
    shown_at = {row.id: row.shown_at for row in rows}
    await insert_all(
        tx,
        matches,
        [
            {
                "query_id": match.query_id,
                "article_id": match.article_id,
                "strength": match.strength,
                "at": shown_at[match.article_id],
            }
            for match in found
            if match.article_id in shown_at
        ],
    )


async def candidates(tx: Tx, chat_id: int, *, since: datetime, until: datetime, told_too: bool) -> list[Candidate]:
    """What the chat's queries met between two times, once per query and article, for a briefing to choose from.

    What a query met in passing is left out, and what the chat mutes, whichever other queries it met, and so are stories
    that it muted. An update of a story that it was told is news.

    Args:
        told_too: also stories that the chat was told before, marked so.
    """
    was_told = told.c.chat_id.is_not(None)
    update = sa.and_(was_told, articles.c.is_update, articles.c.id > told.c.last_article_id)
    statement = (
        sa.select(
            matches.c.query_id,
            matches.c.article_id,
            matches.c.strength,
            matches.c.at,
            articles.c.story_id,
            articles.c.source_id,
            was_told.label("told"),
            update.label("update"),
        )
        .join(subscriptions, subscriptions.c.query_id == matches.c.query_id)
        .join(articles, articles.c.id == matches.c.article_id)
        .outerjoin(told, sa.and_(told.c.chat_id == chat_id, told.c.story_id == articles.c.story_id))
        .where(
            subscriptions.c.chat_id == chat_id,
            sa.or_(~was_told, ~told.c.muted),
            subscriptions.c.mode != Mode.MUTE,
            matches.c.article_id.not_in(_muted().where(mutes.c.chat_id == chat_id)),
            matches.c.at >= since,
            matches.c.at <= until,
            articles.c.story_id.is_not(None),
            matches.c.strength > IN_PASSING,
        )
        .order_by(matches.c.query_id, matches.c.article_id)
    )
    if not told_too:
        statement = statement.where(sa.or_(~was_told, update))
    return [
        Candidate(
            row.query_id,
            row.article_id,
            row.story_id,
            row.source_id,
            row.strength,
            row.at,
            told=row.told,
            update=bool(row.update),
        )
        for row in await tx.execute(statement)
    ]


async def muted(tx: Tx, article_ids: Sequence[int], chat_ids: Sequence[int]) -> set[tuple[int, int]]:
    """Which (chat, article) pairs are muted, of these articles and chats."""
    statement = (
        _muted().add_columns(mutes.c.chat_id).where(hidden.c.article_id.in_(article_ids), mutes.c.chat_id.in_(chat_ids))
    )
    return {(row.chat_id, row.article_id) for row in await tx.execute(statement)}


async def of_articles(tx: Tx, article_ids: Sequence[int]) -> list[NewMatch]:
    """The matches of articles, those in passing left out."""
    met = sa.select(matches).where(matches.c.article_id.in_(article_ids), matches.c.strength > IN_PASSING)
    rows = await tx.execute(met)
    return [NewMatch(row.query_id, row.article_id, row.strength) for row in rows]


async def count_since(tx: Tx, query_id: int, since: datetime) -> int:
    """How many articles that came in since then met a query."""
    statement = (
        sa.select(sa.func.count())
        .select_from(matches)
        .join(articles, articles.c.id == matches.c.article_id)
        .where(matches.c.query_id == query_id, matches.c.strength > IN_PASSING, articles.c.received_at > since)
    )
    return await tx.scalar(statement) or 0


async def forget_before(tx: Tx, time: datetime) -> int:
    """Drops matches of articles shown before a time, and returns how many."""
    return (await tx.execute(sa.delete(matches).where(matches.c.at < time))).rowcount


def _muted() -> sa.Select[Any]:
    """The articles that somebody's mutes met."""
    return (
        sa.select(hidden.c.article_id)
        .join(mutes, mutes.c.query_id == hidden.c.query_id)
        .where(mutes.c.mode == Mode.MUTE)
    )
