"""How sources are, in words."""

from datetime import timedelta

import pytest

from bot.actions.health import next_time, reason_of, told, usual_pace
from bot.model import FeedHints, PollReason, Source, SourceKind, SourceState
from bot.rules.health import Health, health, is_alarming, urgency
from bot.texts import words
from tests.conftest import NOON

EN, ZH = words("en"), words("zh")
DAY = timedelta(days=1)


def a_source(**more: object) -> Source:
    facts: dict[str, object] = {
        "id": 1,
        "kind": SourceKind.FEED,
        "url": "https://post.example/feed",
        "title": "Post",
        "site_url": "",
        "state": SourceState.ACTIVE,
        "etag": "",
        "last_modified": "",
        "body_hash": "",
        "imported_at": NOON - 9 * DAY,
        "next_fetch_at": NOON + timedelta(hours=2),
        "last_fetch_at": NOON,
        "last_success_at": NOON,
        "last_article_at": NOON,
        "failures": 0,
        "error_key": "",
        "error_facts": {},
        "created_at": NOON,
    }
    return Source(**(facts | more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("source", "state", "said"),
    [
        (a_source(), Health.WELL, "well, read 12:00"),
        (a_source(state=SourceState.PAUSED, failures=3), Health.PAUSED, "paused"),
        (a_source(kind=SourceKind.PUSH), Health.PUSHED, "sends its own articles"),
        (a_source(last_success_at=None), Health.WAITING, "not read yet"),
        (
            a_source(last_article_at=NOON - 4 * DAY, pace=40.2),
            Health.SILENT,
            "can be read, but silent since Fri 18 Oct 12:00 (usually 40 articles a day)",
        ),
        (a_source(last_article_at=NOON - 4 * DAY), Health.WELL, "well, read 12:00"),
        (
            a_source(failures=1, error_key="http_status", error_facts={"host": "post.example", "status": 404}),
            Health.ILL,
            "can't be read: post.example answered with status 404.",
        ),
        (
            a_source(
                failures=9,
                error_key="http_status",
                error_facts={"host": "post.example", "status": 410},
                failing_since=NOON - 4 * DAY,
            ),
            Health.ILL,
            "can't be read: post.example answered with status 410. "
            "It seems to be gone for good; perhaps it has a new address.",
        ),
    ],
)
def test_a_source_is_told_to_be_as_it_is(source: Source, state: Health, said: str) -> None:
    assert (health(source, NOON), told(source, EN, NOON)) == (state, said)
    assert told(source, ZH, NOON) != said


@pytest.mark.parametrize(
    ("pace", "said"),
    [
        (None, ""),
        (40.4, "usually 40 articles a day"),
        (1.0, "usually 1 article a day"),
        (0.5, "usually 4 articles a week"),
        (0.14, "usually 1 article a week"),
        (0.01, "usually less than one article a week"),
    ],
)
def test_a_rhythm_is_told_in_round_figures(pace: float | None, said: str) -> None:
    assert usual_pace(a_source(pace=pace), EN) == said


@pytest.mark.parametrize("reason", PollReason)
def test_every_reason_has_its_words_in_both_languages(reason: PollReason) -> None:
    hints = FeedHints(ttl=5_400, period=7_200)
    said = reason_of(reason, EN, hints)
    assert said
    assert "{" not in said
    assert reason_of(reason, ZH, hints) != said


def test_the_next_fetch_is_told_with_its_reason_unless_there_is_none() -> None:
    hints = FeedHints(ttl=5_400)
    planned = a_source(fetch_reason="ttl", hints=hints)
    assert next_time(planned, EN, NOON) == "next at 14:00: the feed asks for 90 min (ttl)"
    assert next_time(a_source(), EN, NOON) == "next at 14:00"
    assert next_time(a_source(next_fetch_at=NOON - DAY), EN, NOON) == "next at 12:00"
    assert next_time(a_source(state=SourceState.PAUSED), EN, NOON) == ""
    assert next_time(a_source(next_fetch_at=None), EN, NOON) == ""


def test_admins_are_alarmed_by_what_lasts_and_by_what_changes() -> None:
    def alarms(failures: int, before: str) -> bool:
        return is_alarming(a_source(failures=failures, error_key=before), "timeout")

    assert [alarms(0, ""), alarms(1, "timeout"), alarms(2, "timeout"), alarms(3, "timeout")] == [
        False,
        False,
        True,
        False,
    ]
    assert alarms(5, "http_status")


def test_the_ill_come_first() -> None:
    ill, well = a_source(failures=1, error_key="timeout"), a_source()
    assert urgency(ill, NOON) < urgency(well, NOON)
