"""Posts that are edited or taken back after they were sent: one more delivery for each message that somebody has.

Which messages still lack theirs is asked anew for each portion, so that one that arrives meanwhile gets it, too, and a
kill between two portions loses none.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.model import Broadcast, DeliveryKind, DeliveryState, Operation
from bot.rules.delivery import priority
from bot.storage.database import Tx, insert
from bot.storage.tables import broadcasts, chats, deliveries

PORTION = 10_000  # messages
IN_HAND = timedelta(seconds=30)  # for so long the sender may hold a text that it read before


async def edit_next(tx: Tx, broadcast: Broadcast, now: datetime) -> int:
    """Records edits of messages that went on the wire before the text was changed; returns how many."""
    mark = f"edit:{broadcast.revision}"
    before = deliveries.c.sending_at <= (broadcast.edited_at or now) + IN_HAND
    return await _record(tx, broadcast, Operation.EDIT, mark, sa.literal({}, deliveries.c.message.type), now, before)


async def withdraw_next(tx: Tx, broadcast: Broadcast, texts: Mapping[str, str], now: datetime) -> int:
    """Records that messages are to be taken away; where Telegram keeps them they take a text instead.

    Args:
        texts: by the chat's language; the one of "" for all others.
    """
    json = deliveries.c.message.type
    own = [(chats.c.language.startswith(code), sa.literal({"text": its}, json)) for code, its in texts.items() if code]
    text = sa.case(*own, else_=sa.literal({"text": texts[""]}, json))
    return await _record(tx, broadcast, Operation.DELETE, "withdraw", text, now)


async def _record(
    tx: Tx,
    broadcast: Broadcast,
    operation: Operation,
    mark: str,
    message: sa.ColumnElement[Any],
    now: datetime,
    *which: sa.ColumnElement[bool],
) -> int:
    """One row per message that was sent and has none of this mark yet, PORTION at most."""
    target = deliveries
    done = deliveries.alias("done")
    key = sa.literal(f"broadcast:{broadcast.id}:{mark}:", sa.Text) + sa.cast(target.c.id, sa.Text)
    values: dict[str, sa.ColumnElement[Any]] = {
        "chat_id": target.c.chat_id,
        "kind": _constant("kind", DeliveryKind.BROADCAST),
        "priority": _constant("priority", priority(DeliveryKind.BROADCAST)),
        "key": key,
        "message": message,
        "state": _constant("state", DeliveryState.QUEUED),
        "operation": _constant("operation", operation),
        "target_id": target.c.id,
        "created_at": _constant("created_at", now),
        "not_before": _constant("not_before", now),
        "broadcast_id": _constant("broadcast_id", broadcast.id),
    }
    rows = (
        sa.select(*values.values())
        .join(chats, chats.c.id == target.c.chat_id)
        .where(
            target.c.broadcast_id == broadcast.id,
            target.c.operation == Operation.SEND,
            target.c.state == DeliveryState.SENT,
            ~sa.exists().where(done.c.key == key),
            *which,
        )
        .order_by(target.c.id)
        .limit(PORTION)
    )
    statement = insert(tx, deliveries).from_select(list(values), rows).on_conflict_do_nothing()
    return int((await tx.execute(statement)).rowcount)


async def recent(tx: Tx, since: datetime) -> list[int]:
    """Broadcasts that were edited or taken back since then."""
    statement = sa.select(broadcasts.c.id).where(
        sa.or_(broadcasts.c.edited_at > since, broadcasts.c.withdrawn_at > since)
    )
    return list(await tx.scalars(statement))


def _constant(column: str, value: Any) -> sa.ColumnElement[Any]:
    return sa.literal(value, deliveries.c[column].type)
