"""Leases: what only one process may do at a time, such as sending for a bot token.

A lease is held until a time and must be renewed before it. Whoever takes it over gets a higher epoch, so that a holder
that slept through its time can't renew what is no longer its own.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.storage.database import Tx, insert
from bot.storage.tables import leases


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that was held when it was read. `epoch` counts its holders."""

    name: str
    holder: str
    epoch: int
    until: datetime


async def acquire(tx: Tx, name: str, holder: str, now: datetime, until: datetime, *, dead: str = "") -> Lease | None:
    """Takes a lease that nobody holds, or that has run out, or that the holder has; None while another has it.

    Args:
        dead: a holder that is known to live no more.
    """
    statement = (
        insert(tx, leases)
        .values(name=name, holder=holder, epoch=1, until=until)
        .on_conflict_do_update(
            index_elements=[leases.c.name],
            set_={"holder": holder, "epoch": leases.c.epoch + 1, "until": until},
            where=(leases.c.until <= now) | leases.c.holder.in_([holder, dead or holder]),
        )
        .returning(leases.c.epoch)
    )
    epoch = (await tx.execute(statement)).scalar_one_or_none()
    return None if epoch is None else Lease(name, holder, epoch, until)


async def holder(tx: Tx, name: str) -> str:
    """Who took a lease last; empty when nobody ever did."""
    return await tx.scalar(sa.select(leases.c.holder).where(leases.c.name == name)) or ""


async def renew(tx: Tx, lease: Lease, until: datetime) -> Lease | None:
    """The lease with its new end; None when somebody else has taken it over."""
    statement = sa.update(leases).where(*_is(lease)).values(until=until).returning(leases.c.epoch)
    epoch = (await tx.execute(statement)).scalar_one_or_none()
    return None if epoch is None else Lease(lease.name, lease.holder, epoch, until)


async def holds(tx: Tx, lease: Lease) -> bool:
    """Whether nobody has taken the lease over; nobody can before this unit has ended."""
    # SQLite has one writer at a time anyhow, and leaves the lock out.
    statement = sa.select(leases.c.epoch).where(*_is(lease)).with_for_update(read=True)
    return (await tx.execute(statement)).scalar_one_or_none() is not None


async def release(tx: Tx, lease: Lease, now: datetime) -> None:
    """Ends the lease, so that another may take it at once."""
    await tx.execute(sa.update(leases).where(*_is(lease)).values(until=now))


def _is(lease: Lease) -> tuple[sa.ColumnElement[bool], ...]:
    return leases.c.name == lease.name, leases.c.holder == lease.holder, leases.c.epoch == lease.epoch
