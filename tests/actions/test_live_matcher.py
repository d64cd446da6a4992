"""The live matcher follows the database, and stays right while its big automaton is rebuilt."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.actions.matching import LiveMatcher
from bot.rules import matching_literals
from bot.storage import articles
from bot.storage.database import Database
from tests.fakes import FakeWorkers
from tests.make import a_source, an_article, stored


class HeldWorkers(FakeWorkers):
    """Builds an automaton only when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()

    async def build_automaton(self, parts: Sequence[bytes]) -> bytes:
        self.begun.set()
        await self.go_on.wait()
        return await super().build_automaton(parts)


async def test_queries_that_come_and_go_during_a_rebuild_are_right_after_it(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching_literals, "WORTH_BUILDING", 10)
    matcher = LiveMatcher()
    for number in range(1, 40):
        matcher.add(number, f"the topic{number}")
    workers = HeldWorkers()
    rebuilding = asyncio.create_task(matcher.rebuild(workers))
    await workers.begun.wait()
    matcher.add(100, "harbour")
    matcher.discard(7)
    workers.go_on.set()
    assert await rebuilding
    async with sqlite_db.write() as tx:
        source = await a_source(tx)
        (article_id,) = await stored(
            tx, an_article(source, "Harbour news", "the topic7 and the topic8 and the topic39")
        )
        article = await articles.get(tx, article_id)
    assert sorted(found.query_id for found in matcher.match([article])) == [8, 39, 100]


async def test_nothing_is_rebuilt_for_a_few_queries() -> None:
    matcher = LiveMatcher()
    matcher.add(1, "harbour")
    assert not await matcher.rebuild(FakeWorkers())
