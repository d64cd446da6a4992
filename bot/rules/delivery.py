"""How messages leave: which goes first, and what follows from each answer of Telegram.

Telegram has no key that would make sending the same message twice harmless, so an answer that left open whether a
message arrived is kept apart from one that says that it did not. How fast they leave: `bot.rules.pacer`.
"""

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from html import unescape

from bot.model import Delivery, DeliveryKind, DeliveryState, Operation
from bot.ports import SendResult, SendStatus
from bot.rules.splitting import MESSAGE_UNITS, units

MAX_RETRY_DELAY = 60.0  # seconds, after answers that say "not delivered"
UNCERTAIN_DELAYS = (5.0, 20.0, 80.0, 320.0, 600.0)  # seconds: every resend may be a copy, so they soon grow rare
MAX_UNCERTAIN_ATTEMPTS = 8
LESSER_EVERY = 5  # of so many places, one is for a less urgent kind

GONE = "chat gone"  # how the error of a delivery begins that found its chat blocked, left or deleted

_PRIORITIES = {  # stored with every delivery
    DeliveryKind.REPLY: 0,
    DeliveryKind.ALERT: 1,
    DeliveryKind.BRIEFING: 2,
    DeliveryKind.BROADCAST: 3,
    DeliveryKind.SUPPLEMENT: 4,  # nobody hears it
}
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
_ANCHOR = re.compile(r'<a\s+href="([^"]*)"\s*>(.*?)</a>', re.DOTALL | re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:b|strong|i|em|u|ins|s|strike|del|code|pre|a|blockquote|span|tg-spoiler|tg-emoji|tg-time)(?:\s[^<>]*)?>",
    re.IGNORECASE,
)


def priority(kind: DeliveryKind) -> int:
    """The place of a kind in the queue; lower goes first."""
    return _PRIORITIES[kind]


def lesser_kinds(kind: DeliveryKind) -> list[DeliveryKind]:
    """The kinds that are less urgent than one."""
    return [one for one in DeliveryKind if priority(one) > priority(kind)]


def more_urgent_kinds(kind: DeliveryKind) -> list[DeliveryKind]:
    """The kinds that go before one."""
    return [one for one in DeliveryKind if priority(one) < priority(kind)]


def is_resent(kind: DeliveryKind, operation: Operation) -> bool:
    """Whether what perhaps arrived goes again. A new message of a broadcast is left for the admin to decide."""
    return kind is not DeliveryKind.BROADCAST or is_repeatable(operation)


def is_repeatable(operation: Operation) -> bool:
    """Whether doing it twice is as good as once: an edit or a deletion leaves no doubt and no copy."""
    return operation is not Operation.SEND


class Line:
    """The messages that are due, in the order in which they go: the most urgent kind first, but every fifth place is
    one of a lesser kind in turn, so that a flood of alerts slows briefings and posts down and never stops them.
    """

    def __init__(self) -> None:
        order = sorted(DeliveryKind, key=priority)
        self._heads: dict[DeliveryKind, deque[Delivery]] = {kind: deque() for kind in order}
        self._taken = 0
        self._flood: DeliveryKind | None = None

    @property
    def flood(self) -> DeliveryKind | None:
        """The kind of which more are waiting than the line took."""
        return self._flood

    @property
    def is_spent(self) -> bool:
        """Whether it is time to look for more: nothing is in it, or nothing of a kind that more are waiting of."""
        return not any(self._heads.values()) or (self._flood is not None and not self._heads[self._flood])

    def clear(self) -> None:
        """Forgets all."""
        self.fill(())

    def fill(self, heads: Sequence[Delivery], flood: DeliveryKind | None = None) -> None:
        """Takes these instead of what was in it; each kind keeps their order. `flood`: a kind that has still more."""
        self._flood = flood
        for waiting in self._heads.values():
            waiting.clear()
        for head in heads:
            self._heads[head.kind].append(head)

    def put_first(self, heads: Sequence[Delivery]) -> None:
        """They go before the others of their kinds, and instead of what their chats had in the line."""
        chats = {head.chat_id for head in heads}
        for kind, waiting in self._heads.items():
            self._heads[kind] = deque(head for head in waiting if head.chat_id not in chats)
        for head in reversed(heads):
            self._heads[head.kind].appendleft(head)

    def take(self) -> Delivery | None:
        """Whose turn is next; None when nobody waits."""
        waiting = [heads for heads in self._heads.values() if heads]
        if not waiting:
            return None
        self._taken += 1
        round_, place = divmod(self._taken, LESSER_EVERY)
        lesser = waiting[1:]
        return (lesser[round_ % len(lesser)] if lesser and place == 0 else waiting[0]).popleft()

    def put_back(self, head: Delivery) -> None:
        """It could not go now, and is its kind's next."""
        self._heads[head.kind].appendleft(head)
        self._taken -= 1


@dataclass(frozen=True, slots=True)
class Settlement:
    """What becomes of a delivery that was on the wire.

    `delivery.attempts` counts the attempt that is settled. A queued one goes again at `not_before`.
    """

    delivery: Delivery
    state: DeliveryState
    uncertain: bool = False
    not_before: datetime | None = None
    message_id: int | None = None
    new_chat_id: int | None = None  # everything of the chat moves there
    chat_gone: bool = False
    topic_gone: bool = False  # only the chat's topic, not the rest of the forum
    error: str = ""


def settle(delivery: Delivery, result: SendResult, now: datetime) -> Settlement:
    """Decides from Telegram's answer what becomes of a delivery.

    - sent: sent. Refused, or unreadable (it was tried as plain text by then): failed.
    - not delivered for sure: again after 1, 2, 4, … up to 60 seconds, for as long as it takes.
    - 429: again after exactly the seconds that Telegram named.
    - perhaps delivered: alerts, briefings and replies again, ever more slowly, eight attempts at most; a broadcast's
      message fails at once, marked uncertain. Edits and deletions may be done twice, so they go again as the above.
    - the message to delete is gone: that was wanted. The one to edit is: cancelled, there is nothing to edit.
    - the chat or its topic is gone, or closed to the bot: failed, and nothing more goes there.
    - the chat has a new id: at once again, to that one.
    """
    seen = delivery.uncertain
    match result.status:
        case SendStatus.SENT:
            return Settlement(delivery, DeliveryState.SENT, seen, message_id=result.message_id)
        case SendStatus.RETRY:
            return _again(delivery, now, retry_delay(delivery.attempts), seen, result.detail)
        case SendStatus.FLOOD:
            return _again(delivery, now, result.retry_after, seen, result.detail)
        case SendStatus.UNCERTAIN:
            return _open(delivery, now, result.detail)
        case SendStatus.MISSING if delivery.operation is Operation.DELETE:
            return Settlement(delivery, DeliveryState.SENT)
        case SendStatus.MISSING:
            return Settlement(delivery, DeliveryState.CANCELLED, error=result.detail)
        case SendStatus.MIGRATED:
            again = _again(delivery, now, 0.0, seen, result.detail)
            return replace(again, new_chat_id=result.new_chat_id)
        case SendStatus.GONE | SendStatus.SHUT:
            error = f"{GONE}: {result.detail}"
            return Settlement(delivery, DeliveryState.FAILED, seen, chat_gone=True, error=error)
        case SendStatus.CLOSED:
            error = f"{GONE}: {result.detail}"
            return Settlement(delivery, DeliveryState.FAILED, seen, topic_gone=True, error=error)
        case _:
            return Settlement(delivery, DeliveryState.FAILED, seen, error=result.detail)


def retry_delay(attempts: int) -> float:
    """Seconds until a message that was not delivered is tried again, after so many attempts."""
    return min(MAX_RETRY_DELAY, 2.0 ** min(attempts - 1, 10))


def uncertain_delay(attempts: int) -> float:
    """Seconds until a message that was perhaps delivered is sent again, after so many attempts."""
    return UNCERTAIN_DELAYS[min(attempts, len(UNCERTAIN_DELAYS)) - 1]


def _again(delivery: Delivery, now: datetime, seconds: float, uncertain: bool, error: str) -> Settlement:
    later = now + timedelta(seconds=seconds)
    return Settlement(delivery, DeliveryState.QUEUED, uncertain, not_before=later, error=error)


def _open(delivery: Delivery, now: datetime, error: str) -> Settlement:
    if is_repeatable(delivery.operation):
        return _again(delivery, now, retry_delay(delivery.attempts), uncertain=False, error=error)
    # An outage ends many attempts as "not delivered": the first uncertain one is never the last.
    spent = delivery.uncertain and delivery.attempts >= MAX_UNCERTAIN_ATTEMPTS
    if spent or not is_resent(delivery.kind, delivery.operation):
        return Settlement(delivery, DeliveryState.FAILED, uncertain=True, error=error)
    return _again(delivery, now, uncertain_delay(delivery.attempts), uncertain=True, error=error)


def plain_text(html: str) -> str:
    """Telegram HTML as text for a message without markup: links keep their address, within Telegram's length.

    Only tags that Telegram knows are taken out, because a text that Telegram could not read may hold a bare `<`.
    """
    linked = _bare(_ANCHOR.sub(r"\2 (\1)", html))
    text = linked if units(linked) <= MESSAGE_UNITS else _bare(html)
    if units(text) <= MESSAGE_UNITS:
        return text
    return text.encode("utf-16-le", "surrogatepass")[: (MESSAGE_UNITS - 1) * 2].decode("utf-16-le", "ignore") + "…"


def _bare(html: str) -> str:
    return _ENTITY.sub(lambda entity: unescape(entity[0]), _TAG.sub("", html))
