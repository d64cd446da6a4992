"""What came of an ordeal: what the chats got against what was recorded, and what was told against what came in."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from bot.model import DeliveryState, Mode, Operation
from bot.rules.urls import url_key
from bot.storage.database import Tx
from bot.storage.tables import (
    alerts,
    articles,
    briefings,
    broadcasts,
    chats,
    deliveries,
    matches,
    queries,
    schedules,
    subscriptions,
    told,
)
from tests.crashes import Ordeal, opened

ENDED = {DeliveryState.FAILED, DeliveryState.CANCELLED, DeliveryState.EXPIRED}


@dataclass(frozen=True)
class Books:
    """Figures of an ordeal, and whatever should not be.

    Attributes:
        recorded: messages in the outbox.
        articles: that were accepted, and told how many times.
        in_flight: messages that all kills together left on the wire.
        copies: how often a chat got a message again.
        uncertain: messages marked so.
        lost: recorded, but neither arrived nor known to have failed.
        unmarked: came twice without being marked uncertain.
        disordered: came behind a later one of its chat and priority.
        strange: arrived without having been recorded, or more often than was tried.
        unaccepted: articles that came in and are not there, or not matched as they should be.
        untold: who should have been told what, and was not.
        told_again: stories that a chat was told by two messages, or noted as told by none.
        slots: times of day that had no briefing, or two.
    """

    recorded: int
    articles: int
    in_flight: int
    copies: int
    uncertain: int
    lost: list[str]
    unmarked: list[str]
    disordered: list[str]
    strange: list[str]
    unaccepted: list[str]
    untold: list[str]
    told_again: list[str]
    slots: list[str]

    @property
    def mistakes(self) -> list[str]:
        """Everything that should not be."""
        kept = "lost unmarked disordered strange unaccepted untold told_again slots".split()
        found = [f"{name}: {one}" for name in kept for one in getattr(self, name)]
        if self.copies > self.in_flight:
            found.append(f"{self.copies} copies of {self.in_flight} messages in flight")
        return found


async def balance(ordeal: Ordeal) -> Books:
    """Holds the outside against the database."""
    async with opened(ordeal.url) as db, db.read() as tx:
        rows = await _outbox(tx)
        facts: dict[str, Any] = {**_arrivals(rows, ordeal), **await telling(tx)}
        return Books(
            recorded=len(rows),
            articles=await tx.scalar(sa.select(sa.func.count()).select_from(articles)) or 0,
            in_flight=sum(ordeal.in_flight),
            uncertain=sum(row.uncertain for row in rows),
            unaccepted=await _unaccepted(tx, ordeal),
            slots=await _slots(tx, ordeal),
            **facts,
        )


async def _outbox(tx: Tx) -> Sequence[Any]:
    statement = (
        sa.select(deliveries, chats.c.telegram_chat_id, broadcasts.c.text.label("post"))
        .join(chats, chats.c.id == deliveries.c.chat_id)
        .outerjoin(broadcasts, broadcasts.c.id == deliveries.c.broadcast_id)
        .order_by(deliveries.c.id)
    )
    return (await tx.execute(statement)).all()


def _arrivals(rows: Sequence[Any], ordeal: Ordeal) -> dict[str, Any]:
    """Every message of every chat finds its row by its text, which no other message of the chat has.

    An alert may have been edited: then it has the text of an edit, whose target is its row.
    """
    sandbox = ordeal.outside.sandbox
    new = [row for row in rows if row.operation == Operation.SEND]
    by_id = {row.id: row for row in new}
    recorded = {_place(row): by_id[row.target_id] for row in rows if row.operation == Operation.EDIT}
    recorded |= {_place(row): row for row in new}
    came: Counter[int] = Counter()
    lines: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    strange = [f"{row.key} has the text of another message" for row in new if recorded[_place(row)] is not row]
    for chat in sandbox.world.chats.values():
        for message in sandbox.sent(chat):
            row = recorded.get((chat.id, message.raw))
            if row is None:
                strange.append(f"unrecorded {message.raw!r}")
                continue
            if not came[row.id]:
                lines[row.chat_id, row.priority].append(row.id)
            came[row.id] += 1
    strange += [f"{row.key} came {came[row.id]} times" for row in new if came[row.id] > row.attempts]
    return {
        "copies": sum(count - 1 for count in came.values()),
        "lost": [_line(row) for row in new if not came[row.id] and row.state not in ENDED]
        + [_line(row) for row in rows if row.state not in {*ENDED, DeliveryState.SENT}],
        "unmarked": [_line(row) for row in new if came[row.id] > 1 and not row.uncertain]
        + [_line(row) for row in new if row.state in ENDED and not row.uncertain],
        "disordered": [f"{b} before {a}" for line in lines.values() for a, b in pairwise(line) if b < a],
        "strange": strange,
    }


def _place(row: Any) -> tuple[int, str]:
    return row.telegram_chat_id, row.message.get("text", row.post)


def _line(row: Any) -> str:
    return f"{row.key} is {row.state}, {row.attempts} attempts, {row.error or 'no error'}"


async def _unaccepted(tx: Tx, ordeal: Ordeal) -> list[str]:
    """Every article of a feed or of the API is there once, in a story, and has met each query that it should."""
    given = ordeal.accepted + [item[:2] for feed in ordeal.outside.published for item in feed]
    stored: dict[str, Any] = {row.url_key: row for row in await tx.execute(sa.select(articles))}
    names = {row.id: row.canonical for row in await tx.execute(sa.select(queries))}
    met: defaultdict[int, set[str]] = defaultdict(set)
    for row in await tx.execute(sa.select(matches)):
        met[row.article_id].add(names[row.query_id])
    wrong = []
    for url, title in given:
        article = stored.get(url_key(url))
        if article is None:
            wrong.append(f"{title} is not stored")
        elif article.story_id is None or met[article.id] != {name for name in names.values() if name in title}:
            wrong.append(f"{title}: story {article.story_id}, met {met[article.id]}")
    return wrong


async def telling(tx: Tx) -> dict[str, list[str]]:
    """A story is told to a chat by one message, and noted as told; whoever wants alerts of a topic has every story."""
    by_message: Counter[tuple[int, int]] = Counter()
    for row in await tx.execute(sa.select(alerts).where(~alerts.c.is_update)):
        by_message[row.chat_id, row.story_id] += 1
    for row in await tx.execute(sa.select(briefings)):
        by_message.update((row.chat_id, place[0]) for place in row.ranking[: row.shown])
    noted = {(row.chat_id, row.story_id) for row in await tx.execute(sa.select(told))}
    wanted = (
        sa.select(subscriptions.c.chat_id, articles.c.story_id)
        .join(matches, matches.c.query_id == subscriptions.c.query_id)
        .join(articles, articles.c.id == matches.c.article_id)
        .where(subscriptions.c.mode == Mode.ALERT)
    )
    alerted = {(row.chat_id, row.story_id) for row in await tx.execute(wanted)}
    return {
        "untold": [f"chat {chat}, story {story}" for chat, story in sorted(alerted - set(by_message))],
        "told_again": [f"{pair} by {count} messages" for pair, count in by_message.items() if count > 1]
        + [f"{pair} noted, or told, but not both" for pair in noted ^ set(by_message)],
    }


async def _slots(tx: Tx, ordeal: Ordeal) -> list[str]:
    """Every due time of day was moved on, with one briefing at most, whose messages were recorded with it."""
    rows = (await tx.execute(sa.select(briefings).where(briefings.c.slot.is_not(None)))).all()
    taken = Counter((row.chat_id, row.local_date, row.slot) for row in rows)
    wrong = [f"{slot} has {count} briefings" for slot, count in taken.items() if count > 1]
    spoken = set((await tx.execute(sa.select(deliveries.c.briefing_id))).scalars())
    wrong += [f"briefing {row.id} has no message" for row in rows if row.ranking and row.id not in spoken]
    planned = (await tx.execute(sa.select(schedules))).all()
    if len(planned) != ordeal.slots:
        wrong.append(f"{len(planned)} times of day instead of {ordeal.slots}")
    return wrong
