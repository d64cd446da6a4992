"""People write, tap, block and invite, and the bot hears of it as on Telegram."""

import asyncio
from typing import Any

import pytest
from aiohttp import web

from bot.sandbox.cast import ADA_ID, GROUP_ID, YOU_ID
from bot.sandbox.server import Sandbox
from tests.sandbox.conftest import Caller


async def heard(call: Caller) -> list[dict[str, Any]]:
    """What the bot hears now, confirmed."""
    updates: list[dict[str, Any]] = await call("getUpdates")
    if updates:
        await call("getUpdates", offset=updates[-1]["update_id"] + 1)
    return updates


async def test_a_stranger_cannot_be_written_to_first(call: Caller) -> None:
    assert await call.refused("sendMessage", chat_id=YOU_ID, text="x") == "Bad Request: chat not found"
    call.sandbox.add_bot("Harbour watch")
    assert "can't initiate conversation" in await call.refused("sendMessage", chat_id=YOU_ID, text="x")
    await call.sandbox.say("You", "/start")
    assert await call("sendMessage", chat_id=YOU_ID, text="x")


async def test_a_person_blocks_the_bot_and_comes_back_by_writing(call: Caller, you: int) -> None:
    await heard(call)
    call.sandbox.block("You")
    call.sandbox.block("You")
    (update,) = await heard(call)
    change = update["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")
    assert await call.refused("sendMessage", chat_id=you, text="x") == "Forbidden: bot was blocked by the user"
    await call.sandbox.say("You", "/start")
    back, start = await heard(call)
    assert back["my_chat_member"]["new_chat_member"]["status"] == "member"
    assert start["message"]["text"] == "/start"
    call.sandbox.block("You")
    call.sandbox.unblock("You")
    await call("sendMessage", chat_id=you, text="x")
    call.sandbox.deactivate("You")
    assert await call.refused("sendMessage", chat_id=you, text="x") == "Forbidden: user is deactivated"


async def test_the_bot_hears_that_it_was_added_and_thrown_out(call: Caller) -> None:
    call.sandbox.add_bot("Harbour watch", by="You")
    membership, service = await heard(call)
    assert membership["my_chat_member"]["from"]["id"] == YOU_ID
    assert service["message"]["new_chat_members"][0]["is_bot"]
    call.sandbox.remove_bot("Harbour watch")
    membership, service = await heard(call)
    assert membership["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    assert service["message"]["left_chat_member"]["username"] == "briefwire_bot"
    assert "bot was kicked from the group chat" in await call.refused("sendMessage", chat_id=GROUP_ID, text="x")


async def test_a_group_the_bot_is_not_in_is_closed(call: Caller) -> None:
    assert "not a member of the group chat" in await call.refused("sendMessage", chat_id=GROUP_ID, text="x")
    await call.sandbox.say("Harbour watch", "/brief")
    assert await heard(call) == []


async def test_privacy_mode_leaves_commands_mentions_and_replies(call: Caller) -> None:
    call.sandbox.add_bot("Harbour watch")
    sent = await call("sendMessage", chat_id=GROUP_ID, text="x")
    own = call.sandbox.last("Harbour watch")
    theirs = await call.sandbox.say("Harbour watch", "just talking")
    await heard(call)
    for text in ("hello", "/brief@other_bot", "@somebody hello"):
        await call.sandbox.say("Harbour watch", text)
    await call.sandbox.say("Harbour watch", "to Ada", reply_to=theirs)
    assert await heard(call) == []
    for text in ("/brief", "/brief@briefwire_bot", "@Briefwire_bot hello"):
        await call.sandbox.say("Harbour watch", text, user="You")
    await call.sandbox.say("Harbour watch", "thanks", reply_to=own)
    updates = [update["message"] for update in await heard(call)]
    assert [message["text"] for message in updates] == [
        "/brief",
        "/brief@briefwire_bot",
        "@Briefwire_bot hello",
        "thanks",
    ]
    assert updates[0]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert updates[0]["from"]["id"] == YOU_ID
    assert updates[3]["reply_to_message"]["message_id"] == sent["message_id"]


async def test_an_admin_bot_hears_everything_and_so_does_one_without_privacy_mode(call: Caller) -> None:
    call.sandbox.add_bot("Harbour watch", status="administrator")
    call.sandbox.add_bot("Newsroom")
    call.sandbox.world.privacy_mode = False
    await heard(call)
    await call.sandbox.say("Harbour watch", "hello")
    await call.sandbox.say("Newsroom", "hello", thread=2)
    first, second = await heard(call)
    assert first["message"]["chat"]["type"] == "group"
    assert second["message"]["message_thread_id"] == 2


async def test_a_channel_post_is_heard_as_such(call: Caller) -> None:
    call.sandbox.add_bot("Morning headlines")
    post = await call.sandbox.say("Morning headlines", "Extra")
    call.sandbox.world.edit_own(post, "Extra, extra")
    _membership, posted, edited = await heard(call)
    assert posted["channel_post"]["text"] == "Extra"
    assert edited["edited_channel_post"]["text"] == "Extra, extra"


async def test_somebody_corrects_what_they_wrote(call: Caller, you: int) -> None:
    message = await call.sandbox.say("You", "Soul")
    await heard(call)
    call.sandbox.world.edit_own(message, "Seoul")
    (update,) = await heard(call)
    assert (update["edited_message"]["text"], message.edited) == ("Seoul", True)


async def test_a_group_that_grows_moves_to_another_id(call: Caller) -> None:
    call.sandbox.add_bot("Harbour watch")
    await heard(call)
    new = call.sandbox.upgrade("Harbour watch")
    moved, arrived = [update["message"] for update in await heard(call)]
    assert (moved["chat"]["id"], moved["migrate_to_chat_id"]) == (GROUP_ID, new.id)
    assert (arrived["chat"]["id"], arrived["migrate_from_chat_id"]) == (new.id, GROUP_ID)
    answer = await call.answer("sendMessage", chat_id=GROUP_ID, text="x")
    assert answer["parameters"] == {"migrate_to_chat_id": new.id}
    assert (await call("sendMessage", chat_id=new.id, text="x"))["chat"]["type"] == "supergroup"
    assert call.sandbox.world.chat("Harbour watch") is new


async def test_a_tap_carries_its_data_and_its_message(call: Caller, you: int) -> None:
    keyboard = [[{"text": "Open", "url": "https://example.com"}, {"text": "Go", "callback_data": "go:1"}]]
    await call("sendMessage", chat_id=you, text="older", reply_markup={"inline_keyboard": keyboard})
    older = call.sandbox.last("You")
    await call("sendMessage", chat_id=you, text="newer", reply_markup={"inline_keyboard": keyboard})
    await heard(call)
    tap = await call.sandbox.tap("You", "Go")
    await call.sandbox.tap("You", "go:1", message=older, user="Ada")
    first, second = [update["callback_query"] for update in await heard(call)]
    assert (first["id"], first["data"], first["message"]["text"]) == (tap.id, "go:1", "newer")
    assert (second["message"]["text"], second["from"]["id"]) == ("older", ADA_ID)
    with pytest.raises(LookupError, match="opens something"):
        await call.sandbox.tap("You", "Open")
    with pytest.raises(LookupError, match=r"no button 'Stop' in 'You'; there are \['Open', 'Go', 'Open', 'Go'\]"):
        await call.sandbox.tap("You", "Stop")


async def test_waiting_looks_at_what_came_after_the_last_act(call: Caller, you: int) -> None:
    await call("sendMessage", chat_id=you, text="old answer")
    before = call.sandbox.mark()
    await call.sandbox.say("You", "again")
    with pytest.raises(
        TimeoutError, match=r"waited 0\.01 s for a message like 'old' in 'You'; last there: \['old answer'\]"
    ):
        await call.sandbox.wait_for("You", "old", 0.01)
    waiting = asyncio.create_task(call.sandbox.wait_for("You", lambda message: bool(message.links)))
    await call("sendMessage", chat_id=you, text="no link")
    await call("sendMessage", chat_id=you, text="<a href='https://example.com/x'>link</a>", parse_mode="HTML")
    assert (await waiting).links == ["https://example.com/x"]
    assert (await call.sandbox.wait_for("You", since=before)).text == "no link"


async def test_names_that_nobody_has_are_told(sandbox: Sandbox) -> None:
    with pytest.raises(LookupError, match="no chat 'Nobody'; there are"):
        await sandbox.say("Nobody", "x")
    with pytest.raises(LookupError, match="no user 'Nobody'; there are"):
        await sandbox.say("You", "x", user="Nobody")
    with pytest.raises(LookupError, match="has sent nothing to 'You'"):
        sandbox.last("You")


async def test_more_people_can_come(call: Caller) -> None:
    sam = call.sandbox.add_user("Sam", language="de", user_id=77)
    await call.sandbox.say(sam, "/start")
    assert (await heard(call))[0]["message"]["from"] == {
        "id": 77,
        "is_bot": False,
        "first_name": "Sam",
        "language_code": "de",
    }
    assert call.sandbox.add_user("Max").id != call.sandbox.add_user("Tim").id


async def test_other_routes_live_on_the_same_server() -> None:
    async def hello(_request: web.Request) -> web.Response:
        return web.Response(text="hello")

    async with Sandbox(routes=[web.get("/outlets/hello", hello)]) as sandbox:
        from aiohttp import ClientSession

        async with ClientSession() as session, session.get(f"{sandbox.url}/outlets/hello") as response:
            assert await response.text() == "hello"


async def test_a_taken_port_is_an_error_and_leaves_nothing_behind(sandbox: Sandbox) -> None:
    port = int(sandbox.url.rpartition(":")[2])
    with pytest.raises(OSError, match="address already in use"):
        await Sandbox().start(port=port)
