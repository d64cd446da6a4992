"""Every new article joins a story, whatever fails in between."""

from datetime import timedelta

import pytest

from bot.errors import StorageError
from bot.pipeline.group import Grouper
from bot.storage import articles, stories
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import DAY, a_source, an_article, stored

FLOOD = (
    "Water broke into the harbour tunnel of Marrow Bay on Monday night and closed the only road to the ferry port. "
    "Engineers of the Tidewatch Agency expect to pump for three days before drivers can use the tunnel again."
)
FLOOD_TOO = (
    "The harbour tunnel of Marrow Bay stays shut for three days, the Tidewatch Agency said, after water broke in on "
    "Monday night. Engineers pump to reopen the road to the ferry port for drivers."
)


async def publish(db: Database, source: str, title: str, text: str, *, ahead: timedelta = timedelta()) -> int:
    async with db.write() as tx:
        article = an_article(await a_source(tx, source), title, text, published_at=NOON + ahead)
        return (await stored(tx, article))[0]


async def story_of(db: Database, article_id: int) -> int | None:
    async with db.read() as tx:
        return (await articles.get(tx, article_id)).story_id


async def test_the_same_event_in_two_outlets_is_one_story_also_after_a_restart(db: Database) -> None:
    first = await publish(db, "Harbour Post", "Flood closes the harbour tunnel in Marrow Bay", FLOOD)
    other = await publish(db, "Harbour Post", "Opera roof repaired", "The opera has a new roof at last.")
    assert await Grouper().run(db, NOON) == 2
    assert await Grouper().run(db, NOON) == 0
    second = await publish(db, "Lantern Daily", "Marrow Bay harbour tunnel shut after flooding", FLOOD_TOO)
    assert await Grouper().run(db, NOON) == 1
    assert [await story_of(db, article) for article in (first, other, second)] == [first, other, first]


async def test_a_copy_is_known_as_one_and_comes_behind_independent_reports(db: Database) -> None:
    text = f"{FLOOD} {FLOOD_TOO} The mayor thanks all who helped through the night, and asks everybody to stay home."
    first = await publish(db, "Harbour Post", "Flood closes the harbour tunnel in Marrow Bay", text)
    copy = await publish(db, "Copy Wire", "Chaos in Marrow Bay after harbour tunnel flood", text[:500])
    report = await publish(db, "Lantern Daily", "Marrow Bay harbour tunnel shut after flooding", FLOOD_TOO[:120])
    grouper = Grouper()
    await grouper.run(db, NOON)
    async with db.read() as tx:
        assert [(await articles.get(tx, one)).copy_of for one in (first, copy, report)] == [None, first, None]
        assert [(await articles.get(tx, one)).story_id for one in (first, copy, report)] == [first] * 3
        also = await stories.other_sources(tx, [first, copy, report])
    assert [name for name, _ in also[first]] == ["Lantern Daily", "Copy Wire"]
    assert [name for name, _ in also[copy]] == ["Lantern Daily", "Harbour Post"]
    assert [name for name, _ in also[report]] == ["Harbour Post", "Copy Wire"]


async def test_a_failed_write_is_grouped_anew_from_what_is_stored(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    grouper = Grouper()
    lost = await publish(db, "Harbour Post", "Flood closes the harbour tunnel in Marrow Bay", FLOOD)
    join = stories.join

    async def fail(*_: object) -> None:
        raise StorageError("database", detail="gone away")

    monkeypatch.setattr(stories, "join", fail)
    with pytest.raises(StorageError):
        await grouper.run(db, NOON)
    assert await story_of(db, lost) is None
    async with db.write() as tx:
        await articles.forget_before(tx, NOON + DAY, NOON)
    monkeypatch.setattr(stories, "join", join)
    second = await publish(db, "Lantern Daily", "Marrow Bay harbour tunnel shut after flooding", FLOOD_TOO)
    assert await grouper.run(db, NOON) == 1
    assert await story_of(db, second) == second


async def test_a_source_whose_clock_runs_ahead_closes_no_story(db: Database) -> None:
    grouper = Grouper()
    first = await publish(db, "Harbour Post", "Flood closes the harbour tunnel in Marrow Bay", FLOOD)
    await publish(db, "Tomorrow", "News of next year", "It has not happened yet.", ahead=400 * DAY)
    second = await publish(db, "Lantern Daily", "Marrow Bay harbour tunnel shut after flooding", FLOOD_TOO)
    await grouper.run(db, NOON)
    assert await story_of(db, second) == first


async def test_articles_are_grouped_batch_by_batch_and_oldest_first(db: Database) -> None:
    async with db.write() as tx:
        source = await a_source(tx)
        ids = await stored(tx, *(an_article(source, f"Word{n} thing{n}") for n in range(203)))
    grouper = Grouper()
    assert [await grouper.run(db, NOON) for _ in range(3)] == [200, 3, 0]
    assert await story_of(db, ids[-1]) == ids[-1]
    assert await story_of(db, ids[0]) == ids[0]
