"""What the headers of an HTTP answer say about time (RFC 9110, RFC 9111). Names are in lower case."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from bot.rules.dates import parse_date

MOST_SECONDS = 366 * 24 * 3600.0
_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_UNSTORED = re.compile(r"(?:^|[\s,])no-(?:cache|store)\b", re.IGNORECASE)


class Freshness(NamedTuple):
    """For how many seconds from now an answer is fresh, 0 where it is not, and whether only `Expires` says so."""

    seconds: float = 0.0
    is_expires: bool = False


def freshness(headers: Mapping[str, str]) -> Freshness:
    """What `Cache-Control` says, less the answer's age in caches on its way; else `Expires`, by the server's clock."""
    control = headers.get("cache-control", "")
    if _UNSTORED.search(control):
        return Freshness()
    found = _MAX_AGE.search(control)
    if found:
        age = headers.get("age", "").strip()
        return Freshness(max(float(found[1]) - (float(age[:9]) if age.isdecimal() else 0.0), 0.0))
    return Freshness(_until(headers.get("expires", ""), headers), is_expires=True)


def retry_after(headers: Mapping[str, str], now: datetime) -> float | None:
    """Seconds to wait, where the server asks for it: a number, or an instant by the server's clock, else by ours."""
    asked = headers.get("retry-after", "").strip()
    if asked.isdecimal():
        return min(float(asked[:12]), MOST_SECONDS)
    until = parse_date(asked)
    if until is None:
        return None
    here = parse_date(headers.get("date", ""))
    return min(max((until.at - (here.at if here else now)).total_seconds(), 0.0), MOST_SECONDS)


def _until(text: str, headers: Mapping[str, str]) -> float:
    until, here = parse_date(text), parse_date(headers.get("date", ""))
    return min(max((until.at - here.at).total_seconds(), 0.0), MOST_SECONDS) if until and here else 0.0
