"""Posts of the admins on their way to many chats."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BroadcastState(StrEnum):
    """Where a broadcast stands."""

    DRAFT = "draft"  # shown to the admin, not confirmed
    SENDING = "sending"
    DONE = "done"
    CANCELLED = "cancelled"


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
