"""Schedules: the times of day at which a chat gets its briefing, and when each is due next."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

import sqlalchemy as sa

from bot.model import ChatState, Schedule
from bot.storage.database import Tx, insert
from bot.storage.tables import chats, schedules


async def of_chat(tx: Tx, chat_id: int) -> list[Schedule]:
    """The chat's schedules, earliest time of day first."""
    rows = await tx.execute(sa.select(schedules).where(schedules.c.chat_id == chat_id).order_by(schedules.c.at))
    return [_schedule(row) for row in rows]


async def add(tx: Tx, chat_id: int, at: time, next_run_at: datetime) -> None:
    """Adds a time of day; one that is there already only gets the new due time."""
    await tx.execute(
        insert(tx, schedules)
        .values(chat_id=chat_id, at=f"{at:%H:%M}", next_run_at=next_run_at)
        .on_conflict_do_update(index_elements=[schedules.c.chat_id, schedules.c.at], set_={"next_run_at": next_run_at})
    )


async def clear(tx: Tx, chat_id: int) -> int:
    """Removes every schedule of the chat, and returns how many there were."""
    done = await tx.execute(sa.delete(schedules).where(schedules.c.chat_id == chat_id))
    return done.rowcount


async def due(tx: Tx, now: datetime, limit: int) -> list[Schedule]:
    """Schedules whose time has come, of chats that can be reached, longest due first."""
    statement = (
        sa.select(schedules)
        .join(chats, chats.c.id == schedules.c.chat_id)
        .where(schedules.c.next_run_at <= now, chats.c.state == ChatState.ACTIVE)
        .order_by(schedules.c.next_run_at, schedules.c.id)
        .limit(limit)
    )
    return [_schedule(row) for row in await tx.execute(statement)]


async def due_of(tx: Tx, chat_ids: Sequence[int], now: datetime) -> list[Schedule]:
    """Every schedule of these chats whose time has come, longest due first."""
    statement = (
        sa.select(schedules)
        .where(schedules.c.chat_id.in_(chat_ids), schedules.c.next_run_at <= now)
        .order_by(schedules.c.next_run_at, schedules.c.id)
    )
    return [_schedule(row) for row in await tx.execute(statement)]


async def move(tx: Tx, schedule_id: int, *, due_at: datetime, next_run_at: datetime) -> bool:
    """Sets the next due time if nobody else did since it was read: whoever gets True owns this run."""
    done = await tx.execute(
        sa.update(schedules)
        .where(schedules.c.id == schedule_id, schedules.c.next_run_at == due_at)
        .values(next_run_at=next_run_at)
    )
    return bool(done.rowcount)


def _schedule(row: Any) -> Schedule:
    return Schedule(id=row.id, chat_id=row.chat_id, at=time.fromisoformat(row.at), next_run_at=row.next_run_at)
