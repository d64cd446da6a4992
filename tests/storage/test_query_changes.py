"""The log of what came to be followed or ceased to be: nothing is missed, whoever commits when."""

import pytest

from bot.model import Mode, Subscription
from bot.storage import chats, query_changes, subscriptions
from bot.storage.database import Database, Tx
from tests.conftest import NOON
from tests.make import a_chat


async def follow(tx: Tx, chat_id: int, canonical: str) -> Subscription:
    """The chat's subscription to a query."""
    added, _ = await subscriptions.add(
        tx, chat_id=chat_id, canonical=canonical, text=canonical, label="", mode=Mode.BRIEFING, now=NOON
    )
    return added


async def read(db: Database, place: int) -> tuple[dict[int, str | None], int]:
    """What changed since a position."""
    async with db.read() as tx:
        return await query_changes.since(tx, place)


async def nothing_new(db: Database, place: int, known: dict[int, str | None]) -> bool:
    """Whether a read tells nothing but what was known; PostgreSQL repeats what came while others were writing."""
    return (await read(db, place))[0].items() <= known.items()


async def test_what_changed_is_told_with_how_it_stands_now(db: Database) -> None:
    async with db.write() as tx:
        place = await query_changes.position(tx)
        one, other = await a_chat(tx, 1), await a_chat(tx, 2)
        seoul, busan = await follow(tx, one.id, "seoul"), await follow(tx, one.id, "busan")
        await follow(tx, other.id, "seoul")
    changed, place = await read(db, place)
    assert changed == {seoul.query_id: "seoul", busan.query_id: "busan"}
    assert await nothing_new(db, place, changed)
    async with db.write() as tx:
        await subscriptions.remove(tx, seoul.id)
        await subscriptions.remove(tx, seoul.id)
        await subscriptions.remove(tx, busan.id)
    changed, place = await read(db, place)
    assert changed == {seoul.query_id: "seoul", busan.query_id: None}
    async with db.write() as tx:
        await chats.delete(tx, other.id)
    changed, place = await read(db, place)
    assert changed | {busan.query_id: None} == {seoul.query_id: None, busan.query_id: None}
    assert await nothing_new(db, place, changed)


@pytest.mark.postgres
async def test_what_is_stored_late_by_an_older_transaction_is_not_missed(postgres_db: Database) -> None:
    db = postgres_db
    async with db.write() as tx:
        chat = await a_chat(tx, 1)
        place = await query_changes.position(tx)
    async with db.write() as slow:
        early = await follow(slow, chat.id, "early")
        async with db.write() as tx:
            late = await follow(tx, chat.id, "late")
        changed, place = await read(db, place)
        assert changed == {late.query_id: "late"}
    changed, place = await read(db, place)
    assert changed[early.query_id] == "early"
    assert await nothing_new(db, place, changed)


async def test_the_log_does_not_grow_for_ever(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_changes, "KEPT", 2)
    async with db.write() as tx:
        chat = await a_chat(tx)
        for number in range(5):
            await follow(tx, chat.id, f"topic{number}")
        place = await query_changes.position(tx)
    async with db.write() as tx:
        assert await query_changes.forget_old(tx) == 3
        assert await query_changes.forget_old(tx) == 0
        later = await follow(tx, chat.id, "later")
    assert later.query_id in (await read(db, place))[0]
