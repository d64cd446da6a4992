"""The words of a schedule, in English and Chinese, cut out of what somebody wrote with their places.

A word is a time of day, days of the week, an interval, a span (`from 9 to 21`), or something that only joins.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time

from bot.errors import ScheduleError
from bot.model import EVERY_DAY

WEEKDAYS, WEEKEND = EVERY_DAY[:5], EVERY_DAY[5:]
CHINESE_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
PLAIN = str.maketrans("０１２３４５６７８９：，；～—–－　", "0123456789:,;~--- ")

_NUMBER = r"(?:\d{1,2}|[零〇一二两三四五六七八九十]{1,3})"
_CHINESE_DAY = r"(?:周|星期|礼拜|週)"
_JOIN = r"(?:to|through|till|until|至|到|-|~)"
_DAY_NAMES = (
    r"mon(?:days?)?",
    r"tue(?:s|sdays?)?",
    r"wed(?:s|nesdays?)?",
    r"thu(?:r|rs|rsdays?)?",
    r"fri(?:days?)?",
    r"sat(?:urdays?)?",
    r"sun(?:days?)?",
)
_ONE_DAY = "|".join(_DAY_NAMES)
_PART_OF_DAY = "凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|今晚"

TIME = (
    rf"(?P<part>{_PART_OF_DAY})?\s*(?:(?P<packed>[012]\d[0-5]\d)(?!\d)|(?P<hour>{_NUMBER})"
    rf"(?:\s*(?:点钟?|时|o'?clock)(?:(?P<half>半)|(?P<quarter>一刻)|(?P<cminute>{_NUMBER})分?)?"
    r"|\s*[:.h]\s*(?P<minute>\d{2})(?!\d))?)\s*(?P<ampm>[ap]\.?m\.?(?![a-z]))?"
)
_WORDS = (
    ("interval", r"(?:every|each)\s*(?P<every>\d{1,3})?\s*(?P<unit>hours?|h(?![a-z])|hrs?|minutes?|mins?)|hourly"),
    ("interval", rf"每隔?\s*(?P<zevery>{_NUMBER})?\s*个?\s*(?P<zunit>小时|钟头|分钟)"),
    ("days", r"(?P<daily>daily|every\s*day|each\s*day|everyday|每天|每日|天天)"),
    ("days", r"(?P<weekdays>(?:on\s+)?(?:every\s+)?(?:weekdays?|work(?:ing)?\s?days?)|(?:每个?)?工作日|平日)"),
    ("days", rf"(?P<weekend>(?:every\s+)?weekends?|(?:每个?)?{_CHINESE_DAY}末|双休日)"),
    ("days", rf"(?:every\s+)?(?P<first>{_ONE_DAY})\s*{_JOIN}\s*(?P<last>{_ONE_DAY})(?![a-z])"),
    ("days", rf"(?:every\s+)?(?P<day>{_ONE_DAY})(?![a-z])"),
    (
        "days",
        rf"每?个?{_CHINESE_DAY}(?P<zfirst>[一二三四五六日天])\s*{_JOIN}\s*{_CHINESE_DAY}?(?P<zlast>[一二三四五六日天])",
    ),
    ("days", rf"每?个?{_CHINESE_DAY}(?P<zdays>[一二三四五六日天](?:[、,和]?[一二三四五六日天](?![点时]))*)"),
    ("named", r"(?P<named>midnight|noon|morning|evening)(?![a-z])|(?P<znamed>午夜|正午)"),
    ("join", r"(?P<span>from|between|从)(?![a-z])"),
    ("time", TIME),
    ("named", rf"(?P<zpart>{_PART_OF_DAY})"),
    ("to", rf"{_JOIN}(?![a-z])"),
    ("break", r"[;\n。]"),
    ("comma", r"[,、]"),
    ("join", r"(?:and|at|on|the|in|every|each|&|\+|和|及|与|以及|还有|在|的|每)(?![a-z])"),
)
_PATTERNS = tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _WORDS)
_NAMED = {
    "midnight": time(0),
    "午夜": time(0),
    "noon": time(12),
    "正午": time(12),
    "中午": time(12),
    "morning": time(8),
    "早上": time(8),
    "早晨": time(8),
    "上午": time(9),
    "下午": time(15),
    "evening": time(18),
    "傍晚": time(18),
    "晚上": time(20),
    "今晚": time(20),
    "夜里": time(22),
    "凌晨": time(5),
}
_AFTERNOON = ("下午", "傍晚", "晚上", "今晚", "夜里")
UNKNOWN = re.compile(r"\w+|\S")


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its place.

    Attributes:
        kind: `time`, `days`, `interval`, `to`, `comma`, `break` or `join`.
        at: of a time.
        weekdays: of days, ISO.
        minutes: of an interval.
    """

    kind: str
    start: int
    end: int
    text: str
    at: time = time.min
    weekdays: tuple[int, ...] = ()
    minutes: int = 0


def words_of(text: str) -> list[Word]:
    """Every word of a schedule, in order. Raises ScheduleError: `bad_time`, `not_understood`, with the place."""
    return list(_words(text.translate(PLAIN), text))


def _words(plain: str, text: str) -> Iterator[Word]:
    place = 0
    while place < len(plain):
        if plain[place] in " \t\r":
            place += 1
            continue
        for kind, pattern in _PATTERNS:
            found = pattern.match(plain, place)
            if found is not None and found.end() > place:
                yield _word(kind, found, text)
                place = found.end()
                break
        else:
            unknown = UNKNOWN.match(plain, place)
            given = unknown[0] if unknown else plain[place]
            raise ScheduleError("not_understood", place, given=text[place : place + len(given)][:40])


def _word(kind: str, found: re.Match[str], text: str) -> Word:
    base = Word("time" if kind == "named" else kind, found.start(), found.end(), found[0].strip())
    groups = {name: value for name, value in found.groupdict().items() if value is not None}
    if kind == "time":
        return replace(base, at=_time(groups, base, text))
    if kind == "named":
        return replace(base, at=_NAMED[next(iter(groups.values())).lower()])
    if kind == "days":
        return replace(base, weekdays=_weekdays(groups))
    if kind == "interval":
        every = number(groups.get("every") or groups.get("zevery") or "1")
        unit = (groups.get("unit") or groups.get("zunit") or "h").lower()
        return replace(base, minutes=every * (1 if unit.startswith(("m", "分")) else 60))
    return base


def _time(groups: dict[str, str], word: Word, text: str) -> time:
    if "packed" in groups:
        hour, minute = int(groups["packed"][:2]), int(groups["packed"][2:])
    else:
        hour = number(groups["hour"])
        minute = 30 if "half" in groups else 15 if "quarter" in groups else number(groups.get("minute", "0"))
        minute = number(groups["cminute"]) if "cminute" in groups else minute
    half, part = groups.get("ampm", "")[:1].lower(), groups.get("part", "")
    is_wrong = hour > 24 or minute > 59 or bool(half and not 1 <= hour <= 12) or (hour == 24 and minute > 0)
    if half and not is_wrong:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif (part in _AFTERNOON and hour < 12) or (part == "中午" and hour < 4):
        hour += 12
    if is_wrong or hour > 24:
        raise ScheduleError("bad_time", word.start, given=text[word.start : word.end].strip())
    return time(hour % 24, minute)


def _weekdays(groups: dict[str, str]) -> tuple[int, ...]:
    if "daily" in groups:
        return EVERY_DAY
    if "weekdays" in groups:
        return WEEKDAYS
    if "weekend" in groups:
        return WEEKEND
    if "first" in groups:
        return _range(_english_day(groups["first"]), _english_day(groups["last"]))
    if "day" in groups:
        return (_english_day(groups["day"]),)
    if "zfirst" in groups:
        return _range(_chinese_day(groups["zfirst"]), _chinese_day(groups["zlast"]))
    return tuple(sorted({_chinese_day(letter) for letter in groups["zdays"] if letter not in "、,和"}))


def _range(first: int, last: int) -> tuple[int, ...]:
    """Days from one to another, over the weekend where the last comes before the first."""
    return tuple(sorted((first - 1 + step) % 7 + 1 for step in range((last - first) % 7 + 1)))


def _english_day(name: str) -> int:
    return [day[:3] for day in _DAY_NAMES].index(name[:3].lower()) + 1


def _chinese_day(letter: str) -> int:
    return "一二三四五六日".index("日" if letter == "天" else letter) + 1


def number(text: str) -> int:
    """A number in digits or Chinese: `12`, `八`, `十二`, `二十`."""
    if text.isdecimal():
        return int(text)
    tens, is_ten, ones = text.partition("十")
    if not is_ten:
        value = 0
        for letter in text:
            value = value * 10 + CHINESE_DIGITS[letter]
        return value
    return (CHINESE_DIGITS[tens] if tens else 1) * 10 + (CHINESE_DIGITS[ones] if ones else 0)


def weekday_of(text: str) -> int:
    """The ISO weekday that a text names and nothing else, or 0."""
    try:
        words = words_of(text)
    except ScheduleError:
        return 0
    return words[0].weekdays[0] if len(words) == 1 and len(words[0].weekdays) == 1 else 0
