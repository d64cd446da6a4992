"""What follows from each answer of Telegram, and the pace of what leaves."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import ChatKind, Delivery, DeliveryKind, DeliveryState, Message, Operation
from bot.ports import SendResult, SendStatus
from bot.rules.delivery import (
    MAX_UNCERTAIN_ATTEMPTS,
    Line,
    is_resent,
    lesser_kinds,
    more_urgent_kinds,
    plain_text,
    priority,
    retry_delay,
    settle,
    uncertain_delay,
)
from bot.rules.splitting import MESSAGE_UNITS, units
from tests.conftest import NOON

PRIVATE, GROUP, CHANNEL = ChatKind.PRIVATE, ChatKind.GROUP, ChatKind.CHANNEL
ALERT = Delivery(
    id=1,
    chat_id=1,
    telegram_chat_id=10,
    thread_id=0,
    chat_kind=PRIVATE,
    kind=DeliveryKind.ALERT,
    key="k",
    message=Message("News"),
    state=DeliveryState.SENDING,
    uncertain=False,
    attempts=1,
    not_before=NOON,
    expires_at=None,
    broadcast_id=None,
    telegram_message_id=None,
)


def answer(status: SendStatus, delivery: Delivery = ALERT, **facts: float) -> tuple[DeliveryState, bool, float | None]:
    """State, uncertainty, and seconds until the next attempt."""
    settled = settle(delivery, SendResult(status, retry_after=facts.get("retry_after", 0.0)), NOON)
    wait = None if settled.not_before is None else (settled.not_before - NOON).total_seconds()
    return settled.state, settled.uncertain, wait


def test_somebody_who_waits_for_an_answer_goes_first_and_what_nobody_hears_last() -> None:
    urgent = [DeliveryKind.REPLY, DeliveryKind.ALERT]
    order = [*urgent, DeliveryKind.BRIEFING, DeliveryKind.BROADCAST, DeliveryKind.SUPPLEMENT]
    assert sorted(DeliveryKind, key=priority) == order
    assert [is_resent(kind, Operation.SEND) for kind in order] == [True, True, True, False, True]
    assert is_resent(DeliveryKind.BROADCAST, Operation.EDIT)


def a(kind: DeliveryKind, number: int) -> Delivery:
    return replace(ALERT, kind=kind, id=number, chat_id=number)


def test_every_fifth_place_is_one_of_a_lesser_kind_in_turn() -> None:
    line = Line()
    assert line.take() is None
    alerts = [a(DeliveryKind.ALERT, number) for number in range(20)]
    lesser = [a(kind, 50 + n) for n, kind in enumerate((DeliveryKind.BRIEFING, DeliveryKind.BROADCAST))]
    line.fill([*alerts, *lesser])
    taken = [one.kind for _ in range(12) if (one := line.take())]
    assert taken[4] is not taken[9]
    assert taken.count(DeliveryKind.ALERT) == 10


def test_what_could_not_go_is_the_next_to_go() -> None:
    line = Line()
    line.fill([a(DeliveryKind.ALERT, 1), a(DeliveryKind.ALERT, 2)])
    first = line.take()
    assert first is not None
    line.put_back(first)
    assert line.take() == first
    assert not line.is_spent
    line.clear()
    assert line.is_spent


def test_in_a_flood_nobody_lesser_goes_out_of_turn() -> None:
    line = Line()
    line.fill([a(DeliveryKind.ALERT, 1), a(DeliveryKind.BRIEFING, 2)], flood=DeliveryKind.ALERT)
    line.take()
    assert line.is_spent


def test_who_had_to_rest_goes_first_and_each_chat_once() -> None:
    line = Line()
    line.fill([a(DeliveryKind.BROADCAST, number) for number in (1, 2, 3)], flood=DeliveryKind.BROADCAST)
    assert line.flood is DeliveryKind.BROADCAST
    line.put_first([replace(a(DeliveryKind.ALERT, 9), chat_id=2), a(DeliveryKind.BROADCAST, 4)])
    assert [one.id for _ in range(4) if (one := line.take())] == [9, 4, 1, 3]


def test_kinds_less_urgent_than_alerts_are_briefings_and_posts() -> None:
    lesser = [DeliveryKind.BRIEFING, DeliveryKind.BROADCAST, DeliveryKind.SUPPLEMENT]
    assert lesser_kinds(DeliveryKind.ALERT) == lesser
    assert lesser_kinds(DeliveryKind.SUPPLEMENT) == []
    assert more_urgent_kinds(DeliveryKind.BRIEFING) == [DeliveryKind.REPLY, DeliveryKind.ALERT]
    assert more_urgent_kinds(DeliveryKind.REPLY) == []


def test_a_sent_message_keeps_telegrams_number_and_its_past() -> None:
    settled = settle(replace(ALERT, uncertain=True), SendResult(SendStatus.SENT, message_id=7), NOON)
    assert (settled.state, settled.message_id, settled.uncertain) == (DeliveryState.SENT, 7, True)


def test_what_was_surely_not_delivered_is_tried_for_ever() -> None:
    assert answer(SendStatus.RETRY) == (DeliveryState.QUEUED, False, 1)
    assert answer(SendStatus.RETRY, replace(ALERT, attempts=4)) == (DeliveryState.QUEUED, False, 8)
    assert answer(SendStatus.RETRY, replace(ALERT, attempts=10_000)) == (DeliveryState.QUEUED, False, 60)


def test_a_429_is_waited_out_exactly() -> None:
    assert answer(SendStatus.FLOOD, retry_after=17) == (DeliveryState.QUEUED, False, 17)


def test_what_perhaps_arrived_is_sent_again_ever_more_slowly_and_not_for_ever() -> None:
    assert answer(SendStatus.UNCERTAIN) == (DeliveryState.QUEUED, True, 5)
    assert answer(SendStatus.UNCERTAIN, replace(ALERT, attempts=7, uncertain=True)) == (DeliveryState.QUEUED, True, 600)
    spent = replace(ALERT, attempts=MAX_UNCERTAIN_ATTEMPTS, uncertain=True)
    assert answer(SendStatus.UNCERTAIN, spent) == (DeliveryState.FAILED, True, None)


def test_after_a_long_outage_the_first_uncertain_answer_is_not_the_last() -> None:
    assert answer(SendStatus.UNCERTAIN, replace(ALERT, attempts=50))[0] is DeliveryState.QUEUED


def test_a_post_that_perhaps_arrived_is_left_for_the_admin() -> None:
    post = replace(ALERT, kind=DeliveryKind.BROADCAST)
    assert answer(SendStatus.UNCERTAIN, post) == (DeliveryState.FAILED, True, None)


@pytest.mark.parametrize("status", [SendStatus.REFUSED, SendStatus.UNREADABLE])
def test_what_telegram_refuses_for_good_is_not_tried_again(status: SendStatus) -> None:
    assert answer(status) == (DeliveryState.FAILED, False, None)


def test_a_gone_chat_and_a_moved_one_are_told_apart() -> None:
    gone = settle(ALERT, SendResult(SendStatus.GONE, detail="Forbidden: blocked"), NOON)
    assert (gone.state, gone.chat_gone, gone.error) == (DeliveryState.FAILED, True, "chat gone: Forbidden: blocked")
    closed = settle(ALERT, SendResult(SendStatus.CLOSED, detail="TOPIC_CLOSED"), NOON)
    assert (closed.state, closed.chat_gone, closed.topic_gone) == (DeliveryState.FAILED, False, True)
    assert settle(ALERT, SendResult(SendStatus.SHUT), NOON).chat_gone
    moved = settle(ALERT, SendResult(SendStatus.MIGRATED, new_chat_id=-1001), NOON)
    assert (moved.state, moved.new_chat_id, moved.not_before) == (DeliveryState.QUEUED, -1001, NOON)


@given(st.sampled_from(SendStatus), st.integers(1, 99), st.booleans(), st.sampled_from(DeliveryKind))
def test_every_answer_leads_to_an_end_or_to_another_time(
    status: SendStatus, attempts: int, uncertain: bool, kind: DeliveryKind
) -> None:
    delivery = replace(ALERT, attempts=attempts, uncertain=uncertain, kind=kind)
    settled = settle(delivery, SendResult(status, new_chat_id=-1), NOON)
    again = settled.state is DeliveryState.QUEUED
    assert again == (settled.not_before is not None)
    assert again or settled.state in (DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.CANCELLED)
    assert settled.uncertain or not uncertain or status is SendStatus.MISSING


@pytest.mark.parametrize("operation", [Operation.EDIT, Operation.DELETE])
def test_an_edit_or_deletion_that_perhaps_arrived_is_done_again_without_doubt(operation: Operation) -> None:
    change = replace(ALERT, operation=operation, kind=DeliveryKind.BROADCAST, attempts=50)
    assert answer(SendStatus.UNCERTAIN, change) == (DeliveryState.QUEUED, False, 60)


def test_a_deletion_of_what_is_gone_is_done_and_an_edit_of_it_has_nothing_to_do() -> None:
    assert answer(SendStatus.MISSING, replace(ALERT, operation=Operation.DELETE))[0] is DeliveryState.SENT
    assert answer(SendStatus.MISSING, replace(ALERT, operation=Operation.EDIT))[0] is DeliveryState.CANCELLED


def test_waiting_times_grow_and_end() -> None:
    assert [retry_delay(n) for n in (1, 2, 3, 7)] == [1, 2, 4, 60]
    delays = [uncertain_delay(n) for n in range(1, 10)]
    assert delays == sorted(delays)
    assert delays[-1] == 600


# plain text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<b>North</b> &lt; <i>South</i> &amp; Co", "North < South & Co"),
        ('<a href="https://e.com/?a=1&amp;b=2">Title</a>', "Title (https://e.com/?a=1&b=2)"),
        ("<blockquote expandable>Quote</blockquote>", "Quote"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<b>never closed", "never closed"),
        ("&copy; &nbsp; stay, &#128512; &#x1F600; do not", "&copy; &nbsp; stay, 😀 😀 do not"),
        ("a &amp;lt; b", "a &lt; b"),
    ],
)
def test_plain_text_says_what_the_markup_said(html: str, text: str) -> None:
    assert plain_text(html) == text


def test_plain_text_drops_addresses_rather_than_words_and_stays_within_telegrams_length() -> None:
    long = f'<a href="https://e.com/{"x" * 200}">Title</a>' + "y" * 4000
    assert plain_text(long) == "Title" + "y" * 4000
    cut = plain_text("😀" * 3000)
    assert units(cut) <= MESSAGE_UNITS
    assert cut.endswith("😀…")
