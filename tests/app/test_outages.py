"""What fails under the program: a database that dies in the middle, a disk that is full, a clock that jumps."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from bot.adapters.clock import SystemClock
from bot.app import App
from bot.errors import StorageError
from bot.model import Access, BroadcastState, ChatKind, DeliveryKind, DeliveryState, Message, NewDelivery, Role
from bot.pipeline import runner
from bot.pipeline.deliver import Sender
from bot.rules.pacer import Pacer
from bot.sandbox.botapi import Call
from bot.sandbox.chats import User
from bot.sandbox.limits import NO_LIMITS
from bot.sandbox.server import Sandbox
from bot.storage import broadcasts, chats, deliveries, users
from bot.storage.database import Database, Tx
from bot.storage.tables import deliveries as outbox
from tests.app.conftest import Start
from tests.conftest import FakeClock
from tests.fakes import FakeMessenger, meet_chat, record, to_send
from tests.postgres_cluster import Cluster, cluster, is_installed

READERS = 80
FIRST = 5_000
KILL_AFTER = 20  # messages
PATIENCE = 60.0  # seconds
WAY_TOO_MUCH = "x" * 400_000


@pytest.fixture
async def own_postgres(unused_tcp_port: int) -> AsyncIterator[Cluster]:
    """A PostgreSQL server that nobody else uses."""
    if not is_installed():
        pytest.skip("no PostgreSQL server programs on this machine")
    async with cluster(unused_tcp_port) as its:
        yield its


@pytest.mark.postgres
async def test_a_database_that_is_killed_in_the_middle_of_a_post_loses_and_doubles_nothing(
    sandbox: Sandbox, start: Start, own_postgres: Cluster
) -> None:
    let_readers_in(sandbox)
    app = await start(database_url=own_postgres.url, rate=40)
    await post_to_readers(app)
    await arrivals(sandbox, KILL_AFTER)
    await own_postgres.kill()
    failed = asyncio.Event()
    app._listeners.append(failed.set)
    await failed.wait()
    await own_postgres.start()
    async with asyncio.timeout(PATIENCE):
        while True:
            async with app.db.read() as tx:
                rows = (await tx.execute(sa.select(outbox.c.state, outbox.c.uncertain, outbox.c.chat_id))).all()
            if all(row.state in (DeliveryState.SENT, DeliveryState.FAILED) for row in rows):
                break
            failed.clear()
            await failed.wait()
    came = [len(sandbox.sent(number)) for number in range(FIRST, FIRST + READERS)]
    assert max(came) == 1
    sent = sum(row.state == DeliveryState.SENT for row in rows)
    assert all(row.uncertain for row in rows if row.state == DeliveryState.FAILED)
    assert sent <= sum(came) <= len(rows) == READERS


def let_readers_in(sandbox: Sandbox) -> None:
    """READERS people who have started the bot, and no limits."""
    sandbox.set_limits(NO_LIMITS)
    for number in range(FIRST, FIRST + READERS):
        sandbox.world.add_user(User(number, f"Reader {number}")).started = True


async def post_to_readers(app: App, disk: "Disk | None" = None) -> None:
    """A post that goes to all of them; a disk is full as soon as it is recorded."""
    now = app.clock.now()
    async with app.db.write() as tx:
        for number in range(FIRST, FIRST + READERS):
            await chats.meet(
                tx, telegram_chat_id=number, thread_id=0, kind=ChatKind.PRIVATE, title="Reader", language="en",
                timezone="UTC", now=now,
            )  # fmt: skip
        admin = await users.meet(tx, telegram_user_id=1, name="Ada", language="en", access=Access.ALLOWED, now=now)
        await users.set_role(tx, admin.id, Role.OWNER)
        post = await broadcasts.add(tx, text="Post", article_id=None, created_by=admin.id, now=now)
        await broadcasts.advance(tx, post.id, to=BroadcastState.SENDING, of=(BroadcastState.DRAFT,))
        await broadcasts.enqueue_to_all(tx, post.id, now)
        if disk is not None:
            await disk.fill(tx)
    app.wake("deliver")


async def arrivals(sandbox: Sandbox, number: int, *, to: Collection[int] = ()) -> None:
    """Waits for so many messages to some chats, or to any."""
    changed = asyncio.Event()
    stop_listening = sandbox.world.listen(lambda _change: changed.set())
    async with asyncio.timeout(PATIENCE):
        while sum(bool(call.result) and is_to(call, to) for call in sandbox.calls_of("sendMessage")) < number:
            changed.clear()
            await changed.wait()
    stop_listening()


def is_to(call: Call, chats_: Collection[int]) -> bool:
    return not chats_ or int(str(call.params["chat_id"])) in chats_


class Disk:
    """The disk of a database on SQLite: `fill` leaves room for so many pages, `free` for all."""

    def __init__(self, db: Database) -> None:
        self._limit = 0
        event.listen(db.engine.sync_engine, "begin", self._narrow)

    async def fill(self, tx: Tx, *, left: int = 0) -> None:
        self._limit = (await tx.exec_driver_sql("PRAGMA page_count")).scalar_one() + left

    def free(self) -> None:
        self._limit = 0

    def _narrow(self, connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"PRAGMA max_page_count={self._limit or 1_000_000}")


async def test_a_full_disk_takes_nothing_new_and_goes_on_sending(sqlite_db: Database, clock: FakeClock) -> None:
    telegram, disk = FakeMessenger(), Disk(sqlite_db)
    people = [await meet_chat(sqlite_db, number) for number in range(1, 21)]
    await record(sqlite_db, [to_send(chat, "Before") for chat in people])
    async with sqlite_db.read() as tx:
        await disk.fill(tx, left=2)
    with pytest.raises(StorageError, match="full"):
        await record(sqlite_db, [to_send(people[0], WAY_TOO_MUCH)])
    sending = Sender(sqlite_db, telegram, Pacer(1_000), clock)
    assert await sending.run() == 20
    disk.free()
    assert await record(sqlite_db, [to_send(people[0], "After")]) == 1
    assert await sending.run() == 1
    async with sqlite_db.read() as tx:
        states = {one.state for chat in people for one in await deliveries.of_chat(tx, chat.id)}
    assert states == {DeliveryState.SENT}
    assert telegram.texts(1) == ["Before", "After"]


class Log:
    """A log that a test reads."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.said = asyncio.Event()

    def __getattr__(self, level: str) -> Callable[..., None]:
        def say(what: str, **facts: object) -> None:
            self.lines.append(f"{level}: {what} {facts}")
            self.said.set()

        return say

    def about(self, *signs: str) -> list[str]:
        return [line for line in self.lines if all(sign in line for sign in signs)]


async def test_the_program_says_once_that_the_disk_is_full_and_goes_on_when_there_is_room(
    sandbox: Sandbox, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, stepped = Log(), asyncio.Event()
    monkeypatch.setattr(runner, "logger", log)
    let_readers_in(sandbox)
    app = await start(rate=1_000)
    app._listeners.append(stepped.set)
    disk = Disk(app.db)
    await post_to_readers(app, disk)
    async with asyncio.timeout(PATIENCE):
        while not log.about("error", "deliver", "full"):
            log.said.clear()
            await log.said.wait()
        for _ in range(10):
            stepped.clear()
            app.wake("deliver")
            await stepped.wait()
    await sandbox.ask("You", "/help")
    assert len(log.about("error", "deliver", "full")) == 1
    disk.free()
    await arrivals(sandbox, READERS, to=range(FIRST, FIRST + READERS))
    async with asyncio.timeout(PATIENCE):
        while not log.about("info", "works again", "deliver"):
            log.said.clear()
            await log.said.wait()
    assert [len(sandbox.sent(number)) for number in range(FIRST, FIRST + READERS)] == [1] * READERS


class Jumping(SystemClock):
    """The machine's clock, which somebody sets."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


@pytest.mark.parametrize("hours", [36, -36])
async def test_a_clock_that_is_set_while_the_program_sends_loses_and_doubles_nothing(
    sandbox: Sandbox, start: Start, hours: int
) -> None:
    let_readers_in(sandbox)
    clock = Jumping()
    app = await start(clock=clock, rate=100)
    await post_to_readers(app)
    await arrivals(sandbox, KILL_AFTER)
    clock.ahead = timedelta(hours=hours)
    await sandbox.ask("You", "/help")
    clock.ahead = timedelta(hours=max(hours, 0))
    await arrivals(sandbox, READERS, to=range(FIRST, FIRST + READERS))
    await sandbox.ask("You", "/list", "follow")
    assert [len(sandbox.sent(number)) for number in range(FIRST, FIRST + READERS)] == [1] * READERS


@pytest.mark.parametrize("hours", [36, -36, 0.01, -0.01])
async def test_a_clock_that_jumps_while_it_sends_loses_and_doubles_nothing(
    db: Database, clock: FakeClock, hours: float
) -> None:
    telegram = FakeMessenger(hanging={1})
    people = [await meet_chat(db, number) for number in range(1, 6)]
    sending = Sender(db, telegram, Pacer(1_000), clock, in_flight=2)
    await record(db, [to_send(chat, "News") for chat in people])
    running = asyncio.create_task(sending.run())
    await telegram.reached.wait()
    clock.move(hours=hours)
    telegram.release.set()
    await running
    standby = Sender(db, telegram, Pacer(1_000), clock)
    clock.set(max(clock.now(), clock.now() - timedelta(hours=hours)))
    await sending.run()
    await sending.close()
    await standby.run()
    assert [telegram.texts(chat.telegram_chat_id) for chat in people] == [["News"]] * 5
    now = clock.now()
    late = NewDelivery(people[0].id, DeliveryKind.ALERT, "late", Message("Late"), now)
    await record(db, [late], now)
    assert await standby.run() == 1
