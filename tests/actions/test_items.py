"""An item carries sentences of its article, word for word, and why it is there."""

from bot.actions.items import Telling, items_of, reasons, summarize
from bot.model import Ranked
from bot.rules.matching import Hit
from bot.rules.queries import parse_query
from bot.rules.rendering import Reason
from bot.storage import articles
from bot.storage.database import Database
from bot.texts import words
from tests.conftest import NOON
from tests.fakes import FakeWorkers
from tests.make import DAY, Newsroom

TEXT = "The ferries stop on Tuesday. The port opens again on Friday. Nobody knows why."


async def test_a_summary_is_made_once_for_all_who_ask_the_same(db: Database) -> None:
    newsroom = Newsroom(db)
    article = await newsroom.publish("Ferries stop", TEXT)
    query = parse_query("ferries")
    first = await summarize(db, newsroom.workers, article, query, 1, 2)
    assert [excerpt.text for excerpt in first] == ["The ferries stop on Tuesday.", "The port opens again on Friday."]
    assert all(article.text[excerpt.start : excerpt.end] == excerpt.text for excerpt in first)
    assert await summarize(db, newsroom.workers, article, query, 1, 2) == first
    assert await summarize(db, FakeWorkers(failing=True), article, query, 1, 2) == first
    await summarize(db, newsroom.workers, article, query, 1, 1)
    await summarize(db, newsroom.workers, article, query, 2, 2)
    assert newsroom.workers.summarized == ["Ferries stop"] * 3


async def test_a_failed_summary_is_made_at_the_next_time(db: Database) -> None:
    newsroom = Newsroom(db)
    article = await newsroom.publish("Ferries stop", TEXT)
    assert await summarize(db, FakeWorkers(failing=True), article, None, 1, 2) == ()
    assert len(await summarize(db, newsroom.workers, article, None, 1, 2)) == 2


async def test_a_very_short_text_is_its_own_summary(db: Database) -> None:
    newsroom = Newsroom(db, FakeWorkers(failing=True))
    article = await newsroom.publish("Ferries stop", "No boats today.")
    [excerpt] = await summarize(db, newsroom.workers, article, None, 1, 2)
    assert (excerpt.text, excerpt.start, excerpt.end) == ("No boats today.", 0, 15)
    for text in ("", " \n "):
        article = await newsroom.publish(f"Nothing {len(text)}", text)
        assert await summarize(db, newsroom.workers, article, None, 1, 2) == ()


async def test_forgotten_articles_and_unknown_queries_leave_the_rest_standing(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1)
    article = await newsroom.publish("Ferries stop", TEXT, at=NOON)
    telling = Telling(chat, NOON, words("en"))
    ranked = [Ranked(99, 99, 1), Ranked(article.id, article.id, 77, told=True)]
    items = await items_of(db, newsroom.workers, telling, ranked, [1, 1])
    assert list(items) == [article.id]
    assert (items[article.id].reasons, items[article.id].told) == ((), True)
    assert items[article.id].excerpts == ("The ferries stop on Tuesday.",)
    async with db.write() as tx:
        await articles.forget_before(tx, NOON + DAY, NOON)
    assert await items_of(db, newsroom.workers, telling, ranked, [1, 1]) == {}


async def test_a_reason_shows_the_words_as_they_stand_in_the_article_the_titles_first(db: Database) -> None:
    article = await Newsroom(db).publish("Two FERRIES stop", "A ferry stopped. " + TEXT, authors=("Ann Example",))
    hits = (
        Hit("ferry", "text", 2, 7),
        Hit("ferry", "title", 4, 11),
        Hit("stop", "text", 8, 15),
        Hit("ann", "author", 0, 3),
    )
    assert reasons(article, hits) == (Reason("FERRIES", "title"), Reason("stopped", "text"), Reason("ann", "author"))
