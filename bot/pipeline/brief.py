"""brief: the chats whose time has come get their briefing, once per local day and time of day.

A chat that was due several times while the program was down gets one briefing that covers all of it.
"""

from datetime import datetime, timedelta

from bot.actions.reading import brief_all
from bot.ports import Workers
from bot.rules.agenda import due, look_again
from bot.storage import schedules
from bot.storage.database import Database

BATCH = 250  # chats that are briefed together
CLAIM = timedelta(minutes=2)  # how long a dead process keeps its chats waiting


async def brief_due(db: Database, workers: Workers, now: datetime, *, portal_url: str = "", limit: int = BATCH) -> int:
    """Briefs one batch of due chats, longest due first, and returns how many chats that were."""
    async with db.read() as tx:
        if not await schedules.any_due(tx, now):
            return 0
    async with db.write() as tx:
        claimed = await schedules.claim_due(tx, now, limit, until=now + CLAIM)
        planned = await schedules.of_chats(tx, [chat.id for chat in claimed])
        runs = [(chat, due(chat, planned.get(chat.id, ()), now)) for chat in claimed]
        for chat, run in runs:
            if run is None:  # its quiet hours began, or its schedules changed
                again = look_again(chat, planned.get(chat.id, ()), now)
                await schedules.plan(tx, chat.id, next_run_at=again, last_slot=chat.last_slot)
    await brief_all(db, workers, [(chat, run) for chat, run in runs if run is not None], now, portal_url=portal_url)
    return len(claimed)
