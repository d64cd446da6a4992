"""Who may come in: by invitation, as the owner, and out again."""

import asyncio
from dataclasses import replace

import pytest

from bot.actions import account
from bot.actions.account import Door, Person, Place, Visitor
from bot.config import AccessPolicy
from bot.errors import AccessDenied, NotFound
from bot.model import Access, ChatKind, ChatState, Role
from bot.storage import chats, users
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import Newsroom

INVITE = Door(AccessPolicy.INVITE, language="zh", timezone="Asia/Shanghai")
OPEN = Door(AccessPolicy.OPEN)


async def come(db: Database, number: int, door: Door = INVITE, *, language: str = "en") -> Visitor:
    person = Person(number, f"Person {number}", language)
    return await account.meet(db, door, person, Place(number, ChatKind.PRIVATE, person.name), NOON)


async def test_a_stranger_asks_and_an_admin_lets_them_in(db: Database) -> None:
    owner = await come(db, 1)
    assert await account.claim(db, owner, "code", "code")
    owner = await come(db, 1)
    stranger = await come(db, 2)
    assert not stranger.is_let_in
    assert [chat.telegram_chat_id for chat in await account.ask_for_access(db, stranger)] == [1]
    assert await account.ask_for_access(db, stranger) == []
    assert await account.ask_for_access(db, await come(db, 2)) == []
    user, private = await account.decide_access(db, owner, stranger.user.id, let_in=True)
    assert user.access is Access.ALLOWED
    assert private == stranger.chat
    assert (await come(db, 2)).is_let_in


async def test_many_taps_ask_the_admins_once(db: Database) -> None:
    await account.claim(db, await come(db, 1), "code", "code")
    stranger = await come(db, 2)
    asked = await asyncio.gather(*(account.ask_for_access(db, stranger) for _ in range(4)))
    assert sorted(len(told) for told in asked) == [0, 0, 0, 1]


async def test_whoever_was_refused_stays_out_and_cannot_ask_again(db: Database) -> None:
    await account.claim(db, await come(db, 1), "code", "code")
    owner, stranger = await come(db, 1), await come(db, 2)
    user, _ = await account.decide_access(db, owner, stranger.user.id, let_in=False)
    assert user.access is Access.REFUSED
    assert await account.ask_for_access(db, await come(db, 2)) == []
    assert not (await come(db, 2)).is_let_in


async def test_only_admins_let_anybody_in(db: Database) -> None:
    one, other = await come(db, 1), await come(db, 2)
    with pytest.raises(AccessDenied):
        await account.decide_access(db, one, other.user.id, let_in=True)
    with pytest.raises(AccessDenied):
        await account.decide_access(db, one, one.user.id, let_in=True)
    await account.claim(db, one, "code", "code")
    with pytest.raises(NotFound):
        await account.decide_access(db, await come(db, 1), 99, let_in=True)


async def test_somebody_without_a_private_chat_is_let_in_all_the_same(db: Database) -> None:
    await account.claim(db, await come(db, 1), "code", "code")
    owner = await come(db, 1)
    in_group = await account.meet(db, INVITE, Person(7, "Cy", "en"), Place(-5, ChatKind.GROUP, "Desk"), NOON)
    user, private = await account.decide_access(db, owner, in_group.user.id, let_in=True)
    assert (user.access, private) == (Access.ALLOWED, None)


async def test_the_claim_code_works_once_and_only_when_it_is_right(db: Database) -> None:
    assert await account.needs_owner(db, INVITE)
    assert not await account.needs_owner(db, replace(INVITE, admins=(5,)))
    one, other = await come(db, 1), await come(db, 2)
    assert not await account.claim(db, one, "wrong", "code")
    assert not await account.claim(db, one, "", "")
    assert not await account.claim(db, one, "ä", "code")
    assert await account.claim(db, one, " CODE ", "code")
    assert not await account.claim(db, other, "code", "code")
    assert not await account.needs_owner(db, INVITE)
    assert (await come(db, 1)).is_admin
    assert not (await come(db, 2)).is_admin


async def test_two_who_send_the_code_at_the_same_time_are_one_owner(db: Database) -> None:
    people = [await come(db, number) for number in range(1, 6)]
    claims = await asyncio.gather(*(account.claim(db, person, "code", "code") for person in people))
    assert sum(claims) == 1


def test_a_claim_code_is_easy_to_type_and_hard_to_guess() -> None:
    codes = {account.new_claim_code() for _ in range(50)}
    assert len(codes) == 50
    assert all(len(code) == 8 and not set(code) & set("01iloILO") for code in codes)


async def test_an_open_door_lets_everybody_in(db: Database) -> None:
    before = await come(db, 1)
    assert not before.is_let_in
    assert (await come(db, 1, OPEN)).is_let_in
    assert (await come(db, 2, OPEN)).is_let_in
    assert (await come(db, 2, INVITE)).is_let_in


async def test_who_is_an_admin_by_setting_is_one_at_once(db: Database) -> None:
    door = replace(INVITE, admins=(2, 3))
    assert not (await come(db, 1, door)).is_admin
    admin = await come(db, 2, door)
    assert (admin.user.role, admin.is_let_in) == (Role.ADMIN, True)
    editor = await come(db, 3)
    async with db.write() as tx:
        await users.set_role(tx, editor.user.id, Role.EDITOR)
    assert (await come(db, 3, door)).user.role is Role.ADMIN


async def test_a_chat_speaks_its_persons_language_from_the_start_and_its_own_later(db: Database) -> None:
    english, unknown = await come(db, 1), await come(db, 2, language="")
    assert (english.chat.language, english.chat.timezone) == ("en", "Asia/Shanghai")
    assert unknown.chat.language == "zh"
    changed = await account.change_settings(db, english.chat, language="zh", tells_when_empty=False)
    assert (changed.language, changed.tells_when_empty) == ("zh", False)
    assert (await come(db, 1)).chat == changed


async def test_a_chat_that_blocked_the_bot_is_back_with_its_topics_when_it_writes(db: Database) -> None:
    newsroom = Newsroom(db)
    visitor = await come(db, 1)
    await newsroom.follow(visitor.chat, "Seoul")
    await account.set_gone(db, 1, NOON)
    async with db.read() as tx:
        gone = await chats.get(tx, visitor.chat.id)
    assert gone is not None
    assert gone.state is ChatState.GONE
    assert (await come(db, 1)).chat == replace(gone, state=ChatState.ACTIVE)


async def test_a_forgotten_chat_is_new_again(db: Database) -> None:
    visitor = await come(db, 1)
    await account.change_settings(db, visitor.chat, language="zh")
    await account.forget(db, visitor.chat)
    with pytest.raises(NotFound):
        await account.change_settings(db, visitor.chat, language="zh")
    assert (await come(db, 1)).chat.language == "en"


async def test_a_reader_who_leaves_is_forgotten_and_an_admin_is_not(db: Database) -> None:
    newsroom = Newsroom(db)
    await account.claim(db, await come(db, 1), "code", "code")
    owner, reader = await come(db, 1), await come(db, 2, OPEN)
    ours = await newsroom.follow(reader.chat, "Seoul")
    shared = await newsroom.follow(reader.chat, "rates")
    await newsroom.follow(owner.chat, "rates")
    in_group = await account.meet(db, OPEN, Person(2, "Bo", "en"), Place(-5, ChatKind.GROUP, "Desk"), NOON)
    assert await account.forget(db, in_group.chat, in_group.user) == []
    assert await account.forget(db, reader.chat, reader.user) == [ours.subscription.query_id]
    async with db.read() as tx:
        assert await users.get(tx, reader.user.id) is None
    assert await account.forget(db, owner.chat, owner.user) == [shared.subscription.query_id]
    assert (await come(db, 1)).is_admin


async def test_who_is_let_in_twice_is_told_once(db: Database) -> None:
    await account.claim(db, await come(db, 1), "code", "code")
    owner, stranger = await come(db, 1), await come(db, 2)
    _, told = await account.decide_access(db, owner, stranger.user.id, let_in=True)
    assert told == stranger.chat
    user, told = await account.decide_access(db, owner, stranger.user.id, let_in=True)
    assert (user.access, told) == (Access.ALLOWED, None)
