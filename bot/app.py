"""The composition root: builds every part from the settings, starts them in order, stops them the other way round."""

import asyncio
import hashlib
from collections.abc import Callable, Collection, Coroutine
from contextlib import AsyncExitStack
from enum import StrEnum
from importlib.metadata import version
from typing import Any

from bot.actions import account
from bot.actions.alarms import source_fell_ill, warn_of_silence
from bot.actions.hubs import ask_hubs
from bot.actions.matching import LiveMatcher
from bot.actions.reading import read_briefing
from bot.actions.stats import Outlook
from bot.adapters.clock import SystemClock
from bot.adapters.fetcher import HttpFetcher
from bot.adapters.process import identity, is_dead
from bot.adapters.workers import ProcessWorkers
from bot.config import Settings
from bot.errors import BriefwireError
from bot.log import get
from bot.model import Source
from bot.pipeline.alert import alert
from bot.pipeline.brief import brief_due
from bot.pipeline.broadcast import broadcast
from bot.pipeline.collect import Collector
from bot.pipeline.complete import Completer
from bot.pipeline.deliver import Sender
from bot.pipeline.forget import forget
from bot.pipeline.group import Grouper
from bot.pipeline.match import follow, index, match
from bot.pipeline.progress import Progress
from bot.pipeline.runner import Runner, Step
from bot.ports import Clock
from bot.rules.pacer import Pacer
from bot.rules.polling import NORMAL, Rhythm
from bot.rules.rendering import BriefingView
from bot.storage.database import Database
from bot.storage.figures import figures
from bot.storage.migrate import migrate
from bot.telegram.connection import Connection
from bot.telegram.turn import Services
from bot.texts import Catalogue
from bot.web.deps import WebDeps
from bot.web.metrics import Metrics
from bot.web.server import WebServer

STREAM = 0.15  # seconds of a stream of articles that a step does together; three steps are well within two seconds

log = get(__name__)


class Part(StrEnum):
    """What a process may do; one does everything unless it is told otherwise."""

    COLLECT = "collect"
    PROCESS = "process"
    SEND = "send"
    WEB = "web"


EVERYTHING = frozenset(Part)


class App:
    """The whole program, in one process.

    Args:
        settings: of the operator.
        parts: which roles this process has.
        clock: of the machine unless a test has its own.
        rhythm: how often sources are fetched.

    Attributes:
        claim_code: what makes the first person who sends it the owner; empty when there is one.
        portal_url: where the portal is, once started.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        parts: Collection[Part] = EVERYTHING,
        clock: Clock | None = None,
        rhythm: Rhythm = NORMAL,
    ) -> None:
        self.settings = settings
        self.parts = frozenset(parts)
        self.clock = clock or SystemClock()
        self.db = Database(settings.database)
        self.claim_code = ""
        self.portal_url = ""
        self.username = ""
        self.workers = ProcessWorkers()
        self.matcher = LiveMatcher(self.workers, regexes=settings.regex)
        self.metrics = Metrics(self.clock, version=version("briefwire"))
        self._rhythm = rhythm
        self._pacer = Pacer(settings.rate)
        self._outlook = Outlook(self.db, settings.rate)
        self._stack = AsyncExitStack()
        self._runner = Runner([])
        self._connection: Connection | None = None
        self._refused: list[asyncio.Future[None]] = []
        self._listeners: list[Callable[[], None]] = []

    async def start(self) -> None:
        """Starts everything. Raises TokenRejected, StorageError, or SettingsError where the port is taken."""
        await self.open()
        await self.listen()

    async def open(self) -> None:
        """Starts everything but listening to people. Raises as `start` does."""
        try:
            await self._open()
        except BaseException:
            await self.stop()
            raise

    async def listen(self) -> None:
        """Takes messages and taps from now on; what was written before is answered, too."""
        if self._connection is not None:
            await self._connection.listen(await self._services(), self._webhook_secret)
        log.info("started", parts=sorted(self.parts), bot=self.username, portal=self.portal_url)

    async def settle(self, patience: float) -> bool:
        """Waits until nothing is due to be fetched, grouped, matched, told or sent.

        Args:
            patience: seconds after which it gives up and returns False.
        """
        stepped = asyncio.Event()
        self._listeners.append(stepped.set)
        try:
            async with asyncio.timeout(patience):
                while await self._is_busy():
                    await stepped.wait()
                    stepped.clear()
        except TimeoutError:
            return False
        finally:
            self._listeners.remove(stepped.set)
        return True

    async def _is_busy(self) -> bool:
        async with self.db.read() as tx:
            queues = (await figures(tx, self.clock.now())).queues
        return any(waiting for waiting, _ in queues.values())

    async def _open(self) -> None:
        self._stack.push_async_callback(self.db.close)
        await migrate(self.db)
        self._stack.push_async_callback(self.workers.close)
        connection = await self._connect() if Part.SEND in self.parts else None
        self.fetcher = HttpFetcher(
            proxy=self.settings.fetch_proxy, allowed_networks=self.settings.allowed_networks, contact=self._contact
        )
        self._stack.push_async_callback(self.fetcher.close)
        steps = self._steps(connection)
        self._runner = Runner(steps, on_run=self._observe)
        if Part.WEB in self.parts:
            await self._serve(connection, tuple(step.name for step in steps if step.every_seconds < 60))
        self._stack.push_async_callback(self._runner.stop)
        self._runner.start()
        self._connection = connection

    async def run(self, until: Coroutine[Any, Any, object]) -> None:
        """Waits until told to stop. Raises what ended the program: TokenRejected, OtherInstanceRunning."""
        stopped: asyncio.Future[object] = asyncio.ensure_future(until)
        refused: set[asyncio.Future[Any]] = {self._runner.failed, *self._refused}
        done, _ = await asyncio.wait([stopped, *refused], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        for refusal in refused & done:
            refusal.result()

    async def stop(self) -> None:
        """Finishes what is on the wire and lets go of everything."""
        await self._stack.aclose()

    def wake(self, step: str) -> None:
        """Tells a step that there is work; other processes find it at their next tick."""
        self._runner.wake(step)

    def _observe(self, step: str, done: int, seconds: float) -> None:
        self.metrics.observe_step(step, max(done, 0), seconds)
        for listener in self._listeners:
            listener()

    @property
    def _contact(self) -> str:
        """What stands in the User-Agent: the portal, else the bot itself."""
        bot = f"https://t.me/{self.username}" if self.username else ""
        return self.settings.public_url or bot or self.settings.contact

    @property
    def _webhook_secret(self) -> str:
        token = self.settings.token.get_secret_value()
        return hashlib.sha256(f"webhook:{token}".encode()).hexdigest()

    async def _connect(self) -> Connection:
        connection = Connection(self.settings, self._pacer)
        self._stack.push_async_callback(connection.close)
        await connection.open()
        self.username = connection.username
        self._refused.append(connection.failed)
        return connection

    async def _services(self) -> Services:
        door = account.Door(self.settings.access, self.settings.admins, self.settings.language, self.settings.timezone)
        if await account.needs_owner(self.db, door):
            self.claim_code = account.new_claim_code()
        return Services(
            db=self.db,
            fetcher=self.fetcher,
            workers=self.workers,
            clock=self.clock,
            matcher=self.matcher,
            door=door,
            wake=self.wake,
            public_url=self.settings.public_url,
            claim_code=self.claim_code,
            rate=self.settings.rate,
            outlook=self._outlook,
        )

    async def _serve(self, connection: Connection | None, steps: tuple[str, ...]) -> None:
        async def briefing(public_id: str, words: Catalogue) -> BriefingView:
            return await read_briefing(self.db, self.workers, public_id, words)

        server = WebServer(
            WebDeps(
                db=self.db,
                workers=self.workers,
                clock=self.clock,
                metrics=self.metrics,
                public_url=self.settings.portal_url,
                language=self.settings.language,
                timezone=self.settings.timezone,
                version=version("briefwire"),
                wake=self.wake,
                on_update=connection.take if connection and self.settings.webhook else None,
                read_briefing=briefing,
                outlook=self._outlook,
                webhook_secret=self._webhook_secret if self.settings.webhook else "",
                steps=steps,
            )
        )
        self._stack.push_async_callback(server.stop)
        await server.start(*self.settings.address)
        self.portal_url = self.settings.public_url or server.url

    def _collector(self) -> Collector:
        async def report(source: Source, error: BriefwireError) -> None:
            await source_fell_ill(self.db, source, error, self.clock.now(), self.wake)

        collector = Collector(self.db, self.fetcher, self.workers, self.clock, report=report, rhythm=self._rhythm)
        self._stack.push_async_callback(collector.close)
        return collector

    def _steps(self, connection: Connection | None) -> list[Step]:
        """The steps of this process: how often each looks by itself, and whom it wakes when it did something."""
        db, clock, workers = self.db, self.clock, self.workers
        public = self.settings.public_url
        grouper = Grouper()
        steps: list[Step] = []
        if Part.COLLECT in self.parts:
            collector = self._collector()
            completer = Completer(db, self.fetcher, workers, clock)
            steps += [
                Step("collect", collector.run, 5, then=("complete", "group"), stop=collector.stop),
                Step("complete", completer.run, 5, then=("group",)),
                Step("hubs", lambda: ask_hubs(db, self.fetcher, self.settings.public_url, clock.now()), 60),
            ]
        if Part.PROCESS in self.parts:
            steps += [
                Step("group", lambda: grouper.run(db, clock.now()), 5, then=("match",), rest=STREAM),
                Step("follow", lambda: follow(db, self.matcher), 1),
                Step("match", lambda: match(db, self.matcher, clock.now()), 5, then=("alert",), rest=STREAM),
                Step("index", lambda: index(self.matcher), 30),
                Step("alert", lambda: alert(db, workers, clock.now()), 5, then=("deliver",), rest=STREAM),
                Step("brief", lambda: brief_due(db, workers, clock.now(), portal_url=public), 10, then=("deliver",)),
                Step("broadcast", lambda: broadcast(db, clock.now()), 2, then=("deliver", "progress")),
                Step("forget", lambda: forget(db, clock.now()), 3600),
                Step("watch", lambda: warn_of_silence(db, clock.now(), self.wake), 3600),
            ]
        if connection is not None:
            messenger = connection.messenger
            sender = Sender(db, messenger, self._pacer, clock, holder=identity(), is_dead=is_dead)
            progress = Progress(messenger)
            self._stack.push_async_callback(sender.close)
            steps += [
                Step("deliver", sender.run, 1, then=("progress",), stop=sender.stop),
                Step("progress", lambda: progress.run(db, clock.now()), 2),
            ]
        return steps
