"""What is due when: every slot of a local day once, whatever happens, and nothing in quiet hours and pauses."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Chat, ChatKind, ChatState, QuietHours, Schedule, Slot, Times
from bot.rules.agenda import (
    coming,
    due,
    look_again,
    next_due,
    not_before,
    place_in_pause,
    place_of_new_times,
    place_of_new_zone,
    timetable_of,
)
from bot.rules.timetable import passed, slot_at
from tests.rules.test_timetable import MOMENTS, ODD, TIMES

NOON = datetime(2024, 10, 22, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
MOVES = st.lists(
    st.tuples(st.sampled_from([*ODD, "America/Los_Angeles", "Asia/Tokyo", "UTC"]), st.integers(1, 60 * 24)), max_size=6
)


def a_chat(zone: str = "UTC", **more: object) -> Chat:
    base = Chat(1, 1, 0, ChatKind.PRIVATE, "", "en", zone, ChatState.ACTIVE, True, True, None, NOON)
    return replace(base, **more)  # type: ignore[arg-type]


def scheduled(*at: time) -> list[Schedule]:
    return [Schedule(1, 1, Times(at))]


@settings(deadline=None)
@given(TIMES, MOMENTS, MOVES)
def test_a_chat_that_moves_is_told_each_slot_of_a_local_day_once_and_none_is_lost(
    at: tuple[time, ...], now: datetime, moves: list[tuple[str, int]]
) -> None:
    schedules = scheduled(*at)
    chat = a_chat("Europe/Berlin")
    chat = replace(chat, last_slot=passed(timetable_of(chat, schedules), now))
    told: list[Slot] = []
    for zone, minutes in [*moves, ("UTC", 60 * 50)]:
        end = now + timedelta(minutes=minutes)
        while True:
            run = due(chat, schedules, now)
            if run is not None:
                assert not told or run.slot > told[-1]  # never a slot again, nor one before
                told.append(run.slot)
                chat = replace(chat, last_slot=run.slot)
            following = next_due(chat, schedules, chat.last_slot)
            assert following is not None
            assert due(chat, schedules, now) is None
            if following > end:
                break
            now = max(now, following)
        now = end
        moved = replace(chat, timezone=zone)
        place = place_of_new_zone(moved, schedules, set(told), now)
        assert not told or place >= max(told)
        chat = replace(moved, last_slot=place)
    assert len(set(told)) == len(told)
    # It lived the last two days in one place, whose clock has shown every slot: they are all told, up to now.
    home = moves[-1][0] if moves else "Europe/Berlin"
    assert told[-1] >= passed(timetable_of(replace(chat, timezone=home), schedules), now)


@given(TIMES, MOMENTS, st.tuples(TIMES, TIMES))
def test_nothing_comes_in_quiet_hours_and_everything_after_them(
    at: tuple[time, ...], now: datetime, hours: tuple[tuple[time, ...], tuple[time, ...]]
) -> None:
    chat = a_chat("Australia/Lord_Howe", quiet_hours=QuietHours(hours[0][0], hours[1][0]))
    schedules = scheduled(*at)
    chat = replace(chat, last_slot=passed(timetable_of(chat, schedules), now))
    end = not_before(chat, now)
    assert not_before(chat, end) == end
    assert end - now <= timedelta(days=1, hours=1)
    for moment in coming(chat, schedules, 5):
        assert not_before(chat, moment) == moment
        assert due(chat, schedules, moment) is not None
    if end > now:
        assert due(chat, schedules, now) is None


def test_quiet_hours_over_midnight_and_within_a_day() -> None:
    night = a_chat(quiet_hours=QuietHours(time(22), time(7)))
    assert not_before(night, NOON) == NOON
    assert not_before(night, NOON + 11 * HOUR) == NOON + 19 * HOUR
    assert not_before(night, NOON + 13 * HOUR) == NOON + 19 * HOUR
    lunch = a_chat(quiet_hours=QuietHours(time(12), time(14)))
    assert not_before(lunch, NOON) == NOON + 2 * HOUR
    assert not_before(lunch, NOON + 2 * HOUR) == NOON + 2 * HOUR
    assert not_before(a_chat(quiet_hours=QuietHours(time(12), time(12))), NOON) == NOON


def test_an_hour_that_comes_twice_is_quiet_once() -> None:
    chat = a_chat("Europe/Berlin", quiet_hours=QuietHours(time(22), time(2, 30)))
    second_time = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # 02:10 again
    assert slot_at(second_time, "Europe/Berlin").at == time(2, 10)
    assert not_before(chat, second_time) == second_time


def test_what_is_urgent_waits_unless_the_chat_wants_to_hear_it() -> None:
    chat = a_chat(quiet_hours=QuietHours(time(11), time(14)), paused_until=NOON + 3 * HOUR)
    assert not_before(chat, NOON, urgent=True) == NOON + 3 * HOUR
    assert not_before(replace(chat, hears_urgent=True), NOON, urgent=True) == NOON
    assert not_before(replace(chat, hears_urgent=True), NOON) == NOON + 3 * HOUR


def test_a_pause_that_ends_in_quiet_hours_ends_with_them() -> None:
    chat = a_chat(quiet_hours=QuietHours(time(22), time(7)), paused_until=NOON + 12 * HOUR)
    assert not_before(chat, NOON) == NOON + 19 * HOUR


def test_a_pause_passes_over_its_slots() -> None:
    chat = a_chat(last_slot=Slot(date(2024, 10, 22), time(8)), paused_until=NOON + 60 * HOUR)
    schedules = scheduled(time(8), time(18))
    place = place_in_pause(chat, schedules, NOON)
    assert place == Slot(date(2024, 10, 24), time(18))
    assert next_due(chat, schedules, place) == NOON + 68 * HOUR
    assert due(replace(chat, last_slot=place), schedules, NOON + 50 * HOUR) is None


def test_without_schedules_nothing_is_due_and_nothing_is_looked_at_again() -> None:
    chat = a_chat(last_slot=Slot(date(2024, 10, 1), time(8)))
    assert due(chat, [], NOON) is None
    assert look_again(chat, [], NOON) is None
    assert due(a_chat(), scheduled(time(8)), NOON) is None
    assert next_due(chat, scheduled(time(8)), None) is None
    assert coming(a_chat(), scheduled(time(8)), 3) == []


def test_a_chat_whose_slot_waits_for_quiet_hours_is_looked_at_when_they_end() -> None:
    chat = a_chat(last_slot=Slot(date(2024, 10, 21), time(8)), quiet_hours=QuietHours(time(11), time(14)))
    assert due(chat, scheduled(time(8)), NOON) is None
    assert look_again(chat, scheduled(time(8)), NOON) == NOON + 2 * HOUR


def test_times_that_had_their_briefing_are_not_due_again_when_they_are_written_anew() -> None:
    chat = a_chat("America/New_York", last_slot=Slot(date(2024, 10, 22), time(8)))  # flew in from Berlin
    early = NOON - 4 * HOUR
    told = {Slot(date(2024, 10, 22), time(8))}
    assert place_of_new_times(chat, [], scheduled(time(8)), told, early) == Slot(date(2024, 10, 22), time(8))
    assert place_of_new_times(chat, [], scheduled(time(7)), told, early) < Slot(date(2024, 10, 22), time(7))


def test_what_was_due_before_its_times_were_changed_stays_due() -> None:
    chat = a_chat(last_slot=Slot(date(2024, 10, 21), time(8)))
    place = place_of_new_times(chat, scheduled(time(8)), scheduled(time(9)), set(), NOON)
    assert due(replace(chat, last_slot=place), scheduled(time(9)), NOON) is not None


def test_a_chat_that_never_had_a_schedule_may_move() -> None:
    assert place_of_new_zone(a_chat("Asia/Tokyo"), [], set(), NOON).day <= date(2024, 10, 22)
