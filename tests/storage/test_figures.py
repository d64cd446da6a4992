"""What `/metrics` says of the database."""

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from bot.storage import figures
from bot.storage.database import Database, Tx
from bot.storage.tables import articles, chats, deliveries, sources, stories
from tests.conftest import NOON

LONG_AGO = NOON - timedelta(minutes=3)


async def _source(tx: Tx, number: int, **values: Any) -> None:
    row = {"kind": "feed", "url": f"https://e.com/{number}", "state": "active", "error_facts": {}, "created_at": NOON}
    await tx.execute(sa.insert(sources).values(**row | values))


async def _article(tx: Tx, number: int, **values: Any) -> None:
    row = {
        "source_id": 1,
        "url_key": f"e.com/{number}",
        "folded": "",
        "authors": [],
        "tags": [],
        "keywords": [],
        "received_at": LONG_AGO,
        "shown_at": LONG_AGO,
    }
    await tx.execute(sa.insert(articles).values(**row | values))


async def _delivery(tx: Tx, number: int, **values: Any) -> None:
    row = {
        "chat_id": 1,
        "kind": "reply",
        "priority": 1,
        "key": str(number),
        "message": {},
        "state": "queued",
        "created_at": LONG_AGO,
        "not_before": LONG_AGO,
    }
    await tx.execute(sa.insert(deliveries).values(**row | values))


async def test_an_empty_database_has_nothing_and_nothing_waits(db: Database) -> None:
    async with db.read() as tx:
        seen = await figures.figures(tx, NOON)
    assert set(seen.totals.values()) == {0}
    assert set(seen.queues.values()) == {(0, 0.0)}
    assert seen.deliveries["queued"] == seen.deliveries["sent"] == 0


async def test_every_queue_tells_how_many_wait_and_since_when(db: Database) -> None:
    async with db.write() as tx:
        await _source(tx, 1, next_fetch_at=NOON - timedelta(seconds=5))
        await _source(tx, 2, next_fetch_at=NOON + timedelta(hours=1), failures=2)
        await _source(tx, 3, state="paused", next_fetch_at=LONG_AGO)
        await tx.execute(sa.insert(stories).values(created_at=NOON, last_article_at=NOON))
        await _article(tx, 1)
        await _article(tx, 2, story_id=1, matched_at=NOON, alerted_at=NOON)
    async with db.read() as tx:
        seen = await figures.figures(tx, NOON)
    assert seen.totals == {"articles": 2, "stories": 1, "matches": 0, "subscriptions": 0, "chats": 0}
    assert seen.sources == {"active": 2, "paused": 1, "failing": 1}
    assert {name: seen.queues[name] for name in ("group", "match", "alert")} == dict.fromkeys(
        ("group", "match", "alert"), (1, 180.0)
    )
    assert seen.queues["collect"] == (1, 5.0)


async def test_a_message_that_may_not_go_yet_does_not_wait(db: Database) -> None:
    async with db.write() as tx:
        await tx.execute(sa.insert(chats).values(telegram_chat_id=7, kind="private", state="active", created_at=NOON))
        await _delivery(tx, 1)
        await _delivery(tx, 2, not_before=NOON + timedelta(hours=8))
        await _delivery(tx, 3, state="sent")
    async with db.read() as tx:
        seen = await figures.figures(tx, NOON)
    assert seen.queues["deliver"] == (1, 180.0)
    assert (seen.deliveries["queued"], seen.deliveries["sent"]) == (2, 1)


async def test_a_database_that_is_there_answers(db: Database) -> None:
    async with db.read() as tx:
        assert await figures.answers(tx)
