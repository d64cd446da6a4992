"""Messages that change an earlier one: edits, deletions and replies go through the outbox like everything else."""

import asyncio
from dataclasses import replace

import pytest

from bot.model import Chat, Delivery, DeliveryKind, DeliveryState, Operation
from bot.pipeline.deliver import Sender
from bot.pipeline.leading import LEASE
from bot.ports import SendResult, SendStatus
from bot.rules.pacer import Pacer
from bot.storage import deliveries
from bot.storage.database import Database
from tests.conftest import FakeClock
from tests.fakes import FakeMessenger, meet_chat, record, to_change, to_send


def sender(db: Database, messenger: FakeMessenger, clock: FakeClock) -> Sender:
    return Sender(db, messenger, Pacer(1_000), clock)


async def outbox(db: Database, chat: Chat) -> list[Delivery]:
    async with db.read() as tx:
        return await deliveries.of_chat(tx, chat.id)


async def a_sent_message(db: Database, telegram: FakeMessenger, clock: FakeClock) -> tuple[Chat, int]:
    """A chat that has a message, and the id of its delivery."""
    chat = await meet_chat(db, 1)
    await record(db, [to_send(chat, "News", key="alert")])
    await sender(db, telegram, clock).run()
    async with db.read() as tx:
        return chat, (await deliveries.ids_of(tx, ["alert", "unknown"]))["alert"]


@pytest.fixture
def telegram() -> FakeMessenger:
    return FakeMessenger()


async def test_a_message_is_edited_replied_to_and_deleted(
    db: Database, clock: FakeClock, telegram: FakeMessenger
) -> None:
    sending = sender(db, telegram, clock)
    chat, first = await a_sent_message(db, telegram, clock)
    clock.move(seconds=LEASE)
    await record(db, [to_change(chat, first, "Newer"), to_change(chat, first, "Reply", Operation.SEND)])
    await sending.run()
    await record(db, [to_change(chat, first, "", Operation.DELETE)])
    await sending.run()
    assert telegram.changes == [("edit", 1, "Newer"), ("delete", 1, "")]
    assert [(one.message.text, one.reply_to) for one in telegram.sent] == [("News", None), ("Reply", 1)]
    assert {one.state for one in await outbox(db, chat)} == {DeliveryState.SENT}


async def test_a_change_waits_for_its_message_whatever_is_more_urgent(
    db: Database, clock: FakeClock, telegram: FakeMessenger
) -> None:
    chat = await meet_chat(db, 1)
    await record(db, [to_send(chat, "Post", DeliveryKind.BROADCAST)])
    (post,) = await outbox(db, chat)
    await record(db, [replace(to_change(chat, post.id, "Better"), kind=DeliveryKind.REPLY)])
    assert await sender(db, telegram, clock).run() == 2
    assert (telegram.texts(1), telegram.changes) == (["Post"], [("edit", 1, "Better")])


async def test_only_the_last_of_several_waiting_edits_is_made(
    db: Database, clock: FakeClock, telegram: FakeMessenger
) -> None:
    chat, first = await a_sent_message(db, telegram, clock)
    clock.move(seconds=LEASE)
    await record(db, [to_change(chat, first, "Second"), to_change(chat, first, "Third")])
    await record(db, [to_change(chat, first, "Fourth")])
    assert await record(db, [to_change(chat, first, "Second")]) == 0
    await sender(db, telegram, clock).run()
    assert telegram.changes == [("edit", 1, "Fourth")]


async def test_what_never_arrived_has_nothing_to_change(
    db: Database, clock: FakeClock, telegram: FakeMessenger
) -> None:
    chat = await meet_chat(db, 1)
    telegram.script(1, SendStatus.REFUSED)
    await record(db, [to_send(chat, "News")])
    (news,) = await outbox(db, chat)
    await record(db, [to_change(chat, news.id, "Newer"), to_change(chat, news.id, "", Operation.DELETE)])
    await record(db, [to_change(chat, news.id, "Reply", Operation.SEND)])
    await sender(db, telegram, clock).run()
    assert [one.state for one in await outbox(db, chat)] == [
        DeliveryState.FAILED,
        DeliveryState.CANCELLED,
        DeliveryState.SENT,
        DeliveryState.SENT,
    ]
    assert (telegram.changes, telegram.sent[0].reply_to) == ([], None)


async def test_what_can_no_longer_be_deleted_is_edited_where_there_is_a_text_for_it(
    db: Database, clock: FakeClock, telegram: FakeMessenger
) -> None:
    chat, first = await a_sent_message(db, telegram, clock)
    sending = sender(db, telegram, clock)
    clock.move(seconds=LEASE)
    telegram.script(1, SendStatus.LASTING)
    await record(db, [to_change(chat, first, "Withdrawn", Operation.DELETE)])
    await sending.run()
    telegram.script(1, SendStatus.LASTING)
    await record(db, [to_change(chat, first, "", Operation.DELETE)])
    await sending.run()
    assert telegram.changes == [("delete", 1, ""), ("edit", 1, "Withdrawn"), ("delete", 1, "")]
    assert [one.state for one in await outbox(db, chat)][1:] == [DeliveryState.SENT, DeliveryState.FAILED]


async def test_an_edit_that_a_dead_sender_left_is_made_again_without_a_doubt(
    db: Database, clock: FakeClock, telegram: FakeMessenger
) -> None:
    chat, first = await a_sent_message(db, telegram, clock)
    await record(db, [replace(to_change(chat, first, "Newer"), kind=DeliveryKind.BROADCAST)])
    async with db.write() as tx:
        (edit,) = await deliveries.due(tx, clock.now(), 10)
        await deliveries.mark_sending(tx, [edit.id], clock.now())
    clock.move(seconds=LEASE)
    await sender(db, telegram, clock).run()
    after = (await outbox(db, chat))[1]
    assert (after.state, after.uncertain, after.attempts) == (DeliveryState.SENT, False, 2)


async def test_messages_of_a_group_that_moved_are_not_edited_by_their_old_numbers(
    db: Database, clock: FakeClock, telegram: FakeMessenger
) -> None:
    chat, first = await a_sent_message(db, telegram, clock)
    async with db.write() as tx:
        await deliveries.move_chat(tx, 1, -1001, clock.now())
    clock.move(seconds=LEASE)
    await record(db, [to_change(chat, first, "Newer")])
    await sender(db, telegram, clock).run()
    assert telegram.changes == []
    assert (await outbox(db, chat))[1].state is DeliveryState.CANCELLED


async def test_a_429_on_an_edit_delays_it(db: Database, clock: FakeClock, telegram: FakeMessenger) -> None:
    chat, first = await a_sent_message(db, telegram, clock)
    clock.move(seconds=LEASE)
    telegram.script(1, SendResult(SendStatus.FLOOD, retry_after=0.2))
    await record(db, [to_change(chat, first, "Newer")])
    sending = sender(db, telegram, clock)
    await sending.run()
    clock.move(seconds=1)
    await asyncio.sleep(0.2)
    await sending.run()
    assert (await outbox(db, chat))[1].state is DeliveryState.SENT
