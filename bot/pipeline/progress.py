"""progress: tells the admin, in the message where the post was confirmed, how far it is."""

from datetime import datetime
from math import ceil

from bot.model import BroadcastState, Button, Message
from bot.ports import Messenger
from bot.storage import broadcasts
from bot.storage.broadcasts import Reporting
from bot.storage.database import Database
from bot.texts import Catalogue, words


async def progress(db: Database, messenger: Messenger, now: datetime) -> int:
    """Edits the message of every post that is being sent or has just ended; returns how many have just ended."""
    async with db.write() as tx:
        await broadcasts.finish(tx)
        reporting = await broadcasts.reporting(tx)
    ended = 0
    for its in reporting:
        await messenger.edit(its.telegram_chat_id, its.message_id, report(its, now))
        if its.broadcast.state is not BroadcastState.SENDING:
            async with db.write() as tx:
                await broadcasts.show_progress_in(tx, its.broadcast.id, None, None)
            ended += 1
    return ended


def report(its: Reporting, now: datetime) -> Message:
    """`Sending 4,210 of 6,508 · 28/s · 82 s left`, and what went wrong."""
    says = words(its.language)
    heads = {
        BroadcastState.SENDING: says("Sending"),
        BroadcastState.DONE: says("Sent"),
        BroadcastState.CANCELLED: says("Stopped"),
    }
    done = says.html(
        "<b>{head}</b> {sent} of {total}",
        head=heads[its.broadcast.state],
        sent=f"{its.count.sent:,}",
        total=f"{its.count.total:,}",
    )
    lines = [done + _pace(its, now, says)]
    if its.count.blocked or its.count.failed or its.count.uncertain:
        lines.append(
            says(
                "Blocked {blocked}, failed {failed}, uncertain {uncertain}",
                blocked=its.count.blocked,
                failed=its.count.failed,
                uncertain=its.count.uncertain,
            )
        )
    stop = Button(says("Stop the rest"), data=f"poststop:{its.broadcast.id}")
    return Message("\n".join(lines), ((stop,),) if its.broadcast.state is BroadcastState.SENDING else ())


def _pace(its: Reporting, now: datetime, says: Catalogue) -> str:
    seconds = (now - its.started_at).total_seconds()
    if its.broadcast.state is not BroadcastState.SENDING or its.count.sent == 0 or seconds <= 0:
        return ""
    rate = its.count.sent / seconds
    minutes, rest = divmod(ceil(its.count.waiting / rate), 60)
    left = says("{minutes} min {seconds} s", minutes=minutes, seconds=rest) if minutes else says("{n} s", n=rest)
    return says(" · {rate}/s · {left} left", rate=max(1, round(rate)), left=left)
