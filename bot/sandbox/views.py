"""What the chat page is told: the world as it draws it, in JSON."""

from typing import Any

from bot.sandbox.chats import Chat, Json, Message, User
from bot.sandbox.profile import Profile
from bot.sandbox.world import Change, World


def view_world(world: World, profile: Profile) -> Json:
    """Everything, for a page that has just opened."""
    bot = {"id": world.bot.id, "name": world.bot.name, "username": world.bot.username}
    chats = [view_chat(chat, world, profile) for chat in world.chats.values()]
    messages = [view_message(message) for chat in world.chats.values() for message in chat.messages]
    return {"bot": bot, "chats": chats, "messages": messages}


def view_change(change: Change, world: World, profile: Profile) -> list[Json]:
    """One change as the events that the page draws."""
    match change.kind:
        case "message" | "edit" if change.message is not None:
            events = [{"kind": change.kind, "message": view_message(change.message)}]
            # somebody who was let in by writing has another composer than a newcomer
            return events if change.message.from_bot else [*events, *_chat_event(change.message.chat, world, profile)]
        case "delete" if change.message is not None:
            return [{"kind": "delete", "chat": change.message.chat.id, "id": change.message.id}]
        case "answer" if change.tap is not None:
            tap = change.tap
            where = {"chat": tap.message.chat.id, "message": tap.message.id, "data": tap.data}
            return [{"kind": "answer", **where, "text": tap.answer, "alert": tap.alert, "url": tap.url}]
        case "action" if change.chat is not None:
            return [{"kind": "action", "chat": change.chat.id, "action": change.action}]
        case "chat" if change.chat is not None:
            return _chat_event(change.chat, world, profile)
    return [event for chat in world.chats.values() for event in _chat_event(chat, world, profile)]


def view_chat(chat: Chat, world: World, profile: Profile) -> Json:
    """A chat without its messages."""
    members = [world.users[user_id] for user_id, status in chat.members.items() if status not in ("left", "kicked")]
    language = chat.speaker.language if chat.type == "private" else "en"
    return {
        "id": chat.id,
        "type": chat.type,
        "title": chat.title,
        "note": chat.note,
        "language": language,
        "started": chat.started or chat.type != "private",
        "blocked": chat.blocked,
        "bot": chat.members.get(world.bot.id, "left") if chat.type != "private" else "member",
        "moved": chat.migrated_to is not None,
        "topics": {str(thread_id): name for thread_id, name in chat.topics.items()},
        "people": [_person(chat, user, profile) for user in members if not user.is_bot],
        "description": profile.text("description", language) if chat.type == "private" else "",
    }


def view_message(message: Message) -> Json:
    """A message as its bubble shows it."""
    replied = message.reply_to
    return {
        "id": message.id,
        "chat": message.chat.id,
        "sender": _sender(message),
        "date": message.date,
        "text": message.text,
        "entities": list(message.entities),
        "keyboard": message.keyboard,
        "thread": message.thread_id,
        "reply": replied and {"id": replied.id, "name": _sender(replied)["name"], "text": replied.text},
        "silent": message.silent,
        "edited": message.edited,
        "service": _service(message),
        "file": _file(message),
    }


def _chat_event(chat: Chat, world: World, profile: Profile) -> list[Json]:
    return [{"kind": "chat", "chat": view_chat(chat, world, profile)}]


def _sender(message: Message) -> Json:
    if message.chat.type == "channel":
        return {"id": message.chat.id, "name": message.chat.title, "bot": message.from_bot}
    return {"id": message.sender.id, "name": message.sender.name, "bot": message.from_bot}


def _service(message: Message) -> Json | None:
    for key, value in message.service.items():
        who: Any = value[0] if isinstance(value, list) else value
        return {"kind": key, "who": who["first_name"] if isinstance(who, dict) else "", "by": message.sender.name}
    return None


def _file(message: Message) -> Json | None:
    document = message.document
    if not document:
        return None
    return {
        "name": document["file_name"],
        "size": document["file_size"],
        "url": f"/sandbox/files/{document['file_id']}",
    }


def _person(chat: Chat, user: User, profile: Profile) -> Json:
    commands = profile.commands_seen(
        chat_id=chat.id,
        private=chat.type == "private",
        user_id=user.id,
        admin=chat.members.get(user.id) in ("creator", "administrator"),
        language=user.language,
    )
    return {"id": user.id, "name": user.name, "language": user.language, "commands": commands}
