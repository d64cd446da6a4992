"""A million scheduled chats: the idle look for due ones, and the rush of ten thousand, from claim to outbox.

Every due chat follows five topics of two thousand (popular ones more often) and was briefed before; an article of the
last week met up to four topics. Summaries are made by a stand-in and kept, because readers share them: what is measured
is the bot's own path (claim, candidates, choice, reasons, texts, one write for all of it) on one core. Two peers run in
the same run: claiming the same chats one by one (select, then update), and the same briefings made chat by chat.

    briefwire bench schedules [--chats 1000000] [--due 10000] [--postgres postgresql://…]
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import sqlalchemy as sa

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.actions.reading import brief
from bot.pipeline.brief import CLAIM, brief_due
from bot.rules.agenda import due
from bot.storage import schedules as stored_schedules
from bot.storage.database import Database, Tx, insert_all
from bot.storage.migrate import migrate
from bot.storage.tables import (
    articles,
    briefings,
    chats,
    deliveries,
    matches,
    queries,
    schedules,
    sources,
    stories,
    subscriptions,
    told,
)
from tests.fakes import FakeWorkers

NOW = datetime(2024, 10, 23, 9, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
TOPICS, FOLLOWED, MET = 2_000, 5, 4
SCANS = 400
ALONE = 200  # chats of the peer that makes briefings one by one
CHUNK = 100_000  # chats made in a unit of work
AT_ONE_TIME = 1_000  # chats that are due together
ASKED_SCAN, ASKED_RATE = 10.0, 10_000  # ms at p99; briefings a minute


def main() -> None:
    """Fills a database of each kind and prints what it takes."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--chats", type=int, default=1_000_000)
    options.add_argument("--due", type=int, default=10_000)
    options.add_argument("--articles", type=int, default=3_000)
    options.add_argument("--postgres", default="postgresql://root@127.0.0.1:5432/test", help="empty: SQLite alone")
    options.add_argument("--profile", action="store_true", help="where the time of the rush goes, on SQLite")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(Database(f"sqlite:///{folder}/schedules.db"), given))
    if given.postgres and not given.profile:
        asyncio.run(measure_postgres(given))


async def measure_postgres(given: argparse.Namespace) -> None:
    """The same in a schema of its own, dropped at the end."""
    schema = f"bench_schedules_{uuid4().hex[:8]}"
    try:
        connection = await asyncpg.connect(given.postgres)
    except (OSError, asyncpg.PostgresError) as error:
        print(f"Skipped PostgreSQL: {error}")
        return
    await connection.execute(f"CREATE SCHEMA {schema}")
    try:
        await measure(Database(given.postgres, schema=schema), given)
    finally:
        await connection.execute(f"DROP SCHEMA {schema} CASCADE")
        await connection.close()


async def measure(db: Database, given: argparse.Namespace) -> None:
    """Everything on one database."""
    await migrate(db)
    with timed() as filling:
        await fill(db, given.chats, given.due, given.articles)
    print(
        f"\n{'SQLite' if db.is_sqlite else 'PostgreSQL'}: {given.chats:,} scheduled chats, {given.due:,} due "
        f"(made in {filling[0]:.0f} s)"
    )
    await scan(db, NOW - timedelta(hours=1))
    await claim(db, given.due)
    await alone(db)
    await rush(db, given.due - ALONE, profile=given.profile)
    await db.close()


async def scan(db: Database, now: datetime) -> None:
    """How long the look takes that finds nothing due, beside a unit that asks the database for nothing but a 1."""
    looks, units, workers = [], [], FakeWorkers()
    for _ in range(SCANS):
        started = time.perf_counter()
        found = await brief_due(db, workers, now)
        between = time.perf_counter()
        async with db.read() as tx:
            await tx.scalar(sa.select(sa.literal(1)))
        looks.append((between - started) * 1000)
        units.append((time.perf_counter() - between) * 1000)
        assert not found
    looks.sort()
    units.sort()
    print(
        f"  idle look             p50 {looks[SCANS // 2]:.2f} ms, p99 {looks[SCANS * 99 // 100]:.2f} ms   "
        f"(asked: p99 under {ASKED_SCAN:g}); peer, a unit that reads nothing: {units[SCANS // 2]:.2f} and "
        f"{units[SCANS * 99 // 100]:.2f} ms"
    )


async def claim(db: Database, number: int) -> None:
    """Claims in batches, and the peer's one by one; both give back what they took."""
    with timed() as batches:
        claimed = 0
        while claimed < number:
            async with db.write() as tx:
                claimed += len(await stored_schedules.claim_due(tx, NOW, 500, until=NOW + CLAIM))
    await give_back(db)
    few = min(number, 500)
    with timed() as singly:
        for _ in range(few):
            async with db.write() as tx:
                first = sa.select(chats.c.id, chats.c.next_run_at).where(
                    chats.c.state == sa.literal("active", literal_execute=True), chats.c.next_run_at <= NOW
                )
                row = (await tx.execute(first.order_by(chats.c.next_run_at).limit(1))).one()
                await tx.execute(
                    sa.update(chats)
                    .where(chats.c.id == row.id, chats.c.next_run_at == row.next_run_at)
                    .values(next_run_at=NOW + CLAIM)
                )
    await give_back(db)
    ours, theirs = number / batches[0], few / singly[0]
    print(f"  claims                {ours:,.0f} chats/s; one by one {theirs:,.0f}: {ours / theirs:.0f} times that")


async def give_back(db: Database) -> None:
    async with db.write() as tx:
        await tx.execute(
            sa.update(chats).where(chats.c.next_run_at == NOW + CLAIM).values(next_run_at=NOW - timedelta(minutes=1))
        )


async def alone(db: Database) -> None:
    """The peer: chat by chat."""
    workers = FakeWorkers()
    async with db.write() as tx:
        claimed = await stored_schedules.claim_due(tx, NOW, ALONE, until=NOW + CLAIM)
        planned = await stored_schedules.of_chats(tx, [chat.id for chat in claimed])
    with timed() as took:
        for chat in claimed:
            run = due(chat, planned[chat.id], NOW)
            await brief(db, workers, chat, NOW, run=run)
    print(f"  peer: chat by chat    {ALONE / took[1] * 60:,.0f} briefings a minute of CPU")


async def rush(db: Database, number: int, *, profile: bool) -> None:
    """Ten thousand at nine o'clock."""
    workers = FakeWorkers()
    if profile:
        import cProfile
        import pstats

        profiler = cProfile.Profile()
        profiler.enable()
    done = 0
    with timed() as took:
        while (batch := await brief_due(db, workers, NOW)) > 0:
            done += batch
    if profile:
        profiler.disable()
        pstats.Stats(profiler).sort_stats("tottime").print_stats(45)
    async with db.read() as tx:
        recorded = await tx.scalar(sa.select(sa.func.count()).select_from(briefings)) or 0
        sent = await tx.scalar(sa.select(sa.func.count()).select_from(deliveries)) or 0
    assert done == number, (done, number)
    rate = number / took[1] * 60
    print(
        f"  rush                  {rate:,.0f} briefings a minute of CPU ({took[1] / number * 1000:.2f} ms each), "
        f"{number / took[0] * 60:,.0f} by the clock   (asked: {ASKED_RATE:,})\n"
        f"                        {recorded:,} briefings, {sent:,} messages, {len(workers.summarized):,} summaries made"
    )


@contextmanager
def timed() -> Iterator[list[float]]:
    """Seconds by the clock and of this process's CPU, once the block has ended."""
    took = [0.0, 0.0]
    clock, cpu = time.perf_counter(), time.process_time()
    yield took
    took[0], took[1] = time.perf_counter() - clock, time.process_time() - cpu


async def fill(db: Database, number: int, due_now: int, published: int) -> None:
    """Chats of which the first are due, their topics, a week of news, and what they were told of it."""
    chance = random.Random(7)
    await fill_chats(db, number, due_now)
    await fill_news(db, chance, published)
    await fill_readers(db, chance, due_now, published)


async def fill_chats(db: Database, number: int, due_now: int) -> None:
    """Chats whose times come in groups, as those of nine o'clock do; made by the database itself."""
    async with db.write() as tx:
        await add_chats(tx, 1, due_now, NOW - timedelta(minutes=1))
    for start in range(due_now + 1, number + 1, CHUNK):
        async with db.write() as tx:
            for first in range(start, min(start + CHUNK, number + 1), AT_ONE_TIME):
                next_run_at = NOW + timedelta(seconds=3_600 + first % 80_000)
                await add_chats(tx, first, min(first + AT_ONE_TIME - 1, number), next_run_at)
    async with db.write() as tx:
        await tx.execute(sa.text("ANALYZE"))


async def add_chats(tx: Tx, first: int, last: int, next_run_at: datetime) -> None:
    """Chats of these ids, all due at one time, with a schedule each."""
    ids = sa.select(sa.literal(first, sa.BigInteger).label("id")).cte("ids", recursive=True)
    ids = ids.union_all(sa.select(ids.c.id + 1).where(ids.c.id < last))
    common = {"kind": "private", "language": "en", "timezone": "Europe/Berlin", "state": "active", "created_at": NOW}
    values = {**common, "next_run_at": next_run_at, "last_slot": "2024-10-22T10:59"}
    facts = [sa.literal(value, chats.c[name].type) for name, value in values.items()]
    chat = sa.select(ids.c.id, ids.c.id, *facts)
    schedule = sa.select(ids.c.id, sa.literal("10:59"), sa.literal("1234567"))
    await tx.execute(sa.insert(chats).from_select(["id", "telegram_chat_id", *values], chat))
    await tx.execute(sa.insert(schedules).from_select(["chat_id", "times", "weekdays"], schedule))


async def fill_news(db: Database, chance: random.Random, published: int) -> None:
    weights = [1 / (rank + 5) ** 0.8 for rank in range(TOPICS)]
    outlets = 40
    filler = [f"filler{n}" for n in range(500)]
    async with db.write() as tx:
        rows = [
            {"id": n, "kind": "feed", "url": f"u{n}", "title": f"Outlet {n}", "state": "active", "error_facts": {}}
            for n in range(1, outlets + 1)
        ]
        await insert_all(tx, sources, [{**row, "created_at": NOW} for row in rows])
        await insert_all(
            tx, queries, [{"id": n, "canonical": topic(n), "created_at": NOW} for n in range(1, TOPICS + 1)]
        )
    for start in range(1, published + 1, 500):
        news, met, their_stories = [], [], []
        for n in range(start, min(start + 500, published + 1)):
            at = NOW - WEEK * ((published - n + 1) / (published + 1))
            topics = sorted(set(chance.choices(range(1, TOPICS + 1), weights, k=MET)))
            words = chance.choices(filler, k=220)
            for place, query in enumerate(topics):
                words[10 * place : 10 * place] = [topic(query)]
            sentences = [" ".join(words[i : i + 22]).capitalize() + "." for i in range(0, len(words), 22)]
            text = " ".join(sentences)
            news.append(article(n, f"{topic(topics[0]).capitalize()} and the news of number {n}", text, at, outlets))
            their_stories.append({"id": n, "created_at": at, "last_article_at": at})
            # As the matcher weighs it: half is for the title, which names the first topic.
            strong = {topics[0]: 0.6 + 0.4 * chance.random()}
            met += [
                {"query_id": query, "article_id": n, "strength": strong.get(query, 0.5 * chance.random()), "at": at}
                for query in topics
            ]
        async with db.write() as tx:
            await insert_all(tx, stories, their_stories)
            await insert_all(tx, articles, news)
            await insert_all(tx, matches, met)


def topic(number: int) -> str:
    """A word that no other topic begins with."""
    return f"topic{number}x"


def article(n: int, title: str, text: str, at: datetime, outlets: int) -> dict[str, object]:
    return {
        "id": n,
        "source_id": n % outlets + 1,
        "story_id": n,
        "url_key": f"k{n}",
        "url": f"https://news.example/{n}",
        "title": title,
        "text": text,
        "folded": text.lower(),
        "authors": [],
        "tags": ["World"],
        "keywords": [],
        "received_at": at,
        "published_at": at,
        "shown_at": at,
        "matched_at": at,
        "alerted_at": at,
    }


async def fill_readers(db: Database, chance: random.Random, readers: int, published: int) -> None:
    """Five topics each, a briefing of yesterday, and two weeks of told stories."""
    weights = [1 / (rank + 5) ** 0.8 for rank in range(TOPICS)]
    yesterday = NOW - timedelta(days=1)
    for start in range(1, readers + 1, 500):
        ids = range(start, min(start + 500, readers + 1))
        follows, knows = [], []
        for n in ids:
            for query in set(chance.choices(range(1, TOPICS + 1), weights, k=FOLLOWED)):
                follow = {"chat_id": n, "query_id": query, "text": topic(query), "mode": "briefing"}
                follows.append({**follow, "created_at": NOW})
            knows += [
                {"chat_id": n, "story_id": story, "how": "briefing", "told_at": yesterday}
                for story in chance.sample(range(1, published + 1), 80)
            ]
        async with db.write() as tx:
            await insert_all(tx, subscriptions, follows)
            await insert_all(tx, told, knows)
            rows = [
                {"public_id": f"y{n}", "chat_id": n, "ranking": [], "recap": [], "since": yesterday - WEEK}
                | {"until": yesterday + timedelta(seconds=n // 200), "created_at": yesterday}
                for n in ids
            ]
            await insert_all(tx, briefings, rows)


if __name__ == "__main__":
    main()
