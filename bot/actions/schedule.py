"""When a chat gets its briefing: times of day, and the time zone they are meant in."""

from collections.abc import Sequence
from datetime import datetime, time

from bot.model import Chat, Schedule
from bot.rules.timetable import Daily, next_run, parse_timezone
from bot.storage import chats, schedules
from bot.storage.database import Database, Tx

DEFAULT_TIME = time(8)


async def of_chat(db: Database, chat: Chat) -> list[Schedule]:
    """The chat's schedules, earliest time of day first."""
    async with db.read() as tx:
        return await schedules.of_chat(tx, chat.id)


async def set_times(db: Database, chat: Chat, times: Sequence[time], now: datetime) -> list[Schedule]:
    """Replaces the chat's times of day; none turns the schedule off."""
    async with db.write() as tx:
        await schedules.clear(tx, chat.id)
        for at in times:
            await schedules.add(tx, chat.id, at, next_run(Daily(at, chat.timezone), now))
        return await schedules.of_chat(tx, chat.id)


async def set_timezone(db: Database, chat: Chat, text: str, now: datetime) -> tuple[str, list[Schedule]]:
    """Moves the chat to the zone of a name or city; its times of day stay and are due anew.

    Returns:
        The zone and the chat's schedules.

    Raises:
        ScheduleError: no zone is meant.
    """
    zone = parse_timezone(text)
    async with db.write() as tx:
        await chats.update(tx, chat.id, timezone=zone)
        for schedule in await schedules.of_chat(tx, chat.id):
            await schedules.add(tx, chat.id, schedule.at, next_run(Daily(schedule.at, zone), now))
        return zone, await schedules.of_chat(tx, chat.id)


async def ensure_default(tx: Tx, chat: Chat, now: datetime) -> None:
    """Gives a chat that follows its first topic the daily briefing at DEFAULT_TIME, unless it has a time."""
    if not await schedules.of_chat(tx, chat.id):
        await schedules.add(tx, chat.id, DEFAULT_TIME, next_run(Daily(DEFAULT_TIME, chat.timezone), now))
