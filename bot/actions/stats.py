"""How the bot stands, for its admins: how much there is, what waits, and how late the next rush will be."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions.account import Visitor, require_admin
from bot.model import Source
from bot.rules.health import Health, health
from bot.rules.rush import Rush, next_rush
from bot.rules.timetable import Timetable, runs
from bot.storage import figures, schedules, sources
from bot.storage.database import Database, Tx

AHEAD = timedelta(days=1)
KEPT = timedelta(minutes=1)  # how long a forecast holds: it reads every chat that is scheduled


class Outlook:
    """Forecasts the next rush, at most once a minute.

    Args:
        rate: messages per second over all chats.
    """

    def __init__(self, db: Database, rate: float) -> None:
        self._db = db
        self.rate = rate
        self._made_at: datetime | None = None
        self._rush: Rush | None = None

    async def rush(self, now: datetime) -> Rush | None:
        """The worst crowd of the next day; None where nothing is due."""
        if self._made_at is None or not timedelta(0) <= now - self._made_at < KEPT:
            async with self._db.read() as tx:
                due = await _due_per_minute(tx, now)
                waiting = await figures.waiting_messages(tx, now)
            self._rush = next_rush(due, rate=self.rate, waiting=waiting, now=now)
            self._made_at = now
        return self._rush


async def _due_per_minute(tx: Tx, now: datetime) -> list[tuple[datetime, int]]:
    """How many briefings come due in each minute of the time ahead: the next one of each chat, and those after it."""
    until = now + AHEAD
    due = Counter(dict(await schedules.due_per_minute(tx, until)))
    for timezone, times, first, chats in await schedules.kept_times(tx, until):
        for at in runs(Timetable((times,), timezone), max(first, now), until):
            due[at] += chats
    return sorted(due.items())


@dataclass(frozen=True, slots=True)
class Stats:
    """One look at everything; `ailing` are sources that are ill or silent, `well` how many others are read."""

    seen: figures.Figures
    growth: figures.Growth
    rush: Rush | None
    ailing: tuple[tuple[Source, Health], ...]
    well: int


async def stats(db: Database, outlook: Outlook, visitor: Visitor, now: datetime) -> Stats:
    """Raises AccessDenied for whoever is no admin."""
    require_admin(visitor)
    async with db.read() as tx:
        seen = await figures.figures(tx, now)
        growth = await figures.growth(tx, now)
        known = [(source, health(source, now)) for source in await sources.all_of(tx)]
    ailing = tuple(its for its in known if its[1] in (Health.ILL, Health.SILENT))
    well = sum(its in (Health.WELL, Health.PUSHED) for _, its in known)
    return Stats(seen, growth, await outlook.rush(now), ailing, well)
