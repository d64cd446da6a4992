"""A post to 100,000 chats: how fast its snapshot is taken, and what it costs to watch, pause, edit and take it back.

On SQLite and PostgreSQL. The chats live in twelve time zones, speak two languages, and a tenth has quiet hours. The
peer in the same run records one message per chat in a unit of its own, for some of the chats, so the ratio says what
the portions gain.

    briefwire bench broadcast [--chats 100000] [--database sqlite|postgres|both]
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import psutil
import sqlalchemy as sa

from bot.actions import posts
from bot.model import Access, BroadcastState, DeliveryKind, DeliveryState, Message, NewDelivery, Operation, Role, User
from bot.pipeline.broadcast import broadcast
from bot.storage import broadcasts, deliveries, users
from bot.storage.database import Database, insert_all
from bot.storage.migrate import migrate
from bot.storage.tables import chats
from bot.storage.tables import deliveries as outbox
from tests.crashes import own_database

ZONES = (
    "Europe/Berlin Europe/London America/New_York America/Los_Angeles Asia/Shanghai Asia/Tokyo Asia/Kolkata "
    "Asia/Kathmandu Australia/Lord_Howe America/Sao_Paulo Africa/Lagos Pacific/Auckland"
).split()
PEER = 2_000  # chats that the peer records
LOOKS = 50  # at the progress


def main() -> None:
    """Runs on one database or on both, and prints."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--chats", type=int, default=100_000)
    options.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    given = options.parse_args()
    for kind in ("sqlite", "postgres") if given.database == "both" else (given.database,):
        asyncio.run(measure(kind, given.chats))


async def measure(kind: str, number: int) -> None:
    """One database, from the draft to the withdrawal."""
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            await run(Database(f"sqlite:///{folder}/posts.db"), kind, number)
            return
        async with own_database() as url:
            await run(Database(url), kind, number)


async def run(db: Database, kind: str, number: int) -> None:
    """Fills the database and measures each act."""
    now = datetime.now(UTC)
    await migrate(db)
    admin = await fill(db, number, now)
    print(f"{kind}: {number:,} chats")
    draft = await posts.draft(db, admin, "Post", None, now)
    await timed("whom it would reach", lambda: posts.audience(db, draft, now))
    before = psutil.Process().memory_info().rss
    longest = await timed("snapshot, confirmed and all portions", lambda: snapshot(db, admin, draft.id, now))
    grown = (psutil.Process().memory_info().rss - before) / 2**20
    print(f"  longest portion {longest[0]:.2f} s; memory grown by {grown:.0f} MB")
    peer = await timed(f"peer: one insert per chat, {PEER:,} of them", lambda: one_by_one(db, now))
    print(f"  snapshot is {peer[1] / PEER * number / longest[1]:.0f} times faster per chat")
    async with db.write() as tx:
        sent = sa.update(outbox).where(outbox.c.broadcast_id == draft.id, outbox.c.chat_id % 2 == 0)
        await tx.execute(sent.values(state=DeliveryState.SENT, sending_at=now, telegram_message_id=1))
    await look(db, draft.id, now)
    await timed("pause", lambda: posts.pause(db, admin, draft.id))
    await timed("resume", lambda: posts.resume(db, admin, draft.id, now))
    await posts.propose_text(db, admin, draft.id, "New")
    await posts.replace_text(db, admin, draft.id, now)
    await timed("edits of what was sent, recorded", lambda: all_portions(db, now))
    await timed("stop the rest, withdraw", lambda: posts.withdraw(db, admin, draft.id, now))
    await timed("withdrawals of what was sent, recorded", lambda: all_portions(db, now))
    async with db.read() as tx:
        count = await broadcasts.count(tx, await broadcasts.get(tx, draft.id), now)
        doubled = sa.select(outbox.c.chat_id).where(
            outbox.c.broadcast_id == draft.id, outbox.c.operation == Operation.SEND
        )
        twice = await tx.scalar(
            sa.select(sa.func.count()).select_from(
                doubled.group_by(outbox.c.chat_id).having(sa.func.count() > 1).subquery()
            )
        )
    print(f"  in the end: {count.total:,} chats, {count.to_correct:,} messages to correct, {twice} chats twice")
    await db.close()


async def fill(db: Database, number: int, now: datetime) -> User:
    """The chats, and an admin."""
    row = {"kind": "private", "state": "active", "created_at": now}
    async with db.write() as tx:
        for start in range(0, number, 10_000):
            rows = [
                row
                | {
                    "telegram_chat_id": 1_000_000 + n,
                    "timezone": ZONES[n % len(ZONES)],
                    "language": ("en", "zh")[n % 2],
                    "quiet_from": "22:00" if n % 10 == 0 else None,
                    "quiet_until": "07:00" if n % 10 == 0 else None,
                }
                for n in range(start, min(number, start + 10_000))
            ]
            await insert_all(tx, chats, rows)
        admin = await users.meet(tx, telegram_user_id=1, name="Ada", language="en", access=Access.ALLOWED, now=now)
        await users.set_role(tx, admin.id, Role.ADMIN)
        found = await users.get(tx, admin.id)
    if found is None:
        raise RuntimeError("the admin was not stored")
    return found


async def snapshot(db: Database, admin: User, post_id: int, now: datetime) -> tuple[float, float]:
    """Confirms and takes all portions; the longest unit and the whole, in seconds."""
    began = time.perf_counter()
    await posts.confirm(db, admin, post_id, now)
    longest = time.perf_counter() - began
    while True:
        at = time.perf_counter()
        async with db.read() as tx:
            its = await broadcasts.get(tx, post_id)
        if its.is_prepared or its.state is not BroadcastState.SENDING:
            return longest, time.perf_counter() - began
        await broadcast(db, now)
        longest = max(longest, time.perf_counter() - at)


async def all_portions(db: Database, now: datetime) -> tuple[float, float]:
    """What the step does until nothing is left to record."""
    began = time.perf_counter()
    while await broadcast(db, now):
        pass
    return 0.0, time.perf_counter() - began


async def one_by_one(db: Database, now: datetime) -> tuple[float, float]:
    """The peer."""
    began = time.perf_counter()
    for chat_id in range(1, PEER + 1):
        async with db.write() as tx:
            new = NewDelivery(chat_id, DeliveryKind.BRIEFING, f"peer:{chat_id}", Message("Post"), now)
            await deliveries.enqueue(tx, [new], now)
    return 0.0, time.perf_counter() - began


async def look(db: Database, post_id: int, now: datetime) -> None:
    """How long the progress takes to be read."""
    took = []
    for _ in range(LOOKS):
        at = time.perf_counter()
        async with db.read() as tx:
            await broadcasts.count(tx, await broadcasts.get(tx, post_id), now)
        took.append(time.perf_counter() - at)
    took.sort()
    print(f"  progress: p50 {took[LOOKS // 2] * 1000:.0f} ms, worst {took[-1] * 1000:.0f} ms")


async def timed(what: str, act: Callable[[], Awaitable[object]]) -> tuple[float, float]:
    """Does it, prints how long it took, and passes on what a measuring act returned."""
    began, cpu = time.perf_counter(), time.process_time()
    result = await act()
    took = time.perf_counter() - began
    print(f"  {what}: {took:.2f} s ({time.process_time() - cpu:.2f} s CPU here)")
    return result if isinstance(result, tuple) else (0.0, took)


if __name__ == "__main__":
    main()
