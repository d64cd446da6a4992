"""Posts: what an admin sends to every chat, from the draft over its confirmation to its end."""

from datetime import datetime
from html import escape

from bot.actions.account import MAY_ADMINISTER
from bot.errors import AccessDenied, BadInput
from bot.model import Audience, Broadcast, BroadcastCount, BroadcastState, Html, User
from bot.rules.rendering import MESSAGE_UNITS, fits
from bot.storage import broadcasts
from bot.storage.database import Database


def as_html(text: str) -> Html:
    """A post written as plain text, as Telegram HTML that shows it letter for letter."""
    return Html(escape(text.strip(), quote=False))


async def draft(db: Database, user: User, text: str, article_id: int | None, now: datetime) -> Broadcast:
    """Stores a post that nobody gets before it is confirmed.

    Args:
        text: Telegram HTML, exactly as every reader will see it; see `as_html` for plain text.
        article_id: the article that the post tells, if it tells one; its story counts as told then.

    Raises:
        AccessDenied: the user is no admin.
        BadInput: `empty_post`, or `post_too_long` with the `limit` in UTF-16 units.
    """
    _require_admin(user)
    if not text.strip():
        raise BadInput("empty_post")
    if not fits(text):
        raise BadInput("post_too_long", limit=MESSAGE_UNITS)
    async with db.write() as tx:
        return await broadcasts.add(tx, text=text, article_id=article_id, created_by=user.id, now=now)


async def audience(db: Database, broadcast_id: int) -> Audience:
    """Whom the post would reach now: the facts of its preview."""
    async with db.read() as tx:
        await broadcasts.get(tx, broadcast_id)
        return await broadcasts.audience(tx, broadcast_id)


async def confirm(db: Database, user: User, broadcast_id: int, now: datetime) -> BroadcastCount:
    """Records the post for every chat that takes posts, all at once; a second tap changes nothing.

    Raises:
        AccessDenied: the user is no admin.
        BadInput: `post_cancelled`.
        NotFound: there is no such post.
    """
    _require_admin(user)
    async with db.write() as tx:
        if await broadcasts.advance(tx, broadcast_id, to=BroadcastState.SENDING, of=(BroadcastState.DRAFT,)):
            await broadcasts.enqueue_to_all(tx, broadcast_id, now)
            await broadcasts.tell_all(tx, broadcast_id, now)
            await broadcasts.finish(tx)
        elif (await broadcasts.get(tx, broadcast_id)).state is BroadcastState.CANCELLED:
            raise BadInput("post_cancelled")
        return await broadcasts.count(tx, broadcast_id)


async def progress(db: Database, broadcast_id: int) -> BroadcastCount:
    """How far the post is. Raises NotFound."""
    async with db.read() as tx:
        await broadcasts.get(tx, broadcast_id)
        return await broadcasts.count(tx, broadcast_id)


async def get(db: Database, user: User, broadcast_id: int) -> Broadcast:
    """The post, for an admin's test. Raises AccessDenied, NotFound."""
    _require_admin(user)
    async with db.read() as tx:
        return await broadcasts.get(tx, broadcast_id)


async def show_progress_in(db: Database, broadcast_id: int, telegram_chat_id: int, message_id: int) -> None:
    """From now on the admin's message tells how far the post is."""
    async with db.write() as tx:
        await broadcasts.show_progress_in(tx, broadcast_id, telegram_chat_id, message_id)


async def cancel(db: Database, user: User, broadcast_id: int, now: datetime) -> BroadcastCount:
    """Drops a draft, or stops what was not sent yet; a post that is done stays as it is.

    Raises:
        AccessDenied: the user is no admin.
        NotFound: there is no such post.
    """
    _require_admin(user)
    stoppable = (BroadcastState.DRAFT, BroadcastState.SENDING)
    async with db.write() as tx:
        await broadcasts.get(tx, broadcast_id)
        if await broadcasts.advance(tx, broadcast_id, to=BroadcastState.CANCELLED, of=stoppable):
            await broadcasts.cancel_waiting(tx, broadcast_id, now)
        return await broadcasts.count(tx, broadcast_id)


def _require_admin(user: User) -> None:
    if user.role not in MAY_ADMINISTER:
        raise AccessDenied("admins_only")
