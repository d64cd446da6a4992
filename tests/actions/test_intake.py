"""Pushes that come at the same time."""

import asyncio
from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from bot.actions.articles import PushedArticle, PushStatus
from bot.actions.intake import Intake
from bot.errors import WorkerError
from bot.storage.database import Database
from tests.conftest import FakeClock
from tests.news import Here


class Workers(Here):
    """Tells languages; fails at a text that says so."""

    async def detect_languages(self, texts: Sequence[str]) -> list[str]:
        await asyncio.sleep(0)
        if any("poison" in text for text in texts):
            raise WorkerError("worker_died", job="detect_languages")
        return ["en"] * len(texts)


@pytest.fixture
def intake(db: Database, clock: FakeClock) -> Intake:
    return Intake(db, Workers(), clock)


def _push(title: str, number: int) -> list[PushedArticle]:
    return [PushedArticle(url=f"https://e.com/{number}", title=title)]


async def test_what_comes_together_is_stored_together_and_answered_for_itself(intake: Intake, db: Database) -> None:
    ended = 0

    def count(_connection: object) -> None:
        nonlocal ended
        ended += 1

    sa.event.listen(db.engine.sync_engine, "commit", count)
    answers = await asyncio.gather(*(intake.add(_push(f"Ferries stop {n}", n // 2)) for n in range(10)))
    statuses = [result.status for [result] in answers]
    assert statuses == [PushStatus.ADDED, PushStatus.DUPLICATE] * 5
    assert [result.url for [result] in answers] == [f"https://e.com/{n // 2}" for n in range(10)]
    assert ended == 2  # the first, and all that came meanwhile


async def test_a_push_that_fails_takes_no_other_along(intake: Intake) -> None:
    pushes = (intake.add(_push(title, n)) for n, title in enumerate(["one", "two", "poison", "three"]))
    one, two, failed, three = await asyncio.gather(*pushes, return_exceptions=True)
    assert isinstance(failed, WorkerError)
    for added in (one, two, three):
        assert not isinstance(added, BaseException)
        assert [result.status for result in added] == [PushStatus.ADDED]


async def test_a_push_that_is_given_up_leaves_the_others(intake: Intake) -> None:
    first, second = (asyncio.create_task(intake.add(_push("Ferries", n))) for n in range(2))
    await asyncio.sleep(0)
    first.cancel()
    assert [result.status for result in await second] == [PushStatus.ADDED]
    with pytest.raises(asyncio.CancelledError):
        await first
