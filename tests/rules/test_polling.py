"""When a source is fetched next."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.rules.polling import LEAST, LONGEST_BACK_OFF, MOST, Rhythm, next_fetch_at
from tests.conftest import NOON

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def wait(silent: timedelta | None = None, **more: float) -> timedelta:
    last: datetime | None = NOON - silent if silent is not None else None
    return next_fetch_at(NOON, last_article_at=last, **more) - NOON  # type: ignore[arg-type]


def test_a_busy_source_is_asked_often_and_a_silent_one_seldom() -> None:
    assert wait(MINUTE) == LEAST
    assert wait() == LEAST
    assert wait(24 * HOUR) == 3 * HOUR
    assert wait(900 * HOUR) == MOST


def test_a_server_that_calls_its_answer_fresh_is_believed_within_bounds() -> None:
    assert wait(MINUTE, max_age=1_800) == 30 * MINUTE
    assert wait(MINUTE, max_age=1) == LEAST
    assert wait(MINUTE, max_age=10**9) == MOST


def test_failures_back_off_to_three_days_and_never_give_up() -> None:
    waits = [wait(MINUTE, failures=n) for n in range(1, 40)]
    assert waits[:3] == [LEAST, 2 * LEAST, 4 * LEAST]
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_BACK_OFF


def test_a_server_that_asks_for_rest_gets_it() -> None:
    assert wait(MINUTE, failures=1, retry_after=7_200) == 2 * HOUR
    assert wait(MINUTE, retry_after=10**12) == LONGEST_BACK_OFF
    assert wait(MINUTE, failures=4, retry_after=1) == 8 * LEAST


def test_a_demonstration_may_ask_more_often() -> None:
    assert next_fetch_at(NOON, last_article_at=NOON, rhythm=Rhythm(least=timedelta(seconds=5))) == NOON + timedelta(
        seconds=5
    )


@given(st.floats(0, 1), st.integers(0, 2_000), st.integers(0, 10**7))
def test_jitter_only_adds(jitter: float, failures: int, retry_after: int) -> None:
    least = wait(HOUR, failures=failures, retry_after=retry_after)
    assert least <= wait(HOUR, failures=failures, retry_after=retry_after, jitter=jitter) <= least * 1.1
