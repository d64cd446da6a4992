"""Chats: where messages go, and how each wants them."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from bot.model import Chat, ChatKind, ChatState, QuietHours, Slot
from bot.storage import alerts, query_changes
from bot.storage.database import Tx, among, insert
from bot.storage.tables import chats, deliveries, users


async def meet(
    tx: Tx,
    *,
    telegram_chat_id: int,
    thread_id: int,
    kind: ChatKind,
    title: str,
    language: str,
    timezone: str,
    now: datetime,
) -> Chat:
    """The chat, stored at the first meeting; one that was gone is active again, with all that it had."""
    statement = (
        insert(tx, chats)
        .values(
            telegram_chat_id=telegram_chat_id,
            thread_id=thread_id,
            kind=kind,
            title=title,
            language=language,
            timezone=timezone,
            state=ChatState.ACTIVE,
            created_at=now,
        )
        .on_conflict_do_update(
            index_elements=[chats.c.telegram_chat_id, chats.c.thread_id],
            set_={"title": title, "kind": kind, "state": ChatState.ACTIVE},
        )
        .returning(chats)
    )
    return to_chat((await tx.execute(statement)).one())


async def get(tx: Tx, chat_id: int) -> Chat | None:
    """The chat of an id."""
    row = (await tx.execute(sa.select(chats).where(chats.c.id == chat_id))).one_or_none()
    return None if row is None else to_chat(row)


async def lock(tx: Tx, chat_id: int) -> Chat | None:
    """The chat, held until the unit ends: what two processes tell it at the same time is decided one by one."""
    row = (
        await tx.execute(sa.select(chats).where(chats.c.id == chat_id).with_for_update(key_share=True))
    ).one_or_none()
    return None if row is None else to_chat(row)


async def lock_all(tx: Tx, chat_ids: list[int]) -> list[Chat]:
    """The same for many, in order of id, so that two processes never wait for each other."""
    statement = sa.select(chats).where(among(tx, chats.c.id, chat_ids)).order_by(chats.c.id)
    return [to_chat(row) for row in await tx.execute(statement.with_for_update(key_share=True))]


async def by_ids(tx: Tx, chat_ids: list[int]) -> dict[int, Chat]:
    """Chats by id."""
    rows = await tx.execute(sa.select(chats).where(chats.c.id.in_(chat_ids)))
    return {row.id: to_chat(row) for row in rows}


async def private_chats_of(tx: Tx, user_ids: list[int]) -> list[Chat]:
    """The private chats of users: Telegram gives both the same id."""
    statement = (
        sa.select(chats)
        .join(users, users.c.telegram_user_id == chats.c.telegram_chat_id)
        .where(users.c.id.in_(user_ids), chats.c.kind == ChatKind.PRIVATE, chats.c.state == ChatState.ACTIVE)
    )
    return [to_chat(row) for row in await tx.execute(statement)]


async def note_empty(tx: Tx, chat_ids: list[int], now: datetime) -> None:
    """Notes that chats were told of an empty run."""
    if chat_ids:
        await tx.execute(sa.update(chats).where(among(tx, chats.c.id, chat_ids)).values(last_empty_note_at=now))


async def set_quiet_hours(tx: Tx, chat_id: int, hours: QuietHours | None) -> None:
    """Sets the chat's quiet hours; None ends them."""
    start, until = (None, None) if hours is None else (f"{hours.start:%H:%M}", f"{hours.until:%H:%M}")
    await update(tx, chat_id, quiet_from=start, quiet_until=until)


async def private_chats_with(tx: Tx, telegram_user_ids: Sequence[int]) -> list[Chat]:
    """The private chats with people of these Telegram ids, as far as there are any."""
    statement = sa.select(chats).where(
        chats.c.telegram_chat_id.in_(list(telegram_user_ids)),
        chats.c.kind == ChatKind.PRIVATE,
        chats.c.state == ChatState.ACTIVE,
    )
    return [to_chat(row) for row in await tx.execute(statement)]


async def update(tx: Tx, chat_id: int, **values: Any) -> None:
    """Sets columns of a chat, e.g. `timezone="Europe/Berlin"`."""
    await tx.execute(sa.update(chats).where(chats.c.id == chat_id).values(values))


async def set_gone(tx: Tx, telegram_chat_id: int, now: datetime, *, thread_id: int | None = None) -> None:
    """The bot may not write there any more: what waits for the chat is cancelled. All else is kept for its return.

    Args:
        thread_id: the one topic that is closed; None: the whole chat.
    """
    here = chats.c.telegram_chat_id == telegram_chat_id
    if thread_id is not None:
        here &= chats.c.thread_id == thread_id
    statement = (
        sa.update(deliveries)
        .where(deliveries.c.chat_id.in_(sa.select(chats.c.id).where(here)), deliveries.c.state == "queued")
        .values(state="cancelled", settled_at=now, error="chat gone")
        .returning(deliveries.c.id)
    )
    await alerts.take_back(tx, list((await tx.execute(statement)).scalars()))
    await tx.execute(sa.update(chats).where(here).values(state=ChatState.GONE))


async def set_active(tx: Tx, telegram_chat_id: int) -> None:
    """The bot may write there again: every topic is as it was, with all that it follows."""
    await tx.execute(
        sa.update(chats).where(chats.c.telegram_chat_id == telegram_chat_id).values(state=ChatState.ACTIVE)
    )


async def delete(tx: Tx, chat_id: int) -> None:
    """Forgets the chat and everything that hangs on it."""
    await query_changes.note_all_of(tx, chat_id)
    await tx.execute(sa.delete(chats).where(chats.c.id == chat_id))


async def count(tx: Tx) -> int:
    """How many chats are active."""
    return await tx.scalar(sa.select(sa.func.count()).where(chats.c.state == ChatState.ACTIVE)) or 0


def to_chat(row: Any) -> Chat:
    """A row of `chats` as a value."""
    return Chat(
        id=row.id,
        telegram_chat_id=row.telegram_chat_id,
        thread_id=row.thread_id,
        kind=ChatKind(row.kind),
        title=row.title,
        language=row.language,
        timezone=row.timezone,
        state=ChatState(row.state),
        takes_posts=row.takes_posts,
        tells_when_empty=row.tells_when_empty,
        last_empty_note_at=row.last_empty_note_at,
        created_at=row.created_at,
        quiet_hours=_quiet_hours(row.quiet_from, row.quiet_until),
        hears_urgent=row.hears_urgent,
        paused_until=row.paused_until,
        next_run_at=row.next_run_at,
        last_slot=_slot(row.last_slot),
    )


def from_slot(slot: Slot | None) -> str | None:
    """A slot as it is stored: `2024-10-22T08:00`."""
    return None if slot is None else f"{slot.day}T{slot.at:%H:%M}"


def _slot(stored: str | None) -> Slot | None:
    if stored is None:
        return None
    day, _, at = stored.partition("T")
    return Slot(date.fromisoformat(day), time.fromisoformat(at))


def _quiet_hours(start: str | None, until: str | None) -> QuietHours | None:
    if start is None or until is None:
        return None
    return QuietHours(time.fromisoformat(start), time.fromisoformat(until))
