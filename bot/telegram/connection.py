"""The bot's connection to Telegram: how it begins, how updates come in, and how it ends."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any

import telegram
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import Application

from bot.adapters.messenger import PacedRateLimiter, TelegramMessenger
from bot.adapters.transport import AiohttpRequest
from bot.config import Settings
from bot.errors import MessengerError, OtherInstanceRunning, TokenRejected
from bot.log import get
from bot.rules.pacer import Pacer
from bot.telegram.application import UPDATES, Conversation
from bot.telegram.menu import introduce
from bot.telegram.turn import Services

POLL_SECONDS = 30  # of a long poll; Telegram allows 50
RETRY_SECONDS = 10.0  # between tries to reach Telegram at start
WEBHOOK_PATH = "/telegram/webhook"

log = get(__name__)


class Connection:
    """A bot on Telegram, by long polling or by webhook.

    Attributes:
        failed: set to the error when Telegram refuses the bot while it runs.
        username: the bot's name without @, known once it is open.
    """

    def __init__(self, settings: Settings, pacer: Pacer) -> None:
        self._settings = settings
        self.failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._requests = (
            AiohttpRequest(proxy=settings.proxy),
            _Watched(self._refused, proxy=settings.proxy, connections=4),
        )
        self._application: Application[Any, Any, Any, Any, Any, Any] = (
            Application.builder()
            .token(settings.token.get_secret_value())
            .base_url(f"{settings.api_url}/bot")
            .base_file_url(f"{settings.api_url}/file/bot")
            .request(self._requests[0])
            .get_updates_request(self._requests[1])
            .rate_limiter(PacedRateLimiter(pacer))
            .job_queue(None)
            .build()
        )
        self.messenger = TelegramMessenger(self._application.bot)
        self.username = ""

    async def open(self) -> None:
        """Finds out who the bot is; waits while Telegram can't be reached. Raises TokenRejected."""
        await _patiently(self._application.initialize)
        self.username = self._application.bot.username

    async def listen(self, services: Services, webhook_secret: str) -> None:
        """Registers commands and texts, and takes updates from now on."""
        Conversation(services, self.messenger).install(self._application)
        bot = self._application.bot
        try:
            await introduce(bot, self._settings.admins)
        except TelegramError as error:  # Telegram still has those of the last start
            log.warning("commands not registered", reason=str(error))
        await self._application.start()
        if self._settings.webhook:
            address = f"{self._settings.public_url}{WEBHOOK_PATH}"
            await _patiently(lambda: bot.set_webhook(address, secret_token=webhook_secret, allowed_updates=UPDATES))
            return
        if self._application.updater is not None:
            await self._application.updater.start_polling(
                timeout=POLL_SECONDS, allowed_updates=UPDATES, error_callback=self._poll_failed, bootstrap_retries=-1
            )

    async def take(self, update: dict[str, Any]) -> None:
        """One update from the webhook."""
        parsed = telegram.Update.de_json(update, self._application.bot)
        await self._application.update_queue.put(parsed)

    async def close(self) -> None:
        """Finishes the turns that are under way, and lets go of Telegram."""
        updater = self._application.updater
        if updater is not None and updater.running:
            with suppress(InvalidToken):  # said already
                await updater.stop()
        if self._application.running:
            await self._application.stop()
        await self._application.shutdown()
        # The library leaves connections open where it could not find out who the bot is.
        for request in self._requests:
            await request.shutdown()

    def _poll_failed(self, error: TelegramError) -> None:
        if isinstance(error, Conflict):
            self._refused(OtherInstanceRunning("other_instance"))
        else:
            log.warning("poll failed", reason=str(error))

    def _refused(self, refusal: MessengerError) -> None:
        if not self.failed.done():
            self.failed.set_exception(refusal)


class _Watched(AiohttpRequest):
    """The requests of the long poll. The library ends its poll without a word when the token is revoked."""

    def __init__(self, refused: Callable[[MessengerError], None], *, proxy: str, connections: int) -> None:
        super().__init__(proxy=proxy, connections=connections)
        self._refused = refused

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:
        """Sends a request; a 401 is told at once."""
        status, body = await super().do_request(*args, **kwargs)
        if status == HTTPStatus.UNAUTHORIZED:
            self._refused(TokenRejected("token_rejected"))
        return status, body


async def _patiently(call: Callable[[], Awaitable[object]]) -> None:
    """Calls Telegram until it can be reached. Raises TokenRejected."""
    while True:
        try:
            await call()
        except InvalidToken as error:
            raise TokenRejected("token_rejected") from error
        except TelegramError as error:
            log.warning("telegram can't be reached", reason=str(error), retry_in=RETRY_SECONDS)
            await asyncio.sleep(RETRY_SECONDS)
        else:
            return
