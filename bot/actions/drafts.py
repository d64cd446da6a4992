"""Briefings before they are stored: what each of many chats is to be told, read together and chosen one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import Broadcast, Chat, Mode, Ranked, Subscription
from bot.rules.agenda import Due, next_due
from bot.rules.choosing import choose
from bot.storage import alerts, articles, briefings, broadcasts, matches, schedules, subscriptions
from bot.storage.briefings import LastBriefing
from bot.storage.database import Tx

WINDOW = timedelta(days=7)
RECAP = 8  # alerts listed in the recap line


@dataclass(frozen=True, slots=True)
class Draft:
    """What a chat is to be told.

    Attributes:
        run: of its schedule, or None when it asked.
        topics: what it follows, by query.
        recap: an article of each story that it was alerted of since the last briefing.
        since: what is new from here on counts.
        last: its last briefing when this was drafted.
        posts: of the admins, that go into it.
    """

    chat: Chat
    run: Due | None
    ranking: tuple[Ranked, ...]
    topics: dict[int, Subscription]
    recap: tuple[int, ...]
    since: datetime
    read_count: int
    next_run: datetime | None
    last: LastBriefing | None
    posts: tuple[Broadcast, ...] = ()


async def draft_all(
    tx: Tx, asked: Sequence[tuple[Chat, Due | None]], now: datetime, window: timedelta | None = None
) -> list[Draft]:
    """A draft for each chat.

    Args:
        window: everything of this time, told or not; None: what was not told yet.
    """
    chat_ids = [chat.id for chat, _ in asked]
    reach = now - (window or WINDOW)
    following = await subscriptions.of_chats(tx, chat_ids)
    found = await matches.candidates(tx, following, since=reach, until=now, told_too=window is not None)
    last = await briefings.latest_of(tx, chat_ids)
    since = {
        chat_id: max(reach, last[chat_id].until) if chat_id in last and window is None else reach
        for chat_id in chat_ids
    }
    read = {moment: await articles.count_received(tx, moment, now) for moment in set(since.values())}
    recap = await alerts.recap(tx, {chat.id: since[chat.id] for chat, run in asked if run}, RECAP)
    planned = await schedules.of_chats(tx, chat_ids)
    posts = await broadcasts.for_briefings(tx, chat_ids, now)
    return [
        Draft(
            chat=chat,
            run=run,
            ranking=choose(found[chat.id]),
            topics={its.query_id: its for its in following[chat.id] if its.mode is not Mode.MUTE},
            recap=tuple(recap.get(chat.id, ())),
            since=since[chat.id],
            read_count=read[since[chat.id]],
            next_run=next_due(chat, planned.get(chat.id, ()), chat.last_slot if run is None else run.slot),
            last=last.get(chat.id),
            posts=tuple(posts.get(chat.id, ())),
        )
        for chat, run in asked
    ]
