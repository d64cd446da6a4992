"""Loading every followed query from the database into the matcher, as each start does: time and memory.

Fills a database of its own with articles and with queries drawn from articles (80 % single keywords, 20 % boolean), one
subscription each, then loads them in a process of its own and has the big automaton built. The peer in the same run is
the bare loop over the same rows that only parses them, so the ratio says what the matcher adds.

    briefwire bench load [--data ../shared/data/articles] [--queries 1000000] [--exact] [--database sqlite|postgres]
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.actions.matching import QUERIES_A_READ, SAMPLE, LiveMatcher
from bot.adapters.workers import ProcessWorkers
from bot.rules.queries import parse_query
from bot.storage import subscriptions as stored
from bot.storage.database import Database, insert_all
from bot.storage.migrate import migrate
from bot.storage.tables import chats, queries, subscriptions
from tests.crashes import own_database
from tests.make import a_source, an_article
from tests.make import stored as stored_articles

CHUNK = 20_000


def main() -> None:
    """Fills, loads and prints; `--load` is the inner process."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=Path("../shared/data/articles"))
    options.add_argument("--queries", type=int, default=1_000_000)
    options.add_argument("--exact", action="store_true", help="keywords in quotes, which have no inflections")
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options.add_argument("--load", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.load:
        asyncio.run(load(given.load))
        return
    if not given.data.is_dir():
        print(f"Skipped: no articles in {given.data}; name a folder with --data.")
        return
    asyncio.run(measure(given))


async def measure(given: argparse.Namespace) -> None:
    """Fills the database, and loads it in a process of its own."""
    async with AsyncExitStack() as stack:
        if given.database == "postgres":
            url = await stack.enter_async_context(own_database())
        else:
            url = f"sqlite:///{stack.enter_context(tempfile.TemporaryDirectory())}/load.db"
        await fill(url, given.data, given.queries, exact=given.exact)
        print(f"{given.database}, {'exact keywords' if given.exact else 'keywords with their inflections'}", flush=True)
        process = await asyncio.create_subprocess_exec(sys.executable, __file__, "--load", url)
        if await process.wait():
            sys.exit("the loading failed")


async def fill(url: str, data: Path, wanted: int, *, exact: bool) -> None:
    """A chat that follows every query, and articles to learn from."""
    from tests.benchmarks.query_sets import queries as drawn
    from tests.benchmarks.query_sets import read_articles

    now = datetime.now(UTC)
    read = read_articles(data)
    canonical = list(dict.fromkeys(parse_query(text).canonical for text in drawn(read, wanted, exact=exact)))
    db = Database(url)
    await migrate(db)
    async with db.write() as tx:
        source = await a_source(tx)
        news = [an_article(source, f"{n} {one.title}", one.text, at=now) for n, one in enumerate(read[:SAMPLE])]
        await stored_articles(tx, *news)
        chat = {"telegram_chat_id": 1, "kind": "private", "state": "active", "created_at": now}
        await insert_all(tx, chats, [chat])
    for start in range(0, len(canonical), CHUNK):
        part = list(enumerate(canonical[start : start + CHUNK], start + 1))
        async with db.write() as tx:
            await insert_all(tx, queries, [{"id": n, "canonical": text, "created_at": now} for n, text in part])
            rows = [
                {"chat_id": 1, "query_id": n, "text": text, "mode": "briefing", "created_at": now} for n, text in part
            ]
            await insert_all(tx, subscriptions, rows)
    await db.close()


async def load(url: str) -> None:
    """What a start does, timed; then the big automaton, built in a worker."""
    db, workers = Database(url), ProcessWorkers()
    before, started, busy = memory(), time.perf_counter(), time.process_time()
    matcher = LiveMatcher(workers)
    async with longest_pause("loaded"), db.read() as tx:
        await matcher.follow(tx)
    loaded, worked = time.perf_counter(), time.process_time() - busy
    async with longest_pause("built"), most_memory_of_workers():
        await matcher.rebuild()
    built = time.perf_counter()
    resting = memory()
    parsed = await parse_only(db)
    print(f"queries                  {len(matcher):>12,}")
    print(
        f"loaded and matchable     {loaded - started:>12.1f} s   (asked for a million: under 60 s), {worked:.1f} of CPU"
    )
    print(f"big automaton after that {built - loaded:>12.1f} s   in a worker")
    print(
        f"memory of the process    {resting:>12.0f} MB  (asked for a million: under 1,500), {resting - before:.0f} more"
    )
    print(
        f"peer: parsing alone      {parsed:>12.1f} s   the matcher takes {(loaded - started) / parsed:.2f} times that"
    )
    await workers.close()
    await db.close()


async def parse_only(db: Database) -> float:
    """Seconds that reading and parsing the same rows takes."""
    started, last = time.perf_counter(), 0
    while True:
        async with db.read() as tx:
            rows = await stored.followed_after(tx, last, QUERIES_A_READ)
        if not rows:
            return time.perf_counter() - started
        for _, canonical in rows:
            parse_query(canonical)
        last = rows[-1][0]


@asynccontextmanager
async def longest_pause(done: str) -> AsyncIterator[None]:
    """Prints how long the event loop stood still at most.

    By the clock, and of that no more than this process was at work: the rest is what other programs took.
    """
    worst = own = 0.0

    async def watch() -> None:
        nonlocal worst, own
        while True:
            asleep, idle = time.perf_counter(), time.process_time()
            await asyncio.sleep(0.001)
            paused = time.perf_counter() - asleep - 0.001
            worst, own = max(worst, paused), max(own, min(paused, time.process_time() - idle))

    async with alongside(watch()):
        yield
    print(f"longest pause until {done:<6}{own * 1000:>11.1f} ms  (asked: under 20 ms), by the clock {worst * 1000:.1f}")


@asynccontextmanager
async def most_memory_of_workers() -> AsyncIterator[None]:
    """Prints the resident memory of the worker processes together, at most, as far as a look a second tells."""
    most = 0.0

    async def watch() -> None:
        nonlocal most
        while True:
            most = max(most, await asyncio.to_thread(memory_of_workers))
            await asyncio.sleep(1)

    async with alongside(watch()):
        yield
    print(f"memory of the workers    {most:>12.0f} MB  at most, while they build")


@asynccontextmanager
async def alongside(watching: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Lets something run until the block ends."""
    task = asyncio.create_task(watching)
    try:
        yield
    finally:
        task.cancel()


def memory_of_workers() -> float:
    """Resident memory of all processes below this one, in MB."""
    return float(sum(its.memory_info().rss for its in psutil.Process().children(recursive=True)) / 1e6)


def memory() -> float:
    """Resident memory of this process, in MB."""
    return float(psutil.Process().memory_info().rss / 1e6)


if __name__ == "__main__":
    main()
