"""Posts, from the draft to the last chat."""

from dataclasses import replace

import pytest

from bot.actions import posts
from bot.errors import AccessDenied, BadInput, NotFound
from bot.model import Access, Audience, BroadcastCount, BroadcastState, Role, User
from bot.storage import broadcasts, deliveries, users
from bot.storage.database import Database
from tests.conftest import NOON
from tests.fakes import meet_chat


async def person(db: Database, role: Role = Role.ADMIN) -> User:
    async with db.write() as tx:
        user = await users.meet(tx, telegram_user_id=900, name="Ada", language="en", access=Access.ALLOWED, now=NOON)
        await users.set_role(tx, user.id, role)
    return replace(user, role=role)


def test_a_plain_text_is_shown_letter_for_letter() -> None:
    assert posts.as_html(' 1 < 2 & "so" on\n') == '1 &lt; 2 &amp; "so" on'


async def test_a_draft_is_previewed_and_reaches_nobody(db: Database) -> None:
    chat, admin = await meet_chat(db, 1), await person(db)
    draft = await posts.draft(db, admin, "<b>Post</b>", None, NOON)
    assert (draft.text, draft.state, draft.created_by) == ("<b>Post</b>", BroadcastState.DRAFT, admin.id)
    assert await posts.audience(db, draft.id) == Audience(chats=1, takes_no_posts=0)
    assert await posts.progress(db, draft.id) == BroadcastCount()
    async with db.read() as tx:
        assert await deliveries.of_chat(tx, chat.id) == []


async def test_a_confirmed_post_goes_to_every_chat_once_however_often_it_is_confirmed(db: Database) -> None:
    people, admin = [await meet_chat(db, number) for number in (1, 2, 3)], await person(db)
    draft = await posts.draft(db, admin, "Post", None, NOON)
    for _ in range(2):
        assert await posts.confirm(db, admin, draft.id, NOON) == BroadcastCount(total=3)
    async with db.read() as tx:
        assert [len(await deliveries.of_chat(tx, chat.id)) for chat in people] == [1, 1, 1]
        assert (await broadcasts.get(tx, draft.id)).state is BroadcastState.SENDING
    assert (await posts.progress(db, draft.id)).waiting == 3


async def test_a_post_without_readers_is_done_at_once(db: Database) -> None:
    admin = await person(db)
    draft = await posts.draft(db, admin, "Post", None, NOON)
    assert await posts.confirm(db, admin, draft.id, NOON) == BroadcastCount()
    async with db.read() as tx:
        assert (await broadcasts.get(tx, draft.id)).state is BroadcastState.DONE


async def test_cancelling_stops_the_rest_and_a_cancelled_post_is_not_sent(db: Database) -> None:
    await meet_chat(db, 1)
    admin = await person(db)
    first, second = [await posts.draft(db, admin, text, None, NOON) for text in ("One", "Two")]
    await posts.confirm(db, admin, first.id, NOON)
    assert await posts.cancel(db, admin, first.id, NOON) == BroadcastCount(total=1, cancelled=1)
    assert await posts.cancel(db, admin, first.id, NOON) == BroadcastCount(total=1, cancelled=1)
    await posts.cancel(db, admin, second.id, NOON)
    with pytest.raises(BadInput) as caught:
        await posts.confirm(db, admin, second.id, NOON)
    assert caught.value.key == "post_cancelled"


@pytest.mark.parametrize("role", [Role.READER, Role.EDITOR])
async def test_only_admins_post(db: Database, role: Role) -> None:
    admin = await person(db)
    draft = await posts.draft(db, admin, "Post", None, NOON)
    reader = replace(admin, role=role)
    with pytest.raises(AccessDenied):
        await posts.draft(db, reader, "Post", None, NOON)
    with pytest.raises(AccessDenied):
        await posts.confirm(db, reader, draft.id, NOON)
    with pytest.raises(AccessDenied):
        await posts.cancel(db, reader, draft.id, NOON)


@pytest.mark.parametrize(("text", "key"), [(" \n", "empty_post"), ("x" * 4097, "post_too_long")])
async def test_a_post_that_telegram_would_not_take_is_refused_at_once(db: Database, text: str, key: str) -> None:
    with pytest.raises(BadInput) as caught:
        await posts.draft(db, await person(db), text, None, NOON)
    assert caught.value.key == key


async def test_an_unknown_post_is_said_to_be_unknown(db: Database) -> None:
    admin = await person(db)
    for asked in (posts.audience(db, 99), posts.progress(db, 99), posts.confirm(db, admin, 99, NOON)):
        with pytest.raises(NotFound):
            await asked
    with pytest.raises(NotFound):
        await posts.cancel(db, admin, 99, NOON)


async def test_an_admin_may_look_at_a_post_again_and_watch_how_far_it_is(db: Database) -> None:
    await meet_chat(db, 1)
    admin, watching = await person(db), await meet_chat(db, 900)
    draft = await posts.draft(db, admin, "Post", None, NOON)
    assert await posts.get(db, admin, draft.id) == draft
    with pytest.raises(AccessDenied):
        await posts.get(db, replace(admin, role=Role.READER), draft.id)
    await posts.show_progress_in(db, draft.id, watching.telegram_chat_id, 55)
    async with db.read() as tx:
        assert await broadcasts.reporting(tx) == []
    await posts.confirm(db, admin, draft.id, NOON)
    async with db.write() as tx:
        (report,) = await broadcasts.reporting(tx)
        await broadcasts.show_progress_in(tx, draft.id, None, None)
        assert await broadcasts.reporting(tx) == []
    assert (report.broadcast.id, report.count, report.language) == (draft.id, BroadcastCount(total=2), "en")
    assert (report.telegram_chat_id, report.message_id, report.started_at) == (900, 55, NOON)
