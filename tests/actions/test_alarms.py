"""What admins are told of their own sources without asking."""

from dataclasses import replace
from datetime import timedelta

from bot.actions.alarms import source_fell_ill, warn_of_silence
from bot.actions.sources import ignore
from bot.errors import FetchError, SourceError
from bot.model import DeliveryKind, Role, SourceKind
from bot.storage import chats, deliveries, polling, sources
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
    source = replace(source, failures=2)
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
    assert [[button.data for button in row] for row in first.message.buttons] == [
        ["srcdo:test:1", "srcdo:pause:1", "srcdo:ignore:1"]
    ]
    assert "无法读取" in told[2][0].message.text
    assert woken == ["deliver"] * 4


async def test_what_happens_once_or_is_to_be_ignored_alarms_nobody(sqlite_db: Database) -> None:
    async with sqlite_db.write() as tx:
        await a_user(tx, 1, role=Role.OWNER)
        await a_chat(tx, 1)
        source = await sources.add(tx, kind=SourceKind.FEED, url="https://harbour.example/feed", now=NOON)
    assert source is not None
    down, woken = FetchError("timeout", host="harbour.example", seconds=30), list[str]()
    await source_fell_ill(sqlite_db, source, down, NOON, woken.append)
    await ignore(sqlite_db, source.id, NOON)
    async with sqlite_db.read() as tx:
        ignored = await sources.get(tx, source.id)
    await source_fell_ill(sqlite_db, replace(ignored, failures=2), down, NOON + DAY, woken.append)
    assert woken == []
    await source_fell_ill(sqlite_db, replace(ignored, failures=2), down, NOON + 8 * DAY, woken.append)
    assert woken == ["deliver"]


async def test_a_silence_that_is_no_accident_is_told_once(db: Database) -> None:
    woken: list[str] = []
    async with db.write() as tx:
        await a_user(tx, 1, role=Role.OWNER)
        await a_chat(tx, 1, language="zh")
        made = []
        for number, pace in ((1, 40.0), (2, 0.1)):
            source = await sources.add(
                tx, kind=SourceKind.FEED, url=f"https://h{number}.example/", title=f"H{number}", now=NOON
            )
            assert source is not None
            facts = {"next_fetch_at": NOON, "etag": "", "last_modified": "", "body_hash": "", "pace": pace}
            await polling.record_success(tx, source.id, now=NOON, new_articles=1, **facts)  # type: ignore[arg-type]
            made.append(source)
        later = NOON + timedelta(days=3, minutes=14)
        await polling.record_failure(
            tx,
            made[0].id,
            now=later - timedelta(minutes=14),
            next_fetch_at=later,
            error_key="http_status",
            error_facts={"status": 403, "host": "h1.example"},
        )
    assert await warn_of_silence(db, NOON + 2 * DAY, woken.append) == 0
    assert await warn_of_silence(db, later, woken.append) == 1
    assert await warn_of_silence(db, later + HOUR, woken.append) == 0
    async with db.read() as tx:
        (chat,) = await chats.private_chats_of(tx, [1])
        [told] = await deliveries.of_chat(tx, chat.id)
    assert told.message.text == (
        '<b><a href="https://h1.example/">H1</a></b> 已沉默 3 天（通常每天 40 篇）。 '
        "最近一次读取（12:00）：h1.example 返回了状态码 403。"
    )
    assert [button.data for button in told.message.buttons[0]] == ["srcdo:test:1", "srcdo:pause:1", "srcdo:ignore:1"]
    async with db.write() as tx:
        await polling.record_success(
            tx, 1, now=later, next_fetch_at=later, etag="", last_modified="", body_hash="", new_articles=1
        )
    assert await warn_of_silence(db, later + 4 * DAY, woken.append) == 1
    assert woken == ["deliver"] * 2
