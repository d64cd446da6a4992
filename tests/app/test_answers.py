"""Every answer that Telegram may give to a message, through the whole program: what becomes of it, and who is told."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.app import App
from bot.model import Chat, ChatKind, ChatState, Delivery, DeliveryKind, DeliveryState, Message, NewDelivery, Operation
from bot.sandbox import cast
from bot.sandbox.server import Sandbox
from bot.storage import chats, deliveries
from tests.app.conftest import Start

GROUP, FORUM = "Harbour watch", "Newsroom"
PATIENCE = 15.0  # seconds


async def meet(app: App, telegram_chat_id: int, kind: ChatKind, *, thread_id: int = 0) -> Chat:
    async with app.db.write() as tx:
        return await chats.meet(
            tx, telegram_chat_id=telegram_chat_id, thread_id=thread_id, kind=kind, title="Newsroom",
            language="en", timezone="UTC", now=app.clock.now(),
        )  # fmt: skip


async def send(app: App, chat: Chat, text: str, kind: DeliveryKind = DeliveryKind.ALERT) -> None:
    now = app.clock.now()
    async with app.db.write() as tx:
        await deliveries.enqueue(tx, [NewDelivery(chat.id, kind, f"{chat.id}:{text}", Message(text), now)], now)
    app.wake("deliver")


async def outbox(app: App, chat: Chat) -> list[Delivery]:
    async with app.db.read() as tx:
        return await deliveries.of_chat(tx, chat.id)


async def until(app: App, chat: Chat, holds: Callable[[list[Delivery]], bool]) -> list[Delivery]:
    """Waits until the chat's messages are as wanted; every step of the program is an occasion to look."""
    stepped = asyncio.Event()
    app._listeners.append(stepped.set)
    async with asyncio.timeout(PATIENCE):
        while not holds(found := await outbox(app, chat)):
            await stepped.wait()
            stepped.clear()
    return found


def settled(found: list[Delivery]) -> bool:
    return all(one.state not in (DeliveryState.QUEUED, DeliveryState.SENDING) for one in found)


async def digested(sandbox: Sandbox) -> None:
    """Waits until the program has dealt with everything that it was told: it answers what comes last."""
    await sandbox.ask("Ada", "/list", "follow")


async def you(app: App, sandbox: Sandbox) -> Chat:
    """The newcomer's private chat, which has begun."""
    await sandbox.ask("You", "/list", "You follow nothing yet")
    return await meet(app, cast.YOU_ID, ChatKind.PRIVATE)


async def state_of(app: App, chat: Chat) -> ChatState:
    async with app.db.read() as tx:
        found = await chats.get(tx, chat.id)
    assert found is not None
    return found.state


@pytest.mark.parametrize("kind", ["blocked", "kicked", "deactivated", "chat_not_found"])
async def test_who_is_gone_gets_nothing_more_until_they_come_back(sandbox: Sandbox, start: Start, kind: str) -> None:
    app = await start()
    chat = await you(app, sandbox)
    fault = sandbox.fail(kind, "sendMessage", chat="You", times=None)
    await send(app, chat, "First")
    await until(app, chat, settled)
    await send(app, chat, "Second")
    assert await state_of(app, chat) is ChatState.GONE
    sandbox.recover()
    await sandbox.ask("You", "/start")
    await send(app, chat, "Third")
    found = await until(app, chat, settled)
    assert fault.met == 1
    assert found[0].state is DeliveryState.FAILED
    assert [message.text for message in sandbox.sent("You")].count("First") == 0
    assert await state_of(app, chat) is ChatState.ACTIVE


async def test_who_unblocks_the_bot_is_live_again_with_all_that_they_follow(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await sandbox.ask("You", "/subscribe North Korea", "Following")
    chat = await meet(app, cast.YOU_ID, ChatKind.PRIVATE)
    sandbox.block("You")
    await digested(sandbox)
    assert await state_of(app, chat) is ChatState.GONE
    sandbox.unblock("You")
    await digested(sandbox)
    await send(app, chat, "Welcome back")
    await sandbox.wait_for("You", "Welcome back", since=0)
    await sandbox.ask("You", "/list", "North Korea")


async def test_every_topic_of_a_forum_lives_again_when_the_bot_is_back(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    sandbox.add_bot(FORUM)
    topics = [await meet(app, cast.FORUM_ID, ChatKind.SUPERGROUP, thread_id=thread) for thread in (2, 3)]
    sandbox.remove_bot(FORUM)
    await digested(sandbox)
    assert [await state_of(app, topic) for topic in topics] == [ChatState.GONE] * 2
    sandbox.add_bot(FORUM)
    await digested(sandbox)
    assert [await state_of(app, topic) for topic in topics] == [ChatState.ACTIVE] * 2


async def test_a_429_delays_one_chat_for_exactly_its_time(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    chat, other = await you(app, sandbox), await meet(app, cast.GROUP_ID, ChatKind.GROUP)
    sandbox.add_bot(GROUP)
    sandbox.fail("flood", "sendMessage", chat="You", seconds=4)
    await send(app, chat, "Late")
    await until(app, chat, lambda found: found[0].attempts == 1 and found[0].state is DeliveryState.QUEUED)
    await send(app, other, "At once")
    await sandbox.wait_for(GROUP, "At once", since=0)
    await until(app, chat, settled)
    refused, sent = [call for call in sandbox.calls_of("sendMessage") if call.params["text"] == "Late"]
    (quick,) = [call for call in sandbox.calls_of("sendMessage") if call.params["text"] == "At once"]
    assert refused.time + 4 <= sent.time
    assert quick.time < sent.time


async def test_a_group_that_became_a_supergroup_gets_everything_there_once(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    sandbox.add_bot(GROUP)
    await sandbox.ask(GROUP, "/subscribe@briefwire_bot North Korea", "Following", user="You")
    chat = await meet(app, cast.GROUP_ID, ChatKind.GROUP)
    supergroup = -1_001_999_999_999
    sandbox.world.privacy_mode = True
    old = sandbox.world.chat(GROUP)
    new = replace(old, id=supergroup, type="supergroup", title="New harbour watch", messages=[], members=old.members)
    sandbox.world.add_chat(new)
    sandbox.fail("migrated", "sendMessage", chat=old, times=None, new_chat=supergroup)
    await send(app, chat, "A")
    await send(app, chat, "B")
    await until(app, chat, settled)
    assert [message.text for message in sandbox.sent(new)] == ["A", "B"]


async def test_the_note_that_a_group_has_moved_is_enough(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    sandbox.add_bot(GROUP)
    await sandbox.ask(GROUP, "/subscribe@briefwire_bot North Korea", "Following", user="You")
    new = sandbox.upgrade(GROUP)
    await digested(sandbox)
    async with app.db.read() as tx:
        moved = await chats.get(tx, (await meet(app, new.id, ChatKind.SUPERGROUP)).id)
    assert moved is not None
    await send(app, moved, "News")
    await sandbox.wait_for(new, "News", since=0)
    assert not any(call.refusal for call in sandbox.calls_of("sendMessage"))
    await sandbox.say(new, "/list@briefwire_bot", user="You")
    await sandbox.wait_for(new, "North Korea")


@pytest.mark.parametrize("kind", ["cannot_parse", "too_long"])
async def test_what_telegram_cannot_read_goes_as_plain_text_and_the_admin_is_told(
    sandbox: Sandbox, start: Start, kind: str
) -> None:
    app = await start(admins=(cast.ADA_ID,))
    await sandbox.ask("Ada", "/list")
    chat = await you(app, sandbox)
    fault = sandbox.fail(kind, "sendMessage", chat="You")
    await send(app, chat, '<b>News</b> <a href="https://e.example/">here</a>')
    sent = await sandbox.wait_for("You", "https://e.example/", since=0)
    assert (sent.text, fault.met) == ("News here (https://e.example/)", 1)
    await sandbox.wait_for("Ada", "Telegram could not read a message; it went out as plain text", since=0)


async def test_an_edit_that_changes_nothing_or_finds_nothing_is_settled(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    chat = await you(app, sandbox)
    await send(app, chat, "News")
    (news,) = await until(app, chat, settled)
    now = app.clock.now()
    edit = NewDelivery(chat.id, DeliveryKind.ALERT, "e", Message("News"), now, operation=Operation.EDIT)
    for number, end in enumerate((DeliveryState.SENT, DeliveryState.CANCELLED)):
        if number:
            sandbox.fail("edit_not_found", "editMessageText")
        async with app.db.write() as tx:
            await deliveries.enqueue(tx, [replace(edit, key=f"e{number}", target_id=news.id)], now)
        app.wake("deliver")
        found = await until(app, chat, settled)
        assert found[-1].state is end
    assert len(sandbox.calls_of("editMessageText")) == 2


@pytest.mark.parametrize(
    ("kind", "thread", "said"),
    [
        ("no_rights", 0, "I may not write in Newsroom any more"),
        ("topic_closed", 2, "The topic of Newsroom that I write in is closed or deleted"),
        ("thread_not_found", 2, "The topic of Newsroom that I write in is closed or deleted"),
    ],
)
async def test_where_the_bot_may_not_write_the_admins_of_the_group_are_told_once(
    sandbox: Sandbox, start: Start, kind: str, thread: int, said: str
) -> None:
    app = await start()
    await sandbox.ask("Ada", "/list")
    sandbox.add_bot(FORUM)
    chat = await meet(app, cast.FORUM_ID, ChatKind.SUPERGROUP, thread_id=thread)
    other = await meet(app, cast.FORUM_ID, ChatKind.SUPERGROUP, thread_id=3)
    fault = sandbox.fail(kind, "sendMessage", chat=FORUM)
    await send(app, chat, "First")
    await send(app, chat, "Second")
    await sandbox.wait_for("Ada", said, since=0)
    await until(app, chat, settled)
    assert (await state_of(app, chat), fault.met) == (ChatState.GONE, 1)
    assert await state_of(app, other) is (ChatState.ACTIVE if thread else ChatState.GONE)
    await sandbox.say(FORUM, "/start@briefwire_bot", user="Ada", thread=thread)
    await digested(sandbox)
    await sandbox.wait_for(FORUM)
    sandbox.fail(kind, "sendMessage", chat=FORUM)
    await send(app, chat, "Third")
    await until(app, chat, settled)
    assert sum(said in message.text for message in sandbox.sent("Ada")) == 1


async def test_a_reopened_topic_gets_its_messages_again(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    sandbox.add_bot(FORUM)
    chat = await meet(app, cast.FORUM_ID, ChatKind.SUPERGROUP, thread_id=2)
    sandbox.fail("topic_closed", "sendMessage", chat=FORUM)
    await send(app, chat, "First")
    await until(app, chat, settled)
    sandbox.world.reopen(sandbox.world.chat(FORUM), 2)
    await digested(sandbox)
    assert await state_of(app, chat) is ChatState.ACTIVE


@pytest.mark.parametrize("kind", ["drop_after", "drop_before", "server_error", "bad_gateway"])
async def test_what_perhaps_arrived_is_marked_and_sent_again_later(sandbox: Sandbox, start: Start, kind: str) -> None:
    app = await start()
    chat = await you(app, sandbox)
    sandbox.fail(kind, "sendMessage", chat="You")
    await send(app, chat, "News")
    (news,) = await until(app, chat, lambda found: found[0].attempts == 1 and found[0].uncertain)
    assert news.state is DeliveryState.QUEUED
    assert timedelta(seconds=3) < news.not_before - app.clock.now() <= timedelta(seconds=5)


async def test_a_refusal_of_the_content_is_not_tried_again(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    chat = await you(app, sandbox)
    fault = sandbox.fail("bad_request", "sendMessage", chat="You", times=None)
    await send(app, chat, "News")
    (news,) = await until(app, chat, settled)
    assert (news.state, news.uncertain, fault.met) == (DeliveryState.FAILED, False, 1)
