"""Briefings, told facts and kept summaries on both databases."""

from datetime import date, time

import sqlalchemy as sa

from bot.model import Ranked, Slot, Times
from bot.storage import briefings, schedules, stories
from bot.storage.briefings import Kept, LastBriefing, NewBriefing
from bot.storage.database import Database, Tx
from bot.storage.tables import briefings as briefing_rows
from tests.conftest import NOON
from tests.make import DAY, HOUR, a_chat, a_source, an_article, stored

RANKING = (Ranked(1, 1, 4, also=(2, 3)), Ranked(5, 5, 4, told=True))


async def add(tx: Tx, chat_id: int, public_id: str, *, hours: float = 0, slot: str | None = None) -> int | None:
    new = NewBriefing(
        public_id=public_id,
        chat_id=chat_id,
        ranking=RANKING,
        recap=[7],
        shown=1,
        since=NOON - DAY,
        until=NOON + hours * HOUR,
        read_count=12,
        slot=Slot(date(2024, 10, 22), time.fromisoformat(slot)) if slot else None,
    )
    return (await briefings.add(tx, [new])).get(public_id)


async def some_stories(tx: Tx, count: int) -> list[int]:
    source = await a_source(tx)
    ids = await stored(tx, *(an_article(source, f"News {n}") for n in range(count)))
    await stories.join(tx, {one: one for one in ids}, dict.fromkeys(ids, NOON), NOON)
    return ids


async def test_a_briefing_comes_back_with_its_whole_ranking(db: Database) -> None:
    async with db.write() as tx:
        chat = await a_chat(tx)
        assert await briefings.latest(tx, chat.id) is None
        first = await add(tx, chat.id, "a" * 32)
        second = await add(tx, chat.id, "b" * 32, hours=1)
        latest = await briefings.latest(tx, chat.id)
        assert latest is not None
        assert (latest.id, latest.ranking, latest.recap) == (second, RANKING, (7,))
        assert (latest.since, latest.until, latest.read_count) == (NOON - DAY, NOON + HOUR, 12)
        found = await briefings.by_public_id(tx, "a" * 32)
        assert found is not None
        assert found.id == first
        assert await briefings.by_public_id(tx, "c" * 32) is None


async def test_a_local_day_and_time_has_one_briefing(db: Database) -> None:
    async with db.write() as tx:
        chat, other = await a_chat(tx, 1), await a_chat(tx, 2)
        assert await add(tx, chat.id, "a" * 32, slot="08:00")
        assert await add(tx, chat.id, "b" * 32, slot="08:00") is None
        assert await add(tx, chat.id, "c" * 32, slot="18:00")
        assert await add(tx, other.id, "d" * 32, slot="08:00")


async def test_the_last_briefing_of_many_chats_is_told_apart(db: Database) -> None:
    async with db.write() as tx:
        chat, other, none = [await a_chat(tx, number) for number in (1, 2, 3)]
        await add(tx, chat.id, "a" * 32)
        await add(tx, chat.id, "b" * 32, hours=2)
        await add(tx, other.id, "c" * 32, hours=1)
        assert await briefings.latest_of(tx, [chat.id, other.id, none.id]) == {
            chat.id: LastBriefing(NOON + 2 * HOUR, True),
            other.id: LastBriefing(NOON + HOUR, True),
        }
        assert await briefings.add(tx, []) == {}


async def test_a_ranking_that_an_earlier_version_stored_is_read(db: Database) -> None:
    async with db.write() as tx:
        chat = await a_chat(tx)
        await add(tx, chat.id, "a" * 32)
        stored = [{"story_id": 1, "article_id": 2, "query_id": 3, "also": [4], "told": False}]
        await tx.execute(sa.update(briefing_rows).values(ranking=stored))
        found = await briefings.latest(tx, chat.id)
        assert found is not None
        assert found.ranking == (Ranked(1, 2, 3, (4,)),)


async def test_a_page_is_turned_once(db: Database) -> None:
    async with db.write() as tx:
        briefing = await add(tx, (await a_chat(tx)).id, "a" * 32)
        assert briefing
        assert await briefings.show_more(tx, briefing, shown_before=1, shown=2)
        assert not await briefings.show_more(tx, briefing, shown_before=1, shown=2)


async def test_a_briefing_outlives_its_schedule(db: Database) -> None:
    async with db.write() as tx:
        chat = await a_chat(tx)
        schedule_id = await schedules.add(tx, chat.id, Times((time(8),)))
        new = NewBriefing(
            public_id="a",
            chat_id=chat.id,
            ranking=(),
            recap=(),
            shown=0,
            since=NOON,
            until=NOON,
            read_count=0,
            schedule_id=schedule_id,
        )
        await briefings.add(tx, [new])
        await schedules.remove(tx, [schedule_id])
        assert await briefings.by_public_id(tx, "a") is not None


async def test_a_summary_is_kept_for_the_same_text_and_question(db: Database) -> None:
    async with db.write() as tx:
        [article] = await stored(tx, an_article(await a_source(tx), "Ferries", "One. Two."))
        key = (article, 1, 4, 2)
        assert await briefings.kept_summaries(tx, [key], method="m") == {}
        await briefings.keep_summaries(tx, {key: Kept(((0, 4), (5, 9)))}, method="m")
        assert await briefings.kept_summaries(tx, [key], method="m") == {key: Kept(((0, 4), (5, 9)))}
        explained = Kept(((0, 4), (5, 9)), (("Ferries", "title"),))
        await briefings.keep_summaries(tx, {key: explained}, method="m")
        others = [(article, 2, 4, 2), (article, 1, 5, 2), (article, 1, 4, 1)]
        assert await briefings.kept_summaries(tx, [key, *others], method="m") == {key: explained}
        assert await briefings.kept_summaries(tx, [key], method="n") == {}


async def test_old_briefings_are_forgotten(db: Database) -> None:
    async with db.write() as tx:
        chat = await a_chat(tx)
        await add(tx, chat.id, "a" * 32)
        await add(tx, chat.id, "b" * 32, hours=24)
        assert await briefings.forget_before(tx, NOON + HOUR) == 1
        assert await briefings.by_public_id(tx, "a" * 32) is None
