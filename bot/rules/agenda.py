"""What a chat's schedules ask of now: which slot is due, what was done already, and when to look again.

1. A chat remembers one slot, up to which everything is done with. What is due is every later slot whose instant has
   come, however long ago: one briefing answers them all.
2. In quiet hours nothing is due; it is when they end. Slots of a pause pass by untold, the news of them does not: the
   first briefing afterwards covers it.
3. New times count from now on; a slot that was due before they were changed is still told.
4. A chat that moves keeps its place. Slots that its new clock has passed already and that were not told are due at
   once; none is told again for the same local day.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import Chat, Schedule, Slot
from bot.rules.timetable import Timetable, first_due, instant_of, last_due, next_slot, passed, slot_at

A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Due:
    """A run of a chat's schedules: one briefing for every slot up to the last that is due.

    Attributes:
        slot: the last due one; it names the briefing.
        since: when the first of them was due.
        schedule: the one that has the slot.
    """

    slot: Slot
    since: datetime
    schedule: Schedule


def timetable_of(chat: Chat, schedules: Sequence[Schedule]) -> Timetable:
    """The chat's schedules as one timetable."""
    return Timetable(tuple(schedule.times for schedule in schedules), chat.timezone)


def due(chat: Chat, schedules: Sequence[Schedule], now: datetime) -> Due | None:
    """The run that is due, or None; also in quiet hours, in a pause, and for a chat without schedules."""
    if chat.last_slot is None or not_before(chat, now) > now:
        return None
    timetable = timetable_of(chat, schedules)
    first = first_due(timetable, chat.last_slot, now)
    last = last_due(timetable, chat.last_slot, now)
    if first is None or last is None:
        return None
    its = next(one for one in schedules if last.at in one.times.at and last.day.isoweekday() in one.times.weekdays)
    return Due(last, instant_of(first, chat.timezone), its)


def next_due(chat: Chat, schedules: Sequence[Schedule], after: Slot | None) -> datetime | None:
    """When the first slot after another is due, quiet hours considered; None without one."""
    slot = None if after is None else next_slot(timetable_of(chat, schedules), after)
    return None if slot is None else not_before(chat, instant_of(slot, chat.timezone))


def coming(chat: Chat, schedules: Sequence[Schedule], count: int) -> list[datetime]:
    """When the next briefings come, in UTC, each once; those of quiet hours when they end."""
    timetable, place = timetable_of(chat, schedules), chat.last_slot
    found: list[datetime] = []
    while place is not None and len(found) < count and (place := next_slot(timetable, place)) is not None:
        at = not_before(chat, instant_of(place, chat.timezone))
        if at not in found:
            found.append(at)
    return found


def look_again(chat: Chat, schedules: Sequence[Schedule], now: datetime) -> datetime | None:
    """When to look at a chat again of which nothing is due now."""
    at = next_due(chat, schedules, chat.last_slot)
    return None if at is None else max(at, not_before(chat, now))


def place_of_new_times(
    chat: Chat, before: Sequence[Schedule], after: Sequence[Schedule], told: Collection[Slot], now: datetime
) -> Slot:
    """Up to where everything is done with, once a chat's schedules were changed.

    Args:
        told: the latest slots that had their briefing.
    """
    if chat.last_slot is not None and first_due(timetable_of(chat, before), chat.last_slot, now) is not None:
        return chat.last_slot
    timetable = timetable_of(chat, after)
    place = passed(timetable, now)
    while (following := next_slot(timetable, place)) in told and following is not None:
        place = following
    return _after_pause(chat, timetable, place)


def place_of_new_zone(moved: Chat, schedules: Sequence[Schedule], told: Collection[Slot], now: datetime) -> Slot:
    """Up to where everything is done with, once a chat has moved; `moved` is the chat with its new zone."""
    timetable = timetable_of(moved, schedules)
    place = passed(timetable, now)
    if moved.last_slot is not None:
        place = max(min(moved.last_slot, place), *told) if told else min(moved.last_slot, place)
    return _after_pause(moved, timetable, place)


def place_in_pause(paused: Chat, schedules: Sequence[Schedule], now: datetime) -> Slot:
    """Up to where everything is done with, once a chat pauses."""
    timetable = timetable_of(paused, schedules)
    return _after_pause(paused, timetable, paused.last_slot or passed(timetable, now))


def _after_pause(chat: Chat, timetable: Timetable, place: Slot) -> Slot:
    if chat.paused_until is None:
        return place
    return last_due(timetable, place, chat.paused_until - A_MOMENT) or place


def not_before(chat: Chat, now: datetime, *, urgent: bool = False) -> datetime:
    """When something may come to a chat by itself: now, or after its pause and its quiet hours.

    Args:
        urgent: does not wait where the chat wants to hear of what is urgent.
    """
    if urgent and chat.hears_urgent:
        return now
    at = max(now, chat.paused_until) if chat.paused_until is not None else now
    return _end_of_quiet_hours(chat, at) or at


def _end_of_quiet_hours(chat: Chat, now: datetime) -> datetime | None:
    """When the quiet hours end that a chat is in, None outside of them."""
    hours = chat.quiet_hours
    if hours is None or hours.start == hours.until:
        return None
    clock = slot_at(now, chat.timezone)
    if hours.start < hours.until:
        is_quiet, day = hours.start <= clock.at < hours.until, clock.day
    else:
        is_quiet = clock.at >= hours.start or clock.at < hours.until
        day = clock.day if clock.at < hours.until else clock.day + timedelta(days=1)
    end = instant_of(Slot(day, hours.until), chat.timezone)
    # An hour that the clocks repeat has ended once already.
    return end if is_quiet and end > now else None
