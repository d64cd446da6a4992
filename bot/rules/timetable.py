"""When a slot comes: a time of day where the chat lives becomes one instant of every local day.

A day's slot that the clocks skip (02:30 on the last Sunday of March in Berlin, 00:30 in Beirut) comes at the first
instant after the gap; one that they repeat comes the first time. A day that a place skips whole (30 December 2011 in
Apia) has no slot. In order of their local time the slots of a zone never go back in time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.model import Slot, Times

DAY = timedelta(days=1)
LONGEST_WAIT = 15  # days: a weekly slot whose day a place skipped


@dataclass(frozen=True, slots=True)
class Timetable:
    """All the times at which a chat is briefed, in its IANA time zone."""

    times: tuple[Times, ...]
    timezone: str


def next_run(timetable: Timetable, after: datetime) -> datetime:
    """The first instant of the timetable later than `after`, in UTC. Raises ValueError for one without times."""
    slot = next_slot(timetable, passed(timetable, after))
    if slot is None:
        raise ValueError("a timetable without times")
    return instant_of(slot, timetable.timezone)


def next_slot(timetable: Timetable, after: Slot) -> Slot | None:
    """The first slot after another in local time; None for a timetable without times."""
    return next(_slots(timetable, after), None)


def runs(timetable: Timetable, after: datetime, before: datetime) -> Iterator[datetime]:
    """The instants of the timetable between two others, both of them left out, in UTC and in order."""
    for slot in _slots(timetable, slot_at(after, timetable.timezone)):
        instant = instant_of(slot, timetable.timezone)
        if instant >= before:
            return
        if instant > after:
            yield instant


def first_due(timetable: Timetable, after: Slot, now: datetime) -> Slot | None:
    """The first slot after another if its instant has come."""
    slot = next_slot(timetable, after)
    return slot if slot is not None and instant_of(slot, timetable.timezone) <= now else None


def last_due(timetable: Timetable, after: Slot, now: datetime) -> Slot | None:
    """The last slot after another whose instant has come, looked for backwards from now."""
    by_weekday = _by_weekday(timetable.times)
    day = slot_at(now, timetable.timezone).day
    while day >= after.day:
        for at in reversed(by_weekday[day.isoweekday()]):
            slot = Slot(day, at)
            if slot <= after:
                return None
            if _exists(slot, timetable.timezone) and instant_of(slot, timetable.timezone) <= now:
                return slot
        day -= DAY
    return None


def passed(timetable: Timetable, now: datetime) -> Slot:
    """Where the timetable stands: every slot up to here has had its instant, every later one has not."""
    start = Slot(slot_at(now, timetable.timezone).day - DAY, time.min)
    return last_due(timetable, start, now) or start


def slot_at(moment: datetime, timezone: str) -> Slot:
    """The day and the time of day that a clock shows there, to the minute."""
    local = moment.astimezone(ZoneInfo(timezone))
    return Slot(local.date(), time(local.hour, local.minute))


@lru_cache(maxsize=100_000)
def instant_of(slot: Slot, timezone: str) -> datetime:
    """The instant of a slot, in UTC; of a day that the place skipped, the first instant after it."""
    local = datetime.combine(slot.day, slot.at, tzinfo=ZoneInfo(timezone))
    instant = local.astimezone(UTC)
    if instant.astimezone(local.tzinfo).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    return _end_of_gap(local)


def _exists(slot: Slot, timezone: str) -> bool:
    return slot_at(instant_of(slot, timezone), timezone).day == slot.day


def _slots(timetable: Timetable, after: Slot) -> Iterator[Slot]:
    by_weekday = _by_weekday(timetable.times)
    for days in range(LONGEST_WAIT):
        day = after.day + days * DAY
        for at in by_weekday[day.isoweekday()]:
            slot = Slot(day, at)
            if slot > after and _exists(slot, timetable.timezone):
                yield slot


@lru_cache(maxsize=10_000)
def _by_weekday(times: tuple[Times, ...]) -> tuple[tuple[time, ...], ...]:
    """The times of day of each ISO weekday, ascending; nothing at 0."""
    return tuple(
        tuple(sorted({at for its in times if weekday in its.weekdays for at in its.at})) for weekday in range(8)
    )


def _end_of_gap(local: datetime) -> datetime:
    """The first instant after the gap in which a local time lies, to the second, by bisection between both readings."""
    early = local.replace(fold=1).astimezone(UTC)
    late = local.replace(fold=0).astimezone(UTC)
    before = early.astimezone(local.tzinfo).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(local.tzinfo).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late
