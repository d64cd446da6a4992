"""How a source is doing, told from what is stored of it."""

from datetime import datetime
from enum import StrEnum

from bot.model import Source, SourceKind, SourceState
from bot.rules.polling import is_silent

ALARM_AFTER = 3  # failures in a row: one or two happen to the best, and are over within the hour
GONE_STATUSES = (404, 410)


class Health(StrEnum):
    """How a source is, in order of what an admin wants to see first."""

    ILL = "ill"  # the last fetch failed
    SILENT = "silent"  # it can be read, but has brought nothing for longer than is usual
    WAITING = "waiting"  # never read yet
    PAUSED = "paused"
    WELL = "well"
    PUSHED = "pushed"  # sends its own articles


def health(source: Source, now: datetime) -> Health:
    """How the source is."""
    if source.state is SourceState.PAUSED:
        return Health.PAUSED
    if source.kind is not SourceKind.FEED:
        return Health.PUSHED
    if source.failures:
        return Health.ILL
    if source.last_success_at is None:
        return Health.WAITING
    silent = is_silent(now, last_article_at=source.last_article_at, pace=source.pace)
    return Health.SILENT if silent else Health.WELL


def is_alarming(source: Source, error_key: str) -> bool:
    """Whether admins are told that the source can't be read; `source` is as it was before its latest failure."""
    failures = source.failures + 1
    return failures == ALARM_AFTER or (failures > ALARM_AFTER and error_key != source.error_key)


def urgency(source: Source, now: datetime) -> int:
    """For sorting: the ill first."""
    return list(Health).index(health(source, now))
