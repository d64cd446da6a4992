"""brief: the chats whose time has come get their briefing, once per local day and time of day.

A chat that was due several times while the program was down gets one briefing that covers all of it.
"""

from datetime import datetime, timedelta

from bot.actions.reading import brief
from bot.ports import Workers
from bot.rules.agenda import due, look_again
from bot.storage import schedules
from bot.storage.database import Database

BATCH = 50
CLAIM = timedelta(minutes=2)  # how long a dead process keeps its chats waiting


async def brief_due(db: Database, workers: Workers, now: datetime) -> int:
    """Briefs one batch of due chats, longest due first, and returns how many chats that were."""
    async with db.write() as tx:
        claimed = await schedules.claim_due(tx, now, BATCH, until=now + CLAIM)
        planned = await schedules.of_chats(tx, [chat.id for chat in claimed])
        runs = [(chat, due(chat, planned.get(chat.id, ()), now)) for chat in claimed]
        for chat, run in runs:
            if run is None:  # its quiet hours began, or its schedules changed
                again = look_again(chat, planned.get(chat.id, ()), now)
                await schedules.plan(tx, chat.id, next_run_at=again, last_slot=chat.last_slot)
    for chat, run in runs:
        if run is not None:
            await brief(db, workers, chat, now, run=run)
    return len(claimed)
