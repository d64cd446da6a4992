"""When a briefing is due, and what it chose."""

from dataclasses import dataclass
from datetime import date, datetime, time

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)  # ISO weekdays, Monday is 1


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time of day of a local day: a briefing is due once for each that a schedule has."""

    day: date
    at: time


@dataclass(frozen=True, slots=True)
class Times:
    """Times of day, ascending, on days of the week."""

    at: tuple[time, ...]
    weekdays: tuple[int, ...] = EVERY_DAY


@dataclass(frozen=True, slots=True)
class Schedule:
    """Times at which a chat gets its briefing. `tells_when_empty`: None goes by the chat's setting."""

    id: int
    chat_id: int
    times: Times
    tells_when_empty: bool | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """One place in a briefing's ranking: a story, told under one topic through one article."""

    story_id: int
    article_id: int
    query_id: int
    also: tuple[int, ...] = ()  # ids of articles of other sources on the same story
    told: bool = False
    update: bool = False  # tells something new of a story that was told before


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
