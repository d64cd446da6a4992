"""Counts and ages for `/metrics`: how much there is, and since when the oldest row of each queue waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.model import ChatState, DeliveryState, SourceState
from bot.storage.database import Tx
from bot.storage.tables import articles, chats, deliveries, matches, queries, sources, stories, subscriptions


@dataclass(frozen=True, slots=True)
class Figures:
    """One look at the database: rows by table, and of each queue how many wait and the oldest's age in seconds."""

    totals: dict[str, int]
    deliveries: dict[str, int]  # by DeliveryState
    sources: dict[str, int]  # active, paused, failing
    queues: dict[str, tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Growth:
    """How many there are, and how many came in and went out lately."""

    active_chats: int
    gone_chats: int
    scheduled_chats: int
    queries: int
    articles_in_day: int
    articles_in_hour: int
    sent_in_day: int


async def growth(tx: Tx, now: datetime) -> Growth:
    """Counts once more, for people."""
    day, hour = now - timedelta(days=1), now - timedelta(hours=1)
    active = chats.c.state == ChatState.ACTIVE
    conditions = {
        "active_chats": (chats, active),
        "gone_chats": (chats, ~active),
        "scheduled_chats": (chats, active & chats.c.next_run_at.is_not(None)),
        "queries": (queries, sa.true()),
        "articles_in_day": (articles, articles.c.received_at > day),
        "articles_in_hour": (articles, articles.c.received_at > hour),
        "sent_in_day": (deliveries, (deliveries.c.state == DeliveryState.SENT) & (deliveries.c.settled_at > day)),
    }
    counts = [
        sa.select(sa.func.count()).select_from(table).where(condition).scalar_subquery().label(name)
        for name, (table, condition) in conditions.items()
    ]
    row = (await tx.execute(sa.select(*counts))).one()
    return Growth(**{name: int(number) for name, number in zip(conditions, row, strict=True)})


async def waiting_messages(tx: Tx, now: datetime) -> int:
    """How many messages are due and not sent."""
    due = (deliveries.c.state == DeliveryState.QUEUED) & (deliveries.c.not_before <= now)
    return await tx.scalar(sa.select(sa.func.count()).where(due)) or 0


async def figures(tx: Tx, now: datetime) -> Figures:
    """Counts everything once.

    Returns:
        Figures: queues are `group`, `match`, `alert` (articles the step has not seen), `deliver` (messages due) and
        `collect` (sources due).
    """
    return Figures(
        totals=await _totals(tx),
        deliveries=await _deliveries(tx),
        sources=await _sources(tx),
        queues=await _queues(tx, now),
    )


async def _totals(tx: Tx) -> dict[str, int]:
    tables = (articles, stories, matches, subscriptions, chats)
    counts = [sa.select(sa.func.count()).select_from(table).scalar_subquery().label(table.name) for table in tables]
    row = (await tx.execute(sa.select(*counts))).one()
    return {table.name: int(number) for table, number in zip(tables, row, strict=True)}


async def _deliveries(tx: Tx) -> dict[str, int]:
    rows = await tx.execute(sa.select(deliveries.c.state, sa.func.count().label("number")).group_by(deliveries.c.state))
    return {state.value: 0 for state in DeliveryState} | {row.state: int(row.number) for row in rows}


async def _sources(tx: Tx) -> dict[str, int]:
    active, failing = sources.c.state == SourceState.ACTIVE, sources.c.failures > 0
    row = (
        await tx.execute(
            sa.select(
                sa.func.count().filter(active),
                sa.func.count().filter(~active),
                sa.func.count().filter(active & failing),
            )
        )
    ).one()
    return dict(zip(("active", "paused", "failing"), map(int, row), strict=True))


async def _queues(tx: Tx, now: datetime) -> dict[str, tuple[int, float]]:
    due = (deliveries.c.state == DeliveryState.QUEUED) & (deliveries.c.not_before <= now)
    waiting = {
        "group": (articles.c.received_at, articles.c.story_id.is_(None)),
        "match": (articles.c.received_at, articles.c.matched_at.is_(None)),
        "alert": (articles.c.received_at, articles.c.alerted_at.is_(None)),
        "deliver": (deliveries.c.not_before, due),
        "collect": (
            sources.c.next_fetch_at,
            (sources.c.state == SourceState.ACTIVE) & (sources.c.next_fetch_at <= now),
        ),
    }
    queues = {}
    for name, (since, condition) in waiting.items():
        number, oldest = (await tx.execute(sa.select(sa.func.count(), sa.func.min(since)).where(condition))).one()
        queues[name] = (int(number), max(0.0, (now - oldest).total_seconds()) if oldest else 0.0)
    return queues


async def answers(tx: Tx) -> bool:
    """True when the database answers; the unit raises StorageError when it does not."""
    return bool(await tx.scalar(sa.select(sa.literal(1))))
