"""Answers of the HTTP API by Idempotency-Key."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.storage.database import Tx, insert
from bot.storage.tables import api_answers as answers


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """What was answered under a key; `status` is None while that is still being done."""

    request_hash: str
    status: int | None
    answer: Any
    created_at: datetime


async def begin(tx: Tx, token_id: int, key: str, request_hash: str, now: datetime, stale: datetime) -> bool:
    """Takes the key for a request; False where it is taken, unless by one that began before `stale` and never ended."""
    row = {"token_id": token_id, "key": key, "request_hash": request_hash, "created_at": now}
    statement = insert(tx, answers).values(**row)
    taken_over = statement.on_conflict_do_update(
        index_elements=[answers.c.token_id, answers.c.key],
        set_={"request_hash": request_hash, "created_at": now},
        where=sa.and_(answers.c.status.is_(None), answers.c.created_at < stale),
    )
    return (await tx.execute(taken_over.returning(answers.c.key))).first() is not None


async def get(tx: Tx, token_id: int, key: str) -> StoredAnswer | None:
    """What is stored under the key."""
    columns = (answers.c.request_hash, answers.c.status, answers.c.answer, answers.c.created_at)
    where = (answers.c.token_id == token_id, answers.c.key == key)
    row = (await tx.execute(sa.select(*columns).where(*where))).one_or_none()
    return StoredAnswer(*row) if row else None


async def finish(tx: Tx, token_id: int, key: str, status: int, answer: Any) -> None:
    """Stores what was answered."""
    where = (answers.c.token_id == token_id, answers.c.key == key)
    await tx.execute(sa.update(answers).where(*where).values(status=status, answer=answer))


async def drop(tx: Tx, token_id: int, key: str) -> None:
    """Gives the key back, because nothing was answered."""
    await tx.execute(sa.delete(answers).where(answers.c.token_id == token_id, answers.c.key == key))


async def forget_before(tx: Tx, before: datetime) -> int:
    """Forgets older answers; returns how many."""
    return (await tx.execute(sa.delete(answers).where(answers.c.created_at < before))).rowcount
