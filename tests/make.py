"""Builders of what tests need first: chats, people, sources, articles, and a newsroom that takes them all the way."""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from bot.actions import reading, subscriptions
from bot.actions.matching import LiveMatcher
from bot.actions.nothing import Nothing
from bot.model import (
    Access,
    Article,
    Briefing,
    Chat,
    ChatKind,
    Message,
    Mode,
    NewArticle,
    Role,
    Slot,
    SourceKind,
    Times,
    User,
)
from bot.pipeline.alert import alert
from bot.pipeline.group import Grouper
from bot.pipeline.match import match
from bot.rules.matching import Matcher, Snapshot, build_automata, open_automaton
from bot.rules.matching_literals import Literals
from bot.rules.matching_segments import Segment
from bot.storage import articles, chats, deliveries, schedules, sources, users
from bot.storage.database import Database, Tx
from tests.conftest import NOON
from tests.fakes import FakeWorkers

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


async def a_chat(
    tx: Tx, number: int = 1, *, kind: ChatKind = ChatKind.PRIVATE, timezone: str = "UTC", language: str = "en"
) -> Chat:
    """The chat with Telegram's id `number`."""
    return await chats.meet(
        tx,
        telegram_chat_id=number,
        thread_id=0,
        kind=kind,
        title=f"Chat {number}",
        language=language,
        timezone=timezone,
        now=NOON,
    )


async def due_now(tx: Tx, chat: Chat, at: time = time(8), now: datetime = NOON) -> int:
    """Gives a chat a daily briefing that is due: the slot of yesterday was not told. The schedule's id."""
    schedule_id = await schedules.add(tx, chat.id, Times((at,)))
    minute = datetime.combine(now.date() - DAY, at) - timedelta(minutes=1)
    await schedules.plan(tx, chat.id, next_run_at=now, last_slot=Slot(minute.date(), minute.time()))
    return schedule_id


async def a_user(
    tx: Tx, number: int = 1, *, name: str = "Ann", role: Role = Role.READER, access: Access = Access.ALLOWED
) -> User:
    """The person with Telegram's id `number`."""
    user = await users.meet(tx, telegram_user_id=number, name=name, language="en", access=access, now=NOON)
    if role is not Role.READER:
        await users.set_role(tx, user.id, role)
    return replace(user, role=role)


async def a_source(tx: Tx, title: str = "Harbour Post") -> int:
    """The id of the push source of a title."""
    return (await sources.ensure_push_source(tx, title, NOON, kind=SourceKind.PUSH)).id


def an_article(source_id: int, title: str, text: str = "", *, at: datetime = NOON, **more: object) -> NewArticle:
    """An article that came in at a time, at an address made of its title."""
    slug = "-".join(re.findall(r"\w+", title.lower())) or "untitled"
    key = f"news.example/{source_id}/{slug}"
    base = NewArticle(f"https://{key}", key, title, text, source_id, at)
    return replace(base, **more)  # type: ignore[arg-type]


async def stored(tx: Tx, *new: NewArticle) -> list[int]:
    """Stores articles; their ids."""
    return await articles.add_articles(tx, list(new), new[0].received_at if new else NOON)


@dataclass
class Newsroom:
    """The whole way of an article in one process, without the network and without Telegram."""

    db: Database
    workers: FakeWorkers = field(default_factory=FakeWorkers)
    matcher: LiveMatcher = field(default_factory=LiveMatcher)
    grouper: Grouper = field(default_factory=Grouper)

    async def publish(
        self, title: str, text: str = "", *, source: str = "Harbour Post", at: datetime = NOON, **more: object
    ) -> Article:
        """An article of a source comes in, joins a story and is matched."""
        async with self.db.write() as tx:
            [article_id] = await stored(tx, an_article(await a_source(tx, source), title, text, at=at, **more))
        await self.run(at)
        async with self.db.read() as tx:
            return await articles.get(tx, article_id)

    async def run(self, now: datetime) -> None:
        """Groups and matches all that waits."""
        while await self.grouper.run(self.db, now) or await match(self.db, self.matcher, now):
            pass

    async def alert(self, now: datetime) -> int:
        """Tells what somebody wants to know at once."""
        return await alert(self.db, self.workers, now)

    async def chat(self, number: int = 1, *topics: str, mode: Mode = Mode.BRIEFING, **more: str) -> Chat:
        """A chat that follows topics."""
        async with self.db.write() as tx:
            chat = await a_chat(tx, number, **more)  # type: ignore[arg-type]
        for topic in topics:
            await self.follow(chat, topic, mode=mode)
        return chat

    async def follow(
        self, chat: Chat, topic: str, *, mode: Mode = Mode.BRIEFING, now: datetime = NOON
    ) -> subscriptions.Subscribed:
        """The chat subscribes to a query."""
        return await subscriptions.subscribe(self.db, self.matcher, chat, topic, now, mode=mode)

    async def brief(
        self, chat: Chat, now: datetime = NOON, *, window: timedelta | None = None
    ) -> Briefing | Nothing | None:
        """The chat asks for a briefing."""
        return await reading.brief(self.db, self.workers, chat, now, window=window)

    async def told(self, chat: Chat) -> list[Message]:
        """Every message recorded for the chat, in order, whatever became of it."""
        async with self.db.read() as tx:
            return [delivery.message for delivery in await deliveries.of_chat(tx, chat.id)]

    async def texts(self, chat: Chat) -> list[str]:
        """The same, as Telegram HTML."""
        return [message.text for message in await self.told(chat)]


def packed(matcher: Matcher | Literals, like: Sequence[str] = ()) -> Snapshot:
    """A complete snapshot of what the matcher holds, for texts like these."""
    snapshot = matcher.snapshot(like)
    deque(matcher.pack(snapshot), maxlen=0)
    return snapshot


def built(snapshot: Snapshot) -> list[Segment]:
    """The big automata of a complete snapshot."""
    return [open_automaton(packed) for packed in build_automata(b"".join(snapshot.parts))]


def rebuild(matcher: Matcher | Literals, like: Sequence[str] = ()) -> None:
    """Has the matcher's big automaton built and taken over, at once."""
    snapshot = packed(matcher, like)
    matcher.adopt(snapshot, built(snapshot))
