"""Dates as feeds, pages and programs write them: ISO 8601 and RFC 822, in UTC, and whether only a day was given."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_tz
from typing import NamedTuple

_ISO = re.compile(
    r"""(?P<year>\d{4})-?(?P<month>\d\d)(?:-?(?P<day>\d\d))?
        (?:[T\s]+(?P<hour>\d\d)[:.]?(?P<minute>\d\d)(?:[:.]?(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?)?
        \s*(?P<zone>Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?""",
    re.VERBOSE | re.IGNORECASE,
)
_RFC822 = re.compile(
    r"""(?:[A-Za-z]+,?\s+)?(?P<day>\d{1,2})\s+(?P<month>[A-Za-z]{3})[a-z]*\s+(?P<year>\d{4})
        \s+(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?\s*(?P<zone>Z|UTC?|GMT|[+-]\d{4})""",
    re.VERBOSE,
)
_MONTHS = {name: number for number, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}
_ZONES = {  # hours; names that the standard library's reader of RFC 822 does not know
    "cet": 1,
    "cest": 2,
    "bst": 1,
    "wet": 0,
    "west": 1,
    "eet": 2,
    "eest": 3,
    "msk": 3,
    "sgt": 8,
    "hkt": 8,
    "jst": 9,
    "kst": 9,
    "aest": 10,
    "aedt": 11,
    "nzst": 12,
    "nzdt": 13,
}


class Moment(NamedTuple):
    """A date that was read: an aware instant in UTC, and whether it stands for the whole day only."""

    at: datetime
    is_day: bool


def parse_date(text: str) -> Moment | None:
    """Reads a date; None where it is none.

    A time without a zone is taken as UTC. A day alone, or midnight without a zone (`2024-10-22 00:00:00.0`, as portals
    write days), is the day.
    """
    text = text.strip()
    try:
        if (match := _RFC822.fullmatch(text)) and match["month"] in _MONTHS:
            return _from_match(match, _MONTHS[match["month"]])
        if match := _ISO.fullmatch(text):
            return _from_iso(match)
        return _from_rfc822(text)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None


def _from_iso(match: re.Match[str]) -> Moment:
    number = {name: int(value) for name, value in match.groupdict().items() if value and value.isdigit()}
    at = datetime(
        number["year"],
        number["month"],
        number.get("day", 1),
        number.get("hour", 0),
        number.get("minute", 0),
        min(number.get("second", 0), 59),  # a leap second is no instant of ours
        int((match["fraction"] or "0")[:6].ljust(6, "0")),
        tzinfo=UTC,
    )
    is_day = match["hour"] is None or (match["zone"] is None and at.hour == at.minute == at.second == 0)
    return Moment(at - _offset(match["zone"] or ""), is_day)


def _from_match(match: re.Match[str], month: int) -> Moment:
    clock = int(match["hour"]), int(match["minute"]), min(int(match["second"] or 0), 59)
    at = datetime(int(match["year"]), month, int(match["day"]), *clock, tzinfo=UTC)
    return Moment(at - _offset(match["zone"]), False)


def _offset(zone: str) -> timedelta:
    if zone[:1] not in ("+", "-"):
        return timedelta()
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return offset if zone[0] == "+" else -offset


def _from_rfc822(text: str) -> Moment | None:
    has_time = re.search(r"\d:\d", text) is not None
    parsed = parsedate_tz(text if has_time else f"{text} 00:00:00 GMT")
    if parsed is None:
        return None
    year, month, day, hour, minute, second, *_, offset = parsed
    if offset is None or (offset == 0 and text[-1:].isalpha()):
        zone = text.rsplit(None, 1)[-1].strip("()").lower()
        offset = _ZONES.get(zone, 0) * 3600
    at = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
    return Moment(at - timedelta(seconds=offset), not has_time)
