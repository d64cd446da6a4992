"""What stands behind a command is read as people write it."""

from datetime import time, timedelta

import pytest

from bot.errors import ScheduleError
from bot.telegram.reading import read_span
from bot.telegram.schedule import read_times


@pytest.mark.parametrize(
    ("written", "hours"),
    [("24h", 24), ("3d", 72), ("3", 72), ("1w", 168), ("3天", 72), ("12 小时", 12), ("1周", 168), ("7D", 168)],
)
def test_spans_are_read(written: str, hours: int) -> None:
    assert read_span(written) == timedelta(hours=hours)


@pytest.mark.parametrize("written", ["0d", "8d", "2w", "soon", "3 x", "-3d", "999h"])
def test_other_spans_are_refused(written: str) -> None:
    assert read_span(written) is None


@pytest.mark.parametrize(
    ("written", "times"),
    [
        ("08:00 18:00", ["08:00", "18:00"]),
        ("18:00, 8", ["08:00", "18:00"]),
        ("daily at 7:30 and 7pm", ["07:30", "19:00"]),
        ("8 am", ["08:00"]),
        ("8:00、18:00", ["08:00", "18:00"]),
        ("每天 8点30", ["08:30"]),
        ("8 8:00", ["08:00"]),
    ],
)
def test_times_are_read_once_each_and_in_order(written: str, times: list[str]) -> None:
    assert read_times(written) == [time.fromisoformat(at) for at in times]


@pytest.mark.parametrize("written", ["off", "Off", "none", "关闭"])
def test_off_means_none(written: str) -> None:
    assert read_times(written) == []


def test_a_wrong_time_is_named() -> None:
    with pytest.raises(ScheduleError) as caught:
        read_times("8:00 noonish")
    assert caught.value.facts["given"] == "noonish"
