"""What a chat was alerted of, and in which message."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Alert:
    """A story in a message of a chat. An update of a story is one of its own, in a message that replies to the first.

    Attributes:
        article_id: the article through which it was told.
        last_article_id: later articles of the story are not in the message yet.
        sent_at: when its message was recorded.
        is_queued: whether that message waits to be sent.
    """

    id: int
    chat_id: int
    story_id: int
    article_id: int
    query_id: int
    delivery_id: int
    is_update: bool
    silent: bool
    last_article_id: int
    told_at: datetime
    edited_at: datetime | None
    sent_at: datetime
    is_queued: bool


@dataclass(frozen=True, slots=True)
class NewAlert:
    """An alert before it is stored."""

    chat_id: int
    story_id: int
    article_id: int
    query_id: int
    delivery_id: int
    last_article_id: int
    is_update: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """That a chat knows a story up to an article of it; `muted`: and wants to hear no more of it."""

    last_article_id: int
    muted: bool
