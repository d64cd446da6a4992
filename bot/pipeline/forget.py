"""forget: what is kept for how long. URL keys stay, so that a forgotten article does not come back as new."""

from datetime import datetime, timedelta

from bot.actions.idempotency import KEPT as ANSWERS
from bot.storage import answers, articles, briefings, deliveries, matches, query_changes, stories, told
from bot.storage.database import Database

MATCHES = timedelta(days=8)  # a day more than the longest window of a briefing
ARTICLES = timedelta(days=30)
DELIVERIES = timedelta(days=30)
TOLD = timedelta(days=90)


async def forget(db: Database, now: datetime) -> int:
    """Forgets what is older than its time, and returns how many rows that were."""
    async with db.write() as tx:
        rows = await matches.forget_before(tx, now - MATCHES)
    async with db.write() as tx:
        rows += await deliveries.forget_before(tx, now - DELIVERIES)
    async with db.write() as tx:
        rows += await briefings.forget_before(tx, now - TOLD)
        rows += await told.forget_before(tx, now - TOLD)
        rows += await query_changes.forget_old(tx)
    async with db.write() as tx:
        rows += await answers.forget_before(tx, now - ANSWERS)
    async with db.write() as tx:
        rows += await articles.forget_before(tx, now - ARTICLES, now)
        rows += await stories.forget_empty(tx)
    return rows
