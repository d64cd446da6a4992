"""Until when a chat pauses, as people write it: `3d`, `a week`, `until Monday`, `24 Dec`, `直到下周一`, `三天`.

A day means its first moment where the chat lives, so that its own briefing comes again.
"""

import re
from datetime import date, datetime, time, timedelta

from bot.errors import ScheduleError
from bot.model import Slot
from bot.rules.schedule_words import number, weekday_of
from bot.rules.timetable import instant_of, slot_at

LONGEST = timedelta(days=366)
FOREVER = datetime.fromisoformat("9000-01-01T00:00:00+00:00")  # until somebody resumes
DAYS = {
    "h": 1 / 24,
    "d": 1,
    "w": 7,
    "m": 30,
    "小": 1 / 24,
    "钟": 1 / 24,
    "天": 1,
    "日": 1,
    "周": 7,
    "星": 7,
    "礼": 7,
    "月": 30,
}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_UNTIL = re.compile(r"(?:(?:until|till?|to|for)(?![a-z])|直到|到|至|暂停)\s*", re.IGNORECASE)
_SPAN = re.compile(
    r"(?P<number>\d{1,3}|an?|[一二两三四五六七八九十半]{1,3})\s*个?\s*"
    r"(?P<unit>h(?:ours?|rs?)?|d(?:ays?)?|w(?:eeks?)?|m(?:onths?)?|小时|钟头|天|日|周|星期|礼拜|月)",
    re.IGNORECASE,
)
_NEAR = {"tomorrow": 1, "明天": 1, "the day after tomorrow": 2, "后天": 2}
_ISO = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
_CHINESE_DATE = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
_ENGLISH_DATE = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\.?\s+([a-z]{3,9})|([a-z]{3,9})\s+(\d{1,2})(?:st|nd|rd|th)?)\.?"
)
_NEXT = re.compile(r"(?:next|this|下个?|这个?|本)\s*")


def parse_pause(text: str, *, now: datetime, timezone: str) -> datetime:
    """Until when, in UTC; later than now.

    Raises:
        ScheduleError: with its position: `bad_pause`, `past_pause`, `long_pause`.
    """
    until = _UNTIL.match(text.lstrip())
    start = len(text) - len(text.lstrip()) + (until.end() if until else 0)
    given = " ".join(text[start:].lower().split())
    span = _SPAN.fullmatch(given)
    if span is not None:
        end = now + timedelta(days=_amount(span["number"]) * DAYS[span["unit"][0].lower()])
    else:
        day = _day(given, slot_at(now, timezone).day)
        if day is None:
            raise ScheduleError("bad_pause", start, given=text[start:].strip()[:40])
        end = instant_of(Slot(day, time.min), timezone)
    if end <= now:
        raise ScheduleError("past_pause", start, given=text[start:].strip()[:40])
    if end > now + LONGEST:
        raise ScheduleError("long_pause", start)
    return end


def _amount(text: str) -> float:
    return {"a": 1, "an": 1, "半": 0.5}.get(text) or number(text)


def _day(given: str, today: date) -> date | None:
    if given in _NEAR:
        return today + timedelta(days=_NEAR[given])
    weekday = weekday_of(_NEXT.sub("", given, count=1))
    if weekday:
        return today + timedelta(days=(weekday - today.isoweekday() - 1) % 7 + 1)
    if found := _ISO.fullmatch(given):
        return _date(int(found[1]), int(found[2]), int(found[3]))
    if found := _CHINESE_DATE.fullmatch(given):
        return _coming(int(found[1]), int(found[2]), today)
    found = _ENGLISH_DATE.fullmatch(given)
    month = (found[2] or found[3])[:3] if found else ""
    if found is None or month not in MONTHS:
        return None
    return _coming(MONTHS.index(month) + 1, int(found[1] or found[4]), today)


def _coming(month: int, day: int, today: date) -> date | None:
    """The next such day of the calendar."""
    this_year = _date(today.year, month, day)
    return this_year if this_year is not None and this_year > today else _date(today.year + 1, month, day)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
