"""Broadcasts: posts on their way to many chats, and how far they are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.errors import NotFound
from bot.model import (
    Access,
    Audience,
    Broadcast,
    BroadcastCount,
    BroadcastState,
    ChatKind,
    ChatState,
    DeliveryKind,
    DeliveryState,
)
from bot.rules.delivery import GONE, priority
from bot.storage.database import Tx, insert
from bot.storage.tables import articles, broadcasts, chats, deliveries, told, users

WORTH_COUNTING = 1_000  # new messages after which the planner is told at once instead of in a minute
_FIELDS = [broadcasts.c[name] for name in Broadcast.__dataclass_fields__]


async def add(tx: Tx, *, text: str, article_id: int | None, created_by: int, now: datetime) -> Broadcast:
    """Stores a draft."""
    statement = sa.insert(broadcasts).values(
        text=text, article_id=article_id, created_by=created_by, state=BroadcastState.DRAFT, created_at=now
    )
    return _broadcast((await tx.execute(statement.returning(*_FIELDS))).one())


async def get(tx: Tx, broadcast_id: int) -> Broadcast:
    """The broadcast. Raises NotFound."""
    row = (await tx.execute(sa.select(*_FIELDS).where(broadcasts.c.id == broadcast_id))).one_or_none()
    if row is None:
        raise NotFound("no_broadcast", id=broadcast_id)
    return _broadcast(row)


async def advance(tx: Tx, broadcast_id: int, *, to: BroadcastState, of: tuple[BroadcastState, ...]) -> bool:
    """Moves a broadcast on from one of some states; False where it stands in another."""
    done = await tx.execute(
        sa.update(broadcasts)
        .where(broadcasts.c.id == broadcast_id, broadcasts.c.state.in_(of))
        .values(state=to)
        .returning(broadcasts.c.id)
    )
    return done.scalar_one_or_none() is not None


async def finish(tx: Tx) -> list[Broadcast]:
    """Ends the broadcasts that have no message left to send, and returns them."""
    still_open = sa.exists().where(
        deliveries.c.broadcast_id == broadcasts.c.id,
        deliveries.c.state.in_([DeliveryState.QUEUED, DeliveryState.SENDING]),
    )
    statement = (
        sa.update(broadcasts)
        .where(broadcasts.c.state == BroadcastState.SENDING, ~still_open)
        .values(state=BroadcastState.DONE)
        .returning(*_FIELDS)
    )
    return [_broadcast(row) for row in await tx.execute(statement)]


async def audience(tx: Tx, broadcast_id: int) -> Audience:
    """How many chats the broadcast would reach now."""
    reached = _reached().subquery()
    story = _story_of(broadcast_id).scalar_subquery()
    knows = sa.select(sa.func.count()).select_from(told).where(told.c.story_id == story)
    row = (
        await tx.execute(
            sa.select(
                sa.select(sa.func.count()).select_from(reached).scalar_subquery().label("chats"),
                sa.select(sa.func.count())
                .select_from(chats)
                .where(chats.c.state == ChatState.ACTIVE, ~chats.c.takes_posts, _let_in())
                .scalar_subquery()
                .label("takes_no_posts"),
                knows.where(told.c.chat_id.in_(sa.select(reached.c.id))).scalar_subquery().label("told"),
            )
        )
    ).one()
    return Audience(row.chats, row.takes_no_posts, row.told)


async def enqueue_to_all(tx: Tx, broadcast_id: int, now: datetime) -> int:
    """Records one message to every chat that takes posts, in one statement. Returns how many are new.

    Their text stays in the broadcast. A chat that has the broadcast already is passed over.
    """
    reached = _reached().subquery()
    key = sa.literal(f"broadcast:{broadcast_id}:", sa.Text) + sa.cast(reached.c.id, sa.Text)
    values: dict[str, sa.ColumnElement[Any]] = {
        "chat_id": reached.c.id,
        "kind": _constant("kind", DeliveryKind.BROADCAST),
        "priority": _constant("priority", priority(DeliveryKind.BROADCAST)),
        "key": key,
        "message": _constant("message", {}),
        "state": _constant("state", DeliveryState.QUEUED),
        "created_at": _constant("created_at", now),
        "not_before": _constant("not_before", now),
        "broadcast_id": _constant("broadcast_id", broadcast_id),
    }
    # SQLite takes the conflict clause after a SELECT for a join condition, unless the SELECT has a WHERE.
    rows = sa.select(*values.values()).where(reached.c.id.is_not(None)).order_by(reached.c.id)
    statement = insert(tx, deliveries).from_select(list(values), rows).on_conflict_do_nothing()
    new = (await tx.execute(statement)).rowcount
    if new >= WORTH_COUNTING and tx.dialect.name == "postgresql":
        # With figures from before the broadcast, PostgreSQL sorts the whole queue for each message: measured, 50x.
        await tx.execute(sa.text("ANALYZE deliveries"))
    return new


async def tell_all(tx: Tx, broadcast_id: int, now: datetime) -> None:
    """Notes for every chat of the broadcast that it was told the article's story."""
    story = _story_of(broadcast_id).subquery()
    how = sa.literal(DeliveryKind.BROADCAST.value, told.c.how.type)
    rows = (
        sa.select(deliveries.c.chat_id, story.c.story_id, how, sa.literal(now, told.c.told_at.type))
        .join(story, sa.true())
        .where(deliveries.c.broadcast_id == broadcast_id, story.c.story_id.is_not(None))
    )
    await tx.execute(
        insert(tx, told).from_select(["chat_id", "story_id", "how", "told_at"], rows).on_conflict_do_nothing()
    )


async def cancel_waiting(tx: Tx, broadcast_id: int, now: datetime) -> int:
    """Cancels the messages that are still queued. Returns how many."""
    done = await tx.execute(
        sa.update(deliveries)
        .where(deliveries.c.broadcast_id == broadcast_id, deliveries.c.state == DeliveryState.QUEUED)
        .values(state=DeliveryState.CANCELLED, settled_at=now)
    )
    return done.rowcount


async def count(tx: Tx, broadcast_id: int) -> BroadcastCount:
    """How far it is, in one look."""
    state, gone = deliveries.c.state, deliveries.c.error.startswith(GONE)
    failed = state == DeliveryState.FAILED
    ended = state.in_([DeliveryState.CANCELLED, DeliveryState.EXPIRED])
    parts = {
        "sent": state == DeliveryState.SENT,
        "failed": failed & ~deliveries.c.uncertain & ~gone,
        "uncertain": failed & deliveries.c.uncertain & ~gone,
        "blocked": (failed | ended) & gone,
        "cancelled": ended & ~gone,
    }
    columns = [sa.func.count().filter(condition).label(name) for name, condition in parts.items()]
    row = (
        await tx.execute(
            sa.select(sa.func.count().label("total"), *columns).where(deliveries.c.broadcast_id == broadcast_id)
        )
    ).one()
    return BroadcastCount(**{name: int(number) for name, number in row._mapping.items()})


@dataclass(frozen=True, slots=True)
class Reporting:
    """A broadcast whose progress an admin watches: where the message is, and what it has to say."""

    broadcast: Broadcast
    count: BroadcastCount
    telegram_chat_id: int
    message_id: int
    language: str
    started_at: datetime


async def show_progress_in(tx: Tx, broadcast_id: int, telegram_chat_id: int | None, message_id: int | None) -> None:
    """From now on the progress is shown in this message; None: no longer."""
    await tx.execute(
        sa.update(broadcasts)
        .where(broadcasts.c.id == broadcast_id)
        .values(progress_chat_id=telegram_chat_id, progress_message_id=message_id)
    )


async def reporting(tx: Tx) -> list[Reporting]:
    """The confirmed broadcasts whose progress somebody watches."""
    begun = (
        sa.select(deliveries.c.broadcast_id, sa.func.min(deliveries.c.created_at).label("at"))
        .group_by(deliveries.c.broadcast_id)
        .subquery()
    )
    language = (
        sa.select(chats.c.language)
        .where(chats.c.telegram_chat_id == broadcasts.c.progress_chat_id)
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        sa.select(
            *_FIELDS,
            broadcasts.c.progress_chat_id,
            broadcasts.c.progress_message_id,
            language.label("language"),
            begun.c.at,
        )
        .outerjoin(begun, begun.c.broadcast_id == broadcasts.c.id)
        .where(broadcasts.c.progress_message_id.is_not(None), broadcasts.c.state != BroadcastState.DRAFT)
        .order_by(broadcasts.c.id)
    )
    return [
        Reporting(
            broadcast=_broadcast(row),
            count=await count(tx, row.id),
            telegram_chat_id=row.progress_chat_id,
            message_id=row.progress_message_id,
            language=row.language or "",
            started_at=row.at or row.created_at,
        )
        for row in (await tx.execute(statement)).all()
    ]


def _reached() -> sa.Select[Any]:
    return sa.select(chats.c.id).where(chats.c.state == ChatState.ACTIVE, chats.c.takes_posts, _let_in())


def _let_in() -> sa.ColumnElement[bool]:
    """Not the private chat of somebody who was not let in: Telegram gives it the person's own id."""
    outside = sa.exists().where(users.c.telegram_user_id == chats.c.telegram_chat_id, users.c.access != Access.ALLOWED)
    return (chats.c.kind != ChatKind.PRIVATE) | ~outside


def _story_of(broadcast_id: int) -> sa.Select[Any]:
    return (
        sa.select(articles.c.story_id)
        .join(broadcasts, broadcasts.c.article_id == articles.c.id)
        .where(broadcasts.c.id == broadcast_id)
    )


def _constant(column: str, value: Any) -> sa.ColumnElement[Any]:
    return sa.literal(value, deliveries.c[column].type)


def _broadcast(row: Any) -> Broadcast:
    return Broadcast(
        id=row.id,
        text=row.text,
        article_id=row.article_id,
        created_by=row.created_by,
        state=BroadcastState(row.state),
        created_at=row.created_at,
    )
