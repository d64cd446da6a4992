"""Leases: one holder at a time."""

from datetime import timedelta

from bot.storage import leases
from bot.storage.database import Database
from tests.conftest import NOON

MINUTE = timedelta(minutes=1)


async def test_only_one_of_two_gets_the_lease(db: Database) -> None:
    async with db.write() as tx:
        first = await leases.acquire(tx, "send", "one", NOON, NOON + MINUTE)
        second = await leases.acquire(tx, "send", "two", NOON, NOON + MINUTE)
    assert first is not None
    assert first.epoch == 1
    assert second is None


async def test_a_lease_that_ran_out_goes_to_the_next_with_a_higher_epoch(db: Database) -> None:
    async with db.write() as tx:
        first = await leases.acquire(tx, "send", "one", NOON, NOON + MINUTE)
        second = await leases.acquire(tx, "send", "two", NOON + MINUTE, NOON + 2 * MINUTE)
        assert first is not None
        assert second is not None
        assert second.epoch == 2
        assert await leases.renew(tx, first, NOON + 3 * MINUTE) is None
        assert not await leases.holds(tx, first)
        assert await leases.holds(tx, second)
        renewed = await leases.renew(tx, second, NOON + 3 * MINUTE)
        assert renewed is not None
        assert renewed.until == NOON + 3 * MINUTE


async def test_a_released_lease_is_free_at_once(db: Database) -> None:
    async with db.write() as tx:
        first = await leases.acquire(tx, "send", "one", NOON, NOON + MINUTE)
        assert first is not None
        await leases.release(tx, first, NOON)
        assert await leases.acquire(tx, "send", "two", NOON, NOON + MINUTE) is not None


async def test_leases_of_different_names_do_not_touch_each_other(db: Database) -> None:
    async with db.write() as tx:
        assert await leases.acquire(tx, "send", "one", NOON, NOON + MINUTE)
        assert await leases.acquire(tx, "group", "two", NOON, NOON + MINUTE)
