"""Schedules, quiet hours and pauses in words."""

from collections.abc import Sequence
from datetime import datetime, time
from itertools import pairwise

from bot.model import EVERY_DAY, QuietHours, Times
from bot.texts import Catalogue

LEAST_SPACED = 3  # times that are said as an interval
MINUTES_A_DAY = 24 * 60
FOREVER = 3000  # a year from which on a pause has no end


def in_words(times: Times, words: Catalogue) -> str:
    """`daily at 08:00, 18:00`, `weekdays every 3 hours from 09:00 to 21:00`."""
    interval = _interval(times.at, words)
    if interval and times.weekdays == EVERY_DAY:
        return interval
    hours = interval or words("at {times}", times=words(", ").join(f"{at:%H:%M}" for at in times.at))
    return words("{days} {times}", days=days_in_words(times.weekdays, words), times=hours)


def days_in_words(weekdays: Sequence[int], words: Catalogue) -> str:
    """`daily`, `weekdays`, `Mon–Thu`, `Mon, Wed`."""
    if tuple(weekdays) == EVERY_DAY:
        return words("daily")
    if tuple(weekdays) == EVERY_DAY[:5]:
        return words("weekdays")
    if tuple(weekdays) == EVERY_DAY[5:]:
        return words("weekends")
    names = words.weekdays(weekdays)
    if len(weekdays) >= LEAST_SPACED and weekdays[-1] - weekdays[0] == len(weekdays) - 1:
        return f"{names[0]}–{names[-1]}"
    return words(", ").join(names)


def hours_in_words(hours: QuietHours | None, words: Catalogue) -> str:
    """`22:00–07:00`, or `none`."""
    return words("none") if hours is None else f"{hours.start:%H:%M}–{hours.until:%H:%M}"


def pause_in_words(until: datetime, now: datetime, words: Catalogue) -> str:
    """Until when, local to the chat: `until Mon 28 Oct 00:00`; without an end where there is none."""
    if until.year >= FOREVER:
        return words("until you resume")
    return words("until {when}", when=words.moment(until, now=now))


def zone_in_words(zone: str, words: Catalogue) -> str:
    """`Berlin (Europe/Berlin)`, `UTC`."""
    if "/" not in zone:
        return zone
    return f"UTC{_offset(zone)}" if zone.startswith("Etc/GMT") else f"{words.city(zone)} ({zone})"


def _offset(zone: str) -> str:
    hours = -int(zone.removeprefix("Etc/GMT") or "0")  # POSIX zones count westward
    return f"{hours:+}" if hours else ""


def _interval(at: Sequence[time], words: Catalogue) -> str:
    """Times that are evenly apart, or an empty string."""
    minutes = [one.hour * 60 + one.minute for one in at]
    gaps = {later - earlier for earlier, later in pairwise(minutes)}
    if len(at) < LEAST_SPACED or len(gaps) != 1 or (gap := gaps.pop()) % 60:
        return ""
    every = words.count("every hour", "every {n} hours", gap // 60)
    if minutes[0] + MINUTES_A_DAY - minutes[-1] == gap and not minutes[0]:
        return every
    return words("{every} from {first} to {last}", every=every, first=f"{at[0]:%H:%M}", last=f"{at[-1]:%H:%M}")
