"""Dates as the web writes them."""

from datetime import UTC, datetime

import pytest

from bot.rules.dates import parse_date

INSTANTS = {
    "2024-10-22T08:30:00Z": (8, 30, 0),
    "2024-10-22T08:30:00+08:00": (0, 30, 0),
    "2024-10-22 08:30:15.250-0130": (10, 0, 15),
    "20241022T083000+01": (7, 30, 0),
    "2024-10-22 08:30": (8, 30, 0),
    "2024-10-22T00:00:00Z": (0, 0, 0),
    "2024-10-22T23:59:60Z": (23, 59, 59),
    "Tue, 22 Oct 2024 08:30:00 GMT": (8, 30, 0),
    "22 Oct 2024 08:30:00 -0500": (13, 30, 0),
    "Tue, 22 Oct 24 08:30 EST": (13, 30, 0),
    "Tue, 22 Oct 2024 08:30:00 CEST": (6, 30, 0),
    "Tue, 22 Oct 2024 08:30:00 SGT": (0, 30, 0),
    "Tue, 22 Oct 2024 08:30:00 QQQ": (8, 30, 0),
}


@pytest.mark.parametrize("text", INSTANTS)
def test_an_instant_is_read_in_utc(text: str) -> None:
    moment = parse_date(text)
    assert moment is not None
    hour, minute, second = INSTANTS[text]
    assert moment.at.replace(microsecond=0) == datetime(2024, 10, 22, hour, minute, second, tzinfo=UTC)
    assert not moment.is_day


@pytest.mark.parametrize(
    "text", ["2024-10-22", "20241022", " 2024-10-22 00:00:00.0 ", "2024-10-22T00:00", "22 Oct 2024", "Tue, 22 Oct 2024"]
)
def test_a_day_is_known_as_a_day(text: str) -> None:
    assert parse_date(text) == (datetime(2024, 10, 22, tzinfo=UTC), True)


def test_a_month_begins_on_its_first_day() -> None:
    assert parse_date("2024-10") == (datetime(2024, 10, 1, tzinfo=UTC), True)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2024-13-01", "2024-02-30", "Tue, 31 Feb 2024 08:30:00 GMT", "0001-01-01T00:00:00+02:00"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None
