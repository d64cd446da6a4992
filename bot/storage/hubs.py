"""WebSub: which feeds have a hub, what it was asked, and until when it tells what is new."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import SourceKind, SourceState
from bot.storage.database import Tx, insert
from bot.storage.tables import hubs, sources


@dataclass(frozen=True, slots=True)
class HubSubscription:
    """Our subscription to a feed at its hub. `key` is the end of the callback's address."""

    source_id: int
    key: str
    secret: str
    hub: str
    topic: str
    ask_at: datetime
    leased_until: datetime | None
    error: str


_COLUMNS = [hubs.c[name] for name in HubSubscription.__dataclass_fields__]


async def add(tx: Tx, *, source_id: int, key: str, secret: str, hub: str, topic: str, ask_at: datetime) -> None:
    """Notes that a feed names a hub; another hub or topic than before is asked afresh, the same changes nothing."""
    row = {"hub": hub, "topic": topic, "ask_at": ask_at}
    statement = insert(tx, hubs).values(source_id=source_id, key=key, secret=secret, **row)
    await tx.execute(
        statement.on_conflict_do_update(
            index_elements=[hubs.c.source_id],
            set_={**row, "key": key, "secret": secret, "leased_until": None, "error": ""},
            where=sa.or_(hubs.c.hub != hub, hubs.c.topic != topic),
        )
    )


async def due(tx: Tx, now: datetime, limit: int) -> list[HubSubscription]:
    """Subscriptions of active feeds whose hub is to be asked, the longest due first."""
    statement = (
        sa.select(*_COLUMNS)
        .join(sources, sources.c.id == hubs.c.source_id)
        .where(hubs.c.ask_at <= now, sources.c.state == SourceState.ACTIVE, sources.c.kind == SourceKind.FEED)
        .order_by(hubs.c.ask_at)
        .limit(limit)
    )
    return [_subscription(row) for row in (await tx.execute(statement)).all()]


async def by_key(tx: Tx, key: str) -> HubSubscription | None:
    """The subscription of a callback."""
    row = (await tx.execute(sa.select(*_COLUMNS).where(hubs.c.key == key))).one_or_none()
    return _subscription(row) if row else None


async def asked(tx: Tx, source_id: int, again_at: datetime, error: str = "") -> None:
    """The hub was asked; it is asked again then, unless it answers before."""
    await tx.execute(sa.update(hubs).where(hubs.c.source_id == source_id).values(ask_at=again_at, error=error))


async def verified(tx: Tx, source_id: int, leased_until: datetime, renew_at: datetime) -> None:
    """The hub asked back, and tells what is new until the lease ends."""
    values = {"leased_until": leased_until, "ask_at": renew_at, "error": ""}
    await tx.execute(sa.update(hubs).where(hubs.c.source_id == source_id).values(**values))


async def denied(tx: Tx, source_id: int, again_at: datetime, reason: str) -> None:
    """The hub does not want us, for now."""
    values = {"leased_until": None, "ask_at": again_at, "error": reason[:500]}
    await tx.execute(sa.update(hubs).where(hubs.c.source_id == source_id).values(**values))


def _subscription(row: Any) -> HubSubscription:
    return HubSubscription(**{name: getattr(row, name) for name in HubSubscription.__dataclass_fields__})
