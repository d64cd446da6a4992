"""The aiohttp transport under python-telegram-bot: what arrives, and what each failure says."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import InputFile
from telegram.error import NetworkError, RetryAfter, TimedOut
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.adapters.transport import AiohttpRequest, NotSent, PerhapsSent, surely_not_sent

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PATH = "/bot123456:SECRET/sendMessage"


@asynccontextmanager
async def serving(handler: Handler) -> AsyncIterator[str]:
    """The URL of a method of a bot at a server on a free port."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", handler)
    async with TestServer(app) as server:
        yield str(server.make_url(PATH))


@asynccontextmanager
async def raw_serving(
    handler: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[int]:
    """The port of a server that speaks whatever the handler speaks."""

    connections: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        current = asyncio.current_task()
        assert current is not None
        connections.add(current)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            await handler(reader, writer)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
        if connections:
            await asyncio.wait(connections, timeout=5)


def form(**values: object) -> RequestData:
    return RequestData([RequestParameter.from_input(name, value) for name, value in values.items()])


async def echo(request: web.Request) -> web.Response:
    return web.json_response({"ok": True, "result": await request.json() if request.can_read_body else {}})


async def unused_port() -> int:
    async with raw_serving(_hang_up) as port:
        return port


async def _hang_up(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    return None


async def test_a_call_arrives_with_its_parameters_and_its_answer_comes_back() -> None:
    async with serving(echo) as url, AiohttpRequest() as transport:
        assert await transport.post(url, form(chat_id=7, text="喂 <b>", flag=True)) == {
            "chat_id": "7",
            "text": "喂 <b>",
            "flag": "true",
        }
        assert await transport.post(url) == {}


async def test_a_file_is_uploaded_beside_its_parameters() -> None:
    async def receive(request: web.Request) -> web.Response:
        fields = await request.post()
        upload = fields["document"]
        assert isinstance(upload, web.FileField)
        return web.json_response(
            {"ok": True, "result": [fields["chat_id"], upload.filename, upload.file.read().decode()]}
        )

    async with serving(receive) as url, AiohttpRequest() as transport:
        document = InputFile(b"some bytes", filename="news.txt")
        received: object = await transport.post(url, form(chat_id=7, document=document))
    assert received == ["7", "news.txt", "some bytes"]


async def test_a_refused_connection_says_that_nothing_was_sent() -> None:
    url = f"http://127.0.0.1:{await unused_port()}{PATH}"
    async with AiohttpRequest() as transport:
        with pytest.raises(NetworkError) as caught:
            await transport.post(url)
    assert not isinstance(caught.value, TimedOut)
    assert isinstance(caught.value.__cause__, NotSent)
    assert surely_not_sent(caught.value)


async def test_no_free_connection_in_time_says_that_nothing_was_sent() -> None:
    arrived, release = asyncio.Event(), asyncio.Event()

    async def hang(_request: web.Request) -> web.Response:
        arrived.set()
        await release.wait()
        return web.json_response({"ok": True, "result": True})

    async with serving(hang) as url, AiohttpRequest(connections=1) as transport:
        first = asyncio.create_task(transport.post(url))
        await arrived.wait()
        with pytest.raises(TimedOut) as caught:
            await transport.post(url, connect_timeout=0.01, pool_timeout=0.01)
        release.set()
        assert await first is True
    assert surely_not_sent(caught.value)


async def test_a_connection_that_breaks_after_the_request_says_perhaps() -> None:
    async def drop(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    async with serving(drop) as url, AiohttpRequest() as transport:
        with pytest.raises(NetworkError) as caught:
            await transport.post(url)
    assert isinstance(caught.value.__cause__, PerhapsSent)
    assert not surely_not_sent(caught.value)


async def test_silence_after_the_request_says_perhaps() -> None:
    async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with raw_serving(silent) as port, AiohttpRequest(read_timeout=0.05) as transport:
        with pytest.raises(TimedOut) as caught:
            await transport.post(f"http://127.0.0.1:{port}{PATH}")
    assert isinstance(caught.value.__cause__, PerhapsSent)
    assert transport.read_timeout == 0.05


async def test_a_call_may_bring_its_own_timeouts_or_none() -> None:
    async def slow(_request: web.Request) -> web.Response:
        await asyncio.sleep(0.1)
        return web.json_response({"ok": True, "result": True})

    async with serving(slow) as url, AiohttpRequest(read_timeout=0.01) as transport:
        assert await transport.post(url, read_timeout=5) is True
        assert await transport.post(url, read_timeout=None, pool_timeout=None) is True


@pytest.mark.parametrize(("header", "seconds"), [("9", 9), ("soon", 1), ("", 1), ("0", 1)])
async def test_a_429_without_a_body_is_still_a_429(header: str, seconds: int) -> None:
    async def flooded(_request: web.Request) -> web.Response:
        return web.Response(status=429, text="<html>", headers={"Retry-After": header})

    async with serving(flooded) as url, AiohttpRequest() as transport:
        with pytest.raises(RetryAfter) as caught:
            await transport.post(url)
    assert caught.value._retry_after.total_seconds() == seconds


async def test_a_redirect_is_not_followed_because_it_would_drop_the_message() -> None:
    async def redirect(request: web.Request) -> web.Response:
        raise web.HTTPFound("/elsewhere")

    async with serving(redirect) as url, AiohttpRequest() as transport:
        assert (await transport.do_request(url, "POST"))[0] == 302


async def test_the_pool_opens_and_closes_once() -> None:
    transport = AiohttpRequest()
    with pytest.raises(RuntimeError):
        await transport.do_request("http://127.0.0.1/", "POST")
    await transport.initialize()
    await transport.initialize()
    await transport.shutdown()
    await transport.shutdown()


# proxies


async def test_calls_go_through_an_http_proxy() -> None:
    seen: list[str] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append((await reader.readuntil(b"\r\n\r\n")).decode())
        body = b'{"ok": true, "result": true}'
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body))
        await writer.drain()

    async with raw_serving(proxy) as port, AiohttpRequest(proxy=f"http://ann:pw@127.0.0.1:{port}") as transport:
        assert await transport.post("http://telegram.invalid/botT/getMe") is True
    assert seen[0].startswith("POST http://telegram.invalid/botT/getMe")
    assert "Proxy-Authorization: Basic" in seen[0]


async def test_a_proxy_that_refuses_says_that_nothing_was_sent_and_shows_no_token() -> None:
    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()

    async with raw_serving(proxy) as port, AiohttpRequest(proxy=f"http://127.0.0.1:{port}") as transport:
        with pytest.raises(NetworkError) as caught:
            await transport.post(f"https://telegram.invalid{PATH}")
    assert surely_not_sent(caught.value)
    assert "SECRET" not in f"{caught.value} {caught.value.__cause__}"


async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """SOCKS5 without a password, for names; the name `telegram.invalid` is on this machine."""
    await reader.readexactly((await reader.readexactly(2))[1])
    writer.write(b"\x05\x00")
    _, _, _, address_type = await reader.readexactly(4)
    assert address_type == 3
    name = await reader.readexactly((await reader.readexactly(1))[0])
    assert name == b"telegram.invalid"
    port = int.from_bytes(await reader.readexactly(2), "big")
    far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")

    async def copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        while data := await source.read(65_536):
            target.write(data)
        target.close()

    await asyncio.gather(copy(reader, far_writer), copy(far_reader, writer))
    await far_writer.wait_closed()


async def test_calls_go_through_a_socks_proxy_which_resolves_the_name() -> None:
    async with serving(echo) as url, raw_serving(relay) as port:
        named = url.replace("127.0.0.1", "telegram.invalid")
        async with AiohttpRequest(proxy=f"socks5://127.0.0.1:{port}") as transport:
            assert await transport.post(named, form(text="News")) == {"text": "News"}


async def test_a_socks_proxy_that_is_away_or_silent_says_that_nothing_was_sent() -> None:
    async with AiohttpRequest(proxy=f"socks5://127.0.0.1:{await unused_port()}") as transport:
        with pytest.raises(NetworkError) as caught:
            await transport.post(f"http://telegram.invalid{PATH}")
    assert surely_not_sent(caught.value)

    async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async with raw_serving(silent) as port, AiohttpRequest(proxy=f"socks5://127.0.0.1:{port}") as transport:
        with pytest.raises(TimedOut) as late:
            await transport.post(f"http://telegram.invalid{PATH}", connect_timeout=0.05, pool_timeout=5)
    assert surely_not_sent(late.value)
