"""Schedules of several times and days; a chat knows when it is due next; quiet hours and pauses.

What a chat had at several times of day becomes one daily schedule. Whatever was due stays due: the watermark is the
minute before the slot that came next.
"""

from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0004"
down_revision = "0003"

chats = sa.table(
    "chats", sa.column("id"), sa.column("timezone"), sa.column("next_run_at", UtcDateTime), sa.column("last_slot")
)
schedules = sa.table(
    "schedules",
    *(sa.column(name) for name in ("id", "chat_id", "at", "times", "weekdays")),
    sa.column("next_run_at", UtcDateTime),
)
briefings = sa.table("briefings", sa.column("id"), sa.column("schedule_id"))
CHATS_AT_ONCE = 1_000


def upgrade() -> None:
    op.add_column("chats", sa.Column("quiet_from", sa.String(5), nullable=True))
    op.add_column("chats", sa.Column("quiet_until", sa.String(5), nullable=True))
    op.add_column("chats", sa.Column("hears_urgent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("chats", sa.Column("paused_until", UtcDateTime(), nullable=True))
    op.add_column("chats", sa.Column("next_run_at", UtcDateTime(), nullable=True))
    op.add_column("chats", sa.Column("last_slot", sa.String(16), nullable=True))
    active = sa.text("state = 'active'")
    op.create_index("ix_chats_due", "chats", ["next_run_at"], sqlite_where=active, postgresql_where=active)
    op.add_column("schedules", sa.Column("times", sa.Text(), nullable=True))
    op.add_column("schedules", sa.Column("weekdays", sa.String(7), nullable=True))
    op.add_column("schedules", sa.Column("tells_when_empty", sa.Boolean(), nullable=True))
    _join_times(op.get_bind())
    _rebuild(op.get_bind())


def _join_times(bind: sa.Connection) -> None:
    """One schedule per chat, the first one's id, with every time of day."""
    first = 0
    while True:
        statement = (
            sa.select(schedules.c.id, schedules.c.chat_id, schedules.c.at, schedules.c.next_run_at, chats.c.timezone)
            .join(chats, chats.c.id == schedules.c.chat_id)
            .where(schedules.c.chat_id > first, schedules.c.chat_id <= first + CHATS_AT_ONCE)
            .order_by(schedules.c.chat_id, schedules.c.id)
        )
        its: dict[int, list[Any]] = {}
        for row in bind.execute(statement):
            its.setdefault(row.chat_id, []).append(row)
        if its:
            _store(bind, its)
        elif not bind.scalar(sa.select(sa.func.count()).where(schedules.c.chat_id > first)):
            return
        first += CHATS_AT_ONCE


def _store(bind: sa.Connection, its: dict[int, list[Any]]) -> None:
    kept = [
        {"its": rows[0].id, "all": " ".join(sorted(row.at for row in rows)), "days": "1234567"} for rows in its.values()
    ]
    by_id = schedules.c.id == sa.bindparam("its")
    bind.execute(
        sa.update(schedules).where(by_id).values(times=sa.bindparam("all"), weekdays=sa.bindparam("days")), kept
    )
    due = [{"its": chat_id, **_due(min(rows, key=lambda row: row.next_run_at))} for chat_id, rows in its.items()]
    values: dict[str, Any] = {"next_run_at": sa.bindparam("due"), "last_slot": sa.bindparam("slot")}
    bind.execute(sa.update(chats).where(chats.c.id == sa.bindparam("its")).values(values), due)
    replaced = [{"its": row.id, "kept": rows[0].id} for rows in its.values() for row in rows[1:]]
    if replaced:
        of = briefings.c.schedule_id == sa.bindparam("its")
        bind.execute(sa.update(briefings).where(of).values(schedule_id=sa.bindparam("kept")), replaced)
        bind.execute(sa.delete(schedules).where(by_id), replaced)


def _due(row: Any) -> dict[str, Any]:
    """When the chat is due, and the minute before that slot of the local day."""
    day = row.next_run_at.astimezone(ZoneInfo(row.timezone)).date()
    at = time.fromisoformat(row.at)
    before = timedelta(hours=at.hour, minutes=at.minute - 1)
    if before < timedelta(0):
        return {"due": row.next_run_at, "slot": f"{day - timedelta(days=1)}T23:59"}
    minutes = int(before.total_seconds()) // 60
    return {"due": row.next_run_at, "slot": f"{day}T{minutes // 60:02}:{minutes % 60:02}"}


def _rebuild(bind: sa.Connection) -> None:
    """The table without what it had for single times of day. SQLite makes a new one, which briefings must outlive."""
    is_sqlite = bind.dialect.name == "sqlite"
    if is_sqlite:
        op.execute("CREATE TEMPORARY TABLE kept AS SELECT id, schedule_id FROM briefings WHERE schedule_id IS NOT NULL")
    with op.batch_alter_table("schedules") as table:
        table.drop_index("ix_schedules_next_run_at")
        table.drop_constraint("uq_schedules_chat_id_at", type_="unique")
        table.drop_column("at")
        table.drop_column("next_run_at")
        table.alter_column("times", existing_type=sa.Text(), nullable=False)
        table.alter_column("weekdays", existing_type=sa.String(7), nullable=False)
        table.create_unique_constraint("uq_schedules_chat_id_times_weekdays", ["chat_id", "times", "weekdays"])
    if is_sqlite:
        op.execute(
            "UPDATE briefings SET schedule_id = (SELECT schedule_id FROM kept WHERE kept.id = briefings.id) "
            "WHERE id IN (SELECT id FROM kept)"
        )
        op.execute("DROP TABLE kept")
