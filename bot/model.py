"""The things Briefwire knows, as frozen values: what each word of the README means, field by field.

Times are aware datetimes in UTC. Ids are the integer keys of the database. Nothing here does anything.
"""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any


class Html(str):
    """Text that is Telegram HTML already: tags as tags, everything else escaped."""

    __slots__ = ()


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


class SourceKind(StrEnum):
    """How a source's articles come in."""

    FEED = "feed"
    PUSH = "push"  # the HTTP API or `briefwire article add`
    ADMIN = "admin"  # posts


class SourceState(StrEnum):
    """Whether a source is polled."""

    ACTIVE = "active"
    PAUSED = "paused"


class Mode(StrEnum):
    """What a subscription does with what its query met."""

    BRIEFING = "briefing"
    ALERT = "alert"
    MUTE = "mute"  # is told by none of the chat's other subscriptions


class DeliveryKind(StrEnum):
    """What a message is; its priority follows from it (`bot.rules.delivery`)."""

    REPLY = "reply"
    ALERT = "alert"
    BRIEFING = "briefing"
    BROADCAST = "broadcast"


class DeliveryState(StrEnum):
    """Where a delivery stands. `SENDING` is written immediately before the message goes on the wire."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class BroadcastState(StrEnum):
    """Where a broadcast stands."""

    DRAFT = "draft"  # shown to the admin, not confirmed
    SENDING = "sending"
    DONE = "done"
    CANCELLED = "cancelled"


# People and chats


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
class Schedule:
    """A daily briefing of a chat at a local time; `next_run_at` is when it is due, in UTC."""

    id: int
    chat_id: int
    at: time
    next_run_at: datetime


# News


@dataclass(frozen=True, slots=True)
class Source:
    """Where articles come from. `imported_at` is None until the first fetch succeeded: that import is silent."""

    id: int
    kind: SourceKind
    url: str
    title: str
    site_url: str
    state: SourceState
    etag: str
    last_modified: str
    body_hash: str
    imported_at: datetime | None
    next_fetch_at: datetime | None
    last_fetch_at: datetime | None
    last_success_at: datetime | None
    last_article_at: datetime | None
    failures: int
    error_key: str
    error_facts: dict[str, Any]
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SourceCount:
    """A source with how many of its articles are stored, and how many of them came in lately."""

    source: Source
    articles: int
    recent: int


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article before it is stored. `published_is_day`: the source gave only a day, so only the day is shown."""

    url: str
    url_key: str
    title: str
    text: str
    source_id: int
    received_at: datetime
    section: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_is_day: bool = False
    language: str = ""
    image_url: str = ""
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """One text at one URL. `silent`: came with the first import of its source, so no alert tells it."""

    id: int
    source_id: int
    source_title: str
    section: str
    url: str
    title: str
    text: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    keywords: tuple[str, ...]
    published_at: datetime | None
    published_is_day: bool
    received_at: datetime
    language: str
    image_url: str
    silent: bool
    revision: int
    story_id: int | None

    @property
    def source_label(self) -> str:
        """Source and section as the source gave them: `海峡时报-亚洲`."""
        return f"{self.source_title}-{self.section}" if self.section else self.source_title


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed; empty strings and None where the feed says nothing."""

    id: str
    title: str
    link: str
    published: datetime | None = None
    published_is_day: bool = False
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    html: str = ""
    image_url: str = ""
    text: str = ""  # the html as plain text, paragraphs apart by a blank line


@dataclass(frozen=True, slots=True)
class Feed:
    """What `bot.rules.feeds.parse_feed` reads from a body."""

    title: str
    site_url: str
    entries: tuple[FeedEntry, ...]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """What `bot.rules.pages.extract_page` reads from an article's page."""

    title: str
    text: str
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    published_is_day: bool = False
    canonical_url: str = ""
    site_name: str = ""
    image_url: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence of an article, word for word: `article.text[start:end] == text`."""

    text: str
    start: int
    end: int


# Queries and what they met


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat's query with its mode and the reader's own label (empty: the query's text is its name)."""

    id: int
    chat_id: int
    query_id: int
    text: str
    canonical: str
    label: str
    mode: Mode
    created_at: datetime

    @property
    def name(self) -> str:
        """What the reader calls it."""
        return self.label or self.text


@dataclass(frozen=True, slots=True)
class PopularQuery:
    """A query that several chats follow, as one of them wrote it."""

    canonical: str
    text: str
    followers: int


@dataclass(frozen=True, slots=True)
class NewMatch:
    """A query met by an article. `strength` in 0..1 orders what one query met."""

    query_id: int
    article_id: int
    strength: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A match of one of a chat's queries that a briefing may choose."""

    query_id: int
    article_id: int
    story_id: int
    source_id: int
    strength: float
    at: datetime  # published, or received where the source gave no time
    told: bool


# Briefings


@dataclass(frozen=True, slots=True)
class Ranked:
    """One place in a briefing's ranking: a story, told under one topic through one article."""

    story_id: int
    article_id: int
    query_id: int
    also: tuple[int, ...] = ()  # ids of articles of other sources on the same story
    told: bool = False


@dataclass(frozen=True, slots=True)
class Briefing:
    """An ordered choice of stories for one chat; `ranking` is whole, `shown` of it were told."""

    id: int
    public_id: str
    chat_id: int
    ranking: tuple[Ranked, ...]
    shown: int
    since: datetime
    until: datetime
    read_count: int  # articles that came in between since and until
    recap: tuple[int, ...] = ()  # stories alerted since the last briefing: ids of one article each


@dataclass(frozen=True, slots=True)
class Button:
    """One inline button: sends `data` (64 bytes at most) back to the bot, or opens `url`."""

    text: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """What goes to a chat: Telegram HTML within 4,096 UTF-16 units after parsing, and rows of buttons."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    silent: bool = False
    preview: bool = False  # whether Telegram shows a card of the first link


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """One message for one chat, before it is stored. Equal keys are one delivery, however often it is recorded."""

    chat_id: int
    kind: DeliveryKind
    key: str
    message: Message
    not_before: datetime
    expires_at: datetime | None = None
    briefing_id: int | None = None
    broadcast_id: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """An outbox row. `uncertain`: a crash or a read timeout left open whether Telegram got it."""

    id: int
    chat_id: int
    telegram_chat_id: int
    thread_id: int
    chat_kind: ChatKind
    kind: DeliveryKind
    key: str
    message: Message
    state: DeliveryState
    uncertain: bool
    attempts: int
    not_before: datetime
    expires_at: datetime | None
    broadcast_id: int | None
    telegram_message_id: int | None


# Posts


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A post on its way to many chats."""

    id: int
    text: str  # Telegram HTML, as every reader sees it
    article_id: int | None
    created_by: int  # user id
    state: BroadcastState
    created_at: datetime


@dataclass(frozen=True, slots=True)
class BroadcastCount:
    """How far a broadcast is, in chats."""

    total: int = 0
    sent: int = 0
    failed: int = 0  # refused by Telegram
    uncertain: int = 0  # perhaps delivered; the admin decides
    blocked: int = 0  # the chat is gone
    cancelled: int = 0  # stopped before it was sent

    @property
    def waiting(self) -> int:
        """Chats whose turn is still to come."""
        return self.total - self.sent - self.failed - self.uncertain - self.blocked - self.cancelled


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a broadcast would reach, in chats: `chats` get it, `told` of them know its story already."""

    chats: int
    takes_no_posts: int
    told: int = 0


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token of the HTTP API; its secret is shown once and stored as a hash."""

    id: int
    name: str
    created_at: datetime
    last_used_at: datetime | None = None
