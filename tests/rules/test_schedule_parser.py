"""Schedules are read as people write them, in English and Chinese."""

from datetime import time

import pytest

from bot.errors import ScheduleError
from bot.model import QuietHours, Times
from bot.rules.schedule_parser import parse_quiet_hours, parse_time, parse_times

EVERY, WEEK, END = "1234567", "12345", "67"


def times(*written: tuple[str, str]) -> list[Times]:
    return [
        Times(tuple(time.fromisoformat(at) for at in hours.split()), tuple(int(day) for day in days))
        for hours, days in written
    ]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("8", [("08:00", EVERY)]),
        ("08:00 18:00", [("08:00 18:00", EVERY)]),
        ("18:00, 8", [("08:00 18:00", EVERY)]),
        ("8:00、18:00", [("08:00 18:00", EVERY)]),
        ("8 8:00", [("08:00", EVERY)]),
        ("0830", [("08:30", EVERY)]),
        ("8 am", [("08:00", EVERY)]),
        ("12 am", [("00:00", EVERY)]),
        ("noon and midnight", [("00:00 12:00", EVERY)]),
        ("daily at 8 and 18", [("08:00 18:00", EVERY)]),
        ("daily at 7:30 and 7pm", [("07:30 19:00", EVERY)]),
        ("weekdays 8:00", [("08:00", WEEK)]),
        ("Mon Wed 18:30", [("18:30", "13")]),
        ("Mon, Wed, Fri at 7", [("07:00", "135")]),
        ("every Monday 8:00", [("08:00", "1")]),
        ("mon-fri 7:30pm", [("19:30", WEEK)]),
        ("Fri to Mon 9", [("09:00", "1567")]),
        ("8:00 on weekdays, Sat 10:00", [("08:00", WEEK), ("10:00", "6")]),
        ("8:00 weekdays 10:00 weekends", [("08:00", WEEK), ("10:00", END)]),
        ("weekdays 8:00; weekends 10:00", [("08:00", WEEK), ("10:00", END)]),
        ("weekdays 8:00 and Saturday 10am", [("08:00", WEEK), ("10:00", "6")]),
        ("weekdays 8, weekdays 18", [("08:00 18:00", WEEK)]),
        ("every 3 hours from 9 to 21", [("09:00 12:00 15:00 18:00 21:00", EVERY)]),
        ("every 2 hours between 9 and 13 on weekdays", [("09:00 11:00 13:00", WEEK)]),
        ("8am to 12pm every 120 minutes", [("08:00 10:00 12:00", EVERY)]),
        ("every 8 hours", [("00:00 08:00 16:00", EVERY)]),
        ("hourly from 22 to 1", [("00:00 01:00 22:00 23:00", EVERY)]),
        ("工作日 8点", [("08:00", WEEK)]),
        ("工作日早上八点", [("08:00", WEEK)]),
        ("每天8点半和下午6点", [("08:30 18:00", EVERY)]),
        ("八点一刻 二十点", [("08:15 20:00", EVERY)]),
        ("中午12点 8点30分", [("08:30 12:00", EVERY)]),
        ("周一三五 晚上9点", [("21:00", "135")]),
        ("周一、周三 18：30", [("18:30", "13")]),
        ("每周日 8点", [("08:00", "7")]),
        ("星期天 8点", [("08:00", "7")]),
        ("周一至周五 8:00; 周末 10点", [("08:00", WEEK), ("10:00", END)]),
        ("8:00, 周六 10:00", [("08:00", EVERY), ("10:00", "6")]),
        ("工作日每3小时 9点到21点", [("09:00 12:00 15:00 18:00 21:00", WEEK)]),
        ("9点到21点每六个小时", [("09:00 15:00 21:00", EVERY)]),
        ("每天早上", [("08:00", EVERY)]),
        ("中午1点", [("13:00", EVERY)]),
    ],
)
def test_schedules_are_read_as_people_write_them(written: str, meant: list[tuple[str, str]]) -> None:
    assert parse_times(written) == times(*meant)


@pytest.mark.parametrize(
    ("written", "key", "position"),
    [
        ("", "no_times", 0),
        ("daily", "days_without_time", 0),
        ("8:00 noonish", "not_understood", 5),
        ("8 to", "not_understood", 2),
        ("8 €", "not_understood", 2),
        ("weekdays 25:00", "bad_time", 9),
        ("8:60", "bad_time", 0),
        ("13pm", "bad_time", 0),
        ("24:30", "bad_time", 0),
        ("晚上25点", "bad_time", 0),
        ("8:00; weekdays", "days_without_time", 6),
        ("Mon 9-17", "span_without_interval", 4),
        ("every 5 minutes", "bad_interval", 0),
        ("daily every 13 hours", "bad_interval", 6),
        ("every hour 0:10 0:20", "too_many_times", 0),
    ],
)
def test_a_mistake_has_its_place(written: str, key: str, position: int) -> None:
    with pytest.raises(ScheduleError) as caught:
        parse_times(written)
    assert (caught.value.key, caught.value.position) == (key, position)


@pytest.mark.parametrize(
    ("written", "meant"), [("8", "08:00"), ("8.30", "08:30"), ("8pm", "20:00"), ("18：05", "18:05"), ("24:00", "00:00")]
)
def test_one_time_is_read(written: str, meant: str) -> None:
    assert parse_time(written) == time.fromisoformat(meant)


@pytest.mark.parametrize("written", ["", "8 9", "soon", "Mon", "8:5"])
def test_what_is_not_one_time_is_named(written: str) -> None:
    with pytest.raises(ScheduleError) as caught:
        parse_time(written)
    assert caught.value.facts["given"] == written


@pytest.mark.parametrize(
    "written", ["22-7", "22:00-07:00", "10pm to 7am", "晚上10点到早上7点", "from 22 until 7", "22 7"]
)
def test_quiet_hours_are_read(written: str) -> None:
    assert parse_quiet_hours(written) == QuietHours(time(22), time(7))


@pytest.mark.parametrize(
    ("written", "key", "position"),
    [("22", "bad_quiet_hours", 0), ("22 Mon", "bad_quiet_hours", 3), ("7-7", "empty_quiet_hours", 2)],
)
def test_what_are_no_hours_is_refused(written: str, key: str, position: int) -> None:
    with pytest.raises(ScheduleError) as caught:
        parse_quiet_hours(written)
    assert (caught.value.key, caught.value.position) == (key, position)
