"""When a source is fetched next, and why."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import FeedHints, PollReason
from bot.rules.headers import Freshness
from bot.rules.polling import (
    LEAST,
    LONGEST_BACK_OFF,
    MOST,
    MOST_ASKED,
    Address,
    Rhythm,
    address_after,
    first_pace,
    is_silent,
    next_fetch,
    pace_after,
)
from tests.conftest import NOON

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
Said = tuple[timedelta, PollReason]


def wait(silent: timedelta | None = None, **more: Any) -> Said:
    last: datetime | None = NOON - silent if silent is not None else None
    planned = next_fetch(NOON, last_article_at=last, **more)
    return planned.at - NOON, planned.reason


def test_a_busy_source_is_asked_often_and_a_silent_one_seldom() -> None:
    assert wait(MINUTE) == wait() == (LEAST, PollReason.LEAST)
    assert wait(8 * HOUR) == (HOUR, PollReason.SILENCE)
    assert wait(900 * HOUR) == (MOST, PollReason.MOST)


def test_a_source_is_asked_twice_as_often_as_it_brings_something() -> None:
    assert wait(MINUTE, pace=24.0) == (30 * MINUTE, PollReason.PACE)
    assert wait(MINUTE, pace=240.0) == (LEAST, PollReason.LEAST)
    assert wait(MINUTE, pace=0.1) == (MOST, PollReason.MOST)
    assert wait(16 * HOUR, pace=24.0) == (2 * HOUR, PollReason.SILENCE)
    assert wait(MINUTE, pace=0.0) == (LEAST, PollReason.LEAST)


def test_where_all_are_asked_equally_often_nothing_is_said_of_their_own_rhythm() -> None:
    even = Rhythm(MINUTE, MINUTE)
    assert wait(900 * HOUR, rhythm=even) == wait(MINUTE, pace=240.0, rhythm=even) == (MINUTE, PollReason.EVEN)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"fresh": Freshness(1_800)}, (30 * MINUTE, PollReason.MAX_AGE)),
        ({"fresh": Freshness(1_800, True)}, (30 * MINUTE, PollReason.EXPIRES)),
        ({"hints": FeedHints(ttl=3_600)}, (HOUR, PollReason.TTL)),
        ({"hints": FeedHints(period=7_200), "fresh": Freshness(60)}, (2 * HOUR, PollReason.UPDATE_PERIOD)),
        ({"hints": FeedHints(ttl=60)}, (LEAST, PollReason.LEAST)),
        ({"hints": FeedHints(ttl=1e12)}, (MOST_ASKED, PollReason.TTL)),
    ],
)
def test_what_server_and_feed_ask_for_is_the_least_within_bounds(said: dict[str, Any], expected: Said) -> None:
    assert wait(MINUTE, **said) == expected


def test_behind_a_hub_that_tells_what_is_new_polling_is_seldom() -> None:
    assert wait(MINUTE, is_pushed=True) == (MOST, PollReason.PUSHED)
    assert wait(MINUTE, is_pushed=True, hints=FeedHints(ttl=20_000)) == (timedelta(seconds=20_000), PollReason.TTL)
    assert wait(MINUTE, is_pushed=True, failures=1) == (LEAST, PollReason.BACK_OFF)


def test_failures_back_off_to_three_days_and_never_give_up() -> None:
    waits = [wait(MINUTE, failures=n) for n in range(1, 40)]
    assert [one[0] for one in waits[:3]] == [LEAST, 2 * LEAST, 4 * LEAST]
    assert waits == sorted(waits)
    assert waits[-1] == (LONGEST_BACK_OFF, PollReason.BACK_OFF)


def test_a_short_failure_costs_no_long_wait_that_the_feed_asks_for() -> None:
    assert wait(MINUTE, failures=1, hints=FeedHints(ttl=86_400), pace=0.1)[0] == LEAST


def test_a_server_that_asks_for_rest_gets_it() -> None:
    assert wait(MINUTE, failures=1, retry_after=7_200) == (2 * HOUR, PollReason.RETRY_AFTER)
    assert wait(MINUTE, retry_after=10**12) == (LONGEST_BACK_OFF, PollReason.RETRY_AFTER)
    assert wait(MINUTE, failures=4, retry_after=1) == (8 * LEAST, PollReason.BACK_OFF)


@pytest.mark.parametrize(
    ("hints", "expected"),
    [
        (FeedHints(skip_hours=(12, 13)), (datetime(2024, 10, 22, 14, tzinfo=UTC), PollReason.SKIP_HOURS)),
        (FeedHints(skip_days=(1,)), (datetime(2024, 10, 23, tzinfo=UTC), PollReason.SKIP_DAYS)),
        (
            FeedHints(skip_hours=(12, 0), skip_days=(2,)),
            (datetime(2024, 10, 22, 13, tzinfo=UTC), PollReason.SKIP_HOURS),
        ),
        (FeedHints(skip_hours=(0,), skip_days=(1,)), (datetime(2024, 10, 23, 1, tzinfo=UTC), PollReason.SKIP_DAYS)),
        (FeedHints(skip_hours=(3,), skip_days=(6,)), (NOON + LEAST, PollReason.LEAST)),
        (FeedHints(skip_hours=tuple(range(24))), (NOON + LEAST, PollReason.LEAST)),
        (FeedHints(skip_days=tuple(range(7))), (NOON + LEAST, PollReason.LEAST)),
    ],
)
def test_hours_and_days_to_be_skipped_are_waited_out(hints: FeedHints, expected: tuple[datetime, PollReason]) -> None:
    planned = next_fetch(NOON, last_article_at=NOON, hints=hints)
    assert (planned.at, planned.reason) == expected


def test_a_demonstration_may_ask_more_often() -> None:
    planned = next_fetch(NOON, last_article_at=NOON, rhythm=Rhythm(least=timedelta(seconds=5)))
    assert planned.at == NOON + timedelta(seconds=5)


@given(st.floats(0, 1), st.integers(0, 2_000), st.integers(0, 10**7))
def test_jitter_only_adds(jitter: float, failures: int, retry_after: int) -> None:
    least = wait(HOUR, failures=failures, retry_after=retry_after)[0]
    assert least <= wait(HOUR, failures=failures, retry_after=retry_after, jitter=jitter)[0] <= least * 1.1


def test_the_first_pace_is_told_by_the_dates_of_the_entries() -> None:
    assert first_pace([NOON - n * HOUR for n in range(25)], NOON) == pytest.approx(25.0)
    assert first_pace([NOON - DAY * 400, NOON, NOON + DAY], NOON) is None
    assert first_pace([], NOON) is None
    assert first_pace([NOON] * 3, NOON) == 72.0  # all at once: over an hour at least


def test_the_usual_pace_follows_what_comes_and_forgets_slowly() -> None:
    pace: float | None = None
    for _ in range(1_000):
        pace = pace_after(pace, new=1, since=HOUR)
    assert pace == pytest.approx(24.0, rel=0.01)
    assert 23 < pace_after(pace, new=1, since=2 * HOUR) < 24
    assert pace_after(None, new=6, since=3 * DAY) == 2.0


def test_a_source_is_silent_when_its_silence_is_no_accident() -> None:
    def silent(days: float, pace: float | None) -> bool:
        return is_silent(NOON, last_article_at=NOON - days * DAY, pace=pace)

    assert [silent(2.9, 40), silent(3.1, 40), silent(9, 1), silent(11, 1), silent(59, 0.01), silent(61, 0.01)] == [
        False,
        True,
        False,
        True,
        False,
        True,
    ]
    assert not silent(900, None)
    assert not is_silent(NOON, last_article_at=None, pace=5)


def test_a_permanent_redirect_is_believed_after_a_week() -> None:
    old, new = "https://post.example/old", "https://post.example/new"
    first = address_after(Address(old), new, NOON)
    assert first == Address(old, new, NOON)
    assert address_after(first, new, NOON + 6 * DAY) == first
    assert address_after(first, "https://post.example/other", NOON + 8 * DAY).moved_since == NOON + 8 * DAY
    assert address_after(first, old, NOON + 8 * DAY) == Address(old)
    assert address_after(first, "", NOON + 8 * DAY) == Address(old)
    assert address_after(first, new, NOON + 7 * DAY) == Address(new)


def test_a_move_from_http_to_https_is_believed_at_once() -> None:
    assert address_after(Address("http://e.com/f"), "https://e.com/f", NOON) == Address("https://e.com/f")
