"""What the headers of an answer say about time."""

import pytest

from bot.rules.headers import MOST_SECONDS, Freshness, freshness, retry_after
from tests.conftest import NOON

DATE = "Tue, 22 Oct 2024 08:30:00 GMT"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, Freshness(0, True)),
        ({"cache-control": "public, max-age=600"}, Freshness(600)),
        ({"cache-control": 'Max-Age="600"', "age": "100"}, Freshness(500)),
        ({"cache-control": "max-age=600", "age": "900"}, Freshness(0)),
        ({"cache-control": "max-age=600", "age": "young"}, Freshness(600)),
        ({"cache-control": "s-maxage=600"}, Freshness(0, True)),
        ({"cache-control": "no-cache, max-age=600"}, Freshness(0)),
        ({"cache-control": "no-store"}, Freshness(0)),
        ({"expires": "Tue, 22 Oct 2024 09:00:00 GMT", "date": DATE}, Freshness(1_800, True)),
        ({"expires": "Tue, 22 Oct 2024 08:00:00 GMT", "date": DATE}, Freshness(0, True)),
        ({"expires": "0", "date": DATE}, Freshness(0, True)),
        ({"cache-control": "max-age=60", "expires": "Tue, 22 Oct 2024 09:00:00 GMT", "date": DATE}, Freshness(60)),
    ],
)
def test_an_answer_is_fresh_for_as_long_as_it_says(headers: dict[str, str], expected: Freshness) -> None:
    assert freshness(headers) == expected


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120.0),
        ({"retry-after": "9" * 30}, MOST_SECONDS),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Tue, 22 Oct 2024 08:31:00 GMT", "date": DATE}, 60.0),
        ({"retry-after": "Tue, 22 Oct 2024 08:29:00 GMT", "date": DATE}, 0.0),
        ({"retry-after": "Tue, 22 Oct 2024 13:00:00 GMT"}, 3_600.0),
    ],
)
def test_a_server_asks_for_rest_in_seconds_or_until_an_instant(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOON) == seconds
