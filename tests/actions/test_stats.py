"""How the bot stands, for its admins."""

from datetime import time, timedelta

import pytest

from bot.actions.account import Visitor
from bot.actions.stats import Outlook, stats
from bot.errors import AccessDenied
from bot.model import Role, SourceKind, Times
from bot.rules.health import Health
from bot.storage import chats, polling, schedules, sources
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import DAY, HOUR, Newsroom, a_user, due_now


async def test_admins_see_what_there_is_and_what_is_coming(db: Database) -> None:
    newsroom = Newsroom(db)
    people = [await newsroom.chat(number, "harbour", timezone="UTC") for number in range(1, 4)]
    await newsroom.publish("Harbour ferries stop", at=NOON)
    async with db.write() as tx:
        await chats.set_gone(tx, 3, NOON)
        admin = await a_user(tx, 1, role=Role.ADMIN)
        feed = await sources.add(tx, kind=SourceKind.FEED, url="https://p.example/feed", now=NOON, next_fetch_at=NOON)
        assert feed is not None
        await polling.record_failure(
            tx, feed.id, now=NOON, next_fetch_at=NOON + DAY, error_key="timeout", error_facts={}
        )
    outlook = Outlook(db, 0.5)
    seen = await stats(db, outlook, Visitor(admin, people[0]), NOON + timedelta(minutes=1))
    assert (seen.growth.active_chats, seen.growth.gone_chats, seen.growth.scheduled_chats) == (2, 1, 2)
    assert (seen.growth.queries, seen.growth.articles_in_day, seen.growth.articles_in_hour) == (1, 1, 1)
    assert seen.growth.sent_in_day == 0
    assert [(source.id, how) for source, how in seen.ailing] == [(feed.id, Health.ILL)]
    assert seen.well == 1
    assert seen.rush is not None
    assert (seen.rush.at, seen.rush.briefings, seen.rush.lateness) == (NOON + 20 * HOUR, 2, 4.0)
    with pytest.raises(AccessDenied):
        async with db.write() as tx:
            reader = await a_user(tx, 2)
        await stats(db, outlook, Visitor(reader, people[1]), NOON)


async def test_a_forecast_holds_a_minute(db: Database) -> None:
    newsroom = Newsroom(db)
    outlook = Outlook(db, 28)
    assert await outlook.rush(NOON) is None
    chat = await newsroom.chat(1)
    async with db.write() as tx:
        await due_now(tx, chat)
    assert await outlook.rush(NOON + timedelta(seconds=59)) is None
    assert await outlook.rush(NOON + timedelta(seconds=60)) is not None


async def test_who_is_briefed_before_a_rush_is_in_it_again(db: Database) -> None:
    newsroom = Newsroom(db)
    early, *others = [await newsroom.chat(number, timezone="UTC") for number in range(1, 4)]
    async with db.write() as tx:
        for chat in (early, *others):
            await schedules.add(tx, chat.id, Times((time(9),)))
        await due_now(tx, early, now=NOON + 17 * HOUR)
        for chat in others:
            await due_now(tx, chat, now=NOON + 21 * HOUR)
    rush = await Outlook(db, 1.0).rush(NOON)
    assert rush is not None
    assert (rush.at, rush.briefings, rush.lateness) == (NOON + 21 * HOUR, 3, 3.0)
