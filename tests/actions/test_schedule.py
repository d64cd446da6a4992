"""When a chat gets its briefing."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from bot.actions import schedule
from bot.errors import BadInput, NotFound
from bot.model import Chat, QuietHours, Slot, Times
from bot.pipeline.brief import brief_due
from bot.rules.schedule_parser import parse_times
from bot.storage import briefings, chats
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import DAY, HOUR, Newsroom

EIGHT = Times((time(8),))


async def current(db: Database, chat: Chat) -> Chat:
    async with db.read() as tx:
        found = await chats.get(tx, chat.id)
    assert found is not None
    return found


async def slots(db: Database, chat: Chat) -> list[Slot]:
    async with db.read() as tx:
        return sorted(await briefings.slots_since(tx, chat.id, date(2024, 1, 1)))


async def test_schedules_are_replaced_added_and_turned_off(db: Database) -> None:
    chat = await Newsroom(db).chat(1, timezone="Asia/Seoul")
    planned = await schedule.set_times(db, chat, parse_times("18:30 8; weekends 10:00"), NOON)
    assert [its.times for its in planned.schedules] == [Times((time(8), time(18, 30))), Times((time(10),), (6, 7))]
    assert planned.next_run == datetime(2024, 10, 22, 23, 0, tzinfo=UTC)
    more = await schedule.add_times(db, chat, [EIGHT, Times((time(10),), (6, 7))], NOON)
    assert len(more.schedules) == 3
    assert await schedule.of_chat(db, chat) == more
    off = await schedule.set_times(db, chat, [], NOON)
    assert (off.schedules, off.next_run, off.chat.next_run_at) == ((), None, None)


async def test_a_schedule_that_stays_keeps_its_option(db: Database) -> None:
    chat = await Newsroom(db).chat(1)
    [its] = (await schedule.set_times(db, chat, [EIGHT], NOON)).schedules
    await schedule.change(db, chat, its.id, lambda one: replace(one, tells_when_empty=False), NOON)
    after = await schedule.set_times(db, chat, [EIGHT, Times((time(9),))], NOON)
    assert [one.tells_when_empty for one in after.schedules] == [False, None]
    assert after.schedules[0].id == its.id


async def test_one_schedule_is_changed_joined_with_another_and_ended(db: Database) -> None:
    chat = await Newsroom(db).chat(1)
    first, second = (await schedule.set_times(db, chat, [EIGHT, Times((time(9),))], NOON)).schedules
    changed = await schedule.change(db, chat, second.id, lambda its: replace(its, times=EIGHT), NOON)
    assert changed.schedules == (first,)
    with pytest.raises(NotFound):
        await schedule.change(db, chat, second.id, lambda _: None, NOON)
    assert (await schedule.change(db, chat, first.id, lambda _: None, NOON)).schedules == ()


async def test_a_chat_has_room_for_so_many_schedules(db: Database) -> None:
    chat = await Newsroom(db).chat(1)
    many = [Times((time(hour),)) for hour in range(schedule.MOST_SCHEDULES + 1)]
    with pytest.raises(BadInput, match="too_many_schedules"):
        await schedule.set_times(db, chat, many, NOON)
    assert (await schedule.of_chat(db, chat)).schedules == ()


async def test_a_chat_that_is_gone_for_good_says_so(db: Database) -> None:
    chat = await Newsroom(db).chat(1)
    async with db.write() as tx:
        await chats.delete(tx, chat.id)
    with pytest.raises(NotFound):
        await schedule.set_times(db, chat, [EIGHT], NOON)
    assert (await schedule.of_chat(db, chat)).schedules == ()


async def test_a_moved_chat_keeps_its_times_of_day_where_it_is_now(db: Database) -> None:
    chat = await Newsroom(db).chat(1, "Seoul")
    planned = await schedule.set_zone(db, chat, "Europe/Berlin", NOON)
    assert planned.next_run == datetime(2024, 10, 23, 6, 0, tzinfo=UTC)
    assert (await current(db, chat)).timezone == "Europe/Berlin"


async def test_who_moves_before_the_first_briefing_gets_that_of_the_same_day(db: Database) -> None:
    chat = await Newsroom(db).chat(1, "Seoul")  # UTC, at noon
    planned = await schedule.set_zone(db, chat, "America/Los_Angeles", NOON)  # 05:00 there
    assert planned.next_run == datetime(2024, 10, 22, 15, 0, tzinfo=UTC)


async def test_who_flies_east_over_a_slot_gets_it_at_once_and_once(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", timezone="Europe/Berlin")
    await newsroom.publish("Harbour ferries stop")
    at_five = datetime(2024, 10, 23, 5, 0, tzinfo=UTC)  # 07:00 in Berlin, 14:00 in Tokyo
    await schedule.set_zone(db, chat, "Asia/Tokyo", at_five)
    assert await brief_due(db, newsroom.workers, at_five) == 1
    assert await brief_due(db, newsroom.workers, at_five + HOUR) == 0
    assert await slots(db, chat) == [Slot(date(2024, 10, 23), time(8))]
    assert (await current(db, chat)).next_run_at == datetime(2024, 10, 23, 23, 0, tzinfo=UTC)


async def test_who_flies_west_gets_no_second_briefing_of_the_same_day(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", timezone="Pacific/Auckland")
    at_eight = datetime(2024, 10, 22, 19, 0, tzinfo=UTC)  # 23 October, 08:00 in Auckland
    assert await brief_due(db, newsroom.workers, at_eight) == 1
    moved = await schedule.set_zone(db, chat, "America/Los_Angeles", at_eight + HOUR)  # 22 October there
    assert moved.next_run == datetime(2024, 10, 24, 15, 0, tzinfo=UTC)
    replaced = await schedule.set_times(db, chat, [EIGHT, Times((time(9),))], at_eight + HOUR)
    assert replaced.next_run == datetime(2024, 10, 23, 16, 0, tzinfo=UTC)  # nine o'clock is new


async def test_what_is_due_while_the_times_are_changed_still_comes(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    await newsroom.publish("Harbour ferries stop")
    late = NOON + 20 * HOUR + timedelta(seconds=30)  # just behind eight
    await schedule.set_times(db, chat, [Times((time(9),))], late)
    assert await brief_due(db, newsroom.workers, late) == 1
    assert await brief_due(db, newsroom.workers, NOON + 21 * HOUR) == 1


async def test_new_times_count_from_now(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    await schedule.set_times(db, chat, parse_times("7:00 11:59 12:00"), NOON)
    assert await brief_due(db, newsroom.workers, NOON) == 0
    assert (await current(db, chat)).next_run_at == NOON + 19 * HOUR


async def test_quiet_hours_hold_a_briefing_until_they_end(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    await schedule.set_times(db, chat, parse_times("6:30 23:00"), NOON)
    quiet = await schedule.set_quiet_hours(db, chat, QuietHours(time(22), time(7)), NOON)
    seven = NOON + 19 * HOUR
    assert quiet.next_run == quiet.chat.next_run_at == seven
    assert (await current(db, chat)).quiet_hours == QuietHours(time(22), time(7))
    await newsroom.publish("Harbour ferries stop")
    assert await brief_due(db, newsroom.workers, seven - HOUR) == 0
    assert await brief_due(db, newsroom.workers, seven) == 1
    assert len(await newsroom.told(chat)) == 1
    assert (await current(db, chat)).next_run_at == seven + DAY
    loud = await schedule.set_quiet_hours(db, chat, None, seven)
    assert loud.next_run == seven + 16 * HOUR


async def test_hours_that_begin_before_a_late_briefing_hold_it_too(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    await schedule.set_times(db, chat, parse_times("21:00"), NOON)
    await schedule.set_quiet_hours(db, chat, QuietHours(time(22), time(7)), NOON)
    await newsroom.publish("Harbour ferries stop")
    back = NOON + 11 * HOUR  # the program was down until 23:00
    assert await brief_due(db, newsroom.workers, back) == 1
    assert await newsroom.told(chat) == []
    assert await brief_due(db, newsroom.workers, NOON + 19 * HOUR) == 1
    assert len(await newsroom.told(chat)) == 1


async def test_a_pause_skips_its_slots_and_the_first_briefing_afterwards_has_the_news(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    until = datetime(2024, 10, 25, 0, 0, tzinfo=UTC)
    paused = await schedule.pause(db, chat, until, NOON)
    assert paused.next_run == until + 8 * HOUR
    await newsroom.publish("Harbour ferries stop", at=NOON + HOUR)
    assert await brief_due(db, newsroom.workers, until) == 0
    assert await brief_due(db, newsroom.workers, until + 8 * HOUR) == 1
    assert await slots(db, chat) == [Slot(date(2024, 10, 25), time(8))]
    assert len(await newsroom.told(chat)) == 1


async def test_who_resumes_is_due_at_the_next_time(db: Database) -> None:
    chat = await Newsroom(db).chat(1, "harbour")
    await schedule.pause(db, chat, NOON + 30 * DAY, NOON)
    await schedule.set_times(db, chat, [EIGHT, Times((time(9),))], NOON)
    assert (await current(db, chat)).next_run_at == NOON + 29 * DAY + 20 * HOUR + DAY
    resumed = await schedule.resume(db, chat, NOON + HOUR)
    assert resumed.next_run == NOON + 20 * HOUR
    assert resumed.chat.paused_until is None


async def test_a_chat_without_a_schedule_may_pause_and_move(db: Database) -> None:
    chat = await Newsroom(db).chat(1)
    assert (await schedule.pause(db, chat, NOON + DAY, NOON)).next_run is None
    assert (await schedule.set_zone(db, chat, "Asia/Tokyo", NOON)).next_run is None
    assert (await schedule.set_quiet_hours(db, chat, QuietHours(time(1), time(2)), NOON)).next_run is None
