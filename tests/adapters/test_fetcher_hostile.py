"""A hostile server on the loopback: whatever it does ends soon, in little memory, with an error of our own."""

import asyncio
import gzip
import time
import tracemalloc
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable
from ipaddress import ip_network
from typing import Any

import pytest

from bot.adapters.fetcher import HttpFetcher
from bot.errors import FetchError
from bot.ports import Request

MEGABYTE = 1024**2
BOMB = 256 * MEGABYTE
CAP = 10 * MEGABYTE
PIECES = BOMB // MEGABYTE
Write = Callable[[bytes], Awaitable[None]]


def _zlib(window: int) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, window)
    return b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(PIECES)) + packer.flush()


def _brotli() -> bytes:
    packer: Any = pytest.importorskip("brotli").Compressor(quality=3)
    packed: bytes = b"".join(packer.process(bytes(MEGABYTE)) for _ in range(PIECES)) + packer.finish()
    return packed


def _zstd() -> bytes:
    zstd = pytest.importorskip("backports.zstd")
    packer = zstd.ZstdCompressor()
    packed: bytes = b"".join(packer.compress(bytes(MEGABYTE)) for _ in range(PIECES)) + packer.flush()
    return packed


BOMBS = {
    "gzip": lambda: _zlib(31),
    "deflate": lambda: _zlib(15),
    "br": _brotli,
    "zstd": _zstd,
}


class Hostile:
    """A server that answers each request with what a test writes."""

    def __init__(self, talk: Callable[[Write], Awaitable[None]]) -> None:
        self._talk = talk
        self.url = ""
        self.closed = asyncio.Event()

    async def __aenter__(self) -> "Hostile":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def write(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        try:
            await reader.readuntil(b"\r\n\r\n")
            await self._talk(write)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the other side had enough
        finally:
            self.closed.set()
            writer.close()


@pytest.fixture
async def fetcher() -> AsyncIterator[HttpFetcher]:
    one = HttpFetcher(allowed_networks=(ip_network("127.0.0.1/32"),), total_timeout=3.0)
    yield one
    await one.close()


async def refusal(fetcher: HttpFetcher, talk: Callable[[Write], Awaitable[None]]) -> FetchError:
    async with Hostile(talk) as server:
        with pytest.raises(FetchError) as caught:
            await fetcher.fetch(Request(server.url, max_bytes=CAP))
        await asyncio.wait_for(server.closed.wait(), 10)  # the connection is let go of
    return caught.value


@pytest.mark.parametrize("encoding", BOMBS)
async def test_a_compressed_bomb_costs_little_more_than_the_cap(fetcher: HttpFetcher, encoding: str) -> None:
    packed = BOMBS[encoding]()

    async def talk(write: Write) -> None:
        await write(
            f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
        )
        await write(packed)

    tracemalloc.start()
    try:
        error = await refusal(fetcher, talk)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert error.key == "too_large"
    assert peak < 4 * CAP


@pytest.mark.parametrize("encoding", BOMBS)
async def test_a_body_is_read_however_it_is_compressed(fetcher: HttpFetcher, encoding: str) -> None:
    packers: dict[str, Callable[[bytes], bytes]] = {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": lambda data: pytest.importorskip("brotli").compress(data),
        "zstd": lambda data: pytest.importorskip("backports.zstd").compress(data),
    }
    packed = packers[encoding](b"news " * 1_000)

    async def talk(write: Write) -> None:
        await write(
            f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(packed)}\r\n\r\n".encode()
        )
        await write(packed)

    async with Hostile(talk) as server:
        assert (await fetcher.fetch(Request(server.url))).body == b"news " * 1_000


async def test_a_body_in_a_broken_compression_is_no_article(fetcher: HttpFetcher) -> None:
    async def talk(write: Write) -> None:
        await write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!")

    assert (await refusal(fetcher, talk)).key == "connection_lost"


async def test_a_body_that_never_ends_is_dropped_at_the_cap(fetcher: HttpFetcher) -> None:
    async def talk(write: Write) -> None:
        await write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            await write(b"x" * 65_536)

    assert (await refusal(fetcher, talk)).key == "too_large"


async def _drip(write: Write, head: bytes, piece: bytes) -> None:
    await write(head)
    while True:
        await write(piece)
        await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
)
async def test_what_merely_trickles_ends_at_the_deadline(head: bytes, piece: bytes) -> None:
    fetcher = HttpFetcher(allowed_networks=(ip_network("127.0.0.1/32"),), total_timeout=0.5)
    started = time.monotonic()
    error = await refusal(fetcher, lambda write: _drip(write, head, piece))
    await fetcher.close()
    assert error.key == "timeout"
    assert time.monotonic() - started < 30  # the server would go on for ever


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nX-Big: " + b"x" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(100_000)) + b"\r\n",
        b"SSH-2.0-OpenSSH_9.9\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\n",
        b"\x00\xff" * 100,
    ],
)
async def test_what_is_no_http_is_an_error_of_our_own(fetcher: HttpFetcher, answer: bytes) -> None:
    async def talk(write: Write) -> None:
        await write(answer)

    assert (await refusal(fetcher, talk)).key in ("connection_lost", "timeout")


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://0.0.0.0/",
        "http://localhost.localdomain/",
        "//127.0.0.2/",
        "http://user:secret@127.0.0.2/",
        "http://127.0.0.2:22/",
        "http://127.0.0.2./",
    ],
)
async def test_a_redirect_into_a_private_network_is_refused(fetcher: HttpFetcher, location: str) -> None:
    async def talk(write: Write) -> None:
        await write(f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())

    error = await refusal(fetcher, talk)
    assert error.key in ("private_address", "unreachable", "bad_url")
    assert [hop.status for hop in error.hops] == [302]


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "gopher://127.0.0.1/", "javascript:alert(1)", "", "http://[::1/"]
)
async def test_a_redirect_to_what_is_no_web_address_is_refused(fetcher: HttpFetcher, location: str) -> None:
    async def talk(write: Write) -> None:
        await write(f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())

    assert (await refusal(fetcher, talk)).key == "bad_redirect"


async def test_a_name_that_resolves_elsewhere_at_the_second_look_is_checked_where_it_connects(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """DNS rebinding: what is checked is the address that the socket is made for, whatever a name said before."""
    from aiohttp import resolver

    async def rebound(self: object, host: str, port: int = 0, family: int = 0) -> list[dict[str, object]]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": 2, "proto": 6, "flags": 4}]

    monkeypatch.setattr(resolver.DefaultResolver, "resolve", rebound)
    guarded = HttpFetcher(host_gap=0)
    for _ in range(2):
        with pytest.raises(FetchError) as caught:
            await guarded.fetch(Request("http://innocent.example/"))
        assert (caught.value.key, caught.value.facts["address"]) == ("private_address", "127.0.0.1")
    await guarded.close()


async def test_requests_to_one_host_are_a_gap_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    polite = HttpFetcher()
    for gap in (0.0, 9.0, 0.0):
        await polite._wait_for_turn(Request("http://post.example/", gap=gap))
    await polite._wait_for_turn(Request("http://other.example/"))
    assert [round(seconds) for seconds in slept] == [1, 10]
