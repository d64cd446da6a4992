"""Pauses are read as people write them."""

from datetime import UTC, datetime

import pytest

from bot.errors import ScheduleError
from bot.rules.pauses import parse_pause

TUESDAY = datetime(2024, 10, 22, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "until"),
    [
        ("3d", "2024-10-25T12:00"),
        ("for a week", "2024-10-29T12:00"),
        ("2 weeks", "2024-11-05T12:00"),
        ("an hour", "2024-10-22T13:00"),
        ("1 month", "2024-11-21T12:00"),
        ("三天", "2024-10-25T12:00"),
        ("半天", "2024-10-23T00:00"),
        ("两周", "2024-11-05T12:00"),
        ("until Monday", "2024-10-27T23:00"),
        ("till next Friday", "2024-10-24T22:00"),
        ("Tuesday", "2024-10-28T23:00"),
        ("到周一", "2024-10-27T23:00"),
        ("下周一", "2024-10-27T23:00"),
        ("tomorrow", "2024-10-22T22:00"),
        ("后天", "2024-10-23T22:00"),
        ("until 24 Dec", "2024-12-23T23:00"),
        ("Dec 24th", "2024-12-23T23:00"),
        ("1 Oct", "2025-09-30T22:00"),
        ("2024-12-24", "2024-12-23T23:00"),
        ("2024年12月24日", "2024-12-23T23:00"),
        ("直到12月24日", "2024-12-23T23:00"),
    ],
)
def test_a_pause_ends_where_the_chat_lives(written: str, until: str) -> None:
    expected = datetime.fromisoformat(until).replace(tzinfo=UTC)
    assert parse_pause(written, now=TUESDAY, timezone="Europe/Berlin") == expected


@pytest.mark.parametrize(
    ("written", "key", "position"),
    [
        ("until doomsday", "bad_pause", 6),
        ("", "bad_pause", 0),
        ("weekends", "bad_pause", 0),
        ("30 Feb", "bad_pause", 0),
        ("13 Foo", "bad_pause", 0),
        ("13月1日", "bad_pause", 0),
        ("to 0d", "past_pause", 3),
        ("2024-10-20", "past_pause", 0),
        ("2026-12-24", "long_pause", 0),
    ],
)
def test_what_is_no_end_is_refused(written: str, key: str, position: int) -> None:
    with pytest.raises(ScheduleError) as caught:
        parse_pause(written, now=TUESDAY, timezone="Europe/Berlin")
    assert (caught.value.key, caught.value.position) == (key, position)
