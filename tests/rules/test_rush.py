"""How late a rush will be."""

from datetime import UTC, datetime, timedelta

from bot.rules.rush import MINUTE, Rush, next_rush

NINE = datetime(2024, 10, 23, 9, 0, tzinfo=UTC)


def test_ten_thousand_at_nine_are_six_minutes_late_at_twenty_eight_a_second() -> None:
    rush = next_rush([(NINE, 10_000)], rate=28, now=NINE - timedelta(hours=1))
    assert rush is not None
    assert (rush.at, rush.briefings, round(rush.lateness)) == (NINE, 10_000, 357)


def test_what_comes_while_the_queue_is_long_belongs_to_the_same_rush() -> None:
    due = [(NINE - 30 * MINUTE, 60), (NINE, 6_000), (NINE + MINUTE, 6_000), (NINE + 60 * MINUTE, 600)]
    rush = next_rush(due, rate=10, now=NINE - timedelta(hours=2))
    assert rush == Rush(NINE, 12_000, 1_140.0)


def test_messages_that_wait_already_make_it_later() -> None:
    rush = next_rush([(NINE, 100)], rate=10, waiting=1_000, now=NINE - MINUTE)
    assert rush == Rush(NINE - MINUTE, 100, 50.0)


def test_what_was_due_before_counts_from_now() -> None:
    assert next_rush([(NINE - MINUTE, 50)], rate=10, now=NINE) == Rush(NINE, 50, 5.0)


def test_without_schedules_there_is_no_rush() -> None:
    assert next_rush([], rate=28, waiting=5, now=NINE) is None
