"""Alerts: which message of a chat tells which story, so that it can be edited, answered and muted."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import Alert, ChatState, DeliveryKind, DeliveryState, Mode, NewAlert
from bot.storage.database import Tx, among, insert_all
from bot.storage.tables import alerts, articles, chats, deliveries, subscriptions, told


async def add(tx: Tx, new: Sequence[NewAlert], now: datetime) -> None:
    """Stores alerts whose messages were recorded in this unit."""
    names = NewAlert.__dataclass_fields__
    await insert_all(tx, alerts, [{name: getattr(one, name) for name in names} | {"told_at": now} for one in new])


async def chats_concerned(
    tx: Tx, query_ids: Collection[int], story_ids: Collection[int], *, after: int, limit: int
) -> list[int]:
    """The next chats that want alerts of these queries, or were alerted of these stories and still want to be."""
    wants = (
        sa.select(subscriptions.c.chat_id)
        .join(chats, chats.c.id == subscriptions.c.chat_id)
        .where(
            subscriptions.c.query_id.in_(list(query_ids)),
            subscriptions.c.mode == Mode.ALERT,
            subscriptions.c.chat_id > after,
            chats.c.state == ChatState.ACTIVE,
        )
    )
    has = (
        sa.select(alerts.c.chat_id)
        .join(chats, chats.c.id == alerts.c.chat_id)
        .where(
            alerts.c.story_id.in_(list(story_ids)),
            alerts.c.chat_id > after,
            chats.c.state == ChatState.ACTIVE,
            _still_wanted(),
        )
    )
    both = sa.union(wants, has).subquery()
    return list(await tx.scalars(sa.select(both.c.chat_id).order_by(both.c.chat_id).limit(limit)))


async def of_stories(tx: Tx, chat_ids: Collection[int], story_ids: Collection[int]) -> list[Alert]:
    """The alerts of stories in chats that still want them, oldest first."""
    return await _select(
        tx, alerts.c.chat_id.in_(list(chat_ids)), alerts.c.story_id.in_(list(story_ids)), _still_wanted()
    )


async def in_messages(tx: Tx, delivery_ids: Collection[int]) -> list[Alert]:
    """All that these messages tell, in the order in which they tell it."""
    return await _select(tx, alerts.c.delivery_id.in_(list(delivery_ids)))


async def last_messages(
    tx: Tx, chat_ids: Collection[int], *, since: datetime, waiting_since: datetime
) -> dict[int, int]:
    """By chat, its last message with alerts that was recorded since a time, or since another and still waits."""
    recent = sa.or_(deliveries.c.created_at > since, deliveries.c.state == DeliveryState.QUEUED)
    statement = (
        sa.select(alerts.c.chat_id, sa.func.max(alerts.c.delivery_id).label("last"))
        .join(deliveries, deliveries.c.id == alerts.c.delivery_id)
        .where(alerts.c.chat_id.in_(list(chat_ids)), alerts.c.told_at > waiting_since, ~alerts.c.is_update, recent)
        .group_by(alerts.c.chat_id)
    )
    return {row.chat_id: row.last for row in await tx.execute(statement)}


async def told_since(tx: Tx, chat_ids: Collection[int], since: datetime) -> dict[tuple[int, int], int]:
    """How many stories each topic rang for since then, by (chat, query)."""
    statement = (
        sa.select(alerts.c.chat_id, alerts.c.query_id, sa.func.count().label("told"))
        .where(alerts.c.chat_id.in_(list(chat_ids)), alerts.c.told_at > since)
        .group_by(alerts.c.chat_id, alerts.c.query_id)
    )
    return {(row.chat_id, row.query_id): row.told for row in await tx.execute(statement)}


async def recap(tx: Tx, since: Mapping[int, datetime], limit: int) -> dict[int, list[int]]:
    """For each chat, the article through which each story was alerted since its time, the latest alert first.

    Chats that were alerted of nothing are left out.
    """
    if not since:
        return {}
    last = (
        sa.select(sa.func.max(alerts.c.id).label("id"))
        .where(among(tx, alerts.c.chat_id, list(since)), alerts.c.told_at > min(since.values()))
        .group_by(alerts.c.chat_id, alerts.c.story_id)
        .subquery()
    )
    statement = (
        sa.select(alerts.c.chat_id, alerts.c.article_id, alerts.c.told_at)
        .join(last, last.c.id == alerts.c.id)
        .join(articles, articles.c.id == alerts.c.article_id)
        .order_by(alerts.c.id.desc())
    )
    found: dict[int, list[int]] = {}
    for row in await tx.execute(statement):
        its = found.setdefault(row.chat_id, [])
        if row.told_at > since[row.chat_id] and len(its) < limit:
            its.append(row.article_id)
    return {chat_id: its for chat_id, its in found.items() if its}


async def note_edit(tx: Tx, ids: Collection[int], last_article_id: int, edited_at: datetime) -> None:
    """These alerts' message will have the story up to an article."""
    await tx.execute(
        sa.update(alerts).where(alerts.c.id.in_(list(ids))).values(last_article_id=last_article_id, edited_at=edited_at)
    )


async def take_back(tx: Tx, delivery_ids: Collection[int]) -> None:
    """These messages never arrived: what they would have told is not told, so that the next briefing brings it."""
    unsent = (await tx.execute(sa.select(alerts).where(alerts.c.delivery_id.in_(list(delivery_ids))))).all()
    await tx.execute(sa.delete(alerts).where(alerts.c.id.in_([row.id for row in unsent])))
    for chat_id, story_id in {(row.chat_id, row.story_id) for row in unsent}:
        fact = (told.c.chat_id == chat_id) & (told.c.story_id == story_id) & ~told.c.muted
        earlier = sa.select(sa.func.max(alerts.c.last_article_id)).where(
            alerts.c.chat_id == chat_id, alerts.c.story_id == story_id
        )
        known = await tx.scalar(earlier)
        if known is not None:  # of an update, only the update was not told
            await tx.execute(sa.update(told).where(fact).values(last_article_id=known))
        else:
            await tx.execute(sa.delete(told).where(fact, told.c.how == DeliveryKind.ALERT))


def _still_wanted() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        subscriptions.c.chat_id == alerts.c.chat_id,
        subscriptions.c.query_id == alerts.c.query_id,
        subscriptions.c.mode == Mode.ALERT,
    )


async def _select(tx: Tx, *which: sa.ColumnElement[bool]) -> list[Alert]:
    statement = (
        sa.select(alerts, deliveries.c.created_at.label("sent_at"), deliveries.c.state.label("state"))
        .join(deliveries, deliveries.c.id == alerts.c.delivery_id)
        .where(*which)
        .order_by(alerts.c.id)
    )
    return [_alert(row) for row in await tx.execute(statement)]


def _alert(row: Any) -> Alert:
    own = {name: getattr(row, name) for name in Alert.__dataclass_fields__ if name != "is_queued"}
    return Alert(**own, is_queued=row.state == DeliveryState.QUEUED)
