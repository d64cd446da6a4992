"""Which stories a briefing tells, and in which order.

1. Each story is told once, under one topic, through the article that met that topic best.
2. Every topic with news gets one item before any gets two; within a round the topic with the fewest stories goes first,
   so that a rare one is never crowded out.
3. Within a topic: the stronger match first, then the story that more sources have, then the later one.
4. At most two items of a page come from one source, as long as other sources have something to tell.

The same candidates always give the same order.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from bot.model import Candidate, Ranked

PAGE = 7  # items in a briefing
PER_SOURCE = 2  # of one source on a page
STRENGTH_STEP = 0.25  # match strengths this near count as equal, so that corroboration decides between them


@dataclass(slots=True)
class _Topic:
    """A topic's stories, best first. Those before `start` were taken."""

    choices: list["_Choice"]
    start: int = 0


class _Choice(NamedTuple):
    """A story as one topic would tell it."""

    candidate: Candidate
    also: tuple[int, ...]
    rank: tuple[float, int, datetime, int]


def choose(candidates: Iterable[Candidate]) -> tuple[Ranked, ...]:
    """The whole ranking, page after page; the first PAGE places are the briefing.

    Args:
        candidates: matches of the chat's queries, one or more per story. Told ones are marked, not left out.
    """
    topics = _by_topic(candidates)
    ranking: list[Ranked] = []
    taken: set[int] = set()
    while page := _page(topics, taken):
        ranking += map(_ranked, page)
        topics = [topic for topic in topics if topic.start < len(topic.choices)]
    return tuple(ranking)


def _by_topic(candidates: Iterable[Candidate]) -> list[_Topic]:
    """The stories of each topic, best first; the topic with the fewest stories first."""
    stories: dict[int, list[Candidate]] = {}
    for candidate in candidates:
        stories.setdefault(candidate.story_id, []).append(candidate)
    topics: dict[int, list[_Choice]] = {}
    for story in stories.values():
        if len(story) == 1:
            [only] = story
            rank = (only.strength // STRENGTH_STEP, 0, only.at, -only.story_id)
            topics.setdefault(only.query_id, []).append(_Choice(only, (), rank))
        else:
            for query_id in {candidate.query_id for candidate in story}:
                topics.setdefault(query_id, []).append(_best(query_id, story))
    for choices in topics.values():
        choices.sort(key=_rank, reverse=True)
    return [_Topic(topics[query_id]) for query_id in sorted(topics, key=lambda its: (len(topics[its]), its))]


_rank = itemgetter(2)


def _best(query_id: int, story: Sequence[Candidate]) -> _Choice:
    own = [candidate for candidate in story if candidate.query_id == query_id]
    best = max(own, key=lambda candidate: (candidate.strength, candidate.at, -candidate.article_id))
    others: dict[int, int] = {}
    for candidate in sorted(story, key=lambda candidate: (candidate.at, candidate.article_id)):
        if candidate.source_id != best.source_id:
            others.setdefault(candidate.source_id, candidate.article_id)
    rank = (best.strength // STRENGTH_STEP, len(others), max(c.at for c in own), -best.story_id)
    return _Choice(best, tuple(others.values()), rank)


def _page(topics: Sequence[_Topic], taken: set[int]) -> list[_Choice]:
    """The next page: rounds over the topics until it is full or nothing fits. Marks what it takes."""
    page: list[_Choice] = []
    sources: dict[int, int] = {}
    grown = True
    while grown:
        grown = False
        for topic in topics:
            choice = _next(topic, taken, sources)
            if choice is not None:
                candidate = choice.candidate
                page.append(choice)
                taken.add(candidate.story_id)
                sources[candidate.source_id] = sources.get(candidate.source_id, 0) + 1
                grown = True
                if len(page) == PAGE:
                    return page
    return page


def _next(topic: _Topic, taken: set[int], sources: dict[int, int]) -> _Choice | None:
    choices, place = topic.choices, topic.start
    while place < len(choices) and choices[place].candidate.story_id in taken:
        place += 1
    topic.start = place
    for choice in islice(choices, place, None):
        candidate = choice.candidate
        if candidate.story_id not in taken and sources.get(candidate.source_id, 0) < PER_SOURCE:
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
