"""`kill -9` anywhere under load loses nothing and doubles only what is marked; a stop signal leaves no doubt at all."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.model import DeliveryState
from bot.storage.tables import deliveries
from tests.books import balance
from tests.crashes import Ordeal, Outside, opened, own_database, plan

KILLS = 10
SEED = 11
STOPPING = 10.0  # seconds that a stop may take, whatever is on the wire


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def ordeal(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Ordeal]:
    """The program on a database of its own, with its load."""
    async with AsyncExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'crash.db'}"
        if request.param == "postgres":
            url = await stack.enter_async_context(own_database(request.getfixturevalue("postgres_server")))
        outside = Outside(SEED)
        await stack.enter_async_context(outside.sandbox)
        ordeal = Ordeal(outside, url, tmp_path)
        stack.push_async_callback(ordeal.program.kill)
        await ordeal.prepare()
        yield ordeal


async def states(ordeal: Ordeal, *wanted: DeliveryState) -> int:
    """How many messages are in a state."""
    async with opened(ordeal.url) as db, db.read() as tx:
        return await tx.scalar(sa.select(sa.func.count()).where(deliveries.c.state.in_(wanted))) or 0


async def test_ten_kills_lose_nothing_and_double_only_what_is_marked(ordeal: Ordeal) -> None:
    await ordeal.survive(plan(SEED, KILLS))
    books = await balance(ordeal)
    assert books.mistakes == []
    assert books.in_flight > 0
    assert ordeal.accepted


async def test_a_stop_signal_waits_for_the_answers_to_what_is_on_the_wire(ordeal: Ordeal) -> None:
    ordeal.outside.sandbox.fail("late", "sendMessage", times=None, seconds=1.0)
    process = await ordeal.program.start()
    await ordeal.outside.sends.reach(5)
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(STOPPING):
        assert await ordeal.program.end() == 0
    arrived = sum(len(ordeal.outside.sandbox.sent(chat)) for chat in ordeal.outside.sandbox.world.chats)
    assert await states(ordeal, DeliveryState.SENT) == arrived == ordeal.outside.sends.count
    assert not await states(ordeal, DeliveryState.SENDING)


@pytest.mark.parametrize("ordeal", ["sqlite"], indirect=True)
async def test_a_stop_signal_does_not_wait_for_answers_that_never_come(ordeal: Ordeal) -> None:
    ordeal.outside.sandbox.fail("hold", "sendMessage", times=None)
    process = await ordeal.program.start()
    await ordeal.outside.sends.reach(5)
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(STOPPING):
        assert await ordeal.program.end() == 0
    assert await states(ordeal, DeliveryState.SENDING) == ordeal.outside.sends.count
