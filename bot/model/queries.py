"""Subscriptions, and what their queries met."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Mode(StrEnum):
    """What a subscription does with what its query met."""

    BRIEFING = "briefing"
    ALERT = "alert"
    MUTE = "mute"  # is told by none of the chat's other subscriptions


@dataclass(frozen=True, slots=True)
class Subscription:
    """A chat's query with its mode and the reader's own label (empty: the query's text is its name).

    Attributes:
        silent: alerts come without a sound.
        rests_until: after a flood, alerts are held back until then.
        kept_until: until then none are held back, however many.
    """

    id: int
    chat_id: int
    query_id: int
    text: str
    canonical: str
    label: str
    mode: Mode
    created_at: datetime
    silent: bool = False
    rests_until: datetime | None = None
    kept_until: datetime | None = None

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
    update: bool = False  # tells something new of a story that the chat was told
