"""The people, chats and messages of the sandbox, and what happens among them.

The world changes through its methods only; every change gets the next `revision` and is told to all listeners.
What a bot would hear of, goes to `tell_bot(kind, payload)` as the Bot API's Update fields.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.sandbox.chats import Chat, Json, Message, Tap, User, member_json
from bot.sandbox.entities import FormattedText, plain, slice_utf16
from bot.sandbox.keyboards import Keyboard

GEO = re.compile(r"geo:(-?\d{1,2}(?:\.\d+)?),(-?\d{1,3}(?:\.\d+)?)")  # RFC 5870


@dataclass(frozen=True, slots=True)
class Change:
    """Something happened: `kind` is message, edit, delete, chat, answer, action or profile."""

    kind: str
    chat: Chat | None = None
    message: Message | None = None
    tap: Tap | None = None
    action: str = ""


ChatReference = Chat | int | str


class World:
    """Everybody and everything that is said.

    Args:
        bot: the bot's own user.
        now: the present, aware.
        tell_bot: takes an update's kind and its object.
    """

    def __init__(self, bot: User, now: Callable[[], datetime], tell_bot: Callable[[str, Json], None]) -> None:
        self.bot = bot
        self.privacy_mode = True
        self.revision = 0
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.taps: dict[str, Tap] = {}
        self.files: dict[str, bytes] = {}  # by their path, `documents/1`
        self._now = now
        self._tell_bot = tell_bot
        self._listeners: list[Callable[[Change], None]] = []

    # Who and where

    def add_user(self, user: User) -> Chat:
        """Lets somebody in, with a private chat that they have not started yet."""
        self.users[user.id] = user
        chat = Chat(user.id, "private", user.name, user, user.username, {user.id: "member"})
        return self.add_chat(chat)

    def add_chat(self, chat: Chat) -> Chat:
        """Opens a chat."""
        self.chats[chat.id] = chat
        self.changed(Change("chat", chat))
        return chat

    def chat(self, reference: ChatReference) -> Chat:
        """A chat by itself, its id, title or @username. Raises LookupError that names those there are."""
        if isinstance(reference, Chat):
            return reference
        found = self.find_chat(reference)
        if found is None:
            raise LookupError(f"no chat {reference!r}; there are {[chat.title for chat in self.chats.values()]}")
        return found

    def find_chat(self, reference: int | str) -> Chat | None:
        """The same, or None."""
        if isinstance(reference, int):
            return self.chats.get(reference)
        name = reference.removeprefix("@").lower()
        return next(
            (chat for chat in self.chats.values() if name and name in (chat.username.lower(), chat.title.lower())),
            None,
        )

    def user(self, reference: User | int | str) -> User:
        """A user by themselves, id, name or @username. Raises LookupError."""
        if isinstance(reference, User):
            return reference
        for user in self.users.values():
            names = (user.name, user.first_name, user.username, f"@{user.username}")
            if user.id == reference or (isinstance(reference, str) and reference in names):
                return user
        raise LookupError(f"no user {reference!r}; there are {[user.name for user in self.users.values()]}")

    def timestamp(self) -> int:
        """The present in seconds since 1970."""
        return int(self._now().timestamp())

    # Listening

    def listen(self, listener: Callable[[Change], None]) -> Callable[[], None]:
        """Calls the listener on every change, until the returned function is called."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def changed(self, change: Change) -> None:
        """Counts and tells a change."""
        self.revision += 1
        if change.message is not None:
            change.message.revision = self.revision
        for listener in tuple(self._listeners):
            listener(change)

    # Messages

    def post(self, chat: Chat, sender: User, formatted: FormattedText, **facts: Any) -> Message:
        """Puts a message into a chat; facts are further fields of Message."""
        message = Message(
            chat.next_message_id,
            chat,
            sender,
            self.timestamp(),
            text=formatted.text,
            entities=formatted.entities,
            **{"raw": formatted.text, **facts},
        )
        chat.next_message_id += 1
        chat.messages.append(message)
        self.changed(Change("message", chat, message))
        return message

    def keep_file(self, name: str, body: bytes, media_type: str = "application/octet-stream") -> Json:
        """A file that came with a message, as a Bot API Document."""
        file_id = f"file{len(self.files) + 1}"
        self.files[f"documents/{file_id}"] = body
        facts = {"file_name": name, "mime_type": media_type, "file_size": len(body)}
        return {"file_id": file_id, "file_unique_id": f"unique-{file_id}", **facts}

    def say(
        self,
        chat: Chat,
        user: User,
        text: str,
        *,
        thread_id: int = 0,
        reply_to: Message | None = None,
        document: Json | None = None,
    ) -> Message:
        """Somebody writes, or sends a document; the bot hears of it where Telegram would tell it."""
        if chat.type == "private":
            chat.started = True
            if chat.blocked:
                self.set_blocked(chat, blocked=False)
        else:
            chat.members.setdefault(user.id, "member")
        message = self.post(chat, user, plain(text), thread_id=thread_id, reply_to=reply_to, document=document or {})
        message.location = _location(text)
        chat.acted = self.revision
        if self.bot_hears(message):
            self._tell_bot("channel_post" if chat.type == "channel" else "message", message.json())
        return message

    def edit_own(self, message: Message, text: str) -> None:
        """Somebody corrects what they wrote."""
        self.rewrite(message, plain(text), message.keyboard, text)
        if self.bot_hears(message):
            channel = message.chat.type == "channel"
            self._tell_bot("edited_channel_post" if channel else "edited_message", message.json())

    def rewrite(self, message: Message, formatted: FormattedText | None, keyboard: Keyboard, raw: str = "") -> None:
        """Changes a message in place; no text: only its keyboard (and it is then not marked as edited)."""
        if formatted is not None:
            message.text, message.entities, message.raw = formatted.text, formatted.entities, raw
            message.edited_at = self.timestamp()
        message.keyboard = keyboard
        self.changed(Change("edit", message.chat, message))

    def delete(self, message: Message) -> None:
        """Takes a message away for everybody."""
        message.chat.messages.remove(message)
        self.changed(Change("delete", message.chat, message))

    def bot_hears(self, message: Message) -> bool:
        """Whether Telegram tells the bot; privacy mode leaves it commands, mentions, replies and service messages."""
        chat = message.chat
        if chat.type == "private":
            return True
        status = chat.members.get(self.bot.id)
        if status not in ("member", "administrator"):
            return False
        if not self.privacy_mode or status == "administrator" or message.service:
            return True
        if message.reply_to is not None and message.reply_to.sender is self.bot:
            return True
        return any(self._addresses_bot(piece) for piece in _marked(message))

    def _addresses_bot(self, piece: str) -> bool:
        name = f"@{self.bot.username}".lower()
        if piece.startswith("/"):
            return "@" not in piece or piece.lower().endswith(name)
        return piece.lower() == name

    # Taps

    def tap(self, message: Message, data: str, user: User) -> Tap:
        """Somebody taps a button that carries data."""
        tap = Tap(str(10**18 + len(self.taps) + 1), user, message, data, self._now().timestamp())
        self.taps[tap.id] = tap
        message.chat.acted = self.revision
        self._tell_bot(
            "callback_query",
            {
                "id": tap.id,
                "from": user.json(),
                "message": message.json(),
                "chat_instance": str(message.chat.id),
                "data": data,
            },
        )
        return tap

    # Coming and going

    def set_status(self, chat: Chat, status: str, by: User) -> None:
        """Changes the bot's place in a group or channel: member, administrator, left or kicked."""
        before = chat.members.get(self.bot.id, "left")
        if before == status:
            return
        chat.members[self.bot.id] = status
        self._tell_membership(chat, by, before, status)
        self.changed(Change("chat", chat))
        if chat.type == "channel":
            return
        if before in ("left", "kicked"):
            self._service(chat, by, new_chat_members=[self.bot.json()])
        elif status in ("left", "kicked"):
            self._service(chat, by, left_chat_member=self.bot.json())

    def set_blocked(self, chat: Chat, *, blocked: bool) -> None:
        """The person of a private chat blocks the bot, or takes it back."""
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        before, after = ("member", "kicked") if blocked else ("kicked", "member")
        self._tell_membership(chat, chat.speaker, before, after)
        self.changed(Change("chat", chat))

    def upgrade(self, chat: Chat, new_id: int) -> Chat:
        """A group becomes a supergroup with another id; the old one only says where it went."""
        new = Chat(new_id, "supergroup", chat.title, chat.speaker, chat.username, dict(chat.members))
        self.chats[new_id] = new
        self._service(chat, chat.speaker, migrate_to_chat_id=new_id)
        chat.migrated_to, chat.title = new_id, f"{chat.title} (upgraded)"
        self._service(new, chat.speaker, migrate_from_chat_id=chat.id)
        self.changed(Change("chat", new))
        return new

    def reopen(self, chat: Chat, thread_id: int) -> None:
        """Somebody opens a closed topic of a forum again."""
        facts = {"message_thread_id": thread_id, "is_topic_message": True}
        self._service(chat, chat.speaker, forum_topic_reopened={}, **facts)

    def _service(self, chat: Chat, by: User, **what: Any) -> None:
        message = self.post(chat, by, FormattedText(""), service=what)
        if "left_chat_member" in what or self.bot_hears(message):
            self._tell_bot("message", message.json())

    def _tell_membership(self, chat: Chat, by: User, before: str, after: str) -> None:
        self._tell_bot(
            "my_chat_member",
            {
                "chat": chat.json(),
                "from": by.json(),
                "date": self.timestamp(),
                "old_chat_member": member_json(self.bot, before),
                "new_chat_member": member_json(self.bot, after),
            },
        )


def _marked(message: Message) -> Iterator[str]:
    for entity in message.entities:
        if entity["type"] in ("bot_command", "mention"):
            yield slice_utf16(message.text, entity["offset"], entity["length"])


def _location(text: str) -> Json:
    """Whoever writes `geo:52.52,13.40` shares that place, as a person does with an attachment."""
    found = GEO.fullmatch(text.strip())
    return {"latitude": float(found[1]), "longitude": float(found[2])} if found else {}
