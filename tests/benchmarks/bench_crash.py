"""`kill -9` at random points under load: what is lost, what comes twice, what comes out of order.

Runs the program as a process against the sandbox behind a slow wire, with queued messages, posts, feeds, pushed
articles and due times of day; kills it at random points (while it starts, while messages are on the wire, while an
article is on its way), and lets it finish in the end. Claims of sources are let run out by hand; that the last sender
is dead, the next one has to find out. The peers in the same run are the two loops that bots without an outbox have: the
row is marked before its message is sent, or after; each takes thirty rows at a time, as many as the program has in
flight, and is killed while it sends.

    briefwire bench crash [--kills 200] [--database sqlite|postgres|both] [--seed 7]
"""

import argparse
import asyncio
import json
import random
import sqlite3
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.books import balance
from tests.crashes import CHATS, SLOWEST, Ordeal, Outside, own_database, plan

AT_ONCE = 30  # rows that a peer takes at a time
ROWS_PER_KILL = 50  # of a peer, so that it never runs dry


def main() -> None:
    """Kills and prints; `--peer` is the inner process of a peer."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kills", type=int, default=200, help="over all databases")
    options.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--peer", nargs=3, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.peer:
        send_naively(*given.peer)
        return
    asyncio.run(measure(given.kills, given.database, given.seed))


async def measure(kills: int, database: str, seed: int) -> None:
    """One line for each database and each peer."""
    names = ["sqlite", "postgres"] if database == "both" else [database]
    print(f"{'':<22}{'kills':>6}{'seconds':>9}{'recorded':>10}{'in flight':>11}{'lost':>6}{'twice':>7}", end="")
    print(f"{'unmarked':>10}{'disordered':>12}{'other mistakes':>16}", flush=True)
    mistakes = []
    for number, name in enumerate(names):
        mistakes += await ordeal(name, kills // len(names), seed + number)
    for order in ("before", "after"):
        await naive(order, kills // len(names), seed)
    for mistake in mistakes:
        print(mistake)


async def ordeal(name: str, kills: int, seed: int) -> list[str]:
    """The program on one database."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        outside = Outside(seed)
        async with outside.sandbox, database_of(name, folder) as url:
            trial = Ordeal(outside, url, Path(folder))
            await trial.prepare()
            await trial.survive(plan(seed, kills))
            books = await balance(trial)
    others = len(books.mistakes) - len(books.lost) - len(books.unmarked) - len(books.disordered)
    line(
        f"Briefwire, {name}", kills, time.perf_counter() - started, books.recorded, books.in_flight, len(books.lost),
        books.copies, len(books.unmarked), len(books.disordered), others,
    )  # fmt: skip
    print(
        f"{'':<6}{books.articles} articles ({len(trial.accepted)} by the API) each matched and told once, "
        f"{trial.slots} times of day each briefed once, {books.uncertain} messages marked uncertain, at most "
        f"{max(trial.in_flight)} in flight at a kill",
        flush=True,
    )
    return books.mistakes


@asynccontextmanager
async def database_of(name: str, folder: str) -> AsyncIterator[str]:
    """A database that is gone afterwards."""
    if name == "sqlite":
        yield f"sqlite:///{folder}/crash.db"
        return
    async with own_database() as url:
        yield url


def line(name: str, kills: int, seconds: float, *figures: int) -> None:
    """One row of the table."""
    columns = zip(figures, (10, 11, 6, 7, 10, 12, 16), strict=False)
    print(
        f"{name:<22}{kills:>6}{seconds:>9.0f}" + "".join(f"{figure:>{width},}" for figure, width in columns), flush=True
    )


async def naive(order: str, kills: int, seed: int) -> None:
    """A loop without an outbox, killed as often while it sends."""
    chance, started = random.Random(seed), time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        path, outside = f"{folder}/naive.db", Outside(seed)
        async with outside.sandbox:
            people = outside.let_in()
            fill(path, people, kills * ROWS_PER_KILL)
            api = f"{outside.sandbox.url}/bot{outside.sandbox.token}/sendMessage"
            for number in range(kills + 1):
                wanted = outside.sends.count + chance.randint(1, 60)
                process = await asyncio.create_subprocess_exec(sys.executable, __file__, "--peer", order, path, api)
                if number < kills:
                    sent, ended = asyncio.create_task(outside.sends.reach(wanted)), asyncio.create_task(process.wait())
                    await asyncio.wait([sent, ended], return_when=asyncio.FIRST_COMPLETED)
                    sent.cancel()
                    await asyncio.sleep(chance.uniform(0, 2 * SLOWEST))
                    if process.returncode is None:
                        process.kill()
                await process.wait()
            came = Counter(message.raw for person in people for message in outside.sandbox.sent(person))
    lost = sum(f"Message {number}" not in came for number in range(kills * ROWS_PER_KILL))
    twice = sum(count - 1 for count in came.values())
    line(
        f"peer, marked {order}",
        kills,
        time.perf_counter() - started,
        kills * ROWS_PER_KILL,
        kills * AT_ONCE,
        lost,
        twice,
        twice,
    )


def fill(path: str, people: list[int], rows: int) -> None:
    """A peer's table."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE messages (id INTEGER PRIMARY KEY, chat INTEGER, sent INTEGER DEFAULT 0)")
        db.executemany(
            "INSERT INTO messages (id, chat) VALUES (?, ?)", [(row, people[row % CHATS]) for row in range(rows)]
        )
        db.commit()


def send_naively(order: str, path: str, api: str) -> None:
    """The loop: takes some rows, and marks them as sent before it sends them, or after."""

    def send(row: tuple[int, int]) -> None:
        body = json.dumps({"chat_id": row[1], "text": f"Message {row[0]}"}).encode()
        request = urllib.request.Request(api, body, {"Content-Type": "application/json"})
        urllib.request.urlopen(request, timeout=30).close()

    with closing(sqlite3.connect(path)) as db, ThreadPoolExecutor(AT_ONCE) as threads:
        while rows := db.execute(
            "SELECT id, chat FROM messages WHERE NOT sent ORDER BY id LIMIT ?", [AT_ONCE]
        ).fetchall():
            if order == "after":
                list(threads.map(send, rows))
            db.executemany("UPDATE messages SET sent = 1 WHERE id = ?", [row[:1] for row in rows])
            db.commit()
            if order == "before":
                list(threads.map(send, rows))


if __name__ == "__main__":
    main()
