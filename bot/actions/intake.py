"""Pushes that come while others are being stored are stored together: one unit of work costs much the same for all."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.actions.articles import PushedArticle, PushResult, add_articles
from bot.ports import Clock, Workers
from bot.storage.database import Database


@dataclass(slots=True, eq=False)
class _Push:
    items: Sequence[PushedArticle]
    results: list[PushResult] | None = None
    failure: Exception | None = None

    @property
    def is_over(self) -> bool:
        return self.results is not None or self.failure is not None


class Intake:
    """Where pushed articles come in."""

    def __init__(self, db: Database, workers: Workers, clock: Clock) -> None:
        self._db, self._workers, self._clock = db, workers, clock
        self._waiting: list[_Push] = []
        self._storing = asyncio.Lock()

    async def add(self, items: Sequence[PushedArticle]) -> list[PushResult]:
        """Stores articles, as `add_articles` does, and returns what became of each. Raises as it does."""
        push = _Push(items)
        self._waiting.append(push)
        try:
            async with self._storing:
                if not push.is_over:  # else whoever was before has stored it with theirs
                    await self._store(list(self._waiting))
        finally:
            if push in self._waiting:
                self._waiting.remove(push)
        if push.failure is not None:
            raise push.failure
        return push.results or []

    async def _store(self, pushes: Sequence[_Push]) -> None:
        try:
            results = await self._add([item for push in pushes for item in push.items])
        except Exception as error:
            if len(pushes) == 1:
                pushes[0].failure = error
                return
            for push in pushes:  # one that can't be stored must not take the others along
                await self._store([push])
            return
        for push in pushes:
            push.results, results = results[: len(push.items)], results[len(push.items) :]

    async def _add(self, items: Sequence[PushedArticle]) -> list[PushResult]:
        return await add_articles(self._db, self._workers, items, self._clock.now())
