"""broadcast: starts posts at their time, takes their snapshot in portions, and records edits and withdrawals.

Each portion is one unit of work; a run takes one of each, so that deliveries begin while the rest is recorded.
"""

from datetime import datetime

from bot.actions import posts
from bot.model import BroadcastState
from bot.storage import broadcasts, corrections, recipients
from bot.storage.database import Database


async def broadcast(db: Database, now: datetime) -> int:
    """Returns how much it did: posts started, chats prepared, messages to correct, posts ended."""
    done = await _start_due(db, now) + await _prepare(db, now) + await _correct(db, now)
    async with db.write() as tx:
        return done + len(await broadcasts.finish(tx, now))


async def _start_due(db: Database, now: datetime) -> int:
    async with db.read() as tx:
        scheduled = await broadcasts.in_state(tx, BroadcastState.SCHEDULED)
    started = 0
    for its in scheduled:
        if its.start_at is None or its.start_at <= now:
            async with db.write() as tx:
                started += await posts.start(tx, its, now)
    return started


async def _prepare(db: Database, now: datetime) -> int:
    async with db.read() as tx:
        sending = await broadcasts.in_state(tx, BroadcastState.SENDING)
    taken = 0
    for its in sending:
        if not its.is_prepared:
            async with db.write() as tx:
                await recipients.take_portion(tx, its, now)
            taken += 1  # also a portion without a recipient: the next one waits
    return taken


async def _correct(db: Database, now: datetime) -> int:
    async with db.read() as tx:
        recent = await corrections.recent(tx, now - posts.CORRECTED)
    corrected = 0
    for broadcast_id in recent:
        async with db.write() as tx:
            corrected += await posts.correct_next(tx, broadcast_id, now)
    return corrected
