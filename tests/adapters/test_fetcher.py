"""Fetching from a server of our own on the loopback, which plays every part."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable
from ipaddress import ip_address, ip_network

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.adapters.fetcher import HttpFetcher, is_public
from bot.errors import FetchError
from bot.ports import Hop, Request, Response

LOOPBACK = (ip_network("127.0.0.1/32"),)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Outside:
    """A web server whose pages a test writes."""

    def __init__(self, server: TestServer, pages: dict[str, Handler]) -> None:
        self.server = server
        self.pages = pages
        self.seen: list[web.BaseRequest] = []

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server.port}{path}"

    def answers(self, path: str, **response: object) -> None:
        async def handler(_: web.Request) -> web.Response:
            return web.Response(**response)  # type: ignore[arg-type]

        self.pages[path] = handler


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    pages: dict[str, Handler] = {}

    async def handle(request: web.Request) -> web.StreamResponse:
        site.seen.append(request)
        return await pages[request.path](request)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handle)
    server = TestServer(app)
    site = Outside(server, pages)
    await server.start_server()
    yield site
    await server.close()


@pytest.fixture
async def fetcher() -> AsyncIterator[HttpFetcher]:
    one = HttpFetcher(allowed_networks=LOOPBACK, contact="https://desk.example/")
    yield one
    await one.close()


async def refusal(fetcher: HttpFetcher, request: Request) -> FetchError:
    with pytest.raises(FetchError) as caught:
        await fetcher.fetch(request)
    return caught.value


async def test_a_body_comes_with_its_validators(outside: Outside, fetcher: HttpFetcher) -> None:
    headers = {"ETag": 'W/"1"', "Last-Modified": "yesterday", "Cache-Control": "public, max-age=600"}
    outside.answers("/feed", body=b"news", content_type="application/rss+xml", charset="utf-8", headers=headers)
    found = await fetcher.fetch(Request(outside.url("/feed"), accept="application/rss+xml"))
    assert (found.status, found.body, found.not_modified) == (200, b"news", False)
    assert (found.etag, found.last_modified) == ('W/"1"', "yesterday")
    assert found.headers["cache-control"] == "public, max-age=600"
    assert found.hops == (Hop(outside.url("/feed"), 200, "127.0.0.1"),)
    assert found.content_type == "application/rss+xml; charset=utf-8"
    assert found.url == found.permanent_url == outside.url("/feed")
    [request] = outside.seen
    assert request.headers["Accept"] == "application/rss+xml"
    assert request.headers["User-Agent"].startswith("Briefwire/")
    assert request.headers["User-Agent"].endswith(" (+https://desk.example/)")
    assert "If-None-Match" not in request.headers


async def test_validators_go_back_byte_for_byte(outside: Outside, fetcher: HttpFetcher) -> None:
    outside.answers("/feed", status=304)
    found = await fetcher.fetch(Request(outside.url("/feed"), etag='W/"1"', last_modified="yesterday"))
    assert (found.status, found.body, found.not_modified) == (304, b"", True)
    assert outside.seen[0].headers["If-None-Match"] == 'W/"1"'
    assert outside.seen[0].headers["If-Modified-Since"] == "yesterday"


async def test_redirects_are_followed_and_permanent_ones_told(outside: Outside, fetcher: HttpFetcher) -> None:
    outside.answers("/old", status=301, headers={"Location": "/new"})
    outside.answers("/new", status=302, headers={"Location": "/today"})
    outside.answers("/today", status=308, headers={"Location": outside.url("/end")})
    outside.answers("/end", text="news")
    found = await fetcher.fetch(Request(outside.url("/old")))
    assert (found.url, found.permanent_url) == (outside.url("/end"), outside.url("/new"))
    ways = [("/old", 301), ("/new", 302), ("/today", 308), ("/end", 200)]
    assert [(hop.url, hop.status) for hop in found.hops] == [(outside.url(path), status) for path, status in ways]


async def test_a_circle_of_redirects_ends(outside: Outside, fetcher: HttpFetcher) -> None:
    outside.answers("/round", status=302, headers={"Location": "/round"})
    error = await refusal(fetcher, Request(outside.url("/round")))
    assert error.key == "too_many_redirects"
    assert len(outside.seen) == 6


@pytest.mark.parametrize("headers", [{}, {"Location": "ftp://127.0.0.1/"}])
async def test_a_redirect_to_nowhere_is_refused(
    outside: Outside, fetcher: HttpFetcher, headers: dict[str, str]
) -> None:
    outside.answers("/", status=302, headers=headers)
    assert (await refusal(fetcher, Request(outside.url()))).key == "bad_redirect"


async def test_a_redirect_from_https_to_http_is_refused(
    outside: Outside, fetcher: HttpFetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside.answers("/", status=302, headers={"Location": outside.url("/plain")})
    get = fetcher._get
    monkeypatch.setattr(fetcher, "_get", lambda url, request: get(url.replace("https:", "http:"), request))
    error = await refusal(fetcher, Request(outside.url().replace("http:", "https:")))
    assert error.key == "insecure_redirect"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "127.1.2.3"])
async def test_private_networks_are_out_of_reach(outside: Outside, host: str) -> None:
    outside.answers("/", text="secret")
    guarded = HttpFetcher()
    error = await refusal(guarded, Request(outside.url(host=host)))
    await guarded.close()
    assert error.key == "private_address"
    assert outside.seen == []


async def test_private_networks_are_out_of_reach_by_redirect_too(outside: Outside, fetcher: HttpFetcher) -> None:
    outside.answers("/", status=302, headers={"Location": outside.url("/secret", host="127.0.0.2")})
    error = await refusal(fetcher, Request(outside.url()))
    assert (error.key, error.facts["address"]) == ("private_address", "127.0.0.2")
    assert len(outside.seen) == 1


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.215.14", True),
        ("2606:2800:21f:cb07::1", True),
        *((private, False) for private in ("10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1")),
        *((private, False) for private in ("224.0.0.1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1")),
        *((private, False) for private in ("2002:0a00:0001::", "64:ff9b::a00:1")),
        ("64:ff9b::5db8:d70e", True),
    ],
)
def test_an_address_is_public_or_not_however_it_is_wrapped(address: str, public: bool) -> None:
    assert is_public(ip_address(address)) is public


async def test_a_body_is_dropped_at_its_cap(outside: Outside, fetcher: HttpFetcher) -> None:
    outside.answers("/", body=b"x" * 2_000)
    error = await refusal(fetcher, Request(outside.url(), max_bytes=1_000))
    assert error.key == "too_large"
    assert len((await fetcher.fetch(Request(outside.url(), max_bytes=2_000))).body) == 2_000


async def test_a_compressed_bomb_is_dropped_at_the_cap(outside: Outside, fetcher: HttpFetcher) -> None:
    outside.answers("/", body=gzip.compress(bytes(20_000_000)), headers={"Content-Encoding": "gzip"})
    assert (await refusal(fetcher, Request(outside.url(), max_bytes=1_000_000))).key == "too_large"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": "Tue, 22 Oct 2024 08:31:00 GMT", "Date": "Tue, 22 Oct 2024 08:30:00 GMT"}, 60.0),
        ({"Retry-After": "Tue, 22 Oct 2024 08:29:00 GMT", "Date": "Tue, 22 Oct 2024 08:30:00 GMT"}, 0.0),
        ({"Retry-After": "later"}, None),
        ({}, None),
    ],
)
async def test_an_error_tells_its_status_and_how_long_to_wait(
    outside: Outside, fetcher: HttpFetcher, headers: dict[str, str], seconds: float | None
) -> None:
    outside.answers("/", status=503, headers=headers)
    error = await refusal(fetcher, Request(outside.url()))
    assert (error.key, error.status, error.retry_after) == ("http_status", 503, seconds)
    assert error.facts == {"status": 503, "host": "127.0.0.1"}


async def test_a_server_that_never_answers_is_given_up(outside: Outside) -> None:
    release = asyncio.Event()

    async def hang(_: web.Request) -> web.Response:
        await release.wait()
        return web.Response()

    outside.pages["/"] = hang
    impatient = HttpFetcher(allowed_networks=LOOPBACK, total_timeout=0.2)
    error = await refusal(impatient, Request(outside.url()))
    release.set()
    await impatient.close()
    assert (error.key, error.facts["seconds"]) == ("timeout", 0.2)


async def test_no_server_or_no_such_name_is_unreachable(fetcher: HttpFetcher, unused_tcp_port: int) -> None:
    error = await refusal(fetcher, Request(f"http://127.0.0.1:{unused_tcp_port}/"))
    assert (error.key, error.facts["host"], error.facts["reason"]) == ("unreachable", "127.0.0.1", "Connection refused")
    error = await refusal(fetcher, Request("http://nowhere.invalid/"))
    assert (error.key, error.facts["host"]) == ("unreachable", "nowhere.invalid")


async def test_a_server_without_tls_is_told_apart(outside: Outside, fetcher: HttpFetcher) -> None:
    error = await refusal(fetcher, Request(outside.url().replace("http:", "https:")))
    assert error.key == "tls_failed"


@pytest.mark.parametrize("url", ["feed.xml", "ftp://post.example/", "http://0x7f.1:80:80/", "http://2130706433/"])
async def test_what_is_no_address_is_not_fetched(fetcher: HttpFetcher, url: str) -> None:
    assert (await refusal(fetcher, Request(url))).key == "bad_url"


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def _serve(talk: Talk) -> asyncio.Server:
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        finally:
            writer.close()
            await writer.wait_closed()

    return await asyncio.start_server(once, "127.0.0.1", 0)


async def test_a_connection_that_breaks_off_is_no_article(fetcher: HttpFetcher) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
        await writer.drain()

    async with await _serve(talk) as server:
        port = server.sockets[0].getsockname()[1]
        error = await refusal(fetcher, Request(f"http://127.0.0.1:{port}/"))
    assert error.key == "connection_lost"


async def through(proxy: str, url: str) -> Response:
    fetcher = HttpFetcher(proxy=proxy)
    try:
        return await fetcher.fetch(Request(url))
    finally:
        await fetcher.close()


async def test_a_proxy_of_the_settings_is_trusted(outside: Outside) -> None:
    outside.answers("/feed", text="news")
    found = await through(outside.url(), "http://post.example/feed")
    assert found.body == b"news"
    assert outside.seen[0].headers["Host"] == "post.example"


async def test_a_socks_proxy_resolves_the_name_itself(outside: Outside) -> None:
    outside.answers("/feed", text="news")
    asked: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(3)  # version, one method, no login
        writer.write(b"\x05\x00")
        head = await reader.readexactly(5)
        asked.append(await reader.readexactly(head[4]))
        await reader.readexactly(2)
        writer.write(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x00")
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nnews")
        await writer.drain()

    async with await _serve(talk) as server:
        port = server.sockets[0].getsockname()[1]
        found = await through(f"socks5://127.0.0.1:{port}", "http://post.example/feed")
    assert (found.body, asked) == (b"news", [b"post.example"])


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_proxy_that_is_away_is_unreachable(scheme: str, unused_tcp_port: int) -> None:
    with pytest.raises(FetchError) as caught:
        await through(f"{scheme}://127.0.0.1:{unused_tcp_port}", "http://post.example/feed")
    assert caught.value.key == "unreachable"
