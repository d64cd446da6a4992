"""Storing briefings: one write for all that were made together, each whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.actions.drafts import Draft
from bot.actions.nothing import Nothing
from bot.model import Briefing, Broadcast, Chat, DeliveryKind, Message, NewDelivery
from bot.rules.agenda import next_due, not_before
from bot.rules.choosing import PAGE
from bot.storage import articles, briefings, broadcasts, chats, deliveries, schedules, told
from bot.storage.briefings import NewBriefing
from bot.storage.database import Database, Tx

Answer = Briefing | Nothing | None


@dataclass(frozen=True, slots=True)
class Ready:
    """A draft with its messages; `nothing` where there is nothing to tell."""

    draft: Draft
    public_id: str
    messages: Sequence[Message]
    nothing: Nothing | None = None


@dataclass(slots=True)
class _Conflict(Exception):
    """While briefings were made, chats were told some of it, or had the briefing of a slot."""

    overtaken: set[int] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)


async def record_all(
    db: Database, ready: Sequence[Ready], now: datetime, *, told_too: bool
) -> tuple[dict[int, Answer], set[int]]:
    """Stores briefings whole. Returns the answers by chat, and the chats that have to be drafted anew."""
    conflict = _Conflict()
    while True:
        try:
            left = [one for one in ready if one.draft.chat.id not in conflict.overtaken]
            return await _try_to_record(db, left, now, conflict.taken, told_too=told_too), conflict.overtaken
        except _Conflict as found:
            conflict.overtaken |= found.overtaken
            conflict.taken |= found.taken


async def _try_to_record(
    db: Database, ready: Sequence[Ready], now: datetime, taken: set[int], *, told_too: bool
) -> dict[int, Answer]:
    """One write for all. Raises _Conflict, and then nothing is stored."""
    recorded = [one for one in ready if one.draft.run is not None or one.draft.ranking]
    answers: dict[int, Answer] = {one.draft.chat.id: one.nothing for one in ready}
    if not recorded:
        return answers
    async with db.write() as tx:
        held = await _take(tx, recorded)
        stored = [one for one in recorded if one.draft.chat.id in held and one.draft.chat.id not in taken]
        pages = {one.draft.chat.id: one.draft.ranking[:PAGE] for one in stored}
        if not told_too and (known := await told.known_already(tx, pages)):
            raise _Conflict(overtaken=known)
        posts = await broadcasts.for_briefings(tx, list(pages), now)
        if changed := {one.draft.chat.id for one in stored if one.draft.posts != _posts_of(one, posts)}:
            raise _Conflict(overtaken=changed)
        facts = [(chat_id, place.story_id, place.article_id) for chat_id, page in pages.items() for place in page]
        await told.tell_all(tx, facts, DeliveryKind.BRIEFING, now)
        ids = await briefings.add(tx, [_new(one, now) for one in stored])
        if had := {one.draft.chat.id for one in stored if one.public_id not in ids}:
            raise _Conflict(taken=had)
        await _tell_posts(tx, stored, ids, now)
        await _enqueue(tx, stored, ids, now)
        await chats.note_empty(tx, [one.draft.chat.id for one in stored if one.nothing and one.messages], now)
    for one in recorded:
        briefing_id = ids.get(one.public_id)
        if one.nothing is None or briefing_id is None:
            answers[one.draft.chat.id] = None if briefing_id is None else _briefing(one, briefing_id, now)
    return answers


async def _take(tx: Tx, ready: Sequence[Ready]) -> dict[int, Chat]:
    """The chats, held, their schedules moved on behind their runs; without those that are gone or had this run."""
    held = {chat.id: chat for chat in await chats.lock_all(tx, [one.draft.chat.id for one in ready])}
    planned = await schedules.of_chats(tx, list(held))
    plans = {}
    for one in ready:
        chat, run = held.get(one.draft.chat.id), one.draft.run
        if chat is None or run is None:
            continue
        if chat.last_slot != one.draft.chat.last_slot:
            del held[chat.id]
        else:
            plans[chat.id] = (next_due(chat, planned.get(chat.id, ()), run.slot), run.slot)
    await schedules.plan_all(tx, plans)
    return held


def _posts_of(one: Ready, posts: dict[int, list[Broadcast]]) -> tuple[Broadcast, ...]:
    """The posts that wait for a briefing; an empty one keeps what it was drafted with, and tells none."""
    return one.draft.posts if one.nothing else tuple(posts.get(one.draft.chat.id, ()))


async def _tell_posts(tx: Tx, stored: Sequence[Ready], ids: dict[str, int], now: datetime) -> None:
    """The posts in briefings were told, and so were the stories of their articles."""
    told_in = [(one, post) for one in stored if not one.nothing for post in one.draft.posts]
    if not told_in:
        return
    facts = [(one.draft.chat.id, post.id, ids[one.public_id]) for one, post in told_in]
    await broadcasts.told_in_briefings(tx, facts, now)
    found = await articles.by_ids(tx, list({post.article_id for _, post in told_in if post.article_id is not None}))
    stories = [(one.draft.chat.id, found.get(post.article_id or 0)) for one, post in told_in]
    known = [(chat_id, its.story_id, its.id) for chat_id, its in stories if its is not None and its.story_id]
    await told.tell_all(tx, known, DeliveryKind.BROADCAST, now)


def _new(one: Ready, now: datetime) -> NewBriefing:
    draft = one.draft
    return NewBriefing(
        public_id=one.public_id,
        chat_id=draft.chat.id,
        ranking=draft.ranking,
        recap=draft.recap,
        shown=min(PAGE, len(draft.ranking)),
        since=draft.since,
        until=now,
        read_count=draft.read_count,
        schedule_id=draft.run.schedule.id if draft.run else None,
        slot=draft.run.slot if draft.run else None,
    )


def _briefing(one: Ready, briefing_id: int, now: datetime) -> Briefing:
    new = _new(one, now)
    return Briefing(
        id=briefing_id,
        public_id=new.public_id,
        chat_id=new.chat_id,
        ranking=tuple(new.ranking),
        shown=new.shown,
        since=new.since,
        until=new.until,
        read_count=new.read_count,
        recap=tuple(new.recap),
    )


async def _enqueue(tx: Tx, stored: Sequence[Ready], ids: dict[str, int], now: datetime) -> None:
    parts = [
        part
        for one in stored
        for part in parts_of(one.draft.chat, one.messages, one.public_id, ids[one.public_id], _at(one, now))
    ]
    await deliveries.enqueue(tx, parts, now)


def _at(one: Ready, now: datetime) -> datetime:
    """Who asks is answered; what comes by itself waits for the end of quiet hours."""
    return now if one.draft.run is None else not_before(one.draft.chat, now)


def parts_of(chat: Chat, messages: Sequence[Message], key: str, briefing_id: int, at: datetime) -> list[NewDelivery]:
    """The messages of a briefing's page for the outbox, in order."""
    return [
        NewDelivery(
            chat.id, DeliveryKind.BRIEFING, f"briefing:{key}:{part}", message, not_before=at, briefing_id=briefing_id
        )
        for part, message in enumerate(messages, 1)
    ]
