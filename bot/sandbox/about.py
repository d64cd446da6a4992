"""The methods about the bot itself, its updates, and the chats it is in."""

import re
from typing import Any
from urllib.parse import urlsplit

from bot.sandbox.chats import Json, member_json
from bot.sandbox.profile import check_language
from bot.sandbox.refusals import bad_request
from bot.sandbox.state import State
from bot.sandbox.world import Change

WEBHOOK_PORTS = (443, 80, 88, 8443)
LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
ADMIN_STATUS = ("creator", "administrator")


def get_me(state: State, _given: Json) -> Json:
    """getMe."""
    return state.world.bot.json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not state.world.privacy_mode,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


async def get_updates(state: State, given: Json) -> list[Json]:
    """getUpdates, by long polling."""
    return await state.updates.poll(
        offset=given.get("offset", 0),
        limit=given.get("limit", 100),
        timeout=given.get("timeout", 0),
        allowed=given.get("allowed_updates"),
    )


async def set_webhook(state: State, given: Json) -> bool:
    """setWebhook. Plain http is for this machine only, where Telegram would never reach."""
    url, secret = given.get("url", ""), given.get("secret_token", "")
    if url:
        _check_webhook(url)
    if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
        raise bad_request("secret token contains unallowed characters")
    if not 1 <= given.get("max_connections", 40) <= 100:
        raise bad_request("max_connections must be from 1 to 100")
    if given.get("drop_pending_updates"):
        state.updates.drop()
    assert state.session is not None, "the sandbox has not been started"  # noqa: S101 - methods are called by HTTP only
    await state.updates.set_webhook(url, secret, given.get("allowed_updates"), state.session)
    return True


async def delete_webhook(state: State, given: Json) -> bool:
    """deleteWebhook."""
    return await set_webhook(state, given)


def get_webhook_info(state: State, _given: Json) -> Json:
    """getWebhookInfo."""
    updates = state.updates
    info: Json = {"url": updates.webhook_url, "has_custom_certificate": False, "pending_update_count": len(updates)}
    if updates.allowed:
        info["allowed_updates"] = list(updates.allowed)
    if updates.webhook_error is not None:
        info["last_error_date"], info["last_error_message"] = updates.webhook_error
    return info


def _check_webhook(url: str) -> None:
    parts = urlsplit(url)
    if parts.hostname in LOCAL_HOSTS and parts.scheme in ("http", "https"):
        return
    if parts.scheme != "https" or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in WEBHOOK_PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def set_my_commands(state: State, given: Json) -> bool:
    """setMyCommands."""
    state.profile.set_commands(given["commands"], given.get("scope"), given.get("language_code", ""))
    return _profile_changed(state)


def get_my_commands(state: State, given: Json) -> list[dict[str, str]]:
    """getMyCommands."""
    return state.profile.commands(given.get("scope"), given.get("language_code", ""))


def delete_my_commands(state: State, given: Json) -> bool:
    """deleteMyCommands."""
    state.profile.delete_commands(given.get("scope"), given.get("language_code", ""))
    return _profile_changed(state)


def set_text(kind: str) -> Any:
    """The setter of name, description or short_description."""

    def method(state: State, given: Json) -> bool:
        state.profile.set_text(kind, given.get(kind, ""), given.get("language_code", ""))
        return _profile_changed(state)

    return method


def get_text(kind: str) -> Any:
    """The getter of name, description or short_description."""

    def method(state: State, given: Json) -> Json:
        text = state.profile.text(kind, check_language(given.get("language_code", "")))
        return {kind: text or (state.world.bot.first_name if kind == "name" else "")}

    return method


def set_chat_menu_button(state: State, given: Json) -> bool:
    """setChatMenuButton."""
    button = given.get("menu_button", {"type": "default"})
    if button.get("type") not in ("commands", "web_app", "default"):
        raise bad_request("can't parse MenuButton: unsupported type specified")
    state.profile.menu_buttons[given.get("chat_id")] = button
    return _profile_changed(state)


def get_chat_menu_button(state: State, given: Json) -> Json:
    """getChatMenuButton."""
    buttons = state.profile.menu_buttons
    return buttons.get(given.get("chat_id")) or buttons.get(None) or {"type": "commands"}


def get_chat(state: State, given: Json) -> Json:
    """getChat."""
    chat = state.known_chat(given["chat_id"])
    gifts = "unlimited_gifts limited_gifts unique_gifts premium_subscription gifts_from_channels".split()
    return chat.json() | {
        "accent_color_id": chat.id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }


def get_chat_member(state: State, given: Json) -> Json:
    """getChatMember."""
    chat = state.known_chat(given["chat_id"])
    user = state.world.users.get(given["user_id"])
    if user is None:
        raise bad_request("user not found")
    return member_json(user, chat.members.get(user.id, "left"))


def get_chat_administrators(state: State, given: Json) -> list[Json]:
    """getChatAdministrators: without bots."""
    chat = state.open_chat(given["chat_id"])
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    admins = [(state.world.users[user_id], status) for user_id, status in chat.members.items()]
    return [member_json(user, status) for user, status in admins if status in ADMIN_STATUS and not user.is_bot]


def get_chat_member_count(state: State, given: Json) -> int:
    """getChatMemberCount."""
    chat = state.open_chat(given["chat_id"])
    return sum(status not in ("left", "kicked") for status in chat.members.values())


def leave_chat(state: State, given: Json) -> bool:
    """leaveChat."""
    chat = state.open_chat(given["chat_id"])
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    state.world.set_status(chat, "left", state.world.bot)
    return True


def log_out(_state: State, _given: Json) -> bool:
    """logOut and close, of which the sandbox has nothing to undo."""
    return True


def _profile_changed(state: State) -> bool:
    state.world.changed(Change("profile"))
    return True
