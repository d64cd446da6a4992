"""The outbox on both databases."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.model import (
    Button,
    ChatKind,
    ChatState,
    Delivery,
    DeliveryKind,
    DeliveryState,
    Message,
    Mode,
    NewAlert,
    NewDelivery,
)
from bot.rules.delivery import MAX_UNCERTAIN_ATTEMPTS, Settlement
from bot.storage import alerts, broadcasts, chats, deliveries
from bot.storage import told as told_storage
from bot.storage.database import Database
from bot.storage.tables import deliveries as outbox
from bot.storage.tables import metadata, queries, stories, subscriptions, told, users
from tests.conftest import NOON
from tests.fakes import meet_chat, record, to_change, to_send

LATER = NOON + timedelta(minutes=5)


async def due(db: Database, limit: int = 50, excluding: tuple[int, ...] = ()) -> list[Delivery]:
    async with db.read() as tx:
        return await deliveries.due(tx, NOON, limit, excluding=excluding)


async def put_on_wire(db: Database, *wanted: Delivery) -> list[Delivery]:
    async with db.write() as tx:
        marked = await deliveries.mark_sending(tx, [one.id for one in wanted], NOON)
    return [replace(one, attempts=one.attempts + 1) for one in wanted if one.id in marked]


async def settle(db: Database, *settlements: Settlement) -> None:
    async with db.write() as tx:
        await deliveries.settle(tx, settlements, LATER)


async def reread(db: Database, delivery: Delivery) -> Delivery:
    async with db.read() as tx:
        found = await deliveries.get(tx, delivery.id)
    assert found is not None
    return found


def texts(found: list[Delivery]) -> list[str]:
    return [one.message.text for one in found]


async def test_a_message_comes_back_as_it_was_recorded(db: Database) -> None:
    chat = await meet_chat(db, -5, ChatKind.SUPERGROUP, thread_id=7)
    message = Message("<b>News</b>", ((Button("More", data="m"), Button("Read", url="https://e.com")),), True, True)
    new = NewDelivery(chat.id, DeliveryKind.BRIEFING, "k", message, not_before=NOON, expires_at=LATER)
    assert await record(db, [new]) == 1
    (found,) = await due(db)
    assert found.message == message
    assert (found.telegram_chat_id, found.thread_id, found.chat_kind) == (-5, 7, ChatKind.SUPERGROUP)
    assert (found.kind, found.key, found.expires_at) == (DeliveryKind.BRIEFING, "k", LATER)
    async with db.read() as tx:
        assert await deliveries.of_chat(tx, chat.id) == [found]
        assert await deliveries.get(tx, 999) is None


async def test_the_same_key_is_recorded_once(db: Database) -> None:
    chat = await meet_chat(db, 1)
    one = to_send(chat, "News")
    assert await record(db, [one, to_send(chat, "More")]) == 2
    assert await record(db, [one, replace(one, message=Message("Other"))]) == 0
    assert await record(db, []) == 0


async def test_a_chat_shows_one_message_at_a_time_and_the_most_urgent_first(db: Database) -> None:
    ann, bob = await meet_chat(db, 1), await meet_chat(db, 2)
    await record(
        db,
        [
            to_send(ann, "Ann's briefing", DeliveryKind.BRIEFING),
            to_send(ann, "Ann's alert"),
            to_send(bob, "Bob's first alert"),
            to_send(bob, "Bob's second alert"),
            to_send(bob, "Bob's answer", DeliveryKind.REPLY),
        ],
    )
    assert texts(await due(db)) == ["Bob's answer", "Ann's alert"]
    assert texts(await due(db, limit=1)) == ["Bob's answer"]
    assert texts(await due(db, excluding=(bob.id,))) == ["Ann's alert"]


async def test_nothing_is_due_before_its_time_or_after_its_end(db: Database) -> None:
    chat = await meet_chat(db, 1)
    stale = replace(to_send(chat, "Yesterday's"), expires_at=NOON)
    await record(db, [stale, to_send(chat, "Tomorrow's", now=LATER), to_send(chat, "Today's")])
    assert texts(await due(db)) == ["Today's"]
    async with db.write() as tx:
        assert await deliveries.expire(tx, NOON) == 1
        assert await deliveries.expire(tx, NOON) == 0
        states = [one.state for one in await deliveries.of_chat(tx, chat.id)]
    assert states == [DeliveryState.EXPIRED, DeliveryState.QUEUED, DeliveryState.QUEUED]


@pytest.mark.parametrize(
    ("end", "is_told"), [("sent", True), ("expired", False), ("refused", False), ("uncertain", True), ("gone", False)]
)
async def test_what_never_arrived_is_told_no_longer(db: Database, end: str, is_told: bool) -> None:
    chat = await meet_chat(db, 1)
    async with db.write() as tx:
        await tx.execute(sa.insert(stories), [{"id": n, "created_at": NOON, "last_article_at": NOON} for n in (1, 2)])
    new = [replace(to_send(chat, text, key=text), expires_at=LATER) for text in ("Alert", "Update")]
    await record(db, [to_send(chat, "First", key="First")])
    (first,) = await due(db)
    await settle(db, Settlement((await put_on_wire(db, first))[0], DeliveryState.SENT))
    await record(db, new)
    async with db.write() as tx:
        ids = await deliveries.ids_of(tx, ["First", "Alert", "Update"])
        await told_storage.tell(tx, chat.id, {1: 10, 2: 20}, DeliveryKind.ALERT, NOON)
        rows = [(2, 15, ids["First"], False), (1, 10, ids["Alert"], False), (2, 20, ids["Update"], True)]
        new_alerts = [
            NewAlert(chat.id, story, article, 1, its, article, is_update) for story, article, its, is_update in rows
        ]
        await alerts.add(tx, new_alerts, NOON)
    if end == "expired":
        async with db.write() as tx:
            assert await deliveries.expire(tx, LATER) == 2
    elif end == "gone":
        async with db.write() as tx:
            await chats.set_gone(tx, 1, LATER)
    else:
        for _ in range(2):
            (marked,) = await put_on_wire(db, *await due(db))
            state = DeliveryState.SENT if end == "sent" else DeliveryState.FAILED
            await settle(db, Settlement(marked, state, uncertain=end == "uncertain"))
    async with db.read() as tx:
        facts = await told_storage.of(tx, [chat.id], [1, 2])
    known = {story: fact.last_article_id for (_, story), fact in facts.items()}
    assert known == ({1: 10, 2: 20} if is_told else {2: 15})


async def test_a_message_that_waits_for_another_try_holds_up_those_behind_it(db: Database) -> None:
    chat = await meet_chat(db, 1)
    await record(db, [to_send(chat, "First"), to_send(chat, "Second")])
    (first,) = await put_on_wire(db, *await due(db))
    assert await due(db) == []
    await settle(db, Settlement(first, DeliveryState.QUEUED, not_before=LATER, error="refused"))
    assert await due(db) == []
    await record(db, [to_send(chat, "Answer", DeliveryKind.REPLY)])
    assert texts(await due(db)) == ["Answer"]


async def test_a_message_goes_on_the_wire_once(db: Database) -> None:
    await record(db, [to_send(await meet_chat(db, 1), "News")])
    (found,) = await due(db)
    assert len(await put_on_wire(db, found)) == 1
    assert await put_on_wire(db, found) == []


async def test_a_sent_message_is_known_by_telegrams_number(db: Database) -> None:
    await record(db, [to_send(await meet_chat(db, 1), "News")])
    (found,) = await put_on_wire(db, *await due(db))
    await settle(db, Settlement(found, DeliveryState.SENT, message_id=77))
    after = await reread(db, found)
    assert (after.state, after.telegram_message_id, after.attempts) == (DeliveryState.SENT, 77, 1)


async def test_many_are_settled_in_one_unit_each_its_own_way(db: Database) -> None:
    await record(db, [to_send(await meet_chat(db, number), "News") for number in range(1, 6)])
    one, two, three, four, five = await put_on_wire(db, *await due(db))
    await settle(
        db,
        Settlement(one, DeliveryState.SENT, message_id=5),
        Settlement(two, DeliveryState.QUEUED, uncertain=True, not_before=LATER, error="timeout"),
        Settlement(three, DeliveryState.FAILED, error="too long"),
        Settlement(four, DeliveryState.SENT, message_id=6),
    )
    assert (await reread(db, five)).state is DeliveryState.SENDING
    after = [await reread(db, each) for each in (one, two, three, four)]
    states = [DeliveryState.SENT, DeliveryState.QUEUED, DeliveryState.FAILED, DeliveryState.SENT]
    assert [each.state for each in after] == states
    assert [each.uncertain for each in after] == [False, True, False, False]
    assert [each.telegram_message_id for each in after] == [5, None, None, 6]
    assert after[1].not_before == LATER


async def test_an_edit_that_tells_news_does_not_wait_for_a_later_one_that_may(db: Database) -> None:
    chat = await meet_chat(db, 1)
    await record(db, [to_send(chat, "News")])
    (target,) = await due(db)
    joins, adds = to_change(chat, target.id, "More news"), to_change(chat, target.id, "More news, also elsewhere")
    await record(db, [joins])
    await record(db, [replace(adds, kind=DeliveryKind.SUPPLEMENT)])
    await record(db, [replace(adds, kind=DeliveryKind.SUPPLEMENT, key="newer")])
    async with db.read() as tx:
        _, *edits = await deliveries.of_chat(tx, chat.id)
    assert [one.state for one in edits] == [DeliveryState.QUEUED, DeliveryState.CANCELLED, DeliveryState.QUEUED]


async def test_what_a_dead_sender_left_is_uncertain_and_only_a_broadcast_is_not_sent_again(db: Database) -> None:
    kinds = list(DeliveryKind)
    await record(db, [to_send(await meet_chat(db, 1 + n), "News", kind) for n, kind in enumerate(kinds)])
    found = await put_on_wire(db, *await due(db))
    async with db.write() as tx:
        assert await deliveries.recover(tx, LATER) == len(kinds)
        assert await deliveries.recover(tx, LATER) == 0
    after = [await reread(db, one) for one in found]
    assert all(one.uncertain for one in after)
    assert {one.kind for one in after if one.state is DeliveryState.QUEUED} == set(kinds) - {DeliveryKind.BROADCAST}
    assert {one.kind for one in after if one.state is DeliveryState.FAILED} == {DeliveryKind.BROADCAST}


async def test_a_message_on_which_eight_senders_died_is_given_up(db: Database) -> None:
    await record(db, [to_send(await meet_chat(db, 1), "News")])
    states = []
    for _ in range(MAX_UNCERTAIN_ATTEMPTS):
        (found,) = await put_on_wire(db, *await due(db))
        async with db.write() as tx:
            assert await deliveries.recover(tx, NOON) == 1
        states.append((await reread(db, found)).state)
    assert states == [DeliveryState.QUEUED] * (MAX_UNCERTAIN_ATTEMPTS - 1) + [DeliveryState.FAILED]
    assert await due(db) == []


async def test_a_late_sent_counts_after_a_new_sender_took_over(db: Database) -> None:
    await record(db, [to_send(await meet_chat(db, 1), "News")])
    (found,) = await put_on_wire(db, *await due(db))
    async with db.write() as tx:
        await deliveries.recover(tx, NOON)
    await settle(db, Settlement(found, DeliveryState.FAILED, error="late"))
    assert (await reread(db, found)).state is DeliveryState.QUEUED
    await settle(db, Settlement(found, DeliveryState.SENT, message_id=9))
    assert (await reread(db, found)).state is DeliveryState.SENT


async def test_an_answer_to_an_earlier_attempt_changes_nothing(db: Database) -> None:
    await record(db, [to_send(await meet_chat(db, 1), "News")])
    (first,) = await put_on_wire(db, *await due(db))
    async with db.write() as tx:
        await deliveries.recover(tx, NOON)
    await put_on_wire(db, *await due(db))
    await settle(db, Settlement(first, DeliveryState.SENT, message_id=9))
    assert (await reread(db, first)).state is DeliveryState.SENDING


async def test_a_gone_chat_gets_nothing_more_until_it_returns(db: Database) -> None:
    chat = await meet_chat(db, 1)
    await record(db, [to_send(chat, "First"), to_send(chat, "Second")])
    (first,) = await put_on_wire(db, *await due(db))
    await settle(db, Settlement(first, DeliveryState.FAILED, chat_gone=True, error="chat gone: blocked"))
    async with db.read() as tx:
        gone = await chats.get(tx, chat.id)
        states = [one.state for one in await deliveries.of_chat(tx, chat.id)]
    assert gone is not None
    assert gone.state is ChatState.GONE
    assert states == [DeliveryState.FAILED, DeliveryState.CANCELLED]
    await record(db, [to_send(chat, "Third")])
    assert await due(db) == []
    await meet_chat(db, 1)
    assert texts(await due(db)) == ["Third"]


async def test_a_migrated_group_goes_on_under_its_new_id(db: Database) -> None:
    topics = [await meet_chat(db, -5, ChatKind.GROUP), await meet_chat(db, -5, ChatKind.GROUP, thread_id=3)]
    await record(db, [to_send(topic, "News") for topic in topics])
    (found,) = await put_on_wire(db, (await due(db))[0])
    await settle(db, Settlement(found, DeliveryState.QUEUED, not_before=NOON, new_chat_id=-100_5))
    again = await due(db)
    assert {one.telegram_chat_id for one in again} == {-100_5}
    assert {one.chat_kind for one in again} == {ChatKind.SUPERGROUP}
    assert sorted(one.chat_id for one in again) == sorted(topic.id for topic in topics)


async def test_a_group_known_under_both_ids_becomes_one_chat_and_is_told_nothing_twice(db: Database) -> None:
    old, new = await meet_chat(db, -5, ChatKind.GROUP), await meet_chat(db, -100_5, ChatKind.SUPERGROUP)
    async with db.write() as tx:
        await tx.execute(sa.insert(queries), [{"id": n, "canonical": f"q{n}", "created_at": NOON} for n in (1, 2)])
        for chat, query in ((old, 1), (old, 2), (new, 2)):
            row = {"chat_id": chat.id, "query_id": query, "mode": Mode.ALERT, "created_at": NOON}
            await tx.execute(sa.insert(subscriptions).values(row))
        await tx.execute(sa.insert(stories), [{"id": n, "created_at": NOON, "last_article_at": NOON} for n in (1, 2)])
        for chat, story in ((old, 1), (old, 2), (new, 2)):
            row = {"chat_id": chat.id, "story_id": story, "how": DeliveryKind.ALERT, "told_at": NOON}
            await tx.execute(sa.insert(told).values(row))
        admin = {"id": 1, "telegram_user_id": 9, "role": "owner", "access": "allowed", "created_at": NOON}
        await tx.execute(sa.insert(users).values(admin))
        post = await broadcasts.add(tx, text="Post", article_id=None, created_by=1, now=NOON)
        await broadcasts.enqueue_to_all(tx, post.id, NOON)
    await record(db, [to_send(old, "Alert")])
    async with db.write() as tx:
        await deliveries.move_chat(tx, -5, -100_5, NOON)
        assert await chats.get(tx, old.id) is None
        followed = (await tx.execute(sa.select(subscriptions.c.chat_id, subscriptions.c.query_id))).all()
        heard = (await tx.execute(sa.select(told.c.chat_id, told.c.story_id))).all()
        mine = await deliveries.of_chat(tx, new.id)
    assert sorted(map(tuple, followed)) == [(new.id, 1), (new.id, 2)]
    assert sorted(map(tuple, heard)) == [(new.id, 1), (new.id, 2)]
    assert [(one.message.text, one.state) for one in mine] == [
        ("Post", DeliveryState.CANCELLED),
        ("Post", DeliveryState.QUEUED),
        ("Alert", DeliveryState.QUEUED),
    ]


@pytest.mark.parametrize("table", [one for one in metadata.sorted_tables if "chat_id" in one.columns], ids=str)
def test_whatever_belongs_to_a_chat_is_tied_to_it_so_that_it_moves_along(table: sa.Table) -> None:
    assert [key.column.table.name for key in table.c.chat_id.foreign_keys] == ["chats"]


async def test_the_next_messages_are_found_without_reading_the_whole_queue(sqlite_db: Database) -> None:
    asked: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    sa.event.listen(sqlite_db.engine.sync_engine, "before_cursor_execute", listen)
    await due(sqlite_db)
    statement, parameters = next(one for one in asked if one[0].startswith("SELECT deliveries.id"))
    async with sqlite_db.read() as tx:
        rows = await tx.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)
        plan = [row.detail for row in rows]
    assert any("ix_deliveries_due" in step for step in plan), plan
    assert any("ix_deliveries_open" in step for step in plan), plan
    assert not any("TEMP B-TREE" in step for step in plan), plan


async def test_what_is_held_after_it_was_found_due_does_not_go_on_the_wire(db: Database) -> None:
    first, second = await meet_chat(db, 1), await meet_chat(db, 2)
    await record(db, [to_send(first, "Held"), to_send(second, "News")])
    found = await due(db)
    async with db.write() as tx:
        held = sa.update(outbox).where(outbox.c.chat_id == first.id)
        await tx.execute(held.values(not_before=broadcasts.HELD))
    assert texts(await put_on_wire(db, *found)) == ["News"]


async def test_only_some_chats_may_be_asked_about(db: Database) -> None:
    people = [await meet_chat(db, number) for number in (1, 2, 3)]
    await record(db, [to_send(chat, f"To {chat.telegram_chat_id}") for chat in people])
    async with db.read() as tx:
        found = await deliveries.due(tx, NOON, 50, chats_only=[people[2].id, 999])
    assert texts(found) == ["To 3"]
