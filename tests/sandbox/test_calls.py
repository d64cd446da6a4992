"""What the Bot API takes and refuses, over HTTP, as Telegram would."""

import json
from typing import Any

import aiohttp
import pytest

from bot.sandbox.botapi import HANDLERS
from bot.sandbox.cast import CHANNEL_ID, FORUM_ID, GROUP_ID, LI_NA_ID, YOU_ID
from bot.sandbox.methods import METHODS
from bot.sandbox.server import Sandbox
from tests.conftest import FakeClock
from tests.sandbox.conftest import Caller


def buttons(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def key(text: str = "Go", **action: Any) -> dict[str, Any]:
    return {"text": text, **(action or {"callback_data": "go"})}


def test_every_method_of_the_table_is_done_by_something() -> None:
    assert {method.name for method in METHODS.values()} == HANDLERS.keys()


async def test_the_bot_knows_itself(call: Caller) -> None:
    me = await call("getme")
    assert (me["username"], me["is_bot"], me["can_read_all_group_messages"]) == ("briefwire_bot", True, False)
    assert await call("logOut") is True


async def test_a_wrong_token_is_unauthorized(call: Caller) -> None:
    async with call.session.get(f"{call.sandbox.url}/bot1:wrong/getMe") as response:
        assert response.status == 401
        assert await response.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}


async def test_an_unknown_method_is_not_found(call: Caller) -> None:
    answer = await call.answer("sendTelepathy")
    assert answer == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_parameters_come_in_the_query_in_forms_and_in_json(call: Caller, you: int) -> None:
    url = f"{call.sandbox.url}/bot{call.sandbox.token}/sendMessage"
    markup = json.dumps(buttons([key()]))
    await call.session.get(url, params={"chat_id": str(you), "text": "query"})
    await call.session.post(url, data={"chat_id": str(you), "text": "form", "reply_markup": markup})
    with aiohttp.MultipartWriter("form-data") as multipart:
        for name, value in (("chat_id", str(you)), ("text", "multipart")):
            multipart.append(value).set_content_disposition("form-data", name=name)
    await call.session.post(url, data=multipart)
    await call("sendMessage", chat_id=you, text="json")
    assert [message.text for message in call.sandbox.sent("You")] == ["query", "form", "multipart", "json"]
    assert call.sandbox.sent("You")[1].buttons == ["Go"]


@pytest.mark.parametrize("body", ["{", "[]", '"text"'])
async def test_a_body_must_be_a_json_object(call: Caller, body: str) -> None:
    url = f"{call.sandbox.url}/bot{call.sandbox.token}/getMe"
    async with call.session.post(url, data=body, headers={"Content-Type": "application/json"}) as response:
        assert response.status == 400


@pytest.mark.parametrize(
    ("method", "params", "reason"),
    [
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": YOU_ID}, "message text is empty"),
        ("sendMessage", {"chat_id": YOU_ID, "text": ""}, "message text is empty"),
        ("sendMessage", {"chat_id": YOU_ID, "text": "  "}, "text must be non-empty"),
        ("sendMessage", {"chat_id": "nobody", "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": "@nobody", "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": 1.5, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": YOU_ID, "text": 7}, 'can\'t parse parameter "text": String expected'),
        ("sendMessage", {"chat_id": YOU_ID, "text": "x", "colour": "red"}, 'has no parameter "colour"'),
        ("sendMessage", {"chat_id": YOU_ID, "text": "x", "disable_notification": "loud"}, "Boolean expected"),
        ("sendMessage", {"chat_id": YOU_ID, "text": "x", "message_thread_id": "two"}, "Integer expected"),
        ("sendMessage", {"chat_id": YOU_ID, "text": "x", "message_thread_id": 2}, "message thread not found"),
        ("sendMessage", {"chat_id": YOU_ID, "text": "x", "message_effect_id": "1"}, "the sandbox has nothing for"),
        ("sendMessage", {"chat_id": YOU_ID, "text": "x", "reply_markup": "{"}, "a JSON-serialized Object expected"),
        ("sendMessage", {"chat_id": YOU_ID, "text": "x", "reply_markup": "[]"}, "Object expected"),
        ("sendMessage", {"chat_id": YOU_ID, "text": "x", "entities": [1]}, "Array of Object expected"),
        ("sendMessage", {"chat_id": YOU_ID, "text": "x", "parse_mode": "BBCode"}, "unsupported parse_mode"),
        ("sendMessage", {"chat_id": YOU_ID, "text": "x", "parse_mode": "html", "entities": []}, "given together"),
        ("sendMessage", {"chat_id": YOU_ID, "text": "<p>x", "parse_mode": "HTML"}, "can't parse entities"),
        ("sendMessage", {"chat_id": YOU_ID, "text": "x" * 4097}, "message is too long"),
        ("sendMessage", {"chat_id": YOU_ID, "text": "x", "link_preview_options": {"off": True}}, 'no field "off"'),
        ("sendMessage", {"chat_id": YOU_ID, "text": "x", "reply_parameters": {"id": 1}}, 'no field "id"'),
        ("sendMessage", {"chat_id": YOU_ID, "text": "x", "reply_parameters": {}}, "identifier is not specified"),
        ("sendMessage", {"chat_id": YOU_ID, "text": "x", "reply_parameters": {"message_id": 99}}, "replied not found"),
        ("editMessageText", {"message_id": 1, "text": "x"}, "chat_id is empty"),
        ("editMessageText", {"chat_id": YOU_ID, "text": "x"}, "message identifier is not specified"),
        ("editMessageText", {"chat_id": YOU_ID, "message_id": 99, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"chat_id": YOU_ID, "message_id": 1, "text": "x"}, "message can't be edited"),
        ("deleteMessage", {"chat_id": YOU_ID}, "message identifier is not specified"),
        ("deleteMessage", {"chat_id": YOU_ID, "message_id": 99}, "message to delete not found"),
        ("deleteMessages", {"chat_id": YOU_ID, "message_ids": list(range(101))}, "too many message identifiers"),
        ("answerCallbackQuery", {"callback_query_id": "0"}, "query is too old"),
        ("sendChatAction", {"chat_id": YOU_ID, "action": "thinking"}, "wrong parameter action in request"),
        ("getChatMember", {"chat_id": YOU_ID}, "invalid user_id specified"),
        ("getChatMember", {"chat_id": YOU_ID, "user_id": 5}, "user not found"),
        ("getChatAdministrators", {"chat_id": YOU_ID}, "there are no administrators in the private chat"),
        ("leaveChat", {"chat_id": YOU_ID}, "can't be changed in private chats"),
        ("getChat", {"chat_id": LI_NA_ID}, "chat not found"),
        ("setWebhook", {}, 'parameter "url" is required'),
        ("setWebhook", {"url": "http://example.com/"}, "An HTTPS URL must be provided"),
        ("setWebhook", {"url": "https://example.com:8000/"}, "only on ports 80, 88, 443 or 8443"),
        ("setWebhook", {"url": "https://example.com/", "secret_token": "a b"}, "unallowed characters"),
        ("setWebhook", {"url": "https://example.com/", "max_connections": 101}, "max_connections"),
        ("setChatMenuButton", {"menu_button": {"type": "big"}}, "can't parse MenuButton"),
        ("setMyName", {"name": "x" * 65}, "bot name is too long"),
        ("setMyDescription", {"description": "x" * 513}, "bot description is too long"),
        ("setMyShortDescription", {"short_description": "x" * 121}, "bot short description is too long"),
        ("setMyName", {"name": "x", "language_code": "zh-CN"}, "invalid language code"),
        ("setMyCommands", {}, 'parameter "commands" is required'),
    ],
)  # fmt: skip
async def test_a_wrong_call_is_refused_with_its_reason(
    call: Caller, you: int, method: str, params: dict[str, Any], reason: str
) -> None:
    assert reason in await call.refused(method, **params)
    assert call.sandbox.sent("You") == []


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        (buttons([key(callback_data="x" * 65)]), "BUTTON_DATA_INVALID"),
        (buttons([key(callback_data="你" * 22)]), "BUTTON_DATA_INVALID"),
        (buttons([key(callback_data="")]), "BUTTON_DATA_INVALID"),
        (buttons([{"text": "x"}]), "Text buttons are unallowed"),
        (buttons([key(url="https://example.com", callback_data="x")]), "exactly one action"),
        (buttons([key(" ")]), "text must be non-empty"),
        (buttons([key(url="nowhere")]), "Wrong HTTP URL"),
        (buttons([key(url="http://localhost:8080/x")]), "Wrong HTTP URL"),
        (buttons([key(web_app={"url": "http://example.com"})]), "Only HTTPS links"),
        (buttons([key(copy_text={"text": "x" * 257})]), "1-256 characters"),
        (buttons([key(colour="red")]), 'no field "colour"'),
        (buttons([{**key(), "style": "loud"}]), "invalid button style"),
        (buttons([key() for _ in range(9)]), "more than 8 buttons in a row"),
        (buttons(*[[key()] for _ in range(101)]), "more than 100 buttons"),
        (buttons(["x"]), "must be an Object"),  # type: ignore[list-item]
        ({"inline_keyboard": [1]}, "Array of Arrays"),
        ({"keys": []}, "object expected as reply markup"),
    ],
)
async def test_a_wrong_keyboard_is_refused(call: Caller, you: int, markup: dict[str, Any], reason: str) -> None:
    assert reason in await call.refused("sendMessage", chat_id=you, text="x", reply_markup=markup)


@pytest.mark.parametrize(
    "markup",
    [
        buttons([key(callback_data="x" * 64)]),
        buttons([key(url="http://127.0.0.1:8080/x"), key(copy_text={"text": "x"})]),
        buttons([key(web_app={"url": "https://example.com"})]),
        buttons([{**key(), "style": "danger"}]),
        {"keyboard": [[{"text": "x"}]]},
        {"remove_keyboard": True},
        {"force_reply": True},
        {},
    ],
)
async def test_a_right_keyboard_is_taken(call: Caller, you: int, markup: dict[str, Any]) -> None:
    sent = await call("sendMessage", chat_id=you, text="x", reply_markup=markup)
    assert sent.get("reply_markup", {}).get("inline_keyboard", []) == markup.get("inline_keyboard", [])


async def test_an_edited_message_takes_inline_keyboards_only(call: Caller, you: int) -> None:
    sent = await call("sendMessage", chat_id=you, text="x")
    where = {"chat_id": you, "message_id": sent["message_id"]}
    reason = await call.refused("editMessageText", **where, text="y", reply_markup={"force_reply": True})
    assert "inline keyboard expected" in reason


async def test_a_message_is_edited_in_place_unless_nothing_changes(call: Caller, you: int) -> None:
    markup = buttons([key()])
    sent = await call("sendMessage", chat_id=you, text="<b>x</b>", parse_mode="HTML", reply_markup=markup)
    where = {"chat_id": you, "message_id": sent["message_id"]}
    same = {**where, "text": "<strong>x</strong>", "parse_mode": "HTML", "reply_markup": markup}
    assert "message is not modified" in await call.refused("editMessageText", **same)
    assert "message is not modified" in await call.refused("editMessageReplyMarkup", **where, reply_markup=markup)
    assert not call.sandbox.last("You").edited
    assert "edit_date" not in await call("editMessageReplyMarkup", **where)
    edited = await call("editMessageText", **where, text="x")
    assert (edited["text"], "edit_date" in edited, "reply_markup" in edited) == ("x", True, False)
    assert call.sandbox.last("You").edited
    assert len(call.sandbox.sent("You")) == 1


async def test_messages_are_deleted(call: Caller, you: int) -> None:
    ids = [(await call("sendMessage", chat_id=you, text=text))["message_id"] for text in "abc"]
    await call("deleteMessage", chat_id=you, message_id=ids[0])
    await call("deleteMessages", chat_id=you, message_ids=[ids[1], 999])
    assert [message.text for message in call.sandbox.sent("You")] == ["c"]


async def test_only_an_admin_deletes_what_others_wrote_in_a_group(call: Caller) -> None:
    call.sandbox.add_bot(GROUP_ID)
    theirs = await call.sandbox.say(GROUP_ID, "spam")
    where = {"chat_id": GROUP_ID, "message_id": theirs.id}
    assert "can't be deleted" in await call.refused("deleteMessage", **where)
    call.sandbox.add_bot(GROUP_ID, status="administrator")
    assert await call("deleteMessage", **where)


async def test_a_reply_names_what_it_answers_if_that_is_still_there(call: Caller, you: int) -> None:
    sent = await call("sendMessage", chat_id=you, text="x", reply_parameters={"message_id": 1})
    assert sent["reply_to_message"]["text"] == "/start"
    lost = {"message_id": 99, "allow_sending_without_reply": True}
    assert "reply_to_message" not in await call("sendMessage", chat_id=you, text="x", reply_parameters=lost)


async def test_silence_and_link_previews_are_noted(call: Caller, you: int) -> None:
    options = {"is_disabled": True}
    await call("sendMessage", chat_id=you, text="x", disable_notification=True, link_preview_options=options)
    assert (call.sandbox.last("You").silent, call.sandbox.last("You").preview) == (True, False)


async def test_topics_are_addressed_by_their_thread(call: Caller) -> None:
    call.sandbox.add_bot(FORUM_ID)
    sent = await call("sendMessage", chat_id="@newsroom", message_thread_id=2, text="x")
    assert (sent["message_thread_id"], sent["is_topic_message"], sent["chat"]["is_forum"]) == (2, True, True)
    assert "thread not found" in await call.refused("sendMessage", chat_id=FORUM_ID, message_thread_id=1, text="x")


async def test_a_tap_is_answered_within_its_time(clock: FakeClock) -> None:
    async with Sandbox(clock=clock, query_lifetime=60) as sandbox, aiohttp.ClientSession() as session:
        call = Caller(sandbox, session)
        await sandbox.say("You", "/start")
        await call("sendMessage", chat_id=YOU_ID, text="x", reply_markup=buttons([key()]))
        tap = await sandbox.tap("You", "Go")
        assert "MESSAGE_TOO_LONG" in await call.refused("answerCallbackQuery", callback_query_id=tap.id, text="x" * 201)
        elsewhere = {"callback_query_id": tap.id, "url": "https://example.com"}
        assert "URL_INVALID" in await call.refused("answerCallbackQuery", **elsewhere)
        assert not tap.answered
        clock.move(seconds=60)
        inside = "https://t.me/briefwire_bot?start=x"
        assert await call("answerCallbackQuery", callback_query_id=tap.id, text="x" * 200, url=inside)
        assert (tap.answer, tap.alert, tap.url) == ("x" * 200, False, inside)
        clock.move(seconds=1)
        assert "query is too old" in await call.refused("answerCallbackQuery", callback_query_id=tap.id)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ({"command": "Brief", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "b" * 33, "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "get-news", "description": "x"}, "BOT_COMMAND_INVALID"),
        ({"description": "x"}, "BOT_COMMAND_INVALID"),
        ({"command": "brief", "description": ""}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"command": "brief", "description": "x" * 257}, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_a_wrong_command_is_refused(call: Caller, command: dict[str, str], reason: str) -> None:
    assert reason in await call.refused("setMyCommands", commands=[command])


@pytest.mark.parametrize(
    "scope",
    [
        {"type": "everywhere"},
        {"type": "chat"},
        {"type": "chat_member", "chat_id": 1},
        {"type": "default", "chat_id": 1},
    ],
)
async def test_a_wrong_scope_is_refused(call: Caller, scope: dict[str, Any]) -> None:
    assert "can't parse BotCommandScope" in await call.refused("setMyCommands", commands=[], scope=scope)


async def test_a_hundred_commands_are_enough(call: Caller) -> None:
    commands = [{"command": f"c{n}", "description": "x"} for n in range(101)]
    assert "BOT_COMMANDS_TOO_MUCH" in await call.refused("setMyCommands", commands=commands)


async def test_everybody_sees_the_commands_of_their_most_particular_scope_and_language(call: Caller) -> None:
    async def put(name: str, language: str = "", **scope: Any) -> None:
        given = {"scope": scope} if scope else {}
        await call("setMyCommands", commands=[{"command": name, "description": "x"}], language_code=language, **given)

    def seen(chat_id: int, language: str = "en", *, admin: bool = False) -> list[str]:
        profile = call.sandbox.profile
        found = profile.commands_seen(
            chat_id=chat_id, private=chat_id > 0, user_id=YOU_ID, admin=admin, language=language
        )
        return [command["command"] for command in found]

    assert seen(YOU_ID) == []
    await put("all")
    await put("all_zh", "zh")
    assert (seen(YOU_ID), seen(YOU_ID, "zh-hans")) == (["all"], ["all_zh"])
    await put("private", type="all_private_chats")
    await put("groups", type="all_group_chats")
    await put("admins", type="all_chat_administrators")
    assert (seen(YOU_ID), seen(GROUP_ID), seen(GROUP_ID, admin=True)) == (["private"], ["groups"], ["admins"])
    await put("here", type="chat", chat_id=YOU_ID)
    await put("me", type="chat_member", chat_id=YOU_ID, user_id=YOU_ID)
    assert seen(YOU_ID) == ["me"]
    await call("deleteMyCommands", scope={"type": "chat_member", "chat_id": YOU_ID, "user_id": YOU_ID})
    assert seen(YOU_ID) == ["here"]
    assert await call("getMyCommands", language_code="zh") == [{"command": "all_zh", "description": "x"}]
    assert await call("getMyCommands", language_code="de") == []


async def test_the_bot_tells_about_itself_in_every_language(call: Caller) -> None:
    assert await call("getMyName") == {"name": "Briefwire"}
    await call("setMyName", name="News")
    await call("setMyDescription", description="Tells the news")
    await call("setMyDescription", description="讲新闻", language_code="zh")
    await call("setMyShortDescription", short_description="News")
    assert await call("getMyName", language_code="de") == {"name": "News"}
    assert await call("getMyDescription") == {"description": "Tells the news"}
    assert await call("getMyDescription", language_code="zh") == {"description": "讲新闻"}
    assert await call("getMyShortDescription") == {"short_description": "News"}
    assert await call("getChatMenuButton") == {"type": "commands"}
    await call("setChatMenuButton", menu_button={"type": "default"})
    assert await call("getChatMenuButton", chat_id=YOU_ID) == {"type": "default"}


async def test_chats_tell_who_is_in_them(call: Caller, you: int) -> None:
    call.sandbox.add_bot(GROUP_ID)
    me = await call("getMe")
    assert (await call("getChat", chat_id=you))["first_name"] == "You"
    assert await call("getChatMemberCount", chat_id=GROUP_ID) == 4
    (ada,) = await call("getChatAdministrators", chat_id=GROUP_ID)
    assert (ada["status"], ada["user"]["first_name"]) == ("creator", "Ada")
    assert (await call("getChatMember", chat_id=GROUP_ID, user_id=me["id"]))["status"] == "member"
    assert await call("leaveChat", chat_id=GROUP_ID)
    assert (await call("getChatMember", chat_id=GROUP_ID, user_id=me["id"]))["status"] == "left"


async def test_a_channel_takes_posts_of_its_admins_only(call: Caller) -> None:
    call.sandbox.add_bot(CHANNEL_ID)
    sent = await call("sendMessage", chat_id=CHANNEL_ID, text="x")
    assert sent["sender_chat"]["title"] == "Morning headlines"
    assert "from" not in sent
    call.sandbox.world.set_status(call.sandbox.world.chat(CHANNEL_ID), "member", call.sandbox.world.user("Ada"))
    assert "need administrator rights" in await call.refused("sendMessage", chat_id=CHANNEL_ID, text="x")


async def test_typing_is_seen_and_calls_are_remembered(call: Caller, you: int) -> None:
    seen: list[str] = []
    call.sandbox.world.listen(lambda change: seen.append(change.action))
    await call("sendChatAction", chat_id=you, action="typing")
    await call.refused("sendMessage", chat_id=you, text="")
    assert seen == ["typing"]
    assert [(c.method, c.refusal is None) for c in call.sandbox.calls] == [
        ("sendChatAction", True),
        ("sendMessage", False),
    ]
