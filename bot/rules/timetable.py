"""When a briefing is due: a time of day where the reader lives becomes one instant of every local day.

A day's slot that the clocks skip (02:30 on the last Sunday of March in Berlin, 00:30 in Beirut) comes at the first
instant after the gap; one that they repeat comes the first time. A day that a place skips whole (30 December 2011 in
Apia) has no slot.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import ScheduleError

CLOCK = re.compile(
    r"(?P<hour>\d{1,2})(?:(?:[:.h：]|点|时)(?P<minute>\d{2})?)?(?:分)?\s*(?P<half>am|pm)?", re.IGNORECASE
)
OFFSET = re.compile(r"(?:utc|gmt)?([+-−])(\d{1,2})(?::?00)?", re.IGNORECASE)
CHINESE_CITIES = {
    "北京": "Asia/Shanghai",
    "上海": "Asia/Shanghai",
    "广州": "Asia/Shanghai",
    "深圳": "Asia/Shanghai",
    "香港": "Asia/Hong_Kong",
    "台北": "Asia/Taipei",
    "新加坡": "Asia/Singapore",
    "东京": "Asia/Tokyo",
    "首尔": "Asia/Seoul",
    "伦敦": "Europe/London",
    "柏林": "Europe/Berlin",
    "巴黎": "Europe/Paris",
    "纽约": "America/New_York",
    "旧金山": "America/Los_Angeles",
    "悉尼": "Australia/Sydney",
}
OTHER_NAMES = {
    "beijing": "Asia/Shanghai",
    "guangzhou": "Asia/Shanghai",
    "shenzhen": "Asia/Shanghai",
    "mumbai": "Asia/Kolkata",
    "delhi": "Asia/Kolkata",
    "hanoi": "Asia/Bangkok",
    "munich": "Europe/Berlin",
    "hamburg": "Europe/Berlin",
    "barcelona": "Europe/Madrid",
    "milan": "Europe/Rome",
    "geneva": "Europe/Zurich",
    "washington": "America/New_York",
    "boston": "America/New_York",
    "san francisco": "America/Los_Angeles",
    "seattle": "America/Los_Angeles",
}


@dataclass(frozen=True, slots=True)
class Daily:
    """Every local day at one time of day in an IANA time zone."""

    at: time
    timezone: str


def next_run(schedule: Daily, after: datetime) -> datetime:
    """The first instant of the schedule later than `after`, in UTC."""
    zone = ZoneInfo(schedule.timezone)
    day = after.astimezone(zone).date() - timedelta(days=1)
    while True:
        instant = instant_of(day, schedule.at, zone)
        if instant is not None and instant > after:
            return instant
        day += timedelta(days=1)


def instant_of(day: date, at: time, zone: ZoneInfo) -> datetime | None:
    """The instant of a local day's time of day, in UTC; None where the place skipped that day."""
    local = datetime.combine(day, at, tzinfo=zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        instant = _end_of_gap(local)
    return instant if instant.astimezone(zone).date() == day else None


def _end_of_gap(local: datetime) -> datetime:
    """The first instant after the gap in which a local time lies, to the second, by bisection between both readings."""
    early = local.replace(fold=1).astimezone(UTC)
    late = local.replace(fold=0).astimezone(UTC)
    before = early.astimezone(local.tzinfo).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = (early + (late - early) / 2).replace(microsecond=0)
        if middle.astimezone(local.tzinfo).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


def parse_time(text: str) -> time:
    """A time of day as people write it: `8`, `08:00`, `8.30`, `8pm`, `8点30`.

    Raises:
        ScheduleError: `bad_time`, with what was written.
    """
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        raise ScheduleError("bad_time", given=text.strip()[:40])
    hour, minute, half = int(found["hour"]), int(found["minute"] or 0), (found["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        raise ScheduleError("bad_time", given=text.strip()[:40])
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23 or minute > 59:
        raise ScheduleError("bad_time", given=text.strip()[:40])
    return time(hour, minute)


def parse_timezone(text: str) -> str:
    """The IANA zone of a name or city as people write it: `Europe/Berlin`, `berlin`, `北京`, `UTC+8`.

    Raises:
        ScheduleError: `bad_timezone`, with what was written.
    """
    given = " ".join(text.split())
    if given in CHINESE_CITIES:
        return CHINESE_CITIES[given]
    name = given.lower().replace("_", " ")
    zone = _zones().get(name) or OTHER_NAMES.get(name) or _fixed_offset(name)
    if zone is None:
        raise ScheduleError("bad_timezone", given=given[:40])
    return zone


def _fixed_offset(name: str) -> str | None:
    found = OFFSET.fullmatch(name.replace(" ", ""))
    if found is None or int(found[2]) > 14:
        return None
    sign = "-" if found[1] == "+" else "+"  # POSIX zones count westward: Etc/GMT-8 is UTC+8
    zone = f"Etc/GMT{sign}{int(found[2])}"
    return zone if zone in available_timezones() else None


@cache
def _zones() -> dict[str, str]:
    """Zones by lower-case name and by city; `posix/…` and the like are left out."""
    zones: dict[str, str] = {}
    for name in sorted(available_timezones()):
        if name.split("/")[0] not in {"posix", "right", "SystemV"} and name not in {
            "localtime",
            "posixrules",
            "Factory",
        }:
            zones[name.lower().replace("_", " ")] = name
    for name in list(zones.values()):
        if "/" in name and not name.startswith("Etc/"):
            zones.setdefault(name.rsplit("/", 1)[1].lower().replace("_", " "), name)
    return zones
