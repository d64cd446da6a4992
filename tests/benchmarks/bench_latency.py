"""How soon news arrives: from a push, and from a feed's publication, to the message on the wire.

The program, Telegram with the feeds (the sandbox), and whoever pushes are a process each.

- push: 50 articles a second through the API, each a request of its own, of which some meet the alert of one chat of
  some hundreds. So few that the set rate of 28 messages a second is no bottleneck: what is measured is the program's
  own way. Articles of a chat's topic that come within five seconds of each other join one message, by an edit. The
  peer is the least that such a bot could do: it keeps nothing, compares every topic with the pushed title and sends.
- feed: feeds that publish at random instants and are polled at an interval, each on a host of its own.

    briefwire bench latency [--part push|feed|all] [--seconds 40] [--interval 60] [--database sqlite|postgres]
"""

import argparse
import asyncio
import json
import random
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import aiohttp
import psutil
import sqlalchemy as sa
from aiohttp import web

from bot import config, log
from bot.actions import tokens
from bot.app import App
from bot.model import SourceKind
from bot.rules.polling import Rhythm
from bot.sandbox.chats import User
from bot.sandbox.limits import Limits
from bot.sandbox.newsroom import load_outlets
from bot.sandbox.server import Sandbox
from bot.storage import sources
from bot.storage.database import Database, insert_all
from bot.storage.migrate import migrate
from bot.storage.tables import alerts, articles, chats, deliveries, queries, subscriptions
from tests.crashes import own_database

A_SECOND = 50  # articles pushed
CHATS = 400
MEETING = 0.3  # of the articles meet the topic of one chat: 15 messages a second of the 28 that may leave
FEEDS = 40
FIRST_PERSON = 1_000_000
PATIENCE = 20.0  # seconds that the last messages have
LINK = re.compile(r"https://news\.example/(\d+)")
ASKED_PUSH, ASKED_FEED = 2.0, 10.0  # seconds: p95; p50 beyond half the interval

Came = list[tuple[float, int, int, str]]  # when, to whom, which article, by which method


def main() -> None:
    """Runs the parts asked for; `--outside` and `--program` are the inner processes."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--part", choices=("push", "feed", "all"), default="all")
    options.add_argument("--seconds", type=float, default=40, help="of pushing")
    options.add_argument("--interval", type=float, default=60, help="seconds between two fetches of a feed")
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options.add_argument("--profile", help="a file for the program's profile")
    options.add_argument("--outside", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--program", help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.outside:
        asyncio.run(Outside().serve())
    elif given.program:
        asyncio.run(run_program(json.loads(given.program)))
    else:
        asyncio.run(measure(given))


async def measure(given: argparse.Namespace) -> None:
    """Prints what was asked for."""
    if given.part in ("push", "all"):
        await measure_push(given)
    if given.part in ("feed", "all"):
        await measure_feed(given)


# What is written


class Desk:
    """Writes articles: the sample outlets' words in random order, so that no two are one story."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        texts = [text for outlet in load_outlets() if outlet.language == "en" for text in _texts(outlet.samples)]
        self._words = [word for text in texts for word in re.findall(r"[A-Za-z]{2,}", text)]
        self.topics = [self._name() for _ in range(CHATS)]

    def article(self, number: int, topic: str) -> dict[str, str]:
        """An article of eleven sentences, on a topic or, with an empty one, on none."""
        names = [self._name() for _ in range(3)]
        title = " ".join([topic or names[0], *self._some(4), *names[1:]])
        sentences = [" ".join([*self._some(20), *self._chance.sample(names, 1)]).capitalize() + "." for _ in range(10)]
        sentences.insert(1, " ".join([*self._some(10), topic, *self._some(10)]).capitalize() + ".")
        return {"url": f"https://news.example/{number}", "title": title, "text": "\n\n".join(sentences)}

    def chosen(self) -> int | None:
        """Which chat's topic the next article meets, if any."""
        return self._chance.randrange(CHATS) if self._chance.random() < MEETING else None

    def between(self, low: float, high: float) -> float:
        """A number at random."""
        return self._chance.uniform(low, high)

    def _some(self, number: int) -> list[str]:
        return self._chance.choices(self._words, k=number)

    def _name(self) -> str:
        return "".join(self._chance.choice(letters) for letters in ("bdfgklmnprstv", "aeiou") * 4).capitalize()


def _texts(samples: Sequence[Any]) -> list[str]:
    return [text for sample in samples for text in (sample.title, *sample.paragraphs)]


# Telegram and the feeds, in a process of their own


@dataclass(frozen=True, slots=True)
class Item:
    """An entry of a feed and the event loop's second from which on it is there."""

    at: float
    published: datetime
    title: str
    link: str
    text: str


class Outside:
    """The sandbox as a process: it is told what to do line by line, and answers with a line each."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(limits=Limits(), routes=[web.get("/feeds/{number}", self._feed)])
        self.sandbox.app.middlewares.append(self._watch)
        self.came: Came = []
        self.refused = 0
        self._feeds: dict[int, list[Item]] = {}
        self._fetched: set[int] = set()

    async def serve(self) -> None:
        """Until the other side closes the pipe."""
        await self.sandbox.start(host="0.0.0.0")  # noqa: S104  each feed is on an address of 127.0.0.0/8 of its own
        port = self.sandbox.url.rsplit(":", 1)[1]
        print(json.dumps({"port": int(port), "token": self.sandbox.token}), flush=True)
        while line := await asyncio.to_thread(sys.stdin.readline):
            order = json.loads(line)
            print(json.dumps(await getattr(self, order.pop("do"))(**order)), flush=True)
        await self.sandbox.stop()

    async def people(self, number: int) -> None:
        """Lets so many people in, who have all started the bot."""
        for each in range(FIRST_PERSON, FIRST_PERSON + number):
            self.sandbox.world.add_user(User(each, f"Reader {each}")).started = True

    async def publish(self, feed: int, number: int, topic: str, seed: int, after: float) -> float:
        """An article appears in a feed after so many seconds; when that is."""
        article = Desk(seed).article(number, topic)
        at = time.monotonic() + after
        published = datetime.now(UTC) + timedelta(seconds=after)
        its = Item(at, published, article["title"], article["url"], article["text"])
        self._feeds.setdefault(feed, []).append(its)
        return at

    async def told(self) -> dict[str, Any]:
        """What came until now."""
        return {"came": self.came, "refused": self.refused}

    async def fetched(self) -> int:
        """How many feeds were fetched by now."""
        return len(self._fetched)

    async def _feed(self, request: web.Request) -> web.Response:
        self._fetched.add(int(request.match_info["number"]))
        items = [one for one in self._feeds[int(request.match_info["number"])] if one.at <= time.monotonic()]
        body = "".join(
            f"<item><title>{one.title}</title><link>{one.link}</link><description>{one.text}</description>"
            f"<pubDate>{format_datetime(one.published)}</pubDate></item>"
            for one in items
        )
        response = web.Response(
            text=f"<rss version='2.0'><channel><title>A feed</title>{body}</channel></rss>",
            content_type="application/rss+xml",
        )
        response.etag = str(len(items))
        if any(etag.value == str(len(items)) for etag in request.if_none_match or ()):
            return web.Response(status=304)
        return response

    @web.middleware
    async def _watch(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        at, method = time.monotonic(), request.path.rsplit("/", 1)[-1]
        if method not in ("sendMessage", "editMessageText"):
            return await handler(request)
        given = await request.json() if request.content_type == "application/json" else await request.post()
        answer = await handler(request)
        self.refused += answer.status != 200
        if answer.status == 200:
            links = {int(found) for found in LINK.findall(str(given["text"]))}
            self.came += [(at, int(str(given["chat_id"])), number, method) for number in links]
        return answer


@dataclass(slots=True)
class Inner:
    """The other end of an inner process's pipe, and the line with which it began."""

    process: asyncio.subprocess.Process
    said: dict[str, Any]

    async def tell(self, what: str, **facts: Any) -> Any:
        """Gives an order and waits until it is done."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"do": what, **facts}).encode() + b"\n")
        return json.loads(await self.process.stdout.readline())


@asynccontextmanager
async def inner(*arguments: str, before: Sequence[str] = ()) -> AsyncIterator[Inner]:
    """This file as an inner process, started and ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, *before, __file__, *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**28,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Inner(process, json.loads(await process.stdout.readline()))
    finally:
        process.stdin.close()
        await process.wait()


# The program


async def run_program(given: dict[str, Any]) -> None:
    """The whole program with all roles, until the other side closes the pipe. Says where the portal is."""
    settings = config.load(
        {},
        token=given["token"],
        api_url=f"http://127.0.0.1:{given['port']}",
        database_url=given["database"],
        data_dir=Path(given["folder"]),
        access="open",
        listen="127.0.0.1:0",
        allowed_networks=(ip_network("127.0.0.0/8"),),
        log_level="WARNING",
    )
    log.configure(level=settings.log_level, style=settings.log_format)
    interval = timedelta(seconds=given["interval"])
    app = App(settings, rhythm=Rhythm(interval, interval))
    await app.start()
    print(json.dumps({"portal": app.portal_url}), flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await app.stop()


@asynccontextmanager
async def program(
    outside: Inner, url: str, folder: str, given: argparse.Namespace
) -> AsyncIterator[tuple[str, psutil.Process]]:
    """The program, started and ended: its portal's address and its process."""
    facts = {**outside.said, "database": url, "folder": folder, "interval": given.interval}
    profiler = ["-m", "cProfile", "-o", given.profile] if given.profile else []
    async with inner("--program", json.dumps(facts), before=profiler) as running:
        yield running.said["portal"], psutil.Process(running.process.pid)


@asynccontextmanager
async def filled(outside: Inner, desk: Desk, folder: str, database: str) -> AsyncIterator[tuple[str, str]]:
    """A database with chats that each want alerts of a topic of their own; its address and a token for pushing."""
    await outside.tell("people", number=CHATS)
    if database == "postgres":
        async with own_database() as url:
            yield url, await fill(url, desk)
    else:
        url = f"sqlite:///{folder}/latency.db"
        yield url, await fill(url, desk)


async def fill(url: str, desk: Desk) -> str:
    """The chats and what they follow; returns a token."""
    now, db = datetime.now(UTC), Database(url)
    await migrate(db)
    numbers = range(1, CHATS + 1)
    common = {"kind": "private", "language": "en", "timezone": "UTC", "state": "active", "created_at": now}
    topic = dict(zip(numbers, desk.topics, strict=True))
    async with db.write() as tx:
        people = [{"id": n, "telegram_chat_id": FIRST_PERSON + n - 1, **common} for n in numbers]
        await insert_all(tx, chats, people)
        await insert_all(tx, queries, [{"id": n, "canonical": topic[n].lower(), "created_at": now} for n in numbers])
        follow = [{"chat_id": n, "query_id": n, "text": topic[n], "mode": "alert", "created_at": now} for n in numbers]
        await insert_all(tx, subscriptions, follow)
    _, secret = await tokens.create(db, "newsroom", now)
    await db.close()
    return secret


# From a push


async def measure_push(given: argparse.Namespace) -> None:
    """Ours and the peer's, at the same pace."""
    desk = Desk(7)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            inner("--outside") as outside,
            filled(outside, desk, folder, given.database) as (url, secret),
            program(outside, url, folder, given) as (portal, process),
        ):
            await push(f"{portal}/api/v1/articles", secret, desk, 2, first=10_000_000)  # wakes the workers
            await asyncio.sleep(2)
            before = seconds_of(process)
            pushed, took = await push(f"{portal}/api/v1/articles", secret, desk, given.seconds, first=1)
            told = await settled(outside, pushed)
            own, workers = (now - then for now, then in zip(seconds_of(process), before, strict=True))
            stages = await stages_of(url)
    number = round(given.seconds * A_SECOND)
    print(f"push, {given.database}: {number:,} articles at {A_SECOND}/s, alerts in {CHATS} chats, {len(pushed)} met")
    report(pushed, told, f"(asked: p95 under {ASKED_PUSH:g} s)")
    print(
        f"  a push answered       p50 {percentile(took, 50) * 1000:6.0f} ms, p95 {percentile(took, 95) * 1000:6.0f} ms"
    )
    each = 1000 / number
    print(f"  processor an article  {own * each:6.1f} ms of the program, {workers * each:.1f} ms of its workers")
    print(f"  from each mark to the next, p50 and p95 in seconds: {stages}")
    async with inner("--outside") as outside, plain_bot(outside, desk) as address:
        await outside.tell("people", number=CHATS)
        pushed, _ = await push(address, "", desk, min(given.seconds, 10), first=1)
        told = await settled(outside, pushed)
    print("  peer, which keeps nothing and sends at once:")
    report(pushed, told, "")


def seconds_of(process: psutil.Process) -> tuple[float, float]:
    """Processor time of the program and of its workers."""
    own, children = process.cpu_times(), [child.cpu_times() for child in process.children(recursive=True)]
    return own.user + own.system, sum(times.user + times.system for times in children)


async def stages_of(url: str) -> str:
    """How long articles that were told waited for each step, by the marks that steps leave when they begin."""
    db = Database(url)
    async with db.read() as tx:
        rows = await tx.execute(
            sa.select(
                articles.c.received_at,
                articles.c.matched_at,
                articles.c.alerted_at,
                sa.type_coerce(sa.func.min(deliveries.c.sending_at), deliveries.c.sending_at.type),
            )
            .join(alerts, alerts.c.article_id == articles.c.id)
            .join(deliveries, deliveries.c.id == alerts.c.delivery_id)
            .group_by(articles.c.id)
        )
        marks = [tuple(row) for row in rows if None not in tuple(row)]
    await db.close()
    said = []
    for place, name in enumerate(("matched", "alerted", "sent"), 1):
        took = sorted((row[place] - row[place - 1]).total_seconds() for row in marks)
        said.append(f"{name} {percentile(took, 50):.2f}, {percentile(took, 95):.2f}")
    return "; ".join(said)


async def push(
    url: str, secret: str, desk: Desk, seconds: float, *, first: int
) -> tuple[dict[tuple[int, int], float], list[float]]:
    """Pushes at a steady pace, whatever the answers take. When each (chat, article) was, and what answers took."""
    pushed: dict[tuple[int, int], float] = {}
    took: list[float] = []
    headers = {"Authorization": f"Bearer {secret}"}

    async def one(number: int, article: dict[str, str], chat: int | None) -> None:
        started = time.monotonic()
        if chat is not None:
            pushed[FIRST_PERSON + chat, number] = started
        async with session.post(url, json=article, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
        took.append(time.monotonic() - started)

    began = time.monotonic()
    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        for place in range(round(seconds * A_SECOND)):
            chat = desk.chosen()
            article = desk.article(first + place, "" if chat is None else desk.topics[chat])
            await asyncio.sleep(max(0.0, began + place / A_SECOND - time.monotonic()))
            group.create_task(one(first + place, article, chat))
    return pushed, sorted(took)


async def settled(outside: Inner, wanted: dict[tuple[int, int], float]) -> dict[str, Any]:
    """What came, once all that is wanted is there or patience ends."""
    deadline = time.monotonic() + PATIENCE
    while True:
        told: dict[str, Any] = await outside.tell("told")
        seen = {(chat, number) for _, chat, number, _ in told["came"]}
        if not wanted.keys() - seen or time.monotonic() > deadline:
            return told
        await asyncio.sleep(0.5)


def report(published: dict[tuple[int, int], float], told: dict[str, Any], asked: str) -> list[float]:
    """Prints how long articles took to their chats: all, by a message of their own, and by joining one."""
    first: dict[tuple[int, int], tuple[float, str]] = {}
    for at, chat, number, method in told["came"]:
        if (chat, number) in published:
            first.setdefault((chat, number), (at - published[chat, number], method))
    everything = sorted(seconds for seconds, _ in first.values())
    for name, method in (("all", ""), ("a message of its own", "sendMessage"), ("joined to one", "editMessageText")):
        took = sorted(seconds for seconds, its in first.values() if method in ("", its))
        if took:
            print(
                f"  {name:<21} p50 {percentile(took, 50):6.2f} s, p95 {percentile(took, 95):6.2f} s, "
                f"longest {took[-1]:6.2f} s, {len(took)}   {asked if not method else ''}"
            )
    missing = len(published) - len(first)
    print(f"  missing {missing}, refused by Telegram {told['refused']}", flush=True)
    return everything


@asynccontextmanager
async def plain_bot(outside: Inner, desk: Desk) -> AsyncIterator[str]:
    """A bot that looks for every topic in the title and sends what it finds, in the request; its address."""
    telegram = f"http://127.0.0.1:{outside.said['port']}/bot{outside.said['token']}/sendMessage"

    async def take(request: web.Request) -> web.Response:
        article = await request.json()
        for number, topic in enumerate(desk.topics):
            if topic in article["title"]:
                form = {"chat_id": str(FIRST_PERSON + number), "text": f"{article['title']}\n{article['url']}"}
                async with session.post(telegram, data=form) as answer:
                    await answer.read()
        return web.Response()

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as session:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    await runner.cleanup()


# From a feed


async def measure_feed(given: argparse.Namespace) -> None:
    """Feeds that are imported, then publish once each within an interval, at random."""
    desk = Desk(8)
    with tempfile.TemporaryDirectory() as folder:
        async with (
            inner("--outside") as outside,
            filled(outside, desk, folder, given.database) as (url, _),
        ):
            for feed in range(FEEDS):
                await outside.tell("publish", feed=feed, number=10_000_000 + feed, topic="", seed=feed, after=0)
            await follow(url, outside.said["port"], given.interval)
            async with program(outside, url, folder, given):
                while await outside.tell("fetched") < FEEDS:  # noqa: ASYNC110 - another process knows
                    await asyncio.sleep(1)
                await asyncio.sleep(5)  # all are imported; what comes from now on is news
                published = {}
                for number in range(2 * FEEDS):
                    at = await outside.tell(
                        "publish",
                        feed=number % FEEDS,
                        number=number + 1,
                        topic=desk.topics[number],
                        seed=1_000 + number,
                        after=desk.between(0, given.interval),
                    )
                    published[FIRST_PERSON + number, number + 1] = at
                await asyncio.sleep(given.interval * 2)
                told = await settled(outside, published)
    print(f"feed, {given.database}: {FEEDS} feeds fetched every {given.interval:g} s")
    asked = given.interval / 2 + ASKED_FEED
    took = report(published, told, f"(asked: p50 at most {asked:g} s, half the interval and {ASKED_FEED:g} s)")
    # An instant at random lies half an interval before the next fetch; jitter makes that up to a tenth more.
    print(f"  beyond half the interval {percentile(took, 50) - given.interval / 2:5.2f} s in the median", flush=True)


async def follow(url: str, port: int, interval: float) -> None:
    """The feeds become sources, due at instants that are spread over the interval."""
    now, db = datetime.now(UTC), Database(url)
    async with db.write() as tx:
        for feed in range(FEEDS):
            due = now + timedelta(seconds=interval * feed / FEEDS)
            address = f"http://127.0.1.{feed + 1}:{port}/feeds/{feed}"
            await sources.add(tx, kind=SourceKind.FEED, url=address, title="A feed", now=now, next_fetch_at=due)
    await db.close()


def percentile(values: Sequence[float], part: float) -> float:
    """Of sorted values; nan of none."""
    return values[min(len(values) - 1, int(len(values) * part / 100))] if values else float("nan")


if __name__ == "__main__":
    main()
