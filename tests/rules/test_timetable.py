"""One instant of every local day, whatever the clocks do."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import EVERY_DAY, Slot, Times
from bot.rules.timetable import Timetable, first_due, instant_of, last_due, next_run, next_slot, passed, slot_at

ODD = ("Europe/Berlin", "Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Africa/Cairo")
ZONES = st.sampled_from(ODD) | st.sampled_from(sorted(zone for zone in available_timezones() if "/" in zone))
MINUTES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
ROUND = st.sampled_from([time(0), time(0, 30), time(1, 59), time(2), time(2, 15), time(2, 30), time(3), time(23, 59)])
TIMES = st.lists(MINUTES | ROUND, min_size=1, max_size=4, unique=True).map(lambda at: tuple(sorted(at)))
DAYS = st.sets(st.sampled_from(EVERY_DAY), min_size=1).map(lambda days: tuple(sorted(days)))
TIMETABLES = st.builds(Timetable, st.lists(st.builds(Times, TIMES, DAYS), min_size=1, max_size=3).map(tuple), ZONES)
MOMENTS = st.datetimes(datetime(2005, 1, 1), datetime(2035, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def daily(at: str, zone: str) -> Timetable:
    return Timetable((Times((time.fromisoformat(at),)),), zone)


def runs(timetable: Timetable, after: datetime) -> Iterator[datetime]:
    while True:
        after = next_run(timetable, after)
        yield after


@pytest.mark.parametrize(
    ("zone", "at", "after", "expected"),
    [
        ("Europe/Berlin", "08:00", "2026-03-28T12:00", "2026-03-29T06:00"),
        ("Europe/Berlin", "08:00", "2026-10-24T12:00", "2026-10-25T07:00"),
        ("Europe/Berlin", "02:30", "2027-03-27T12:00", "2027-03-28T01:00"),  # skipped: right after the gap
        ("Europe/Berlin", "02:30", "2026-10-24T12:00", "2026-10-25T00:30"),  # repeated: the first one
        ("Europe/Berlin", "02:30", "2026-10-25T00:30", "2026-10-26T01:30"),  # … and only the first one
        ("Europe/Berlin", "02:30", "2026-10-25T01:10", "2026-10-26T01:30"),  # … also seen from within the second
        ("Asia/Beirut", "00:30", "2026-03-28T12:00", "2026-03-28T22:00"),
        ("Australia/Lord_Howe", "02:15", "2026-10-03T12:00", "2026-10-03T15:30"),  # a gap of half an hour
        ("Australia/Lord_Howe", "01:45", "2026-04-04T12:00", "2026-04-04T14:45"),  # … and half an hour twice
        ("Australia/Lord_Howe", "01:45", "2026-04-04T14:45", "2026-04-05T15:15"),
        ("Asia/Kathmandu", "08:00", "2026-01-01T12:00", "2026-01-02T02:15"),
        ("Pacific/Apia", "08:00", "2011-12-29T18:00", "2011-12-30T18:00"),  # 30 December did not happen
        ("UTC", "12:00", "2026-01-01T12:00", "2026-01-02T12:00"),
    ],
)
def test_a_slot_comes_once_a_local_day(zone: str, at: str, after: str, expected: str) -> None:
    assert next_run(daily(at, zone), utc(after)) == utc(expected)


@pytest.mark.parametrize("zone", ODD)
@pytest.mark.parametrize("at", ["00:30", "02:00", "02:15", "02:30", "08:00"])
def test_every_day_of_years_has_its_slot_once(zone: str, at: str) -> None:
    start = datetime(2024, 1, 1, 12, tzinfo=UTC)
    days = [run.astimezone(ZoneInfo(zone)).date() for run in islice(runs(daily(at, zone), start), 1000)]
    assert days == [days[0] + timedelta(days=step) for step in range(1000)]


@given(TIMETABLES, MOMENTS)
def test_runs_go_strictly_forward_and_none_lies_between(timetable: Timetable, now: datetime) -> None:
    found = list(islice(runs(timetable, now), 20))
    assert all(earlier < later for earlier, later in pairwise([now, *found]))
    day, last = slot_at(now, timetable.timezone).day - timedelta(days=2), slot_at(found[-1], timetable.timezone).day
    expected = set()
    while day <= last:
        for times in timetable.times:
            for at in times.at if day.isoweekday() in times.weekdays else ():
                instant = instant_of(Slot(day, at), timetable.timezone)
                if now < instant <= found[-1] and slot_at(instant, timetable.timezone).day == day:
                    expected.add(instant)
        day += timedelta(days=1)
    assert found == sorted(expected)


@given(TIMETABLES, MOMENTS, st.integers(0, 400))
def test_looking_back_and_looking_forward_see_the_same_slots(timetable: Timetable, now: datetime, hours: int) -> None:
    start = passed(timetable, now - timedelta(hours=hours))
    expected, place = None, start
    while (slot := first_due(timetable, place, now)) is not None:
        expected = place = slot
    assert last_due(timetable, start, now) == expected
    following = next_slot(timetable, passed(timetable, now))
    assert following is not None
    assert instant_of(following, timetable.timezone) > now


@given(TIMETABLES, MOMENTS)
def test_each_slot_of_a_local_day_is_told_once(timetable: Timetable, now: datetime) -> None:
    place, slots = passed(timetable, now), []
    for _ in range(30):
        following = next_slot(timetable, place)
        assert following is not None
        slots.append(following)
        place = following
    assert len(set(slots)) == len(slots)
    assert slots == sorted(slots)
    instants = [instant_of(slot, timetable.timezone) for slot in slots]
    assert instants == sorted(instants)


def test_a_day_that_a_place_skipped_has_no_slot() -> None:
    slot = next_slot(daily("08:00", "Pacific/Apia"), Slot(date(2011, 12, 29), time(8)))
    assert slot == Slot(date(2011, 12, 31), time(8))


def test_a_weekly_slot_waits_for_its_day_though_the_place_skips_one() -> None:
    fridays = Timetable((Times((time(8),), (5,)),), "Pacific/Apia")  # 30 December 2011 was to be one
    assert next_run(fridays, utc("2011-12-24T12:00")) == utc("2012-01-05T18:00")


def test_a_timetable_without_times_never_runs() -> None:
    nothing = Timetable((), "UTC")
    assert next_slot(nothing, Slot(date(2024, 1, 1), time(8))) is None
    assert last_due(nothing, Slot(date(2024, 1, 1), time(8)), utc("2024-01-05T12:00")) is None
    with pytest.raises(ValueError, match="without times"):
        next_run(nothing, utc("2024-01-05T12:00"))
