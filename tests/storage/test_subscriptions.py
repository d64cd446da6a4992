"""Subscriptions on both databases."""

from bot.model import Mode, Subscription
from bot.storage import subscriptions
from bot.storage.database import Database, Tx
from tests.conftest import NOON
from tests.make import a_chat


async def follow(tx: Tx, chat_id: int, text: str, mode: Mode = Mode.BRIEFING, label: str = "") -> Subscription:
    added, _ = await subscriptions.add(
        tx, chat_id=chat_id, canonical=text.lower(), text=text, label=label, mode=mode, now=NOON
    )
    return added


async def test_equal_queries_of_two_chats_are_one(db: Database) -> None:
    async with db.write() as tx:
        one, other = await a_chat(tx, 1), await a_chat(tx, 2)
        mine, theirs = await follow(tx, one.id, "Seoul"), await follow(tx, other.id, "SEOUL")
        assert mine.query_id == theirs.query_id
        assert await subscriptions.canonical_of(tx, [mine.query_id]) == {mine.query_id: "seoul"}
        assert await subscriptions.count(tx) == 2


async def test_the_same_query_again_takes_the_new_label_and_mode(db: Database) -> None:
    async with db.write() as tx:
        chat = await a_chat(tx)
        first, is_new = await subscriptions.add(
            tx, chat_id=chat.id, canonical="seoul", text="Seoul", label="", mode=Mode.BRIEFING, now=NOON
        )
        assert is_new
        again, is_new = await subscriptions.add(
            tx, chat_id=chat.id, canonical="seoul", text="seoul", label="Korea", mode=Mode.ALERT, now=NOON
        )
        assert not is_new
        assert (again.id, again.name, again.mode) == (first.id, "Korea", Mode.ALERT)
        assert await subscriptions.of_chat(tx, chat.id) == [again]
        await subscriptions.update(tx, again.id, mode=Mode.BRIEFING)
        changed = await subscriptions.get(tx, again.id)
        assert changed is not None
        assert changed.mode is Mode.BRIEFING
        await subscriptions.remove(tx, again.id)
        assert await subscriptions.get(tx, again.id) is None
        assert not await subscriptions.is_followed(tx, again.query_id)


async def test_a_process_learns_followed_queries_in_order_page_by_page(db: Database) -> None:
    async with db.write() as tx:
        chat = await a_chat(tx)
        added = [await follow(tx, chat.id, text) for text in ("Seoul", "Busan", "Daegu")]
        await subscriptions.remove(tx, added[1].id)
        first = await subscriptions.followed_after(tx, 0, 1)
        assert first == [(added[0].query_id, "seoul")]
        assert await subscriptions.followed_after(tx, added[0].query_id, 9) == [(added[2].query_id, "daegu")]


async def test_alerts_go_to_the_alert_subscriptions_of_chats(db: Database) -> None:
    async with db.write() as tx:
        one, calm, other = [await a_chat(tx, number) for number in (1, 2, 3)]
        wanted = await follow(tx, one.id, "Seoul", Mode.ALERT)
        await follow(tx, calm.id, "Seoul")
        await follow(tx, other.id, "Seoul", Mode.ALERT)
        assert await subscriptions.alerted_by(tx, [wanted.query_id, 99], [one.id, calm.id]) == [wanted]
        assert await subscriptions.alerted_by(tx, [], [one.id]) == []


async def test_what_others_follow_is_found_by_its_first_letter_and_length(db: Database) -> None:
    async with db.write() as tx:
        for number, text in enumerate(
            ("united nations", "United Nations", "unified notions", "oil", "untied nations"), 1
        ):
            await follow(tx, (await a_chat(tx, number)).id, text)
        found = await subscriptions.popular_like(tx, "untied nations", slack=1, least=1, limit=9)
        assert [(its.canonical, its.followers) for its in found] == [("united nations", 2), ("unified notions", 1)]
        assert found[0].text.lower() == "united nations"
        assert await subscriptions.popular_like(tx, "untied nations", slack=0, least=2, limit=1) == found[:1]
        assert await subscriptions.popular_like(tx, "onited nations", slack=1, least=1, limit=9) == []
