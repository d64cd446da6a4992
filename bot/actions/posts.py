"""Posts: what an admin or editor sends to many chats, from the draft over its confirmation to its withdrawal."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape

from bot.errors import AccessDenied, BadInput
from bot.model import (
    Audience,
    Broadcast,
    BroadcastCount,
    BroadcastState,
    Html,
    Recipients,
    Role,
    Urgency,
    User,
)
from bot.rules.queries import parse_query
from bot.rules.splitting import MESSAGE_UNITS, fits
from bot.storage import broadcasts, corrections, recipients
from bot.storage.database import Database, Tx
from bot.texts import LANGUAGES, words

MAY_POST = (Role.OWNER, Role.ADMIN, Role.EDITOR)
STOPPABLE = (BroadcastState.DRAFT, BroadcastState.SCHEDULED, BroadcastState.SENDING, BroadcastState.PAUSED)
SHOWN = 10  # posts in a list, and chats of uncertain messages in a report
CORRECTED = timedelta(days=2)  # for so long messages that arrive late are edited or taken back, too


def as_html(text: str) -> Html:
    """A post written as plain text, as Telegram HTML that shows it letter for letter."""
    return Html(escape(text.strip(), quote=False))


async def draft(db: Database, user: User, text: str, article_id: int | None, now: datetime) -> Broadcast:
    """Stores a post that nobody gets before it is confirmed.

    Args:
        text: Telegram HTML, exactly as every reader will see it; see `as_html` for plain text.
        article_id: the article that the post tells, if it tells one; its story counts as told then.

    Raises:
        AccessDenied: the user is neither admin nor editor.
        BadInput: `empty_post`, or `post_too_long` with the `limit` in UTF-16 units.
    """
    require_editor(user)
    _check(text)
    async with db.write() as tx:
        return await broadcasts.add(tx, text=text, article_id=article_id, created_by=user.id, now=now)


async def get(db: Database, user: User, broadcast_id: int) -> Broadcast:
    """The post. Raises AccessDenied, NotFound."""
    require_editor(user)
    async with db.read() as tx:
        return await broadcasts.get(tx, broadcast_id)


async def latest(db: Database, user: User, now: datetime) -> list[tuple[Broadcast, BroadcastCount]]:
    """The newest posts that were confirmed, with how far each is. Raises AccessDenied."""
    require_editor(user)
    async with db.read() as tx:
        return [(its, await broadcasts.count(tx, its, now)) for its in await broadcasts.latest(tx, SHOWN)]


async def audience(db: Database, broadcast: Broadcast, now: datetime) -> Audience:
    """Whom the post would reach now: the facts of its preview."""
    async with db.read() as tx:
        return await recipients.audience(tx, broadcast, now)


async def choose(db: Database, user: User, broadcast_id: int, its: Recipients) -> Broadcast:
    """Sets whom a draft is for. Raises AccessDenied, NotFound, BadInput `post_confirmed`."""
    return await _change_draft(db, user, broadcast_id, recipients=its)


async def choose_followers(db: Database, user: User, broadcast_id: int, text: str) -> Broadcast:
    """A draft is for the chats that follow a query. Raises QueryError beside what `choose` raises."""
    its = (await get(db, user, broadcast_id)).recipients
    chosen = replace(its, query=parse_query(text).canonical, follows_article=False, test=False)
    return await choose(db, user, broadcast_id, chosen)


async def set_urgency(db: Database, user: User, broadcast_id: int, urgency: Urgency) -> Broadcast:
    """How a draft is to come to its chats. Raises as `choose` does."""
    return await _change_draft(db, user, broadcast_id, urgency=urgency)


async def schedule(db: Database, user: User, broadcast_id: int, start_at: datetime | None, now: datetime) -> Broadcast:
    """When a draft is to go out, None for at once. Raises as `choose` does, and BadInput `time_past`."""
    if start_at is not None and start_at <= now:
        raise BadInput("time_past")
    return await _change_draft(db, user, broadcast_id, start_at=start_at)


async def _change_draft(
    db: Database, user: User, broadcast_id: int, *, recipients: Recipients | None = None, **values: object
) -> Broadcast:
    require_editor(user)
    async with db.write() as tx:
        if (await broadcasts.get(tx, broadcast_id)).state is not BroadcastState.DRAFT:
            raise BadInput("post_confirmed")
        if recipients is not None:
            await broadcasts.choose(tx, broadcast_id, recipients)
        if values:
            await broadcasts.update(tx, broadcast_id, **values)
        return await broadcasts.get(tx, broadcast_id)


async def confirm(db: Database, user: User, broadcast_id: int, now: datetime) -> Broadcast:
    """Sends the post on its way, now or at its time; a second tap changes nothing.

    Raises:
        AccessDenied: the user is neither admin nor editor.
        BadInput: `post_cancelled`.
        NotFound: there is no such post.
    """
    require_editor(user)
    async with db.write() as tx:
        its = await broadcasts.get(tx, broadcast_id)
        if its.state is BroadcastState.CANCELLED:
            raise BadInput("post_cancelled")
        if its.start_at is not None and its.start_at > now:
            await broadcasts.advance(tx, its.id, to=BroadcastState.SCHEDULED, of=(BroadcastState.DRAFT,))
        else:
            await start(tx, its, now)
        return await broadcasts.get(tx, broadcast_id)


async def start(tx: Tx, its: Broadcast, now: datetime) -> bool:
    """Draws the line behind the chats of a post and records the first portion; False when that was done before."""
    ready = (BroadcastState.DRAFT, BroadcastState.SCHEDULED)
    if not await broadcasts.advance(tx, its.id, to=BroadcastState.SENDING, of=ready):
        return False
    await recipients.begin(tx, its.id, now)
    await recipients.take_portion(tx, await broadcasts.get(tx, its.id), now)
    await broadcasts.finish(tx, now)
    return True


async def progress(db: Database, broadcast_id: int, now: datetime) -> BroadcastCount:
    """How far the post is. Raises NotFound."""
    async with db.read() as tx:
        return await broadcasts.count(tx, await broadcasts.get(tx, broadcast_id), now)


async def show_progress_in(db: Database, broadcast_id: int, telegram_chat_id: int, message_id: int) -> None:
    """From now on the admin's message tells how far the post is."""
    async with db.write() as tx:
        await broadcasts.show_progress_in(tx, broadcast_id, telegram_chat_id, message_id)


async def pause(db: Database, user: User, broadcast_id: int) -> Broadcast:
    """Holds what was not sent yet. What is on the wire arrives. Raises AccessDenied, NotFound."""
    require_editor(user)
    async with db.write() as tx:
        if await broadcasts.advance(tx, broadcast_id, to=BroadcastState.PAUSED, of=(BroadcastState.SENDING,)):
            await broadcasts.hold(tx, broadcast_id)
        return await broadcasts.get(tx, broadcast_id)


async def resume(db: Database, user: User, broadcast_id: int, now: datetime) -> Broadcast:
    """Goes on where it was paused. Raises AccessDenied, NotFound."""
    require_editor(user)
    async with db.write() as tx:
        if await broadcasts.advance(tx, broadcast_id, to=BroadcastState.SENDING, of=(BroadcastState.PAUSED,)):
            await broadcasts.go_on(tx, await broadcasts.get(tx, broadcast_id), now)
        return await broadcasts.get(tx, broadcast_id)


async def cancel(db: Database, user: User, broadcast_id: int, now: datetime) -> Broadcast:
    """Drops a draft, or stops what was not sent yet; one that is done stays as it is. Raises AccessDenied, NotFound."""
    require_editor(user)
    async with db.write() as tx:
        await broadcasts.get(tx, broadcast_id)
        if await broadcasts.advance(tx, broadcast_id, to=BroadcastState.CANCELLED, of=STOPPABLE):
            await broadcasts.cancel_waiting(tx, broadcast_id, now)
            await broadcasts.update(tx, broadcast_id, ended_at=now)
        return await broadcasts.get(tx, broadcast_id)


async def propose_text(db: Database, user: User, broadcast_id: int, text: str) -> Broadcast:
    """Another text: of a draft at once, of a post that went out once it is confirmed (`replace_text`).

    Raises:
        AccessDenied, NotFound.
        BadInput: `empty_post`, `post_too_long`, or `post_withdrawn`.
    """
    require_editor(user)
    _check(text)
    async with db.write() as tx:
        its = await broadcasts.get(tx, broadcast_id)
        if its.withdrawn_at is not None:
            raise BadInput("post_withdrawn")
        await broadcasts.update(tx, its.id, **({"new_text": text} if its.was_sent else {"text": text}))
        return await broadcasts.get(tx, broadcast_id)


async def replace_text(db: Database, user: User, broadcast_id: int, now: datetime) -> Broadcast:
    """The proposed text takes the place of the old one, in what waits and in what was sent.

    Raises AccessDenied, NotFound, BadInput `stale_button` where none was proposed.
    """
    require_editor(user)
    async with db.write() as tx:
        its = await broadcasts.get(tx, broadcast_id)
        if not its.new_text or its.withdrawn_at is not None:
            raise BadInput("stale_button")
        await broadcasts.update(tx, its.id, text=its.new_text, new_text="", revision=its.revision + 1, edited_at=now)
        return await broadcasts.get(tx, broadcast_id)


async def withdraw(db: Database, user: User, broadcast_id: int, now: datetime) -> Broadcast:
    """Takes a post back: what waits is stopped, what was sent is deleted, or says so where Telegram keeps it."""
    await cancel(db, user, broadcast_id, now)
    async with db.write() as tx:
        its = await broadcasts.get(tx, broadcast_id)
        if its.withdrawn_at is None and its.was_sent:
            await broadcasts.update(tx, its.id, withdrawn_at=now)
        return await broadcasts.get(tx, broadcast_id)


async def correct_next(tx: Tx, broadcast_id: int, now: datetime) -> int:
    """Records a portion of the edits or deletions that a post asks for; returns how many, 0 when all are recorded."""
    its = await broadcasts.get(tx, broadcast_id)
    if its.withdrawn_at is not None:
        return await corrections.withdraw_next(tx, its, _withdrawn(), now)
    return await corrections.edit_next(tx, its, now) if its.revision else 0


def _withdrawn() -> Mapping[str, str]:
    return {"": words("en").html("<i>This post was withdrawn.</i>")} | {
        language: words(language).html("<i>This post was withdrawn.</i>") for language in LANGUAGES
    }


async def send_uncertain_again(db: Database, user: User, broadcast_id: int, now: datetime) -> int:
    """Sends what perhaps arrived once more. Returns how many. Raises AccessDenied, NotFound."""
    require_editor(user)
    async with db.write() as tx:
        its = await broadcasts.get(tx, broadcast_id)
        again = 0 if its.withdrawn_at else await broadcasts.send_uncertain_again(tx, its.id, now)
        if again:
            done = (BroadcastState.DONE, BroadcastState.CANCELLED)
            await broadcasts.advance(tx, its.id, to=BroadcastState.SENDING, of=done)
        return again


async def uncertain_chats(db: Database, broadcast_id: int) -> list[str]:
    """The names of chats where the post perhaps arrived."""
    async with db.read() as tx:
        return await broadcasts.uncertain_chats(tx, broadcast_id, SHOWN)


async def leave_uncertain(db: Database, user: User, broadcast_id: int) -> Broadcast:
    """Leaves what perhaps arrived as it is. Raises AccessDenied, NotFound."""
    require_editor(user)
    async with db.write() as tx:
        await broadcasts.update(tx, broadcast_id, uncertain_left=True)
        return await broadcasts.get(tx, broadcast_id)


def _check(text: str) -> None:
    if not text.strip():
        raise BadInput("empty_post")
    if not fits(text):
        raise BadInput("post_too_long", limit=MESSAGE_UNITS)


def require_editor(user: User) -> None:
    """Raises AccessDenied for whoever may not post."""
    if user.role not in MAY_POST:
        raise AccessDenied("editors_only")
