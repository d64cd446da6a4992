"""What the bot tells about itself: its commands per scope and language, its name and descriptions, its menu button."""

import re
from collections.abc import Sequence
from typing import Any

from bot.sandbox.refusals import bad_request

COMMANDS_LIMIT = 100
DESCRIPTION_LIMIT = 256  # characters of one command's description
TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}  # characters
# Scope types and the parameters that each needs, the most particular first.
SCOPES: dict[str, tuple[str, ...]] = {
    "chat_member": ("chat_id", "user_id"),
    "chat_administrators": ("chat_id",),
    "chat": ("chat_id",),
    "all_chat_administrators": (),
    "all_group_chats": (),
    "all_private_chats": (),
    "default": (),
}

Command = dict[str, str]
ScopeKey = tuple[str, int | str | None, int | None]


class Profile:
    """The bot's texts and commands, with Telegram's rules for them."""

    def __init__(self) -> None:
        self.menu_buttons: dict[int | None, dict[str, Any]] = {}
        self._commands: dict[tuple[ScopeKey, str], list[Command]] = {}
        self._texts: dict[tuple[str, str], str] = {}

    def set_commands(self, commands: Sequence[dict[str, Any]], scope: dict[str, Any] | None, language: str) -> None:
        """Replaces the commands of one scope and language. Raises Refusal."""
        key = _scope_key(scope)
        if len(commands) > COMMANDS_LIMIT:
            raise bad_request("BOT_COMMANDS_TOO_MUCH")
        self._commands[key, check_language(language)] = [_command(command) for command in commands]

    def delete_commands(self, scope: dict[str, Any] | None, language: str) -> None:
        """Forgets the commands of one scope and language."""
        self._commands.pop((_scope_key(scope), check_language(language)), None)

    def commands(self, scope: dict[str, Any] | None, language: str) -> list[Command]:
        """The commands set for exactly this scope and language."""
        return self._commands.get((_scope_key(scope), check_language(language)), [])

    def commands_seen(self, *, chat_id: int, private: bool, user_id: int, admin: bool, language: str) -> list[Command]:
        """The commands in somebody's menu: most particular scope first, their language before none."""
        for kind in SCOPES:
            if "administrators" in kind and not admin:
                continue
            if kind == ("all_group_chats" if private else "all_private_chats"):
                continue
            needs = SCOPES[kind]
            key = (kind, chat_id if "chat_id" in needs else None, user_id if "user_id" in needs else None)
            for wanted in (language[:2].lower(), ""):
                if found := self._commands.get((key, wanted)):
                    return found
        return []

    def set_text(self, kind: str, text: str, language: str) -> None:
        """Sets name, description or short_description in a language. Raises Refusal where it is too long."""
        if len(text) > TEXT_LIMITS[kind]:
            raise bad_request(f"bot {kind.replace('_', ' ')} is too long")
        self._texts[kind, check_language(language)] = text

    def text(self, kind: str, language: str) -> str:
        """Name, description or short_description in a language, else as set for all."""
        language = language[:2].lower()
        return self._texts.get((kind, language)) or self._texts.get((kind, ""), "")


def check_language(language: str) -> str:
    """A two-letter code, or none. Raises Refusal."""
    if not re.fullmatch(r"([a-z]{2})?", language):
        raise bad_request("invalid language code specified")
    return language


def _scope_key(scope: dict[str, Any] | None) -> ScopeKey:
    kind = "default" if scope is None else scope.get("type")
    if not isinstance(kind, str) or kind not in SCOPES:
        raise bad_request("can't parse BotCommandScope: unsupported type specified")
    values = scope or {}
    for name in SCOPES[kind]:
        if not values.get(name):
            raise bad_request(f"can't parse BotCommandScope: {name} is empty")
    if unknown := values.keys() - {"type", *SCOPES[kind]}:
        raise bad_request(f'can\'t parse BotCommandScope: no field "{min(unknown)}"')
    return kind, values.get("chat_id"), values.get("user_id")


def _command(command: dict[str, Any]) -> Command:
    name, description = command.get("command"), command.get("description")
    if not isinstance(name, str) or not re.fullmatch(r"/?[a-z0-9_]{1,32}", name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not isinstance(description, str) or not 1 <= len(description) <= DESCRIPTION_LIMIT:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name.removeprefix("/"), "description": description}
