"""The pace of what leaves: over all chats, per chat, and after refusals."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import ChatKind
from bot.rules.pacer import GROUP_MESSAGES, GROUP_WINDOW, JITTER, Pacer

PRIVATE, GROUP, CHANNEL = ChatKind.PRIVATE, ChatKind.GROUP, ChatKind.CHANNEL


def reserve(pacer: Pacer, chat: int, kind: ChatKind, now: float, *, urgent: bool = False) -> float:
    """Takes a place if it is now; else the seconds until it is worth asking again."""
    wait = pacer.rest(chat, kind, now) or pacer.wait(now, urgent=urgent)
    if not wait:
        assert pacer.take(chat, now, urgent=urgent) == now
    return wait


def test_messages_leave_evenly_and_never_more_than_one_above_the_rate_in_a_second() -> None:
    pacer, now = Pacer(28), 1000.0
    sent: list[float] = []
    while now < 1010.0:
        wait = reserve(pacer, len(sent), PRIVATE, now)
        if wait:
            now += wait
        else:
            sent.append(now)
    assert len(sent) >= 0.97 * 28 * 10
    assert sum(at < 1000.3 for at in sent) <= 16
    for first, after in zip(sent, sent[29:], strict=False):
        assert after - first >= 1.0 + JITTER - 1e-9


@given(
    rate_and_most=st.sampled_from([(0.5, 1), (1, 1), (5, 6), (28, 29), (28.7, 29), (30, 30), (40, 40)]),
    late=st.lists(st.floats(0, 0.4), min_size=20, max_size=120),
)
def test_however_late_the_timers_no_second_has_more_than_one_above_the_rate(
    rate_and_most: tuple[float, int], late: list[float]
) -> None:
    rate, most = rate_and_most
    pacer, now, sent = Pacer(rate), 5.0, []
    for number, delay in enumerate(late):
        now += delay
        while wait := reserve(pacer, number, PRIVATE, now):
            now += wait
        sent.append(now)
    window = max(1.0, 1 / rate)
    for first, after in zip(sent, sent[most:], strict=False):
        assert after - first >= window - 1e-6


@given(held_up=st.lists(st.floats(0, 0.24), min_size=30, max_size=120))
def test_messages_held_up_on_their_way_do_not_leave_together_with_those_whose_turn_it_is(held_up: list[float]) -> None:
    pacer, rate, now = Pacer(10), 10, 5.0
    under_way: list[tuple[float, float]] = []  # (leaves, reserved)
    left: list[float] = []

    def let_go(until: float) -> None:
        for leaves, reserved in sorted(one for one in under_way if one[0] <= until):
            pacer.left(reserved, leaves)
            left.append(leaves)
        under_way[:] = [one for one in under_way if one[0] > until]

    for number, delay in enumerate(held_up):
        while wait := reserve(pacer, number, PRIVATE, now):
            now += wait
            let_go(now)
        under_way.append((now + delay, now))
    let_go(now + 1)
    for first, after in zip(left, left[rate + 1 :], strict=False):
        assert after - first >= 1.0 - 1e-6


def test_a_place_long_past_is_not_moved() -> None:
    pacer = Pacer(1)
    assert reserve(pacer, 1, PRIVATE, 0.0) == 0.0
    assert reserve(pacer, 2, PRIVATE, 1.0) == 0.0
    pacer.left(0.0, 1.5)
    assert reserve(pacer, 3, PRIVATE, 2.0) == 0.0


def test_a_person_gets_three_at_once_and_then_one_a_second() -> None:
    pacer, now = Pacer(1000), 0.0
    times: list[float] = []
    while len(times) < 6:
        wait = reserve(pacer, 7, PRIVATE, now)
        now += wait or 0.001
        if not wait:
            times.append(now)
    assert times[2] < 0.1
    assert [round(after - before) for before, after in pairwise(times[2:])] == [1, 1, 1]
    assert pacer.rest(8, PRIVATE, now) == 0.0


@pytest.mark.parametrize("kind", [GROUP, ChatKind.SUPERGROUP, CHANNEL])
def test_a_group_gets_twenty_in_a_minute(kind: ChatKind) -> None:
    pacer, now = Pacer(1000), 0.0
    times: list[float] = []
    while len(times) < 65:
        wait = reserve(pacer, -7, kind, now)
        now += wait
        if not wait:
            times.append(now)
            now += 0.001
    for first, after in zip(times, times[GROUP_MESSAGES:], strict=False):
        assert after - first >= GROUP_WINDOW - 1e-9
    assert times[59] < 140


def test_a_place_that_was_not_free_is_not_taken() -> None:
    pacer = Pacer(1)
    assert reserve(pacer, 1, PRIVATE, 0.0) == 0.0
    waits = [reserve(pacer, 2, PRIVATE, 0.5) for _ in range(5)]
    assert waits == [0.5] * 5
    assert reserve(pacer, 2, PRIVATE, 1.0) == 0.0


def test_a_429_delays_its_chat_alone_for_exactly_its_time() -> None:
    pacer = Pacer(28)
    pacer.refused(1, 7, 0.0)
    pacer.refused(1, 3, 0.0)
    assert reserve(pacer, 1, PRIVATE, 0.0) == 7.0
    assert reserve(pacer, 2, PRIVATE, 0.0) == 0.0
    assert reserve(pacer, 1, PRIVATE, 6.999) > 0
    assert reserve(pacer, 1, PRIVATE, 7.0) == 0.0


def test_when_several_chats_are_refused_at_once_the_whole_bot_rests() -> None:
    pacer = Pacer(28)
    for chat in (1, 1, 2):
        pacer.refused(chat, 9, 0.0)
    assert reserve(pacer, 5, PRIVATE, 0.0) == 0.0
    pacer.refused(2, 9, 1.0)
    pacer.refused(3, 9, 1.0)
    pacer.refused(4, 9, 1.0)
    assert reserve(pacer, 6, PRIVATE, 1.0) == 9.0
    assert reserve(pacer, 6, PRIVATE, 10.0) == 0.0


def test_refusals_far_apart_are_the_chats_own() -> None:
    pacer = Pacer(28)
    for chat in (1, 2, 3):
        pacer.refused(chat, 60, chat * 10.0)
    assert reserve(pacer, 9, PRIVATE, 31.0) == 0.0


def test_an_answer_to_a_person_goes_before_a_waiting_post() -> None:
    pacer = Pacer(1)
    assert pacer.take(1, 0.0) == 0.0
    assert pacer.take(2, 0.5, urgent=True) == 1.0
    assert pacer.wait(1.0) == 1.0
    assert pacer.take(3, 1.5) == 2.0


def test_one_answer_in_a_second_need_not_wait_although_the_second_is_full() -> None:
    pacer, now = Pacer(28), 0.0
    for number in range(29):
        now = pacer.take(100 + number, now)
    assert pacer.wait(now) > 0
    assert pacer.take(7, now, urgent=True) == now
    assert pacer.take(8, now, urgent=True) > now + 1 / 28
    assert pacer.wait(now) > 2 / 28
    assert pacer.wait(now + 1.5, urgent=True) == 0.0


@given(
    rate_and_most=st.sampled_from([(0.5, 1), (1, 1), (5, 7), (28, 30), (29, 30), (30, 30)]),
    asked=st.lists(st.tuples(st.floats(0, 0.1), st.booleans(), st.floats(0, 0.1)), min_size=60, max_size=160),
)
def test_answers_and_posts_together_keep_telegrams_limit(
    rate_and_most: tuple[float, int], asked: list[tuple[float, bool, float]]
) -> None:
    rate, most = rate_and_most
    pacer, now, left = Pacer(rate), 5.0, []
    for number, (pause, urgent, late) in enumerate(asked):
        now += pause
        place = pacer.take(number, now, urgent=urgent)
        if not urgent:  # a post is taken only when its place is near
            now = max(now, place - 0.1)
        pacer.left(place, place + late / 10)
        left.append(place + late / 10)
    left.sort()
    for first, after in zip(left, left[most:], strict=False):
        assert after - first >= max(1.0, 1 / rate) - 0.011
    whole = len(left) / rate
    assert left[-1] - left[0] >= whole - 1.5 - 2 / rate


def test_an_answer_held_up_on_its_way_moves_its_place() -> None:
    pacer = Pacer(28)
    assert pacer.take(1, 0.0, urgent=True) == 0.0
    pacer.left(0.0, 0.5)
    assert pacer.wait(1.2, urgent=True) == 0.0
    assert pacer.take(2, 0.6, urgent=True) == 0.6
    assert pacer.take(3, 1.2, urgent=True) == 1.2
    assert pacer.take(4, 1.6, urgent=True) == 1.6


def test_a_429_closes_its_chat_and_many_close_all() -> None:
    pacer = Pacer(28)
    pacer.refused(1, 7, 0.01)
    assert pacer.is_closed(1, 0.05)
    assert not pacer.is_closed(2, 0.05)
    for chat in (2, 3):
        pacer.refused(chat, 9, 0.02)
    assert pacer.is_closed(4, 0.05)
    assert not pacer.is_closed(4, 9.05)


def test_an_answer_held_back_by_its_own_chat_stops_nobody() -> None:
    pacer = Pacer(100)
    pacer.refused(1, 30, 0.0)
    assert reserve(pacer, 1, PRIVATE, 0.0, urgent=True) == 30.0
    assert reserve(pacer, 2, PRIVATE, 0.0) == 0.0


def test_chats_long_silent_are_forgotten() -> None:
    pacer = Pacer(1000)
    pacer.refused(-1, 1e6, 0.0)
    for number in range(3000):
        assert reserve(pacer, number, PRIVATE, number * 1.0) == 0.0
    assert len(pacer._lines) < 1200
    assert pacer.rest(-1, GROUP, 3000.0) > 0
