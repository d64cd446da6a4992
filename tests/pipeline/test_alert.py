"""What somebody wants to know at once is told once, and only while it is news."""

import asyncio
from collections.abc import Sequence

from bot.model import Briefing, DeliveryKind, DeliveryState, Excerpt, Mode
from bot.pipeline.alert import EXPIRES
from bot.storage import articles, briefings, chats, deliveries, subscriptions
from bot.storage.database import Database
from bot.texts import words
from tests.conftest import NOON
from tests.fakes import FakeWorkers
from tests.make import DAY, HOUR, Newsroom

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
        [("Briefing only", f"calm:{own}")]
    ]
    assert await newsroom.told(calm) == []
    async with db.read() as tx:
        [delivery] = await deliveries.of_chat(tx, chat.id)
    assert (delivery.kind, delivery.expires_at) == (DeliveryKind.ALERT, NOON + EXPIRES)


async def _followed(db: Database, chat_id: int) -> list[int]:
    async with db.read() as tx:
        return [its.query_id for its in await subscriptions.of_chat(tx, chat_id)]


async def test_a_story_in_three_outlets_is_one_alert(db: Database) -> None:
    newsroom = Newsroom(db)
    chat = await newsroom.chat(1, "harbour", mode=Mode.ALERT)
    await newsroom.publish("Harbour tunnel closed", TUNNEL)
    await newsroom.publish("Water closes the harbour tunnel", TUNNEL_TOO, source="Lantern Daily")
    await newsroom.alert(NOON)
    await newsroom.publish("Harbour tunnel closed for days", TUNNEL_TOO, source="Third Paper", at=NOON + HOUR)
    await newsroom.alert(NOON + HOUR)
    [text] = await newsroom.texts(chat)
    assert 'also <a href="https://news.example/2/water-closes-the-harbour-tunnel">Lantern Daily</a>' in text


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
    assert message.buttons == ()
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
        async def summarize(
            self, text: str, *, title: str, language: str, sentences: int, focus: Sequence[str] = ()
        ) -> tuple[Excerpt, ...]:
            async with db.write() as tx:
                await briefings.tell(tx, chat.id, [first.story_id or 0], DeliveryKind.BRIEFING, NOON)
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
