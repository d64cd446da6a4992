"""Chats on both databases."""

from datetime import timedelta

from bot.model import ChatKind, ChatState, DeliveryKind, DeliveryState, Message, Mode, NewDelivery
from bot.storage import chats, deliveries, schedules, stories, subscriptions, told
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import HOUR, a_chat, a_source, a_user, an_article, due_now, stored

DAY = timedelta(days=1)


async def test_a_chat_is_met_once_and_keeps_its_settings(db: Database) -> None:
    async with db.write() as tx:
        chat = await a_chat(tx, -100, kind=ChatKind.GROUP, timezone="Asia/Seoul")
        await chats.update(tx, chat.id, language="zh", tells_when_empty=False)
        again = await a_chat(tx, -100, kind=ChatKind.SUPERGROUP, timezone="UTC")
        assert await chats.by_ids(tx, [chat.id, 99]) == {chat.id: again}
        assert await chats.lock(tx, chat.id) == again
        assert await chats.lock(tx, 99) is None
        assert await chats.get(tx, 99) is None
    assert again.id == chat.id
    assert (again.kind, again.timezone, again.language) == (ChatKind.SUPERGROUP, "Asia/Seoul", "zh")
    assert not again.tells_when_empty
    assert again.takes_posts


async def test_a_chat_that_is_gone_gets_nothing_and_comes_back_with_all_it_had(db: Database) -> None:
    async with db.write() as tx:
        chat = await a_chat(tx, 5)
        await due_now(tx, chat)
        await deliveries.enqueue(tx, [NewDelivery(chat.id, DeliveryKind.ALERT, "k", Message("Hello"), NOON)], NOON)
        await chats.set_gone(tx, 5, NOON)
        [delivery] = await deliveries.of_chat(tx, chat.id)
        assert delivery.state is DeliveryState.CANCELLED
        assert await chats.count(tx) == 0
        assert await schedules.claim_due(tx, NOON, 9, until=NOON + HOUR) == []
        back = await a_chat(tx, 5)
        assert back.id == chat.id
        assert back.state is ChatState.ACTIVE
        assert await chats.count(tx) == 1
        assert len(await schedules.claim_due(tx, NOON, 9, until=NOON + HOUR)) == 1


async def test_people_are_reached_in_their_private_chats_only(db: Database) -> None:
    async with db.write() as tx:
        ann, bo, cy = [await a_user(tx, number) for number in (1, 2, 3)]
        private = await a_chat(tx, 1)
        await a_chat(tx, 2)
        await a_chat(tx, -3, kind=ChatKind.GROUP)
        await chats.set_gone(tx, 2, NOON)
        assert await chats.private_chats_of(tx, [ann.id, bo.id, cy.id]) == [private]


async def test_a_deleted_chat_leaves_nothing_behind(db: Database) -> None:
    async with db.write() as tx:
        chat, other = await a_chat(tx, 1), await a_chat(tx, 2)
        [article] = await stored(tx, an_article(await a_source(tx), "Ferries stop"))
        await stories.join(tx, {article: article}, {article: NOON}, NOON)
        for its in (chat, other):
            await subscriptions.add(
                tx, chat_id=its.id, canonical="ferries", text="ferries", label="", mode=Mode.ALERT, now=NOON
            )
            await due_now(tx, its)
            await told.tell(tx, its.id, {article: article}, DeliveryKind.ALERT, NOON)
            await deliveries.enqueue(
                tx, [NewDelivery(its.id, DeliveryKind.ALERT, f"k{its.id}", Message("x"), NOON)], NOON
            )
        await chats.delete(tx, chat.id)
        for its, left in ((chat, 0), (other, 1)):
            assert len(await subscriptions.of_chat(tx, its.id)) == left
            assert len(await schedules.of_chat(tx, its.id)) == left
            assert len(await deliveries.of_chat(tx, its.id)) == left
            assert len(await told.of(tx, [its.id], [article])) == left
