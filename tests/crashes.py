"""The program killed again and again under load: what it is given to do, when it dies, and how it lives again.

`tests.books` says whether everything came out right.
"""

import asyncio
import os
import random
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Literal
from uuid import uuid4

import aiohttp
import asyncpg
import sqlalchemy as sa
from aiohttp import web
from sqlalchemy.engine import make_url

from bot.actions import tokens
from bot.model import (
    Access,
    BroadcastState,
    Chat,
    ChatKind,
    ChatState,
    DeliveryKind,
    DeliveryState,
    Message,
    Mode,
    NewDelivery,
    Role,
    SourceKind,
)
from bot.rules.queries import parse_query
from bot.sandbox.chats import User
from bot.sandbox.limits import NO_LIMITS
from bot.sandbox.server import Sandbox
from bot.storage import broadcasts, chats, deliveries, polling, sources, subscriptions, users
from bot.storage.database import Database
from bot.storage.migrate import migrate
from bot.storage.tables import articles
from bot.storage.tables import chats as chat_rows
from bot.storage.tables import deliveries as outbox
from bot.storage.tables import sources as feeds
from bot.storage.tables import subscriptions as following
from tests.make import due_now

SERVER = os.environ.get("TEST_POSTGRES_URL", "postgresql://root@127.0.0.1:5432/test")
ALERT_TOPIC, BRIEFING_TOPIC = "harbour", "orchard"  # a reader follows both: one at once, one on schedule
TOPICS = (ALERT_TOPIC, BRIEFING_TOPIC)
READERS = 8
CHATS = 40  # with the readers
FEEDS = 2
PUSHES = 3  # articles that the API gets in a run
FIRST_PERSON = 5_000
SLOWEST = 0.03  # seconds that a message takes to the sandbox at most, and its answer back
STARTING = 40.0  # seconds after which a kill no longer waits for what should have come first
SETTLING = 120.0  # seconds that the last run has for everything that is left

Event = Literal["spawn", "send", "fetch", "push"]


@dataclass(frozen=True, slots=True)
class Kill:
    """When a run is killed: so many seconds after the n-th of something that it did."""

    event: Event
    number: int
    seconds: float


def plan(seed: int, number: int) -> list[Kill]:
    """Kills at random: while it starts, between the n-th message and its answer, and on an article's way."""
    chance = random.Random(seed)
    kills = []
    for _ in range(number):
        kind = chance.random()
        if kind < 0.15:
            kills.append(Kill("spawn", 1, chance.uniform(0, 2)))
        elif kind < 0.65:
            kills.append(Kill("send", chance.randint(1, 30), chance.uniform(0, 2 * SLOWEST)))
        elif kind < 0.85:
            kills.append(Kill("fetch", chance.randint(1, FEEDS), chance.uniform(0, 2)))
        else:
            kills.append(Kill("push", chance.randint(1, PUSHES), chance.uniform(0, 0.5)))
    return kills


class Counter:
    """Counts what happens, and lets somebody wait for a number of it."""

    def __init__(self) -> None:
        self.count = 0
        self._changed = asyncio.Event()

    def add(self) -> None:
        self.count += 1
        self._changed.set()

    async def reach(self, number: int) -> None:
        while self.count < number:
            self._changed.clear()
            await self._changed.wait()


@dataclass
class Outside:
    """Telegram behind a slow wire, and feeds that grow: what a killed program leaves behind is here."""

    seed: int
    sends: Counter = field(default_factory=Counter)
    fetches: Counter = field(default_factory=Counter)
    pushes: Counter = field(default_factory=Counter)
    published: list[list[tuple[str, str, datetime]]] = field(default_factory=lambda: [[] for _ in range(FEEDS)])

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self.sandbox = Sandbox(limits=NO_LIMITS, routes=[web.get("/crash/{number}.xml", self._feed)])
        self.sandbox.app.middlewares.append(self._wire)

    def let_in(self) -> list[int]:
        """People who have started the bot; their ids."""
        ids = list(range(FIRST_PERSON, FIRST_PERSON + CHATS))
        for number in ids:
            self.sandbox.world.add_user(User(number, f"Reader {number}")).started = True
        return ids

    def publish(self, number: int, topics: Sequence[str]) -> None:
        """An article about the topics appears in a feed."""
        at = datetime.now(UTC).replace(microsecond=0)
        self.published[number].append((*self.article(topics), at))

    def article(self, topics: Sequence[str]) -> tuple[str, str]:
        """Address and title of one more article. Its other words are nobody else's, so it is a story of its own."""
        words = ["".join(self._chance.choices("bdfgklmnprstvz", k=7)) for _ in range(6)]
        return f"https://news.example/{words[0]}-{words[1]}", " ".join([*topics, *words])

    def feed_url(self, number: int) -> str:
        return f"{self.sandbox.url}/crash/{number}.xml"

    async def _feed(self, request: web.Request) -> web.Response:
        self.fetches.add()
        items = self.published[int(request.match_info["number"])]
        body = "".join(
            f"<item><title>{title}</title><link>{link}</link><pubDate>{format_datetime(at)}</pubDate></item>"
            for link, title, at in items
        )
        feed = f"<rss version='2.0'><channel><title>Feed</title>{body}</channel></rss>"
        return web.Response(text=feed, content_type="application/rss+xml")

    @web.middleware
    async def _wire(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        if not request.path.endswith("/sendMessage"):
            return await handler(request)
        try:
            await request.read()  # it has left the program, which may die now
        except ConnectionError:  # … or has died already
            return web.Response(status=400)
        self.sends.add()
        await asyncio.sleep(self._chance.uniform(0, SLOWEST))
        answer = await handler(request)
        await asyncio.sleep(self._chance.uniform(0, SLOWEST))
        return answer


class Program:
    """`briefwire run` as a process of its own, against the outside."""

    def __init__(self, outside: Outside, url: str, folder: Path) -> None:
        self._outside = outside
        self._folder = folder
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("BRIEFWIRE_")},
            "PYTHONPATH": str(Path(__file__).parents[1]),
            "BRIEFWIRE_API_URL": outside.sandbox.url,
            "BRIEFWIRE_TOKEN": outside.sandbox.token,
            "BRIEFWIRE_DATABASE_URL": url,
            "BRIEFWIRE_ACCESS": "open",
            "BRIEFWIRE_LISTEN": "127.0.0.1:0",
            "BRIEFWIRE_RATE": "1000",
            "BRIEFWIRE_ALLOWED_NETWORKS": "127.0.0.0/8",
            "BRIEFWIRE_LOG_LEVEL": "ERROR",
        }
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> asyncio.subprocess.Process:
        """Starts it; what it logs goes to a file."""
        with (self._folder / "program.log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", "run",
                cwd=self._folder, env=self._environment, stdout=asyncio.subprocess.PIPE, stderr=log,
            )  # fmt: skip
        return self._process

    async def portal(self) -> str:
        """Where it takes articles, once it has started."""
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            name, _, value = line.decode().partition(" ")
            if name == "Portal":
                return value.strip()
        raise EOFError("it ended before it had started")

    async def kill(self) -> None:
        """SIGKILL, whatever it is doing."""
        if self._process is not None:
            if self._process.returncode is None:
                self._process.kill()
            await self._process.wait()

    async def end(self) -> int:
        """Waits for its end; the exit code."""
        assert self._process is not None
        return await self._process.wait()

    @property
    def log(self) -> str:
        """What went wrong in all its lives."""
        return (self._folder / "program.log").read_text()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    """The database for a moment: while the program runs and when it is dead, nobody else holds it open."""
    db = Database(url)
    try:
        yield db
    finally:
        await db.close()


@asynccontextmanager
async def own_database(server: str = SERVER) -> AsyncIterator[str]:
    """The URL of a new database on a PostgreSQL server, dropped at the end."""
    name = f"briefwire_crash_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(server)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


class Ordeal:
    """The program under load, killed and started again until everything is done.

    Attributes:
        in_flight: of each kill, how many messages it left on the wire.
        accepted: address and title of the articles that its API has said yes to.
        slots: how many times of day became due.
    """

    def __init__(self, outside: Outside, url: str, folder: Path) -> None:
        self.outside = outside
        self.url = url
        self.program = Program(outside, url, folder)
        self.in_flight: list[int] = []
        self.accepted: list[tuple[str, str]] = []
        self.slots = 0
        self._chance = random.Random(outside.seed)
        self._chats: list[Chat] = []
        self._rows = self._posts = 0
        self._admin = 0
        self._secret = ""
        self._left_before: set[tuple[int, int]] = set()

    async def prepare(self) -> None:
        """People, what they follow, the feeds, and a first load."""
        now = datetime.now(UTC)
        people = self.outside.let_in()
        async with opened(self.url) as db:
            await migrate(db)
            _, self._secret = await tokens.create(db, "push", now)
            async with db.write() as tx:
                user = await users.meet(
                    tx, telegram_user_id=1, name="Ada", language="en", access=Access.ALLOWED, now=now
                )
                await users.set_role(tx, user.id, Role.OWNER)
                self._admin = user.id
                for number in people:
                    self._chats.append(
                        await chats.meet(
                            tx, telegram_chat_id=number, thread_id=0, kind=ChatKind.PRIVATE, title=f"Reader {number}",
                            language="en", timezone="UTC", now=now,
                        )
                    )  # fmt: skip
                for chat in self._chats[:READERS]:
                    for topic, mode in ((ALERT_TOPIC, Mode.ALERT), (BRIEFING_TOPIC, Mode.BRIEFING)):
                        query = parse_query(topic)
                        await subscriptions.add(
                            tx, chat_id=chat.id, canonical=query.canonical, text=topic, label="", mode=mode, now=now
                        )
                # Without rest for a flood: every story is to be told.
                await tx.execute(sa.update(following).values(kept_until=now + timedelta(days=1)))
                for number in range(FEEDS):
                    source = await sources.add(
                        tx, kind=SourceKind.FEED, url=self.outside.feed_url(number), now=now, next_fetch_at=now
                    )
                    assert source is not None
                    await polling.record_success(  # the first import of a source tells nobody
                        tx, source.id, now=now, next_fetch_at=now, etag="", last_modified="", body_hash=""
                    )
        await self._record(2 * CHATS)

    async def survive(self, kills: Sequence[Kill]) -> None:
        """Runs and kills, then runs until nothing is left to do."""
        for number, kill in enumerate(kills):
            await self._load(number)
            await self._run_until(kill)
        await self._load(len(kills))
        await self._run_to_the_end()

    async def _load(self, number: int) -> None:
        """New work for the next run; and sources and pages that a dead process was fetching are free again.

        The lease of a dead sender is left to it: the next program has to see by itself that it is dead.
        """
        now = datetime.now(UTC)
        for feed in range(FEEDS):
            self.outside.publish(feed, self._chance.choice(((ALERT_TOPIC,), (BRIEFING_TOPIC,), TOPICS)))
        reader = self._chats[number % READERS]
        async with opened(self.url) as db, db.write() as tx:
            sending = sa.select(outbox.c.id, outbox.c.attempts).where(outbox.c.state == DeliveryState.SENDING)
            left = {(row.id, row.attempts) for row in await tx.execute(sending)} - self._left_before
            self._left_before |= left
            self.in_flight.append(len(left))
            await tx.execute(sa.update(feeds).values(leased_until=None, next_fetch_at=now))
            await tx.execute(sa.update(articles).where(articles.c.page_at.is_not(None)).values(page_at=now))
            await tx.execute(sa.update(chat_rows).where(chat_rows.c.next_run_at.is_not(None)).values(next_run_at=now))
            await due_now(tx, reader, time(number // 60 % 24, number % 60), now)
            self.slots += 1
        if number % 20 == 0:
            await self._post()
        await self._record(CHATS // 2)

    async def _record(self, number: int) -> None:
        """Messages for chats by chance."""
        now = datetime.now(UTC)
        new = []
        for _ in range(number):
            self._rows += 1
            kind = self._chance.choice((DeliveryKind.ALERT, DeliveryKind.BRIEFING))
            chat = self._chats[self._rows % CHATS]
            new.append(NewDelivery(chat.id, kind, f"crash:{self._rows}", Message(f"Message {self._rows}"), now))
        async with opened(self.url) as db, db.write() as tx:
            await deliveries.enqueue(tx, new, now)

    async def _post(self) -> None:
        """A post to every chat."""
        now = datetime.now(UTC)
        self._posts += 1
        async with opened(self.url) as db, db.write() as tx:
            post = await broadcasts.add(
                tx, text=f"Post {self._posts}", article_id=None, created_by=self._admin, now=now
            )
            await broadcasts.advance(tx, post.id, to=BroadcastState.SENDING, of=(BroadcastState.DRAFT,))
            await broadcasts.enqueue_to_all(tx, post.id, now)

    async def _run_until(self, kill: Kill) -> None:
        outside = self.outside
        counters = {"send": outside.sends, "fetch": outside.fetches, "push": outside.pushes}
        reached = {name: counter.count for name, counter in counters.items()}
        await self.program.start()
        pushing = asyncio.create_task(self._push())
        try:
            async with asyncio.timeout(STARTING):
                if kill.event != "spawn":
                    await counters[kill.event].reach(reached[kill.event] + kill.number)
                await asyncio.sleep(kill.seconds)
        except TimeoutError:
            pass  # there was nothing to send: it dies idle
        await self.program.kill()
        pushing.cancel()
        await asyncio.gather(pushing, return_exceptions=True)

    async def _push(self) -> None:
        """Hands articles to the API as soon as it is there; only what it says yes to is its own from then on."""
        portal = await self.program.portal()
        headers = {"Authorization": f"Bearer {self._secret}"}
        async with aiohttp.ClientSession(headers=headers) as client:
            for _ in range(PUSHES):
                url, title = self.outside.article(TOPICS)
                async with client.post(f"{portal}/api/v1/articles", json={"url": url, "title": title}) as answer:
                    answer.raise_for_status()
                self.accepted.append((url, title))
                self.outside.pushes.add()

    async def _run_to_the_end(self) -> None:
        await self.program.start()
        await self._push()
        something = Counter()
        stop_listening = self.outside.sandbox.world.listen(lambda _change: something.add())
        try:
            async with asyncio.timeout(SETTLING), opened(self.url) as db:
                while await self._left(db):
                    with suppress(TimeoutError):  # the database of another process says nothing when it changes
                        async with asyncio.timeout(0.25):
                            await something.reach(something.count + 1)
        finally:
            stop_listening()
            await self.program.kill()

    async def _left(self, db: Database) -> int:
        """How much is not done yet."""
        now = datetime.now(UTC)
        conditions = (
            outbox.c.state.in_([DeliveryState.QUEUED, DeliveryState.SENDING]),
            articles.c.story_id.is_(None) | articles.c.matched_at.is_(None) | articles.c.alerted_at.is_(None),
            (chat_rows.c.next_run_at <= now) & (chat_rows.c.state == ChatState.ACTIVE),
            (feeds.c.kind == SourceKind.FEED) & (feeds.c.next_fetch_at <= now),
        )
        async with db.read() as tx:
            return sum([await tx.scalar(sa.select(sa.func.count()).where(one)) or 0 for one in conditions])
