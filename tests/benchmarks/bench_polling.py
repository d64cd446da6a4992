"""How many sources one core polls: 100,000 of them against a local server, 90 % unchanged, beside a plain poller.

    briefwire bench polling [--sources 100000] [--fetches 20000] [--unchanged 0.9] [--database URL]

Every source has an address of its own in 127.0.0.0/8, so that pacing by host is at work. All are due; the collector
runs until so many fetches are done. What counts is the processor time of the collecting process and of its workers; the
server runs apart. Sources at a ten-minute rhythm need 1/600 fetch per second each. A feed that changed has 20 entries,
one of them new. The peer is a poller as one writes it first: feedparser for every body, an INSERT for every entry, a
transaction for every source.
"""

import argparse
import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import aiohttp
import sqlalchemy as sa

from bot import log
from bot.adapters.clock import SystemClock
from bot.adapters.fetcher import HttpFetcher
from bot.adapters.workers import ProcessWorkers
from bot.model import SourceKind, SourceState
from bot.pipeline.collect import Collector
from bot.storage.database import Database, insert, insert_all
from bot.storage.migrate import migrate
from bot.storage.tables import articles, sources

RHYTHM = 600.0  # seconds
ITEMS = 20  # of a feed; one is new when it changed
FACTS = {"folded": "", "authors": [], "tags": [], "keywords": []}
PEER_FETCHES = 2_000
SERVER = "--serve"
HEAD = b'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Type: application/rss+xml\r\nContent-Length: %d\r\n\r\n'


def feed(path: str, version: int) -> bytes:
    """A feed of the size of a newspaper's: one entry of its own, and those that every feed has."""
    text = "The council of the harbour town voted for a night ferry between the old docks and the northern bank. " * 4
    items = "".join(
        f"<item><guid>{link}</guid><title>Night ferry {link}</title><link>http://post.example{link}</link>"
        f"<description>{text}</description><pubDate>Tue, 22 Oct 2024 10:00:00 GMT</pubDate></item>"
        for link in (f"{path}/{version}", *(f"/old/{number}" for number in range(ITEMS - 1)))
    )
    head = f"<title>Post {path}</title><link>http://post.example/</link>"
    return f"<rss version='2.0'><channel>{head}{items}</channel></rss>".encode()


class Server(asyncio.Protocol):
    """Answers 304 to a share of the requests that have an ETag, else a feed with something new."""

    count = 0
    unchanged = 0.9

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
            assert isinstance(self.transport, asyncio.WriteTransport)
            self.transport.write(self.answer(head))

    def answer(self, head: bytes) -> bytes:
        Server.count += 1
        if b"\r\nif-none-match:" in head.lower() and Server.count % 1_000 < Server.unchanged * 1_000:
            return b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'
        body = feed(head.split(b" ", 2)[1].decode(), 1_000 + Server.count)
        return HEAD % len(body) + body


async def serve(unchanged: float) -> None:
    """The server, in a process of its own."""
    Server.unchanged = unchanged
    server = await asyncio.get_running_loop().create_server(Server, "0.0.0.0", 0, backlog=4_096)  # noqa: S104
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@dataclass(frozen=True)
class Cost:
    """What fetches cost."""

    fetches: int
    cpu: float  # seconds
    wall: float

    @property
    def per_second(self) -> float:
        """Fetches per second of one core."""
        return self.fetches / self.cpu

    def print(self, name: str) -> None:
        each, seen, sustained = 1000 * self.cpu / self.fetches, self.fetches / self.wall, self.per_second * RHYTHM
        print(f"{name:<26}{self.fetches:>8,} fetches, {each:.2f} ms of processor each, {seen:,.0f}/s seen")
        print(f"{'':<26}{self.per_second:>8,.0f}/s on one core: {sustained:,.0f} sources every ten minutes")


def cpu() -> float:
    """Seconds of processor that this process and its ended children used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def address(number: int, port: int) -> str:
    """A host of its own for every source."""
    return f"http://127.{1 + number // 65_536}.{number // 256 % 256}.{number % 256}:{port}/{number}"


async def seed(db: Database, count: int, port: int, clock: SystemClock) -> None:
    """Sources that were imported an hour ago, all due."""
    now = clock.now()
    row = {
        "kind": SourceKind.FEED,
        "state": SourceState.ACTIVE,
        "etag": '"1"',
        "error_facts": {},
        "hints": {},
        "imported_at": now - timedelta(hours=1),
        "last_article_at": now,
        "created_at": now,
    }
    for start in range(0, count, 5_000):
        numbers = range(start, min(start + 5_000, count))
        rows = [
            {
                **row,
                "url": address(number, port),
                "host": address(number, port).split("/")[2].split(":")[0],
                "title": f"Post {number}",
                "next_fetch_at": now - timedelta(seconds=600 - number % 600),
            }
            for number in numbers
        ]
        async with db.write() as tx:
            await insert_all(tx, sources, rows)


async def ours(db: Database, fetches: int) -> Cost:
    """The collector as the bot runs it."""
    fetcher = HttpFetcher(allowed_networks=(ip_network("127.0.0.0/8"),))
    workers = ProcessWorkers()
    collector = Collector(db, fetcher, workers, SystemClock())
    before, started, done = cpu(), time.monotonic(), 0
    while done < fetches:
        done += await collector.run()
    wall = time.monotonic() - started
    await collector.close()
    await fetcher.close()
    await workers.close()  # only ended children are counted
    return Cost(done, cpu() - before, wall)


async def peer(db: Database, fetches: int, port: int) -> Cost:
    """A poller as one writes it first: every body through feedparser, every source a transaction."""
    import feedparser

    before, started = cpu(), time.monotonic()
    at_once = asyncio.Semaphore(32)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(keepalive_timeout=2)) as session:

        async def poll(number: int) -> None:
            async with at_once, session.get(address(number, port), headers={"If-None-Match": '"1"'}) as answer:
                body = await answer.read()
            entries = feedparser.parse(body).entries if answer.status == 200 else []
            now = SystemClock().now()
            async with db.write() as tx:
                for entry in entries:
                    row = {"source_id": 1, "url_key": f"peer:{entry.link}", "url": entry.link, "title": entry.title}
                    at = {"received_at": now, "shown_at": now}
                    await tx.execute(insert(tx, articles).values(**row, **at, **FACTS).on_conflict_do_nothing())
                mine = sources.c.url == address(number, port)
                await tx.execute(sa.update(sources).where(mine).values(last_fetch_at=now))

        await asyncio.gather(*(poll(number) for number in range(fetches)))
    return Cost(fetches, cpu() - before, time.monotonic() - started)


async def measure(options: argparse.Namespace, folder: Path) -> None:
    """Runs the server and both pollers."""
    server = subprocess.Popen(  # noqa: ASYNC220
        [sys.executable, __file__, SERVER, "--unchanged", str(options.unchanged)], stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    port = int(server.stdout.readline())
    db = Database(options.database or f"sqlite:///{folder / 'polling.db'}")
    try:
        await migrate(db)
        await seed(db, options.sources, port, SystemClock())
        asked = f"{options.sources / RHYTHM:,.0f} fetches/s asked"
        print(f"{options.sources:,} sources, {options.unchanged:.0%} unchanged; {asked}")
        cost = await ours(db, options.fetches)
        cost.print("Briefwire")
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB, workers apart")
        async with db.read() as tx:
            print(f"stored {await tx.scalar(sa.select(sa.func.count()).select_from(articles)):,} articles")
        plain = await peer(db, min(PEER_FETCHES, options.sources), port)
        plain.print("feedparser, a write each")
        print(f"{cost.per_second / plain.per_second:.1f} times the peer's")
    finally:
        await db.close()
        server.terminate()
        server.wait()


def main() -> None:
    """Reads the options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", type=int, default=100_000)
    parser.add_argument("--fetches", type=int, default=20_000)
    parser.add_argument("--unchanged", type=float, default=0.9)
    parser.add_argument("--database", default="")
    parser.add_argument(SERVER, action="store_true")
    options = parser.parse_args()
    log.configure(level="ERROR", style="console")
    if options.serve:
        asyncio.run(serve(options.unchanged))
        return
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(measure(options, Path(folder)))


if __name__ == "__main__":
    main()
