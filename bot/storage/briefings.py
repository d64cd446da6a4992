"""Briefings, and the summaries that they share."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from bot.model import Briefing, Excerpt, Ranked, Slot
from bot.storage.database import Tx, insert, insert_all
from bot.storage.tables import briefings, summaries


async def add(
    tx: Tx,
    *,
    public_id: str,
    chat_id: int,
    ranking: Sequence[Ranked],
    recap: Sequence[int],
    shown: int,
    since: datetime,
    until: datetime,
    read_count: int,
    schedule_id: int | None = None,
    slot: Slot | None = None,
) -> int | None:
    """Stores a briefing and returns its id; None when the chat already has the one of this slot."""
    statement = (
        insert(tx, briefings)
        .values(
            public_id=public_id,
            chat_id=chat_id,
            schedule_id=schedule_id,
            local_date=None if slot is None else slot.day.isoformat(),
            slot=None if slot is None else f"{slot.at:%H:%M}",
            ranking=[asdict(item) for item in ranking],
            recap=list(recap),
            shown=shown,
            since=since,
            until=until,
            read_count=read_count,
            created_at=until,
        )
        .on_conflict_do_nothing(index_elements=[briefings.c.chat_id, briefings.c.local_date, briefings.c.slot])
        .returning(briefings.c.id)
    )
    briefing_id: int | None = await tx.scalar(statement)
    return briefing_id


async def by_public_id(tx: Tx, public_id: str) -> Briefing | None:
    """The briefing of a public id."""
    row = (await tx.execute(sa.select(briefings).where(briefings.c.public_id == public_id))).one_or_none()
    return None if row is None else _briefing(row)


async def latest(tx: Tx, chat_id: int) -> Briefing | None:
    """The chat's last briefing."""
    statement = (
        sa.select(briefings)
        .where(briefings.c.chat_id == chat_id)
        .order_by(briefings.c.created_at.desc(), briefings.c.id.desc())
        .limit(1)
    )
    row = (await tx.execute(statement)).one_or_none()
    return None if row is None else _briefing(row)


async def slots_since(tx: Tx, chat_id: int, day: date) -> set[Slot]:
    """The slots of a local day and later that had their briefing, told or empty."""
    statement = sa.select(briefings.c.local_date, briefings.c.slot).where(
        briefings.c.chat_id == chat_id, briefings.c.local_date >= day.isoformat(), briefings.c.slot.is_not(None)
    )
    rows = await tx.execute(statement)
    return {Slot(date.fromisoformat(row.local_date), time.fromisoformat(row.slot)) for row in rows}


async def show_more(tx: Tx, briefing_id: int, *, shown_before: int, shown: int) -> bool:
    """Moves on to the next page; False when somebody tapped More at the same time and has it already."""
    done = await tx.execute(
        sa.update(briefings).where(briefings.c.id == briefing_id, briefings.c.shown == shown_before).values(shown=shown)
    )
    return bool(done.rowcount)


async def summary(
    tx: Tx, article_id: int, *, revision: int, query_id: int, budget: int, method: str
) -> tuple[tuple[int, int], ...] | None:
    """The kept summary as (start, end) offsets into the article's text, or None."""
    statement = sa.select(summaries.c.excerpts).where(
        summaries.c.article_id == article_id,
        summaries.c.revision == revision,
        summaries.c.query_id == query_id,
        summaries.c.budget == budget,
        summaries.c.method == method,
    )
    kept = await tx.scalar(statement)
    return None if kept is None else tuple((start, end) for start, end in kept)


async def keep_summary(
    tx: Tx, article_id: int, excerpts: Sequence[Excerpt], *, revision: int, query_id: int, budget: int, method: str
) -> None:
    """Keeps a summary for whoever asks the same of the same text."""
    row = {
        "article_id": article_id,
        "revision": revision,
        "query_id": query_id,
        "budget": budget,
        "method": method,
        "excerpts": [[excerpt.start, excerpt.end] for excerpt in excerpts],
    }
    await insert_all(tx, summaries, [row])


async def forget_before(tx: Tx, time: datetime) -> int:
    """Drops briefings older than a time, and returns how many."""
    return (await tx.execute(sa.delete(briefings).where(briefings.c.created_at < time))).rowcount


def _briefing(row: Any) -> Briefing:
    return Briefing(
        id=row.id,
        public_id=row.public_id,
        chat_id=row.chat_id,
        ranking=tuple(Ranked(**{**item, "also": tuple(item["also"])}) for item in row.ranking),
        shown=row.shown,
        since=row.since,
        until=row.until,
        read_count=row.read_count,
        recap=tuple(row.recap),
    )
