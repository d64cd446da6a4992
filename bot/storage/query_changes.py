"""Which queries came to be followed or ceased to be: the log by which every process keeps its matcher up to date.

PostgreSQL's ids become visible out of order, so that a reader that goes by them misses what commits late. There the log
goes by transaction: of those that were not over when it was last read, it is read again.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from bot.storage.database import Tx, oldest_open_transaction, own_transaction
from bot.storage.tables import queries, query_changes, subscriptions

KEPT = 100_000  # changes, of which a process reads the new ones every second
IDS_A_STATEMENT = 5_000


async def note(tx: Tx, query_id: int) -> None:
    """Writes down that the query may have got its first follower, or lost its last."""
    await tx.execute(sa.insert(query_changes).values(query_id=query_id, transaction=own_transaction(tx)))


async def note_all_of(tx: Tx, chat_id: int) -> None:
    """The same of every query that a chat follows, before the chat goes."""
    followed = sa.select(subscriptions.c.query_id, own_transaction(tx)).where(subscriptions.c.chat_id == chat_id)
    await tx.execute(sa.insert(query_changes).from_select(["query_id", "transaction"], followed))


async def position(tx: Tx) -> int:
    """Where the log stands: `since` this, it has all that comes from now on, and perhaps some that was before."""
    oldest = await oldest_open_transaction(tx)
    if oldest is not None:
        return oldest
    return (await tx.scalar(sa.select(sa.func.max(query_changes.c.id))) or 0) + 1


async def since(tx: Tx, place: int) -> tuple[dict[int, str | None], int]:
    """The canonical texts, by id, of queries that changed since a position, None where nobody follows them; and the
    position for the next time."""
    by_transaction = await oldest_open_transaction(tx) is not None
    following = await position(tx)
    column = query_changes.c.transaction if by_transaction else query_changes.c.id
    changed = (await tx.scalars(sa.select(query_changes.c.query_id).where(column >= place).distinct())).all()
    found: dict[int, str | None] = {}
    for start in range(0, len(changed), IDS_A_STATEMENT):
        found.update(await _texts(tx, changed[start : start + IDS_A_STATEMENT]))
    return found, max(following, place)


async def _texts(tx: Tx, query_ids: Sequence[int]) -> dict[int, str | None]:
    followed = sa.exists().where(subscriptions.c.query_id == queries.c.id)
    statement = sa.select(queries.c.id, queries.c.canonical, followed).where(queries.c.id.in_(query_ids))
    return {
        query_id: canonical if is_followed else None for query_id, canonical, is_followed in await tx.execute(statement)
    }


async def forget_old(tx: Tx) -> int:
    """Drops what every process has long read, and returns how many rows."""
    newest = await tx.scalar(sa.select(sa.func.max(query_changes.c.id))) or 0
    return (await tx.execute(sa.delete(query_changes).where(query_changes.c.id <= newest - KEPT))).rowcount
