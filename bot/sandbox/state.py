"""Everything that one sandboxed bot has, in one place for the methods."""

from dataclasses import dataclass

import aiohttp

from bot.sandbox.chats import Chat
from bot.sandbox.limits import Limiter
from bot.sandbox.profile import Profile
from bot.sandbox.refusals import bad_request, forbidden, migrated
from bot.sandbox.updates import Updates
from bot.sandbox.world import World


@dataclass(slots=True)
class State:
    """The bot, its world and its books.

    Attributes:
        surplus_entities: ignore entities beyond 100 as Telegram does, instead of refusing them.
        query_lifetime: seconds after which a tap can't be answered any more.
        session: what webhooks are called with; None before the start.
    """

    world: World
    updates: Updates
    profile: Profile
    limiter: Limiter
    surplus_entities: bool = False
    query_lifetime: float = 60.0
    session: aiohttp.ClientSession | None = None

    def known_chat(self, chat_id: int | str) -> Chat:
        """The chat of a call, wherever the bot has met it. Raises Refusal."""
        chat = self.world.find_chat(chat_id)
        if chat is None or (chat.type == "private" and not self._has_met(chat)):
            raise bad_request("chat not found")
        if chat.migrated_to is not None:
            raise migrated(chat.migrated_to)
        return chat

    def open_chat(self, chat_id: int | str) -> Chat:
        """The chat of a call, if the bot may write there now. Raises Refusal."""
        chat = self.known_chat(chat_id)
        if chat.type != "private":
            self._check_membership(chat)
        elif chat.speaker.deactivated:
            raise forbidden("user is deactivated")
        elif chat.blocked:
            raise forbidden("bot was blocked by the user")
        elif not chat.started:
            raise forbidden("bot can't initiate conversation with a user")
        return chat

    def _has_met(self, chat: Chat) -> bool:
        shared = (c for c in self.world.chats.values() if c.type != "private" and self.world.bot.id in c.members)
        return chat.started or any(chat.id in other.members for other in shared)

    def _check_membership(self, chat: Chat) -> None:
        status = chat.members.get(self.world.bot.id)
        if status == "kicked":
            raise forbidden(f"bot was kicked from the {chat.type} chat")
        if status not in ("member", "administrator"):
            raise forbidden(f"bot is not a member of the {chat.type} chat")
        if chat.type == "channel" and status != "administrator":
            raise bad_request("need administrator rights in the channel chat")
