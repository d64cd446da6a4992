"""Following topics: what a chat would have got, at once, and what ends it."""

from datetime import time

import pytest

from bot.actions import matching, subscriptions
from bot.actions.matching import LiveMatcher, document_of
from bot.actions.subscriptions import find, in_the_news, preview, unsubscribe
from bot.errors import BadInput, NotFound, QueryError
from bot.model import Briefing, Mode, Times
from bot.rules.queries import parse_query
from bot.storage import articles, chats, matches, schedules
from bot.storage import subscriptions as stored
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import DAY, HOUR, Newsroom, a_chat, a_source, an_article
from tests.make import stored as store


async def test_equal_queries_of_two_chats_are_one_and_matched_once(db: Database) -> None:
    newsroom = Newsroom(db)
    one, other = await newsroom.chat(1), await newsroom.chat(2)
    mine = await newsroom.follow(one, "Seoul AND troops")
    theirs = await newsroom.follow(other, "troops +seoul")
    assert mine.subscription.query_id == theirs.subscription.query_id
    article = await newsroom.publish("Troops leave Seoul")
    async with db.read() as tx:
        assert len(await matches.of_articles(tx, [article.id])) == 1
    for chat in (one, other):
        assert isinstance(await newsroom.brief(chat), Briefing)


async def test_subscribing_says_what_it_means_and_what_it_would_have_met(db: Database) -> None:
    newsroom = Newsroom(db)
    for hours, title in enumerate(("Seoul votes", "Busan votes", "Seoul football", "Snow in Seoul", "Seoul opera")):
        await newsroom.publish(title, published_at=NOON - hours * HOUR)
    chat = await newsroom.chat(1)
    subscribed = await newsroom.follow(chat, "Seoul => Korea")
    assert subscribed.is_new
    assert (subscribed.subscription.name, subscribed.subscription.text) == ("Korea", "Seoul")
    shown = subscribed.preview
    assert (shown.articles, shown.stories, shown.days, shown.is_all) == (4, 4, 1, True)
    assert [example.title for example in shown.examples] == ["Seoul votes", "Seoul football", "Snow in Seoul"]
    assert await preview(db, parse_query("Seoul"), NOON) == shown


async def test_what_a_chat_mutes_is_not_promised_to_it(db: Database) -> None:
    newsroom = Newsroom(db)
    for title in ("Seoul votes", "Seoul football", "Busan football"):
        await newsroom.publish(title)
    chat, other = await newsroom.chat(1), await newsroom.chat(2)
    hiding = await newsroom.follow(chat, "football", mode=Mode.MUTE)
    assert hiding.preview.met == 2
    assert [example.title for example in (await newsroom.follow(chat, "Seoul")).preview.examples] == ["Seoul votes"]
    assert (await newsroom.follow(other, "Seoul")).preview.articles == 2


async def test_a_preview_says_how_far_back_it_reaches(db: Database) -> None:
    newsroom = Newsroom(db)
    assert (await preview(db, parse_query("Seoul"), NOON)).days == 7
    await newsroom.publish("Seoul votes", published_at=NOON - 2.5 * DAY)
    shown = await preview(db, parse_query("Seoul"), NOON)
    assert (shown.days, shown.is_all) == (3, True)
    await newsroom.publish("Old news of Busan", published_at=NOON - 9 * DAY)
    shown = await preview(db, parse_query("Seoul"), NOON)
    assert (shown.days, shown.is_all) == (7, False)


async def test_the_first_topic_starts_the_daily_schedule_and_no_other_changes_it(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, timezone="Europe/Berlin")
    for topic in ("Seoul", "Busan"):
        await newsroom.follow(chat, topic)
        async with db.read() as tx:
            [planned] = await schedules.of_chat(tx, chat.id)
            current = await chats.get(tx, chat.id)
        assert current is not None
        assert (planned.times, current.next_run_at) == (Times((time(8),)), NOON + 18 * HOUR)


async def test_a_wrong_query_changes_nothing(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1)
    with pytest.raises(QueryError):
        await newsroom.follow(chat, "(Seoul OR")
    assert await subscriptions.of_chat(db, chat) == []


async def test_a_chat_follows_so_many_topics_and_no_more(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "SUBSCRIPTIONS_PER_CHAT", 2)
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "Seoul", "Busan")
    with pytest.raises(BadInput) as caught:
        await newsroom.follow(chat, "Daegu")
    assert (caught.value.key, caught.value.facts) == ("too_many_subscriptions", {"limit": 2})
    assert not (await newsroom.follow(chat, "Busan => The port")).is_new
    assert [its.name for its in await subscriptions.of_chat(db, chat)] == ["Seoul", "The port"]


async def test_an_ended_topic_meets_nothing_more_unless_another_chat_follows_it(db: Database) -> None:
    newsroom = Newsroom(db)
    one, other = await newsroom.chat(1, "Seoul"), await newsroom.chat(2, "Seoul")
    for chat, left in ((one, 1), (other, 0)):
        [own] = await subscriptions.of_chat(db, chat)
        assert await unsubscribe(db, newsroom.matcher, chat, own.id) == own
        article = await newsroom.publish(f"Seoul news {chat.id}")
        async with db.read() as tx:
            assert len(await matches.of_articles(tx, [article.id])) == left


async def test_nobody_touches_the_topics_of_another_chat(db: Database) -> None:
    newsroom = Newsroom(db)
    one, other = await newsroom.chat(1, "Seoul"), await newsroom.chat(2)
    [own] = await subscriptions.of_chat(db, one)
    for chat, number in ((other, own.id), (one, own.id + 1)):
        with pytest.raises(NotFound):
            await unsubscribe(db, newsroom.matcher, chat, number)
        with pytest.raises(NotFound):
            await subscriptions.set_mode(db, chat, number, Mode.ALERT)
    assert (await subscriptions.set_mode(db, one, own.id, Mode.ALERT)).mode is Mode.ALERT


async def test_a_topic_is_found_by_place_name_text_or_an_equal_query(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "Seoul AND troops => Korea", "2024")
    korea, year = await subscriptions.of_chat(db, chat)
    for given in ("1", "korea", "SEOUL AND TROOPS", "troops +seoul"):
        assert find([korea, year], given) == korea
    assert find([korea, year], " 2 ") == year
    assert find([korea, year], "2024") == year
    assert find([korea, year], "Busan") is None


async def test_what_is_in_the_news_is_what_several_articles_carry_and_a_headline_names(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "Seoul")
    for number, title in enumerate(("Tulips in Seoul (again)", "An opera about tulips")):
        keywords = ("Seoul", "Tulips", "(", "Category")
        await newsroom.publish(title, keywords=keywords, tags=("Opera",), source=f"Paper {number}", language="en")
    await newsroom.publish("Snow and bread", keywords=("Snow", "Bread"), at=NOON - 4 * DAY)
    await newsroom.publish("Snow again", keywords=("Snow", "音乐"), tags=("Tulips",), language="zh")
    await newsroom.publish("音乐节", keywords=("音乐",), language="zh")
    assert (await in_the_news(db, chat, 9, NOON)).topics == ("Tulips", "Opera", "音乐")
    assert await in_the_news(db, chat, 1, NOON) == subscriptions.InTheNews(0, ("Tulips",))


async def test_another_process_learns_what_is_followed_also_when_it_is_taken_up_again(db: Database) -> None:
    newsroom = Newsroom(db)
    elsewhere = Newsroom(db, matcher=LiveMatcher())
    one, other = await newsroom.chat(1, "Seoul"), await newsroom.chat(2, "Busan")
    [own] = await subscriptions.of_chat(db, one)
    await unsubscribe(db, newsroom.matcher, one, own.id)
    async with db.read() as tx:
        await elsewhere.matcher.follow(tx)
    await newsroom.follow(other, "Seoul")
    article = await elsewhere.publish("Seoul and Busan vote")
    async with db.read() as tx:
        assert len(await matches.of_articles(tx, [article.id])) == 2


async def test_a_stored_query_that_cannot_be_read_any_more_stops_nothing(db: Database) -> None:
    newsroom = Newsroom(db)
    async with db.write() as tx:
        chat = await a_chat(tx, 1)
        await stored.add(tx, chat_id=chat.id, canonical="(", text="(", label="", mode=Mode.BRIEFING, now=NOON)
    await newsroom.follow(chat, "Seoul")
    await newsroom.publish("Seoul votes")
    assert isinstance(await newsroom.brief(chat), Briefing)
    await newsroom.publish("Busan votes", at=NOON + HOUR)
    assert not isinstance(await newsroom.brief(chat, NOON + 2 * HOUR), Briefing)
    newsroom.matcher.discard(99)


async def test_many_queries_are_learned_page_by_page(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "QUERIES_A_READ", 2)
    monkeypatch.setattr(matching, "ADDED_AT_A_TIME", 1)
    newsroom = Newsroom(db)
    await newsroom.chat(1, "Seoul", "Busan", "Daegu", "Jeju", "Incheon")
    elsewhere = LiveMatcher()
    async with db.write() as tx:
        await elsewhere.follow(tx)
        await elsewhere.follow(tx)
        [article] = await store(tx, an_article(await a_source(tx), "Seoul, Busan, Daegu, Jeju, Incheon"))
    async with db.read() as tx:
        assert len(elsewhere.match([await articles.get(tx, article)])) == 5


async def test_a_query_is_held_against_all_that_an_article_says_of_itself(db: Database) -> None:
    newsroom = Newsroom(db)
    article = await newsroom.publish("T", section="Asia", tags=("General",), keywords=("Kim",), authors=("Ann",))
    document = document_of(article)
    assert document.tags == ("Asia", "General", "Kim")
    assert (document.source, document.authors, document.url) == ("Harbour Post-Asia", ("Ann",), article.url)


async def test_who_follows_a_topic_again_keeps_its_mode_and_name(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "Seoul => Capital", mode=Mode.ALERT)

    async def follow(text: str, mode: Mode | None = None) -> tuple[str, Mode, Mode | None]:
        done = await subscriptions.subscribe(db, newsroom.matcher, chat, text, NOON, mode=mode)
        return done.subscription.name, done.subscription.mode, done.was

    assert await follow("seoul") == ("Capital", Mode.ALERT, Mode.ALERT)
    assert await follow("Seoul => City") == ("City", Mode.ALERT, Mode.ALERT)
    assert await follow("Seoul", Mode.BRIEFING) == ("Seoul", Mode.BRIEFING, Mode.ALERT)
    assert await follow("Seoul => Quiet", Mode.MUTE) == ("Quiet", Mode.MUTE, Mode.BRIEFING)
    assert await follow("Seoul") == ("Seoul", Mode.BRIEFING, Mode.MUTE)


FAR = "The harbour office counts the ships of the week and writes them down. " * 20


async def test_what_has_a_word_in_passing_is_counted_apart_and_not_told(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "coffee")
    await newsroom.publish("Coffee harvest", FAR, at=NOON)
    await newsroom.publish("Ships at sea", f"{FAR}They drank coffee.", at=NOON)
    found = await preview(db, parse_query("coffee"), NOON)
    assert (found.articles, found.stories, found.in_passing) == (1, 1, 1)
    assert [article.title for article in found.examples] == ["Coffee harvest"]
    assert (await preview(db, parse_query('"coffee"'), NOON)).articles == 2
    other = await newsroom.chat(2, "coffee", mode=Mode.ALERT)
    async with newsroom.db.read() as tx:
        for reader in (chat, other):  # matched when they came in, and when the topic came
            following = await stored.of_chats(tx, [reader.id])
            told = await matches.candidates(tx, following, since=NOON - DAY, until=NOON + DAY, told_too=False)
            assert len(told[reader.id]) == 1
    await newsroom.alert(NOON + HOUR)
    alerts = "".join(await newsroom.texts(other))
    assert "Coffee harvest" in alerts
    assert "ships at sea" not in alerts.lower()


async def test_all_chats_together_have_room_for_so_many_regular_expressions(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscriptions, "REGEXES", 2)
    newsroom = Newsroom(db, matcher=LiveMatcher(regexes=True))
    for number in (1, 2):
        await newsroom.follow(await newsroom.chat(number), f"/kx-{number}/ AND Seoul NEAR/5 ships AND Kim NEAR/5 Lee")
    chat = await newsroom.chat(3)
    await newsroom.follow(chat, "Seoul NEAR/6 ships AND Kim NEAR/5 Lee")
    with pytest.raises(BadInput) as caught:
        await newsroom.follow(chat, "-/kx-3/ Seoul")
    assert caught.value.key == "no_room_for_regexes"
    await newsroom.follow(chat, "/kx-1/")


async def test_a_regular_expression_rests_while_none_are_allowed(db: Database) -> None:
    newsroom = Newsroom(db, matcher=LiveMatcher(regexes=True))
    chat = await newsroom.chat(1)
    await newsroom.follow(chat, "/kx-\\d/")
    strict = Newsroom(db, matcher=LiveMatcher())
    first = await strict.publish("KX-1 lands")
    second = await newsroom.publish("KX-2 lands")
    async with db.read() as tx:
        assert await matches.of_articles(tx, [first.id]) == []
        assert len(await matches.of_articles(tx, [second.id])) == 1
    with pytest.raises(QueryError) as caught:
        await strict.follow(chat, "/kx-3/")
    assert (caught.value.reason, caught.value.position) == ("regex_off", 0)
