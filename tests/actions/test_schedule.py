"""When a chat gets its briefing."""

from datetime import UTC, datetime, time

import pytest

from bot.actions import schedule
from bot.errors import ScheduleError
from bot.storage import chats
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import Newsroom


async def test_times_of_day_are_replaced_and_turned_off(db: Database) -> None:
    chat = await Newsroom(db).chat(1, timezone="Asia/Seoul")
    planned = await schedule.set_times(db, chat, [time(18, 30), time(8), time(8)], NOON)
    assert [(its.at, its.next_run_at) for its in planned] == [
        (time(8), datetime(2024, 10, 22, 23, 0, tzinfo=UTC)),
        (time(18, 30), datetime(2024, 10, 23, 9, 30, tzinfo=UTC)),
    ]
    assert await schedule.of_chat(db, chat) == planned
    assert await schedule.set_times(db, chat, [], NOON) == []


async def test_a_moved_chat_keeps_its_times_of_day_where_it_is_now(db: Database) -> None:
    chat = await Newsroom(db).chat(1, "Seoul")
    zone, planned = await schedule.set_timezone(db, chat, "berlin", NOON)
    assert zone == "Europe/Berlin"
    assert [(its.at, its.next_run_at) for its in planned] == [(time(8), datetime(2024, 10, 23, 6, 0, tzinfo=UTC))]
    async with db.read() as tx:
        moved = await chats.get(tx, chat.id)
    assert moved is not None
    assert moved.timezone == "Europe/Berlin"


async def test_a_zone_that_is_none_changes_nothing(db: Database) -> None:
    chat = await Newsroom(db).chat(1, "Seoul")
    before = await schedule.of_chat(db, chat)
    with pytest.raises(ScheduleError):
        await schedule.set_timezone(db, chat, "Atlantis", NOON)
    assert await schedule.of_chat(db, chat) == before
