"""brief: the chats whose time has come get their briefing, once per local day and time of day.

A chat that was due several times while the program was down gets one briefing that covers all of it.
"""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.actions.reading import Slot, brief
from bot.model import Chat, Schedule
from bot.ports import Workers
from bot.rules.timetable import Daily, next_run
from bot.storage import chats, schedules
from bot.storage.database import Database

BATCH = 50


async def brief_due(db: Database, workers: Workers, now: datetime) -> int:
    """Briefs one batch of due chats, longest due first, and returns how many schedules that were."""
    async with db.read() as tx:
        due = await schedules.due(tx, now, BATCH)
        theirs = await chats.by_ids(tx, [schedule.chat_id for schedule in due])
        overdue = await schedules.due_of(tx, list(theirs), now)
    slots: dict[int, list[Slot]] = {}
    for schedule in overdue:
        slots.setdefault(schedule.chat_id, []).append(slot_of(schedule, theirs[schedule.chat_id], now))
    for chat_id, (first, *others) in slots.items():
        await brief(db, workers, theirs[chat_id], now, slot=replace(first, covers=tuple(others)))
    return len(due)


def slot_of(schedule: Schedule, chat: Chat, now: datetime) -> Slot:
    """The slot that is due, named by its local date, and when the schedule is due next."""
    local = schedule.next_run_at.astimezone(ZoneInfo(chat.timezone))
    return Slot(
        schedule_id=schedule.id,
        local_date=local.date(),
        at=schedule.at,
        due_at=schedule.next_run_at,
        next_run_at=next_run(Daily(schedule.at, chat.timezone), now),
    )
