"""Broadcasts: posts on their way to many chats, and how far they are."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.errors import NotFound
from bot.model import (
    Broadcast,
    BroadcastCount,
    BroadcastState,
    ChatGroup,
    DeliveryKind,
    DeliveryState,
    Operation,
    Recipients,
    Urgency,
)
from bot.rules.delivery import GONE, priority
from bot.storage import recipients
from bot.storage.database import Tx, among
from bot.storage.tables import broadcasts, chats, deliveries, inserts

SOON = timedelta(minutes=1)  # what may go only after that is told apart from what waits for its turn
HELD = datetime(9999, 1, 1, tzinfo=UTC)  # when the messages of a paused broadcast are due
INSERTS = timedelta(days=7)  # after which a post is in no next briefing any more
_FIELDS = [broadcasts.c[name] for name in Broadcast.__dataclass_fields__ if name != "recipients"]
_OPEN = (DeliveryState.QUEUED, DeliveryState.SENDING)
# Written out, not bound: SQLite uses a partial index only where it sees its condition.
_OPEN_LITERALLY: sa.BindParameter[Any] = sa.bindparam("open_states", list(_OPEN), expanding=True, literal_execute=True)


async def add(tx: Tx, *, text: str, article_id: int | None, created_by: int, now: datetime) -> Broadcast:
    """Stores a draft."""
    statement = (
        sa.insert(broadcasts)
        .values(
            text=text,
            article_id=article_id,
            created_by=created_by,
            state=BroadcastState.DRAFT,
            created_at=now,
            urgency=Urgency.CONSIDERATE,
            audience=asdict(Recipients()),
        )
        .returning(broadcasts)
    )
    return _broadcast((await tx.execute(statement)).one())


async def get(tx: Tx, broadcast_id: int) -> Broadcast:
    """The broadcast. Raises NotFound."""
    row = (await tx.execute(sa.select(broadcasts).where(broadcasts.c.id == broadcast_id))).one_or_none()
    if row is None:
        raise NotFound("no_broadcast", id=broadcast_id)
    return _broadcast(row)


async def latest(tx: Tx, limit: int) -> list[Broadcast]:
    """The newest broadcasts, drafts left out, newest first."""
    statement = (
        sa.select(broadcasts)
        .where(broadcasts.c.state != BroadcastState.DRAFT)
        .order_by(broadcasts.c.id.desc())
        .limit(limit)
    )
    return [_broadcast(row) for row in await tx.execute(statement)]


async def in_state(tx: Tx, state: BroadcastState) -> list[Broadcast]:
    """Broadcasts that stand there, oldest first."""
    rows = await tx.execute(sa.select(broadcasts).where(broadcasts.c.state == state).order_by(broadcasts.c.id))
    return [_broadcast(row) for row in rows]


async def update(tx: Tx, broadcast_id: int, **values: Any) -> None:
    """Sets columns of a broadcast, e.g. `start_at=…`."""
    await tx.execute(sa.update(broadcasts).where(broadcasts.c.id == broadcast_id).values(values))


async def choose(tx: Tx, broadcast_id: int, its: Recipients) -> None:
    """Sets whom a broadcast is for."""
    await update(tx, broadcast_id, audience=asdict(its))


async def advance(tx: Tx, broadcast_id: int, *, to: BroadcastState, of: tuple[BroadcastState, ...]) -> bool:
    """Moves a broadcast on from one of some states; False where it stands in another."""
    done = await tx.execute(
        sa.update(broadcasts)
        .where(broadcasts.c.id == broadcast_id, broadcasts.c.state.in_(of))
        .values(state=to)
        .returning(broadcasts.c.id)
    )
    return done.scalar_one_or_none() is not None


async def enqueue_to_all(tx: Tx, broadcast_id: int, now: datetime) -> int:
    """Records one message to every recipient in one unit, and returns how many are new."""
    await recipients.begin(tx, broadcast_id, now)
    new = 0
    while not (broadcast := await get(tx, broadcast_id)).is_prepared:
        new += await recipients.take_portion(tx, broadcast, now)
    return new


async def finish(tx: Tx, now: datetime) -> list[Broadcast]:
    """Ends the broadcasts that have nothing left to send, and returns them."""
    still_open = sa.exists().where(
        deliveries.c.broadcast_id == broadcasts.c.id,
        deliveries.c.operation == Operation.SEND,
        deliveries.c.state.in_(_OPEN),
    )
    waits = sa.exists().where(inserts.c.broadcast_id == broadcasts.c.id, _waits(now))
    statement = (
        sa.update(broadcasts)
        .where(
            broadcasts.c.state == BroadcastState.SENDING,
            broadcasts.c.snapshot_after >= broadcasts.c.snapshot_until,
            ~still_open,
            ~waits,
        )
        .values(state=BroadcastState.DONE, ended_at=now)
        .returning(broadcasts)
    )
    return [_broadcast(row) for row in await tx.execute(statement)]


def _waits(now: datetime) -> sa.ColumnElement[bool]:
    """Of an insert and its broadcast: whether the next briefing is still to have it."""
    waiting = sa.and_(inserts.c.told_at.is_(None), inserts.c.cancelled_at.is_(None))
    return sa.and_(waiting, broadcasts.c.started_at > now - INSERTS)


async def hold(tx: Tx, broadcast_id: int) -> None:
    """Takes what is queued out of the sender's sight."""
    await tx.execute(sa.update(deliveries).where(_queued(broadcast_id)).values(not_before=HELD))


async def go_on(tx: Tx, broadcast: Broadcast, now: datetime) -> None:
    """Makes what was held due again, but for chats that are to be left alone."""
    held = deliveries.c.not_before == HELD
    await tx.execute(sa.update(deliveries).where(_queued(broadcast.id), held).values(not_before=now))
    await recipients.defer(tx, broadcast, now)


async def cancel_waiting(tx: Tx, broadcast_id: int, now: datetime) -> int:
    """Cancels what is still queued, or waits for a briefing. Returns how many."""
    done = await tx.execute(
        sa.update(deliveries).where(_queued(broadcast_id)).values(state=DeliveryState.CANCELLED, settled_at=now)
    )
    waiting = sa.and_(inserts.c.told_at.is_(None), inserts.c.cancelled_at.is_(None))
    left = await tx.execute(
        sa.update(inserts).where(inserts.c.broadcast_id == broadcast_id, waiting).values(cancelled_at=now)
    )
    return int(done.rowcount + left.rowcount)


async def send_uncertain_again(tx: Tx, broadcast_id: int, now: datetime) -> int:
    """Queues what perhaps arrived once more: the admin wants it so. Returns how many."""
    done = await tx.execute(
        sa.update(deliveries)
        .where(_uncertain(broadcast_id))
        .values(state=DeliveryState.QUEUED, not_before=now, settled_at=None)
    )
    return int(done.rowcount)


async def uncertain_chats(tx: Tx, broadcast_id: int, limit: int) -> list[str]:
    """The names of chats where it perhaps arrived."""
    statement = (
        sa.select(chats.c.title)
        .join(deliveries, deliveries.c.chat_id == chats.c.id)
        .where(_uncertain(broadcast_id))
        .order_by(deliveries.c.id)
        .limit(limit)
    )
    return list(await tx.scalars(statement))


async def count(tx: Tx, broadcast: Broadcast, now: datetime) -> BroadcastCount:
    """How far it is, in one look."""
    statement = (
        sa.select(deliveries.c.operation, deliveries.c.state, deliveries.c.uncertain, sa.func.count().label("n"))
        .where(deliveries.c.broadcast_id == broadcast.id)
        .group_by(deliveries.c.operation, deliveries.c.state, deliveries.c.uncertain)
    )
    rows = (await tx.execute(statement)).all()
    sends = [row for row in rows if row.operation == Operation.SEND]
    ended = sum(row.n for row in sends if row.state in (DeliveryState.CANCELLED, DeliveryState.EXPIRED))
    failed = sum(row.n for row in sends if row.state == DeliveryState.FAILED)
    uncertain = sum(row.n for row in sends if row.state == DeliveryState.FAILED and row.uncertain)
    gone = await _gone(tx, broadcast.id) if failed or ended else {}
    in_briefings = broadcast.urgency is Urgency.BRIEFING
    told, waiting, dropped = await _in_briefings(tx, broadcast.id) if in_briefings else (0, 0, 0)
    blocked = sum(gone.values())
    # A post that is taken back has no more edits to tell of; its earlier ones took nothing back.
    change = Operation.EDIT if broadcast.withdrawn_at is None else Operation.DELETE
    changes = [row for row in rows if row.operation == change]
    return BroadcastCount(
        total=sum(row.n for row in sends) + told + waiting + dropped,
        sent=sum(row.n for row in sends if row.state == DeliveryState.SENT) + told,
        failed=failed - uncertain - gone.get("certain", 0),
        uncertain=uncertain - gone.get("uncertain", 0),
        blocked=blocked,
        cancelled=ended - gone.get("ended", 0) + dropped,
        later=waiting + await _later(tx, broadcast, now),
        corrected=sum(row.n for row in changes if row.state == DeliveryState.SENT),
        to_correct=sum(row.n for row in changes if row.state in _OPEN),
    )


async def _gone(tx: Tx, broadcast_id: int) -> dict[str, int]:
    """Of what failed or ended, how much did because the chat is gone."""
    kind = sa.case(
        (deliveries.c.state != DeliveryState.FAILED, "ended"), (deliveries.c.uncertain, "uncertain"), else_="certain"
    ).label("kind")
    ended = [DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.EXPIRED]
    statement = (
        sa.select(kind, sa.func.count().label("n"))
        .where(
            deliveries.c.broadcast_id == broadcast_id,
            deliveries.c.operation == Operation.SEND,
            deliveries.c.state.in_(ended),
            deliveries.c.error.startswith(GONE),
        )
        .group_by(kind)
    )
    return {row.kind: row.n for row in await tx.execute(statement)}


async def _in_briefings(tx: Tx, broadcast_id: int) -> tuple[int, int, int]:
    told, dropped = inserts.c.told_at.is_not(None), inserts.c.cancelled_at.is_not(None)
    columns = [sa.func.count().filter(one) for one in (told, ~told & ~dropped, ~told & dropped)]
    row = (await tx.execute(sa.select(*columns).where(inserts.c.broadcast_id == broadcast_id))).one()
    return row[0], row[1], row[2]


async def _later(tx: Tx, broadcast: Broadcast, now: datetime) -> int:
    if broadcast.state is not BroadcastState.SENDING:
        return 0
    # By priority and time, so that what is due is passed over by the index of open deliveries, not row by row.
    later = sa.select(sa.func.count()).where(
        deliveries.c.state.in_(_OPEN_LITERALLY),
        deliveries.c.priority == priority(DeliveryKind.BROADCAST),
        deliveries.c.not_before > now + SOON,
        _queued(broadcast.id),
    )
    return await tx.scalar(later) or 0


@dataclass(frozen=True, slots=True)
class Reporting:
    """A broadcast whose progress an admin watches: where the message is, and what it has to say."""

    broadcast: Broadcast
    count: BroadcastCount
    telegram_chat_id: int
    message_id: int
    language: str


async def show_progress_in(tx: Tx, broadcast_id: int, telegram_chat_id: int | None, message_id: int | None) -> None:
    """From now on the progress is shown in this message; None: no longer."""
    await update(tx, broadcast_id, progress_chat_id=telegram_chat_id, progress_message_id=message_id)


async def reporting(tx: Tx, now: datetime) -> list[Reporting]:
    """The broadcasts that have begun whose progress somebody watches."""
    language = (
        sa.select(chats.c.language)
        .where(chats.c.telegram_chat_id == broadcasts.c.progress_chat_id)
        .limit(1)
        .scalar_subquery()
    )
    statement = (
        sa.select(broadcasts, language.label("language"))
        .where(broadcasts.c.progress_message_id.is_not(None), broadcasts.c.started_at.is_not(None))
        .order_by(broadcasts.c.id)
    )
    return [
        Reporting(
            broadcast=its,
            count=await count(tx, its, now),
            telegram_chat_id=row.progress_chat_id,
            message_id=row.progress_message_id,
            language=row.language or "",
        )
        for row in (await tx.execute(statement)).all()
        for its in [_broadcast(row)]
    ]


async def for_briefings(tx: Tx, chat_ids: Collection[int], now: datetime) -> dict[int, list[Broadcast]]:
    """The posts that wait for chats' next briefings, oldest first, by chat; chats without any are left out."""
    statement = (
        sa.select(broadcasts, inserts.c.chat_id)
        .join(inserts, inserts.c.broadcast_id == broadcasts.c.id)
        .where(among(tx, inserts.c.chat_id, chat_ids), _waits(now), broadcasts.c.state == BroadcastState.SENDING)
        .order_by(broadcasts.c.id)
    )
    found: dict[int, list[Broadcast]] = {}
    for row in await tx.execute(statement):
        found.setdefault(row.chat_id, []).append(_broadcast(row))
    return found


async def told_in_briefings(tx: Tx, facts: Collection[tuple[int, int, int]], now: datetime) -> None:
    """Notes (chat, post, briefing): the briefing has the post in it."""
    which = sa.and_(
        inserts.c.chat_id == sa.bindparam("chat"),
        inserts.c.broadcast_id == sa.bindparam("post"),
        inserts.c.told_at.is_(None),
    )
    values: dict[str, Any] = {"told_at": now, "briefing_id": sa.bindparam("briefing")}
    rows = [{"chat": chat_id, "post": post_id, "briefing": briefing_id} for chat_id, post_id, briefing_id in facts]
    if rows:
        await tx.execute(sa.update(inserts).where(which).values(values), rows)


async def of_briefing(tx: Tx, briefing_id: int) -> list[Broadcast]:
    """The posts that stand in a briefing, oldest first."""
    statement = (
        sa.select(broadcasts)
        .join(inserts, inserts.c.broadcast_id == broadcasts.c.id)
        .where(inserts.c.briefing_id == briefing_id)
        .order_by(broadcasts.c.id)
    )
    return [_broadcast(row) for row in await tx.execute(statement)]


def _queued(broadcast_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        deliveries.c.broadcast_id == broadcast_id,
        deliveries.c.operation == Operation.SEND,
        deliveries.c.state == DeliveryState.QUEUED,
    )


def _uncertain(broadcast_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        deliveries.c.broadcast_id == broadcast_id,
        deliveries.c.operation == Operation.SEND,
        deliveries.c.state == DeliveryState.FAILED,
        deliveries.c.uncertain,
        ~deliveries.c.error.startswith(GONE),
    )


def _broadcast(row: Any) -> Broadcast:
    facts = {column.name: getattr(row, column.name) for column in _FIELDS}
    its = dict(row.audience)
    chosen = Recipients(**{**its, "group": ChatGroup(its.get("group", ""))})
    return Broadcast(
        **{**facts, "state": BroadcastState(row.state), "urgency": Urgency(row.urgency)}, recipients=chosen
    )
