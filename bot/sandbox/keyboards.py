"""What Telegram demands of the keyboard below a message."""

from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.entities import checked_link
from bot.sandbox.refusals import Refusal, bad_request

BUTTON_LIMIT = 100  # buttons under one message
ROW_LIMIT = 8  # buttons side by side
CALLBACK_DATA_LIMIT = 64  # bytes
COPY_TEXT_LIMIT = 256  # characters
STYLES = ("danger", "success", "primary")

# Exactly one of these says what a button does.
ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)

Button = dict[str, Any]
Keyboard = list[list[Button]]


def check_markup(markup: dict[str, Any] | None, *, inline_only: bool = False) -> Keyboard:
    """The inline keyboard of a `reply_markup`, empty where it has none.

    Args:
        markup: InlineKeyboardMarkup, or (unless inline_only) ReplyKeyboardMarkup, ReplyKeyboardRemove, ForceReply.
        inline_only: a message that is edited can have an inline keyboard only.

    Raises:
        Refusal: 400 with what is wrong.
    """
    if not markup:
        return []
    if "inline_keyboard" in markup:
        return _inline_keyboard(markup["inline_keyboard"])
    if not inline_only and any(key in markup for key in ("keyboard", "remove_keyboard", "force_reply")):
        return []
    raise bad_request("inline keyboard expected" if inline_only else "object expected as reply markup")


def _inline_keyboard(rows: object) -> Keyboard:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('can\'t parse inline keyboard: field "inline_keyboard" must be an Array of Arrays')
    keyboard = [[_button(button) for button in row] for row in rows if row]
    if any(len(row) > ROW_LIMIT for row in keyboard):
        raise bad_request(f"reply markup is too long: more than {ROW_LIMIT} buttons in a row")
    if sum(map(len, keyboard)) > BUTTON_LIMIT:
        raise bad_request(f"reply markup is too long: more than {BUTTON_LIMIT} buttons")
    return keyboard


def _wrong(reason: str) -> Refusal:
    return bad_request(f"can't parse inline keyboard button: {reason}")


def _button(button: object) -> Button:
    if not isinstance(button, dict):
        raise _wrong("InlineKeyboardButton must be an Object")
    unknown = button.keys() - {"text", "icon_custom_emoji_id", "style", *ACTIONS}
    if unknown:
        raise _wrong(f'InlineKeyboardButton has no field "{min(unknown)}"')
    if not isinstance(button.get("text"), str) or not button["text"].strip():
        raise _wrong("Inline keyboard button text must be non-empty")
    if button.get("style", "primary") not in STYLES:
        raise _wrong("invalid button style specified")
    actions = [action for action in ACTIONS if button.get(action) is not None]
    if len(actions) != 1:
        raise _wrong(
            "exactly one action is allowed" if actions else "Text buttons are unallowed in the inline keyboard"
        )
    _check_action(actions[0], button[actions[0]])
    return button


def _check_action(action: str, value: Any) -> None:
    match action:
        case "callback_data" if not isinstance(value, str) or not 1 <= len(value.encode()) <= CALLBACK_DATA_LIMIT:
            raise bad_request("BUTTON_DATA_INVALID")
        case "url" if not isinstance(value, str) or not checked_link(value):
            raise bad_request(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
        case "web_app" if not isinstance(value, dict) or urlsplit(str(value.get("url"))).scheme != "https":
            raise bad_request(f"inline keyboard button Web App URL '{value}' is invalid: Only HTTPS links are allowed")
        case "copy_text" if not isinstance(value, dict) or not 1 <= len(str(value.get("text", ""))) <= COPY_TEXT_LIMIT:
            raise _wrong("Text to copy must be 1-256 characters long")
