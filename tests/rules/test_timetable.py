"""One instant of every local day, whatever the clocks do."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ScheduleError
from bot.rules.timetable import Daily, instant_of, next_run, parse_time, parse_timezone


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "at", "after", "expected"),
    [
        ("Europe/Berlin", "08:00", "2026-03-28T12:00", "2026-03-29T06:00"),
        ("Europe/Berlin", "08:00", "2026-10-24T12:00", "2026-10-25T07:00"),
        ("Europe/Berlin", "02:30", "2027-03-27T12:00", "2027-03-28T01:00"),  # skipped: right after the gap
        ("Europe/Berlin", "02:30", "2026-10-24T12:00", "2026-10-25T00:30"),  # repeated: the first one
        ("Europe/Berlin", "02:30", "2026-10-25T00:30", "2026-10-26T01:30"),  # … and only the first one
        ("Asia/Beirut", "00:30", "2026-03-28T12:00", "2026-03-28T22:00"),
        ("Australia/Lord_Howe", "02:15", "2026-10-03T12:00", "2026-10-03T15:30"),  # a gap of half an hour
        ("Asia/Kathmandu", "08:00", "2026-01-01T12:00", "2026-01-02T02:15"),
        ("Pacific/Apia", "08:00", "2011-12-29T18:00", "2011-12-30T18:00"),  # 30 December did not happen
        ("UTC", "12:00", "2026-01-01T12:00", "2026-01-02T12:00"),
    ],
)
def test_a_slot_comes_once_a_local_day(zone: str, at: str, after: str, expected: str) -> None:
    assert next_run(Daily(time.fromisoformat(at), zone), utc(after)) == utc(expected)


def test_a_day_that_a_place_skipped_has_no_slot() -> None:
    assert instant_of(date(2011, 12, 30), time(8), ZoneInfo("Pacific/Apia")) is None


@given(
    st.sampled_from(["Europe/Berlin", "Asia/Beirut", "Australia/Lord_Howe", "America/St_Johns", "Africa/Cairo"]),
    st.times().map(lambda t: t.replace(second=0, microsecond=0)),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_sixty_days_have_sixty_slots(zone: str, at: time, start: date) -> None:
    run = datetime.combine(start, time(12), tzinfo=UTC)
    days = []
    for _ in range(60):
        run = next_run(Daily(at, zone), run)
        days.append(run.astimezone(ZoneInfo(zone)).date())
    assert days == [days[0] + timedelta(days=n) for n in range(60)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("8", "08:00"),
        ("08:00", "08:00"),
        ("8.30", "08:30"),
        ("8pm", "20:00"),
        ("12 am", "00:00"),
        ("18：05", "18:05"),
        ("8点", "08:00"),
        ("8点30分", "08:30"),
        ("23:59", "23:59"),
    ],
)
def test_times_are_read_as_people_write_them(written: str, meant: str) -> None:
    assert parse_time(written) == time.fromisoformat(meant)


@pytest.mark.parametrize("written", ["", "24:00", "8:60", "13pm", "soon", "8:5", "99"])
def test_a_wrong_time_is_named(written: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        parse_time(written)
    assert caught.value.facts["given"] == written


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("北京", "Asia/Shanghai"),
        ("Beijing", "Asia/Shanghai"),
        ("UTC", "UTC"),
        ("UTC+8", "Etc/GMT-8"),
        ("+05:00", "Etc/GMT-5"),
        ("gmt-3", "Etc/GMT+3"),
    ],
)
def test_zones_are_found_by_name_city_and_offset(written: str, zone: str) -> None:
    assert parse_timezone(written) == zone


@pytest.mark.parametrize("written", ["", "Nowhere", "UTC+15", "UTC-14"])
def test_a_wrong_zone_is_named(written: str) -> None:
    with pytest.raises(ScheduleError, match="bad_timezone"):
        parse_timezone(written)
