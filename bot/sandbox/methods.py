"""The methods of the Bot API that the sandbox speaks, and the reading of their parameters.

Telegram ignores parameters that it does not know; the sandbox refuses them, because each is a mistake of the caller.
Facts: Bot API 10.0, which python-telegram-bot 22.8 speaks.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.refusals import Refusal, bad_request

# One method a line: its parameters as name:type, `!` where required. Types are the keys of _READERS.
_TABLE = """
getMe
logOut
close
getUpdates offset:int limit:int timeout:int allowed_updates:strings
setWebhook url:str! certificate:file ip_address:str max_connections:int allowed_updates:strings
    drop_pending_updates:bool secret_token:str
deleteWebhook drop_pending_updates:bool
getWebhookInfo
sendMessage business_connection_id:str chat_id:chat! message_thread_id:int direct_messages_topic_id:int text:str!
    parse_mode:str entities:objects link_preview_options:object disable_notification:bool protect_content:bool
    allow_paid_broadcast:bool message_effect_id:str suggested_post_parameters:object reply_parameters:object
    reply_markup:object
sendDocument chat_id:chat! message_thread_id:int document:file! caption:str parse_mode:str caption_entities:objects
    disable_content_type_detection:bool disable_notification:bool protect_content:bool reply_parameters:object
    reply_markup:object
getFile file_id:str!
editMessageText business_connection_id:str chat_id:chat message_id:int inline_message_id:str text:str! parse_mode:str
    entities:objects link_preview_options:object reply_markup:object
editMessageReplyMarkup business_connection_id:str chat_id:chat message_id:int inline_message_id:str reply_markup:object
deleteMessage chat_id:chat! message_id:int!
deleteMessages chat_id:chat! message_ids:ints!
answerCallbackQuery callback_query_id:str! text:str show_alert:bool url:str cache_time:int
sendChatAction business_connection_id:str chat_id:chat! message_thread_id:int action:str!
setMyCommands commands:objects! scope:object language_code:str
getMyCommands scope:object language_code:str
deleteMyCommands scope:object language_code:str
setMyName name:str language_code:str
getMyName language_code:str
setMyDescription description:str language_code:str
getMyDescription language_code:str
setMyShortDescription short_description:str language_code:str
getMyShortDescription language_code:str
setChatMenuButton chat_id:int menu_button:object
getChatMenuButton chat_id:int
getChat chat_id:chat!
getChatAdministrators chat_id:chat!
getChatMemberCount chat_id:chat!
getChatMember chat_id:chat! user_id:int!
leaveChat chat_id:chat!
"""

# What Telegram says where a required parameter is missing; all others get one sentence of the sandbox's own.
_MISSING = {
    "chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "user_id": "invalid user_id specified",
    "action": "wrong parameter action in request",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a method."""

    name: str
    kind: str
    required: bool


@dataclass(frozen=True, slots=True)
class Method:
    """One method and its parameters by name."""

    name: str
    parameters: Mapping[str, Parameter]


def find_method(name: str) -> Method:
    """The method of that name, in any case of letters. Raises Refusal 404 where there is none."""
    try:
        return METHODS[name.lower()]
    except KeyError:
        raise Refusal(404, "Not Found") from None


def read_parameters(method: Method, given: Mapping[str, object]) -> dict[str, Any]:
    """The parameters of a call as Python values.

    Args:
        method: what was called.
        given: values as they came: strings from a form (lists and objects as JSON), or JSON values.

    Raises:
        Refusal: 400 for an unknown, missing or wrongly typed parameter.
    """
    values: dict[str, Any] = {}
    for name, value in given.items():
        parameter = method.parameters.get(name)
        if parameter is None:
            raise bad_request(f'method "{method.name}" has no parameter "{name}"')
        if value is not None:
            values[name] = _READERS[parameter.kind](name, value)
    for name, parameter in method.parameters.items():
        if parameter.required and values.get(name) in (None, ""):
            # an empty url takes the webhook away
            if name == "url" and name in values:
                continue
            raise bad_request(_MISSING.get(name, f'parameter "{name}" is required'))
    return values


def _wrong(name: str, expected: str) -> Refusal:
    return bad_request(f'can\'t parse parameter "{name}": {expected} expected')


def _integer(name: str, value: object) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,19}", value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise _wrong(name, "Integer")


def _boolean(name: str, value: object) -> bool:
    known = {"true": True, "false": False, "1": True, "0": False}
    try:
        return known[str(value).lower()]
    except KeyError:
        raise _wrong(name, "Boolean") from None


def _string(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(name, "String")
    return value


def _chat(name: str, value: object) -> int | str:
    if isinstance(value, str) and re.fullmatch(r"@\w+", value):
        return value
    try:
        return _integer(name, value)
    except Refusal:
        raise bad_request("chat not found") from None


def _json(name: str, value: object, kind: type, expected: str) -> Any:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            raise _wrong(name, f"a JSON-serialized {expected}") from None
    if not isinstance(value, kind):
        raise _wrong(name, expected)
    return value


def _object(name: str, value: object) -> dict[str, Any]:
    found: dict[str, Any] = _json(name, value, dict, "Object")
    return found


def _array_of(kind: type, expected: str) -> Callable[[str, object], list[Any]]:
    def read(name: str, value: object) -> list[Any]:
        found: list[Any] = _json(name, value, list, f"Array of {expected}")
        if not all(isinstance(item, kind) for item in found):
            raise _wrong(name, f"Array of {expected}")
        return found

    return read


def _anything(_name: str, value: object) -> object:
    return value


_READERS: dict[str, Callable[[str, object], Any]] = {
    "int": _integer,
    "bool": _boolean,
    "str": _string,
    "chat": _chat,
    "file": _anything,
    "object": _object,
    "objects": _array_of(dict, "Object"),
    "strings": _array_of(str, "String"),
    "ints": _array_of(int, "Integer"),
}


def _read_table() -> dict[str, Method]:
    methods = {}
    for line in re.sub(r"\n\s+", " ", _TABLE).split("\n"):
        if not line.strip():
            continue
        name, *columns = line.split()
        parameters = {}
        for column in columns:
            parameter, kind = column.split(":")
            parameters[parameter] = Parameter(parameter, kind.rstrip("!"), kind.endswith("!"))
        methods[name.lower()] = Method(name, parameters)
    return methods


METHODS = _read_table()
