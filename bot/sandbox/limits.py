"""Telegram's rate limits (core.telegram.org/bots/faq): about 30 messages a second over all chats, one a second to a
private chat with short bursts, and 20 a minute to a group. Over all and per group the sandbox counts in sliding
windows, so it is stricter than a bucket that refills.
"""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.refusals import flood


@dataclass(frozen=True, slots=True)
class Window:
    """At most `messages` in any `seconds`."""

    messages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Burst:
    """`messages` at once, then one every `seconds`."""

    messages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What is allowed; None switches a limit off."""

    overall: Window | None = field(default_factory=lambda: Window(30, 1.0))
    private: Burst | None = field(default_factory=lambda: Burst(5, 1.0))
    group: Window | None = field(default_factory=lambda: Window(20, 60.0))


NO_LIMITS = Limits(overall=None, private=None, group=None)


class Limiter:
    """Counts the messages of one bot.

    Args:
        limits: what is allowed.
        seconds: a clock that only moves forward, in seconds.
    """

    def __init__(self, limits: Limits, seconds: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits
        self._seconds = seconds
        self._overall: deque[float] = deque()
        self._per_group: defaultdict[int, deque[float]] = defaultdict(deque)
        self._free_at: dict[int, float] = {}  # when a private chat's burst has wholly refilled

    def count(self, chat_id: int) -> None:
        """Counts one message to a chat (those of groups and channels are negative): 429 if it is one too many."""
        now = self._seconds()
        wait = _until_window_opens(self._overall, self.limits.overall, now)
        if chat_id < 0:
            wait = max(wait, _until_window_opens(self._per_group[chat_id], self.limits.group, now))
        else:
            wait = max(wait, self._until_burst_refills(chat_id, now))
        if wait > 0:
            raise flood(math.ceil(wait))
        self._note(chat_id, now)

    def _until_burst_refills(self, chat_id: int, now: float) -> float:
        burst = self.limits.private
        if burst is None:
            return 0.0
        return self._free_at.get(chat_id, now) - now - (burst.messages - 1) * burst.seconds

    def _note(self, chat_id: int, now: float) -> None:
        if self.limits.overall:
            self._overall.append(now)
        if chat_id < 0 and self.limits.group:
            self._per_group[chat_id].append(now)
        elif chat_id > 0 and self.limits.private:
            self._free_at[chat_id] = max(now, self._free_at.get(chat_id, now)) + self.limits.private.seconds


def _until_window_opens(sent: deque[float], window: Window | None, now: float) -> float:
    if window is None:
        return 0.0
    while sent and sent[0] <= now - window.seconds:
        sent.popleft()
    return sent[0] + window.seconds - now if len(sent) >= window.messages else 0.0
