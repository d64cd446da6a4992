"""What chats know of stories, and which messages told them, on both databases."""

from bot.model import DeliveryKind, Message, Mode, NewAlert, NewDelivery, Ranked, Told
from bot.storage import alerts, articles, deliveries, stories, subscriptions, told
from bot.storage.database import Database, Tx
from tests.conftest import NOON
from tests.make import DAY, HOUR, a_chat, a_source, an_article, stored


async def some_stories(tx: Tx, count: int) -> list[int]:
    source = await a_source(tx)
    ids = await stored(tx, *(an_article(source, f"News {n}") for n in range(count)))
    await stories.join(tx, {one: one for one in ids}, dict.fromkeys(ids, NOON), NOON)
    return ids


async def test_a_story_is_told_once_and_known_up_to_its_last_article(db: Database) -> None:
    async with db.write() as tx:
        chat, other = await a_chat(tx, 1), await a_chat(tx, 2)
        one, two, later = await some_stories(tx, 3)
        await stories.join(tx, {later: one}, {later: NOON}, NOON)
        await told.tell(tx, chat.id, {one: one, two: two}, DeliveryKind.ALERT, NOON)
        assert await told.of(tx, [chat.id, other.id], [one, two]) == {
            (chat.id, one): Told(one, muted=False),
            (chat.id, two): Told(two, muted=False),
        }
        await articles.mark_alerted(tx, [later], NOON, updates=[later])
        await told.tell(tx, chat.id, {one: one}, DeliveryKind.BRIEFING, NOON + HOUR)
        assert (await told.of(tx, [chat.id], [one]))[chat.id, one].last_article_id == later
        assert await told.of(tx, [], [one]) == {}


async def test_an_update_is_news_until_it_was_told_or_its_story_is_muted(db: Database) -> None:
    async with db.write() as tx:
        chat = await a_chat(tx)
        one, later = await some_stories(tx, 2)
        page = [Ranked(one, later, 4, update=True)]
        assert await told.is_news(tx, chat.id, page)
        await told.tell(tx, chat.id, {one: one}, DeliveryKind.ALERT, NOON)
        assert not await told.is_news(tx, chat.id, [Ranked(one, one, 4)])
        assert await told.is_news(tx, chat.id, page)
        assert await told.set_muted(tx, chat.id, one, muted=True)
        assert not await told.is_news(tx, chat.id, page)
        assert not await told.set_muted(tx, chat.id, later, muted=True)


async def test_told_facts_are_forgotten(db: Database) -> None:
    async with db.write() as tx:
        chat = await a_chat(tx)
        one, two = await some_stories(tx, 2)
        await told.tell(tx, chat.id, {one: one}, DeliveryKind.BRIEFING, NOON)
        await told.tell(tx, chat.id, {two: two}, DeliveryKind.BRIEFING, NOON + DAY)
        assert await told.forget_before(tx, NOON + HOUR) == 1
        assert set(await told.of(tx, [chat.id], [one, two])) == {(chat.id, two)}


async def test_alerts_are_found_by_story_message_and_time(db: Database) -> None:
    async with db.write() as tx:
        chat, other = await a_chat(tx, 1), await a_chat(tx, 2)
        one, two = await some_stories(tx, 2)
        followed, _ = await subscriptions.add(
            tx, chat_id=chat.id, canonical="news", text="news", label="", mode=Mode.ALERT, now=NOON
        )
        await deliveries.enqueue(tx, [NewDelivery(chat.id, DeliveryKind.ALERT, "k", Message("x"), NOON)], NOON)
        delivery_id = (await deliveries.ids_of(tx, ["k"]))["k"]
        new = [NewAlert(chat.id, story, story, followed.query_id, delivery_id, story) for story in (one, two)]
        await alerts.add(tx, new, NOON)
        await alerts.add(tx, new, NOON)
        found = await alerts.of_stories(tx, [chat.id, other.id], [one])
        assert [(its.story_id, its.is_queued, its.sent_at) for its in found] == [(one, True, NOON)]
        assert [its.story_id for its in await alerts.in_messages(tx, [delivery_id])] == [one, two]
        last = await alerts.last_messages(tx, [chat.id, other.id], since=NOON, waiting_since=NOON - HOUR)
        assert last == {chat.id: delivery_id}
        assert await alerts.told_since(tx, [chat.id], NOON - HOUR) == {(chat.id, followed.query_id): 2}
        assert await alerts.told_since(tx, [chat.id], NOON) == {}
        assert await alerts.chats_concerned(tx, [followed.query_id], [one], after=0, limit=9) == [chat.id]
        assert await alerts.chats_concerned(tx, [], [one], after=chat.id, limit=9) == []
        await alerts.note_edit(tx, [found[0].id], two, NOON + HOUR)
        [edited] = await alerts.of_stories(tx, [chat.id], [one])
        assert (edited.last_article_id, edited.edited_at) == (two, NOON + HOUR)
        await subscriptions.remove(tx, followed.id)
        assert await alerts.of_stories(tx, [chat.id], [one]) == []
        assert await alerts.chats_concerned(tx, [], [one], after=0, limit=9) == []
