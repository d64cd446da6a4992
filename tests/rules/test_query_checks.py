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
