"""How fast messages leave: one pacer for everything that a bot token sends.

Telegram's limits (core.telegram.org/bots/faq): about 30 messages a second over all chats, one a second to a chat with
short bursts, 20 a minute to a group or channel.
"""

import math
from collections import deque
from dataclasses import dataclass, field

from bot.model import ChatKind

OVERALL = 30  # messages a second over all chats
CHAT_BURST = 3  # messages that one chat may get at once
CHAT_INTERVAL = 1.0  # seconds a message to one chat, after the burst
GROUP_MESSAGES = 20
GROUP_WINDOW = 60.0  # seconds
JITTER = 0.03  # seconds by which the way to Telegram may move messages closer together than they left
CATCH_UP = 0.25  # seconds of lateness that the overall rate makes good again: timers wake late
URGENT_GRACE = 0.25  # seconds that the rest stands back for an urgent message that was told to wait
GLOBAL_FLOOD_CHATS = 3  # different chats refused within GLOBAL_FLOOD_WINDOW: the limit met is the bot's, not a chat's
GLOBAL_FLOOD_WINDOW = 5.0  # seconds


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
        rate: messages per second over all chats, spaced evenly. In any sliding second, and JITTER more, at most one
            more leaves, so that late ones can be made up for, and never more than Telegram's 30; a rate above 30 is for
            paid broadcasts, whose limit is 1,000.
    """

    def __init__(self, rate: float) -> None:
        self._interval = 1.0 / rate
        most = _most_in_a_second(rate)
        self._recent: deque[float] = deque(maxlen=most)
        self._window = max(1.0 + (JITTER if most > rate >= 2 else 0.0), self._interval)
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


def _most_in_a_second(rate: float) -> int:
    whole = max(1, math.floor(rate))
    return whole if rate < 2 else max(whole, min(whole + 1, OVERALL))


def _up(seconds: float) -> float:
    """Whole milliseconds, rounded up: a wait that a timer and a float can keep."""
    return math.ceil(seconds * 1000) / 1000 if seconds > 0 else 0.0
