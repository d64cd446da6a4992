"""A query that would meet nearly everything is refused; one that only looks so is not."""

import pytest

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
    ],
)
def test_what_excludes_the_very_thing_that_it_asks_for_is_refused(text: str, position: int) -> None:
    with pytest.raises(QueryError) as caught:
        parse_query(text)
    assert (caught.value.reason, caught.value.position) == ("contradiction", position)


@pytest.mark.parametrize(
    "text", ["Seoul -title:Seoul", "Turkey -turkey", "Kim -Seoul", "Kim (Seoul OR Busan) -tea", "Kim -(Seoul Kim)"]
)
def test_what_excludes_something_near_is_no_contradiction(text: str) -> None:
    assert parse_query(text).canonical
