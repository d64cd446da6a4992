"""How messages leave: which goes first, how fast, and what follows from each answer of Telegram.

Telegram's limits (core.telegram.org/bots/faq): about 30 messages a second over all chats, one a second to a chat with
short bursts, 20 a minute to a group or channel. It has no key that would make sending the same message twice harmless,
so an answer that left open whether a message arrived is kept apart from one that says that it did not.
"""

import math
import re
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html import unescape

from bot.model import ChatKind, Delivery, DeliveryKind, DeliveryState, Operation
from bot.ports import SendResult, SendStatus
from bot.rules.rendering import MESSAGE_UNITS, units

CHAT_BURST = 3  # messages that one chat may get at once
CHAT_INTERVAL = 1.0  # seconds a message to one chat, after the burst
GROUP_MESSAGES = 20
GROUP_WINDOW = 60.0  # seconds
CATCH_UP = 0.25  # seconds of lateness that the overall rate makes good again: timers wake late
URGENT_GRACE = 0.25  # seconds that the rest stands back for an urgent message that was told to wait
GLOBAL_FLOOD_CHATS = 3  # different chats refused within GLOBAL_FLOOD_WINDOW: the limit met is the bot's, not a chat's
GLOBAL_FLOOD_WINDOW = 5.0  # seconds

MAX_RETRY_DELAY = 60.0  # seconds, after answers that say "not delivered"
UNCERTAIN_DELAYS = (5.0, 20.0, 80.0, 320.0, 600.0)  # seconds: every resend may be a copy, so they soon grow rare
MAX_UNCERTAIN_ATTEMPTS = 8

GONE = "chat gone"  # how the error of a delivery begins that found its chat blocked, left or deleted

_PRIORITIES = {DeliveryKind.REPLY: 0, DeliveryKind.ALERT: 1, DeliveryKind.BRIEFING: 2, DeliveryKind.BROADCAST: 3}
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
_ANCHOR = re.compile(r'<a\s+href="([^"]*)"\s*>(.*?)</a>', re.DOTALL | re.IGNORECASE)
_TAG = re.compile(
    r"</?(?:b|strong|i|em|u|ins|s|strike|del|code|pre|a|blockquote|span|tg-spoiler|tg-emoji|tg-time)(?:\s[^<>]*)?>",
    re.IGNORECASE,
)


def priority(kind: DeliveryKind) -> int:
    """The place of a kind in the queue; lower goes first."""
    return _PRIORITIES[kind]


def is_resent(kind: DeliveryKind, operation: Operation) -> bool:
    """Whether what perhaps arrived goes again. A new message of a broadcast is left for the admin to decide."""
    return kind is not DeliveryKind.BROADCAST or is_repeatable(operation)


def is_repeatable(operation: Operation) -> bool:
    """Whether doing it twice is as good as once: an edit or a deletion leaves no doubt and no copy."""
    return operation is not Operation.SEND


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
    error: str = ""


def settle(delivery: Delivery, result: SendResult, now: datetime) -> Settlement:
    """Decides from Telegram's answer what becomes of a delivery.

    - sent: sent. Refused, or unreadable (it was tried as plain text by then): failed.
    - not delivered for sure: again after 1, 2, 4, … up to 60 seconds, for as long as it takes.
    - 429: again after exactly the seconds that Telegram named.
    - perhaps delivered: alerts, briefings and replies again, ever more slowly, eight attempts at most; a broadcast's
      message fails at once, marked uncertain. Edits and deletions may be done twice, so they go again as the above.
    - the message to delete is gone: that was wanted. The one to edit is: cancelled, there is nothing to edit.
    - the chat is gone: failed, and nothing more goes there. It has a new id: at once again, to that one.
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
        case SendStatus.GONE:
            error = f"{GONE}: {result.detail}"
            return Settlement(delivery, DeliveryState.FAILED, seen, chat_gone=True, error=error)
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


@dataclass(slots=True)
class _Line:
    """What one chat got lately. All times are in the pacer's seconds."""

    next: float = -math.inf  # when its bucket is full again
    grants: deque[float] = field(default_factory=lambda: deque(maxlen=GROUP_MESSAGES))
    closed_until: float = -math.inf  # after a 429


class Pacer:
    """Says when the next message may go: one for all senders of a bot token.

    Times are seconds of any clock that never goes back, such as the event loop's.

    Args:
        rate: messages per second over all chats. At most that many leave in any sliding second, spaced evenly.
    """

    def __init__(self, rate: float) -> None:
        self._interval = 1.0 / rate
        self._window = max(1.0, self._interval)
        self._recent: deque[float] = deque(maxlen=max(1, math.floor(rate)))
        self._next = -math.inf
        self._closed_until = -math.inf
        self._urgent_until = -math.inf
        self._lines: dict[int, _Line] = {}
        self._floods: deque[tuple[float, int]] = deque(maxlen=GLOBAL_FLOOD_CHATS)
        self._granted = 0

    def reserve(self, chat: int, kind: ChatKind, now: float, *, urgent: bool = False) -> float:
        """Takes the next place for a message to a chat, if it may go at once.

        Args:
            chat: Telegram's id of the chat; topics of one forum share their chat's limits.
            urgent: an answer to somebody who waits. While one waits for the overall rate, all else stands back.

        Returns:
            0.0: send now, the place is taken. Otherwise nothing is taken: ask again after so many seconds.
        """
        own, overall = self.rest(chat, kind, now), self._overall_wait(now)
        wait = max(own, overall)
        if not urgent:
            wait = max(wait, self._urgent_until - now)
        elif 0 < overall >= own:
            self._urgent_until = now + overall + URGENT_GRACE
        if wait > 0:
            return _up(wait)
        self._grant(chat, now)
        if urgent:
            self._urgent_until = -math.inf
        return 0.0

    def left(self, reserved: float, now: float) -> None:
        """A message goes on the wire only now, although its place was taken earlier, at `reserved`.

        Without this, messages that were held up together would leave together, beside those whose turn it is.
        """
        if reserved in self._recent:
            self._recent.remove(reserved)
            self._recent.append(now)

    def rest(self, chat: int, kind: ChatKind, now: float) -> float:
        """Seconds until the chat's own limits let it have a message, whatever the overall rate; 0.0 when they do."""
        line = self._lines.get(chat)
        if line is None:
            return 0.0
        wait = max(line.closed_until, line.next - (CHAT_BURST - 1) * CHAT_INTERVAL) - now
        if kind is not ChatKind.PRIVATE and len(line.grants) == GROUP_MESSAGES:
            wait = max(wait, line.grants[0] + GROUP_WINDOW - now)
        return _up(wait)

    def refused(self, chat: int, retry_after: float, now: float) -> None:
        """Telegram answered 429 to a message for the chat: it gets nothing for so many seconds.

        Other chats go on, unless several were refused within a few seconds: then the limit is the bot's own.
        """
        line = self._lines.setdefault(chat, _Line())
        line.closed_until = max(line.closed_until, now + retry_after)
        self._floods.append((now, chat))
        lately = {flooded for at, flooded in self._floods if now - at <= GLOBAL_FLOOD_WINDOW}
        if len(lately) == GLOBAL_FLOOD_CHATS:
            self._closed_until = max(self._closed_until, now + retry_after)

    def _overall_wait(self, now: float) -> float:
        wait = max(self._next, self._closed_until) - now
        if len(self._recent) == self._recent.maxlen:
            wait = max(wait, self._recent[0] + self._window - now)
        return wait

    def _grant(self, chat: int, now: float) -> None:
        self._recent.append(now)
        self._next = max(self._next, now - CATCH_UP) + self._interval
        line = self._lines.setdefault(chat, _Line())
        line.next = max(line.next, now) + CHAT_INTERVAL
        line.grants.append(now)
        self._granted += 1
        if self._granted % 1024 == 0:
            self._forget_idle(now)

    def _forget_idle(self, now: float) -> None:
        since = now - GROUP_WINDOW
        self._lines = {chat: line for chat, line in self._lines.items() if line.closed_until > now or line.next > since}


def _up(seconds: float) -> float:
    """Whole milliseconds, rounded up: a wait that a timer and a float can keep."""
    return math.ceil(seconds * 1000) / 1000 if seconds > 0 else 0.0
