"""Schedules, and which chats are due: a chat's `next_run_at` says when to look at it, `last_slot` what is done."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any

import sqlalchemy as sa

from bot.model import Chat, ChatState, Schedule, Slot, Times
from bot.storage.chats import from_slot, to_chat
from bot.storage.database import Tx, among, insert, skip_locked
from bot.storage.tables import chats, schedules

# Written out, not bound: SQLite uses the partial index of due chats only where it sees its condition.
_IS_ACTIVE = chats.c.state == sa.bindparam("active", ChatState.ACTIVE, literal_execute=True)


async def of_chat(tx: Tx, chat_id: int) -> list[Schedule]:
    """The chat's schedules in the order in which they were made."""
    return (await of_chats(tx, [chat_id])).get(chat_id, [])


async def of_chats(tx: Tx, chat_ids: Sequence[int]) -> dict[int, list[Schedule]]:
    """The schedules of chats that have some, in the order in which they were made."""
    rows = await tx.execute(
        sa.select(schedules).where(among(tx, schedules.c.chat_id, chat_ids)).order_by(schedules.c.id)
    )
    found: dict[int, list[Schedule]] = {}
    for row in rows:
        found.setdefault(row.chat_id, []).append(_schedule(row))
    return found


async def add(tx: Tx, chat_id: int, times: Times, *, tells_when_empty: bool | None = None) -> int:
    """Adds a schedule and returns its id; of one that is there already only the option changes."""
    values = {"tells_when_empty": tells_when_empty}
    statement = (
        insert(tx, schedules)
        .values(chat_id=chat_id, **_times(times), **values)
        .on_conflict_do_update(
            index_elements=[schedules.c.chat_id, schedules.c.times, schedules.c.weekdays], set_=values
        )
        .returning(schedules.c.id)
    )
    return int((await tx.execute(statement)).scalar_one())


async def change(tx: Tx, schedule_id: int, *, times: Times, tells_when_empty: bool | None) -> None:
    """Gives a schedule other times and options; it keeps its id."""
    values = {**_times(times), "tells_when_empty": tells_when_empty}
    await tx.execute(sa.update(schedules).where(schedules.c.id == schedule_id).values(values))


async def remove(tx: Tx, schedule_ids: Sequence[int]) -> None:
    """Removes schedules; the briefings that they made stay."""
    await tx.execute(sa.delete(schedules).where(schedules.c.id.in_(schedule_ids)))


async def plan(tx: Tx, chat_id: int, *, next_run_at: datetime | None, last_slot: Slot | None) -> None:
    """Notes when to look at a chat next, and up to which slot everything is done with."""
    values = {"next_run_at": next_run_at, "last_slot": from_slot(last_slot)}
    await tx.execute(sa.update(chats).where(chats.c.id == chat_id).values(values))


async def plan_all(tx: Tx, plans: Mapping[int, tuple[datetime | None, Slot]]) -> None:
    """The same for many chats: (next_run_at, last_slot) by chat."""
    its = chats.c.id == sa.bindparam("its")
    values: dict[str, Any] = {"next_run_at": sa.bindparam("due"), "last_slot": sa.bindparam("slot")}
    rows = [{"its": chat_id, "due": due, "slot": from_slot(slot)} for chat_id, (due, slot) in plans.items()]
    if rows:
        await tx.execute(sa.update(chats).where(its).values(values), rows)


async def join(tx: Tx, old: int, new: int) -> None:
    """One chat takes over the schedules of another: it is due when either was, and done with what both are."""
    rows = await tx.execute(sa.select(chats).where(chats.c.id.in_([old, new])))
    both = [to_chat(row) for row in rows]
    due = [chat.next_run_at for chat in both if chat.next_run_at is not None]
    done = [chat.last_slot for chat in both if chat.next_run_at is not None and chat.last_slot is not None]
    if due and done:
        await plan(tx, new, next_run_at=min(due), last_slot=min(done))


async def any_due(tx: Tx, now: datetime) -> bool:
    """Whether any chat is due. Reads only, so that the idle look keeps no writer waiting."""
    return await tx.scalar(sa.select(chats.c.id).where(_IS_ACTIVE, chats.c.next_run_at <= now).limit(1)) is not None


async def due_per_minute(tx: Tx, until: datetime) -> list[tuple[datetime, int]]:
    """How many chats are due in each minute that has some, before a time, in order."""
    minute = _minute_of_next_run(tx)
    statement = (
        sa.select(minute, sa.func.count().label("number"))
        .where(_IS_ACTIVE, chats.c.next_run_at < until)
        .group_by(sa.text("minute"))
        .order_by(sa.text("minute"))
    )
    rows = await tx.execute(statement)
    return [(_minute(row.minute), row.number) for row in rows]


async def kept_times(tx: Tx, until: datetime) -> list[tuple[str, Times, datetime, int]]:
    """What the chats that are due before a time keep to: zone, times, the minute they are due next, how many do."""
    kept = (chats.c.timezone, schedules.c.times, schedules.c.weekdays)
    statement = (
        sa.select(*kept, _minute_of_next_run(tx), sa.func.count().label("number"))
        .join(chats, chats.c.id == schedules.c.chat_id)
        .where(_IS_ACTIVE, chats.c.next_run_at < until)
        .group_by(*kept, sa.text("minute"))
    )
    rows = await tx.execute(statement)
    return [(row.timezone, _to_times(row), _minute(row.minute), row.number) for row in rows]


def _minute_of_next_run(tx: Tx) -> sa.Label[Any]:
    if tx.dialect.name == "sqlite":
        return sa.func.strftime("%Y-%m-%dT%H:%M:00+00:00", chats.c.next_run_at).label("minute")
    return sa.func.date_trunc("minute", chats.c.next_run_at).label("minute")


def _minute(stored: Any) -> datetime:
    return datetime.fromisoformat(stored) if isinstance(stored, str) else stored.astimezone(UTC)


async def claim_due(tx: Tx, now: datetime, limit: int, *, until: datetime) -> list[Chat]:
    """The chats that are due longest, for one process: until a time nobody else gets them.

    Whoever dies with them leaves their slots open, so that they are due again then.
    """
    longest = sa.select(chats.c.id).where(_IS_ACTIVE, chats.c.next_run_at <= now).order_by(chats.c.next_run_at)
    statement = (
        sa.update(chats)
        .where(chats.c.id.in_(skip_locked(tx, longest.limit(limit), of=chats)))
        .values(next_run_at=until)
        .returning(chats)
    )
    return sorted((to_chat(row) for row in await tx.execute(statement)), key=lambda chat: chat.id)


def _times(times: Times) -> dict[str, str]:
    return {
        "times": " ".join(f"{at:%H:%M}" for at in times.at),
        "weekdays": "".join(str(weekday) for weekday in times.weekdays),
    }


def _schedule(row: Any) -> Schedule:
    return Schedule(row.id, row.chat_id, _to_times(row), row.tells_when_empty)


def _to_times(row: Any) -> Times:
    at = tuple(time.fromisoformat(one) for one in row.times.split())
    return Times(at, tuple(int(day) for day in row.weekdays))
