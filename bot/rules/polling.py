"""When a source is fetched next, and why just then. In order:

1. Failures: the wait doubles from one to the next, up to three days, and never ends. A long wait that the feed asks for
   in good days does not count then: a short failure must not cost a day.
2. Else the source's own rhythm: half the usual gap between its articles, or an eighth of its present silence where that
   is longer, within bounds.
3. What the server (`max-age`, `Expires`) and the feed (`ttl`, `sy:updatePeriod`) ask for is the least, up to a bound
   against feeds that ask for a year.
4. Retry-After is the least in any case.
5. Jitter only adds, so that nothing asked for is undercut.
6. Hours and days that the feed wants to be spared (`skipHours`, `skipDays`) are waited out.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from bot.model import FeedHints, NextFetch, PollReason
from bot.rules.headers import Freshness

LEAST = timedelta(minutes=10)
MOST = timedelta(hours=3)
MOST_ASKED = timedelta(hours=6)  # of what a server or feed asks for in good days; more is taken for a mistake
LONGEST_BACK_OFF = timedelta(days=3)
SILENCE_SHARE = 8  # a source silent for a day is asked every three hours
GAP_SHARE = 2  # a source with an article every hour is asked every half hour
JITTER = 0.1  # of the wait

MEMORY = timedelta(days=7)  # how far back an article still counts for the usual pace
SHORTEST_SPAN = timedelta(hours=1)  # over which a pace is measured
MOVE_PROVEN = timedelta(days=7)  # for which a permanent redirect must have led to the same place
SILENCE_AT_LEAST = timedelta(days=3)  # nobody wonders at a quiet weekend
SILENCE_GAPS = 10  # usual gaps without an article that are no accident: e^-10 where articles come independently
SILENCE_AT_MOST = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The shortest and the longest wait between two fetches that succeed."""

    least: timedelta = LEAST
    most: timedelta = MOST


NORMAL = Rhythm()
NO_HINTS = FeedHints()
STALE = Freshness()


def next_fetch(
    now: datetime,
    *,
    last_article_at: datetime | None = None,
    pace: float | None = None,
    failures: int = 0,
    hints: FeedHints = NO_HINTS,
    fresh: Freshness = STALE,
    retry_after: float | None = None,
    is_pushed: bool = False,
    jitter: float = 0.0,
    rhythm: Rhythm = NORMAL,
) -> NextFetch:
    """When to fetch a source again, and why.

    Args:
        last_article_at: when the source last brought something new.
        pace: its usual articles per day; None while that is unknown.
        failures: how many fetches failed in a row, this one included; 0 after a success.
        hints: what the feed says of its own rhythm.
        fresh: for how long the server calls its answer fresh.
        retry_after: seconds that the server asked to be left alone.
        is_pushed: a hub tells what is new, so that fetching is only a look behind it.
        jitter: 0 to 1, a random number that spreads sources over time.
        rhythm: the bounds of the wait after a success.
    """
    if failures:
        # 2^9 times ten minutes is beyond three days: a larger power can only overflow.
        wait, reason = min(LEAST * (1 << min(failures - 1, 9)), LONGEST_BACK_OFF), PollReason.BACK_OFF
    else:
        wait, reason = _own_rhythm(now, last_article_at, pace, rhythm)
        wait, reason = _asked_for(wait, reason, hints, fresh)
        if is_pushed and wait <= rhythm.most:
            wait, reason = rhythm.most, PollReason.PUSHED
    if retry_after is not None and timedelta(seconds=min(retry_after, 1e9)) >= wait:
        wait = min(timedelta(seconds=min(retry_after, 1e9)), LONGEST_BACK_OFF)
        reason = PollReason.RETRY_AFTER
    at = now + wait * (1 + JITTER * jitter)
    allowed, skipped = _after_skipped(at, hints)
    return NextFetch(allowed, skipped or reason)


def _own_rhythm(
    now: datetime, last_article_at: datetime | None, pace: float | None, rhythm: Rhythm
) -> tuple[timedelta, PollReason]:
    if rhythm.least == rhythm.most:
        return rhythm.most, PollReason.EVEN
    silence = (now - last_article_at) / SILENCE_SHARE if last_article_at else timedelta()
    usual = _gap(pace) / GAP_SHARE
    wait, reason = (silence, PollReason.SILENCE) if silence > usual else (usual, PollReason.PACE)
    if wait <= rhythm.least:
        return rhythm.least, PollReason.LEAST
    return (rhythm.most, PollReason.MOST) if wait > rhythm.most else (wait, reason)


def _asked_for(wait: timedelta, reason: PollReason, hints: FeedHints, fresh: Freshness) -> tuple[timedelta, PollReason]:
    asked = (
        (fresh.seconds, PollReason.EXPIRES if fresh.is_expires else PollReason.MAX_AGE),
        (hints.ttl, PollReason.TTL),
        (hints.period, PollReason.UPDATE_PERIOD),
    )
    seconds, its_reason = max(asked, key=lambda one: one[0])
    # At ten minutes the least is as good as what was asked for; then that is the reason that a person can check.
    least = min(timedelta(seconds=min(seconds, 1e9)), MOST_ASKED)
    return (least, its_reason) if least >= wait and seconds > 0 else (wait, reason)


def _after_skipped(at: datetime, hints: FeedHints) -> tuple[datetime, PollReason | None]:
    """The first instant from `at` on that lies in no skipped hour or day (UTC), and which of them moved it, if any."""
    if len(hints.skip_days) >= 7 or len(hints.skip_hours) >= 24:
        return at, None  # a feed that never wants to be read can't be meant
    moved: PollReason | None = None
    while True:
        if at.weekday() in hints.skip_days:
            at, moved = datetime.combine(at.date() + timedelta(days=1), time(), UTC), PollReason.SKIP_DAYS
        elif at.hour in hints.skip_hours:
            at = at.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
            moved = moved or PollReason.SKIP_HOURS
        else:
            return at, moved


# The usual pace


def first_pace(published: Iterable[datetime], now: datetime) -> float | None:
    """Articles per day of a feed seen for the first time, from its entries' own dates; None where they tell nothing."""
    known = sorted(at for at in published if now - 4 * MEMORY <= at <= now)
    if len(known) < 2:
        return None
    return len(known) / (max(now - known[0], SHORTEST_SPAN) / timedelta(days=1))


def pace_after(pace: float | None, *, new: int, since: timedelta) -> float:
    """The usual articles per day after `new` ones came, the first in `since`: older ones count less and less.

    An exponentially weighted rate; what came a week ago counts for 37 %.
    """
    days = max(since, SHORTEST_SPAN) / timedelta(days=1)
    if pace is None:
        return new / days
    kept = math.exp(-days / (MEMORY / timedelta(days=1)))
    return kept * pace + (1 - kept) * new / days


def is_silent(now: datetime, *, last_article_at: datetime | None, pace: float | None) -> bool:
    """Whether a source that can be read has been without news for so long that something may be wrong."""
    if last_article_at is None or not pace:
        return False
    patience = max(SILENCE_AT_LEAST, min(_gap(pace) * SILENCE_GAPS, SILENCE_AT_MOST))
    return now - last_article_at > patience


def _gap(pace: float | None) -> timedelta:
    return timedelta(days=min(1 / pace, 1_000)) if pace else timedelta()


# Where a source has moved to


@dataclass(frozen=True, slots=True)
class Address:
    """Where a source is fetched from now on, and the move that is not proven yet."""

    url: str
    moved_to: str = ""
    moved_since: datetime | None = None


def address_after(known: Address, permanent_url: str, now: datetime) -> Address:
    """What a permanent redirect means for a source's address.

    It is believed when it led to the same place for a week; one that only leads from http to https, at once. A fetch
    without one forgets what was suspected.
    """
    if not permanent_url or permanent_url == known.url:
        return Address(known.url)
    if permanent_url.removeprefix("https:") == known.url.removeprefix("http:"):
        return Address(permanent_url)
    if permanent_url != known.moved_to or known.moved_since is None:
        return Address(known.url, permanent_url, now)
    return Address(permanent_url) if now - known.moved_since >= MOVE_PROVEN else known
