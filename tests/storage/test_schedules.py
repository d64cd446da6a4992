"""Schedules and due chats on both databases."""

import asyncio
from datetime import date, time, timedelta

from bot.model import EVERY_DAY, ChatState, Slot, Times
from bot.storage import chats, schedules
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import DAY, HOUR, a_chat, due_now

WEEKDAYS = Times((time(8), time(18, 30)), (1, 2, 3, 4, 5))


async def test_a_chat_has_several_schedules_each_once(db: Database) -> None:
    async with db.write() as tx:
        chat = await a_chat(tx)
        first = await schedules.add(tx, chat.id, WEEKDAYS)
        second = await schedules.add(tx, chat.id, Times((time(10),), (6, 7)), tells_when_empty=False)
        assert await schedules.add(tx, chat.id, WEEKDAYS, tells_when_empty=True) == first
        found = await schedules.of_chat(tx, chat.id)
        assert [(its.id, its.times, its.tells_when_empty) for its in found] == [
            (first, WEEKDAYS, True),
            (second, Times((time(10),), (6, 7)), False),
        ]
        await schedules.change(tx, second, times=Times((time(9),), EVERY_DAY), tells_when_empty=None)
        await schedules.remove(tx, [first])
        [left] = await schedules.of_chat(tx, chat.id)
        assert (left.id, left.times, left.tells_when_empty) == (second, Times((time(9),)), None)


async def test_what_is_longest_due_is_claimed_first_and_by_nobody_else_for_a_while(db: Database) -> None:
    async with db.write() as tx:
        late, early, later, idle = [await a_chat(tx, number) for number in (1, 2, 3, 4)]
        for chat, at in ((late, NOON), (early, NOON - HOUR), (later, NOON + HOUR)):
            await schedules.plan(tx, chat.id, next_run_at=at, last_slot=Slot(date(2024, 10, 21), time(8)))
        assert [chat.id for chat in await schedules.claim_due(tx, NOON, 1, until=NOON + HOUR)] == [early.id]
        [claimed] = await schedules.claim_due(tx, NOON, 9, until=NOON + HOUR)
        assert (claimed.id, claimed.last_slot) == (late.id, Slot(date(2024, 10, 21), time(8)))
        assert await schedules.claim_due(tx, NOON, 9, until=NOON + HOUR) == []
        again = await schedules.claim_due(tx, NOON + HOUR, 9, until=NOON + DAY)
        assert {chat.id for chat in again} == {late.id, early.id, later.id}
        assert idle.next_run_at is None


async def test_many_processes_claim_each_chat_once(db: Database) -> None:
    async with db.write() as tx:
        people = [await a_chat(tx, number) for number in range(1, 31)]
        for chat in people:
            await due_now(tx, chat)

    async def claim() -> list[int]:
        async with db.write() as tx:
            return [chat.id for chat in await schedules.claim_due(tx, NOON, 7, until=NOON + timedelta(minutes=2))]

    claimed = [chat_id for ids in await asyncio.gather(*(claim() for _ in range(6))) for chat_id in ids]
    assert len(claimed) == len(set(claimed))
    async with db.write() as tx:
        rest = await schedules.claim_due(tx, NOON, 99, until=NOON + timedelta(minutes=2))
    assert {*claimed, *(chat.id for chat in rest)} == {chat.id for chat in people}


async def test_a_chat_that_is_gone_is_not_due_until_it_is_back(db: Database) -> None:
    async with db.write() as tx:
        chat = await a_chat(tx)
        await due_now(tx, chat)
        await chats.update(tx, chat.id, state=ChatState.GONE)
        assert await schedules.claim_due(tx, NOON, 9, until=NOON + HOUR) == []
        await a_chat(tx)
        assert [its.id for its in await schedules.claim_due(tx, NOON, 9, until=NOON + HOUR)] == [chat.id]


async def test_a_chat_that_takes_over_another_is_due_when_either_was(db: Database) -> None:
    day = date(2024, 10, 22)
    async with db.write() as tx:
        old, new, other, idle = [await a_chat(tx, number) for number in (1, 2, 3, 4)]
        await schedules.plan(tx, old.id, next_run_at=NOON, last_slot=Slot(day, time(8)))
        await schedules.plan(tx, new.id, next_run_at=NOON + HOUR, last_slot=Slot(day, time(9)))
        await schedules.join(tx, old.id, new.id)
        await schedules.join(tx, old.id, other.id)
        await schedules.join(tx, idle.id, idle.id)
        found = [await chats.get(tx, chat.id) for chat in (new, other, idle)]
    assert [(chat.next_run_at, chat.last_slot) for chat in found if chat] == [
        (NOON, Slot(day, time(8))),
        (NOON, Slot(day, time(8))),
        (None, None),
    ]


async def test_what_is_due_is_counted_by_the_minute(db: Database) -> None:
    async with db.write() as tx:
        people = [await a_chat(tx, number) for number in range(1, 6)]
        moments = (NOON, NOON + timedelta(seconds=59), NOON + HOUR, NOON + 2 * DAY)
        for chat, at in zip(people, moments, strict=False):
            await schedules.plan(tx, chat.id, next_run_at=at, last_slot=Slot(date(2024, 10, 21), time(8)))
        await chats.update(tx, people[4].id, state=ChatState.GONE, next_run_at=NOON)
        assert await schedules.due_per_minute(tx, NOON + DAY) == [(NOON, 2), (NOON + HOUR, 1)]
