"""Briefings, and the summaries that they share."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import sqlalchemy as sa

from bot.model import Briefing, Ranked, Slot
from bot.storage.database import Tx, among, insert
from bot.storage.tables import briefings, chats, summaries


@dataclass(frozen=True, slots=True)
class LastBriefing:
    """When a chat was briefed last, and whether there was anything to tell."""

    until: datetime
    tells: bool


@dataclass(frozen=True, slots=True)
class NewBriefing:
    """A briefing before it is stored; the fields are those of Briefing. `slot` names the one of a schedule."""

    public_id: str
    chat_id: int
    ranking: Sequence[Ranked]
    recap: Sequence[int]
    shown: int
    since: datetime
    until: datetime
    read_count: int
    schedule_id: int | None = None
    slot: Slot | None = None


async def add(tx: Tx, new: Sequence[NewBriefing]) -> dict[str, int]:
    """Stores briefings; their ids by public id. One whose chat already has the one of its slot is left out."""
    if not new:
        return {}
    statement = (
        insert(tx, briefings)
        .on_conflict_do_nothing(index_elements=[briefings.c.chat_id, briefings.c.local_date, briefings.c.slot])
        .returning(briefings.c.public_id, briefings.c.id)
    )
    rows = await tx.execute(statement, [_row(one) for one in new])
    return {row.public_id: row.id for row in rows}


def _row(new: NewBriefing) -> dict[str, Any]:
    return {
        "public_id": new.public_id,
        "chat_id": new.chat_id,
        "schedule_id": new.schedule_id,
        "local_date": None if new.slot is None else new.slot.day.isoformat(),
        "slot": None if new.slot is None else f"{new.slot.at:%H:%M}",
        "ranking": [_to_list(place) for place in new.ranking],
        "recap": list(new.recap),
        "shown": new.shown,
        "since": new.since,
        "until": new.until,
        "read_count": new.read_count,
        "created_at": new.until,
    }


async def by_public_id(tx: Tx, public_id: str) -> Briefing | None:
    """The briefing of a public id."""
    row = (await tx.execute(sa.select(briefings).where(briefings.c.public_id == public_id))).one_or_none()
    return None if row is None else _briefing(row)


async def latest_of(tx: Tx, chat_ids: Sequence[int]) -> dict[int, LastBriefing]:
    """Of each chat that has been briefed, on schedule or asked for, when that was and whether it told anything."""
    one = briefings.alias("one")
    newest = (
        sa.select(one.c.id)
        .where(one.c.chat_id == chats.c.id)
        .correlate(chats)
        .order_by(one.c.created_at.desc(), one.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        sa.select(briefings.c.chat_id, briefings.c.until, briefings.c.shown)
        .select_from(chats)
        .join(briefings, briefings.c.id == newest)
        .where(among(tx, chats.c.id, chat_ids))
    )
    return {row.chat_id: LastBriefing(row.until, row.shown > 0) for row in await tx.execute(statement)}


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


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for whoever asks the same of the same text: (start, end) offsets into it, and why it was met.

    Attributes:
        reasons: (term, field) each; None where an earlier version kept none.
    """

    places: tuple[tuple[int, int], ...]
    reasons: tuple[tuple[str, str], ...] | None = None


SummaryKey = tuple[int, int, int, int]  # article, revision, query, sentences


async def kept_summaries(tx: Tx, keys: Collection[SummaryKey], *, method: str) -> dict[SummaryKey, Kept]:
    """Those of the summaries that are kept."""
    statement = sa.select(summaries).where(
        among(tx, summaries.c.article_id, sorted({key[0] for key in keys})),
        among(tx, summaries.c.query_id, sorted({key[2] for key in keys})),
        summaries.c.method == method,
    )
    wanted = set(keys)
    found = {}
    for row in await tx.execute(statement):
        key = (row.article_id, row.revision, row.query_id, row.budget)
        if key in wanted:
            reasons = None if row.reasons is None else tuple((term, place) for term, place in row.reasons)
            found[key] = Kept(tuple((start, end) for start, end in row.excerpts), reasons)
    return found


async def keep_summaries(tx: Tx, made: Mapping[SummaryKey, Kept], *, method: str) -> None:
    """Keeps summaries, over what was kept before."""
    rows = [
        {
            **dict(zip(("article_id", "revision", "query_id", "budget"), key, strict=True)),
            "method": method,
            "excerpts": [list(place) for place in kept.places],
            "reasons": None if kept.reasons is None else [list(reason) for reason in kept.reasons],
        }
        for key, kept in made.items()
    ]
    statement = insert(tx, summaries)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=list(summaries.primary_key),
            set_={"excerpts": statement.excluded.excerpts, "reasons": statement.excluded.reasons},
        ),
        rows,
    )


async def forget_before(tx: Tx, time: datetime) -> int:
    """Drops briefings older than a time, and returns how many."""
    return (await tx.execute(sa.delete(briefings).where(briefings.c.created_at < time))).rowcount


def _briefing(row: Any) -> Briefing:
    return Briefing(
        id=row.id,
        public_id=row.public_id,
        chat_id=row.chat_id,
        ranking=tuple(_from_json(place) for place in row.ranking),
        shown=row.shown,
        since=row.since,
        until=row.until,
        read_count=row.read_count,
        recap=tuple(row.recap),
    )


def _to_list(place: Ranked) -> list[Any]:
    """A place without the names of its fields: a ranking has hundreds."""
    return [place.story_id, place.article_id, place.query_id, place.also, int(place.told), int(place.update)]


def _from_json(stored: Any) -> Ranked:
    if isinstance(stored, dict):  # as earlier versions stored it
        return Ranked(**{**stored, "also": tuple(stored["also"])})
    story_id, article_id, query_id, also, told, update = stored
    return Ranked(story_id, article_id, query_id, tuple(also), bool(told), bool(update))
