"""Matches: which queries an article met. A row per query and article, never per chat: reading fans out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import Candidate, Mode, NewMatch, Subscription, Told
from bot.rules.matching_strength import IN_PASSING
from bot.storage import told
from bot.storage.database import Tx, among, insert_all
from bot.storage.tables import articles, matches, subscriptions

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


async def candidates(
    tx: Tx, following: Mapping[int, Sequence[Subscription]], *, since: datetime, until: datetime, told_too: bool
) -> dict[int, list[Candidate]]:
    """What chats' queries met between two times, once per query and article, for briefings to choose from.

    Queries that many of the chats follow are read once. What a query met in passing is left out, and what a chat mutes,
    whichever other queries it met, and so are stories that it muted. An update of a story that it was told is news.

    Args:
        following: the subscriptions of each chat, its mutes among them.
        told_too: also stories that the chat was told before, marked so.
    """
    own_queries = [its for own in following.values() for its in own]
    met = await _met(tx, {its.query_id for its in own_queries if its.mode is not Mode.MUTE}, since, until)
    hides = await _hidden(tx, {its.query_id for its in own_queries if its.mode is Mode.MUTE}, since, until)
    oldest = min((one.story_id for found in met.values() for one in found), default=0)
    told_to = await told.since_story(tx, list(following), oldest)
    chosen = {}
    for chat_id, own in following.items():
        hidden = {article_id for its in own for article_id in hides.get(its.query_id, ()) if its.mode is Mode.MUTE}
        found = [
            one
            for its in own
            if its.mode is not Mode.MUTE
            for one in met.get(its.query_id, ())
            if one.article_id not in hidden
        ]
        knows = told_to.get(chat_id, {})
        if knows or any(one.update for one in found):
            found = [one for its in found if (one := _known(its, knows.get(its.story_id), told_too=told_too))]
        chosen[chat_id] = found
    return chosen


def _known(candidate: Candidate, fact: Told | None, *, told_too: bool) -> Candidate | None:
    """A candidate for a chat that was told its story, or was not."""
    if fact is None:
        return replace(candidate, update=False) if candidate.update else candidate
    update = candidate.update and candidate.article_id > fact.last_article_id
    if fact.muted or not (told_too or update):
        return None
    return replace(candidate, told=True, update=update)


async def _met(tx: Tx, query_ids: Collection[int], since: datetime, until: datetime) -> dict[int, list[Candidate]]:
    statement = (
        sa.select(
            matches.c.query_id,
            matches.c.article_id,
            articles.c.story_id,
            articles.c.source_id,
            matches.c.strength,
            matches.c.at,
            articles.c.is_update,
        )
        .join(articles, articles.c.id == matches.c.article_id)
        .where(
            among(tx, matches.c.query_id, sorted(query_ids)),
            matches.c.at >= since,
            matches.c.at <= until,
            articles.c.story_id.is_not(None),
            matches.c.strength > IN_PASSING,
        )
        .order_by(matches.c.query_id, matches.c.article_id)
    )
    found: dict[int, list[Candidate]] = {}
    for row in await tx.execute(statement):
        found.setdefault(row[0], []).append(Candidate(*row[:6], told=False, update=row[6]))
    return found


async def _hidden(tx: Tx, query_ids: Collection[int], since: datetime, until: datetime) -> dict[int, list[int]]:
    """The articles that mutes met, in passing, too."""
    found: dict[int, list[int]] = {}
    if query_ids:
        met = sa.select(matches.c.query_id, matches.c.article_id).where(
            among(tx, matches.c.query_id, sorted(query_ids)), matches.c.at >= since, matches.c.at <= until
        )
        for query_id, article_id in await tx.execute(met):
            found.setdefault(query_id, []).append(article_id)
    return found


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
