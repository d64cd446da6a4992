"""Matches on both databases."""

from datetime import timedelta

from bot.model import Candidate, Chat, DeliveryKind, Mode, NewMatch
from bot.storage import matches, stories, subscriptions, told
from bot.storage.database import Database, Tx
from tests.conftest import NOON
from tests.make import a_chat, a_source, an_article, stored

DAY = timedelta(days=1)


async def follow(tx: Tx, chat: Chat, query: str) -> int:
    added, _ = await subscriptions.add(
        tx, chat_id=chat.id, canonical=query, text=query, label="", mode=Mode.BRIEFING, now=NOON
    )
    return added.query_id


async def candidates(tx: Tx, chat_id: int, *, told_too: bool = False) -> list[Candidate]:
    """What a briefing of the chat may choose from at noon."""
    following = await subscriptions.of_chats(tx, [chat_id])
    found = await matches.candidates(tx, following, since=NOON - 7 * DAY, until=NOON, told_too=told_too)
    return found[chat_id]


async def some_news(tx: Tx, *days_ago: int) -> list[int]:
    """Articles shown so many days ago, each a story of its own."""
    source = await a_source(tx)
    new = [an_article(source, f"News {n}", published_at=NOON - days * DAY) for n, days in enumerate(days_ago)]
    ids = await stored(tx, *new)
    await stories.join(tx, {one: one for one in ids}, dict.fromkeys(ids, NOON), NOON)
    return ids


async def test_a_match_is_stored_once_and_only_of_stored_articles(db: Database) -> None:
    async with db.write() as tx:
        query = await follow(tx, await a_chat(tx), "ferries")
        [article] = await some_news(tx, 0)
        await matches.add(tx, [NewMatch(query, article, 0.5), NewMatch(query, 999, 1)])
        await matches.add(tx, [NewMatch(query, article, 0.9)])
        assert await matches.of_articles(tx, [article, 999]) == [NewMatch(query, article, 0.5)]
        await matches.add(tx, [])


async def test_candidates_are_what_the_chats_own_queries_met_in_the_time(db: Database) -> None:
    async with db.write() as tx:
        chat, other = await a_chat(tx, 1), await a_chat(tx, 2)
        mine, theirs = await follow(tx, chat, "ferries"), await follow(tx, other, "rates")
        new, old, too_old, of_other = await some_news(tx, 0, 6, 8, 0)
        found = [NewMatch(mine, article, 0.5) for article in (new, old, too_old)]
        await matches.add(tx, [*found, NewMatch(theirs, of_other, 0.5)])
        shown = await candidates(tx, chat.id)
        assert [(its.article_id, its.story_id, its.at) for its in shown] == [
            (new, new, NOON),
            (old, old, NOON - 6 * DAY),
        ]
        assert await candidates(tx, 99, told_too=True) == []


async def test_an_article_without_a_story_waits(db: Database) -> None:
    async with db.write() as tx:
        chat = await a_chat(tx)
        query = await follow(tx, chat, "ferries")
        [article] = await stored(tx, an_article(await a_source(tx), "Ferries stop"))
        await matches.add(tx, [NewMatch(query, article, 0.5)])
        assert await candidates(tx, chat.id, told_too=True) == []


async def test_a_told_story_is_left_out_or_marked_for_this_chat_only(db: Database) -> None:
    async with db.write() as tx:
        chat, other = await a_chat(tx, 1), await a_chat(tx, 2)
        query = await follow(tx, chat, "ferries")
        await follow(tx, other, "ferries")
        first, second = await some_news(tx, 0, 1)
        await matches.add(tx, [NewMatch(query, article, 0.5) for article in (first, second)])
        await told.tell(tx, chat.id, {first: first}, DeliveryKind.ALERT, NOON)

        async def seen(chat_id: int, *, told_too: bool) -> list[tuple[int, bool]]:
            found = await candidates(tx, chat_id, told_too=told_too)
            return [(its.article_id, its.told) for its in found]

        assert await seen(chat.id, told_too=False) == [(second, False)]
        assert await seen(chat.id, told_too=True) == [(first, True), (second, False)]
        assert await seen(other.id, told_too=False) == [(first, False), (second, False)]


async def test_old_matches_are_forgotten(db: Database) -> None:
    async with db.write() as tx:
        query = await follow(tx, await a_chat(tx), "ferries")
        new, old = await some_news(tx, 1, 9)
        await matches.add(tx, [NewMatch(query, article, 0.5) for article in (new, old)])
        assert await matches.forget_before(tx, NOON - 8 * DAY) == 1
        assert await matches.of_articles(tx, [new, old]) == [NewMatch(query, new, 0.5)]
