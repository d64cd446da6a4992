"""Leading: of all processes of one bot token, one sends. It holds a lease, and the others stand by.

The holder renews in the first quarter of the lease's time and does nothing in the second half, so that what it has
begun has ended when another may take over. A holder that was killed is noticed at once by a process of the same
machine; another machine waits until the lease has run out.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.ports import Clock
from bot.storage import leases
from bot.storage.database import Database, Tx
from bot.storage.leases import Lease

LEASE = 15.0  # seconds


class Leadership:
    """A lease and its renewal.

    Args:
        name: of the lease; the same in all processes of one token.
        holder: of this process, like no other.
        is_dead: whether the process of another holder's name surely lives no more.
    """

    def __init__(self, db: Database, clock: Clock, name: str, holder: str, is_dead: Callable[[str], bool]) -> None:
        self._db = db
        self._clock = clock
        self._name = name
        self._holder = holder
        self._is_dead = is_dead
        self._lease: Lease | None = None
        self._renewed = -LEASE  # in the event loop's seconds

    @property
    def leads(self) -> bool:
        """Whether this process may act: it holds the lease, and is in its first half by either clock."""
        return self._holds_for(LEASE / 2)

    async def keep(self, clean_up: Callable[[Tx], Awaitable[None]]) -> bool:
        """Takes the lease or renews it where that is due. Whether this process leads.

        Args:
            clean_up: settles what the last holder left, in the same unit that takes the lease over.
        """
        if self._holds_for(LEASE * 3 / 4):
            return True
        seconds, now = _seconds(), self._clock.now()
        until = now + timedelta(seconds=LEASE)
        async with self._db.write() as tx:
            lease = None if self._lease is None else await leases.renew(tx, self._lease, until)
            if lease is None:
                dead = await self._dead_holder(tx)
                lease = await leases.acquire(tx, self._name, self._holder, now, until, dead=dead)
                if lease is not None:
                    await clean_up(tx)
        self._lease, self._renewed = lease, seconds
        return self.leads

    async def holds(self, tx: Tx) -> bool:
        """Whether nobody has taken the lease over; nobody can before the unit has ended."""
        lease = self._lease
        if lease is None or not self.leads:
            return False
        if await leases.holds(tx, lease):
            return True
        self._lease = None
        return False

    async def resign(self) -> None:
        """Gives the lease back, so that a standby takes over at once."""
        if self._lease is not None:
            async with self._db.write() as tx:
                await leases.release(tx, self._lease, self._clock.now())
            self._lease = None

    def _holds_for(self, seconds: float) -> bool:
        """Whether the lease has still so many seconds, by the clock that others see and by one that never jumps."""
        if self._lease is None or _seconds() - self._renewed >= LEASE - seconds:
            return False
        return self._clock.now() < self._lease.until - timedelta(seconds=seconds)

    async def _dead_holder(self, tx: Tx) -> str:
        holder = await leases.holder(tx, self._name)
        return holder if holder and self._is_dead(holder) else ""


def _seconds() -> float:
    """The event loop's clock, which never goes back."""
    return asyncio.get_running_loop().time()
