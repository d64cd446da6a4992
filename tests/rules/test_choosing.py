"""A briefing is fair to rare topics, tells a story once, and is the same for the same matches."""

import random
from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.model import Candidate
from bot.rules.choosing import PAGE, PER_SOURCE, choose
from tests.conftest import NOON


def candidate(
    story: int, *, query: int = 1, source: int | None = None, strength: float = 0.5, hours: float = 0
) -> Candidate:
    source = source if source is not None else story
    article = story * 1000 + source
    return Candidate(query, article, story, source, strength, NOON - timedelta(hours=hours), told=False)


def test_a_rare_topic_comes_before_a_busy_one() -> None:
    busy = [candidate(story, query=1) for story in range(1, 20)]
    rare = [candidate(50, query=2, hours=90)]
    ranking = choose([*busy, *rare])
    assert ranking[0].query_id == 2
    assert Counter(item.query_id for item in ranking[:PAGE]) == {2: 1, 1: PAGE - 1}


def test_every_topic_gets_one_item_before_any_gets_two() -> None:
    candidates = [candidate(topic * 100 + n, query=topic) for topic in range(1, 6) for n in range(topic + 1)]
    assert {item.query_id for item in choose(candidates)[:5]} == {1, 2, 3, 4, 5}


def test_a_story_that_meets_two_topics_is_told_once_under_the_rarer() -> None:
    candidates = [candidate(1, query=1), candidate(2, query=1), candidate(1, query=2)]
    assert [(item.story_id, item.query_id) for item in choose(candidates)] == [(1, 2), (2, 1)]


def test_the_stronger_match_comes_first_then_the_story_that_more_sources_have_then_the_later() -> None:
    candidates = [
        candidate(1, strength=0.4, hours=1),
        candidate(2, strength=0.4, hours=9),
        candidate(2, source=77, strength=0.3, hours=8),
        candidate(3, strength=0.9, hours=50),
        candidate(4, strength=0.4, hours=0),
    ]
    assert [item.story_id for item in choose(candidates)] == [3, 2, 4, 1]


def test_other_sources_are_listed_beside_a_story_once_each() -> None:
    candidates = [
        candidate(1, source=5, strength=0.9),
        candidate(1, source=6),
        candidate(1, source=6, hours=1),
        candidate(1, source=7),
    ]
    (item,) = choose(candidates)
    assert item.article_id == 1005
    assert sorted(item.also) == [1006, 1007]


def test_one_source_does_not_fill_a_page_and_loses_nothing() -> None:
    ranking = choose([candidate(story, source=9) for story in range(1, 8)])
    assert len(ranking) == 7


@given(
    st.lists(
        st.builds(
            candidate,
            story=st.integers(1, 30),
            query=st.integers(1, 5),
            source=st.integers(1, 6),
            strength=st.floats(0, 1),
            hours=st.integers(0, 160),
        ),
        max_size=60,
    ),
    st.randoms(use_true_random=False),
)
def test_all_stories_are_ranked_once_whatever_the_order_of_matches(
    candidates: list[Candidate], chance: random.Random
) -> None:
    ranking = choose(candidates)
    assert sorted(item.story_id for item in ranking) == sorted({candidate.story_id for candidate in candidates})
    shuffled = list(candidates)
    chance.shuffle(shuffled)
    source_of = {candidate.article_id: candidate.source_id for candidate in candidates}
    first = Counter(source_of[item.article_id] for item in ranking[: min(PAGE, PER_SOURCE)])
    assert max(first.values(), default=0) <= PER_SOURCE
    assert [item.story_id for item in choose(shuffled)] == [item.story_id for item in ranking]
