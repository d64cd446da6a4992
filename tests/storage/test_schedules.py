"""Schedules on both databases."""

import asyncio
from datetime import datetime, time, timedelta

from bot.storage import schedules
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import a_chat

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


async def test_a_chat_has_each_time_of_day_once(db: Database) -> None:
    async with db.write() as tx:
        chat = await a_chat(tx)
        await schedules.add(tx, chat.id, time(18, 30), NOON)
        await schedules.add(tx, chat.id, time(8), NOON)
        await schedules.add(tx, chat.id, time(18, 30), NOON + DAY)
        found = await schedules.of_chat(tx, chat.id)
        assert [(its.at, its.next_run_at) for its in found] == [(time(8), NOON), (time(18, 30), NOON + DAY)]
        assert await schedules.clear(tx, chat.id) == 2
        assert await schedules.of_chat(tx, chat.id) == []


async def test_what_is_longest_due_comes_first(db: Database) -> None:
    async with db.write() as tx:
        late, early, later = [await a_chat(tx, number) for number in (1, 2, 3)]
        await schedules.add(tx, late.id, time(8), NOON)
        await schedules.add(tx, early.id, time(8), NOON - HOUR)
        await schedules.add(tx, early.id, time(9), NOON)
        await schedules.add(tx, later.id, time(8), NOON + HOUR)
        assert [its.chat_id for its in await schedules.due(tx, NOON, 9)] == [early.id, late.id, early.id]
        assert [its.chat_id for its in await schedules.due(tx, NOON, 1)] == [early.id]
        assert [its.at for its in await schedules.due_of(tx, [early.id], NOON)] == [time(8), time(9)]


async def test_of_many_processes_one_gets_the_run(db: Database) -> None:
    async with db.write() as tx:
        chat = await a_chat(tx)
        await schedules.add(tx, chat.id, time(8), NOON)
        [schedule] = await schedules.of_chat(tx, chat.id)

    async def move(next_run_at: datetime) -> bool:
        async with db.write() as tx:
            return await schedules.move(tx, schedule.id, due_at=NOON, next_run_at=next_run_at)

    assert sorted(await asyncio.gather(*(move(NOON + DAY) for _ in range(5)))) == [False] * 4 + [True]
    assert not await move(NOON + DAY)
