"""What is offered beside a query, and taking it, on both databases."""

from datetime import timedelta

import pytest

from bot.actions import offers, subscriptions
from bot.actions.offers import Offers
from bot.errors import NotFound, QueryError
from bot.model import Chat, Mode
from bot.rules.queries import parse_query
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import Newsroom

LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def newsroom(db: Database) -> Newsroom:
    return Newsroom(db)


async def offered(newsroom: Newsroom, chat: Chat, text: str) -> Offers:
    query = parse_query(text)
    preview = await subscriptions.preview(newsroom.db, query, LATER)
    return await offers.offers(newsroom.db, chat, query, preview, LATER)


async def names_of(newsroom: Newsroom, chat: Chat) -> list[str]:
    return [its.name for its in await subscriptions.of_chat(newsroom.db, chat)]


async def test_the_readers_language_comes_first_then_what_the_sources_speak(newsroom: Newsroom) -> None:
    chat = await newsroom.chat(language="de")
    await newsroom.publish("서울 날씨", language="ko")
    found = await offered(newsroom, chat, "朝鲜")
    assert found.twins is not None
    assert found.twins.names[:2] == ("Nordkorea", "북한")
    assert offers.twins_of(parse_query("title:Russia")) is None
    assert offers.twins_of(parse_query("Russia OR Ukraine")) is None


async def test_a_correction_is_offered_only_where_it_meets_far_more(newsroom: Newsroom) -> None:
    chat = await newsroom.chat()
    for number in range(3):
        await newsroom.publish(f"Zelensky on day {number}")
    assert (await offered(newsroom, chat, "Zelenskj")).meant == "Zelensky"
    for number in (2, 3):
        await newsroom.chat(number, "Zelenskij")
    assert (await offered(newsroom, chat, "Zelenskj")).meant == "Zelensky"  # what others follow has met nothing
    await newsroom.publish("Zelenskj once")
    await newsroom.publish("Zelenskj twice")
    assert (await offered(newsroom, chat, "Zelenskj")).meant == ""


async def test_a_known_name_is_never_taken_for_a_typing_error(newsroom: Newsroom) -> None:
    chat = await newsroom.chat()
    for number in range(4):
        await newsroom.publish(f"Austria, day {number}")
    found = await offered(newsroom, chat, "Australia")
    assert found.meant == ""
    assert found.twins is not None


async def test_words_apart_are_offered_only_where_they_bring_far_more(newsroom: Newsroom) -> None:
    chat = await newsroom.chat()
    for number in range(3):
        await newsroom.publish(f"Harbour ferry {number}")
        await newsroom.publish(f"Ferry {number} leaves the harbour")
    assert (await offered(newsroom, chat, "harbour ferry")).apart is None
    assert (await offered(newsroom, chat, "ferry harbour")).apart == offers.Apart("ferry AND harbour", 6)


async def test_a_flood_without_a_telling_keyword_is_not_narrowed(newsroom: Newsroom) -> None:
    chat = await newsroom.chat()
    for number in range(21):
        await newsroom.publish(f"AI, part {number}")
    assert await offered(newsroom, chat, "AI") == Offers(flood=21)
    assert await offered(newsroom, chat, "AI OR robots") == Offers(flood=21)


async def test_a_flood_that_no_keyword_calms_is_halved_or_asked_for_in_headlines(newsroom: Newsroom) -> None:
    chat = await newsroom.chat()
    for number in range(40):
        await newsroom.publish(f"Ferry {number}", "The harbour office said so.")
    await newsroom.publish("Harbour office at sea", "The harbour office said so.")
    assert (await offered(newsroom, chat, "harbour office")).narrowed == offers.Narrowed("title:(harbour office)", 1)
    for number in range(40):
        await newsroom.publish(
            f"AI {'law' if number % 3 else 'chips'} {number}", keywords=("chips",) * (number % 3 == 0)
        )
    found = await offered(newsroom, chat, "AI")
    assert found.flood == 40
    assert found.narrowed is not None
    assert (found.narrowed.query, found.narrowed.a_day) == ("AI AND chips", 14)


async def test_an_exchange_keeps_label_and_mode(newsroom: Newsroom) -> None:
    chat = await newsroom.chat()
    followed = await newsroom.follow(chat, "Untied Nations => UN", mode=Mode.ALERT)
    done = await offers.exchange(newsroom.db, newsroom.matcher, chat, followed.subscription.id, "United Nations", LATER)
    assert (done.subscription.label, done.subscription.mode) == ("UN", Mode.ALERT)
    assert await names_of(newsroom, chat) == ["UN"]
    other = await offers.exchange(
        newsroom.db, newsroom.matcher, chat, done.subscription.id, "UN peacekeepers => Peace", LATER
    )
    assert other.subscription.label == "Peace"


async def test_an_exchange_for_the_same_query_ends_nothing(newsroom: Newsroom) -> None:
    chat = await newsroom.chat()
    followed = await newsroom.follow(chat, "Seoul")
    await offers.exchange(newsroom.db, newsroom.matcher, chat, followed.subscription.id, "SEOUL", LATER)
    assert await names_of(newsroom, chat) == ["SEOUL"]


async def test_an_exchange_that_fails_leaves_the_topic(newsroom: Newsroom) -> None:
    chat = await newsroom.chat()
    followed = await newsroom.follow(chat, "Seoul")
    with pytest.raises(QueryError):
        await offers.exchange(newsroom.db, newsroom.matcher, chat, followed.subscription.id, "(Seoul", LATER)
    assert await names_of(newsroom, chat) == ["Seoul"]


async def test_nobody_exchanges_what_another_chat_follows(newsroom: Newsroom) -> None:
    one, other = await newsroom.chat(1), await newsroom.chat(2)
    followed = await newsroom.follow(one, "Seoul")
    for subscription_id in (followed.subscription.id, 99):
        with pytest.raises(NotFound):
            await offers.exchange(newsroom.db, newsroom.matcher, other, subscription_id, "Busan", LATER)
        with pytest.raises(NotFound):
            await offers.add_twins(newsroom.db, newsroom.matcher, other, subscription_id, LATER)


async def test_twins_make_one_topic_that_meets_them_all(newsroom: Newsroom) -> None:
    chat = await newsroom.chat()
    followed = await newsroom.follow(chat, '"North Korea" => NK')
    done = await offers.add_twins(newsroom.db, newsroom.matcher, chat, followed.subscription.id, LATER)
    assert done is not None
    assert await names_of(newsroom, chat) == ["NK"]
    article = await newsroom.publish("КНДР испытала двигатель", at=LATER)
    assert [match.query_id for match in newsroom.matcher.match([article])] == [done.subscription.query_id]
    assert await offers.add_twins(newsroom.db, newsroom.matcher, chat, done.subscription.id, LATER) is None


async def test_a_full_list_has_room_for_an_exchange(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "SUBSCRIPTIONS_PER_CHAT", 2)
    chat = await newsroom.chat(1, "rates", "Untied Nations")
    own = await subscriptions.of_chat(newsroom.db, chat)
    await offers.exchange(newsroom.db, newsroom.matcher, chat, own[1].id, "United Nations", NOON)
    assert await names_of(newsroom, chat) == ["rates", "United Nations"]


async def test_a_word_that_some_have_in_passing_is_offered_for_every_mention(newsroom: Newsroom) -> None:
    chat = await newsroom.chat()
    far = "The harbour office counts the ships of the week and writes them down. " * 20
    await newsroom.publish("Coffee harvest", far)
    assert (await offered(newsroom, chat, "coffee")).every == ""
    await newsroom.publish("Ships at sea", f"{far}They drank coffees.")
    every = (await offered(newsroom, chat, "coffee")).every
    assert every == '"coffee" OR "coffees" => coffee'
    assert (await subscriptions.preview(newsroom.db, parse_query(every), LATER)).articles == 2
    followed = await newsroom.follow(chat, "coffee")
    await offers.exchange(newsroom.db, newsroom.matcher, chat, followed.subscription.id, every, LATER)
    assert await names_of(newsroom, chat) == ["coffee"]
    assert (await offered(newsroom, chat, "coffee -tea")).every == ""
