"""python-telegram-bot's requests over aiohttp: a sixth of the CPU of its own transport with 30 messages in flight.

What went wrong is told as that library tells it, by TimedOut and NetworkError. Their cause says what matters for
sending again: `NotSent` where the request certainly never reached Telegram, `PerhapsSent` where it may have.
"""

import re
from collections.abc import Mapping
from typing import Any

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError
from telegram.error import NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

CONNECT_TIMEOUT = 5.0  # seconds
READ_TIMEOUT = 10.0  # seconds between two pieces of an answer; a long poll adds its own
WRITE_TIMEOUT = 5.0  # seconds
MEDIA_WRITE_TIMEOUT = 20.0  # seconds, for files
POOL_TIMEOUT = 5.0  # seconds until a connection is free
TOO_MANY_REQUESTS = 429
JSON = {"Content-Type": "application/json"}

_UNREACHED = (aiohttp.ClientConnectorError, aiohttp.ClientHttpProxyError, ProxyConnectionError, ProxyError)
_UNREACHED_IN_TIME = (aiohttp.ConnectionTimeoutError, ProxyTimeoutError)
_TOKEN_IN_URL = re.compile(r"/bot[^/\s'\"]+")


class NotSent(Exception):
    """The request never reached Telegram: no connection, or none in time."""


class PerhapsSent(Exception):
    """The connection broke or fell silent after the request had gone out."""


def surely_not_sent(error: TelegramError) -> bool:
    """Whether an error of a request says that nothing reached Telegram, so that sending again makes no copy."""
    return isinstance(error.__cause__, NotSent)


class AiohttpRequest(BaseRequest):
    """A pool of connections to the Bot API. Long polls need an instance of their own, or they would take its places.

    Args:
        proxy: `http://`, `https://` or `socks5://`, with user and password where it wants them; empty for none.
        connections: how many may be open at a time.
        read_timeout: seconds of silence after which an answer is given up.
    """

    def __init__(self, *, proxy: str = "", connections: int = 64, read_timeout: float = READ_TIMEOUT) -> None:
        self._proxy = proxy
        self._connections = connections
        self._read_timeout = read_timeout
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds of silence after which an answer is given up."""
        return self._read_timeout

    async def initialize(self) -> None:
        """Opens the pool; once open, again is nothing."""
        if self._session is None:
            socks = self._proxy.startswith("socks")
            connector = (
                ProxyConnector.from_url(self._proxy, limit=self._connections)
                if socks
                else aiohttp.TCPConnector(limit=self._connections)
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "Briefwire"},
                proxy=None if socks else self._proxy or None,
            )

    async def shutdown(self) -> None:
        """Closes every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(self, url: str, parameters: Mapping[str, Any]) -> Any:
        """One method of the Bot API with its parameters as they are, those that are None left out; its result as it is.

        The library's own way makes objects of all that it says and hears, which takes a third of a message's time.

        Raises the library's errors, as its own methods do.
        """
        given = [RequestParameter(name, value, None) for name, value in parameters.items() if value is not None]
        return await self.post(url, RequestData(given))

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One request: status and body of the answer. Timeouts are in seconds, None for no limit.

        Raises:
            TimedOut, NetworkError: caused by NotSent or PerhapsSent.
            RetryAfter: a 429 whose body does not say for how long.
        """
        if self._session is None:
            raise RuntimeError("AiohttpRequest is not initialized")
        files = bool(request_data and request_data.contains_files)
        timeout = _timeout(
            connect=_given(connect_timeout, CONNECT_TIMEOUT),
            read=_given(read_timeout, self._read_timeout),
            write=_given(write_timeout, MEDIA_WRITE_TIMEOUT if files else WRITE_TIMEOUT),
            pool=_given(pool_timeout, POOL_TIMEOUT),
        )
        body, headers = _body(request_data, files=files)
        try:
            # A redirect would turn the POST into a GET without its message.
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as answer:
                content = await answer.read()
        except _UNREACHED_IN_TIME as error:
            raise TimedOut("No connection in time; nothing was sent") from _cause(NotSent, error)
        except _UNREACHED as error:
            raise NetworkError(f"No connection: {_shown(error)}") from _cause(NotSent, error)
        except TimeoutError as error:
            raise TimedOut("No answer in time") from _cause(PerhapsSent, error)
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(f"Connection broke: {_shown(error)}") from _cause(PerhapsSent, error)
        if answer.status == TOO_MANY_REQUESTS and b'"retry_after"' not in content:
            raise RetryAfter(_seconds(answer.headers.get("Retry-After", "")))
        return answer.status, content


def _given(value: Any, default: float) -> float | None:
    timeout: float | None = default if value is BaseRequest.DEFAULT_NONE else value
    return timeout


def _timeout(
    *, connect: float | None, read: float | None, write: float | None, pool: float | None
) -> aiohttp.ClientTimeout:
    until_connected = None if connect is None or pool is None else connect + pool
    # aiohttp has no limit for writing: the whole request gets one instead.
    total = None if until_connected is None or read is None or write is None else until_connected + read + write
    return aiohttp.ClientTimeout(total=total, connect=until_connected, sock_connect=connect, sock_read=read)


def _body(data: RequestData | None, *, files: bool) -> tuple[aiohttp.FormData | bytes | None, dict[str, str] | None]:
    """What a request carries: JSON, which takes a tenth of the time of a form; where there are files, a form."""
    if data is None:
        return None, None
    return (_form(data), None) if files else (data.json_payload, JSON)


def _form(data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in (data.multipart_data or {}).items():
        form.add_field(name, content, filename=filename, content_type=content_type)
    return form


def _seconds(retry_after: str) -> int:
    return max(1, int(retry_after)) if retry_after.isdecimal() else 1


def _shown(error: Exception) -> str:
    return _TOKEN_IN_URL.sub("/bot<token>", f"{type(error).__name__}: {error}".rstrip(": "))


def _cause(kind: type[Exception], error: Exception) -> Exception:
    # Some of aiohttp's errors show the URL, which holds the token: they are told again, not chained.
    return kind(_shown(error))
