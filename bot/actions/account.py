"""Who somebody is and what the person may do: meeting, access by invitation, claiming the bot, leaving."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from hmac import compare_digest

from bot.config import AccessPolicy
from bot.errors import AccessDenied, NotFound
from bot.model import Access, Chat, ChatKind, Role, User
from bot.storage import chats, deliveries, subscriptions, users
from bot.storage.database import Database

MAY_ADMINISTER = (Role.OWNER, Role.ADMIN)


@dataclass(frozen=True, slots=True)
class Door:
    """Who may come in. `claim_code` makes the first person who sends it the owner; empty once there is one.

    Attributes:
        admins: Telegram user ids that are admins by setting.
    """

    policy: AccessPolicy
    admins: tuple[int, ...] = ()
    language: str = "en"
    timezone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Person:
    """A person as Telegram introduces one."""

    telegram_user_id: int
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Place:
    """A chat as Telegram describes it."""

    telegram_chat_id: int
    kind: ChatKind
    title: str
    thread_id: int = 0


@dataclass(frozen=True, slots=True)
class Visitor:
    """A user in a chat, and whether the bot serves them."""

    user: User
    chat: Chat

    @property
    def is_admin(self) -> bool:
        """May manage sources, posts and access."""
        return self.user.role in MAY_ADMINISTER

    @property
    def is_let_in(self) -> bool:
        """May use the bot."""
        return self.user.access is Access.ALLOWED


def new_claim_code() -> str:
    """A code for the first owner: 40 bits in letters that can't be mistaken for each other."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(8))


async def meet(db: Database, door: Door, person: Person, place: Place, now: datetime) -> Visitor:
    """Notes the user and the chat, and brings back a chat that was gone."""
    open_door = door.policy is AccessPolicy.OPEN
    async with db.write() as tx:
        user = await users.meet(
            tx,
            telegram_user_id=person.telegram_user_id,
            name=person.name,
            language=person.language,
            access=Access.ALLOWED if open_door else Access.STRANGER,
            now=now,
        )
        if user.telegram_user_id in door.admins and user.role not in MAY_ADMINISTER:
            await users.set_role(tx, user.id, Role.ADMIN)
        elif open_door and user.access is not Access.ALLOWED:
            await users.set_access(tx, user.id, Access.ALLOWED)
        chat = await chats.meet(
            tx,
            telegram_chat_id=place.telegram_chat_id,
            thread_id=place.thread_id,
            kind=place.kind,
            title=place.title,
            language=person.language or door.language,
            timezone=door.timezone,
            now=now,
        )
        known = await users.get(tx, user.id)
    return Visitor(known or user, chat)


async def claim(db: Database, visitor: Visitor, code: str, expected: str) -> bool:
    """Makes the visitor the owner when the code is right and nobody is one yet."""
    if not expected or not compare_digest(code.strip().lower().encode(), expected.encode()):
        return False
    async with db.write() as tx:
        return await users.claim_ownership(tx, visitor.user.id)


async def needs_owner(db: Database, door: Door) -> bool:
    """Whether a claim code has to be printed: there is no owner, and no admin by setting."""
    async with db.read() as tx:
        return not door.admins and not await users.has_owner(tx)


async def ask_for_access(db: Database, visitor: Visitor) -> list[Chat]:
    """Notes that a stranger asks to be let in; returns the admins' chats to tell, none when it is asked again."""
    async with db.write() as tx:
        if not await users.ask_access(tx, visitor.user.id):
            return []
        admins = await users.admins(tx)
        return await chats.private_chats_of(tx, [admin.id for admin in admins])


async def decide_access(db: Database, admin: Visitor, user_id: int, *, let_in: bool) -> tuple[User, Chat | None]:
    """Lets somebody in or not; returns the user and the private chat to tell, None where all was so before.

    Raises:
        AccessDenied: the decider is no admin.
        NotFound: there is no such user.
    """
    require_admin(admin)
    async with db.write() as tx:
        user = await users.get(tx, user_id)
        if user is None:
            raise NotFound("no_user", id=user_id)
        decided = Access.ALLOWED if let_in else Access.REFUSED
        if user.access is decided:
            return user, None
        await users.set_access(tx, user_id, decided)
        private = await chats.private_chats_of(tx, [user_id])
    return replace(user, access=decided), private[0] if private else None


def require_admin(visitor: Visitor) -> None:
    """Raises AccessDenied for whoever is neither owner nor admin."""
    if not visitor.is_admin:
        raise AccessDenied("admins_only")


async def set_gone(db: Database, telegram_chat_id: int, now: datetime) -> None:
    """The bot was blocked or removed: nothing goes there until somebody brings it back."""
    async with db.write() as tx:
        await chats.set_gone(tx, telegram_chat_id, now)


async def set_active(db: Database, telegram_chat_id: int) -> None:
    """Somebody has brought the bot back: every topic of the chat gets its messages again."""
    async with db.write() as tx:
        await chats.set_active(tx, telegram_chat_id)


async def move_chat(db: Database, old: int, new: int, now: datetime) -> None:
    """A group has become a supergroup with a new Telegram id: everything of it moves there."""
    async with db.write() as tx:
        await deliveries.move_chat(tx, old, new, now)


async def change_settings(db: Database, chat: Chat, **values: str | bool) -> Chat:
    """Sets `language`, `tells_when_empty`, `takes_posts` or `hears_urgent` of a chat."""
    async with db.write() as tx:
        await chats.update(tx, chat.id, **values)
        changed = await chats.get(tx, chat.id)
    if changed is None:
        raise NotFound("no_chat", id=chat.id)
    return changed


async def forget(db: Database, chat: Chat, user: User | None = None) -> list[int]:
    """Deletes everything the bot knows about a chat, and in a private one about its reader.

    Admins stay known, because nobody else could let them in again.

    Returns:
        The ids of queries that nobody follows any more.
    """
    async with db.write() as tx:
        own = [subscription.query_id for subscription in await subscriptions.of_chat(tx, chat.id)]
        await chats.delete(tx, chat.id)
        if user is not None and user.role is Role.READER and chat.telegram_chat_id == user.telegram_user_id:
            await users.delete(tx, user.id)
        return [query_id for query_id in own if not await subscriptions.is_followed(tx, query_id)]
