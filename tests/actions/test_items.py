"""An item carries sentences of its article, word for word, and why it is there."""

import pytest
import sqlalchemy as sa

from bot.actions.items import Telling, Want, reasons, shelf_of
from bot.model import Article, Ranked
from bot.rules.matching import Hit
from bot.rules.rendering import Reason
from bot.storage import articles, subscriptions
from bot.storage.database import Database
from bot.storage.tables import summaries
from bot.texts import words
from tests.conftest import NOON
from tests.fakes import FakeWorkers
from tests.make import DAY, Newsroom

TEXT = "The ferries stop on Tuesday. The port opens again on Friday. Nobody knows why."


async def excerpts(
    db: Database, workers: FakeWorkers, article: Article, query_id: int = 1, budget: int = 2
) -> list[str]:
    """The sentences of an item."""
    want = Want(article.id, query_id, budget)
    shelf = await shelf_of(db, workers, [want])
    return [article.text[start:end] for start, end in shelf.kept[want].places]


async def test_a_summary_is_made_once_for_all_who_ask_the_same(db: Database) -> None:
    newsroom = Newsroom(db)
    article = await newsroom.publish("Ferries stop", TEXT)
    first = await excerpts(db, newsroom.workers, article)
    assert first == ["The ferries stop on Tuesday.", "The port opens again on Friday."]
    assert await excerpts(db, newsroom.workers, article) == first
    assert await excerpts(db, FakeWorkers(failing=True), article) == first
    await excerpts(db, newsroom.workers, article, budget=1)
    await excerpts(db, newsroom.workers, article, query_id=2)
    assert newsroom.workers.summarized == ["Ferries stop"] * 3


async def test_a_failed_summary_is_made_at_the_next_time(db: Database) -> None:
    newsroom = Newsroom(db)
    article = await newsroom.publish("Ferries stop", TEXT)
    assert await excerpts(db, FakeWorkers(failing=True), article) == []
    assert len(await excerpts(db, newsroom.workers, article)) == 2


async def test_a_very_short_text_is_its_own_summary(db: Database) -> None:
    newsroom = Newsroom(db, FakeWorkers(failing=True))
    article = await newsroom.publish("Ferries stop", "No boats today.")
    assert await excerpts(db, newsroom.workers, article) == ["No boats today."]
    for text in ("", " \n "):
        article = await newsroom.publish(f"Nothing {len(text)}", text)
        assert await excerpts(db, newsroom.workers, article) == []


async def test_reasons_are_kept_with_the_summary_and_found_where_an_earlier_version_kept_none(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "ferries", "port AND friday")
    article = await newsroom.publish("Ferries stop", TEXT)
    async with db.read() as tx:
        ferries, both = [its.query_id for its in await subscriptions.of_chat(tx, chat.id)]
    wants = [Want(article.id, query_id, budget) for query_id in (ferries, both) for budget in (1, 2)]
    first = await shelf_of(db, newsroom.workers, wants)
    assert first.kept[wants[0]].reasons == (("Ferries", "title"),)
    assert first.kept[wants[2]].reasons == (("port", "text"), ("Friday", "text"))
    async with db.write() as tx:
        await tx.execute(sa.update(summaries).values(reasons=sa.null()))
    again = await shelf_of(db, FakeWorkers(failing=True), wants)
    assert again.kept == first.kept


async def test_forgotten_articles_and_unknown_queries_leave_the_rest_standing(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1)
    article = await newsroom.publish("Ferries stop", TEXT, at=NOON)
    telling = Telling(chat, NOON, words("en"))
    ranked = [Ranked(99, 99, 1), Ranked(article.id, article.id, 77, told=True)]
    wants = [Want(place.article_id, place.query_id, 1) for place in ranked]
    shelf = await shelf_of(db, newsroom.workers, wants)
    forgotten, item = (shelf.item(place, 1, telling) for place in ranked)
    assert forgotten is None
    assert item is not None
    assert (item.reasons, item.told) == ((), True)
    assert item.excerpts == ("The ferries stop on Tuesday.",)
    async with db.write() as tx:
        await articles.forget_before(tx, NOON + DAY, NOON)
    shelf = await shelf_of(db, newsroom.workers, wants)
    assert [shelf.item(place, 1, telling) for place in ranked] == [None, None]


async def test_a_reason_shows_the_words_as_they_stand_in_the_article_the_titles_first(db: Database) -> None:
    article = await Newsroom(db).publish("Two FERRIES stop", "A ferry stopped. " + TEXT, authors=("Ann Example",))
    hits = (
        Hit("ferry", "text", 2, 7),
        Hit("ferry", "title", 4, 11),
        Hit("stop", "text", 8, 15),
        Hit("ann", "author", 0, 3),
    )
    assert reasons(article, hits) == (Reason("FERRIES", "title"), Reason("stopped", "text"), Reason("ann", "author"))


@pytest.mark.parametrize(
    "before", ["", "Rain fell all day. " * 20, "Rain fell all day. " * 60, "Rain" * 300, "雨" * 900]
)
async def test_the_reason_is_found_wherever_the_word_stands(db: Database, before: str) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    article = await newsroom.publish("News of the day", f"{before}\nHarbours froze. Every harbour did.")
    async with db.read() as tx:
        [own] = await subscriptions.of_chat(tx, chat.id)
    want = Want(article.id, own.query_id, 1)
    shelf = await shelf_of(db, newsroom.workers, [want])
    assert shelf.kept[want].reasons == (("Harbours", "text"),)
