"""Fetching from the web: conditional, bounded in time and size, and never into a private network.

1. Every address that a connection is about to be made to is checked, after the name was resolved, on every hop.
2. Redirects are followed by hand: five at most, never from https to http.
3. The body is counted as it is decompressed (gzip, deflate, br, zstd), and dropped at the cap; a deadline over the
   whole fetch ends what merely trickles.
4. A proxy from the settings is trusted: where one is used, it is the proxy that connects, and none of 1 applies.
5. Requests to one host are a second apart, or what the request asks for; addresses in the settings' own networks wait
   for nobody.
"""

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from importlib.metadata import version
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

import aiohttp
from aiohttp_socks import ProxyConnectionError, ProxyConnector, ProxyError, ProxyTimeoutError

from bot.adapters.clock import SystemClock
from bot.errors import FetchError
from bot.ports import Clock, Hop, Request, Response
from bot.rules.headers import retry_after
from bot.rules.host_pace import HostPace
from bot.rules.urls import absolute, display_host, is_http_url

CONNECT_TIMEOUT = 10.0  # seconds
TOTAL_TIMEOUT = 30.0  # seconds for one fetch with all its redirects
MAX_REDIRECTS = 5
CONNECTIONS = 64
CONNECTIONS_PER_HOST = 2
KEPT_ALIVE = 2.0  # seconds a connection stays open for the next request; with thousands of hosts, each holds a socket
HOST_GAP = 1.0  # seconds between the starts of two fetches from one host
CHUNK = 64 * 1024  # bytes

_REDIRECTS = (301, 302, 303, 307, 308)
_PERMANENT = (301, 308)
_PROXY_ERRORS = (ProxyConnectionError, ProxyError, ProxyTimeoutError)
_NAT64 = ip_network("64:ff9b::/96")


@dataclass(slots=True)
class _Trail:
    """What a fetch has seen on its way."""

    hops: list[Hop] = field(default_factory=list)
    reached: str = ""  # the address that the present hop connects to
    blocked: str = ""  # an address that the guard refused


_trail: ContextVar[_Trail] = ContextVar("trail")


class HttpFetcher:
    """Implements `bot.ports.Fetcher` over aiohttp.

    Args:
        proxy: `http://`, `https://` or `socks5://`; empty for none.
        allowed_networks: private networks that may be fetched from all the same.
        contact: an address where the operator can be reached, for the User-Agent.
        connect_timeout, total_timeout: seconds.
        host_gap: seconds between two fetches from one host.
    """

    def __init__(
        self,
        *,
        proxy: str = "",
        allowed_networks: Sequence[IPv4Network | IPv6Network] = (),
        contact: str = "",
        connect_timeout: float = CONNECT_TIMEOUT,
        total_timeout: float = TOTAL_TIMEOUT,
        host_gap: float = HOST_GAP,
        clock: Clock | None = None,
    ) -> None:
        self._proxy = proxy
        self._allowed = tuple(allowed_networks)
        self._agent = f"Briefwire/{version('briefwire')}" + (f" (+{contact})" if contact else "")
        self._connect_timeout = connect_timeout
        self._total_timeout = total_timeout
        self._host_gap = host_gap
        self._pace = HostPace()
        self._clock = clock or SystemClock()
        self._session: aiohttp.ClientSession | None = None

    async def fetch(self, request: Request) -> Response:
        """Fetches a URL.

        Returns:
            The response of a 2xx or 304.

        Raises:
            FetchError: `bad_url`, `unreachable`, `private_address`, `tls_failed`, `timeout`, `connection_lost`,
                `http_status` (with `status` and `retry_after`), `too_many_redirects`, `insecure_redirect`,
                `bad_redirect`, `too_large`, `bad_encoding`. Its `hops` are the way until there.
        """
        if not is_http_url(request.url):
            raise FetchError("bad_url", url=request.url[:200])
        trail = _Trail()
        token = _trail.set(trail)
        try:
            await self._wait_for_turn(request)
            return await self._in_time(request, trail)
        except FetchError as error:
            error.hops = tuple(trail.hops)
            raise
        finally:
            _trail.reset(token)

    async def _in_time(self, request: Request, trail: _Trail) -> Response:
        host = display_host(request.url)
        try:
            async with asyncio.timeout(self._total_timeout):
                return await self._follow(request, trail)
        except TimeoutError as error:
            raise FetchError("timeout", host=host, seconds=self._total_timeout) from error
        except (aiohttp.ClientError, *_PROXY_ERRORS, OSError) as error:
            raise _explained(error, host, trail.blocked) from error

    async def _wait_for_turn(self, request: Request) -> None:
        host = display_host(request.url)
        if not self._is_own(host):
            delay = self._pace.delay(host, asyncio.get_running_loop().time(), max(self._host_gap, request.gap))
            if delay > 0:
                await asyncio.sleep(delay)

    def _is_own(self, host: str) -> bool:
        """Whether it is an address in a network that the settings name, and so the operator's own machine."""
        try:
            address = ip_address(host)
        except ValueError:
            return False
        return any(address in network for network in self._allowed)

    async def close(self) -> None:
        """Closes every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _follow(self, request: Request, trail: _Trail) -> Response:
        url = permanent = request.url
        for _ in range(MAX_REDIRECTS + 1):
            trail.reached = ""
            async with self._get(url, request) as answer:
                trail.hops.append(Hop(url, answer.status, trail.reached))
                if answer.status not in _REDIRECTS:
                    return await self._response(answer, permanent, request.max_bytes, trail)
                target = _target(url, answer.headers.get("Location", ""))
                if answer.status in _PERMANENT and permanent == url:
                    permanent = target
                url = target
        raise FetchError("too_many_redirects", limit=MAX_REDIRECTS, host=display_host(request.url))

    @asynccontextmanager
    async def _get(self, url: str, request: Request) -> AsyncIterator[aiohttp.ClientResponse]:
        headers = {"Accept": request.accept}
        if request.etag:
            headers["If-None-Match"] = request.etag
        if request.last_modified:
            headers["If-Modified-Since"] = request.last_modified
        proxy = self._proxy if not self._proxy.startswith("socks") else ""
        session = self._open_session()
        method = "GET" if request.form is None else "POST"
        async with session.request(
            method, url, data=request.form, headers=headers, allow_redirects=False, proxy=proxy or None
        ) as answer:
            yield answer

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=self._connector(),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._agent},
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._connect_timeout),
            )
        return self._session

    def _connector(self) -> aiohttp.BaseConnector:
        limits: dict[str, Any] = {
            "limit": CONNECTIONS,
            "limit_per_host": CONNECTIONS_PER_HOST,
            "keepalive_timeout": KEPT_ALIVE,
        }
        if self._proxy.startswith("socks"):
            connector: aiohttp.BaseConnector = ProxyConnector.from_url(self._proxy, rdns=True, **limits)
            return connector
        if self._proxy:
            return aiohttp.TCPConnector(**limits)
        return aiohttp.TCPConnector(socket_factory=self._guarded_socket, **limits)

    def _guarded_socket(self, address: Any) -> socket.socket:
        family, kind, protocol, _, where = address
        target = ip_address(str(where[0]).partition("%")[0])
        trail = _trail.get()
        if not is_public(target) and not any(target in network for network in self._allowed):
            trail.blocked = str(target)
            raise OSError(f"{target} is no public address")
        trail.reached = str(target)
        return socket.socket(family, kind, protocol)

    async def _response(
        self, answer: aiohttp.ClientResponse, permanent: str, max_bytes: int, trail: _Trail
    ) -> Response:
        url = trail.hops[-1].url
        headers = {name.lower(): value for name, value in answer.headers.items()}
        if answer.status != 304 and not 200 <= answer.status < 300:
            rest = retry_after(headers, self._clock.now())
            raise FetchError("http_status", status=answer.status, retry_after=rest, host=display_host(url))
        return Response(
            url=url,
            status=answer.status,
            body=b"" if answer.status == 304 else await _body(answer, url, max_bytes),
            content_type=headers.get("content-type", ""),
            etag=headers.get("etag", ""),
            last_modified=headers.get("last-modified", ""),
            not_modified=answer.status == 304,
            permanent_url=permanent,
            headers=headers,
            hops=tuple(trail.hops),
        )


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the public internet, also where IPv6 only wraps an IPv4 address."""
    inner: IPv4Address | None = None
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
    real = inner or address
    return real.is_global and not real.is_multicast


def _target(url: str, location: str) -> str:
    target = absolute(url, location)
    if not target:
        raise FetchError("bad_redirect", host=display_host(url), location=location[:200])
    if url.startswith("https:") and target.startswith("http:"):
        raise FetchError("insecure_redirect", host=display_host(url), url=target[:200])
    return target


async def _body(answer: aiohttp.ClientResponse, url: str, max_bytes: int) -> bytes:
    pieces: list[bytes] = []
    size = 0
    async for piece in answer.content.iter_chunked(CHUNK):
        size += len(piece)
        if size > max_bytes:
            raise FetchError("too_large", host=display_host(url), megabytes=round(max_bytes / 1024**2, 1))
        pieces.append(piece)
    return b"".join(pieces)


def _explained(error: Exception, host: str, blocked: str) -> FetchError:
    if blocked:
        return FetchError("private_address", host=host, address=blocked)
    if isinstance(error, aiohttp.InvalidURL):
        return FetchError("bad_url", url=str(error.url)[:200])
    if isinstance(error, aiohttp.ClientSSLError):
        return FetchError("tls_failed", host=host)
    if isinstance(error, aiohttp.ClientConnectorError):
        return FetchError("unreachable", host=host, reason=_system_reason(error.os_error))
    if isinstance(error, aiohttp.ClientError) and not isinstance(error, aiohttp.ClientHttpProxyError):
        return FetchError("connection_lost", host=host, reason=type(error).__name__)
    return FetchError("unreachable", host=host, reason=_system_reason(error))


def _system_reason(error: BaseException) -> str:
    number = getattr(error, "errno", None) or 0
    # Below zero stand the resolver's own numbers, which only its own text explains.
    return (os.strerror(number) if number > 0 else getattr(error, "strerror", "") or str(error))[:200]
