"""A briefing tells what a chat follows, each story once, and what is recorded is recorded whole."""

import asyncio
import re
from datetime import datetime, time
from typing import Any

import pytest

from bot.actions import reading, schedule, subscriptions
from bot.actions.nothing import Nothing
from bot.actions.reading import more, read_briefing
from bot.errors import NotFound
from bot.model import Briefing, Chat, DeliveryKind, Excerpt, Mode, Slot, Times
from bot.rules.agenda import Due, due
from bot.sandbox.entities import finish, parse_html
from bot.storage import articles, briefings, chats, deliveries, schedules, told
from bot.storage.database import Database
from bot.texts import words
from tests.conftest import NOON
from tests.fakes import FakeWorkers
from tests.make import DAY, HOUR, Newsroom

TROOPS_TEXT = (
    "Columns of trucks crossed the river at dawn on Monday. Officials in Seoul said that the troops belonged to two "
    "brigades of the North Korea army. Analysts in the capital expect them to stay for the winter. Nobody was hurt."
)
TOPICS = (
    *("ferries strike", "copper mine", "night trains", "tulip fair", "glass bridge", "river toll", "salt museum"),
    *(
        "chess final",
        "wolf pack",
        "tax office",
        "opera roof",
        "bread prices",
        "moon dust",
        "violin thief",
        "beach club",
    ),
)


async def publish_troops(newsroom: Newsroom) -> None:
    """An article in the shape of a news portal's page: source with section, a day, a tag, keywords, the original."""
    await newsroom.publish(
        "Brigades of North Korea move to the river: Seoul",
        TROOPS_TEXT,
        source="灯塔日报",
        section="亚洲",
        tags=("综合",),
        keywords=("North Korea", "Seoul", "troops"),
        published_at=(NOON - DAY).replace(hour=0),
        published_is_day=True,
        language="en",
    )


def headlines(message: str) -> list[str]:
    """The numbered headlines of a briefing."""
    return re.findall(r"^\d+\. <a [^>]*>(.*?)</a>", message, re.MULTILINE)


async def run_of(newsroom: Newsroom, chat: Chat, now: datetime = NOON) -> tuple[Chat, Due]:
    """The chat as it is, and its briefing of eight o'clock of a day, due by now."""
    async with newsroom.db.write() as tx:
        planned = await schedules.of_chat(tx, chat.id)
        before = Slot(now.date(), time(7, 59))
        await schedules.plan(tx, chat.id, next_run_at=now, last_slot=before)
        current = await chats.get(tx, chat.id)
    assert current is not None
    run = due(current, planned, now)
    assert run is not None
    return current, run


async def test_everyone_who_follows_it_gets_the_article_and_nobody_else(db: Database) -> None:
    newsroom = Newsroom(db)
    phrase = await newsroom.chat(1, "North Korea")
    both = await newsroom.chat(2, "Seoul AND troops")
    football = await newsroom.chat(3, "football")
    await publish_troops(newsroom)
    assert isinstance(await newsroom.brief(phrase), Briefing)
    assert isinstance(await newsroom.brief(both), Briefing)
    assert isinstance(await newsroom.brief(football), Nothing)
    assert await newsroom.told(football) == []


async def test_an_item_shows_source_and_section_the_day_the_tag_a_summary_the_reason_and_the_original(
    db: Database,
) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "North Korea", timezone="America/Los_Angeles")
    await publish_troops(newsroom)
    await newsroom.brief(chat)
    [text] = await newsroom.texts(chat)
    assert '1. <a href="https://news.example/1/brigades-of-north-korea' in text
    assert "\n灯塔日报-亚洲 · 21 Oct · 综合\n" in text
    assert "<blockquote expandable>Columns of trucks crossed the river at dawn on Monday. Officials" in text
    assert "<i>“North Korea” in title" in text
    finish(parse_html(text))


async def test_who_subscribes_after_the_import_still_gets_the_last_seven_days(db: Database) -> None:
    newsroom = Newsroom(db)
    await publish_troops(newsroom)
    await newsroom.publish("North Korea opens a bridge", at=NOON, published_at=NOON - 6 * DAY, silent=True)
    await newsroom.publish("North Korea last month", at=NOON, published_at=NOON - 8 * DAY, silent=True)
    chat = await newsroom.chat(1)
    subscribed = await newsroom.follow(chat, "North Korea")
    assert (subscribed.preview.articles, subscribed.preview.stories, subscribed.preview.days) == (2, 2, 7)
    await newsroom.brief(chat)
    [text] = await newsroom.texts(chat)
    assert headlines(text) == ["Brigades of North Korea move to the river: Seoul", "North Korea opens a bridge"]


async def test_nothing_is_told_twice(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "North Korea")
    await publish_troops(newsroom)
    first = await newsroom.brief(chat)
    assert isinstance(first, Briefing)
    assert isinstance(await newsroom.brief(chat, NOON + HOUR), Nothing)
    await newsroom.publish("North Korea opens a bridge", at=NOON + 2 * HOUR)
    await newsroom.brief(chat, NOON + 3 * HOUR)
    assert [headlines(text) for text in await newsroom.texts(chat)] == [
        ["Brigades of North Korea move to the river: Seoul"],
        ["North Korea opens a bridge"],
    ]
    async with db.read() as tx:
        known = await told.of(tx, [chat.id], [its.story_id for its in first.ranking])
    assert set(known) == {(chat.id, its.story_id) for its in first.ranking}


async def test_two_briefings_built_at_the_same_time_tell_a_story_once(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "North Korea")
    await publish_troops(newsroom)
    both = await asyncio.gather(newsroom.brief(chat), newsroom.brief(chat))
    assert sorted(type(one).__name__ for one in both) == ["Briefing", "Nothing"]
    assert len(await newsroom.told(chat)) == 1


async def test_a_story_that_is_told_while_a_briefing_is_made_is_not_told_again(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "North Korea")
    await publish_troops(newsroom)
    await newsroom.publish("North Korea opens a bridge", "A bridge opened near the border on Monday morning.")

    class Telling(FakeWorkers):
        """While the first summary is made, an alert goes out."""

        async def summarize(self, text: str, **options: Any) -> tuple[Excerpt, ...]:
            if not self.summarized:
                async with db.write() as tx:
                    await told.tell(tx, chat.id, {1: 1}, DeliveryKind.ALERT, NOON)
            return await super().summarize(text, **options)

    newsroom.workers = Telling()
    await newsroom.brief(chat)
    [text] = await newsroom.texts(chat)
    assert headlines(text) == ["North Korea opens a bridge"]


async def test_an_explicit_window_shows_all_of_it_and_marks_what_was_told(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "North Korea")
    await publish_troops(newsroom)
    await newsroom.brief(chat)
    await newsroom.publish("North Korea opens a bridge", at=NOON + HOUR)
    await newsroom.publish("North Korea in spring", at=NOON + HOUR, published_at=NOON - 5 * DAY)
    shown = await newsroom.brief(chat, NOON + 2 * HOUR, window=3 * DAY)
    assert isinstance(shown, Briefing)
    text = (await newsroom.texts(chat))[-1]
    assert set(headlines(text)) == {"Brigades of North Korea move to the river: Seoul", "North Korea opens a bridge"}
    assert text.count("told before") == 1
    assert "综合 · told before" in text


async def test_the_rarest_topic_comes_first_under_the_readers_own_names(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", "orchids => Rare flowers")
    for number in range(9):
        await newsroom.publish(f"Harbour news {TOPICS[number]}", source=f"Paper {number}")
    await newsroom.publish("Orchids bloom in the old greenhouse", at=NOON)
    await newsroom.brief(chat)
    [text] = await newsroom.texts(chat)
    assert text.startswith("<b>Rare flowers 1 · harbour 6</b>")
    assert headlines(text)[0] == "Orchids bloom in the old greenhouse"
    assert "7 stories from" in text


async def test_more_goes_through_the_same_ranking_to_its_end(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    for number, topic in enumerate(TOPICS):
        await newsroom.publish(f"Harbour {topic}", source=f"Paper {number}")
    briefing = await newsroom.brief(chat)
    assert isinstance(briefing, Briefing)
    assert len(briefing.ranking) == 15
    for shown in (7, 14):
        assert (await more(db, newsroom.workers, chat, briefing.public_id, NOON + HOUR)).shown == shown
    with pytest.raises(NotFound):
        await more(db, newsroom.workers, chat, briefing.public_id, NOON + HOUR)
    first, second, third = await newsroom.told(chat)
    assert [len(headlines(message.text)) for message in (first, second, third)] == [7, 7, 1]
    assert len({title for message in (first, second, third) for title in headlines(message.text)}) == 15
    assert "8 more stories" in first.text
    assert second.text.count("\n8. <a") == 1
    buttons = [[button.text for row in message.buttons for button in row] for message in (first, second, third)]
    assert [row[0] for row in buttons] == ["More", "More", "Topics"]
    assert isinstance(await newsroom.brief(chat, NOON + 2 * HOUR), Nothing)


async def test_two_taps_on_more_turn_one_page(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    for number, topic in enumerate(TOPICS):
        await newsroom.publish(f"Harbour {topic}", source=f"Paper {number}")
    briefing = await newsroom.brief(chat)
    assert isinstance(briefing, Briefing)
    await asyncio.gather(*(more(db, newsroom.workers, chat, briefing.public_id, NOON) for _ in range(2)))
    told = await newsroom.texts(chat)
    titles = [title for text in told for title in headlines(text)]
    assert len(titles) == len(set(titles))


async def test_more_belongs_to_the_chat_that_got_the_briefing(db: Database) -> None:
    newsroom = Newsroom(db)
    chat, other = await newsroom.chat(1, "North Korea"), await newsroom.chat(2, "North Korea")
    await publish_troops(newsroom)
    briefing = await newsroom.brief(chat)
    assert isinstance(briefing, Briefing)
    for its, public_id in ((other, briefing.public_id), (chat, "0" * 32)):
        with pytest.raises(NotFound):
            await more(db, newsroom.workers, its, public_id, NOON)


async def test_more_marks_what_an_alert_told_meanwhile_and_ends_where_all_is_forgotten(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    for number, topic in enumerate(TOPICS[:8]):
        await newsroom.publish(f"Harbour {topic}", source=f"Paper {number}")
    briefing = await newsroom.brief(chat)
    assert isinstance(briefing, Briefing)
    async with db.write() as tx:
        place = briefing.ranking[7]
        await told.tell(tx, chat.id, {place.story_id: place.article_id}, DeliveryKind.ALERT, NOON)
    await more(db, newsroom.workers, chat, briefing.public_id, NOON)
    assert "told before" in (await newsroom.texts(chat))[-1]
    again = await newsroom.brief(chat, NOON + HOUR, window=DAY)
    assert isinstance(again, Briefing)
    async with db.write() as tx:
        await articles.forget_before(tx, NOON + DAY, NOON)
    with pytest.raises(NotFound):
        await more(db, newsroom.workers, chat, again.public_id, NOON)


async def test_a_scheduled_briefing_recalls_in_one_line_what_was_alerted(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "North Korea", mode=Mode.ALERT)
    await newsroom.follow(chat, "harbour")
    await publish_troops(newsroom)
    await newsroom.alert(NOON)
    await newsroom.publish("Harbour ferries stop", at=NOON)
    chat, run = await run_of(newsroom, chat)
    await reading.brief(db, newsroom.workers, chat, NOON + HOUR, run=run)
    alerted, text = await newsroom.texts(chat)
    assert "Brigades of North Korea" in alerted
    assert headlines(text) == ["Harbour ferries stop"]
    assert re.search(r"^Alerted earlier: <a href=[^>]*>Brigades of North Korea [^<]*</a>$", text, re.MULTILINE)
    assert "Next Wed 23 Oct 08:00" in text


async def test_a_slot_is_taken_once_when_two_processes_race(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "North Korea")
    await publish_troops(newsroom)
    chat, run = await run_of(newsroom, chat)
    built = await asyncio.gather(*(reading.brief(db, newsroom.workers, chat, NOON, run=run) for _ in range(3)))
    assert sum(isinstance(one, Briefing) for one in built) == 1
    assert len(await newsroom.told(chat)) == 1


async def test_an_empty_run_is_recorded_and_said_at_first_and_then_weekly(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "North Korea", "harbour")
    said = []
    for day in range(9):
        now = NOON + day * DAY
        current, run = await run_of(newsroom, chat, now)
        assert isinstance(await reading.brief(db, newsroom.workers, current, now, run=run), Nothing)
        async with db.read() as tx:
            last = await briefings.latest(tx, chat.id)
        assert last is not None
        assert (last.until, last.ranking) == (now, ())
        said.append(len(await newsroom.told(chat)))
    assert said == [1] * 7 + [2] * 2
    first = (await newsroom.told(chat))[0]
    assert first.text == "Nothing new on your 2 topics since Tue 15 Oct 12:00; 0 articles read."
    assert first.buttons[0][0].data == "set:quiet"


async def test_a_chat_that_wants_quiet_or_follows_nothing_hears_nothing_of_empty_runs(db: Database) -> None:
    newsroom = Newsroom(db)
    quiet, idle = await newsroom.chat(1, "North Korea"), await newsroom.chat(2)
    async with db.write() as tx:
        await chats.update(tx, quiet.id, tells_when_empty=False)
    await schedule.set_times(db, idle, [Times((time(8),))], NOON)
    for chat in (quiet, idle):
        current, run = await run_of(newsroom, chat)
        assert isinstance(await reading.brief(db, newsroom.workers, current, NOON, run=run), Nothing)
        assert await newsroom.told(chat) == []


async def test_a_schedule_may_say_when_it_is_empty_or_not_whatever_the_chat_wants(db: Database) -> None:
    newsroom = Newsroom(db)
    for number, (chat_wants, schedule_wants, said) in enumerate(((False, True, 1), (True, False, 0)), 1):
        chat = await newsroom.chat(number, "North Korea")
        async with db.write() as tx:
            await chats.update(tx, chat.id, tells_when_empty=chat_wants)
            await schedules.add(tx, chat.id, Times((time(8),)), tells_when_empty=schedule_wants)
        current, run = await run_of(newsroom, chat)
        await reading.brief(db, newsroom.workers, current, NOON, run=run)
        assert len(await newsroom.told(chat)) == said


async def test_a_chat_that_was_just_briefed_hears_of_no_empty_run(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "North Korea")
    await publish_troops(newsroom)
    chat, run = await run_of(newsroom, chat)
    await newsroom.brief(chat, run.since)
    assert isinstance(await reading.brief(db, newsroom.workers, chat, run.since + HOUR, run=run), Nothing)
    assert len(await newsroom.told(chat)) == 1


async def test_nothing_to_tell_names_what_came_closest(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "quantum AND sensing")
    await newsroom.publish("Quantum chips for sale", "A market opened.")
    await newsroom.publish("Ferries stop", "No boats.")
    nothing = await newsroom.brief(chat)
    assert isinstance(nothing, Nothing)
    assert (nothing.topics, nothing.read_count) == (1, 0)
    nothing = await newsroom.brief(chat, NOON + HOUR)
    assert isinstance(nothing, Nothing)
    assert nothing.read_count == 2
    assert nothing.closest is not None
    assert nothing.closest.article.title == "Quantum chips for sale"
    assert (nothing.closest.present, nothing.closest.missing) == (("quantum",), ("sensing",))
    chat, run = await run_of(newsroom, chat)
    await reading.brief(db, newsroom.workers, chat, NOON + HOUR, run=run)
    [text] = await newsroom.texts(chat)
    assert text == (
        "Nothing new on your 1 topic since Tue 15 Oct 13:00; 2 articles read.\n"
        'Closest: <a href="https://news.example/1/quantum-chips-for-sale">Quantum chips for sale</a> '
        "has “quantum”, not “sensing”."
    )


async def test_a_chat_that_was_deleted_meanwhile_gets_nothing(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "North Korea")
    await publish_troops(newsroom)
    chat, run = await run_of(newsroom, chat)

    class Deleting(FakeWorkers):
        async def summarize(self, text: str, **options: Any) -> tuple[Excerpt, ...]:
            async with db.write() as tx:
                await chats.delete(tx, chat.id)
            return ()

    assert await reading.brief(db, Deleting(), chat, NOON, run=run) is None
    assert await reading.brief(db, newsroom.workers, chat, NOON, run=run) is None


async def test_the_page_of_a_briefing_has_the_same_items_in_the_same_order(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", "North Korea => Korea")
    await publish_troops(newsroom)
    for number, topic in enumerate(TOPICS[:8]):
        await newsroom.publish(f"Harbour {topic}", source=f"Paper {number}")
    briefing = await newsroom.brief(chat)
    assert isinstance(briefing, Briefing)
    await more(db, newsroom.workers, chat, briefing.public_id, NOON + HOUR)
    view = await read_briefing(db, newsroom.workers, briefing.public_id, words("en"))
    on_page = [item.title for topic in view.topics for item in topic.items]
    assert on_page == [title for text in await newsroom.texts(chat) for title in headlines(text)]
    assert [topic.name for topic in view.topics][:2] == ["Korea", "harbour"]
    with pytest.raises(NotFound):
        await read_briefing(db, newsroom.workers, "0" * 32, words("en"))


async def test_an_ended_topic_keeps_its_items_on_the_page(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "North Korea")
    await publish_troops(newsroom)
    briefing = await newsroom.brief(chat)
    assert isinstance(briefing, Briefing)
    async with db.write() as tx:
        await chats.update(tx, chat.id, language="zh")
    [own] = await subscriptions.of_chat(db, chat)
    await subscriptions.unsubscribe(db, newsroom.matcher, chat, own.id)
    view = await read_briefing(db, newsroom.workers, briefing.public_id, words("en"))
    assert [topic.name for topic in view.topics] == ["Ended topic"]


async def test_a_briefing_goes_out_without_summaries_when_no_worker_can_make_them(db: Database) -> None:
    newsroom = Newsroom(db, FakeWorkers(failing=True))
    chat = await newsroom.chat(1, "North Korea")
    await publish_troops(newsroom)
    await newsroom.brief(chat)
    [text] = await newsroom.texts(chat)
    assert "<blockquote" not in text
    assert headlines(text) == ["Brigades of North Korea move to the river: Seoul"]


async def test_a_briefing_is_delivered_as_such(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "North Korea")
    await publish_troops(newsroom)
    await newsroom.brief(chat)
    async with db.read() as tx:
        [delivery] = await deliveries.of_chat(tx, chat.id)
    assert delivery.kind is DeliveryKind.BRIEFING
    assert delivery.not_before == NOON


async def test_a_briefing_leads_to_its_page_where_readers_reach_the_portal(db: Database) -> None:
    newsroom = Newsroom(db)
    chat, other = await newsroom.chat(1, "North Korea"), await newsroom.chat(2, "North Korea")
    await publish_troops(newsroom)
    briefing = await reading.brief(db, newsroom.workers, chat, NOON, portal_url="https://news.example")
    assert isinstance(briefing, Briefing)
    [message] = await newsroom.told(chat)
    assert message.buttons[-1][0].url == f"https://news.example/briefings/{briefing.public_id}"
    await newsroom.brief(other)
    [message] = await newsroom.told(other)
    assert [button.url for row in message.buttons for button in row] == ["", ""]


async def test_of_many_that_are_briefed_together_each_gets_its_own(db: Database) -> None:
    newsroom = Newsroom(db)
    await publish_troops(newsroom)
    await newsroom.publish("Harbour ferries stop")
    topics = (("North Korea",), ("harbour",), ("North Korea", "harbour"), ("cheese",), ())
    asked = [(await newsroom.chat(number, *own), None) for number, own in enumerate(topics, 1)]
    answers = await reading.brief_all(db, newsroom.workers, asked, NOON)
    told = [len(its.ranking) if isinstance(its, Briefing) else its for its in answers.values()]
    assert told[:3] == [1, 1, 2]
    assert [its.topics for its in told[3:] if isinstance(its, Nothing)] == [1, 0]
    assert newsroom.workers.summarized == ["Brigades of North Korea move to the river: Seoul"]


async def test_who_is_told_meanwhile_is_briefed_anew_and_the_others_at_once(db: Database) -> None:
    newsroom = Newsroom(db)
    first, second = await newsroom.chat(1, "harbour"), await newsroom.chat(2, "harbour")
    await newsroom.publish("Harbour ferries stop", "The ferries stop on Tuesday. Nobody knows why.")
    asked = [await run_of(newsroom, chat) for chat in (first, second)]

    class Telling(FakeWorkers):
        async def summarize(self, text: str, **options: Any) -> tuple[Excerpt, ...]:
            await newsroom.brief(first, NOON)
            return ()

    answers = await reading.brief_all(db, Telling(), asked, NOON)
    assert isinstance(answers[first.id], Nothing)
    assert isinstance(answers[second.id], Briefing)
    assert [len(await newsroom.told(chat)) for chat in (first, second)] == [1, 1]


async def test_a_slot_that_had_its_briefing_is_moved_on_without_another(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour")
    await newsroom.publish("Harbour ferries stop")
    chat, run = await run_of(newsroom, chat)
    assert isinstance(await reading.brief(db, newsroom.workers, chat, NOON, run=run), Briefing)
    await newsroom.publish("Harbour mine floods", at=NOON)
    again, run = await run_of(newsroom, chat)
    assert await reading.brief(db, newsroom.workers, again, NOON + HOUR, run=run) is None
    assert len(await newsroom.told(chat)) == 1
    async with db.read() as tx:
        moved = await chats.get(tx, chat.id)
    assert moved is not None
    assert moved.last_slot == Slot(NOON.date(), time(8))
