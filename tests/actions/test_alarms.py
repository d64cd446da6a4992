"""What admins are told of their own sources without asking."""

from bot.actions.alarms import source_fell_ill
from bot.errors import FetchError, SourceError
from bot.model import DeliveryKind, Role, SourceKind
from bot.storage import chats, deliveries, sources
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import DAY, HOUR, a_chat, a_user


async def test_every_admin_is_told_once_a_day_and_reason_in_their_language(db: Database) -> None:
    woken: list[str] = []
    async with db.write() as tx:
        for number, role, language in ((1, Role.OWNER, "en"), (2, Role.ADMIN, "zh"), (3, Role.READER, "en")):
            await a_user(tx, number, role=role)
            await a_chat(tx, number, language=language)
        await a_user(tx, 4, name="Never wrote", role=Role.ADMIN)
        source = await sources.add(
            tx, kind=SourceKind.FEED, url="https://harbour.example/feed", title="A&B", now=NOON, next_fetch_at=NOON
        )
    assert source is not None
    down = FetchError("http_status", host="harbour.example", status=503)
    for error, now in ((down, NOON), (down, NOON + HOUR), (SourceError("empty_feed"), NOON), (down, NOON + DAY)):
        await source_fell_ill(db, source, error, now, woken.append)
    async with db.read() as tx:
        told = {}
        for number in (1, 2, 3):
            (chat,) = await chats.private_chats_of(tx, [number])
            told[number] = await deliveries.of_chat(tx, chat.id)
    assert [len(told[number]) for number in (1, 2, 3)] == [3, 3, 0]
    first = told[1][0]
    assert first.kind is DeliveryKind.ALERT
    assert first.message.text == (
        '<b><a href="https://harbour.example/feed">A&amp;B</a></b> can\'t be read: '
        "harbour.example answered with status 503. It is tried again by itself."
    )
    assert [[button.data for button in row] for row in first.message.buttons] == [["srcdo:test:1", "srcdo:pause:1"]]
    assert "无法读取" in told[2][0].message.text
    assert woken == ["deliver"] * 4
