"""How late the messages of a rush will be: all briefings of nine o'clock go through one rate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rush:
    """The worst crowd ahead.

    Attributes:
        at: the minute in which it begins.
        briefings: how many come due until its queue is longest.
        lateness: of the last of them, in seconds after it was due.
    """

    at: datetime
    briefings: int
    lateness: float


def next_rush(due: Iterable[tuple[datetime, int]], *, rate: float, waiting: int = 0, now: datetime) -> Rush | None:
    """The crowd whose last message will be latest; None where nothing is due.

    Args:
        due: how many briefings are due in each minute that has some, in order; a message each.
        rate: messages per second.
        waiting: messages that wait already.
    """
    worst: Rush | None = None
    queue, since, crowd, last = float(waiting), now, 0, now
    for minute, number in due:
        at = max(minute, now)
        queue = max(0.0, queue - (at - last).total_seconds() * rate)
        if queue == 0:
            since, crowd = at, 0
        queue, crowd, last = queue + number, crowd + number, at
        lateness = queue / rate
        if worst is None or lateness > worst.lateness:
            worst = Rush(since, crowd, lateness)
    return worst
