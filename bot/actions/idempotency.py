"""Pushing once although it is sent twice: an Idempotency-Key and the answer that was given under it, kept for a day."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from bot.errors import BadInput
from bot.storage import answers
from bot.storage.database import Database

KEPT = timedelta(days=1)
GIVEN_UP = timedelta(minutes=2)  # after which a request that never ended is taken to have died with its process
MAX_KEY = 255  # characters


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: a status and JSON. `replayed`: it was answered before."""

    status: int
    body: Any
    replayed: bool = False


async def once(
    db: Database, token_id: int, key: str, body: bytes, now: datetime, work: Callable[[], Awaitable[Answer]]
) -> Answer:
    """Does the work, or gives the answer of the request that did it under this key.

    Args:
        key: empty: nothing is remembered.
        body: of the request; another one under the same key is a mistake of the sender.

    Raises:
        BadInput: `bad_key`, `key_reused` (other body), `key_in_use` (it is being answered now).
    """
    if not key:
        return await work()
    if len(key) > MAX_KEY or not key.isascii() or not key.isprintable():
        raise BadInput("bad_key", limit=MAX_KEY)
    digest = sha256(body).hexdigest()
    async with db.write() as tx:
        is_new = await answers.begin(tx, token_id, key, digest, now, now - GIVEN_UP)
        known = None if is_new else await answers.get(tx, token_id, key)
    if known is not None:
        return _again(known, digest)
    try:
        answer = await work()
    except BaseException:
        async with db.write() as tx:
            await answers.drop(tx, token_id, key)
        raise
    async with db.write() as tx:
        await answers.finish(tx, token_id, key, answer.status, answer.body)
    return answer


def _again(known: answers.StoredAnswer, digest: str) -> Answer:
    if known.request_hash != digest:
        raise BadInput("key_reused")
    if known.status is None:
        raise BadInput("key_in_use")
    return Answer(known.status, known.answer, replayed=True)
