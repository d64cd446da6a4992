"""Tokens of the HTTP API: names and hashes, never the secrets themselves."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import ApiToken
from bot.storage.database import Tx, insert
from bot.storage.tables import tokens

_COLUMNS = (tokens.c.id, tokens.c.name, tokens.c.created_at, tokens.c.last_used_at)


def _token(row: Any) -> ApiToken:
    return ApiToken(id=row.id, name=row.name, created_at=row.created_at, last_used_at=row.last_used_at)


async def add(tx: Tx, *, name: str, secret_hash: str, now: datetime) -> ApiToken | None:
    """Stores a token's hash (SHA-256 in hex); None where the name is taken."""
    statement = (
        insert(tx, tokens)
        .values(name=name, hash=secret_hash, created_at=now)
        .on_conflict_do_nothing(index_elements=[tokens.c.name])
        .returning(*_COLUMNS)
    )
    row = (await tx.execute(statement)).first()
    return _token(row) if row else None


async def list_all(tx: Tx) -> tuple[ApiToken, ...]:
    """All tokens, by name."""
    rows = await tx.execute(sa.select(*_COLUMNS).order_by(tokens.c.name))
    return tuple(_token(row) for row in rows)


async def find(tx: Tx, secret_hash: str) -> ApiToken | None:
    """The token with this hash."""
    row = (await tx.execute(sa.select(*_COLUMNS).where(tokens.c.hash == secret_hash))).first()
    return _token(row) if row else None


async def mark_used(tx: Tx, token_id: int, now: datetime) -> None:
    """Notes when the token was last used."""
    await tx.execute(sa.update(tokens).where(tokens.c.id == token_id).values(last_used_at=now))


async def remove(tx: Tx, name: str) -> bool:
    """Forgets the token; False where there is none of that name."""
    result = await tx.execute(sa.delete(tokens).where(tokens.c.name == name).returning(tokens.c.id))
    return result.first() is not None
