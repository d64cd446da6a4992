"""Which stories a briefing tells, and in which order.

1. Each story is told once, under one topic, through the article that met that topic best.
2. Every topic with news gets one item before any gets two; within a round the topic with the fewest stories goes first,
   so that a rare one is never crowded out.
3. Within a topic: the stronger match first, then the story that more sources have, then the later one.
4. At most two items of a page come from one source, as long as other sources have something to tell.

The same candidates always give the same order.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model import Candidate, Ranked

PAGE = 7  # items in a briefing
PER_SOURCE = 2  # of one source on a page
STRENGTH_STEP = 0.25  # match strengths this near count as equal, so that corroboration decides between them


@dataclass(frozen=True, slots=True)
class _Choice:
    """A story as one topic would tell it."""

    candidate: Candidate
    also: tuple[int, ...]
    rank: tuple[float, int, datetime, int]


def choose(candidates: Iterable[Candidate]) -> tuple[Ranked, ...]:
    """The whole ranking, page after page; the first PAGE places are the briefing.

    Args:
        candidates: matches of the chat's queries, one or more per story. Told ones are marked, not left out.
    """
    topics = _by_topic(list(candidates))
    ranking: list[Ranked] = []
    taken: set[int] = set()
    while True:
        page = _page(topics, taken)
        if not page:
            return tuple(ranking)
        ranking += [_ranked(choice) for choice in page]


def pages(ranking: Sequence[Ranked]) -> int:
    """How many pages a ranking has."""
    return -(-len(ranking) // PAGE)


def _by_topic(candidates: Sequence[Candidate]) -> list[list[_Choice]]:
    """The stories of each topic, best first; the topic with the fewest stories first."""
    by_story: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        by_story.setdefault(candidate.story_id, []).append(candidate)
    topics: dict[int, list[_Choice]] = {}
    for told in by_story.values():
        for query_id in {candidate.query_id for candidate in told}:
            topics.setdefault(query_id, []).append(_best(query_id, told))
    for choices in topics.values():
        choices.sort(key=lambda choice: choice.rank, reverse=True)
    return [topics[query_id] for query_id in sorted(topics, key=lambda query_id: (len(topics[query_id]), query_id))]


def _best(query_id: int, story: Sequence[Candidate]) -> _Choice:
    own = [candidate for candidate in story if candidate.query_id == query_id]
    best = max(own, key=lambda candidate: (candidate.strength, candidate.at, -candidate.article_id))
    others: dict[int, int] = {}
    for candidate in sorted(story, key=lambda candidate: (candidate.at, candidate.article_id)):
        if candidate.source_id != best.source_id:
            others.setdefault(candidate.source_id, candidate.article_id)
    rank = (best.strength // STRENGTH_STEP, len(others), max(c.at for c in own), -best.story_id)
    return _Choice(best, tuple(others.values()), rank)


def _page(topics: Sequence[Sequence[_Choice]], taken: set[int]) -> list[_Choice]:
    """The next page: rounds over the topics until it is full or nothing fits. Marks what it takes."""
    page: list[_Choice] = []
    sources: Counter[int] = Counter()
    grown = True
    while grown:
        grown = False
        for choices in topics:
            choice = _next(choices, taken, sources) if len(page) < PAGE else None
            if choice is not None:
                page.append(choice)
                taken.add(choice.candidate.story_id)
                sources[choice.candidate.source_id] += 1
                grown = True
    return page


def _next(choices: Sequence[_Choice], taken: set[int], sources: Counter[int]) -> _Choice | None:
    for choice in choices:
        if choice.candidate.story_id not in taken and sources[choice.candidate.source_id] < PER_SOURCE:
            return choice
    return None


def _ranked(choice: _Choice) -> Ranked:
    candidate = choice.candidate
    return Ranked(
        candidate.story_id,
        candidate.article_id,
        candidate.query_id,
        choice.also,
        told=candidate.told and not candidate.update,
        update=candidate.update,
    )
