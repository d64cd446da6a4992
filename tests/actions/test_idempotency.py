"""A request that is sent twice is done once."""

import asyncio
from datetime import timedelta

import pytest

from bot.actions import tokens
from bot.actions.idempotency import GIVEN_UP, KEPT, Answer, once
from bot.errors import BadInput
from bot.pipeline.forget import forget
from bot.storage import answers
from bot.storage.database import Database
from tests.conftest import NOON


async def test_while_it_is_being_answered_a_repeat_is_told_to_wait(db: Database) -> None:
    token, _ = await tokens.create(db, "desk", NOON)
    begun, release = asyncio.Event(), asyncio.Event()

    async def slowly() -> Answer:
        begun.set()
        await release.wait()
        return Answer(200, {"n": 1})

    first = asyncio.create_task(once(db, token.id, "k", b"body", NOON, slowly))
    await begun.wait()
    with pytest.raises(BadInput, match="key_in_use"):
        await once(db, token.id, "k", b"body", NOON, slowly)
    release.set()
    assert await first == Answer(200, {"n": 1})
    assert await once(db, token.id, "k", b"body", NOON, slowly) == Answer(200, {"n": 1}, replayed=True)


async def test_a_request_that_failed_or_died_may_be_sent_again(db: Database) -> None:
    token, _ = await tokens.create(db, "desk", NOON)

    async def fail() -> Answer:
        raise RuntimeError

    async def work() -> Answer:
        return Answer(200, [])

    with pytest.raises(RuntimeError):
        await once(db, token.id, "k", b"body", NOON, fail)
    assert not (await once(db, token.id, "k", b"body", NOON, work)).replayed
    async with db.write() as tx:  # one whose process was killed
        await answers.begin(tx, token.id, "dead", "x", NOON, NOON - GIVEN_UP)
    later = NOON + GIVEN_UP + timedelta(seconds=1)
    assert not (await once(db, token.id, "dead", b"body", later, work)).replayed


async def test_answers_are_kept_for_a_day(db: Database) -> None:
    token, _ = await tokens.create(db, "desk", NOON)

    async def work() -> Answer:
        return Answer(200, [])

    await once(db, token.id, "k", b"body", NOON, work)
    await forget(db, NOON + KEPT - timedelta(seconds=1))
    assert (await once(db, token.id, "k", b"body", NOON, work)).replayed
    await forget(db, NOON + KEPT + timedelta(seconds=1))
    assert not (await once(db, token.id, "k", b"body", NOON, work)).replayed
