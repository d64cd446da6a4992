"""What fails under the program: a database that dies in the middle, a disk that is full, a clock that jumps."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from bot.errors import StorageError
from bot.model import Access, BroadcastState, ChatKind, DeliveryKind, DeliveryState, Message, NewDelivery, Role
from bot.pipeline.deliver import Sender
from bot.rules.pacer import Pacer
from bot.sandbox.chats import User
from bot.sandbox.limits import NO_LIMITS
from bot.sandbox.server import Sandbox
from bot.storage import broadcasts, chats, deliveries, users
from bot.storage.database import Database
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
    sandbox.set_limits(NO_LIMITS)
    for number in range(FIRST, FIRST + READERS):
        sandbox.world.add_user(User(number, f"Reader {number}")).started = True
    app = await start(database_url=own_postgres.url, rate=40)
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
    app.wake("deliver")
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


async def arrivals(sandbox: Sandbox, number: int) -> None:
    """Waits for so many messages to readers."""
    changed = asyncio.Event()
    stop_listening = sandbox.world.listen(lambda _change: changed.set())
    async with asyncio.timeout(PATIENCE):
        while len([call for call in sandbox.calls_of("sendMessage") if call.result]) < number:
            changed.clear()
            await changed.wait()
    stop_listening()


async def test_a_full_disk_takes_nothing_new_and_goes_on_sending(sqlite_db: Database, clock: FakeClock) -> None:
    telegram = FakeMessenger()
    people = [await meet_chat(sqlite_db, number) for number in range(1, 21)]
    await record(sqlite_db, [to_send(chat, "Before") for chat in people])
    limit = [0]

    @event.listens_for(sqlite_db.engine.sync_engine, "begin")
    def narrow(connection: sa.Connection) -> None:
        pages = limit[0] or 1_000_000
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    async with sqlite_db.read() as tx:
        limit[0] = (await tx.exec_driver_sql("PRAGMA page_count")).scalar_one() + 2
    with pytest.raises(StorageError, match="full"):
        await record(sqlite_db, [to_send(people[0], WAY_TOO_MUCH)])
    sending = Sender(sqlite_db, telegram, Pacer(1_000), clock)
    assert await sending.run() == 20
    limit[0] = 0
    assert await record(sqlite_db, [to_send(people[0], "After")]) == 1
    assert await sending.run() == 1
    async with sqlite_db.read() as tx:
        states = {one.state for chat in people for one in await deliveries.of_chat(tx, chat.id)}
    assert states == {DeliveryState.SENT}
    assert telegram.texts(1) == ["Before", "After"]


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
