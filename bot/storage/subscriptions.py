"""Subscriptions and the queries behind them: equal queries of many chats are one row."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import Mode, PopularQuery, Subscription
from bot.storage import query_changes
from bot.storage.database import Tx, among, insert
from bot.storage.tables import queries, subscriptions

COLUMNS = (subscriptions, queries.c.canonical)


async def add(
    tx: Tx, *, chat_id: int, canonical: str, text: str, label: str, mode: Mode, now: datetime
) -> tuple[Subscription, bool]:
    """The chat's subscription to a query, and whether it is new. A known one takes the new label and mode."""
    query_id = await _query_id(tx, canonical, now)
    known = await tx.scalar(
        sa.select(subscriptions.c.id).where(subscriptions.c.chat_id == chat_id, subscriptions.c.query_id == query_id)
    )
    values = {"text": text, "label": label, "mode": mode}
    statement = (
        insert(tx, subscriptions)
        .values(chat_id=chat_id, query_id=query_id, created_at=now, **values)
        .on_conflict_do_update(index_elements=[subscriptions.c.chat_id, subscriptions.c.query_id], set_=values)
        .returning(subscriptions.c.id)
    )
    subscription_id = (await tx.execute(statement)).scalar_one()
    if known is None:
        await query_changes.note(tx, query_id)
    row = (await tx.execute(_select(subscription_id))).one()
    return _subscription(row), known is None


async def _query_id(tx: Tx, canonical: str, now: datetime) -> int:
    # The update changes nothing; it makes RETURNING give the id of a row that was there already.
    statement = (
        insert(tx, queries)
        .values(canonical=canonical, created_at=now)
        .on_conflict_do_update(index_elements=[queries.c.canonical], set_={"canonical": canonical})
        .returning(queries.c.id)
    )
    return int((await tx.execute(statement)).scalar_one())


async def get(tx: Tx, subscription_id: int) -> Subscription | None:
    """The subscription of an id."""
    row = (await tx.execute(_select(subscription_id))).one_or_none()
    return None if row is None else _subscription(row)


def _select(subscription_id: int) -> sa.Select[Any]:
    return sa.select(*COLUMNS).join(queries).where(subscriptions.c.id == subscription_id)


async def of_chat(tx: Tx, chat_id: int) -> list[Subscription]:
    """The chat's subscriptions, oldest first."""
    statement = sa.select(*COLUMNS).join(queries).where(subscriptions.c.chat_id == chat_id).order_by(subscriptions.c.id)
    return [_subscription(row) for row in await tx.execute(statement)]


async def of_chats(tx: Tx, chat_ids: Sequence[int]) -> dict[int, list[Subscription]]:
    """The subscriptions of chats, oldest first; an empty list for a chat without any."""
    statement = (
        sa.select(*COLUMNS)
        .join(queries)
        .where(among(tx, subscriptions.c.chat_id, chat_ids))
        .order_by(subscriptions.c.chat_id, subscriptions.c.id)
    )
    found: dict[int, list[Subscription]] = {chat_id: [] for chat_id in chat_ids}
    for row in await tx.execute(statement):
        found[row.chat_id].append(_subscription(row))
    return found


async def topics_of_chat(tx: Tx, chat_id: int) -> list[Subscription]:
    """What the chat follows, oldest first: its subscriptions without its mutes."""
    return [subscription for subscription in await of_chat(tx, chat_id) if subscription.mode is not Mode.MUTE]


async def remove(tx: Tx, subscription_id: int) -> None:
    """Ends a subscription. Its query stays, because another chat may be taking it up this moment."""
    statement = (
        sa.delete(subscriptions).where(subscriptions.c.id == subscription_id).returning(subscriptions.c.query_id)
    )
    query_id = await tx.scalar(statement)
    if query_id is not None:
        await query_changes.note(tx, query_id)


async def is_followed(tx: Tx, query_id: int) -> bool:
    """Whether any chat subscribes to the query."""
    return bool(await tx.scalar(sa.select(sa.exists().where(subscriptions.c.query_id == query_id))))


async def followed_after(tx: Tx, query_id: int, limit: int) -> list[tuple[int, str]]:
    """Followed queries with ids above the given one: (id, canonical), in order of id."""
    # Both sides are bounded: PostgreSQL would walk through all earlier subscriptions again for every part.
    is_followed = sa.exists().where(subscriptions.c.query_id == queries.c.id, subscriptions.c.query_id > query_id)
    statement = (
        sa.select(queries.c.id, queries.c.canonical)
        .where(queries.c.id > query_id, is_followed)
        .order_by(queries.c.id)
        .limit(limit)
    )
    return [(row.id, row.canonical) for row in await tx.execute(statement)]


async def followed_with_slashes(tx: Tx) -> list[str]:
    """The canonical texts of followed queries that may have regular expressions: those with two slashes."""
    statement = sa.select(queries.c.canonical).where(
        queries.c.canonical.like("%/%/%"), sa.exists().where(subscriptions.c.query_id == queries.c.id)
    )
    return list((await tx.scalars(statement)).all())


async def canonical_of(tx: Tx, query_ids: Sequence[int]) -> dict[int, str]:
    """The canonical text of queries by id."""
    rows = await tx.execute(sa.select(queries.c.id, queries.c.canonical).where(among(tx, queries.c.id, query_ids)))
    return {row.id: row.canonical for row in rows}


async def alerted_by(tx: Tx, query_ids: Collection[int], chat_ids: Collection[int]) -> list[Subscription]:
    """The alert subscriptions of these chats to any of these queries."""
    statement = (
        sa.select(*COLUMNS)
        .join(queries)
        .where(
            subscriptions.c.chat_id.in_(list(chat_ids)),
            subscriptions.c.query_id.in_(list(query_ids)),
            subscriptions.c.mode == Mode.ALERT,
        )
        .order_by(subscriptions.c.id)
    )
    return [_subscription(row) for row in await tx.execute(statement)]


async def update(tx: Tx, subscription_id: int, **values: Any) -> None:
    """Sets columns of a subscription, e.g. `silent=True`."""
    await tx.execute(sa.update(subscriptions).where(subscriptions.c.id == subscription_id).values(values))


async def popular_like(tx: Tx, canonical: str, *, slack: int, least: int, limit: int) -> list[PopularQuery]:
    """Other queries that at least so many chats follow, with the same first letter and about as long, most first.

    Args:
        slack: characters by which their lengths may differ.
    """
    length, followers = sa.func.length(queries.c.canonical), sa.func.count()
    statement = (
        sa.select(queries.c.canonical, sa.func.min(subscriptions.c.text).label("text"), followers.label("followers"))
        .join(subscriptions, subscriptions.c.query_id == queries.c.id)
        .where(
            sa.func.substr(queries.c.canonical, 1, 1) == canonical[:1],
            length.between(len(canonical) - slack, len(canonical) + slack),
            queries.c.canonical != canonical,
        )
        .group_by(queries.c.id)
        .having(followers >= least)
        .order_by(followers.desc(), queries.c.id)
        .limit(limit)
    )
    return [PopularQuery(row.canonical, row.text, row.followers) for row in await tx.execute(statement)]


async def count(tx: Tx) -> int:
    """How many subscriptions there are."""
    return await tx.scalar(sa.select(sa.func.count()).select_from(subscriptions)) or 0


def _subscription(row: Any) -> Subscription:
    return Subscription(
        id=row.id,
        chat_id=row.chat_id,
        query_id=row.query_id,
        text=row.text,
        canonical=row.canonical,
        label=row.label,
        mode=Mode(row.mode),
        created_at=row.created_at,
        silent=row.silent,
        rests_until=row.rests_until,
        kept_until=row.kept_until,
    )
