"""The live matcher follows the database, and stays right while its big automaton is rebuilt."""

import asyncio
from collections.abc import Callable, Sequence
from typing import TypeVar

import pytest

from bot.actions import matching
from bot.actions.matching import LiveMatcher
from bot.errors import WorkerError
from bot.rules import matching_literals
from bot.storage import articles
from bot.storage.database import Database
from tests.fakes import FakeWorkers
from tests.make import a_source, an_article, stored

T = TypeVar("T")


class HeldWorkers(FakeWorkers):
    """Builds an automaton only when the test lets it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[bytes] = []
        self.begun = asyncio.Event()
        self.go_on = asyncio.Event()

    async def build_automata(self, parts: Sequence[bytes], unpack: Callable[[bytes], T]) -> list[T]:
        self.asked.extend(parts)
        self.begun.set()
        await self.go_on.wait()
        return await super().build_automata(parts, unpack)


def of_39_topics(workers: FakeWorkers | None) -> LiveMatcher:
    """A matcher that was told of topics and has not settled."""
    matcher = LiveMatcher(workers)
    for number in range(1, 40):
        matcher.add(number, f"the topic{number}")
    return matcher


async def test_queries_that_come_and_go_during_a_rebuild_are_right_after_it(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching_literals, "WORTH_BUILDING", 10)
    workers = HeldWorkers()
    matcher = of_39_topics(workers)
    rebuilding = asyncio.create_task(matcher.rebuild())
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


async def test_an_automaton_is_made_for_the_articles_that_are_stored_and_those_that_came_since(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching_literals, "WORTH_BUILDING", 10)
    workers = HeldWorkers()
    workers.go_on.set()
    matcher = of_39_topics(workers)
    async with sqlite_db.write() as tx:
        source = await a_source(tx)
        await stored(tx, an_article(source, "Harbour news", "the topic8"))
        await matcher.follow(tx)
        (article_id,) = await stored(tx, an_article(source, "Ferry news", "the topic9"))
        article = await articles.get(tx, article_id)
    matcher.match([article])
    assert await matcher.rebuild()
    assert workers.asked[0] == b" harbour news \n the topic8 \x1d ferry news \n the topic9 \x1c"
    assert [found.query_id for found in matcher.match([article])] == [9]


async def test_nothing_is_rebuilt_for_a_few_queries() -> None:
    matcher = LiveMatcher(FakeWorkers())
    matcher.add(1, "harbour")
    assert not await matcher.rebuild()


class BrokenWorkers(FakeWorkers):
    """Fails to build."""

    async def build_automata(self, parts: Sequence[bytes], unpack: Callable[[bytes], T]) -> list[T]:
        raise WorkerError("worker_died", job="build_automata")


@pytest.mark.parametrize("workers", [FakeWorkers(), BrokenWorkers(), None])
async def test_very_many_new_queries_are_findable_once_settled(
    sqlite_db: Database, monkeypatch: pytest.MonkeyPatch, workers: FakeWorkers | None
) -> None:
    monkeypatch.setattr(matching_literals, "WORTH_BUILDING", 10)
    monkeypatch.setattr(matching, "VERY_MANY", 30)
    matcher = of_39_topics(workers)
    await matcher.settle()
    async with sqlite_db.write() as tx:
        (article_id,) = await stored(tx, an_article(await a_source(tx), "News", "the topic7 and the topics39"))
        article = await articles.get(tx, article_id)
    assert sorted(found.query_id for found in matcher.match([article])) == [7]


async def test_very_many_new_queries_are_built_by_a_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching_literals, "WORTH_BUILDING", 10)
    monkeypatch.setattr(matching, "VERY_MANY", 30)
    workers = HeldWorkers()
    matcher = of_39_topics(workers)
    settling = asyncio.create_task(matcher.settle())
    await workers.begun.wait()
    workers.go_on.set()
    await settling
    assert not await matcher.rebuild()
