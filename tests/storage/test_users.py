"""Users on both databases."""

import asyncio

from bot.model import Access, Role
from bot.storage import users
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import a_user


async def test_a_person_is_met_once_and_keeps_role_and_access(db: Database) -> None:
    async with db.write() as tx:
        ann = await a_user(tx, 7, name="Ann", role=Role.EDITOR, access=Access.STRANGER)
        again = await users.meet(tx, telegram_user_id=7, name="Ann B.", language="zh", access=Access.STRANGER, now=NOON)
        assert await users.get(tx, ann.id) == again
        assert await users.all_users(tx) == [again]
        assert await users.get(tx, 99) is None
    assert (again.id, again.name, again.language) == (ann.id, "Ann B.", "zh")
    assert (again.role, again.access) == (Role.EDITOR, Access.ALLOWED)


async def test_the_owner_comes_first_among_the_admins(db: Database) -> None:
    async with db.write() as tx:
        admin = await a_user(tx, 1, role=Role.ADMIN)
        await a_user(tx, 2, role=Role.EDITOR)
        owner = await a_user(tx, 3, role=Role.OWNER)
        assert await users.admins(tx) == [owner, admin]


async def test_only_one_of_many_becomes_the_owner(db: Database) -> None:
    async with db.write() as tx:
        people = [await a_user(tx, number, access=Access.STRANGER) for number in range(1, 7)]
        assert not await users.has_owner(tx)

    async def claim(user_id: int) -> bool:
        async with db.write() as tx:
            return await users.claim_ownership(tx, user_id)

    claimed = await asyncio.gather(*(claim(person.id) for person in people))
    assert sum(claimed) == 1
    async with db.read() as tx:
        [owner] = await users.admins(tx)
        assert await users.has_owner(tx)
    assert owner.id == people[claimed.index(True)].id
    assert (owner.role, owner.access) == (Role.OWNER, Access.ALLOWED)


async def test_a_stranger_asks_once(db: Database) -> None:
    async with db.write() as tx:
        stranger = await a_user(tx, 1, access=Access.STRANGER)
        assert await users.ask_access(tx, stranger.id)
        assert not await users.ask_access(tx, stranger.id)
        await users.set_access(tx, stranger.id, Access.REFUSED)
        assert not await users.ask_access(tx, stranger.id)
