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


class DeliveryState(StrEnum):
    """Where a delivery stands. `SENDING` is written immediately before the message goes on the wire."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


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
