"""Tokens that let programs push articles over HTTP: made, listed, revoked, checked.

A secret is 256 random bits behind `bw_`, shown once. Only its SHA-256 is stored: with that much randomness a slow
password hash would protect nothing more, and every push would pay for it.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from bot.errors import BadInput, NotFound
from bot.model import ApiToken
from bot.storage import tokens
from bot.storage.database import Database

PREFIX = "bw_"
MAX_NAME = 64  # characters
USED_EVERY = timedelta(
    minutes=1
)  # how exact `last_used_at` is: a busy pusher costs one more write a minute, not each time


async def create(db: Database, name: str, now: datetime) -> tuple[ApiToken, str]:
    """Makes a token; the second value is its secret, which nobody can read again.

    Raises:
        BadInput: `token_name` (empty, too long, or with characters that can't be printed), `token_name_taken`.
    """
    name = name.strip()
    if not name or len(name) > MAX_NAME or not name.isprintable():
        raise BadInput("token_name", limit=MAX_NAME)
    secret = PREFIX + secrets.token_urlsafe(32)
    async with db.write() as tx:
        token = await tokens.add(tx, name=name, secret_hash=_hash(secret), now=now)
    if token is None:
        raise BadInput("token_name_taken", name=name)
    return token, secret


async def list_all(db: Database) -> tuple[ApiToken, ...]:
    """All tokens, by name."""
    async with db.read() as tx:
        return await tokens.list_all(tx)


async def revoke(db: Database, name: str) -> None:
    """Ends a token at once.

    Raises:
        NotFound: `token`, with its name.
    """
    async with db.write() as tx:
        removed = await tokens.remove(tx, name.strip())
    if not removed:
        raise NotFound("token", name=name.strip())


async def check(db: Database, secret: str, now: datetime) -> ApiToken | None:
    """The token that this secret belongs to, or None where it is unknown or revoked."""
    async with db.read() as tx:
        token = await tokens.find(tx, _hash(secret))
    if token and (token.last_used_at is None or now - token.last_used_at >= USED_EVERY):
        async with db.write() as tx:
            await tokens.mark_used(tx, token.id, now)
    return token


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
