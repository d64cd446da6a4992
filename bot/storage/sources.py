"""Sources: what they are, how they are, and where pushed articles belong. Their fetches: `bot.storage.polling`."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from bot.errors import NotFound
from bot.model import FeedHints, PollReason, Source, SourceCount, SourceKind, SourceState
from bot.rules.urls import display_host
from bot.storage.database import Tx, insert, insert_all, storable
from bot.storage.tables import articles, sources

FIELDS = [sources.c[name] for name in Source.__dataclass_fields__]


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
            .returning(*FIELDS)
        )
    ).one_or_none()
    return source_of(row) if row else None


async def get(tx: Tx, source_id: int) -> Source:
    """The source. Raises NotFound."""
    row = (await tx.execute(sa.select(*FIELDS).where(sources.c.id == source_id))).one_or_none()
    if row is None:
        raise NotFound("no_source", id=source_id)
    return source_of(row)


async def exists(tx: Tx, source_id: int) -> bool:
    """Whether the source is still there."""
    return bool(await tx.scalar(sa.select(sa.exists().where(sources.c.id == source_id))))


async def by_url(tx: Tx, url: str) -> Source | None:
    """The source at this address, or None."""
    row = (await tx.execute(sa.select(*FIELDS).where(sources.c.url == url))).one_or_none()
    return source_of(row) if row else None


async def feeds(tx: Tx) -> list[Source]:
    """Every feed by title."""
    statement = sa.select(*FIELDS).where(sources.c.kind == SourceKind.FEED).order_by(sources.c.title, sources.c.id)
    return [source_of(row) for row in (await tx.execute(statement)).all()]


async def all_of(tx: Tx) -> list[Source]:
    """Every source of every kind, by title."""
    rows = await tx.execute(sa.select(*FIELDS).order_by(sources.c.title, sources.c.id))
    return [source_of(row) for row in rows.all()]


async def long_silent(tx: Tx, before: datetime, now: datetime) -> list[Source]:
    """Active feeds whose last article came in before, of which nobody was warned, and which nobody wants ignored."""
    statement = sa.select(*FIELDS).where(
        sources.c.kind == SourceKind.FEED,
        sources.c.state == SourceState.ACTIVE,
        sources.c.last_article_at <= before,
        sources.c.warned_at.is_(None),
        sa.or_(sources.c.ignored_until.is_(None), sources.c.ignored_until <= now),
    )
    return [source_of(row) for row in (await tx.execute(statement)).all()]


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
        sa.select(*FIELDS, counted.c.articles, counted.c.recent)
        .outerjoin(counted, counted.c.source_id == sources.c.id)
        .order_by(sources.c.title, sources.c.id)
    )
    return [
        SourceCount(source_of(row), row.articles or 0, row.recent or 0) for row in (await tx.execute(statement)).all()
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


def source_of(row: Any) -> Source:
    """The source that a row of FIELDS is."""
    values = {column.name: getattr(row, column.name) for column in FIELDS}
    values["hints"] = _hints(values["hints"])
    return Source(**{**values, "kind": SourceKind(values["kind"]), "state": SourceState(values["state"])})


def _hints(stored: Mapping[str, Any] | None) -> FeedHints:
    values: dict[str, Any] = {
        name: tuple(one) if isinstance(one, list) else one for name, one in (stored or {}).items()
    }
    return FeedHints(**values)
