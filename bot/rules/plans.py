"""What becomes of new articles in one chat: which are told at once, which edit a message, which wait for the briefing.

1. What the chat muted, words or story, is left out.
2. A story that the chat doesn't know is told, through its newest update or else its first article.
3. An update of a story that it knows is told as one: in reply to the story's alert where there is one.
4. Any other article of a story that was alerted goes into that message, if it shows there: as one more source, or
   because a figure differs.
5. A topic that rests tells nothing; one that would ring too often in an hour begins to rest. Its stories stay untold,
   so that the next briefing has them.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import datetime

from bot.model import Alert, Article, Subscription, Told
from bot.rules.alerting import floods
from bot.rules.coverage import Coverage


@dataclass(frozen=True, slots=True)
class Line:
    """A story as an alert tells it: through one article, for one query."""

    story_id: int
    article_id: int
    query_id: int
    is_update: bool = False


@dataclass(frozen=True, slots=True)
class News:
    """Articles that wait to be told at once, in order, with what their stories were before and whose queries they met.

    Attributes:
        met: queries by article.
    """

    waiting: tuple[Article, ...]
    coverage: Coverage
    met: Mapping[int, Set[int]]


@dataclass(frozen=True, slots=True)
class Reader:
    """What is known of a chat beside the news.

    Attributes:
        wants: its alert subscriptions to queries that were met, by query, oldest first.
        told: what it knows of the stories.
        alerts: of the stories, oldest first.
        muted: articles that its mutes met.
        rung: how many stories each query rang for in the last hour.
    """

    wants: Mapping[int, Subscription]
    told: Mapping[int, Told] = field(default_factory=dict)
    alerts: Mapping[int, Sequence[Alert]] = field(default_factory=dict)
    muted: Set[int] = frozenset()
    rung: Mapping[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """What is to be done in a chat.

    Attributes:
        new: stories to tell, oldest first.
        updates: updates of alerted stories, with the alert that each replies to.
        more: alerts whose messages take up another article of their story.
        floods: topics that begin to rest.
    """

    new: list[Line] = field(default_factory=list)
    updates: list[tuple[Line, Alert]] = field(default_factory=list)
    more: list[Alert] = field(default_factory=list)
    floods: list[Subscription] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.new or self.updates or self.more or self.floods)


def plan(news: News, reader: Reader, now: datetime) -> Plan:
    """Decides for one chat; the rules are above."""
    wants = {query_id: its for query_id, its in reader.wants.items() if not _rests(its, now)}
    fresh: dict[int, list[Line]] = {}
    answers: dict[int, tuple[Line, Alert]] = {}
    more: dict[int, Alert] = {}
    for article in news.waiting:
        story_id = article.story_id
        known = None if story_id is None else reader.told.get(story_id)
        if story_id is None or article.id in reader.muted or (known is not None and known.muted):
            continue
        topics = [query_id for query_id in wants if query_id in news.met.get(article.id, ())]
        its = reader.alerts.get(story_id)
        is_update = news.coverage.is_update(article)
        if its:
            _go_on(news.coverage, article, its, topics, wants, answers, more)
        elif topics and (known is None or (is_update and article.id > known.last_article_id)):
            lines = [Line(story_id, article.id, query_id, is_update and known is not None) for query_id in topics]
            if story_id not in fresh or is_update:
                fresh[story_id] = lines
    told, flooding = _without_floods(fresh, wants, reader.rung, now)
    return Plan(
        told, list(answers.values()), [its for story_id, its in more.items() if story_id not in answers], flooding
    )


def _go_on(
    coverage: Coverage,
    article: Article,
    its: Sequence[Alert],
    topics: Sequence[int],
    wants: Mapping[int, Subscription],
    answers: dict[int, tuple[Line, Alert]],
    more: dict[int, Alert],
) -> None:
    """An article of a story that was alerted: an update of it, or one more report."""
    first, last = its[0], its[-1]
    if article.id <= last.last_article_id:
        return
    if coverage.is_update(article):
        if topics or last.query_id in wants:
            line = Line(last.story_id, article.id, topics[0] if topics else last.query_id, is_update=True)
            answers[last.story_id] = line, first
    elif coverage.shows(article, through=last.article_id, is_update=last.is_update):
        more[last.story_id] = last


def _without_floods(
    fresh: Mapping[int, Sequence[Line]], wants: Mapping[int, Subscription], rung: Mapping[int, int], now: datetime
) -> tuple[list[Line], list[Subscription]]:
    waiting: defaultdict[int, int] = defaultdict(int)
    for lines in fresh.values():
        for line in lines:
            waiting[line.query_id] += 1
    flooding = [
        its
        for query_id, its in wants.items()
        if waiting[query_id] and not _is_kept(its, now) and floods(rung.get(query_id, 0), waiting[query_id])
    ]
    resting = {its.query_id for its in flooding}
    told = [next((line for line in lines if line.query_id not in resting), None) for lines in fresh.values()]
    return sorted((line for line in told if line is not None), key=lambda line: line.article_id), flooding


def _rests(its: Subscription, now: datetime) -> bool:
    return its.rests_until is not None and its.rests_until > now and not _is_kept(its, now)


def _is_kept(its: Subscription, now: datetime) -> bool:
    return its.kept_until is not None and its.kept_until > now
