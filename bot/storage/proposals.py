"""Proposals: sources that readers would like to have."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from bot.storage.database import Tx, insert
from bot.storage.tables import proposals


class ProposalState(StrEnum):
    """Whether an admin has decided."""

    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A feed that a reader proposed in a chat, where they are told what became of it."""

    id: int
    url: str
    title: str
    user_id: int
    chat_id: int
    state: ProposalState
    created_at: datetime


_COLUMNS = [proposals.c[name] for name in Proposal.__dataclass_fields__]


async def add(tx: Tx, *, url: str, title: str, user_id: int, chat_id: int, now: datetime) -> Proposal | None:
    """Stores a proposal; None where this address was proposed before and is not decided. A refused one is reopened."""
    row = {"url": url, "title": title, "user_id": user_id, "chat_id": chat_id, "state": ProposalState.OPEN}
    statement = (
        insert(tx, proposals)
        .values(**row, created_at=now)
        .on_conflict_do_update(
            index_elements=[proposals.c.url],
            set_={**row, "created_at": now},
            where=proposals.c.state != ProposalState.OPEN,
        )
        .returning(*_COLUMNS)
    )
    found = (await tx.execute(statement)).one_or_none()
    return _proposal(found) if found else None


async def get(tx: Tx, proposal_id: int) -> Proposal | None:
    """The proposal of an id."""
    row = (await tx.execute(sa.select(*_COLUMNS).where(proposals.c.id == proposal_id))).one_or_none()
    return _proposal(row) if row else None


async def decide(tx: Tx, proposal_id: int, state: ProposalState) -> bool:
    """Decides an open proposal; False where it was decided before."""
    where = (proposals.c.id == proposal_id, proposals.c.state == ProposalState.OPEN)
    return bool((await tx.execute(sa.update(proposals).where(*where).values(state=state))).rowcount)


async def count_open(tx: Tx, user_id: int) -> int:
    """How many of a user's proposals are undecided."""
    where = (proposals.c.user_id == user_id, proposals.c.state == ProposalState.OPEN)
    return await tx.scalar(sa.select(sa.func.count()).select_from(proposals).where(*where)) or 0


def _proposal(row: Any) -> Proposal:
    return Proposal(row.id, row.url, row.title, row.user_id, row.chat_id, ProposalState(row.state), row.created_at)
