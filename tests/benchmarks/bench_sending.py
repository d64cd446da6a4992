"""How fast messages leave, how evenly, and what each costs: the program against the sandbox, a process each.

- pace: a post to many chats at the set rate. The share of the rate that is reached, the most messages in any sliding
  second, refusals (429), how long answers to commands take meanwhile, and what one flooded chat costs the others.
- ceiling: the same with all limits lifted: messages per second, CPU per message, and where it goes.
- wire: the transport alone at 30 in flight, beside the library's own transport and beside bare aiohttp.

    briefwire bench sending [--part pace|ceiling|wire|all] [--chats 10000] [--database sqlite|postgres]
"""

import argparse
import asyncio
import gc
import json
import math
import os
import pstats
import sys
import tempfile
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from itertools import cycle, pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

import psutil
from aiohttp import web

from bot.model import Access, BroadcastState, Role
from bot.sandbox.chats import User
from bot.sandbox.limits import NO_LIMITS, Limits
from bot.sandbox.server import Sandbox
from bot.storage import broadcasts, users
from bot.storage.database import Database, insert_all
from bot.storage.migrate import migrate
from bot.storage.tables import chats
from tests.crashes import own_database

RATE = 28.0  # messages per second, the default setting
IN_FLIGHT = 30
FIRST_PERSON = 1_000_000
CURIOUS = range(7, 12)  # who ask something in turn while the post is sent
QUESTIONS = ("/list", "/settings", "/brief", "/help", "/subscribe harbour")
EVERY = 0.7  # seconds between two questions
FLOODED = 3  # seconds that the flooded chat is told to wait
FLOODED_AT = 100  # which message of the post is refused
WIRE_MESSAGES = 3_000
POST = (
    "<b>A headline of a usual length about something that happened</b>\n"
    + "A sentence of a usual length, with nothing in it that anybody has to read. " * 7
    + '<a href="https://example.org/story">Read more</a>'
)


def main() -> None:
    """Runs the parts asked for; `--outside` and `--wire` are the inner processes."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--part", choices=("pace", "ceiling", "wire", "all"), default="all")
    options.add_argument("--chats", type=int, default=10_000)
    options.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    options.add_argument("--outside", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--wire", nargs=2, help=argparse.SUPPRESS)
    given = options.parse_args()
    if given.outside:
        asyncio.run(Outside().serve())
    elif given.wire:
        asyncio.run(WIRES[given.wire[0]](given.wire[1]))
    else:
        asyncio.run(measure(given.part, given.chats, given.database))


async def measure(part: str, people: int, database: str) -> None:
    """Prints what was asked for."""
    if part in ("pace", "all"):
        await pace(people, database)
    if part in ("ceiling", "all"):
        await ceiling(people, database)
    if part in ("wire", "all"):
        await wire()


# Telegram, in a process of its own


class Outside:
    """The sandbox as a process: it is told what to do line by line, and answers with a line each."""

    def __init__(self) -> None:
        self.sandbox = Sandbox(limits=NO_LIMITS)
        self.sandbox.app.middlewares.append(self._watch)
        self.came: list[tuple[float, int, int]] = []  # when, to whom, status
        self.answered: list[float] = []
        self._enough = asyncio.Event()
        self._wanted = sys.maxsize
        self._posted: set[int] = set()
        self._asking: asyncio.Task[None] | None = None

    async def serve(self) -> None:
        """Until the other side closes the pipe."""
        gc.disable()  # what measures must not stand still: what came meanwhile would seem to have come at once
        async with self.sandbox:
            print(json.dumps({"url": self.sandbox.url, "token": self.sandbox.token}), flush=True)
            while line := await asyncio.to_thread(sys.stdin.readline):
                order = json.loads(line)
                print(json.dumps(await getattr(self, order.pop("do"))(**order)), flush=True)
            if self._asking is not None:
                self._asking.cancel()

    async def people(self, number: int) -> None:
        """Lets so many people in, who have all started the bot."""
        for each in range(FIRST_PERSON, FIRST_PERSON + number):
            self.sandbox.world.add_user(User(each, f"Reader {each}")).started = True
        for each in CURIOUS:
            self.sandbox.world.add_user(User(each, f"Curious {each}")).started = True

    async def strict(self) -> None:
        """Telegram's own limits from now on."""
        self.sandbox.set_limits(Limits())

    async def ask(self) -> None:
        """Somebody asks something every now and then."""
        self._asking = asyncio.create_task(self._ask())

    async def flood(self) -> None:
        """The next message to one chat is refused for some seconds."""
        self.sandbox.fail("flood", "sendMessage", chat=FIRST_PERSON + FLOODED_AT, seconds=FLOODED)

    async def until(self, sent: int) -> dict[str, Any]:
        """Waits until so many chats have the post, and tells what came."""
        self._wanted = sent
        self._enough.clear()
        if len(self._posted) < sent:
            await self._enough.wait()
        if self._asking is not None:
            self._asking.cancel()
        return {"came": self.came, "answered": self.answered}

    async def _ask(self) -> None:
        for person, question in zip(cycle(CURIOUS), cycle(QUESTIONS), strict=False):
            await asyncio.sleep(EVERY)
            started = time.monotonic()
            await self.sandbox.ask(person, question)
            self.answered.append(time.monotonic() - started)

    @web.middleware
    async def _watch(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        answer = await handler(request)
        if request.path.endswith("/sendMessage"):
            is_json = request.content_type == "application/json"  # the library's own transport sends forms
            chat = int(str((await request.json() if is_json else await request.post())["chat_id"]))
            self.came.append((time.monotonic(), chat, answer.status))
            if answer.status == HTTPStatus.OK and chat not in CURIOUS:
                self._posted.add(chat)
            if len(self._posted) >= self._wanted:
                self._enough.set()
        return answer


class Telegram:
    """The other end of that process's pipe."""

    def __init__(self, process: asyncio.subprocess.Process, url: str, token: str) -> None:
        self._process = process
        self.url = url
        self.token = token

    async def tell(self, what: str, **facts: int) -> Any:
        """Gives an order and waits until it is done."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"do": what, **facts}).encode() + b"\n")
        return json.loads(await self._process.stdout.readline())


@asynccontextmanager
async def telegram() -> AsyncIterator[Telegram]:
    """The sandbox, started and ended."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, __file__, "--outside",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=2**28,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        yield Telegram(process, **json.loads(await process.stdout.readline()))
    finally:
        process.stdin.close()
        await process.wait()


# The program


@asynccontextmanager
async def program(
    telegram: Telegram, url: str, folder: str, *, rate: float, profile: str = ""
) -> AsyncIterator[psutil.Process]:
    """`briefwire run`, started and ended."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("BRIEFWIRE_")},
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "BRIEFWIRE_API_URL": telegram.url,
        "BRIEFWIRE_TOKEN": telegram.token,
        "BRIEFWIRE_DATABASE_URL": url,
        "BRIEFWIRE_ACCESS": "open",
        "BRIEFWIRE_LISTEN": "127.0.0.1:0",
        "BRIEFWIRE_RATE": str(rate),
        "BRIEFWIRE_LOG_LEVEL": "WARNING",
    }
    how = ["-m", "cProfile", "-o", profile, "-m", "bot", "run"] if profile else ["-m", "bot", "run"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *how, cwd=folder, env=environment, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def filled(telegram: Telegram, people: int, database: str, folder: str) -> AsyncIterator[str]:
    """A database with so many chats and a post that is to go to all of them."""
    if database == "postgres":
        async with own_database() as url:
            await fill(url, people)
            await telegram.tell("people", number=people)
            yield url
        return
    url = f"sqlite:///{folder}/sending.db"
    await fill(url, people)
    await telegram.tell("people", number=people)
    yield url


async def fill(url: str, people: int) -> None:
    """Chats, and a post to all."""
    now, db = datetime.now(UTC), Database(url)
    await migrate(db)
    rows = [
        {"telegram_chat_id": FIRST_PERSON + number, "kind": "private", "state": "active", "created_at": now}
        for number in range(people)
    ]
    async with db.write() as tx:
        await insert_all(tx, chats, rows)
        user = await users.meet(tx, telegram_user_id=1, name="Ada", language="en", access=Access.ALLOWED, now=now)
        await users.set_role(tx, user.id, Role.OWNER)
        post = await broadcasts.add(tx, text=POST, article_id=None, created_by=user.id, now=now)
        await broadcasts.advance(tx, post.id, to=BroadcastState.SENDING, of=(BroadcastState.DRAFT,))
        await broadcasts.enqueue_to_all(tx, post.id, now)
    await db.close()


# The parts


async def pace(people: int, database: str) -> None:
    """A post at the set rate, under Telegram's limits, while somebody asks and one chat is flooded."""
    with tempfile.TemporaryDirectory() as folder:
        async with telegram() as outside, filled(outside, people, database, folder) as url:
            await outside.tell("strict")
            await outside.tell("flood")
            async with program(outside, url, folder, rate=RATE):
                await outside.tell("until", sent=int(RATE))
                await outside.tell("ask")
                told = await outside.tell("until", sent=people)
    came = [(at, chat, status) for at, chat, status in told["came"]]
    post = [(at, chat) for at, chat, status in came if status == HTTPStatus.OK and chat not in CURIOUS]
    refused = [(at, chat) for at, chat, status in came if status == HTTPStatus.TOO_MANY_REQUESTS]
    rate = (len(came) - 1) / (came[-1][0] - came[0][0])
    print(f"pace, {database}, {people:,} chats at {RATE:g}/s, {len(told['answered'])} answers to commands meanwhile")
    print(f"  rate reached            {rate:8.2f} /s, {rate / RATE:.1%} of the set rate (asked: 97 %)")
    print(f"  most in a sliding second{most_in_a_second([at for at, _, _ in came]):8} (asked: 30 at most)")
    print(f"  refused by Telegram     {len(refused) - 1:8} besides the one that was asked for (asked: 0)")
    print(f"  twice to one chat       {len(post) - len({chat for _, chat in post}):8}")
    answered = sorted(told["answered"])
    print(
        f"  answers                 {percentile(answered, 95) * 1000:8.0f} ms p95 (asked: under 300), "
        f"{percentile(answered, 50) * 1000:.0f} ms p50"
    )
    pairs = [(before, gap) for (before, _), gap in zip(post, gaps([at for at, _ in post]), strict=False)]
    usual = percentile(sorted(gap for _, gap in pairs), 50)
    for at, chat in refused[:1]:
        others = max(gap for before, gap in pairs if at - 0.5 <= before <= at + FLOODED + 0.5)
        without = max(gap for before, gap in pairs if before > at + FLOODED + 0.5)
        again = next((when for when, whom in post if whom == chat), math.nan)
        print(
            f"  a flooded chat          {(others - usual) * 1000:8.0f} ms more than usual for the others (asked: 100); "
            f"{(without - usual) * 1000:.0f} ms at most without"
        )
        print(f"                          {again - at:8.2f} s until it is tried again (told: {FLOODED})", flush=True)


def gaps(times: Sequence[float]) -> list[float]:
    """Seconds between each and the next."""
    return [after - before for before, after in pairwise(times)]


async def ceiling(people: int, database: str) -> None:
    """The same without limits: wall time, CPU, and once more with a profile."""
    with tempfile.TemporaryDirectory() as folder:
        async with (
            telegram() as outside,
            filled(outside, people, database, folder) as url,
            program(outside, url, folder, rate=1_000) as running,
        ):
            await outside.tell("until", sent=people // 20)
            begun = running.cpu_times()
            told = await outside.tell("until", sent=people)
            ended = running.cpu_times()
        times = [at for at, _, _ in told["came"][people // 20 :]]
        cpu = (ended.user + ended.system - begun.user - begun.system) / len(times)
        rate = len(times) / (times[-1] - times[0])
        print(f"ceiling, {database}, {people:,} chats without limits")
        print(f"  by the clock            {rate:8.0f} /s, with the sandbox on the other core")
        print(f"  CPU of the program      {cpu * 1000:8.2f} ms a message, so {1 / cpu:,.0f}/s of one core", flush=True)
    few = min(people, 3_000)
    with tempfile.TemporaryDirectory() as folder:
        profile = f"{folder}/profile"
        async with (
            telegram() as outside,
            filled(outside, few, database, folder) as url,
            program(outside, url, folder, rate=1_000, profile=profile),
        ):
            await outside.tell("until", sent=few)
        where_it_goes(profile)


PLACES = {
    "the library: building and reading requests": ("/telegram/",),
    "HTTP": ("/aiohttp/", "/yarl/", "/multidict/", "/aiohappyeyeballs/"),
    "the database": ("/sqlalchemy/", "/aiosqlite/", "/asyncpg/", "sqlite3"),
    "the program's own code": ("/bot/",),
    "the event loop": ("/asyncio/", "/selectors.py", "epoll", "/concurrent/", "/threading.py"),
}


def where_it_goes(profile: str) -> None:
    """Shares of the time by package, from a profile (which makes everything slower, but not equally)."""
    stats: Any = pstats.Stats(profile)
    shares = dict.fromkeys([*PLACES, "everything else"], 0.0)
    for (file, _, name), (_, _, own, _, callers) in stats.stats.items():
        if "poll" in name and file == "~":
            continue  # waiting is no work
        # What is built in belongs to whoever called it.
        parts = [(caller[0], its[2]) for caller, its in callers.items()] if file == "~" else [(file, own)]
        for where, seconds in parts:
            shares[place_of(where)] += seconds
    total = sum(shares.values())
    for place, seconds in sorted(shares.items(), key=lambda one: -one[1]):
        print(f"  {seconds / total:6.0%}  {place}", flush=True)


def place_of(file: str) -> str:
    """Whose code it is."""
    return next((place for place, signs in PLACES.items() if any(sign in file for sign in signs)), "everything else")


async def wire() -> None:
    """CPU per message of each way to speak to Telegram, 30 in flight."""
    print(f"wire, {IN_FLIGHT} in flight, {WIRE_MESSAGES:,} messages each")
    costs = {}
    async with telegram() as outside:
        await outside.tell("people", number=IN_FLIGHT)
        for name in WIRES:
            process = await asyncio.create_subprocess_exec(
                sys.executable, __file__, "--wire", name, f"{outside.url} {outside.token}",
                stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            said, _ = await process.communicate()
            costs[name] = float(said)
    for name, cost in costs.items():
        print(f"  {name:<24}{cost * 1000:8.2f} ms CPU a message, {cost / costs['ours']:.1f} times ours")
    print("  asked: 0.8 ms at most", flush=True)


async def wire_ours(where: str) -> None:
    """The messenger over its transport."""
    from telegram import Bot

    from bot.adapters.messenger import TelegramMessenger
    from bot.adapters.transport import AiohttpRequest
    from bot.model import Message

    url, token = where.split()
    async with Bot(token, f"{url}/bot", request=AiohttpRequest(), get_updates_request=AiohttpRequest()) as bot:
        messenger, message = TelegramMessenger(bot), Message(POST)

        async def send(chat: int) -> None:
            await messenger.send(chat, message)

        await load(send)


async def wire_stock(where: str) -> None:
    """The library with its own transport."""
    from telegram import Bot
    from telegram.request import HTTPXRequest

    url, token = where.split()
    request = HTTPXRequest(connection_pool_size=64, pool_timeout=60)
    async with Bot(token, f"{url}/bot", request=request, get_updates_request=HTTPXRequest()) as bot:

        async def send(chat: int) -> None:
            await bot.send_message(chat, POST, parse_mode="HTML")

        await load(send)


async def wire_bare(where: str) -> None:
    """Neither library nor error handling: the least that a message can cost with aiohttp."""
    import aiohttp

    url, token = where.split()
    async with aiohttp.ClientSession() as session:

        async def send(chat: int) -> None:
            message = {"chat_id": str(chat), "text": POST, "parse_mode": "HTML"}
            async with session.post(f"{url}/bot{token}/sendMessage", json=message) as answer:
                await answer.read()

        await load(send)


async def load(send: Callable[[int], Awaitable[None]]) -> None:
    """Prints the seconds of CPU that a message took."""
    waiting = deque(range(WIRE_MESSAGES))

    async def worker(chat: int) -> None:
        while waiting:
            waiting.pop()
            await send(chat)

    await send(FIRST_PERSON)
    begun = time.process_time()
    await asyncio.gather(*(worker(FIRST_PERSON + number) for number in range(IN_FLIGHT)))
    print((time.process_time() - begun) / WIRE_MESSAGES)


WIRES: dict[str, Callable[[str], Coroutine[Any, Any, None]]] = {
    "ours": wire_ours,
    "stock": wire_stock,
    "bare aiohttp": wire_bare,
}


def most_in_a_second(times: Sequence[float]) -> int:
    """The most messages that came within any second."""
    recent: deque[float] = deque()
    most = 0
    for at in sorted(times):
        recent.append(at)
        while recent[0] <= at - 1.0:
            recent.popleft()
        most = max(most, len(recent))
    return most


def percentile(values: Sequence[float], part: float) -> float:
    """Of sorted values."""
    return values[min(len(values) - 1, int(len(values) * part / 100))]


if __name__ == "__main__":
    main()
