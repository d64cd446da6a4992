"""Who gets a broadcast: the audience counted, and its snapshot taken in portions, so that no unit of work is long.

A portion is one INSERT … SELECT over a range of chats, together with the cursor behind it: a kill between two of them
loses nothing, a portion that is taken twice changes nothing.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.model import (
    Access,
    Audience,
    Broadcast,
    ChatGroup,
    ChatKind,
    ChatState,
    DeliveryKind,
    DeliveryState,
    Mode,
    Operation,
    Role,
    Urgency,
)
from bot.rules.agenda import not_before
from bot.rules.delivery import priority
from bot.storage.chats import to_chat
from bot.storage.database import Tx, insert
from bot.storage.tables import articles, broadcasts, chats, deliveries, inserts, matches, queries, subscriptions, told
from bot.storage.tables import users as people

PORTION = 10_000  # chats
WORTH_COUNTING = 1_000  # new messages after which the planner is told at once instead of in a minute
_KINDS = {
    ChatGroup.PRIVATE: (ChatKind.PRIVATE,),
    ChatGroup.GROUPS: (ChatKind.GROUP, ChatKind.SUPERGROUP),
    ChatGroup.CHANNELS: (ChatKind.CHANNEL,),
}
_HABITS = (chats.c.timezone, chats.c.quiet_from, chats.c.quiet_until, chats.c.hears_urgent)


async def audience(tx: Tx, broadcast: Broadcast, now: datetime) -> Audience:
    """How many chats the broadcast would reach now, and how many of them only later."""
    wanted = _wanted(broadcast)
    reached = sa.select(sa.func.count()).select_from(chats).where(chats.c.takes_posts, *wanted)
    refusing = sa.select(sa.func.count()).select_from(chats).where(~chats.c.takes_posts, *wanted)
    knowing = reached.where(_knows(broadcast))
    row = (await tx.execute(sa.select(*(one.scalar_subquery() for one in (reached, refusing, knowing))))).one()
    later = 0
    if broadcast.urgency is not Urgency.BRIEFING:
        for _, condition in await _deferrals(tx, broadcast, now, chats.c.id > 0):
            statement = sa.select(sa.func.count()).select_from(chats).where(chats.c.takes_posts, *wanted, condition)
            later += await tx.scalar(statement) or 0
    return Audience(row[0], row[1], row[2], later)


async def begin(tx: Tx, broadcast_id: int, now: datetime) -> None:
    """Draws the line: chats that come after this are not of the broadcast."""
    last = sa.select(sa.func.coalesce(sa.func.max(chats.c.id), 0)).scalar_subquery()
    await tx.execute(
        sa.update(broadcasts)
        .where(broadcasts.c.id == broadcast_id)
        .values(snapshot_after=0, snapshot_until=last, started_at=now)
    )


async def take_portion(tx: Tx, broadcast: Broadcast, now: datetime) -> int:
    """Records the message of the next chats and moves the cursor behind them; returns how many are new.

    The text stays in the broadcast. A chat that has the broadcast already is passed over.
    """
    within = sa.and_(chats.c.id > broadcast.snapshot_after, chats.c.id <= broadcast.snapshot_until)
    portion = sa.select(chats.c.id).where(within).order_by(chats.c.id).limit(PORTION).subquery()
    last = await tx.scalar(sa.select(sa.func.max(portion.c.id))) or broadcast.snapshot_until
    claim = (
        sa.update(broadcasts)
        .where(broadcasts.c.id == broadcast.id, broadcasts.c.snapshot_after == broadcast.snapshot_after)
        .values(snapshot_after=last)
    )
    if not (await tx.execute(claim)).rowcount:
        return 0  # another process has this portion
    range_ = sa.and_(chats.c.id > broadcast.snapshot_after, chats.c.id <= last)
    if broadcast.urgency is Urgency.BRIEFING:
        return await _insert(tx, broadcast, range_)
    new = await _enqueue(tx, broadcast, range_, now)
    await _tell(tx, broadcast, broadcast.snapshot_after, last, now)
    await defer(tx, broadcast, now, range_)
    if last >= broadcast.snapshot_until and tx.dialect.name == "postgresql" and last > WORTH_COUNTING:
        # With figures from before the broadcast, PostgreSQL sorts the whole queue for each message: measured, 50x.
        await tx.execute(sa.text("ANALYZE deliveries"))
    return new


async def defer(tx: Tx, broadcast: Broadcast, now: datetime, range_: sa.ColumnElement[bool] | None = None) -> None:
    """Holds back the queued messages of chats that are in their quiet hours or pause, until those end."""
    for until, condition in await _deferrals(tx, broadcast, now, chats.c.id > 0 if range_ is None else range_):
        which = sa.select(chats.c.id).where(condition)
        if range_ is not None:
            which = which.where(range_)
        own = sa.select(chats.c.paused_until).where(chats.c.id == deliveries.c.chat_id).scalar_subquery()
        await tx.execute(
            sa.update(deliveries)
            .where(
                deliveries.c.broadcast_id == broadcast.id,
                deliveries.c.operation == Operation.SEND,
                deliveries.c.state == DeliveryState.QUEUED,
                deliveries.c.chat_id.in_(which),
            )
            .values(not_before=own if until is None else until)
        )


async def _deferrals(
    tx: Tx, broadcast: Broadcast, now: datetime, range_: sa.ColumnElement[bool]
) -> list[tuple[datetime | None, sa.ColumnElement[bool]]]:
    """Until when which chats are to be left alone (None: until the end of their own pause).

    Chats with the same habits wait until the same time, so that few statements serve all.
    """
    hears = chats.c.hears_urgent if broadcast.urgency is Urgency.URGENT else sa.false()
    sample = (
        sa.select(sa.func.min(chats.c.id).label("id"))
        .where(range_, chats.c.quiet_from.is_not(None), ~hears)
        .group_by(*_HABITS)
        .subquery()
    )
    found: list[tuple[datetime | None, sa.ColumnElement[bool]]] = []
    for row in await tx.execute(sa.select(chats).join(sample, sample.c.id == chats.c.id)):
        until = not_before(replace(to_chat(row), paused_until=None), now)
        if until > now:
            habits = (column.is_not_distinct_from(getattr(row, column.name)) for column in _HABITS)
            same = sa.and_(_is_awake(now), *habits)
            found.append((until, same))
    found.append((None, sa.and_(~_is_awake(now), ~hears)))
    return found


def _is_awake(now: datetime) -> sa.ColumnElement[bool]:
    return chats.c.paused_until.is_(None) | (chats.c.paused_until <= now)


async def _enqueue(tx: Tx, broadcast: Broadcast, range_: sa.ColumnElement[bool], now: datetime) -> int:
    key = sa.literal(f"broadcast:{broadcast.id}:", sa.Text) + sa.cast(chats.c.id, sa.Text)
    values: dict[str, sa.ColumnElement[Any]] = {
        "chat_id": chats.c.id,
        "kind": _constant("kind", DeliveryKind.BROADCAST),
        "priority": _constant("priority", priority(DeliveryKind.BROADCAST)),
        "key": key,
        "message": _constant("message", {}),
        "state": _constant("state", DeliveryState.QUEUED),
        "operation": _constant("operation", Operation.SEND),
        "created_at": _constant("created_at", now),
        "not_before": _constant("not_before", now),
        "broadcast_id": _constant("broadcast_id", broadcast.id),
    }
    rows = sa.select(*values.values()).where(range_, *_chosen(broadcast)).order_by(chats.c.id)
    statement = insert(tx, deliveries).from_select(list(values), rows).on_conflict_do_nothing()
    return int((await tx.execute(statement)).rowcount)


async def _insert(tx: Tx, broadcast: Broadcast, range_: sa.ColumnElement[bool]) -> int:
    rows = sa.select(sa.literal(broadcast.id, inserts.c.broadcast_id.type), chats.c.id).where(
        range_, *_chosen(broadcast)
    )
    statement = insert(tx, inserts).from_select(["broadcast_id", "chat_id"], rows).on_conflict_do_nothing()
    return int((await tx.execute(statement)).rowcount)


async def _tell(tx: Tx, broadcast: Broadcast, after: int, until: int, now: datetime) -> None:
    """Notes for the portion that it was told the article's story, up to the story's last article."""
    if broadcast.article_id is None:
        return
    story = _story_of(broadcast).subquery()
    last = sa.select(sa.func.max(articles.c.id)).where(articles.c.story_id == story.c.story_id).scalar_subquery()
    how = sa.literal(DeliveryKind.BROADCAST.value, told.c.how.type)
    rows = (
        sa.select(deliveries.c.chat_id, story.c.story_id, how, sa.literal(now, told.c.told_at.type), last)
        .join(story, sa.true())
        .where(
            deliveries.c.broadcast_id == broadcast.id,
            deliveries.c.operation == Operation.SEND,
            deliveries.c.chat_id > after,
            deliveries.c.chat_id <= until,
            story.c.story_id.is_not(None),
        )
    )
    columns = ["chat_id", "story_id", "how", "told_at", "last_article_id"]
    await tx.execute(insert(tx, told).from_select(columns, rows).on_conflict_do_nothing())


def _chosen(broadcast: Broadcast) -> Iterable[sa.ColumnElement[bool]]:
    yield chats.c.takes_posts
    yield from _wanted(broadcast)


def _wanted(broadcast: Broadcast) -> list[sa.ColumnElement[bool]]:
    """The conditions on a chat, but for whether it takes posts."""
    its = broadcast.recipients
    wanted = [chats.c.state == ChatState.ACTIVE, _let_in()]
    if its.test:
        return [*wanted, chats.c.kind == ChatKind.PRIVATE, _is_staff()]
    if its.language:
        wanted.append(chats.c.language.startswith(its.language))
    if its.group is not ChatGroup.ALL:
        wanted.append(chats.c.kind.in_(_KINDS[its.group]))
    if its.query:
        wanted.append(_follows(subscriptions.c.query_id == queries.c.id, queries.c.canonical == its.query))
    if its.follows_article:
        met = matches.c.article_id == broadcast.article_id
        wanted.append(_follows(subscriptions.c.query_id == matches.c.query_id, met))
    if its.skips_told:
        wanted.append(~_knows(broadcast))
    return wanted


def _follows(*how: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(subscriptions.c.chat_id == chats.c.id, subscriptions.c.mode != Mode.MUTE, *how)


def _knows(broadcast: Broadcast) -> sa.ColumnElement[bool]:
    return sa.exists().where(told.c.chat_id == chats.c.id, told.c.story_id == _story_of(broadcast).scalar_subquery())


def _let_in() -> sa.ColumnElement[bool]:
    """Not the private chat of somebody who was not let in: Telegram gives it the person's own id."""
    outside = sa.exists().where(
        people.c.telegram_user_id == chats.c.telegram_chat_id, people.c.access != Access.ALLOWED
    )
    return (chats.c.kind != ChatKind.PRIVATE) | ~outside


def _is_staff() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        people.c.telegram_user_id == chats.c.telegram_chat_id,
        people.c.role.in_([Role.OWNER, Role.ADMIN, Role.EDITOR]),
    )


def _story_of(broadcast: Broadcast) -> sa.Select[Any]:
    return sa.select(articles.c.story_id).where(articles.c.id == broadcast.article_id)


def _constant(column: str, value: Any) -> sa.ColumnElement[Any]:
    return sa.literal(value, deliveries.c[column].type)
