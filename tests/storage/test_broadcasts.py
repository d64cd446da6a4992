"""Broadcasts on both databases."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.errors import NotFound
from bot.model import (
    Access,
    Audience,
    Broadcast,
    BroadcastCount,
    BroadcastState,
    ChatKind,
    ChatState,
    DeliveryKind,
    DeliveryState,
    SourceKind,
)
from bot.rules.delivery import Settlement
from bot.storage import broadcasts, chats, deliveries, recipients, sources, users
from bot.storage.database import Database, Tx, insert_all
from bot.storage.tables import articles, stories, told
from bot.storage.tables import chats as chat_table
from tests.conftest import NOON
from tests.fakes import meet_chat, record, to_send

SENDING = BroadcastState.SENDING


async def drafted(tx: Tx, article_id: int | None = None) -> Broadcast:
    """A draft by a user who was let in, with the private chat 900."""
    admin = await users.meet(tx, telegram_user_id=900, name="Ada", language="en", access=Access.ALLOWED, now=NOON)
    return await broadcasts.add(tx, text="<b>Post</b>", article_id=article_id, created_by=admin.id, now=NOON)


async def article_with_story(tx: Tx) -> int:
    source = await sources.ensure_push_source(tx, "desk", NOON, kind=SourceKind.ADMIN)
    await tx.execute(sa.insert(stories).values(id=1, created_at=NOON, last_article_at=NOON))
    row = {"source_id": source.id, "story_id": 1, "url_key": "e.com/1", "folded": "", "received_at": NOON}
    row |= {"shown_at": NOON, "authors": [], "tags": [], "keywords": []}
    return await tx.scalar(sa.insert(articles).values(row).returning(articles.c.id)) or 0


async def test_a_draft_reaches_nobody(db: Database) -> None:
    await meet_chat(db, 1)
    async with db.write() as tx:
        draft = await drafted(tx)
        assert await broadcasts.get(tx, draft.id) == draft
        assert draft.state is BroadcastState.DRAFT
        assert await broadcasts.count(tx, draft, NOON) == BroadcastCount()
        with pytest.raises(NotFound):
            await broadcasts.get(tx, 999)


async def test_every_chat_that_takes_posts_gets_the_text_once(db: Database) -> None:
    reached = [await meet_chat(db, 1), await meet_chat(db, -2, ChatKind.GROUP)]
    quiet, gone, stranger = await meet_chat(db, 3), await meet_chat(db, 4), await meet_chat(db, 5)
    async with db.write() as tx:
        await chats.update(tx, quiet.id, takes_posts=False)
        await chats.set_gone(tx, gone.telegram_chat_id, NOON)
        await users.meet(tx, telegram_user_id=5, name="Eve", language="en", access=Access.REFUSED, now=NOON)
        draft = await drafted(tx)
        assert await recipients.audience(tx, draft, NOON) == Audience(chats=2, takes_no_posts=1)
        assert await broadcasts.enqueue_to_all(tx, draft.id, NOON) == 2
        assert await broadcasts.enqueue_to_all(tx, draft.id, NOON) == 0
        found = await deliveries.due(tx, NOON, 10)
        assert await deliveries.of_chat(tx, stranger.id) == []
    assert sorted(one.chat_id for one in found) == [chat.id for chat in reached]
    assert {(one.message.text, one.kind, one.broadcast_id) for one in found} == {
        ("<b>Post</b>", DeliveryKind.BROADCAST, draft.id)
    }
    assert found[0].key == f"broadcast:{draft.id}:{found[0].chat_id}"


async def test_the_story_of_a_posted_article_counts_as_told(db: Database) -> None:
    chat, other = await meet_chat(db, 1), await meet_chat(db, 2)
    async with db.write() as tx:
        draft = await drafted(tx, await article_with_story(tx))
        await tx.execute(sa.insert(told).values(chat_id=chat.id, story_id=1, how=DeliveryKind.ALERT, told_at=NOON))
        assert await recipients.audience(tx, draft, NOON) == Audience(chats=2, takes_no_posts=0, told=1)
        await broadcasts.enqueue_to_all(tx, draft.id, NOON)
        rows = await tx.execute(sa.select(told.c.chat_id, told.c.story_id, told.c.how).order_by(told.c.chat_id))
        assert [tuple(row) for row in rows] == [(chat.id, 1, "alert"), (other.id, 1, "broadcast")]


async def test_a_post_without_a_story_tells_none(db: Database) -> None:
    await meet_chat(db, 1)
    async with db.write() as tx:
        draft = await drafted(tx)
        await broadcasts.enqueue_to_all(tx, draft.id, NOON)
        assert await tx.scalar(sa.select(sa.func.count()).select_from(told)) == 0


async def test_every_chat_of_a_broadcast_is_accounted_for(db: Database) -> None:
    for number in range(1, 8):
        await meet_chat(db, number)
    async with db.write() as tx:
        draft = await drafted(tx)
        await broadcasts.advance(tx, draft.id, to=SENDING, of=(BroadcastState.DRAFT,))
        await broadcasts.enqueue_to_all(tx, draft.id, NOON)
        found = sorted(await deliveries.due(tx, NOON, 5), key=lambda one: one.telegram_chat_id)
        await deliveries.mark_sending(tx, [one.id for one in found], NOON)
        sent, refused, unsure, blocked, again = (replace(one, attempts=1) for one in found)
        settlements = [
            Settlement(sent, DeliveryState.SENT, message_id=1),
            Settlement(refused, DeliveryState.FAILED, error="too long"),
            Settlement(unsure, DeliveryState.FAILED, uncertain=True, error="timeout"),
            Settlement(blocked, DeliveryState.FAILED, chat_gone=True, error="chat gone: blocked"),
            Settlement(again, DeliveryState.QUEUED, not_before=NOON),
        ]
        await deliveries.settle(tx, settlements, NOON)
        counted = await broadcasts.count(tx, draft, NOON)
        assert counted == BroadcastCount(total=7, sent=1, failed=1, uncertain=1, blocked=1)
        assert counted.waiting == 3
        assert await broadcasts.finish(tx, NOON) == []
        assert await broadcasts.cancel_waiting(tx, draft.id, NOON) == 3
        counted = await broadcasts.count(tx, draft, NOON)
        assert (counted.cancelled, counted.waiting) == (3, 0)
        assert [its.state for its in await broadcasts.finish(tx, NOON)] == [BroadcastState.DONE]
        assert await broadcasts.finish(tx, NOON) == []


async def test_a_chat_that_left_before_its_turn_counts_as_blocked(db: Database) -> None:
    chat = await meet_chat(db, 1)
    async with db.write() as tx:
        draft = await drafted(tx)
        await broadcasts.enqueue_to_all(tx, draft.id, NOON)
        await chats.set_gone(tx, chat.telegram_chat_id, NOON)
        assert await broadcasts.count(tx, draft, NOON) == BroadcastCount(total=1, blocked=1)


async def test_a_broadcast_moves_on_only_from_where_it_may(db: Database) -> None:
    async with db.write() as tx:
        draft = await drafted(tx)
        assert await broadcasts.advance(tx, draft.id, to=SENDING, of=(BroadcastState.DRAFT,))
        assert not await broadcasts.advance(tx, draft.id, to=SENDING, of=(BroadcastState.DRAFT,))


async def test_a_big_broadcast_is_recorded_whole_and_its_first_messages_are_found(db: Database) -> None:
    row = {"kind": ChatKind.PRIVATE, "state": ChatState.ACTIVE, "created_at": NOON}
    async with db.write() as tx:
        await insert_all(tx, chat_table, [row | {"telegram_chat_id": number} for number in range(1, 1_201)])
        draft = await drafted(tx)
        assert await broadcasts.enqueue_to_all(tx, draft.id, NOON) == 1_200
        assert len(await deliveries.due(tx, NOON, 20)) == 20


async def test_a_message_of_its_own_goes_before_a_broadcast(db: Database) -> None:
    chat = await meet_chat(db, 1)
    async with db.write() as tx:
        await broadcasts.enqueue_to_all(tx, (await drafted(tx)).id, NOON)
    await record(db, [to_send(chat, "Briefing", DeliveryKind.BRIEFING)])
    async with db.read() as tx:
        assert [one.message.text for one in await deliveries.due(tx, NOON, 10)] == ["Briefing"]
