"""Schedules as people write them: `weekdays 8:00`, `Mon Wed 18:30`, `every 3 hours from 9 to 21`, `工作日 8点`.

1. Days hold for the times behind them; where a clause begins with times, for the times before them. Without days it is
   every day.
2. A semicolon or a line break ends a clause; so does a comma between times and days.
3. An interval has the hours of its span (`from 9 to 21`, both included), else the whole day.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import time

from bot.errors import ScheduleError
from bot.model import EVERY_DAY, QuietHours, Times
from bot.rules.schedule_words import Word, words_of

MOST_TIMES = 24  # a day
SHORTEST_INTERVAL = 60  # minutes
LONGEST_INTERVAL = 12 * 60
MINUTES_A_DAY = 24 * 60


@dataclass(slots=True)
class _Clause:
    """What stands together: days, times, an interval with its span."""

    days: list[int] = field(default_factory=list)
    times: list[time] = field(default_factory=list)
    first_day: Word | None = None
    interval: Word | None = None
    span: tuple[time, time] | None = None
    span_word: Word | None = None
    days_behind: bool = False

    @property
    def has_times(self) -> bool:
        return bool(self.times or self.interval or self.span)


def parse_times(text: str) -> list[Times]:
    """The schedules of a message, in its order.

    Raises:
        ScheduleError: with the position of the mistake: `no_times`, `bad_time`, `not_understood`, `days_without_time`,
            `span_without_interval`, `bad_interval`, `too_many_times`.
    """
    found: dict[tuple[int, ...], list[time]] = {}
    for clause in _clauses(words_of(text)):
        days = tuple(sorted(set(clause.days))) or EVERY_DAY
        found.setdefault(days, []).extend(_times_of(clause))
    if not found:
        raise ScheduleError("no_times", 0)
    schedules = [Times(tuple(sorted(set(at))), days) for days, at in found.items()]
    if any(len(its.at) > MOST_TIMES for its in schedules):
        raise ScheduleError("too_many_times", 0, limit=MOST_TIMES)
    return schedules


def parse_time(text: str) -> time:
    """One time of day: `8`, `08:00`, `8.30`, `8pm`, `8点半`. Raises ScheduleError: `bad_time`."""
    try:
        words = words_of(text)
    except ScheduleError:
        words = []
    if len(words) != 1 or words[0].kind != "time":
        raise ScheduleError("bad_time", 0, given=text.strip()[:40])
    return words[0].at


def parse_quiet_hours(text: str) -> QuietHours:
    """`22:00-07:00`, `10pm to 7am`, `晚上10点到早上7点`. Raises ScheduleError: `bad_quiet_hours` and those of times."""
    words = [word for word in words_of(text) if word.kind not in ("join", "to", "comma")]
    if len(words) != 2 or any(word.kind != "time" for word in words):
        wrong = next((word for word in words if word.kind != "time"), None)
        raise ScheduleError("bad_quiet_hours", wrong.start if wrong else 0)
    start, until = words[0].at, words[1].at
    if start == until:
        raise ScheduleError("empty_quiet_hours", words[1].start)
    return QuietHours(start, until)


def _clauses(words: Sequence[Word]) -> list[_Clause]:
    clauses: list[_Clause] = []
    clause = _Clause()
    previous = ""
    place = 0
    while place < len(words):
        word = words[place]
        ends = word.kind == "break" or (word.kind == "days" and _ends_before_days(clause, previous))
        ends = ends or (word.kind in ("time", "interval") and clause.days_behind)
        if ends:
            _close(clause, clauses)
            clause = _Clause()
        if word.kind not in ("join", "break"):
            previous = word.kind
        place += _take(clause, words, place)
    _close(clause, clauses)
    return clauses


def _ends_before_days(clause: _Clause, previous: str) -> bool:
    """Days begin a new clause behind times that have their days already, or behind a comma."""
    return clause.has_times and (previous == "comma" or (bool(clause.days) and not clause.days_behind))


def _take(clause: _Clause, words: Sequence[Word], place: int) -> int:
    """Puts the words at a place into the clause, and returns how many they were."""
    word = words[place]
    if word.kind == "days":
        clause.days_behind = clause.has_times
        clause.days += word.weekdays
        clause.first_day = clause.first_day or word
    elif word.kind == "interval":
        clause.interval = word
    elif word.kind == "time":
        rest = [its for its in words[place + 1 : place + 3] if its.kind != "comma"]
        if len(rest) == 2 and (rest[0].kind == "to" or _joins_span(words, place, rest[0])) and rest[1].kind == "time":
            clause.span, clause.span_word = (word.at, rest[1].at), word
            return 3
        clause.times.append(word.at)
    elif word.kind == "to":
        raise ScheduleError("not_understood", word.start, given=word.text)
    return 1


def _joins_span(words: Sequence[Word], place: int, joint: Word) -> bool:
    """`between 9 and 21`."""
    return joint.kind == "join" and place > 0 and words[place - 1].text.lower() == "between"


def _close(clause: _Clause, clauses: list[_Clause]) -> None:
    if clause.first_day is not None and not clause.has_times:
        raise ScheduleError("days_without_time", clause.first_day.start, given=clause.first_day.text)
    if clause.span_word is not None and clause.interval is None:
        raise ScheduleError("span_without_interval", clause.span_word.start)
    if clause.has_times:
        clauses.append(clause)


def _times_of(clause: _Clause) -> list[time]:
    if clause.interval is None:
        return clause.times
    every = clause.interval.minutes
    if not SHORTEST_INTERVAL <= every <= LONGEST_INTERVAL:
        raise ScheduleError("bad_interval", clause.interval.start, given=clause.interval.text)
    start, end = clause.span or (time.min, time.min)
    first, last = _minutes(start), _minutes(end)
    if clause.span is None:
        last = MINUTES_A_DAY - 1
    elif last <= first:
        last += MINUTES_A_DAY
    spaced = range(first, min(last, first + MINUTES_A_DAY - 1) + 1, every)
    return clause.times + [time(at // 60 % 24, at % 60) for at in spaced]


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
