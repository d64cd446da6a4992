"""Death before and after every single write of an article's way: the next life makes everything as if nothing was."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import time, timedelta
from itertools import count

import pytest
import sqlalchemy as sa

from bot.actions.matching import LiveMatcher
from bot.model import Mode, SourceKind
from bot.pipeline.alert import alert
from bot.pipeline.brief import brief_due
from bot.pipeline.collect import LEASE, collect
from bot.pipeline.group import Grouper
from bot.pipeline.match import match
from bot.rules.queries import parse_query
from bot.storage import polling, sources, subscriptions
from bot.storage.database import Database, Tx
from bot.storage.tables import articles, briefings, chats, deliveries, matches, metadata, queries
from tests.books import telling
from tests.conftest import NOON, FakeClock
from tests.make import a_chat, due_now
from tests.news import Here, Pages, rss

FEED = "https://post.example/feed.xml"
TITLES = ("Harbour gates close early", "Orchard harvest begins today", "Harbour museum gets an orchard")
EXPECTED = {("harbour", TITLES[0]), ("harbour", TITLES[2]), ("orchard", TITLES[1]), ("orchard", TITLES[2])}
READERS = 2
WRITES_AT_LEAST = 6  # collect, group, match, alert, brief and their claims


class Killed(BaseException):
    """The process is gone: nothing that handles errors sees it."""


class Mortal(Database):
    """A database whose user dies at a writing unit: just before it is stored, or just after.

    Attributes:
        writes: how many units there were.
    """

    def __init__(self, db: Database, dies_at: int = 0, *, is_stored: bool = False) -> None:
        self._db = db
        self._dies_at = dies_at
        self._is_stored = is_stored
        self.writes = 0

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Tx]:
        async with self._db.read() as tx:
            yield tx

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Tx]:
        self.writes += 1
        dies = self.writes == self._dies_at
        async with self._db.write() as tx:
            yield tx
            if dies and not self._is_stored:
                raise Killed
        if dies:
            raise Killed


async def begin(db: Database) -> None:
    """Readers of two topics whose briefing is due, and a feed that was imported."""
    async with db.write() as tx:
        for table in reversed(metadata.sorted_tables):
            await tx.execute(sa.delete(table))
        for number in range(1, READERS + 1):
            chat = await a_chat(tx, number)
            for topic, mode in (("harbour", Mode.ALERT), ("orchard", Mode.BRIEFING)):
                canonical = parse_query(topic).canonical
                await subscriptions.add(
                    tx, chat_id=chat.id, canonical=canonical, text=topic, label="", mode=mode, now=NOON
                )
            await due_now(tx, chat, time(12))
        source = await sources.add(tx, kind=SourceKind.FEED, url=FEED, now=NOON, next_fetch_at=NOON)
        assert source is not None
        await polling.record_success(
            tx, source.id, now=NOON, next_fetch_at=NOON, etag="", last_modified="", body_hash=""
        )


async def live(db: Database, clock: FakeClock) -> None:
    """A life of the program: every step until none has anything to do."""
    outside, workers, matcher, grouper = Pages(), Here(), LiveMatcher(), Grouper()
    outside.has(
        FEED, rss(*((f"/{number}", title) for number, title in enumerate(TITLES)), text="It is so. " * 300)
    )  # no teaser, so that no page is fetched
    async with db.read() as tx:
        await matcher.follow(tx)
    while (
        await collect(db, outside, workers, clock)
        + await grouper.run(db, clock.now())
        + await match(db, matcher, clock.now())
        + await alert(db, workers, clock.now())
        + await brief_due(db, workers, clock.now())
    ):
        pass


async def check(db: Database) -> None:
    """Every article is there and matched once, every story told once, every slot briefed once and moved on."""
    async with db.read() as tx:
        stored = {row.id: row for row in await tx.execute(sa.select(articles))}
        assert sorted(row.title for row in stored.values()) == sorted(TITLES)
        assert all(row.story_id and row.matched_at and row.alerted_at for row in stored.values())
        names = {row.id: row.canonical for row in await tx.execute(sa.select(queries))}
        met = [(names[row.query_id], stored[row.article_id].title) for row in await tx.execute(sa.select(matches))]
        assert Counter(met) == Counter(EXPECTED)
        assert await telling(tx) == {"untold": [], "told_again": []}
        slots = [(row.chat_id, row.slot) for row in await tx.execute(sa.select(briefings))]
        assert len(slots) == len(set(slots)) == READERS
        texts = [row.message["text"] for row in await tx.execute(sa.select(deliveries))]
        assert sum(TITLES[1] in text for text in texts) == READERS
        due = {row.next_run_at for row in await tx.execute(sa.select(chats))}
        assert due == {NOON + timedelta(days=1)}


@pytest.mark.parametrize("is_stored", [False, True], ids=["before", "after"])
async def test_the_next_life_completes_what_death_at_any_write_left(
    db: Database, clock: FakeClock, is_stored: bool
) -> None:
    for dies_at in count(1):
        clock.set(NOON)
        await begin(db)
        life = Mortal(db, dies_at, is_stored=is_stored)
        with suppress(Killed):
            await live(life, clock)
        if life.writes < dies_at:  # it had ended before
            await check(db)
            break
        clock.move(seconds=LEASE.total_seconds())
        await live(db, clock)
        await check(db)
    assert dies_at > WRITES_AT_LEAST
