"""Due chats get their briefing once per local day and time."""

import asyncio
import re
from datetime import UTC, date, datetime, time

from bot.actions import schedule
from bot.model import Slot
from bot.pipeline.brief import CLAIM, brief_due
from bot.rules.schedule_parser import parse_times
from bot.storage import briefings, chats, schedules
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import DAY, HOUR, Newsroom, a_chat

EIGHT = datetime(2024, 10, 23, 8, 0, tzinfo=UTC)


async def test_a_chat_is_briefed_at_its_local_time_and_next_the_day_after(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", timezone="Asia/Seoul")
    await newsroom.publish("Harbour ferries stop")
    eight_in_seoul = datetime(2024, 10, 22, 23, 0, tzinfo=UTC)
    assert await brief_due(db, newsroom.workers, eight_in_seoul - HOUR) == 0
    assert await newsroom.told(chat) == []
    assert await brief_due(db, newsroom.workers, eight_in_seoul) == 1
    [text] = await newsroom.texts(chat)
    assert "Wed 23 Oct 08:00, since" in text
    assert "Next Thu 24 Oct 08:00" in text
    assert await brief_due(db, newsroom.workers, eight_in_seoul + HOUR) == 0
    async with db.read() as tx:
        current = await chats.get(tx, chat.id)
    assert current is not None
    assert current.next_run_at == eight_in_seoul + DAY


async def test_two_processes_send_a_due_briefing_once(db: Database) -> None:
    newsroom = Newsroom(db)
    people = [await newsroom.chat(number, "harbour") for number in range(1, 5)]
    await newsroom.publish("Harbour ferries stop")
    await asyncio.gather(*(brief_due(db, newsroom.workers, EIGHT) for _ in range(3)))
    assert [len(await newsroom.told(chat)) for chat in people] == [1, 1, 1, 1]


async def test_after_downtime_one_briefing_covers_all_that_was_missed(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    await schedule.set_times(db, chat, parse_times("8:00 18:00"), NOON)
    for day in range(3):
        await newsroom.publish(f"Harbour {('ferries', 'mine', 'opera')[day]} news", at=NOON + day * DAY)
    for day in range(10):
        name = ("cats", "taxes", "bread", "wolves", "chess", "moon", "tulips", "roofs", "trains", "glass")[day]
        await newsroom.publish(f"Harbour {name} report", at=NOON + day * HOUR, source=f"Paper {day}")
    back = datetime(2024, 10, 25, 11, 0, tzinfo=UTC)
    assert await brief_due(db, newsroom.workers, back) == 1
    assert await brief_due(db, newsroom.workers, back) == 0
    [text] = await newsroom.texts(chat)
    assert len(re.findall(r"^\d\. ", text, re.MULTILINE)) == 7
    assert "next 18:00" in text
    async with db.read() as tx:
        current = await chats.get(tx, chat.id)
    assert current is not None
    assert current.next_run_at == datetime(2024, 10, 25, 18, 0, tzinfo=UTC)
    assert current.last_slot == Slot(date(2024, 10, 25), time(8))


async def test_a_blocked_chat_waits_and_gets_one_briefing_when_it_is_back(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    await newsroom.publish("Harbour ferries stop")
    async with db.write() as tx:
        await chats.set_gone(tx, 1, NOON)
    assert await brief_due(db, newsroom.workers, EIGHT) == 0
    async with db.write() as tx:
        await a_chat(tx, 1)
    assert await brief_due(db, newsroom.workers, EIGHT + 2 * DAY) == 1
    assert len(await newsroom.told(chat)) == 1


async def test_an_empty_run_is_recorded_and_the_schedule_goes_on(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    assert await brief_due(db, newsroom.workers, EIGHT) == 1
    assert await brief_due(db, newsroom.workers, EIGHT + DAY) == 1
    async with db.read() as tx:
        last = await briefings.latest(tx, chat.id)
    assert last is not None
    assert (last.until, last.since) == (EIGHT + DAY, EIGHT)
    assert [text.split(" since")[0] for text in await newsroom.texts(chat)] == ["Nothing new on your 1 topic"]


async def test_a_day_that_was_briefed_before_a_move_westward_is_not_briefed_again(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", timezone="Europe/Berlin")
    await newsroom.publish("Harbour ferries stop")
    morning = datetime(2024, 10, 23, 6, 0, tzinfo=UTC)
    await brief_due(db, newsroom.workers, morning)
    await schedule.set_zone(db, chat, "America/New_York", morning + HOUR)
    await newsroom.publish("Harbour mine news", at=morning + 2 * HOUR)
    for hours in (6, 7, 8):
        assert await brief_due(db, newsroom.workers, morning + hours * HOUR) == 0
    assert len(await newsroom.told(chat)) == 1


async def test_more_chats_than_a_batch_are_all_briefed(db: Database) -> None:
    newsroom = Newsroom(db)
    people = [await newsroom.chat(number, "harbour") for number in range(1, 54)]
    await newsroom.publish("Harbour ferries stop")
    assert await brief_due(db, newsroom.workers, EIGHT, limit=50) == 50
    assert await brief_due(db, newsroom.workers, EIGHT, limit=50) == 3
    assert {len(await newsroom.told(chat)) for chat in people} == {1}


async def test_a_process_that_died_with_its_chats_leaves_them_to_the_next(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    await newsroom.publish("Harbour ferries stop")
    async with db.write() as tx:  # … and dies here
        assert len(await schedules.claim_due(tx, EIGHT, 9, until=EIGHT + CLAIM)) == 1
    assert await brief_due(db, newsroom.workers, EIGHT) == 0
    assert await brief_due(db, newsroom.workers, EIGHT + CLAIM) == 1
    assert len(await newsroom.told(chat)) == 1


async def test_a_chat_whose_schedules_were_ended_meanwhile_is_left_alone(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    async with db.write() as tx:
        await schedules.remove(tx, [its.id for its in await schedules.of_chat(tx, chat.id)])
    assert await brief_due(db, newsroom.workers, EIGHT) == 1
    assert await brief_due(db, newsroom.workers, EIGHT + DAY) == 0
    assert await newsroom.told(chat) == []
