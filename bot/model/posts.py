"""Posts of the admins on their way to many chats."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class BroadcastState(StrEnum):
    """Where a broadcast stands."""

    DRAFT = "draft"  # shown to the admin, not confirmed
    SCHEDULED = "scheduled"  # confirmed for later
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class Urgency(StrEnum):
    """How a post comes to a chat."""

    CONSIDERATE = "considerate"  # as a message, after quiet hours and pauses
    URGENT = "urgent"  # at once also in the quiet hours of chats that let urgent posts through
    BRIEFING = "briefing"  # inside the next briefing, at no message's cost


class ChatGroup(StrEnum):
    """Chats by their kind, as an admin chooses them."""

    ALL = ""
    PRIVATE = "private"
    GROUPS = "groups"
    CHANNELS = "channels"


@dataclass(frozen=True, slots=True)
class Recipients:
    """Whom a broadcast is for: all chats that take posts, less those that a field leaves out.

    Attributes:
        language: of the chat.
        query: canonical; chats that follow it.
        follows_article: chats with a topic that the post's article met.
        skips_told: not chats that know the article's story already.
        test: the private chats of admins and editors instead of all.
    """

    language: str = ""
    group: ChatGroup = ChatGroup.ALL
    query: str = ""
    follows_article: bool = False
    skips_told: bool = False
    test: bool = False


@dataclass(frozen=True, slots=True)
class Broadcast:
    """A post on its way to many chats.

    Attributes:
        text: Telegram HTML, as every reader sees it.
        new_text: what would take its place, until that is confirmed.
        created_by: user id.
        start_at: when a scheduled one begins.
        snapshot_after: chats up to this id have their delivery, of those up to `snapshot_until`.
        revision: how often the text was changed after it was sent.
        uncertain_left: somebody decided to leave uncertain messages as they are.
    """

    id: int
    text: str
    article_id: int | None
    created_by: int
    state: BroadcastState
    created_at: datetime
    recipients: Recipients = Recipients()
    urgency: Urgency = Urgency.CONSIDERATE
    start_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    edited_at: datetime | None = None
    withdrawn_at: datetime | None = None
    new_text: str = ""
    revision: int = 0
    uncertain_left: bool = False
    snapshot_after: int = 0
    snapshot_until: int = 0

    @property
    def is_prepared(self) -> bool:
        """Whether every recipient has its delivery."""
        return self.snapshot_after >= self.snapshot_until

    @property
    def was_sent(self) -> bool:
        """Whether somebody may have got it."""
        return self.state not in (BroadcastState.DRAFT, BroadcastState.SCHEDULED)


@dataclass(frozen=True, slots=True)
class BroadcastCount:
    """How far a broadcast is, in chats.

    Attributes:
        sent: as a message, or inside a briefing.
        failed: refused by Telegram.
        uncertain: perhaps delivered; the admin decides.
        blocked: the chat is gone.
        cancelled: stopped before it was sent.
        later: of those that wait, after their quiet hours, pauses or until the next briefing.
        corrected: messages that were edited or taken back since.
        to_correct: messages that are still to be.
    """

    total: int = 0
    sent: int = 0
    failed: int = 0
    uncertain: int = 0
    blocked: int = 0
    cancelled: int = 0
    later: int = 0
    corrected: int = 0
    to_correct: int = 0

    @property
    def waiting(self) -> int:
        """Chats whose turn is still to come."""
        return self.total - self.sent - self.failed - self.uncertain - self.blocked - self.cancelled


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom a broadcast would reach, in chats: `chats` get it, `told` of them know its story already, `later` wait."""

    chats: int
    takes_no_posts: int
    told: int = 0
    later: int = 0
