"""Users and chats."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum

from bot.model.briefings import Slot


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
class QuietHours:
    """From when until when, where the chat lives, nothing comes by itself; over midnight where `until` is earlier."""

    start: time
    until: time


@dataclass(frozen=True, slots=True)
class Chat:
    """Where messages go: a private chat, group, channel, or one topic of a forum (`thread_id`, else 0).

    Attributes:
        hears_urgent: whether what is urgent comes in quiet hours and pauses all the same.
        paused_until: nothing comes by itself before.
        next_run_at: when to look whether a briefing is due, None without a schedule.
        last_slot: the slots of the schedule up to here are done with.
    """

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
    quiet_hours: QuietHours | None = None
    hears_urgent: bool = False
    paused_until: datetime | None = None
    next_run_at: datetime | None = None
    last_slot: Slot | None = None


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token of the HTTP API; its secret is shown once and stored as a hash."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None = None
