"""progress: tells the admin, in the message where the post was confirmed, how far it is."""

from collections import deque
from datetime import datetime

from bot.actions import post_reports, posts
from bot.model import BroadcastState, Message
from bot.ports import Messenger, SendStatus
from bot.storage import broadcasts
from bot.storage.broadcasts import Reporting
from bot.storage.corrections import IN_HAND
from bot.storage.database import Database
from bot.texts import words

SAMPLES = 8  # runs over which the rate is measured
LASTING = (SendStatus.SENT, SendStatus.RETRY, SendStatus.FLOOD, SendStatus.UNCERTAIN)  # the message is still there


class Progress:
    """Edits the messages that tell how far posts are; remembers what each says, so that nothing is edited in vain."""

    def __init__(self, messenger: Messenger) -> None:
        self._messenger = messenger
        self._said: dict[int, Message] = {}
        self._samples: dict[int, deque[tuple[datetime, int]]] = {}

    async def run(self, db: Database, now: datetime) -> int:
        """Edits the message of every post that goes on or has just ended; returns how many have just ended."""
        async with db.read() as tx:
            watched = await broadcasts.reporting(tx, now)
            chats = {
                its.broadcast.id: await broadcasts.uncertain_chats(tx, its.broadcast.id, posts.SHOWN)
                for its in watched
                if its.count.uncertain
            }
        ended = 0
        for its in watched:
            message = post_reports.report(
                its.broadcast,
                its.count,
                words(its.language),
                rate=self._rate(its, now),
                uncertain_in=chats.get(its.broadcast.id, ()),
            )
            if await self._say(its, message) and _is_over(its, now):
                self._said.pop(its.broadcast.id, None)
                self._samples.pop(its.broadcast.id, None)
                async with db.write() as tx:
                    await broadcasts.show_progress_in(tx, its.broadcast.id, None, None)
                ended += 1
        return ended

    async def _say(self, its: Reporting, message: Message) -> bool:
        """Whether the message says so now, or is gone."""
        if self._said.get(its.broadcast.id) == message:
            return True
        result = await self._messenger.edit(its.telegram_chat_id, its.message_id, message)
        if result.status is SendStatus.SENT:
            self._said[its.broadcast.id] = message
        return result.status is SendStatus.SENT or result.status not in LASTING

    def _rate(self, its: Reporting, now: datetime) -> float:
        """Messages per second over the last runs."""
        done = its.count.total - its.count.waiting
        samples = self._samples.setdefault(its.broadcast.id, deque(maxlen=SAMPLES))
        samples.append((now, done))
        since, before = samples[0]
        if now <= since and its.broadcast.started_at is not None:
            since, before = its.broadcast.started_at, 0
        seconds = (now - since).total_seconds()
        return (done - before) / seconds if seconds > 0 else 0.0


def _is_over(its: Reporting, now: datetime) -> bool:
    post = its.broadcast
    over = post.state in (BroadcastState.DONE, BroadcastState.CANCELLED) and not its.count.to_correct
    # What has just been changed has no corrections yet: they are recorded by a step of their own.
    changed = [at for at in (post.edited_at, post.withdrawn_at) if at is not None]
    return over and all(at + IN_HAND < now for at in changed)
