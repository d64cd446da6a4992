"""How fast messages leave: one pacer for everything that a bot token sends.

Telegram's limits (core.telegram.org/bots/faq): about 30 messages a second over all chats, one a second to a chat with
short bursts, 20 a minute to a group or channel.
"""

import math
from bisect import bisect_left, insort
from collections import deque
from dataclasses import dataclass, field

from bot.model import ChatKind

OVERALL = 30  # messages a second over all chats
CHAT_BURST = 3  # messages that one chat may get at once
CHAT_INTERVAL = 1.0  # seconds a message to one chat, after the burst
GROUP_MESSAGES = 20
GROUP_WINDOW = 60.0  # seconds
JITTER = 0.03  # seconds by which the way to Telegram may move messages closer together than they left
CATCH_UP = 0.07  # seconds of lateness that the rate makes good again; what hurries now has to rest a second later
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

    Whoever sends asks first how long the chat has to `rest`, and how long to `wait` for a place among all messages;
    then `take`s the place, which is in the future where there was a wait, and says when a message `left` late.
    Times are seconds of any clock that never goes back, such as the event loop's.

    Args:
        rate: messages per second over all chats, spaced evenly. In any sliding second, and JITTER more, at most one
            more leaves, so that late ones can be made up for, and one more that is urgent; never more than Telegram's
            30. A rate above 30 is for paid broadcasts, whose limit is 1,000.
    """

    def __init__(self, rate: float) -> None:
        self._interval = 1.0 / rate
        self._most = _most_in_a_second(rate)
        self._window = max(1.0 + (JITTER if self._most > rate >= 2 else 0.0), self._interval)
        self._recent: list[float] = []  # the last places, in their order
        self._next = -math.inf
        self._has_spare = rate >= 2 and self._most < OVERALL
        self._spare = -math.inf  # when the place for what is urgent was taken
        self._closed_until = -math.inf
        self._lines: dict[int, _Line] = {}
        self._floods: deque[tuple[float, int]] = deque(maxlen=GLOBAL_FLOOD_CHATS)
        self._granted = 0

    def rest(self, chat: int, kind: ChatKind, now: float) -> float:
        """Seconds until the chat's own limits let it have a message, whatever the overall rate; 0.0 when they do.

        Args:
            chat: Telegram's id of the chat; topics of one forum share their chat's limits.
        """
        line = self._lines.get(chat)
        if line is None:
            return 0.0
        wait = max(line.closed_until, line.next - (CHAT_BURST - 1) * CHAT_INTERVAL) - now
        if kind is not ChatKind.PRIVATE and len(line.grants) == GROUP_MESSAGES:
            wait = max(wait, line.grants[0] + GROUP_WINDOW - now)
        return _up(wait)

    def wait(self, now: float, *, urgent: bool = False) -> float:
        """Seconds until the next place among all messages; 0.0 when it is now.

        Args:
            urgent: for an answer to somebody who waits. One in a second need not wait for its turn.
        """
        if urgent and self._may_go_ahead(now):
            return _up(self._closed_until - now)
        wait = max(self._next, self._closed_until) - now
        if len(self._recent) == self._most:
            wait = max(wait, self._recent[0] + self._window - now)
        return _up(wait)

    def take(self, chat: int, now: float, *, urgent: bool = False) -> float:
        """Takes the next place, and returns its second; those who take later ones come after it."""
        at = now + self.wait(now, urgent=urgent)
        if urgent and self._may_go_ahead(now):
            self._spare = at
        else:
            self._note(at)
        self._next = max(self._next, at - CATCH_UP) + self._interval
        line = self._lines.setdefault(chat, _Line())
        line.next = max(line.next, at) + CHAT_INTERVAL
        line.grants.append(at)
        self._granted += 1
        if self._granted % 1024 == 0:
            self._forget_idle(now)
        return at

    def left(self, place: float, now: float) -> None:
        """A message goes on the wire only now, although its place was earlier.

        Without this, messages that were held up together would leave together, beside those whose turn it is.
        """
        if place == self._spare:
            self._spare = now
            return
        index = bisect_left(self._recent, place)
        if index < len(self._recent) and self._recent[index] == place:
            del self._recent[index]
            self._note(now)

    def is_closed(self, chat: int, now: float) -> bool:
        """Whether a 429, to the chat or to the whole bot, keeps even a message from the wire that has its place."""
        line = self._lines.get(chat)
        return now < self._closed_until or (line is not None and now < line.closed_until)

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

    def _may_go_ahead(self, now: float) -> bool:
        """Whether an urgent message may have the place beside all others, which the others then wait for."""
        return self._has_spare and now >= self._spare + self._window and self._next <= now + self._window

    def _note(self, at: float) -> None:
        insort(self._recent, at)
        del self._recent[: -self._most]

    def _forget_idle(self, now: float) -> None:
        since = now - GROUP_WINDOW
        self._lines = {chat: line for chat, line in self._lines.items() if line.closed_until > now or line.next > since}


def _most_in_a_second(rate: float) -> int:
    whole = max(1, math.floor(rate))
    return whole if rate < 2 else max(whole, min(whole + 1, OVERALL))


def _up(seconds: float) -> float:
    """Whole milliseconds, rounded up: a wait that a timer and a float can keep."""
    return math.ceil(seconds * 1000) / 1000 if seconds > 0 else 0.0
