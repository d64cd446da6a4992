"""Stand-ins for the outside, and short ways to what many tests need first."""

import asyncio
import re
from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

from bot.errors import FeedError, PageError, WorkerError
from bot.model import Chat, ChatKind, DeliveryKind, Excerpt, Feed, Message, NewDelivery, Operation, Page
from bot.ports import SendResult, SendStatus
from bot.rules.matching import build_automata
from bot.storage import chats, deliveries
from bot.storage.database import Database
from tests.conftest import NOON

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that a fake chat got."""

    chat: int
    message: Message
    thread_id: int
    plain: bool
    reply_to: int | None = None


@dataclass
class FakeMessenger:
    """Telegram with the answers that a test lays out; without any it takes every message.

    `answers[chat]` are given in turn: a status, a whole result, or an exception to raise. A chat in `hanging` answers
    only after `release` is set. What says "uncertain" was delivered all the same: the worst case.
    """

    sent: list[Sent] = field(default_factory=list)
    changes: list[tuple[str, int, str]] = field(default_factory=list)  # edit or delete, message id, new text
    asked: list[int] = field(default_factory=list)
    answers: dict[int, deque[SendStatus | SendResult | Exception]] = field(default_factory=lambda: defaultdict(deque))
    admins_of: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    hanging: set[int] = field(default_factory=set)
    release: asyncio.Event = field(default_factory=asyncio.Event)
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    most_at_once: int = 0
    _now: int = 0

    def script(self, chat: int, *answers: SendStatus | SendResult | Exception) -> None:
        """The next answers to messages for the chat."""
        self.answers[chat].extend(answers)

    async def send(
        self,
        telegram_chat_id: int,
        message: Message,
        *,
        thread_id: int = 0,
        reply_to: int | None = None,
        plain: bool = False,
    ) -> SendResult:
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        self.asked.append(telegram_chat_id)
        self.reached.set()
        try:
            if telegram_chat_id in self.hanging:
                await self.release.wait()
            await asyncio.sleep(0)
            return self._answer(telegram_chat_id, Sent(telegram_chat_id, message, thread_id, plain, reply_to))
        finally:
            self._now -= 1

    async def edit(
        self, telegram_chat_id: int, message_id: int, message: Message, *, plain: bool = False
    ) -> SendResult:
        return self._change(telegram_chat_id, "edit", message_id, message.text)

    async def delete(self, telegram_chat_id: int, message_id: int) -> SendResult:
        return self._change(telegram_chat_id, "delete", message_id, "")

    async def administrators(self, telegram_chat_id: int) -> list[int]:
        return self.admins_of[telegram_chat_id]

    def _change(self, chat: int, what: str, message_id: int, text: str) -> SendResult:
        self.changes.append((what, message_id, text))
        answer = self.answers[chat].popleft() if self.answers[chat] else SendStatus.SENT
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, SendResult) else SendResult(answer, message_id=message_id)

    def _answer(self, chat: int, sent: Sent) -> SendResult:
        answer = self.answers[chat].popleft() if self.answers[chat] else SendStatus.SENT
        if isinstance(answer, Exception):
            raise answer
        result = answer if isinstance(answer, SendResult) else SendResult(answer, detail=f"scripted {answer}")
        if result.status in (SendStatus.SENT, SendStatus.UNCERTAIN):
            self.sent.append(sent)
        if result.status is SendStatus.SENT:
            return SendResult(SendStatus.SENT, message_id=len(self.sent))
        return result

    def texts(self, chat: int) -> list[str]:
        """What the chat got, in order."""
        return [one.message.text for one in self.sent if one.chat == chat]


async def meet_chat(db: Database, number: int, kind: ChatKind = ChatKind.PRIVATE, *, thread_id: int = 0) -> Chat:
    """A chat with Telegram's id `number`."""
    async with db.write() as tx:
        return await chats.meet(
            tx,
            telegram_chat_id=number,
            thread_id=thread_id,
            kind=kind,
            title=f"Chat {number}",
            language="en",
            timezone="UTC",
            now=NOON,
        )


def to_send(
    chat: Chat, text: str, kind: DeliveryKind = DeliveryKind.ALERT, *, now: datetime = NOON, key: str = ""
) -> NewDelivery:
    """A message to a chat, due now."""
    return NewDelivery(chat.id, kind, key or f"{chat.id}:{text}", Message(text), not_before=now)


def to_change(
    chat: Chat, target_id: int, text: str, operation: Operation = Operation.EDIT, *, now: datetime = NOON
) -> NewDelivery:
    """An edit, deletion or reply, due now."""
    new = to_send(chat, text, now=now, key=f"{operation}:{target_id}:{text}")
    return replace(new, operation=operation, target_id=target_id)


async def record(db: Database, new: Sequence[NewDelivery], now: datetime = NOON) -> int:
    """Puts messages into the outbox."""
    async with db.write() as tx:
        return await deliveries.enqueue(tx, new, now)


@dataclass
class FakeWorkers:
    """The workers' answers without processes: a summary is the first sentences of a text.

    `feeds` and `pages` answer by address; what is not there is no feed and no article. With `failing` every call raises
    WorkerError. `summarized` lists the titles whose summary was made, in order.
    """

    feeds: dict[str, Feed] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    zones: dict[tuple[float, float], str] = field(default_factory=dict)
    failing: bool = False
    summarized: list[str] = field(default_factory=list)

    async def parse_feed(self, body: bytes, *, url: str, content_type: str) -> Feed:
        self._work()
        if url not in self.feeds:
            raise FeedError("not_a_feed")
        return self.feeds[url]

    async def extract_page(self, html: bytes, *, url: str, latest: datetime) -> Page:
        self._work()
        if url not in self.pages:
            raise PageError("no_article")
        return self.pages[url]

    async def detect_languages(self, texts: Sequence[str]) -> list[str]:
        self._work()
        return ["zh" if re.search("[\u4e00-\u9fff]", text) else "en" for text in texts]

    async def summarize(
        self,
        text: str,
        *,
        title: str,
        language: str,
        sentences: int | None,
        words: int | None = None,
        focus: Sequence[str] = (),
        method: str = "",
    ) -> tuple[Excerpt, ...]:
        self._work()
        self.summarized.append(title)
        found = re.finditer(r"[^\s.!?。！？][^.!?。！？]*[.!?。！？]+", text)
        return tuple(Excerpt(one[0], one.start(), one.end()) for one in islice(found, sentences))

    async def build_automata(self, parts: Sequence[bytes], unpack: Callable[[bytes], T]) -> list[T]:
        self._work()
        return [unpack(packed) for packed in build_automata(b"".join(parts))]

    async def find_zone(self, latitude: float, longitude: float) -> str:
        self._work()
        return self.zones.get((latitude, longitude), "")

    def _work(self) -> None:
        if self.failing:
            raise WorkerError("worker_died", job="fake")
