"""What the bot has not heard yet, and the two ways to hear it: long polling and a webhook."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import aiohttp

from bot.sandbox.refusals import conflict

POLL_LIMIT = 50.0  # seconds; Telegram answers sooner than asked
UPDATES_PER_POLL = 100
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header
NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
LONGEST_RETRY = 60.0  # seconds between two tries of a webhook

Update = dict[str, Any]


class Updates:
    """The queue of one bot.

    Args:
        now: the present, aware.
        webhook_retry: seconds before the second try of a webhook; doubles with every further one.
    """

    def __init__(self, now: Callable[[], datetime], *, webhook_retry: float = 1.0) -> None:
        self.webhook_url = ""
        self.webhook_secret = ""
        self.webhook_error: tuple[int, str] | None = None  # seconds since 1970, what went wrong
        self.allowed: tuple[str, ...] = ()
        self._pending: deque[Update] = deque()
        self._next_id = 1
        self.polling = asyncio.Event()  # set while a poll waits for news
        self.webhook_failed = asyncio.Event()
        self._waiting: asyncio.Future[str] | None = None
        self._arrived = asyncio.Event()
        self._empty = asyncio.Event()
        self._empty.set()
        self._delivery: asyncio.Task[None] | None = None
        self._retry = webhook_retry
        self._now = now
        self._closed = False

    def __len__(self) -> int:
        return len(self._pending)

    def add(self, kind: str, payload: dict[str, Any]) -> None:
        """One more update, unless the bot did not ask for its kind."""
        if self._closed or (kind not in self.allowed if self.allowed else kind in NOT_BY_DEFAULT):
            return
        self._pending.append({"update_id": self._next_id, kind: payload})
        self._next_id += 1
        self._empty.clear()
        self._arrived.set()
        self._wake("news")

    async def confirmed(self) -> None:
        """Waits until the bot has confirmed every update."""
        await self._empty.wait()

    def drop(self) -> None:
        """Forgets what is pending."""
        self._pending.clear()
        self._empty.set()

    async def poll(
        self,
        *,
        offset: int = 0,
        limit: int = UPDATES_PER_POLL,
        timeout: float = 0,
        allowed: Sequence[str] | None = None,
    ) -> list[Update]:
        """getUpdates: confirms what is before `offset` and answers the rest, waiting for it up to `timeout` seconds.

        Raises:
            Refusal: 409 while a webhook is set, or when another poll takes over.
        """
        if self.webhook_url:
            raise conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete it first")
        if allowed is not None:
            self.allowed = tuple(allowed)
        self._wake("taken over")
        self._confirm(offset)
        if not self._pending and timeout > 0 and not self._closed:
            await self._wait(min(timeout, POLL_LIMIT))
        return list(self._pending)[: max(1, min(limit, UPDATES_PER_POLL))]

    async def set_webhook(
        self, url: str, secret: str, allowed: Sequence[str] | None, session: aiohttp.ClientSession
    ) -> None:
        """Delivers every update to this URL from now on; an empty one goes back to polling."""
        await self._stop_delivery()
        self.webhook_url, self.webhook_secret, self.webhook_error = url, secret, None
        if allowed is not None:
            self.allowed = tuple(allowed)
        if url:
            self._wake("webhook")
            self._delivery = asyncio.create_task(self._deliver(session))

    async def close(self) -> None:
        """Ends polls and deliveries."""
        self._closed = True
        self._wake("closed")
        await self._stop_delivery()

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            while len(self._pending) > -offset:
                self._pending.popleft()
        while self._pending and self._pending[0]["update_id"] < offset:
            self._pending.popleft()
        if not self._pending:
            self._empty.set()

    def _wake(self, why: str) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(why)

    async def _wait(self, seconds: float) -> None:
        waiting = self._waiting = asyncio.get_running_loop().create_future()
        why = "nothing"
        self.polling.set()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                why = await waiting
        if self._waiting is waiting:
            self.polling.clear()
        if why == "taken over":
            raise conflict("terminated by other getUpdates request; make sure that only one bot instance is running")
        if why == "webhook":
            raise conflict("terminated by setWebhook request")

    async def _stop_delivery(self) -> None:
        if self._delivery is not None:
            self._delivery.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._delivery
            self._delivery = None

    async def _deliver(self, session: aiohttp.ClientSession) -> None:
        delay = self._retry
        while True:
            while not self._pending:
                self._arrived.clear()
                await self._arrived.wait()
            problem, wait = await self._deliver_one(session, self._pending[0])
            if not problem:
                self._pending.popleft()
                delay = self._retry
                if not self._pending:
                    self._empty.set()
                continue
            self.webhook_error = (int(self._now().timestamp()), problem)
            self.webhook_failed.set()
            await asyncio.sleep(wait or delay)
            delay = min(2 * delay, LONGEST_RETRY)

    async def _deliver_one(self, session: aiohttp.ClientSession, update: Update) -> tuple[str, float]:
        """What went wrong, or an empty string; and how many seconds the receiver asked to wait."""
        headers = {SECRET_HEADER: self.webhook_secret} if self.webhook_secret else {}
        try:
            async with session.post(self.webhook_url, json=update, headers=headers) as answer:
                if answer.ok:
                    return "", 0.0
                asked = answer.headers.get("Retry-After", "")
                return f"Wrong response from the webhook: {answer.status} {answer.reason}", float(asked or 0)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return f"Connection failed: {error!r}", 0.0
