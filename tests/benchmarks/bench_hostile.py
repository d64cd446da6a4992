"""Hostile and broken feeds: how long each holds a worker, how much memory it takes, and what comes of it.

    python tests/benchmarks/bench_hostile.py [--only NAME]

Every kind is made here, read by a worker as in the product, and shown on a line: seconds of wall time (asked 5),
megabytes the worker grew by (asked 300), and the feed or the error. Compressed bombs go through the product's fetcher,
from a server on this machine.
"""

import argparse
import asyncio
import gzip
import json
import sys
import time
from collections.abc import Callable
from functools import partial
from ipaddress import ip_network
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

import brotli  # type: ignore[import-untyped]
import psutil
from aiohttp import web

from bot.adapters.fetcher import HttpFetcher
from bot.adapters.workers import ProcessWorkers
from bot.errors import BriefwireError
from bot.model import Feed
from bot.ports import Request

MB = 1_000_000
URL = "https://hostile.example/feed"
ITEM = "<item><title>Title {} é</title><link>https://hostile.example/{}</link><description>Words.</description></item>"


def rss(inside: str, *, head: str = "") -> bytes:
    """A feed with this inside its channel, and this before its root."""
    return f"<?xml version='1.0' encoding='utf-8'?>{head}<rss version='2.0'><channel>{inside}</channel></rss>".encode()


def items(count: int) -> str:
    """So many plain items."""
    return "".join(ITEM.format(number, number) for number in range(count))


def entities(levels: int) -> bytes:
    """A billion laughs: each level is ten of the one before."""
    declared = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, levels))
    return rss(f"<item><title>&a{levels - 1};</title></item>", head=f"<!DOCTYPE rss [<!ENTITY a0 'ha'>{declared}]>")


def numbered(pattern: str) -> str:
    """200,000 times the pattern with a number in it."""
    return " ".join(pattern % number for number in range(200_000))


def described(html: str) -> bytes:
    """A feed of one entry with this description."""
    return rss(f"<item><title>T</title><description>{html}</description></item>")


BIG_ENTITY = f"<!DOCTYPE rss [<!ENTITY a '{'x' * 50_000}'>]>"
FILE_ENTITY = "<!DOCTYPE rss [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
GB = rss(items(3).replace("Words", "朱镕基").replace("é", "")).decode().replace("utf-8", "gb2312").encode("gbk")
KINDS: dict[str, Callable[[], bytes]] = {
    "billion laughs": lambda: entities(10),
    "quadratic entity": lambda: rss(f"<title>{'&a;' * 20_000}</title>", head=BIG_ENTITY),
    "external entity": lambda: rss("<title>&a;</title>", head=FILE_ENTITY),
    "external doctype": lambda: rss(items(3), head="<!DOCTYPE rss SYSTEM 'http://127.0.0.1:9/x.dtd'>"),
    "50 MB feed": lambda: rss(items(50 * MB // len(ITEM))),
    "20 MB description": lambda: described("word " * (4 * MB)),
    "20 MB of markup": lambda: described("&lt;p&gt;w " * (2 * MB)),
    "10 MB title": lambda: rss(f"<item><title>{'A ' * (5 * MB)}</title></item>"),
    "200,000 attributes": lambda: rss("<item " + numbered("a%d='x'") + "><title>T</title></item>"),
    "… in broken XML": lambda: rss("<item " + numbered("a%d='x'") + "><title>A & B</title></item>"),
    "200,000 namespaces": lambda: rss("<item " + numbered("xmlns:n%d='u'") + "><title>T</title></item>"),
    "depth of 100,000": lambda: rss(f"<item><title>T</title>{'<b>' * 100_000}{'</b>' * 100_000}</item>"),
    "… in a description": lambda: described(f"<![CDATA[{'<div>' * 100_000}x]]>"),
    "deep JSON": lambda: b'{"version":"https://jsonfeed.org/version/1.1","items":' + b"[" * MB + b"]" * MB + b"}",
    "JSON of wrong types": lambda: json.dumps(
        {"version": "https://jsonfeed.org/version/1", "title": [], "items": [{"id": {}, "url": 7, "tags": 3}, 5, None]}
    ).encode(),
    "truncated in an item": lambda: rss(items(30))[:-200],
    "truncated in a tag": lambda: rss(items(30)).rpartition(b"<link>")[0] + b"<li",
    "invalid UTF-8": lambda: rss(items(3)).replace(b"Words", b"W\xff\xfeords"),
    "Latin-1 as UTF-8": lambda: rss(items(3)).decode().encode("latin-1"),
    "UTF-8 as UTF-16": lambda: rss(items(3)).replace(b"utf-8", b"utf-16"),
    "GBK as GB 2312": lambda: GB,
    "control characters": lambda: rss(items(3)).replace(b"Words", b"W\x02\x0bords"),
    "bare ampersands": lambda: rss(items(3)).replace(b"Words", b"Q & A"),
    "junk before": lambda: b"\n\nWarning: mysql_connect() in /www/feed.php\n" + rss(items(3)),
    "two documents": lambda: rss(items(2)) * 2,
    "unbound prefix": lambda: rss(f"<media:thumbnail url='x'/>{items(2)}"),
    "HTML instead of XML": lambda: b"<!DOCTYPE html><html><head><title>Log in</title><body>" + b"<p>" * MB,
    "zeros": lambda: bytes(10 * MB),
    "10 MB of <": lambda: b"<rss>" + b"<" * (10 * MB),
    "10 MB of open quotes": lambda: b"<rss>" + b"<a b='" * (MB * 10 // 6),
    "1 MB of open tags": lambda: b"<rss><channel>" + b"<item><title>a & b" * (MB // 18),
}


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="the kind to try")
    options = parser.parse_args()
    print(f"{'kind':<26}{'s':>7}{'MB':>6}  what came of it")
    for kind, make in KINDS.items():
        if options.only in kind:
            await _try(kind, make())
    zeros = bytes(500 * MB)
    bombs = {"gzip": partial(gzip.compress, compresslevel=1), "br": partial(brotli.compress, quality=1)}
    for encoding, compress in bombs.items():
        if options.only in f"{encoding} bomb":
            await _fetch(encoding, compress(zeros))


async def _try(kind: str, body: bytes) -> None:
    workers = ProcessWorkers(processes=1)
    try:
        await workers.parse_feed(b"<rss><channel><title>a & b</title></channel></rss>", url=URL, content_type="")
        [worker] = (
            child for child in psutil.Process().children(True) if "resource_tracker" not in " ".join(child.cmdline())
        )
        before, start = worker.memory_info().rss, time.perf_counter()
        peak = asyncio.create_task(_peak(worker))
        outcome = await _outcome(workers, body)
        seconds = time.perf_counter() - start
        peak.cancel()
        most = (await asyncio.gather(peak))[0]
        print(f"{kind:<26}{seconds:>7.2f}{(most - before) / MB:>6.0f}  {outcome[:90]}", flush=True)
    finally:
        await workers.close()


async def _peak(worker: psutil.Process) -> int:
    most = 0
    try:
        while True:
            most = max(most, worker.memory_info().rss)
            await asyncio.sleep(0.01)
    except (asyncio.CancelledError, psutil.Error):
        return most


async def _outcome(workers: ProcessWorkers, body: bytes) -> str:
    try:
        feed: Feed = await workers.parse_feed(body, url=URL, content_type="")
    except BriefwireError as error:
        return f"{type(error).__name__} {error}"
    first = feed.entries[0] if feed.entries else None
    return (
        f"{len(feed.entries)} entries, {(first.title or first.text)[:40]!r}" if first else f"no entries, {feed.title!r}"
    )


async def _fetch(encoding: str, body: bytes) -> None:
    async def bomb(request: web.Request) -> web.Response:
        return web.Response(body=body, headers={"Content-Encoding": encoding, "Content-Type": "text/xml"})

    app = web.Application()
    app.router.add_get("/", bomb)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    [port] = [address[1] for address in runner.addresses]
    fetcher = HttpFetcher(allowed_networks=(ip_network("127.0.0.0/8"),))
    me = psutil.Process()
    before, start = me.memory_info().rss, time.perf_counter()
    peak = asyncio.create_task(_peak(me))
    try:
        response = await fetcher.fetch(Request(f"http://127.0.0.1:{port}/"))
        outcome = f"{len(response.body)} bytes"
    except BriefwireError as error:
        outcome = f"{type(error).__name__} {error}"
    peak.cancel()
    most = (await asyncio.gather(peak))[0]
    seconds, grown = time.perf_counter() - start, (most - before) / MB
    print(f"{encoding + ' bomb, 500 MB':<26}{seconds:>7.2f}{grown:>6.0f}  {outcome[:90]}")
    await fetcher.close()
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
