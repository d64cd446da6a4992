"""Storing articles with their matches: articles per second on SQLite and PostgreSQL, beside one transaction for each.

    python tests/benchmarks/bench_store.py [--articles 4000] [--matches 8] [--postgres postgresql://root@127.0.0.1/test]

Articles of 2,000 characters come in batches as the steps bring them: one write stores a batch (URL, guid and content
keys, folded text), one stores the batch's matches and marks it matched. Clock time of both writes, folding included;
what finds the matches is measured by `briefwire bench matching`. The peer stores the same one article at a time.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import sqlalchemy as sa

from bot.errors import StorageError
from bot.model import NewArticle, NewMatch
from bot.rules.urls import url_key
from bot.storage import articles, matches, sources
from bot.storage.database import Database, insert_all
from bot.storage.tables import metadata, queries

NOON = datetime(2024, 10, 22, 12, tzinfo=UTC)
BATCH = 200
QUERIES = 1_000
WORDS = 300  # of an article
PEER_SHARE = 10  # the peer stores so much less
ASKED = 1_000  # articles a second


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=4_000)
    parser.add_argument("--matches", type=int, default=8, help="of each article")
    parser.add_argument("--postgres", default="postgresql://root@127.0.0.1:5432/test")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_report("SQLite", f"sqlite:///{folder}/store.db", "", options))
    schema = f"bench_{uuid.uuid4().hex[:8]}"
    asyncio.run(_report("PostgreSQL", options.postgres, schema, options))


async def _report(name: str, url: str, schema: str, options: argparse.Namespace) -> None:
    db = Database(url, schema=schema) if schema else Database(url)
    try:
        source = await _prepare(db, schema)
    except (StorageError, OSError) as error:
        print(f"{name}: skipped, {error}")
        return
    try:
        chance = random.Random(3)
        ours, busy = await _store(db, _made(source, options.articles, "a", chance), options.matches, BATCH, chance)
        few = options.articles // PEER_SHARE
        peer, _ = await _store(db, _made(source, few, "b", chance), options.matches, 1, chance)
        print(
            f"{name}: {ours:.0f} articles/s with {options.matches} matches each (asked {ASKED}), {busy:.0f} by this "
            f"process's own time; one at a time {peer:.0f}, {ours / peer:.1f} times slower"
        )
    finally:
        if schema:
            async with db.write() as tx:
                await tx.execute(sa.text(f"DROP SCHEMA {schema} CASCADE"))
        await db.close()


async def _prepare(db: Database, schema: str) -> int:
    async with db.write() as tx:
        if schema:
            await tx.execute(sa.text(f"CREATE SCHEMA {schema}"))
        await tx.run_sync(lambda connection: metadata.create_all(connection))
        rows = [{"id": n, "canonical": f"word{n}", "created_at": NOON} for n in range(1, QUERIES + 1)]
        await insert_all(tx, queries, rows)
        return (await sources.ensure_push_source(tx, "Agency", NOON)).id


def _made(source: int, count: int, prefix: str, chance: random.Random) -> list[NewArticle]:
    words = [
        f"{first}{second}" for first in ("har", "fer", "sal", "mar", "tun") for second in ("bour", "ry", "t", "nel")
    ]
    made = []
    for number in range(count):
        url = f"https://agency.example/{prefix}/{number}"
        text = " ".join(chance.choices(words, k=WORDS))
        new = NewArticle(url, url_key(url), f"Title {number} {text[:60]}", text, source, NOON, guid=f"{prefix}{number}")
        made.append(new)
    return made


async def _store(
    db: Database, new: Sequence[NewArticle], each: int, batch: int, chance: random.Random
) -> tuple[float, float]:
    """Articles per second of the clock, and of this process's CPU."""
    start, idle = time.perf_counter(), time.process_time()
    for place in range(0, len(new), batch):
        async with db.write() as tx:
            ids = await articles.add_articles(tx, new[place : place + batch], NOON)
        found = [
            NewMatch(query_id, article_id, 0.5)
            for article_id in ids
            for query_id in chance.sample(range(1, QUERIES + 1), each)
        ]
        async with db.write() as tx:
            await matches.add(tx, found)
            await articles.mark_matched(tx, ids, NOON)
    return len(new) / (time.perf_counter() - start), len(new) / (time.process_time() - idle)


if __name__ == "__main__":
    main()
