"""What is kept for how long, and what stays of it."""

from bot.model import DeliveryKind, Mode
from bot.pipeline.forget import ARTICLES, MATCHES, forget
from bot.storage import articles, briefings, matches, told
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import DAY, HOUR, Newsroom, a_source, an_article, stored


async def test_nothing_young_is_forgotten(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    await newsroom.publish("Harbour news")
    await newsroom.brief(chat)
    assert await forget(db, NOON + 7 * DAY) == 0


async def test_matches_go_first_then_texts_then_what_was_told(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    article = await newsroom.publish("Harbour news")
    await newsroom.alert(NOON)
    assert await forget(db, NOON + MATCHES + HOUR) == 1
    async with db.read() as tx:
        assert await matches.of_articles(tx, [article.id]) == []
        assert await articles.count_all(tx) == 1
        assert set(await told.of(tx, [chat.id], [article.id])) == {(chat.id, article.id)}
    assert await forget(db, NOON + ARTICLES + HOUR) == 2
    async with db.read() as tx:
        assert await articles.count_all(tx) == 0


async def test_a_forgotten_article_does_not_come_back_as_new(db: Database) -> None:
    newsroom = Newsroom(db)
    await newsroom.publish("Harbour news")
    await forget(db, NOON + ARTICLES + HOUR)
    async with db.write() as tx:
        again = an_article(await a_source(tx), "Harbour news", at=NOON + ARTICLES + 2 * HOUR)
        assert await stored(tx, again) == []
        other = an_article(await a_source(tx), "Other news", at=NOON + ARTICLES + 2 * HOUR)
        assert len(await stored(tx, other)) == 1


async def test_briefings_and_told_facts_are_forgotten_after_three_months(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    await newsroom.publish("Harbour news")
    await newsroom.brief(chat)
    late = await newsroom.publish("Late news", at=NOON + 80 * DAY)
    async with db.write() as tx:
        await told.tell(tx, chat.id, {late.story_id or 0: late.id}, DeliveryKind.BRIEFING, NOON + 80 * DAY)
    await forget(db, NOON + 91 * DAY)
    async with db.read() as tx:
        assert await briefings.latest(tx, chat.id) is None
        assert set(await told.of(tx, [chat.id], [late.story_id or 0])) == {(chat.id, late.story_id)}
