"""The methods that send, change and answer."""

from typing import Any

from bot.sandbox.chats import Chat, Json, Message
from bot.sandbox.entities import FormattedText, check_entities, finish, parse_html
from bot.sandbox.keyboards import Keyboard, check_markup
from bot.sandbox.refusals import bad_request
from bot.sandbox.state import State
from bot.sandbox.world import Change

ANSWER_LIMIT = 200  # characters of the note that answers a tap
DELETE_LIMIT = 100  # messages in one deleteMessages
LINK_PREVIEW_FIELDS = {"is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"}
REPLY_FIELDS = {
    "message_id",
    "chat_id",
    "allow_sending_without_reply",
    "quote",
    "quote_parse_mode",
    "quote_entities",
    "quote_position",
}
ACTIONS = (
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note"
).split()
# Parameters that exist, but ask for something that the sandbox doesn't have.
ELSEWHERE = (
    "business_connection_id",
    "direct_messages_topic_id",
    "suggested_post_parameters",
    "message_effect_id",
    "inline_message_id",
)


def send_message(state: State, given: Json) -> Json:
    """sendMessage."""
    _refuse_elsewhere(given)
    chat = state.open_chat(given["chat_id"])
    formatted = _formatted(state, given)
    keyboard = check_markup(given.get("reply_markup"))
    thread_id = _thread(chat, given.get("message_thread_id"))
    reply_to = _reply(chat, given.get("reply_parameters"))
    preview = _wants_preview(given.get("link_preview_options"))
    state.limiter.count(chat.id)
    message = state.world.post(
        chat,
        state.world.bot,
        formatted,
        raw=given["text"],
        keyboard=keyboard,
        thread_id=thread_id,
        reply_to=reply_to,
        silent=given.get("disable_notification", False),
        preview=preview,
    )
    return message.json()


def edit_message_text(state: State, given: Json) -> Json:
    """editMessageText."""
    message = _own_message(state, given)
    formatted = _formatted(state, given)
    keyboard = check_markup(given.get("reply_markup"), inline_only=True)
    _wants_preview(given.get("link_preview_options"))
    same_text = (formatted.text, formatted.entities) == (message.text, message.entities)
    _check_modified(message, keyboard, same_text=same_text)
    state.world.rewrite(message, formatted, keyboard, given["text"])
    return message.json()


def edit_message_reply_markup(state: State, given: Json) -> Json:
    """editMessageReplyMarkup."""
    message = _own_message(state, given)
    keyboard = check_markup(given.get("reply_markup"), inline_only=True)
    _check_modified(message, keyboard, same_text=True)
    state.world.rewrite(message, None, keyboard)
    return message.json()


def delete_message(state: State, given: Json) -> bool:
    """deleteMessage."""
    chat = state.open_chat(given["chat_id"])
    message = chat.message(given["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    own = message.sender is state.world.bot
    if not own and chat.type != "private" and chat.members.get(state.world.bot.id) != "administrator":
        raise bad_request("message can't be deleted for everyone")
    state.world.delete(message)
    return True


def delete_messages(state: State, given: Json) -> bool:
    """deleteMessages: those that can't be found are skipped."""
    chat = state.open_chat(given["chat_id"])
    if len(given["message_ids"]) > DELETE_LIMIT:
        raise bad_request("too many message identifiers specified")
    for message_id in given["message_ids"]:
        if chat.message(message_id) is not None:
            delete_message(state, {"chat_id": chat.id, "message_id": message_id})
    return True


def answer_callback_query(state: State, given: Json) -> bool:
    """answerCallbackQuery."""
    tap = state.world.taps.get(given["callback_query_id"])
    if tap is None or state.world.timestamp() - tap.date > state.query_lifetime:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = given.get("text", "")
    if len(text) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    if given.get("url"):
        # only games and t.me links of the bot itself are opened
        if not given["url"].startswith((f"https://t.me/{state.world.bot.username}?start=", "tg://")):
            raise bad_request("URL_INVALID")
        tap.url = given["url"]
    tap.answer, tap.alert, tap.answered = text, given.get("show_alert", False), True
    state.world.changed(Change("answer", tap.message.chat, tap=tap))
    return True


def send_chat_action(state: State, given: Json) -> bool:
    """sendChatAction."""
    _refuse_elsewhere(given)
    chat = state.open_chat(given["chat_id"])
    if given["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    _thread(chat, given.get("message_thread_id"))
    state.world.changed(Change("action", chat, action=given["action"]))
    return True


def _refuse_elsewhere(given: Json) -> None:
    for name in ELSEWHERE:
        if name in given:
            raise bad_request(f'the sandbox has nothing for "{name}"')


def _formatted(state: State, given: Json) -> FormattedText:
    text, mode = given["text"], given.get("parse_mode", "")
    if mode and "entities" in given:
        raise bad_request("parse_mode and entities can't be given together")
    if mode.lower() not in ("", "html"):
        raise bad_request("unsupported parse_mode")
    formatted = parse_html(text) if mode else check_entities(text, given.get("entities", ()))
    return finish(formatted, surplus_entities=state.surplus_entities)


def _thread(chat: Chat, thread_id: int | None) -> int:
    if thread_id and thread_id not in chat.topics:
        raise bad_request("message thread not found")
    return thread_id or 0


def _reply(chat: Chat, wanted: dict[str, Any] | None) -> Message | None:
    if wanted is None:
        return None
    _check_fields("ReplyParameters", wanted, REPLY_FIELDS)
    if not isinstance(wanted.get("message_id"), int):
        raise bad_request("can't parse reply parameters: message identifier is not specified")
    message = chat.message(wanted["message_id"])
    if message is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return message


def _wants_preview(options: dict[str, Any] | None) -> bool:
    if options is None:
        return True
    _check_fields("LinkPreviewOptions", options, LINK_PREVIEW_FIELDS)
    return not options.get("is_disabled", False)


def _check_fields(name: str, given: dict[str, Any], known: set[str]) -> None:
    if unknown := given.keys() - known:
        raise bad_request(f'can\'t parse {name}: no field "{min(unknown)}"')


def _own_message(state: State, given: Json) -> Message:
    _refuse_elsewhere(given)
    if "chat_id" not in given:
        raise bad_request("chat_id is empty")
    chat = state.open_chat(given["chat_id"])
    if not given.get("message_id"):
        raise bad_request("message identifier is not specified")
    message = chat.message(given["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message.sender is not state.world.bot or message.service:
        raise bad_request("message can't be edited")
    return message


def _check_modified(message: Message, keyboard: Keyboard, *, same_text: bool) -> None:
    if same_text and keyboard == message.keyboard:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
