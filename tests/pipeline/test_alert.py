"""What somebody wants to know at once is told once, and only while it is news."""

import asyncio
from dataclasses import replace
from datetime import time, timedelta
from typing import Any

import pytest

from bot.actions import alerts, subscriptions
from bot.actions.nothing import Nothing
from bot.errors import NotFound
from bot.model import Briefing, Chat, Delivery, DeliveryKind, DeliveryState, Excerpt, Mode, Operation, QuietHours
from bot.pipeline.alert import EXPIRES
from bot.rules.alerting import ALERTS_AN_HOUR, EDIT_PAUSE
from bot.rules.delivery import Settlement
from bot.storage import articles, chats, deliveries, told
from bot.storage import subscriptions as stored
from bot.storage.database import Database
from bot.texts import words
from tests.conftest import NOON
from tests.fakes import FakeWorkers
from tests.make import DAY, HOUR, Newsroom

TOPICS = (
    "ferries whales copper wolves opera bridges lanterns orchards glaciers violins teapots kites barley saffron "
    "tunnels pianos"
).split()
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
TUNNEL = (
    "Water broke into the harbour tunnel on Monday night and closed the only road to the ferry port of the town. "
    "Engineers expect to pump for three days before drivers can use the tunnel again, the road agency said."
)
TUNNEL_TOO = (
    "The harbour tunnel stays closed for three days after water broke in on Monday night, the road agency said. "
    "Engineers pump to open the only road to the ferry port of the town for drivers again."
)


async def test_an_alert_is_told_at_once_with_its_reason(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    calm = await newsroom.chat(2, "harbour")
    await newsroom.publish("Harbour tunnel closed", TUNNEL)
    assert await newsroom.alert(NOON) == 1
    assert await newsroom.alert(NOON) == 0
    [message] = await newsroom.told(chat)
    assert message.text.startswith(
        '<b><a href="https://news.example/1/harbour-tunnel-closed">Harbour tunnel closed</a>'
    )
    assert "<blockquote expandable>Water broke" in message.text
    assert message.text.endswith("<i>“Harbour” in title</i>")
    [own] = await _followed(db, chat.id)
    assert [[(button.text, button.data) for button in row] for row in message.buttons] == [
        [("Mute story", "hush:1"), ("Briefing only", f"calm:{own}")]
    ]
    assert await newsroom.told(calm) == []
    async with db.read() as tx:
        [delivery] = await deliveries.of_chat(tx, chat.id)
    assert (delivery.kind, delivery.expires_at) == (DeliveryKind.ALERT, NOON + EXPIRES)


async def _followed(db: Database, chat_id: int) -> list[int]:
    async with db.read() as tx:
        return [its.query_id for its in await stored.of_chat(tx, chat_id)]


async def outbox(db: Database, chat: Chat) -> list[Delivery]:
    async with db.read() as tx:
        return await deliveries.of_chat(tx, chat.id)


async def settled(db: Database, *which: Delivery) -> None:
    """Telegram took these messages."""
    async with db.write() as tx:
        await deliveries.mark_sending(tx, [one.id for one in which], NOON)
        sent = [Settlement(replace(one, attempts=1), DeliveryState.SENT, message_id=one.id) for one in which]
        await deliveries.settle(tx, sent, NOON)


async def test_a_story_in_three_outlets_is_one_alert_that_is_edited_without_a_sound(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    await newsroom.publish("Harbour tunnel closed", TUNNEL)
    await newsroom.publish("Water closes the harbour tunnel", TUNNEL_TOO, source="Lantern Daily")
    await newsroom.alert(NOON)
    await newsroom.publish("Harbour tunnel closed for days", TUNNEL_TOO, source="Third Paper", at=NOON + HOUR)
    await newsroom.alert(NOON + HOUR)
    first, edit = await outbox(db, chat)
    also = 'also <a href="https://news.example/2/water-closes-the-harbour-tunnel">Lantern Daily</a>'
    assert also in first.message.text
    assert (edit.operation, edit.target_id) == (Operation.EDIT, first.id)
    assert edit.kind is DeliveryKind.SUPPLEMENT  # fresh alerts go before it
    third = '<a href="https://news.example/3/harbour-tunnel-closed-for-days">Third Paper</a>'
    assert f"{also}, {third}" in edit.message.text
    assert edit.message.buttons == first.message.buttons
    # The same source again, or a source too many to be named, changes nothing.
    await newsroom.publish("Still closed: harbour tunnel", TUNNEL_TOO, source="Third Paper", at=NOON + 2 * HOUR)
    assert await newsroom.alert(NOON + 2 * HOUR) == 1
    assert len(await outbox(db, chat)) == 2


async def test_sources_that_come_in_quickly_are_one_edit_a_while_later(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    await newsroom.publish("Harbour tunnel closed", TUNNEL)
    await newsroom.alert(NOON)
    for number, source in enumerate(("Lantern Daily", "Third Paper", "Fourth Paper"), 1):
        now = NOON + number * SECOND * 6
        await newsroom.publish("Water closes the harbour tunnel", TUNNEL_TOO, source=source, at=now)
        await newsroom.alert(now)
    _, *edits = await outbox(db, chat)
    assert [one.not_before for one in edits][1:] == [NOON + 6 * SECOND + EDIT_PAUSE, NOON + 6 * SECOND + 2 * EDIT_PAUSE]
    assert [one.state for one in edits] == [DeliveryState.CANCELLED] * 2 + [DeliveryState.QUEUED]
    assert all(name in edits[-1].message.text for name in ("Lantern Daily", "Third Paper", "Fourth Paper"))


ARLEN = (
    " The earthquake shook the harbour town of Arlen and the villages around it early on Monday. Houses fell in the "
    "old quarter, the harbour road is blocked, and the governor of the province called for help."
)
QUAKE = f"At least 12 people were killed, the governor said.{ARLEN}"
QUAKE_TOO = f"The earthquake in Arlen left 17 dead.{ARLEN}"
TOLL = f"The death toll of the earthquake in Arlen rose to 31.{ARLEN}"
HIT, HIT_TOO, RISES = (
    "Earthquake hits harbour town of Arlen",
    "Earthquake in harbour town of Arlen",
    "Earthquake in harbour town of Arlen: toll rises to 31",
)


async def test_where_figures_differ_both_sentences_stand_there_word_for_word(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    await newsroom.publish(HIT, QUAKE)
    await newsroom.alert(NOON)
    await newsroom.publish(HIT_TOO, QUAKE_TOO, source="Lantern Daily", at=NOON + MINUTE)
    await newsroom.alert(NOON + MINUTE)
    _, edit = await outbox(db, chat)
    assert (
        "Figures differ:\n<blockquote>"
        '<a href="https://news.example/1/earthquake-hits-harbour-town-of-arlen">Harbour Post</a>: '
        "“At least 12 people were killed, the governor said.”\n"
        '<a href="https://news.example/2/earthquake-in-harbour-town-of-arlen">Lantern Daily</a>: '
        "“The earthquake in Arlen left 17 dead.”</blockquote>"
    ) in edit.message.text


async def test_a_real_update_replies_to_the_alert_and_lives_on_itself(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    await newsroom.publish(HIT, QUAKE)
    await newsroom.alert(NOON)
    later = NOON + 2 * HOUR
    update = await newsroom.publish(RISES, TOLL, source="Lantern Daily", at=later)
    await newsroom.alert(later)
    first, reply = await outbox(db, chat)
    assert (reply.operation, reply.target_id) == (Operation.SEND, first.id)
    assert reply.message.text.startswith(f'<b>Update: <a href="{update.url}">')
    assert "rose to 31" in reply.message.text
    await newsroom.publish(RISES, TOLL, source="Third Paper", at=later + MINUTE)
    await newsroom.alert(later + MINUTE)
    edit = (await outbox(db, chat))[-1]
    assert (edit.operation, edit.target_id) == (Operation.EDIT, reply.id)
    assert "Third Paper" in edit.message.text
    assert isinstance(await newsroom.brief(chat, later + HOUR), Nothing)


async def test_an_update_of_what_a_briefing_told_comes_back_marked(db: Database) -> None:
    newsroom = Newsroom(db)
    chat, calm = await newsroom.chat(1, "harbour", mode=Mode.ALERT), await newsroom.chat(2, "harbour")
    await newsroom.publish(HIT, QUAKE)
    for its in (chat, calm):
        await newsroom.brief(its)
    await newsroom.alert(NOON)
    later = NOON + 2 * HOUR
    await newsroom.publish(RISES, TOLL, source="Lantern Daily", at=later)
    await newsroom.alert(later)
    assert (await newsroom.texts(chat))[-1].startswith("<b>Update: ")
    assert isinstance(await newsroom.brief(chat, later), Nothing)
    assert isinstance(await newsroom.brief(calm, later), Briefing)
    assert "1. Update: <a" in (await newsroom.texts(calm))[-1]
    assert isinstance(await newsroom.brief(calm, later + HOUR), Nothing)


async def test_a_muted_story_is_never_told_again(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    first = await newsroom.publish(HIT, QUAKE)
    await newsroom.alert(NOON)
    await alerts.mute_story(db, chat, first.story_id or 0, muted=True)
    later = NOON + 2 * HOUR
    await newsroom.publish(HIT_TOO, QUAKE_TOO, source="Third Paper", at=NOON + MINUTE)
    await newsroom.publish(RISES, TOLL, source="Lantern Daily", at=later)
    await newsroom.alert(later)
    assert len(await outbox(db, chat)) == 1
    assert isinstance(await newsroom.brief(chat, later, window=DAY), Nothing)
    with pytest.raises(NotFound):
        await alerts.mute_story(db, chat, 99, muted=True)


async def test_a_calmed_or_ended_topic_gets_neither_edits_nor_updates(db: Database) -> None:
    newsroom = Newsroom(db)
    calmed, ended = [await newsroom.chat(number, "harbour", mode=Mode.ALERT) for number in (1, 2)]
    await newsroom.publish(HIT, QUAKE)
    await newsroom.alert(NOON)
    [own] = await subscriptions.of_chat(db, calmed)
    await subscriptions.set_mode(db, calmed, own.id, Mode.BRIEFING)
    [own] = await subscriptions.of_chat(db, ended)
    await subscriptions.unsubscribe(db, newsroom.matcher, ended, own.id)
    await newsroom.publish(HIT_TOO, QUAKE_TOO, source="Third Paper", at=NOON + MINUTE)
    await newsroom.publish(RISES, TOLL, source="Lantern Daily", at=NOON + HOUR)
    await newsroom.alert(NOON + HOUR)
    assert [len(await outbox(db, its)) for its in (calmed, ended)] == [1, 1]


async def test_stories_within_seconds_are_one_message_and_one_sound(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    await newsroom.publish("Harbour ferries strike")
    await newsroom.alert(NOON)
    [first] = await outbox(db, chat)
    await settled(db, first)
    await newsroom.publish("Copper harbour mine", at=NOON + SECOND)
    await newsroom.alert(NOON + SECOND)
    await newsroom.publish("Harbour wolves seen", at=NOON + 6 * SECOND)
    await newsroom.alert(NOON + 6 * SECOND)
    first, joined, apart = await outbox(db, chat)
    assert (joined.operation, joined.target_id) == (Operation.EDIT, first.id)
    assert joined.kind is DeliveryKind.ALERT
    assert joined.message.text.index("ferries") < joined.message.text.index("Copper")
    assert [button.text for button in joined.message.buttons[0]] == ["Mute a story", "Briefing only"]
    assert (apart.operation, apart.target_id) == (Operation.SEND, None)


async def test_stories_join_a_message_that_still_waits_and_shorten_each_other(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    long = "Harbour {} " + "and more and more of it " * 70 + "ended."
    for number, topic in enumerate(("ferries", "copper", "wolves", "opera")):
        now = NOON + number * MINUTE
        await newsroom.publish(f"Harbour {topic}", long.format(topic), at=now)
        await newsroom.alert(now)
    first, *edits = await outbox(db, chat)
    assert [one.operation for one in edits] == [Operation.EDIT] * 3
    texts = [one.message.text for one in (first, *edits)]
    assert ["and more" in text for text in texts] == [True, True, False, False]
    assert all(f"Harbour {topic}" in texts[-1] for topic in ("ferries", "copper", "wolves", "opera"))


async def test_alerts_are_silent_by_choice_and_a_loud_one_never_hides_in_a_silent_one(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    [own] = await subscriptions.of_chat(db, chat)
    await newsroom.follow(chat, "opera", mode=Mode.ALERT)
    assert (await subscriptions.set_silent(db, chat, own.id, silent=True)).silent
    await newsroom.publish("Harbour ferries strike")
    await newsroom.alert(NOON)
    await newsroom.publish("Opera roof falls", at=NOON + SECOND)
    await newsroom.alert(NOON + SECOND)
    await newsroom.publish("Copper harbour mine", at=NOON + 2 * SECOND)
    await newsroom.alert(NOON + 2 * SECOND)
    silent, loud, joined = await outbox(db, chat)
    assert (silent.message.silent, loud.message.silent) == (True, False)
    assert joined.target_id == loud.id


async def test_a_flood_rests_the_topic_says_so_and_leaves_its_stories_to_the_briefing(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    [own] = await subscriptions.of_chat(db, chat)
    for number in range(ALERTS_AN_HOUR + 1):
        await newsroom.publish(f"Harbour {TOPICS[number]}")
    await newsroom.alert(NOON)
    [note] = await newsroom.told(chat)
    assert note.text.splitlines()[0] == (
        "<b>harbour</b> met 13 articles in an hour. Alerts rest until 15:00; the best go into your briefing, all stay "
        "under More."
    )
    assert note.buttons[-1][0].data == f"keep:{own.id}"
    await newsroom.publish("Harbour comets", at=NOON + HOUR)
    await newsroom.alert(NOON + HOUR)
    assert len(await newsroom.told(chat)) == 1
    assert isinstance(await newsroom.brief(chat, NOON + HOUR), Briefing)
    await alerts.keep_alerts(db, chat, own.id, NOON + HOUR)
    for number in range(ALERTS_AN_HOUR + 2):
        await newsroom.publish(f"Harbour again {TOPICS[number]} {TOPICS[-number]}", at=NOON + 2 * HOUR)
    await newsroom.alert(NOON + 2 * HOUR)
    assert "rest until" not in (await newsroom.texts(chat))[-1]
    assert "Harbour again" in (await newsroom.texts(chat))[-1]
    with pytest.raises(NotFound):
        await alerts.keep_alerts(db, replace(chat, id=99), own.id, NOON)


async def test_alerts_come_again_when_the_rest_is_over(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    for number in range(ALERTS_AN_HOUR + 1):
        await newsroom.publish(f"Harbour {TOPICS[number]}")
    await newsroom.alert(NOON)
    await newsroom.publish("Harbour comets", at=NOON + 4 * HOUR)
    await newsroom.alert(NOON + 4 * HOUR)
    assert "Harbour comets" in (await newsroom.texts(chat))[-1]


async def test_quiet_hours_hold_alerts_back_until_one_message_in_the_morning(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    async with db.write() as tx:
        await chats.set_quiet_hours(tx, chat.id, QuietHours(time(11), time(14)))
    for number, topic in enumerate(TOPICS[:2]):
        await newsroom.publish(f"Harbour {topic}", at=NOON + number * MINUTE)
        await newsroom.alert(NOON + number * MINUTE)
    first, joined = await outbox(db, chat)
    assert (first.not_before, joined.target_id) == (NOON + 2 * HOUR, first.id)


async def test_many_chats_are_told_in_portions(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.pipeline.alert.CHATS", 2)
    newsroom = Newsroom(db)
    people = [await newsroom.chat(number, "harbour", mode=Mode.ALERT) for number in range(1, 6)]
    await newsroom.publish("Harbour tunnel closed", TUNNEL)
    await newsroom.alert(NOON)
    assert [len(await newsroom.told(chat)) for chat in people] == [1] * 5


async def test_a_burst_is_one_message_and_the_next_one_another(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    await newsroom.follow(chat, "opera", mode=Mode.ALERT)
    for title in ("Harbour ferries strike", "Opera roof falls", "Copper harbour mine"):
        await newsroom.publish(title)
    assert await newsroom.alert(NOON) == 3
    [message] = await newsroom.told(chat)
    assert [line for line in message.text.splitlines() if line.startswith("<b>")] == [
        f'<b><a href="https://news.example/1/{title.lower().replace(" ", "-")}">{title}</a></b>'
        for title in ("Harbour ferries strike", "Opera roof falls", "Copper harbour mine")
    ]
    assert [button.text for button in message.buttons[0]] == ["Mute a story", "Topics"]
    await newsroom.publish("Harbour wolves seen", at=NOON + HOUR)
    await newsroom.alert(NOON + HOUR)
    assert len(await newsroom.told(chat)) == 2


async def test_the_first_import_of_a_source_is_silent(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    await newsroom.publish("Harbour tunnel closed", TUNNEL, silent=True)
    assert await newsroom.alert(NOON) == 0
    assert await newsroom.told(chat) == []
    assert isinstance(await newsroom.brief(chat), Briefing)


async def test_what_was_alerted_is_not_briefed_and_what_was_briefed_is_not_alerted(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    await newsroom.publish("Harbour tunnel closed", TUNNEL)
    await newsroom.alert(NOON)
    assert not isinstance(await newsroom.brief(chat), Briefing)
    await newsroom.publish("Harbour wolves seen", at=NOON + HOUR)
    assert isinstance(await newsroom.brief(chat, NOON + HOUR), Briefing)
    await newsroom.alert(NOON + HOUR)
    assert len(await newsroom.told(chat)) == 2


async def test_a_blocked_chat_gets_no_alert(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    async with db.write() as tx:
        await chats.set_gone(tx, 1, NOON)
    await newsroom.publish("Harbour tunnel closed")
    assert await newsroom.alert(NOON) == 1
    assert await newsroom.told(chat) == []


async def test_an_alert_that_nobody_could_get_in_a_day_expires(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    await newsroom.publish("Harbour tunnel closed")
    await newsroom.alert(NOON)
    async with db.write() as tx:
        assert await deliveries.expire(tx, NOON + EXPIRES - HOUR) == 0
        assert await deliveries.expire(tx, NOON + EXPIRES) == 1
        [delivery] = await deliveries.of_chat(tx, chat.id)
    assert delivery.state is DeliveryState.EXPIRED


async def test_two_processes_alert_a_story_once(db: Database) -> None:
    newsroom = Newsroom(db)
    people = [await newsroom.chat(number, "harbour", mode=Mode.ALERT) for number in (1, 2)]
    await newsroom.publish("Harbour tunnel closed", TUNNEL)
    await asyncio.gather(*(newsroom.alert(NOON) for _ in range(3)))
    assert [len(await newsroom.told(chat)) for chat in people] == [1, 1]


async def test_an_alert_leaves_out_what_a_briefing_told_while_it_was_made(db: Database) -> None:
    newsroom = Newsroom(db)
    chat, other = [await newsroom.chat(number, "harbour", mode=Mode.ALERT) for number in (1, 2)]
    first = await newsroom.publish("Harbour tunnel closed", TUNNEL)
    await newsroom.publish("Harbour wolves seen", "Three wolves were seen near the old harbour on Monday.")

    class Telling(FakeWorkers):
        async def summarize(self, text: str, **options: Any) -> tuple[Excerpt, ...]:
            async with db.write() as tx:
                await told.tell(tx, chat.id, {first.story_id or 0: first.id}, DeliveryKind.BRIEFING, NOON)
                await chats.delete(tx, other.id)
            return ()

    newsroom.workers = Telling()
    await newsroom.alert(NOON)
    [text] = await newsroom.texts(chat)
    assert "Harbour wolves" in text
    assert "tunnel" not in text
    assert await newsroom.told(other) == []


async def test_an_article_without_a_story_or_matches_waits_for_them(db: Database) -> None:
    newsroom = Newsroom(db)
    await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    article = await newsroom.publish("Opera roof falls")
    assert await newsroom.alert(NOON) == 1
    async with db.write() as tx:
        await articles.forget_before(tx, NOON + DAY, NOON)
    assert await newsroom.alert(NOON) == 0
    assert article.story_id is not None


async def test_a_chinese_chat_is_alerted_in_chinese(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "朝鲜", mode=Mode.ALERT, language="zh-hans")
    await newsroom.publish("朝鮮軍隊調動", "朝鲜军队周一调动。")
    await newsroom.alert(NOON)
    [text] = await newsroom.texts(chat)
    assert words("zh")("“{term}” in title", term="朝鮮") in text
