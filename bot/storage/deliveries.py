"""The outbox: every message to a chat from its recording to its end.

Only the holder of the sender's lease marks and settles. A chat's messages go in order of priority, then of recording;
one that was tried and has to wait holds up those behind it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from bot.model import (
    Button,
    ChatKind,
    ChatState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Message,
    NewDelivery,
    Operation,
)
from bot.rules.delivery import MAX_UNCERTAIN_ATTEMPTS, Settlement, is_repeatable, is_resent, priority
from bot.storage import alerts, schedules
from bot.storage import chats as chat_storage
from bot.storage.database import ROWS_PER_STATEMENT, Tx, insert, keep_to_order
from bot.storage.tables import broadcasts, chats, deliveries, metadata

# Written out, not bound: SQLite uses the partial indexes of open deliveries only where it sees their own condition.
_OPEN_STATES: sa.BindParameter[Any] = sa.bindparam(
    "open_states", [DeliveryState.QUEUED, DeliveryState.SENDING], expanding=True, literal_execute=True
)
_target = deliveries.alias("target")


async def enqueue(tx: Tx, new: Sequence[NewDelivery], now: datetime) -> int:
    """Records messages in this order; those whose key is recorded already change nothing. Returns how many are new."""
    recorded = 0
    for start in range(0, len(new), ROWS_PER_STATEMENT):
        rows = [_row(delivery, now) for delivery in new[start : start + ROWS_PER_STATEMENT]]
        statement = insert(tx, deliveries).values(rows).on_conflict_do_nothing(index_elements=[deliveries.c.key])
        recorded += len((await tx.execute(statement.returning(deliveries.c.id))).all())
    changed = [one.target_id for one in new if is_repeatable(one.operation) and one.target_id is not None]
    if changed:
        await _supersede(tx, changed, now)
    return recorded


async def ids_of(tx: Tx, keys: Sequence[str]) -> dict[str, int]:
    """The ids of deliveries by their keys; unknown ones are left out."""
    rows = await tx.execute(sa.select(deliveries.c.key, deliveries.c.id).where(deliveries.c.key.in_(list(keys))))
    return {row.key: row.id for row in rows}


async def _supersede(tx: Tx, target_ids: Sequence[int], now: datetime) -> None:
    """Only the last change of a message counts: edits that still wait before it are cancelled.

    Not those that are more urgent: they tell news, which must not wait as long as the later one may.
    """
    newer = deliveries.alias("newer")
    changed = sa.exists().where(
        newer.c.target_id == deliveries.c.target_id,
        newer.c.id > deliveries.c.id,
        newer.c.priority <= deliveries.c.priority,
        newer.c.operation != Operation.SEND,
    )
    await tx.execute(
        sa.update(deliveries)
        .where(
            deliveries.c.target_id.in_(list(target_ids)),
            deliveries.c.operation == Operation.EDIT,
            deliveries.c.state == DeliveryState.QUEUED,
            deliveries.c.attempts == 0,
            changed,
        )
        .values(state=DeliveryState.CANCELLED, settled_at=now, error="superseded")
    )


async def due(
    tx: Tx,
    now: datetime,
    limit: int,
    *,
    chats_only: Collection[int] = (),
    excluding: Collection[int] = (),
    kinds: Collection[DeliveryKind] = (),
) -> list[Delivery]:
    """The next message of each active chat that has one due, the most urgent first.

    Args:
        chats_only: ids of the only chats that are asked about; none: all chats.
        excluding: ids of chats that are left out, because they have to rest.
        kinds: only messages of these kinds; none: of all.
    """
    if not chats_only:
        await keep_to_order(tx)
    statement = _due(chats_only=bool(chats_only), excluding=bool(excluding), kinds=bool(kinds))
    wanted = {"now": now, "most": limit}
    lists = {
        "chats_only": list(chats_only),
        "excluding": list(excluding),
        "priorities": [priority(one) for one in kinds],
    }
    found = await tx.execute(statement, wanted | {name: values for name, values in lists.items() if values})
    return [_delivery(row) for row in found]


@cache
def _due(*, chats_only: bool, excluding: bool, kinds: bool) -> sa.Select[Any]:
    """Built once: that takes longer than the database needs for the answer."""
    now = sa.bindparam("now", type_=deliveries.c.not_before.type)
    other = deliveries.alias("other")
    ahead = sa.tuple_(other.c.priority, other.c.id) < sa.tuple_(deliveries.c.priority, deliveries.c.id)
    holds_up = ((other.c.not_before <= now) | (other.c.attempts > 0)) & ~_waits_for_target(other)
    blocked = (
        sa.exists()
        .where(
            other.c.chat_id == deliveries.c.chat_id,
            other.c.state.in_(_OPEN_STATES),
            sa.or_(other.c.state == DeliveryState.SENDING, sa.and_(ahead, holds_up, _unexpired(other, now))),
        )
        .correlate(deliveries)
    )
    statement = (
        _select()
        .where(
            deliveries.c.state.in_(_OPEN_STATES),
            deliveries.c.state == DeliveryState.QUEUED,
            deliveries.c.not_before <= now,
            _unexpired(deliveries, now),
            chats.c.state == ChatState.ACTIVE,
            ~_waits_for_target(deliveries),
            ~blocked,
        )
        .order_by(deliveries.c.priority, deliveries.c.not_before)
        .limit(sa.bindparam("most", type_=sa.Integer))
    )
    if chats_only:
        statement = statement.where(deliveries.c.chat_id.in_(sa.bindparam("chats_only", expanding=True)))
    if excluding:
        statement = statement.where(deliveries.c.chat_id.not_in(sa.bindparam("excluding", expanding=True)))
    if kinds:
        statement = statement.where(deliveries.c.priority.in_(sa.bindparam("priorities", expanding=True)))
    return statement


async def mark_sending(tx: Tx, ids: Sequence[int], now: datetime) -> set[int]:
    """Marks queued messages as on the wire, immediately before they go there. Returns the ids of those that may.

    One that is held, or was cancelled, since it was found due is left alone.
    """
    statement = (
        sa.update(deliveries)
        .where(
            deliveries.c.id.in_(list(ids)),
            deliveries.c.state == DeliveryState.QUEUED,
            deliveries.c.not_before <= now,
        )
        .values(state=DeliveryState.SENDING, attempts=deliveries.c.attempts + 1, sending_at=now)
        .returning(deliveries.c.id)
    )
    return set((await tx.execute(statement)).scalars())


async def settle(tx: Tx, settlements: Sequence[Settlement], now: datetime) -> None:
    """Records what became of messages that were on the wire, and what it says about their chats.

    A settlement of an earlier attempt than the row's last changes nothing, except that "sent" counts where a new
    sender has already put the message down as uncertain: sending it again would be a copy.
    """
    sent = [_settled(one, now) for one in settlements if one.state is DeliveryState.SENT]
    rest = [_settled(one, now) for one in settlements if one.state is not DeliveryState.SENT]
    same_attempt = (deliveries.c.id == sa.bindparam("row_id")) & (deliveries.c.attempts == sa.bindparam("attempt"))
    may_be_sent = (DeliveryState.SENDING, DeliveryState.QUEUED, DeliveryState.FAILED)
    unsent = sa.or_(*(deliveries.c.state == state for state in may_be_sent))  # IN can't be prepared once for many rows
    for condition, rows in ((unsent, sent), (deliveries.c.state == DeliveryState.SENDING, rest)):
        if rows:
            columns: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in _SETTLED_COLUMNS}
            await tx.execute(sa.update(deliveries).where(same_attempt, condition).values(columns), rows)
    refused = [one.delivery for one in settlements if one.state is DeliveryState.FAILED and not one.uncertain]
    if never := [one.id for one in refused if one.kind is DeliveryKind.ALERT and one.operation is Operation.SEND]:
        await alerts.take_back(tx, never)
    for telegram_chat_id in {one.delivery.telegram_chat_id for one in settlements if one.chat_gone}:
        await chat_storage.set_gone(tx, telegram_chat_id, now)
    for delivery in {one.delivery for one in settlements if one.topic_gone}:
        await chat_storage.set_gone(tx, delivery.telegram_chat_id, now, thread_id=delivery.thread_id)
    for old, new in {(one.delivery.telegram_chat_id, one.new_chat_id) for one in settlements if one.new_chat_id}:
        await move_chat(tx, old, new, now)


async def recover(tx: Tx, now: datetime) -> int:
    """Settles what a dead sender left on the wire: perhaps delivered. Returns how many.

    Those that may come twice are queued again, marked uncertain; a broadcast's are failed and uncertain, and so is one
    that was tried too often: a program that dies again and again must not copy it each time.
    """
    left = deliveries.c.state.in_(_OPEN_STATES) & (deliveries.c.state == DeliveryState.SENDING)
    repeatable = deliveries.c.operation.in_([one for one in Operation if is_repeatable(one)])
    spent = deliveries.c.uncertain & (deliveries.c.attempts >= MAX_UNCERTAIN_ATTEMPTS)
    resent = deliveries.c.kind.in_([kind for kind in DeliveryKind if is_resent(kind, Operation.SEND)]) & ~spent
    values: dict[str, Any]
    number = 0
    for which, values in (
        (repeatable, {"state": DeliveryState.QUEUED, "not_before": now}),
        (~repeatable & resent, {"state": DeliveryState.QUEUED, "not_before": now, "uncertain": True}),
        (~repeatable & ~resent, {"state": DeliveryState.FAILED, "settled_at": now, "uncertain": True}),
    ):
        statement = sa.update(deliveries).where(left, which).values(error="sender died", **values)
        number += (await tx.execute(statement)).rowcount
    return number


async def expire(tx: Tx, now: datetime) -> int:
    """Ends queued messages that are too old. The stories they would have told go into a briefing. Returns how many."""
    statement = (
        sa.update(deliveries)
        .where(
            deliveries.c.state.in_(_OPEN_STATES),
            deliveries.c.state == DeliveryState.QUEUED,
            deliveries.c.expires_at <= now,
        )
        .values(state=DeliveryState.EXPIRED, settled_at=now)
        .returning(deliveries.c.id, deliveries.c.kind)
    )
    expired = (await tx.execute(statement)).all()
    await alerts.take_back(tx, [row.id for row in expired if row.kind == DeliveryKind.ALERT])
    return len(expired)


async def get(tx: Tx, delivery_id: int) -> Delivery | None:
    """A delivery by its id."""
    row = (await tx.execute(_select().where(deliveries.c.id == delivery_id))).one_or_none()
    return None if row is None else _delivery(row)


async def of_chat(tx: Tx, chat_id: int) -> list[Delivery]:
    """Every delivery of a chat, in order of recording."""
    rows = await tx.execute(_select().where(deliveries.c.chat_id == chat_id).order_by(deliveries.c.id))
    return [_delivery(row) for row in rows]


async def move_chat(tx: Tx, old: int, new: int, now: datetime) -> None:
    """A group has become a supergroup with a new Telegram id: everything of it moves there, in one unit.

    Where the bot knows the new id already, both become one chat: what both have is kept once, and a broadcast that
    goes to the new one is not sent again.
    """
    found = await tx.execute(sa.select(chats).where(chats.c.telegram_chat_id.in_([old, new])).order_by(chats.c.id))
    rows = found.all()
    known = {row.thread_id: row.id for row in rows if row.telegram_chat_id == new}
    for row in rows:
        if row.telegram_chat_id == old and row.thread_id in known:
            await _merge(tx, row.id, known[row.thread_id], now)
    # Supergroups number their messages anew: an old id would edit another message there.
    here = sa.select(chats.c.id).where(chats.c.telegram_chat_id == old)
    await tx.execute(sa.update(deliveries).where(deliveries.c.chat_id.in_(here)).values(telegram_message_id=None))
    values = {"telegram_chat_id": new, "kind": ChatKind.SUPERGROUP}
    await tx.execute(sa.update(chats).where(chats.c.telegram_chat_id == old).values(values))
    in_old = broadcasts.c.progress_chat_id == old
    await tx.execute(sa.update(broadcasts).where(in_old).values(progress_chat_id=new))


async def _merge(tx: Tx, old: int, new: int, now: datetime) -> None:
    await schedules.join(tx, old, new)
    theirs = deliveries.alias("theirs")
    twice = sa.exists().where(theirs.c.chat_id == new, theirs.c.broadcast_id == deliveries.c.broadcast_id)
    await tx.execute(
        sa.update(deliveries)
        .where(
            deliveries.c.chat_id == old,
            deliveries.c.state == DeliveryState.QUEUED,
            deliveries.c.operation == Operation.SEND,
            twice,
        )
        .values(state=DeliveryState.CANCELLED, settled_at=now)
    )
    for table in metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is chats.c.id for key in column.foreign_keys):
                await tx.execute(_moved(table, column, old, new))
    await chat_storage.delete(tx, old)


def _moved(table: sa.Table, column: sa.Column[Any], old: int, new: int) -> sa.Update:
    """Hands a table's rows over, but for those whose unique key the new chat has already."""
    statement = sa.update(table).where(column == old).values({column.name: new})
    uniques = [one for one in table.constraints if isinstance(one, sa.UniqueConstraint | sa.PrimaryKeyConstraint)]
    for unique in uniques:
        if column.name in unique.columns:
            theirs = table.alias("theirs")
            same = [theirs.c[part.name] == part for part in unique.columns if part is not column]
            statement = statement.where(~sa.exists().where(theirs.c[column.name] == new, *same))
    return statement


async def forget_before(tx: Tx, time: datetime) -> int:
    """Drops deliveries that were settled before a time, and returns how many."""
    return (await tx.execute(sa.delete(deliveries).where(deliveries.c.settled_at < time))).rowcount


def _to_json(message: Message) -> dict[str, Any]:
    buttons = [[{"text": one.text, "data": one.data, "url": one.url} for one in row] for row in message.buttons]
    facts = {"buttons": buttons, "silent": message.silent, "preview": message.preview}
    return {"text": message.text} | {name: value for name, value in facts.items() if value}


def _message(value: dict[str, Any], post: str | None) -> Message:
    buttons = tuple(tuple(Button(**one) for one in row) for row in value.get("buttons", ()))
    # The messages of a broadcast share its text: a row each would store it a hundred thousand times.
    text: str = value.get("text", post or "")
    return Message(text, buttons, silent=value.get("silent", False), preview=value.get("preview", False))


def _waits_for_target(table: sa.FromClause) -> sa.ColumnElement[bool]:
    """Whatever the target's priority: what is not there yet can't be edited or replied to."""
    target = deliveries.alias()
    there = sa.exists().where(target.c.id == table.c.target_id, target.c.state.in_(_OPEN_STATES)).correlate(table)
    return table.c.target_id.is_not(None) & there


def _unexpired(table: sa.FromClause, now: sa.BindParameter[Any]) -> sa.ColumnElement[bool]:
    return table.c.expires_at.is_(None) | (table.c.expires_at > now)


def _row(new: NewDelivery, now: datetime) -> dict[str, Any]:
    return {
        "chat_id": new.chat_id,
        "kind": new.kind,
        "priority": priority(new.kind),
        "key": new.key,
        "message": _to_json(new.message),
        "state": DeliveryState.QUEUED,
        "created_at": now,
        "not_before": new.not_before,
        "expires_at": new.expires_at,
        "briefing_id": new.briefing_id,
        "broadcast_id": new.broadcast_id,
        "operation": new.operation,
        "target_id": new.target_id,
        "story_ids": list(new.story_ids) or None,
    }


_SETTLED_COLUMNS = ("state", "uncertain", "not_before", "settled_at", "telegram_message_id", "error")


def _settled(one: Settlement, now: datetime) -> dict[str, Any]:
    open_again = one.state is DeliveryState.QUEUED
    return {
        "row_id": one.delivery.id,
        "attempt": one.delivery.attempts,
        "new_state": one.state,
        "new_uncertain": one.uncertain,
        "new_not_before": one.not_before or one.delivery.not_before,
        "new_settled_at": None if open_again else now,
        "new_telegram_message_id": one.message_id,
        "new_error": one.error,
    }


def _select() -> sa.Select[Any]:
    return (
        sa.select(
            deliveries,
            chats.c.telegram_chat_id,
            chats.c.thread_id,
            chats.c.kind.label("chat_kind"),
            broadcasts.c.text.label("post"),
            _target.c.telegram_message_id.label("target_message_id"),
        )
        .join(chats, chats.c.id == deliveries.c.chat_id)
        .outerjoin(broadcasts, broadcasts.c.id == deliveries.c.broadcast_id)
        .outerjoin(_target, (_target.c.id == deliveries.c.target_id) & (_target.c.chat_id == deliveries.c.chat_id))
    )


def _delivery(row: Any) -> Delivery:
    return Delivery(
        id=row.id,
        chat_id=row.chat_id,
        telegram_chat_id=row.telegram_chat_id,
        thread_id=row.thread_id,
        chat_kind=ChatKind(row.chat_kind),
        kind=DeliveryKind(row.kind),
        key=row.key,
        message=_message(row.message, None if row.operation == Operation.DELETE else row.post),
        state=DeliveryState(row.state),
        uncertain=row.uncertain,
        attempts=row.attempts,
        not_before=row.not_before,
        expires_at=row.expires_at,
        broadcast_id=row.broadcast_id,
        telegram_message_id=row.telegram_message_id,
        operation=Operation(row.operation),
        target_id=row.target_id,
        target_message_id=row.target_message_id,
        story_ids=tuple(row.story_ids or ()),
    )
