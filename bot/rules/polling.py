"""When a source is fetched next.

In order: what the server asked for (Retry-After, max-age) is the least; after failures the wait doubles from one to the
next, up to three days, and never ends; else the wait follows the source's own pace, an eighth of its present silence,
within bounds. Jitter only adds, so that nothing asked for is undercut.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

LEAST = timedelta(minutes=10)
MOST = timedelta(hours=6)
LONGEST_BACK_OFF = timedelta(days=3)
SILENCE_SHARE = 8  # a source silent for a day is asked every three hours
JITTER = 0.1  # of the wait


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The shortest and the longest wait between two fetches that succeed."""

    least: timedelta = LEAST
    most: timedelta = MOST


NORMAL = Rhythm()


def next_fetch_at(
    now: datetime,
    *,
    last_article_at: datetime | None,
    failures: int = 0,
    max_age: int | None = None,
    retry_after: float | None = None,
    jitter: float = 0.0,
    rhythm: Rhythm = NORMAL,
) -> datetime:
    """When to fetch a source again.

    Args:
        last_article_at: when the source last brought something new.
        failures: how many fetches failed in a row, this one included; 0 after a success.
        max_age: seconds for which the server calls its answer fresh.
        retry_after: seconds that the server asked to be left alone.
        jitter: 0 to 1, a random number that spreads sources over time.
        rhythm: the bounds of the wait after a success.
    """
    if failures:
        # 2^9 times ten minutes is beyond three days: a larger power can only overflow.
        wait = min(LEAST * (1 << min(failures - 1, 9)), LONGEST_BACK_OFF)
    else:
        silence = (now - last_article_at) / SILENCE_SHARE if last_article_at else LEAST
        wait = min(max(silence, rhythm.least), rhythm.most)
        wait = max(wait, min(timedelta(seconds=max_age or 0), rhythm.most))
    if retry_after is not None:
        wait = max(wait, timedelta(seconds=min(retry_after, LONGEST_BACK_OFF.total_seconds())))
    return now + wait * (1 + JITTER * jitter)
