"""Polling, in the database: who is due, who has a source for now, and what its fetch said."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.model import FeedHints, NextFetch, Source, SourceKind, SourceState
from bot.rules.polling import Address
from bot.rules.urls import display_host
from bot.storage.database import Tx, skip_locked, storable
from bot.storage.sources import FIELDS, source_of
from bot.storage.tables import sources

_NEAREST = 500  # due sources among which a claim looks for different hosts


async def claim_due(
    tx: Tx,
    now: datetime,
    limit: int,
    lease: timedelta,
    *,
    per_host: int | None = None,
    busy_hosts: Collection[str] = (),
) -> list[Source]:
    """Takes active feeds whose time has come, the longest waiting first; nobody else gets them until the lease ends.

    Args:
        per_host: how many of one host at most; None for any number.
        busy_hosts: those of which none is taken now.
    """
    is_due = sa.and_(
        sources.c.kind == SourceKind.FEED,
        sources.c.state == SourceState.ACTIVE,
        sources.c.next_fetch_at <= now,
        sa.or_(sources.c.leased_until.is_(None), sources.c.leased_until <= now),
    )
    oldest = (sources.c.next_fetch_at, sources.c.id)
    due = sa.select(sources.c.id).where(is_due).order_by(*oldest).limit(limit)
    if per_host is not None:
        nearest = sa.select(sources.c.id, sources.c.host, sources.c.next_fetch_at).where(is_due)
        nearest = nearest.where(sources.c.host.not_in(list(busy_hosts))) if busy_hosts else nearest
        near = nearest.order_by(*oldest).limit(_NEAREST).subquery()
        turn = sa.func.row_number().over(partition_by=near.c.host, order_by=(near.c.next_fetch_at, near.c.id))
        turns = sa.select(near.c.id, turn.label("turn")).subquery()
        due = due.where(sources.c.id.in_(sa.select(turns.c.id).where(turns.c.turn <= per_host)))
    claim = (
        sa.update(sources)
        .where(sources.c.id.in_(skip_locked(tx, due, of=sources)))
        .values(leased_until=now + lease)
        .returning(*FIELDS)
    )
    claimed = [source_of(row) for row in (await tx.execute(claim)).all()]
    return sorted(claimed, key=lambda source: (source.next_fetch_at or now, source.id))


async def release(tx: Tx, source_ids: Collection[int]) -> None:
    """Gives back sources that were claimed and not fetched."""
    await tx.execute(sa.update(sources).where(sources.c.id.in_(list(source_ids))).values(leased_until=None))


_WELL: Mapping[str, Any] = {
    "leased_until": None,
    "failures": 0,
    "error_key": "",
    "error_facts": {},
    "failing_since": None,
}


async def record_success(
    tx: Tx,
    source_id: int,
    *,
    now: datetime,
    next_fetch_at: datetime,
    etag: str,
    last_modified: str,
    body_hash: str,
    title: str = "",
    site_url: str = "",
    new_articles: int = 0,
    fetch_reason: str = "",
    hints: FeedHints | None = None,
    pace: float | None = None,
    address: Address | None = None,
) -> None:
    """A fetch that succeeded, with its validators byte for byte. A title that the source has already stays.

    Args:
        hints, pace, address: what is known from now on; None leaves what was known.
    """
    values: dict[str, Any] = {
        **_WELL,
        "etag": etag,
        "last_modified": last_modified,
        "body_hash": body_hash,
        "imported_at": sa.func.coalesce(sources.c.imported_at, sa.literal(now, sources.c.imported_at.type)),
        "next_fetch_at": next_fetch_at,
        "fetch_reason": fetch_reason,
        "last_fetch_at": now,
        "last_success_at": now,
    }
    if title:
        values["title"] = sa.case((sources.c.title == "", storable(title)), else_=sources.c.title)
    if site_url:
        values["site_url"] = site_url
    if new_articles:
        values |= {"last_article_at": now, "warned_at": None}
    if hints is not None:
        values["hints"] = asdict(hints)
    if pace is not None:
        values["pace"] = pace
    if address is not None:
        values |= await _address(tx, source_id, address)
    await tx.execute(sa.update(sources).where(sources.c.id == source_id).values(**values))


async def _address(tx: Tx, source_id: int, address: Address) -> dict[str, Any]:
    taken = sa.exists().where(sources.c.url == address.url, sources.c.id != source_id)
    if await tx.scalar(sa.select(taken)):
        return {}  # the place that it moved to is a source already: the redirect is followed as ever
    return {
        "url": address.url,
        "host": display_host(address.url),
        "moved_to": address.moved_to,
        "moved_since": address.moved_since,
    }


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A fetch that brought nothing: when it was, what comes next, and the validators for then."""

    source_id: int
    at: datetime
    next_fetch: NextFetch
    etag: str
    last_modified: str


async def record_unchanged(tx: Tx, fetches: Sequence[Unchanged]) -> None:
    """Fetches that succeeded and brought nothing, many in one statement."""
    if not fetches:
        return
    statement = (
        sa.update(sources)
        .where(sources.c.id == sa.bindparam("its_id"))
        .values(
            etag=sa.bindparam("its_etag"),
            last_modified=sa.bindparam("its_modified"),
            next_fetch_at=sa.bindparam("its_next"),
            fetch_reason=sa.bindparam("its_reason"),
            last_fetch_at=sa.bindparam("its_at"),
            last_success_at=sa.bindparam("its_at"),
            moved_to="",
            moved_since=None,
            **_WELL,
        )
    )
    rows = [
        {
            "its_id": one.source_id,
            "its_etag": one.etag,
            "its_modified": one.last_modified,
            "its_next": one.next_fetch.at,
            "its_reason": one.next_fetch.reason,
            "its_at": one.at,
        }
        for one in fetches
    ]
    await tx.execute(statement, rows)


async def record_failure(
    tx: Tx,
    source_id: int,
    *,
    now: datetime,
    next_fetch_at: datetime,
    error_key: str,
    error_facts: Mapping[str, str | int | float],
    fetch_reason: str = "",
) -> None:
    """A fetch that failed, with the error that admins are shown."""
    await tx.execute(
        sa.update(sources)
        .where(sources.c.id == source_id)
        .values(
            next_fetch_at=next_fetch_at,
            fetch_reason=fetch_reason,
            last_fetch_at=now,
            leased_until=None,
            failures=sources.c.failures + 1,
            failing_since=sa.func.coalesce(sources.c.failing_since, sa.literal(now, sources.c.failing_since.type)),
            error_key=error_key,
            error_facts=dict(error_facts),
        )
    )


async def rest_host(tx: Tx, host: str, until: datetime, reason: str) -> None:
    """Leaves every source of a host alone until then, because one was told to."""
    await tx.execute(
        sa.update(sources)
        .where(sources.c.host == host, sources.c.next_fetch_at < until)
        .values(next_fetch_at=until, fetch_reason=reason)
    )
