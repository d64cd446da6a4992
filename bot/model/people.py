"""Users and chats."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ChatKind(StrEnum):
    """Telegram's kinds of chat."""

    PRIVATE = "private"
    GROUP = "group"
    SUPERGROUP = "supergroup"
    CHANNEL = "channel"


class ChatState(StrEnum):
    """Whether messages may go to a chat."""

    ACTIVE = "active"
    GONE = "gone"  # the bot was blocked or removed, or the account is deactivated; `/start` brings it back


class Role(StrEnum):
    """What a user may do."""

    OWNER = "owner"
    ADMIN = "admin"
    EDITOR = "editor"
    READER = "reader"


class Access(StrEnum):
    """Whether a user was let in; only asked where access is by invitation."""

    STRANGER = "stranger"
    ASKED = "asked"
    ALLOWED = "allowed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class User:
    """A person on Telegram."""

    id: int
    telegram_user_id: int
    name: str
    language: str
    role: Role
    access: Access


@dataclass(frozen=True, slots=True)
class Chat:
    """Where messages go: a private chat, group, channel, or one topic of a forum (`thread_id`, else 0)."""

    id: int
    telegram_chat_id: int
    thread_id: int
    kind: ChatKind
    title: str
    language: str
    timezone: str
    state: ChatState
    takes_posts: bool
    tells_when_empty: bool
    last_empty_note_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token of the HTTP API; its secret is shown once and stored as a hash."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None = None
