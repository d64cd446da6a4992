"""Users, chats, messages and taps: plain records and their Bot API shapes. Only bot.sandbox.world changes them."""

from dataclasses import dataclass, field
from typing import Any, Literal

from bot.sandbox.keyboards import Button, Keyboard

ChatType = Literal["private", "group", "supergroup", "channel"]
Json = dict[str, Any]


@dataclass(slots=True)
class User:
    """Somebody on Telegram, or the bot."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language: str = "en"  # IETF tag of their app
    is_bot: bool = False
    deactivated: bool = False

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def json(self) -> Json:
        """A Bot API User."""
        optional = {"last_name": self.last_name, "username": self.username}
        if not self.is_bot:
            optional["language_code"] = self.language
        known = {key: value for key, value in optional.items() if value}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name, **known}


@dataclass(slots=True)
class Message:
    """One message in a chat.

    Attributes:
        text: as it is shown, parsed.
        raw: as the bot sent it, with its markup; of people, the text.
        entities: Bot API MessageEntity objects, offsets in UTF-16 units.
        keyboard: rows of Bot API InlineKeyboardButton objects.
        silent: sent without a sound.
        revision: when it came or changed last, see World.
        service: what happened, of a service message; else empty.
    """

    id: int
    chat: "Chat"
    sender: User
    date: int
    text: str = ""
    raw: str = ""
    entities: tuple[Json, ...] = ()
    keyboard: Keyboard = field(default_factory=list)
    thread_id: int = 0
    reply_to: "Message | None" = None
    silent: bool = False
    preview: bool = True
    edited_at: int | None = None
    revision: int = 0
    service: Json = field(default_factory=dict)
    location: Json = field(default_factory=dict)
    document: Json = field(default_factory=dict)  # a file that came with it; its text is the caption then

    @property
    def edited(self) -> bool:
        """Whether its text was changed after sending."""
        return self.edited_at is not None

    @property
    def from_bot(self) -> bool:
        """Whether the bot sent it."""
        return self.sender.is_bot

    @property
    def buttons(self) -> list[str]:
        """The labels of its buttons, in reading order."""
        return [button["text"] for row in self.keyboard for button in row]

    @property
    def links(self) -> list[str]:
        """The URLs of the links in its text, in order."""
        return [entity["url"] for entity in self.entities if entity["type"] == "text_link"]

    def button(self, label_or_data: str) -> Button:
        """The button with that label (or, if no label fits, that callback data). Raises LookupError."""
        buttons = [button for row in self.keyboard for button in row]
        for key in ("text", "callback_data"):
            for button in buttons:
                if button.get(key) == label_or_data:
                    return button
        raise LookupError(f"no button {label_or_data!r} below this message; there are {self.buttons}")

    def json(self, *, with_reply: bool = True) -> Json:
        """A Bot API Message."""
        answer: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.json()}
        if self.chat.type == "channel":
            answer["sender_chat"] = self.chat.json()
        else:
            answer["from"] = self.sender.json()
        if self.thread_id:
            answer |= {"message_thread_id": self.thread_id, "is_topic_message": True}
        if self.reply_to is not None and with_reply:
            answer["reply_to_message"] = self.reply_to.json(with_reply=False)
        if self.edited_at is not None:
            answer["edit_date"] = self.edited_at
        if self.document:
            answer["document"] = self.document
        if self.location:
            answer["location"] = self.location
        elif self.text:
            answer["caption" if self.document else "text"] = self.text
        if self.entities:
            answer["caption_entities" if self.document else "entities"] = list(self.entities)
        if self.keyboard:
            answer["reply_markup"] = {"inline_keyboard": self.keyboard}
        return answer | self.service


@dataclass(slots=True)
class Chat:
    """A conversation.

    Attributes:
        title: the name of the person, group or channel.
        members: status by user id: creator, administrator, member, left, kicked.
        topics: names by thread id, of a forum.
        speaker: who writes here where a test names nobody.
        started: whether the person of a private chat ever wrote to the bot.
        blocked: whether the person of a private chat blocked the bot.
        migrated_to: the supergroup that this group has become.
        acted: the revision when somebody last wrote or tapped here.
        note: what the chat page says beside the title.
    """

    id: int
    type: ChatType
    title: str
    speaker: User
    username: str = ""
    members: dict[int, str] = field(default_factory=dict)
    topics: dict[int, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    next_message_id: int = 1
    started: bool = False
    blocked: bool = False
    migrated_to: int | None = None
    acted: int = 0
    note: str = ""

    def json(self) -> Json:
        """A Bot API Chat."""
        answer: Json = {"id": self.id, "type": self.type}
        if self.type == "private":
            person = self.speaker.json()
            return answer | {key: person[key] for key in ("first_name", "last_name", "username") if key in person}
        answer["title"] = self.title
        if self.username:
            answer["username"] = self.username
        if self.topics:
            answer["is_forum"] = True
        return answer

    def message(self, message_id: int) -> Message | None:
        """The message of that id, unless it was deleted."""
        return next((message for message in reversed(self.messages) if message.id == message_id), None)


@dataclass(slots=True)
class Tap:
    """A tap on a button, answered or not. `date` is in seconds since 1970."""

    id: str
    user: User
    message: Message
    data: str
    date: float
    answer: str | None = None
    alert: bool = False
    url: str = ""
    answered: bool = False


_ADMIN_RIGHTS = (
    "can_be_edited is_anonymous can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members "
    "can_promote_members can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories"
).split()


def member_json(user: User, status: str) -> Json:
    """A Bot API ChatMember."""
    answer: Json = {"user": user.json(), "status": status}
    match status:
        case "creator":
            answer["is_anonymous"] = False
        case "administrator":
            answer |= dict.fromkeys(_ADMIN_RIGHTS, False) | {"can_manage_chat": True, "can_post_messages": True}
        case "kicked":
            answer["until_date"] = 0
    return answer
