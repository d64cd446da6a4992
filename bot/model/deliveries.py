"""Messages, and their rows in the outbox."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.people import ChatKind


class Html(str):
    """Text that is Telegram HTML already: tags as tags, everything else escaped."""

    __slots__ = ()


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


class DeliveryKind(StrEnum):
    """What a message is; its priority follows from it (`bot.rules.delivery`)."""

    REPLY = "reply"
    ALERT = "alert"
    BRIEFING = "briefing"
    BROADCAST = "broadcast"
    SUPPLEMENT = "supplement"  # an alert's message is edited, because further sources have its story


class DeliveryState(StrEnum):
    """Where a delivery stands. `SENDING` is written immediately before the message goes on the wire."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


class Operation(StrEnum):
    """What a delivery does in its chat. The last two change an earlier message, the delivery's target."""

    SEND = "send"  # with a target: as a reply to it
    EDIT = "edit"  # gives the target this text and these buttons; without a text only these buttons
    DELETE = "delete"  # takes the target away; where Telegram does not allow it any more, the message edits it instead


@dataclass(frozen=True, slots=True)
class NewDelivery:
    """One message for one chat, before it is stored. Equal keys are one delivery, however often it is recorded.

    Attributes:
        target_id: the delivery whose message is replied to, edited or deleted; it goes first, whatever its priority.
        story_ids: stories that this message tells; told no longer if it never arrives.
    """

    chat_id: int
    kind: DeliveryKind
    key: str
    message: Message
    not_before: datetime
    expires_at: datetime | None = None
    briefing_id: int | None = None
    broadcast_id: int | None = None
    operation: Operation = Operation.SEND
    target_id: int | None = None
    story_ids: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivery:
    """An outbox row.

    Attributes:
        uncertain: a crash or a read timeout left open whether Telegram got it.
        target_message_id: Telegram's id of the message that it replies to, edits or deletes, once that was sent.
    """

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
    operation: Operation = Operation.SEND
    target_id: int | None = None
    target_message_id: int | None = None
    story_ids: tuple[int, ...] = ()
