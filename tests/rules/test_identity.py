"""An article is known by what its source calls it, where it is, or what it says."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.rules.identity import Known, find, is_edit, is_flood, is_late, keys_of, plausible, without_shared_guids
from tests.conftest import NOON

TEXT = "The ferries of Saltmere stop on Tuesday, the harbour master said."
KEYS = keys_of(1, "https://post.example/a", "post-1", "Ferries stop", TEXT)


def test_guids_and_contents_are_a_source_s_own_and_addresses_everybody_s() -> None:
    other = keys_of(2, "http://www.post.example/a?utm_source=x", "post-1", "Ferries stop", TEXT)
    assert other.url == KEYS.url
    assert other.guid != KEYS.guid
    assert other.content != KEYS.content


def test_content_is_compared_without_punctuation_and_is_none_where_it_is_little() -> None:
    assert keys_of(1, "https://e.com/b", "", "FERRIES STOP!", f" {TEXT} ").content == KEYS.content
    assert keys_of(1, "https://e.com/b", "", "Untitled", "").content is None
    assert keys_of(1, "https://e.com/b", "", "Untitled", "").guid is None


@pytest.mark.parametrize("key", [KEYS.guid, KEYS.url, KEYS.content])
def test_any_of_the_keys_tells_that_an_entry_is_known(key: str) -> None:
    assert find(KEYS, {key: Known(7)}) == Known(7)
    assert find(KEYS, {f"{key}x": Known(7)}) is None


def test_a_guid_that_several_entries_have_is_none() -> None:
    assert without_shared_guids(["a", "b", "a", ""]) == ["", "b", "", ""]


def test_only_the_own_source_edits_an_article() -> None:
    assert is_edit(KEYS, Known(7, 1, "content:1:other"), 1)
    assert not is_edit(KEYS, Known(7, 1, KEYS.content), 1)
    assert not is_edit(KEYS, Known(7, 2, "content:2:other"), 1)
    assert not is_edit(KEYS, Known(7, 1, None), 1)
    assert not is_edit(KEYS, Known(None), 0)


def test_a_date_that_no_right_clock_gives_is_none() -> None:
    assert plausible(NOON, NOON) == NOON
    assert plausible(None, NOON) is None
    assert plausible(datetime(1, 1, 1, tzinfo=UTC), NOON) is None
    assert plausible(datetime(9999, 12, 31, tzinfo=UTC), NOON) is None


def test_what_was_published_days_before_it_came_is_late() -> None:
    assert is_late(NOON - timedelta(days=4), NOON)
    assert not is_late(NOON - timedelta(days=1), NOON)
    assert not is_late(None, NOON)


def test_a_feed_of_which_nothing_is_known_any_more_is_a_flood_unless_it_is_dated_since() -> None:
    assert is_flood([None] * 5, known=0, since=NOON)
    assert is_flood([NOON - timedelta(hours=1)] * 5, known=0, since=NOON)
    assert not is_flood([None] * 4 + [NOON + timedelta(hours=1)], known=0, since=NOON)
    assert not is_flood([None] * 5, known=1, since=NOON)
    assert not is_flood([None] * 4, known=0, since=NOON)
    assert not is_flood([None] * 5, known=0, since=None)
