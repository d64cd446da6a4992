"""Posts, from the draft to the last chat, and back."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.actions import posts
from bot.errors import AccessDenied, BadInput, NotFound, QueryError
from bot.model import (
    Access,
    Audience,
    Broadcast,
    BroadcastCount,
    BroadcastState,
    Chat,
    ChatGroup,
    ChatKind,
    Delivery,
    DeliveryState,
    Operation,
    QuietHours,
    Recipients,
    Role,
    Urgency,
    User,
)
from bot.pipeline.broadcast import broadcast
from bot.rules.delivery import Settlement
from bot.storage import broadcasts, chats, deliveries, users
from bot.storage.broadcasts import HELD
from bot.storage.database import Database
from tests.conftest import NOON
from tests.fakes import meet_chat
from tests.make import DAY, HOUR, Newsroom


async def person(db: Database, role: Role = Role.ADMIN, number: int = 900) -> User:
    async with db.write() as tx:
        user = await users.meet(tx, telegram_user_id=number, name="Ada", language="en", access=Access.ALLOWED, now=NOON)
        await users.set_role(tx, user.id, role)
    return replace(user, role=role)


async def state_of(db: Database, its: Broadcast) -> BroadcastState:
    async with db.read() as tx:
        return (await broadcasts.get(tx, its.id)).state


async def outbox(db: Database, chat: Chat) -> list[Delivery]:
    async with db.read() as tx:
        return await deliveries.of_chat(tx, chat.id)


async def settle(db: Database, chat: Chat, state: DeliveryState, *, uncertain: bool = False) -> None:
    """Whatever is queued for the chat ends so."""
    async with db.write() as tx:
        waiting = [one for one in await deliveries.of_chat(tx, chat.id) if one.state is DeliveryState.QUEUED]
        await deliveries.mark_sending(tx, [one.id for one in waiting], NOON)
        ends = [
            Settlement(replace(one, attempts=one.attempts + 1), state, uncertain=uncertain, message_id=one.id)
            for one in waiting
        ]
        await deliveries.settle(tx, ends, NOON)


def test_a_plain_text_is_shown_letter_for_letter() -> None:
    assert posts.as_html(' 1 < 2 & "so" on\n') == '1 &lt; 2 &amp; "so" on'


async def test_a_draft_is_previewed_and_reaches_nobody(db: Database) -> None:
    chat, admin = await meet_chat(db, 1), await person(db)
    draft = await posts.draft(db, admin, "<b>Post</b>", None, NOON)
    assert (draft.text, draft.state, draft.created_by) == ("<b>Post</b>", BroadcastState.DRAFT, admin.id)
    assert await posts.audience(db, draft, NOON) == Audience(chats=1, takes_no_posts=0)
    assert await posts.progress(db, draft.id, NOON) == BroadcastCount()
    assert await outbox(db, chat) == []
    assert await posts.latest(db, admin, NOON) == []


async def test_a_confirmed_post_goes_to_every_chat_once_however_often_it_is_confirmed(db: Database) -> None:
    people, admin = [await meet_chat(db, number) for number in (1, 2, 3)], await person(db)
    draft = await posts.draft(db, admin, "Post", None, NOON)
    for _ in range(2):
        await posts.confirm(db, admin, draft.id, NOON)
        assert await posts.progress(db, draft.id, NOON) == BroadcastCount(total=3)
    await broadcast(db, NOON)
    assert [len(await outbox(db, chat)) for chat in people] == [1, 1, 1]
    assert await state_of(db, draft) is BroadcastState.SENDING
    assert (await posts.progress(db, draft.id, NOON)).waiting == 3
    assert [(its.id, count.total) for its, count in await posts.latest(db, admin, NOON)] == [(draft.id, 3)]


async def test_who_comes_after_the_line_was_drawn_is_not_of_the_post(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.recipients.PORTION", 2)
    people, admin = [await meet_chat(db, number) for number in range(1, 6)], await person(db)
    draft = await posts.draft(db, admin, "Post", None, NOON)
    await posts.confirm(db, admin, draft.id, NOON)
    assert (await posts.progress(db, draft.id, NOON)).total == 2
    late = await meet_chat(db, 9)
    while await broadcast(db, NOON):
        pass
    assert [len(await outbox(db, chat)) for chat in [*people, late]] == [1] * 5 + [0]


async def test_a_post_without_readers_is_done_at_once(db: Database) -> None:
    admin = await person(db)
    draft = await posts.draft(db, admin, "Post", None, NOON)
    await posts.confirm(db, admin, draft.id, NOON)
    assert await state_of(db, draft) is BroadcastState.DONE


async def test_cancelling_stops_the_rest_and_a_cancelled_post_is_not_sent(db: Database) -> None:
    await meet_chat(db, 1)
    admin = await person(db)
    first, second = [await posts.draft(db, admin, text, None, NOON) for text in ("One", "Two")]
    await posts.confirm(db, admin, first.id, NOON)
    for _ in range(2):
        await posts.cancel(db, admin, first.id, NOON)
        assert await posts.progress(db, first.id, NOON) == BroadcastCount(total=1, cancelled=1)
    await posts.cancel(db, admin, second.id, NOON)
    with pytest.raises(BadInput) as caught:
        await posts.confirm(db, admin, second.id, NOON)
    assert caught.value.key == "post_cancelled"


async def test_readers_can_t_post_and_editors_can(db: Database) -> None:
    admin = await person(db)
    draft = await posts.draft(db, admin, "Post", None, NOON)
    reader, editor = replace(admin, role=Role.READER), replace(admin, role=Role.EDITOR)
    for forbidden in (
        posts.draft(db, reader, "Post", None, NOON),
        posts.confirm(db, reader, draft.id, NOON),
        posts.cancel(db, reader, draft.id, NOON),
        posts.latest(db, reader, NOON),
        posts.pause(db, reader, draft.id),
        posts.withdraw(db, reader, draft.id, NOON),
    ):
        with pytest.raises(AccessDenied):
            await forbidden
    assert (await posts.draft(db, editor, "Post", None, NOON)).id


async def test_empty_too_long_and_unknown_posts_are_refused(db: Database) -> None:
    admin = await person(db)
    for text, key in ((" \n", "empty_post"), ("x" * 4097, "post_too_long")):
        with pytest.raises(BadInput) as caught:
            await posts.draft(db, admin, text, None, NOON)
        assert caught.value.key == key
    for unknown in (posts.get(db, admin, 9), posts.confirm(db, admin, 9, NOON), posts.cancel(db, admin, 9, NOON)):
        with pytest.raises(NotFound):
            await unknown


async def test_an_audience_is_chosen_by_language_kind_topic_and_test_group(db: Database) -> None:
    newsroom, admin = Newsroom(db), await person(db)
    english = await newsroom.chat(1, "harbour")
    chinese = await newsroom.chat(2, "opera", language="zh-hans")
    group = await meet_chat(db, -3, ChatKind.SUPERGROUP)
    own = await meet_chat(db, 900)
    article = await newsroom.publish("Harbour tunnel closed")
    draft = await posts.draft(db, admin, "Post", article.id, NOON)

    async def reached(its: Recipients) -> list[int]:
        chosen = await posts.choose(db, admin, draft.id, its)
        found = await posts.audience(db, chosen, NOON)
        copy = await posts.draft(db, admin, "Post", article.id, NOON)
        await posts.choose(db, admin, copy.id, its)
        await posts.confirm(db, admin, copy.id, NOON)
        async with db.read() as tx:
            rows = [one for one in await deliveries.due(tx, NOON, 99) if one.broadcast_id == copy.id]
        await posts.cancel(db, admin, copy.id, NOON)
        assert found.chats == len(rows)
        return sorted(one.chat_id for one in rows)

    assert await reached(Recipients()) == [english.id, chinese.id, group.id, own.id]
    assert await reached(Recipients(language="zh")) == [chinese.id]
    assert await reached(Recipients(group=ChatGroup.GROUPS)) == [group.id]
    assert await reached(Recipients(group=ChatGroup.PRIVATE, language="en")) == [english.id, own.id]
    assert await reached(Recipients(query="opera")) == [chinese.id]
    assert await reached(Recipients(follows_article=True)) == [english.id]
    assert await reached(Recipients(test=True)) == [own.id]
    # By now all have been told its story.
    assert await reached(Recipients(skips_told=True)) == []
    chosen = await posts.choose_followers(db, admin, draft.id, "Opera")
    assert chosen.recipients.query == "opera"
    with pytest.raises(QueryError):
        await posts.choose_followers(db, admin, draft.id, "(opera")


async def test_a_confirmed_post_keeps_its_audience(db: Database) -> None:
    await meet_chat(db, 1)
    admin = await person(db)
    draft = await posts.draft(db, admin, "Post", None, NOON)
    await posts.confirm(db, admin, draft.id, NOON)
    with pytest.raises(BadInput):
        await posts.choose(db, admin, draft.id, Recipients(test=True))


async def test_a_post_waits_for_the_end_of_quiet_hours_and_pauses_unless_it_is_urgent(db: Database) -> None:
    quiet, asleep, lets, paused, awake = [await meet_chat(db, number) for number in range(1, 6)]
    async with db.write() as tx:
        for chat in (quiet, asleep, lets):
            await chats.set_quiet_hours(tx, chat.id, QuietHours(time(11), time(14)))
        await chats.update(tx, asleep.id, timezone="Asia/Tokyo")
        await chats.update(tx, lets.id, hears_urgent=True)
        await chats.update(tx, paused.id, paused_until=NOON + DAY)
    admin = await person(db)
    considerate, urgent = {quiet.id, lets.id, paused.id}, {quiet.id, paused.id}
    for urgency, held in ((Urgency.CONSIDERATE, considerate), (Urgency.URGENT, urgent)):
        draft = await posts.draft(db, admin, "Post", None, NOON)
        draft = await posts.set_urgency(db, admin, draft.id, urgency)
        assert await posts.audience(db, draft, NOON) == Audience(5, 0, later=len(held))
        await posts.confirm(db, admin, draft.id, NOON)
        all_of_it = [one for chat in (quiet, asleep, lets, paused, awake) for one in await outbox(db, chat)]
        due = {one.chat_id: one.not_before for one in all_of_it if one.broadcast_id == draft.id}
        assert {chat_id for chat_id, at in due.items() if at > NOON} == held
        assert (due[quiet.id], due[paused.id]) == (NOON + 2 * HOUR, NOON + DAY)
        assert (await posts.progress(db, draft.id, NOON)).later == len(held)


async def test_a_scheduled_post_starts_at_its_time(db: Database) -> None:
    chat, admin = await meet_chat(db, 1), await person(db)
    draft = await posts.draft(db, admin, "Post", None, NOON)
    with pytest.raises(BadInput):
        await posts.schedule(db, admin, draft.id, NOON, NOON)
    await posts.schedule(db, admin, draft.id, NOON + HOUR, NOON)
    await posts.confirm(db, admin, draft.id, NOON)
    assert await state_of(db, draft) is BroadcastState.SCHEDULED
    assert await broadcast(db, NOON + HOUR / 2) == 0
    assert await broadcast(db, NOON + HOUR) > 0
    assert len(await outbox(db, chat)) == 1


async def test_a_paused_post_is_held_and_goes_on(db: Database) -> None:
    one, two = [await meet_chat(db, number) for number in (1, 2)]
    admin = await person(db)
    draft = await posts.draft(db, admin, "Post", None, NOON)
    await posts.confirm(db, admin, draft.id, NOON)
    await settle(db, one, DeliveryState.SENT)
    assert (await posts.pause(db, admin, draft.id)).state is BroadcastState.PAUSED
    async with db.read() as tx:
        assert await deliveries.due(tx, NOON + DAY, 9) == []
    assert (await outbox(db, two))[0].not_before == HELD
    await broadcast(db, NOON)
    assert (await posts.resume(db, admin, draft.id, NOON + HOUR)).state is BroadcastState.SENDING
    async with db.read() as tx:
        assert [its.chat_id for its in await deliveries.due(tx, NOON + HOUR, 9)] == [two.id]


async def test_an_edited_post_is_changed_where_it_was_sent_and_where_it_waits(db: Database) -> None:
    sent, waiting = [await meet_chat(db, number) for number in (1, 2)]
    admin = await person(db)
    draft = await posts.draft(db, admin, "Old", None, NOON)
    assert (await posts.propose_text(db, admin, draft.id, "Old text")).text == "Old text"
    await posts.confirm(db, admin, draft.id, NOON)
    await settle(db, sent, DeliveryState.SENT)
    with pytest.raises(BadInput):
        await posts.replace_text(db, admin, draft.id, NOON)
    assert (await posts.propose_text(db, admin, draft.id, "New")).text == "Old text"
    await posts.replace_text(db, admin, draft.id, NOON)
    while await broadcast(db, NOON):
        pass
    first, edit = await outbox(db, sent)
    assert (edit.operation, edit.target_id, edit.message.text) == (Operation.EDIT, first.id, "New")
    assert [one.message.text for one in await outbox(db, waiting)] == ["New"]
    count = await posts.progress(db, draft.id, NOON)
    assert (count.total, count.to_correct, count.corrected) == (2, 1, 0)


async def test_a_message_that_was_on_the_wire_when_the_text_changed_is_edited_when_it_has_arrived(db: Database) -> None:
    chat, admin = await meet_chat(db, 1), await person(db)
    draft = await posts.draft(db, admin, "Old", None, NOON)
    await posts.confirm(db, admin, draft.id, NOON)
    async with db.write() as tx:
        [its] = await deliveries.of_chat(tx, chat.id)
        await deliveries.mark_sending(tx, [its.id], NOON)
    await posts.propose_text(db, admin, draft.id, "New")
    await posts.replace_text(db, admin, draft.id, NOON)
    await broadcast(db, NOON)
    assert len(await outbox(db, chat)) == 1
    async with db.write() as tx:
        await deliveries.settle(tx, [Settlement(replace(its, attempts=1), DeliveryState.SENT, message_id=7)], NOON)
    await broadcast(db, NOON)
    assert (await outbox(db, chat))[1].operation is Operation.EDIT


async def test_a_withdrawn_post_is_deleted_or_says_so_in_the_chat_s_language(db: Database) -> None:
    newsroom, admin = Newsroom(db), await person(db)
    sent, chinese, waiting = await newsroom.chat(1), await newsroom.chat(2, language="zh-hans"), await newsroom.chat(3)
    draft = await posts.draft(db, admin, "Post", None, NOON)
    await posts.confirm(db, admin, draft.id, NOON)
    for chat in (sent, chinese):
        await settle(db, chat, DeliveryState.SENT)
    await posts.withdraw(db, admin, draft.id, NOON)
    while await broadcast(db, NOON):
        pass
    _, taken = await outbox(db, sent)
    assert (taken.operation, taken.message.text) == (Operation.DELETE, "<i>This post was withdrawn.</i>")
    assert (await outbox(db, chinese))[1].message.text == "<i>这条公告已撤回。</i>"
    assert [one.state for one in await outbox(db, waiting)] == [DeliveryState.CANCELLED]
    with pytest.raises(BadInput):
        await posts.propose_text(db, admin, draft.id, "New")


async def test_an_uncertain_message_is_sent_again_only_when_the_admin_says_so(db: Database) -> None:
    chat, admin = await meet_chat(db, 1), await person(db)
    draft = await posts.draft(db, admin, "Post", None, NOON)
    await posts.confirm(db, admin, draft.id, NOON)
    await settle(db, chat, DeliveryState.FAILED, uncertain=True)
    await broadcast(db, NOON)
    assert await state_of(db, draft) is BroadcastState.DONE
    assert await posts.uncertain_chats(db, draft.id) == ["Chat 1"]
    assert await posts.send_uncertain_again(db, admin, draft.id, NOON) == 1
    assert await posts.send_uncertain_again(db, admin, draft.id, NOON) == 0
    assert await state_of(db, draft) is BroadcastState.SENDING
    await settle(db, chat, DeliveryState.SENT)
    assert (await posts.progress(db, draft.id, NOON)).sent == 1
    assert (await posts.leave_uncertain(db, admin, draft.id)).uncertain_left


async def test_a_post_into_the_next_briefing_costs_no_message(db: Database) -> None:
    newsroom, admin = Newsroom(db), await person(db)
    chat, silent = await newsroom.chat(1, "harbour"), await newsroom.chat(2, "opera")
    await newsroom.publish("Harbour tunnel closed")
    article = await newsroom.publish("Violin thief caught")
    draft = await posts.draft(db, admin, "Market day on Sunday", article.id, NOON)
    await posts.set_urgency(db, admin, draft.id, Urgency.BRIEFING)
    await posts.confirm(db, admin, draft.id, NOON)
    assert await outbox(db, chat) == []
    for its in (chat, silent):
        await newsroom.brief(its)
    [text] = await newsroom.texts(chat)
    assert "<b>From the editors</b>\nMarket day on Sunday" in text
    assert await newsroom.texts(silent) == []
    count = await posts.progress(db, draft.id, NOON)
    assert (count.total, count.sent, count.later) == (2, 1, 1)
    await newsroom.publish("Harbour wolves seen")
    await newsroom.brief(chat, NOON + HOUR)
    assert "Market day" not in (await newsroom.texts(chat))[-1]
    await broadcast(db, NOON + HOUR)
    assert await state_of(db, draft) is BroadcastState.SENDING
    await broadcast(db, NOON + 8 * DAY)
    assert await state_of(db, draft) is BroadcastState.DONE


async def test_stopping_takes_a_post_out_of_briefings_to_come(db: Database) -> None:
    newsroom, admin = Newsroom(db), await person(db)
    chat = await newsroom.chat(1, "harbour")
    await newsroom.publish("Harbour tunnel closed")
    draft = await posts.draft(db, admin, "Market day", None, NOON)
    await posts.set_urgency(db, admin, draft.id, Urgency.BRIEFING)
    await posts.confirm(db, admin, draft.id, NOON)
    await posts.cancel(db, admin, draft.id, NOON)
    await newsroom.brief(chat)
    assert "Market day" not in (await newsroom.texts(chat))[0]
    assert (await posts.progress(db, draft.id, NOON)).cancelled == 1


async def a_waiting_post(db: Database, admin: User) -> int:
    """The id of a post confirmed for an hour later, whose progress message 77 of chat 900 is to show."""
    draft = await posts.draft(db, admin, "Post", None, NOON)
    await posts.schedule(db, admin, draft.id, NOON + HOUR, NOON)
    await posts.confirm(db, admin, draft.id, NOON)
    await posts.show_progress_in(db, draft.id, 900, 77)
    return draft.id


async def test_a_post_that_waits_for_its_time_has_no_progress_to_tell(db: Database) -> None:
    await a_waiting_post(db, await person(db))
    async with db.read() as tx:
        assert await broadcasts.reporting(tx, NOON) == []
    await broadcast(db, NOON + HOUR)
    async with db.read() as tx:
        assert [its.message_id for its in await broadcasts.reporting(tx, NOON + HOUR)] == [77]


async def test_a_post_that_is_cancelled_before_its_time_never_has_progress(db: Database) -> None:
    admin = await person(db)
    await posts.cancel(db, admin, await a_waiting_post(db, admin), NOON)
    async with db.read() as tx:
        assert await broadcasts.reporting(tx, NOON) == []


async def test_the_admin_s_message_is_noted_until_it_has_said_all(db: Database) -> None:
    await meet_chat(db, 900)
    admin = await person(db)
    draft = await posts.draft(db, admin, "Post", None, NOON)
    async with db.write() as tx:
        assert await broadcasts.reporting(tx, NOON) == []
    await posts.confirm(db, admin, draft.id, NOON)
    await posts.show_progress_in(db, draft.id, 900, 77)
    async with db.write() as tx:
        (report,) = await broadcasts.reporting(tx, NOON)
        await broadcasts.show_progress_in(tx, draft.id, None, None)
        assert await broadcasts.reporting(tx, NOON) == []
    assert (report.telegram_chat_id, report.message_id, report.language) == (900, 77, "en")


def test_what_is_corrected_late_is_bounded() -> None:
    assert timedelta(hours=48) <= posts.CORRECTED
