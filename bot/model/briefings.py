"""When a briefing is due, and what it chose."""

from dataclasses import dataclass
from datetime import datetime, time


@dataclass(frozen=True, slots=True)
class Schedule:
    """A daily briefing of a chat at a local time; `next_run_at` is when it is due, in UTC."""

    id: int
    chat_id: int
    at: time
    next_run_at: datetime


@dataclass(frozen=True, slots=True)
class Ranked:
    """One place in a briefing's ranking: a story, told under one topic through one article."""

    story_id: int
    article_id: int
    query_id: int
    also: tuple[int, ...] = ()  # ids of articles of other sources on the same story
    told: bool = False


@dataclass(frozen=True, slots=True)
class Briefing:
    """An ordered choice of stories for one chat; `ranking` is whole, `shown` of it were told."""

    id: int
    public_id: str
    chat_id: int
    ranking: tuple[Ranked, ...]
    shown: int
    since: datetime
    until: datetime
    read_count: int  # articles that came in between since and until
    recap: tuple[int, ...] = ()  # stories alerted since the last briefing: ids of one article each
