"""When a chat gets its briefing: its schedules, where it lives, its quiet hours, its pauses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from zoneinfo import available_timezones

from bot.errors import BadInput, NotFound, ScheduleError
from bot.model import Chat, QuietHours, Schedule, Slot, Times
from bot.rules.agenda import next_due, place_in_pause, place_of_new_times, place_of_new_zone
from bot.storage import briefings, chats, schedules
from bot.storage.database import Database, Tx

DEFAULT_TIMES = Times((time(8),))
MOST_SCHEDULES = 12
TOLD_SINCE = timedelta(days=3)  # local days are at most 26 hours apart

Change = Callable[[Schedule], Schedule | None]


@dataclass(frozen=True, slots=True)
class Agenda:
    """A chat with its schedules, and when the next of them comes."""

    chat: Chat
    schedules: tuple[Schedule, ...]

    @property
    def next_run(self) -> datetime | None:
        """When the next briefing comes, in UTC; None without a schedule."""
        return next_due(self.chat, self.schedules, self.chat.last_slot)


async def of_chat(db: Database, chat: Chat) -> Agenda:
    """The chat's schedules in the order in which they were made."""
    async with db.read() as tx:
        found = await chats.get(tx, chat.id)
        return Agenda(found or chat, tuple(await schedules.of_chat(tx, chat.id)))


async def set_times(db: Database, chat: Chat, wanted: Sequence[Times], now: datetime) -> Agenda:
    """Replaces the chat's schedules; none turns them off. What is there already keeps its options.

    Raises:
        BadInput: `too_many_schedules`.
    """
    async with db.write() as tx:
        before = await _agenda(tx, chat.id)
        kept = [its.id for its in before.schedules if its.times in wanted]
        await schedules.remove(tx, [its.id for its in before.schedules if its.id not in kept])
        known = {its.times for its in before.schedules}
        for times in dict.fromkeys(wanted):
            if times not in known:
                await schedules.add(tx, chat.id, times)
        return await _replan(tx, before, now)


async def add_times(db: Database, chat: Chat, wanted: Sequence[Times], now: datetime) -> Agenda:
    """Adds schedules to those that the chat has. Raises BadInput: `too_many_schedules`."""
    async with db.write() as tx:
        before = await _agenda(tx, chat.id)
        known = {its.times for its in before.schedules}
        for times in wanted:
            if times not in known:
                await schedules.add(tx, chat.id, times)
        return await _replan(tx, before, now)


async def change(db: Database, chat: Chat, schedule_id: int, how: Change, now: datetime) -> Agenda:
    """Changes one schedule, or ends it where `how` gives None. Raises NotFound."""
    async with db.write() as tx:
        before = await _agenda(tx, chat.id)
        its = next((one for one in before.schedules if one.id == schedule_id), None)
        if its is None:
            raise NotFound("no_schedule")
        changed = how(its)
        others = {one.times for one in before.schedules if one.id != schedule_id}
        if changed is None or not changed.times.at or changed.times in others:
            await schedules.remove(tx, [its.id])
        else:
            await schedules.change(tx, its.id, times=changed.times, tells_when_empty=changed.tells_when_empty)
        return await _replan(tx, before, now)


async def set_zone(db: Database, chat: Chat, zone: str, now: datetime) -> Agenda:
    """Moves the chat to an IANA zone. Its times stay what they are, at its new place; none comes twice for a day.

    Raises:
        ScheduleError: `bad_timezone`.
    """
    if zone not in available_timezones():
        raise ScheduleError("bad_timezone", 0, given=zone[:40])
    async with db.write() as tx:
        before = await _agenda(tx, chat.id)
        moved = replace(before.chat, timezone=zone)
        await chats.update(tx, chat.id, timezone=zone)
        place = place_of_new_zone(moved, before.schedules, await _told(tx, before.chat, now), now)
        return await _plan(tx, replace(before, chat=moved), place, now)


async def set_quiet_hours(db: Database, chat: Chat, hours: QuietHours | None, now: datetime) -> Agenda:
    """Sets the hours in which nothing comes by itself; None ends them."""
    async with db.write() as tx:
        before = await _agenda(tx, chat.id)
        await chats.set_quiet_hours(tx, chat.id, hours)
        changed = replace(before, chat=replace(before.chat, quiet_hours=hours))
        return await _plan(tx, changed, before.chat.last_slot, now)


async def pause(db: Database, chat: Chat, until: datetime, now: datetime) -> Agenda:
    """Nothing comes by itself until then; the first briefing afterwards covers what is new since."""
    async with db.write() as tx:
        before = await _agenda(tx, chat.id)
        await chats.update(tx, chat.id, paused_until=until)
        paused = replace(before, chat=replace(before.chat, paused_until=until))
        return await _plan(tx, paused, place_in_pause(paused.chat, paused.schedules, now), now)


async def resume(db: Database, chat: Chat, now: datetime) -> Agenda:
    """Ends a pause; the next slot from now on is due."""
    async with db.write() as tx:
        paused = await _agenda(tx, chat.id)
        await chats.update(tx, chat.id, paused_until=None)
        before = replace(paused, chat=replace(paused.chat, paused_until=None))
        return await _replan(tx, before, now)


async def ensure_default(tx: Tx, chat: Chat, now: datetime) -> None:
    """Gives a chat that follows its first topic the daily briefing of DEFAULT_TIMES, unless it has a schedule."""
    before = await _agenda(tx, chat.id)
    if not before.schedules:
        await schedules.add(tx, chat.id, DEFAULT_TIMES)
        await _replan(tx, before, now)


async def _agenda(tx: Tx, chat_id: int) -> Agenda:
    """The chat, held until the unit ends, because what is due depends on all of it."""
    chat = await chats.lock(tx, chat_id)
    if chat is None:
        raise NotFound("no_chat", id=chat_id)
    return Agenda(chat, tuple(await schedules.of_chat(tx, chat_id)))


async def _replan(tx: Tx, before: Agenda, now: datetime) -> Agenda:
    after = await schedules.of_chat(tx, before.chat.id)
    if len(after) > MOST_SCHEDULES:
        raise BadInput("too_many_schedules", limit=MOST_SCHEDULES)
    told = await _told(tx, before.chat, now)
    place = place_of_new_times(before.chat, before.schedules, after, told, now)
    return await _plan(tx, replace(before, schedules=tuple(after)), place, now)


async def _told(tx: Tx, chat: Chat, now: datetime) -> set[Slot]:
    return await briefings.slots_since(tx, chat.id, (now - TOLD_SINCE).date())


async def _plan(tx: Tx, agenda: Agenda, place: Slot | None, now: datetime) -> Agenda:
    next_run_at = next_due(agenda.chat, agenda.schedules, place)
    await schedules.plan(tx, agenda.chat.id, next_run_at=next_run_at, last_slot=place)
    return replace(agenda, chat=replace(agenda.chat, next_run_at=next_run_at, last_slot=place))
