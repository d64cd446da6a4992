"""Sources: who is due, what the last fetch said, and where pushed articles belong."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.errors import NotFound
from bot.model import FeedHints, NextFetch, PollReason, Source, SourceCount, SourceKind, SourceState
from bot.rules.polling import Address
from bot.rules.urls import display_host
from bot.storage.database import Tx, insert, insert_all, skip_locked, storable
from bot.storage.tables import articles, sources

_NEAREST = 500  # due sources among which a claim looks for different hosts

_FIELDS = [sources.c[name] for name in Source.__dataclass_fields__]


async def add(
    tx: Tx,
    *,
    kind: SourceKind,
    url: str,
    now: datetime,
    title: str = "",
    site_url: str = "",
    next_fetch_at: datetime | None = None,
) -> Source | None:
    """Stores a source, or returns None where its URL is stored already."""
    row = (
        await tx.execute(
            insert(tx, sources)
            .values(
                kind=kind,
                url=url,
                title=storable(title),
                site_url=site_url,
                state=SourceState.ACTIVE,
                next_fetch_at=next_fetch_at,
                host=display_host(url),
                hints={},
                error_facts={},
                created_at=now,
            )
            .on_conflict_do_nothing()
            .returning(*_FIELDS)
        )
    ).one_or_none()
    return _source(row) if row else None


async def get(tx: Tx, source_id: int) -> Source:
    """The source. Raises NotFound."""
    row = (await tx.execute(sa.select(*_FIELDS).where(sources.c.id == source_id))).one_or_none()
    if row is None:
        raise NotFound("no_source", id=source_id)
    return _source(row)


async def exists(tx: Tx, source_id: int) -> bool:
    """Whether the source is still there."""
    return bool(await tx.scalar(sa.select(sa.exists().where(sources.c.id == source_id))))


async def by_url(tx: Tx, url: str) -> Source | None:
    """The source at this address, or None."""
    row = (await tx.execute(sa.select(*_FIELDS).where(sources.c.url == url))).one_or_none()
    return _source(row) if row else None


async def feeds(tx: Tx) -> list[Source]:
    """Every feed by title."""
    statement = sa.select(*_FIELDS).where(sources.c.kind == SourceKind.FEED).order_by(sources.c.title, sources.c.id)
    return [_source(row) for row in (await tx.execute(statement)).all()]


async def all_of(tx: Tx) -> list[Source]:
    """Every source of every kind, by title."""
    rows = await tx.execute(sa.select(*_FIELDS).order_by(sources.c.title, sources.c.id))
    return [_source(row) for row in rows.all()]


async def long_silent(tx: Tx, before: datetime, now: datetime) -> list[Source]:
    """Active feeds whose last article came in before, of which nobody was warned, and which nobody wants ignored."""
    statement = sa.select(*_FIELDS).where(
        sources.c.kind == SourceKind.FEED,
        sources.c.state == SourceState.ACTIVE,
        sources.c.last_article_at <= before,
        sources.c.warned_at.is_(None),
        sa.or_(sources.c.ignored_until.is_(None), sources.c.ignored_until <= now),
    )
    return [_source(row) for row in (await tx.execute(statement)).all()]


async def mark_warned(tx: Tx, source_id: int, now: datetime) -> None:
    """The admins were told of its silence."""
    await _change(tx, source_id, warned_at=now)


async def set_pushed_until(tx: Tx, source_id: int, until: datetime | None) -> None:
    """Until then its hub tells what is new; None: it does not."""
    await _change(tx, source_id, pushed_until=until)


async def make_due(tx: Tx, source_id: int, now: datetime) -> None:
    """Fetches the source as soon as possible, because its hub says that there is something new."""
    await _change(tx, source_id, next_fetch_at=now, fetch_reason=PollReason.PUSHED, leased_until=None)


async def note_article(tx: Tx, source_id: int, now: datetime) -> None:
    """Something came in from a source that is not polled."""
    await _change(tx, source_id, last_article_at=now, last_success_at=now, warned_at=None)


async def ignore(tx: Tx, source_id: int, until: datetime) -> None:
    """No warnings of this source before. Raises NotFound."""
    await _change(tx, source_id, ignored_until=until, warned_at=None)


async def list_counted(tx: Tx, since: datetime) -> list[SourceCount]:
    """Every source by title, with how many articles it has, and how many of them came in since then."""
    counted = (
        sa.select(
            articles.c.source_id,
            sa.func.count().label("articles"),
            sa.func.count(sa.case((articles.c.received_at >= since, 1))).label("recent"),
        )
        .group_by(articles.c.source_id)
        .subquery()
    )
    statement = (
        sa.select(*_FIELDS, counted.c.articles, counted.c.recent)
        .outerjoin(counted, counted.c.source_id == sources.c.id)
        .order_by(sources.c.title, sources.c.id)
    )
    return [
        SourceCount(_source(row), row.articles or 0, row.recent or 0) for row in (await tx.execute(statement)).all()
    ]


async def daily_counts(tx: Tx, since: datetime) -> dict[int, dict[date, int]]:
    """How many articles of each source are of each day (UTC) since then; days without any are left out."""
    day = (
        sa.func.date(articles.c.shown_at)
        if tx.dialect.name == "sqlite"
        else sa.func.date(sa.func.timezone("UTC", articles.c.shown_at))
    )
    statement = (
        sa.select(articles.c.source_id, day.label("day"), sa.func.count().label("number"))
        .where(articles.c.shown_at >= since)
        .group_by(articles.c.source_id, day)
    )
    counts: dict[int, dict[date, int]] = {}
    for row in await tx.execute(statement):
        counts.setdefault(row.source_id, {})[date.fromisoformat(str(row.day))] = row.number
    return counts


async def is_title(tx: Tx, title: str) -> bool:
    """Whether a source is called so, whatever its case."""
    called = sa.exists().where(sa.func.lower(sources.c.title) == title.lower())
    return bool(await tx.scalar(sa.select(called)))


async def count_active(tx: Tx) -> int:
    """How many sources are read."""
    active = sa.select(sa.func.count()).where(sources.c.state == SourceState.ACTIVE, sources.c.kind == SourceKind.FEED)
    return await tx.scalar(active) or 0


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
        .returning(*_FIELDS)
    )
    claimed = [_source(row) for row in (await tx.execute(claim)).all()]
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


async def pause(tx: Tx, source_id: int) -> None:
    """No fetch of this source until it is resumed. Raises NotFound."""
    await _change(tx, source_id, state=SourceState.PAUSED)


async def resume(tx: Tx, source_id: int, now: datetime) -> None:
    """Polls the source again, at once. Raises NotFound."""
    await _change(tx, source_id, state=SourceState.ACTIVE, next_fetch_at=now, leased_until=None)


async def remove(tx: Tx, source_id: int) -> None:
    """Forgets the source with its articles. Raises NotFound."""
    result = await tx.execute(sa.delete(sources).where(sources.c.id == source_id))
    if not result.rowcount:
        raise NotFound("no_source", id=source_id)


async def ensure_push_source(tx: Tx, name: str, now: datetime, *, kind: SourceKind = SourceKind.PUSH) -> Source:
    """The source of this name that is pushed and never polled; made where it is missing."""
    ids = await ensure_push_sources(tx, [name], now, kind=kind)
    return await get(tx, ids[name])


async def ensure_push_sources(
    tx: Tx, names: Iterable[str], now: datetime, *, kind: SourceKind = SourceKind.PUSH
) -> dict[str, int]:
    """Ids by name of the sources that are pushed and never polled; missing ones are made."""
    names = list(names)
    urls = {f"{kind}:{storable(name)}": storable(name) for name in names}
    new = {"kind": kind, "state": SourceState.ACTIVE, "hints": {}, "error_facts": {}, "created_at": now}
    await insert_all(tx, sources, [{"url": url, "title": name, **new} for url, name in urls.items()])
    rows = await tx.execute(sa.select(sources.c.url, sources.c.id).where(sources.c.url.in_(list(urls))))
    ids = {urls[row.url]: row.id for row in rows}
    return {name: ids[storable(name)] for name in names}


async def _change(tx: Tx, source_id: int, **values: Any) -> None:
    result = await tx.execute(sa.update(sources).where(sources.c.id == source_id).values(**values))
    if not result.rowcount:
        raise NotFound("no_source", id=source_id)


def _source(row: Any) -> Source:
    values = {column.name: getattr(row, column.name) for column in _FIELDS}
    values["hints"] = _hints(values["hints"])
    return Source(**{**values, "kind": SourceKind(values["kind"]), "state": SourceState(values["state"])})


def _hints(stored: Mapping[str, Any] | None) -> FeedHints:
    values: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one for name, one in (stored or {}).items()
    }
    return FeedHints(**values)
