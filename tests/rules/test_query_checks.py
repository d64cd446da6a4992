"""A query that would meet nearly everything is refused; one that only looks so is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.rules.queries import parse_query


@pytest.mark.parametrize("text", ["AI", "ai", "US", "EU", "WHO", "IT", "C++", "R&D", "京", "5G"])
def test_short_names_can_be_followed(text: str) -> None:
    assert parse_query(text).canonical


@pytest.mark.parametrize("text", ["the", "of the", "a", "的", "lang:en", "the OR Seoul"])
def test_what_stands_everywhere_is_refused(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert caught.value.reason == "too_broad"


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("Seoul -Seoul", 6),
        ("troops AND NOT troops", 11),
        ("Seoul OR (Kim -Kim)", 14),
        ('"a b" AND -"A B"', 10),
        ("Seoul -(Seoul OR Seoul)", 6),
        ("Seoul -(Busan OR (Kim OR Seoul))", 6),
        ("Kim (Seoul OR Busan) -(Seoul OR Busan)", 21),
        ("(Seoul OR Busan) -(Kim OR Busan OR Seoul)", 17),
        ("(Seoul OR Seoul) -Seoul", 17),
        ("Seoul -(Seoul AND Seoul)", 6),
        ("(Seoul OR Busan) -Seoul -Busan", 24),
    ],
)
def test_what_excludes_the_very_thing_that_it_asks_for_is_refused(text: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert (caught.value.reason, caught.value.position) == ("contradiction", position)


@pytest.mark.parametrize(
    "text",
    [
        "Seoul -title:Seoul",
        "Turkey -turkey",
        "Kim -Seoul",
        "Kim (Seoul OR Busan) -tea",
        "Kim -(Seoul Kim)",
        "(Kim OR Seoul) -Kim",
    ],
)
def test_what_excludes_something_near_is_no_contradiction(text: str) -> None:
    assert parse_query(text).canonical


_WORDS = st.sampled_from(["kim", "seoul", "busan", '"kim"', "kim NEAR/3 seoul", "seoul NEAR/3 kim"])
_GROUPS = st.lists(_WORDS, min_size=1, max_size=4).map(lambda words: f"({' OR '.join(words)})")
_EXCLUSIONS = _GROUPS.map("NOT {}".format)


@given(st.lists(_GROUPS | _EXCLUSIONS, min_size=1, max_size=5).map(" AND ".join))
def test_what_is_taken_is_taken_by_its_canonical_text_too(text: str) -> None:
    try:
        canonical = parse_query(text).canonical
    except QueryError:
        return
    assert parse_query(canonical).canonical == canonical
