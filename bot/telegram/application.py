"""The Telegram side as one Application: which command, button and event goes to which handler.

Scopes hide commands in the menu but guard nothing: every admin's handler asks the action, which refuses.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

import telegram
from telegram.error import Forbidden, TelegramError
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from bot.actions.account import Person, Place, Visitor, meet, move_chat, set_active, set_gone
from bot.errors import BadInput, BriefwireError
from bot.log import get
from bot.model import Chat, ChatKind, Message
from bot.ports import Messenger
from bot.telegram import (
    account,
    alerts,
    catalogue,
    channels,
    mutes,
    post_choices,
    posts,
    proposals,
    quiet,
    reading,
    schedule,
    settings,
    source_lists,
    sources,
    stats,
    stories,
    subscriptions,
    trying,
    zones,
)
from bot.telegram.turn import Services, Turn
from bot.texts import words
from bot.texts.errors import describe

log = get(__name__)

Handler = Callable[[Turn, str], Awaitable[list[tuple[Chat, Message]] | None]]

COMMANDS: Final[dict[str, Handler]] = {
    "start": account.start,
    "help": account.help_,
    "subscribe": subscriptions.subscribe,
    "unsubscribe": subscriptions.unsubscribe,
    "list": subscriptions.show_list,
    "brief": reading.brief,
    "test": trying.test,
    "mute": mutes.mute,
    "schedule": schedule.set_schedule,
    "quiet": quiet.set_quiet,
    "pause": quiet.pause,
    "resume": quiet.resume,
    "timezone": zones.set_timezone,
    "settings": settings.settings,
    "delete": account.ask_delete,
    "source": sources.source,
    "story": stories.story,
    "stats": stats.show,
    "post": posts.post,
    "posts": posts.show_posts,
}

# What a tap sends: the verb before the colon; what stands behind it goes to the handler.
TAPS: Final[dict[str, Handler]] = {
    "type": account.type_your_own,
    "ask": account.ask,
    "letin": account.let_in,
    "refuse": account.refuse,
    "settings": settings.open_settings,
    "set": settings.change,
    "delete": account.delete,
    "close": account.close,
    "follow": subscriptions.follow,
    "followall": subscriptions.follow_all,
    "again": subscriptions.follow_again,
    "also": subscriptions.add_twins,
    "use": subscriptions.use,
    "mode": subscriptions.set_mode,
    "told": subscriptions.set_mode_of_topic,
    "sound": subscriptions.set_sound,
    "calm": alerts.calm,
    "hush": alerts.hush,
    "unhush": alerts.unhush,
    "keep": alerts.keep,
    "list": subscriptions.show_list,
    "back": subscriptions.back_to_list,
    "unmute": mutes.unmute,
    "topic": subscriptions.show_topic,
    "end": subscriptions.end,
    "brief": reading.brief,
    "week": reading.show_week,
    "more": reading.more,
    "schedule": schedule.open_schedule,
    "agenda": schedule.back,
    "times": schedule.show_one,
    "at": schedule.toggle_time,
    "days": schedule.set_days,
    "empty": schedule.set_empty,
    "drop": schedule.remove,
    "hours": quiet.show_quiet,
    "quiet": quiet.tap_quiet,
    "urgent": quiet.tap_urgent,
    "pauses": quiet.show_pauses,
    "pause": quiet.tap_pause,
    "resume": quiet.tap_resume,
    "zones": zones.open_zones,
    "places": zones.show_places,
    "zone": zones.tap_zone,
    "sources": sources.show_list,
    "stats": stats.refresh,
    "source": sources.show,
    "srcdo": sources.change,
    "storysplit": stories.split,
    "catalogue": catalogue.show,
    "pack": catalogue.add_pack,
    "propose": proposals.tapped,
    "proposal": proposals.decide,
    "channel": channels.decide,
    "posttest": posts.test,
    "postsend": posts.send,
    "poststop": posts.stop,
    "postto": post_choices.recipients,
    "postat": post_choices.set_time,
    "postas": post_choices.set_urgency,
    "postask": post_choices.ask,
    "postpause": posts.pause,
    "postresume": posts.resume,
    "postagain": posts.again,
    "postleave": posts.leave,
    "postedit": posts.hint_edit,
    "postedited": posts.put_in_place,
    "postback": posts.ask_withdraw,
    "postgone": posts.withdraw,
    "postopen": posts.open_post,
}
UPDATES: Final = ["message", "callback_query", "my_chat_member", "channel_post", "edited_channel_post"]
MEMBERS: Final = frozenset({"member", "administrator", "creator", "restricted"})


class Conversation:
    """Turns Telegram's updates into turns for the handlers, and their errors into words."""

    def __init__(self, services: Services, messenger: Messenger) -> None:
        self._services = services
        self._messenger = messenger
        self._posting = asyncio.Lock()

    def install(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Adds the routes."""
        for name in COMMANDS:
            application.add_handler(CommandHandler(name, self._command, block=False))
        application.add_handler(CallbackQueryHandler(self._tap, block=False))
        application.add_handler(ChatMemberHandler(self._membership, ChatMemberHandler.MY_CHAT_MEMBER))
        text = filters.TEXT & filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
        application.add_handler(MessageHandler(text & ~filters.COMMAND, self._text, block=False))
        place = filters.LOCATION & filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
        application.add_handler(MessageHandler(place, self._place, block=False))
        files = filters.Document.ALL & filters.ChatType.PRIVATE & filters.UpdateType.MESSAGE
        application.add_handler(MessageHandler(files, self._file, block=False))
        application.add_handler(
            MessageHandler(filters.COMMAND & filters.UpdateType.MESSAGE, self._unknown, block=False)
        )
        application.add_handler(MessageHandler(filters.StatusUpdate.MIGRATE, self._migrated))
        reopened = filters.StatusUpdate.FORUM_TOPIC_REOPENED | filters.StatusUpdate.GENERAL_FORUM_TOPIC_UNHIDDEN
        application.add_handler(MessageHandler(reopened, self._reopened))
        application.add_handler(MessageHandler(filters.UpdateType.CHANNEL_POSTS, self._channel_post, block=False))
        application.add_error_handler(self._failed)

    async def _command(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message is not None and message.text:
            command, *argument = message.text.split(maxsplit=1)
            name = command[1:].split("@")[0].lower()
            await self._run(update, COMMANDS[name], "".join(argument))

    async def _tap(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        query = update.callback_query
        if query is None or not query.data:
            return
        verb, argument = query.data.split(":", 1) if ":" in query.data else (query.data, "")
        if query.message is not None and query.message.is_accessible:
            await self._run(update, TAPS.get(verb, _stale), argument)
        else:  # Telegram tells nothing of a message that is days old
            its = words(query.from_user.language_code or "")
            await query.answer(describe(BadInput("stale_button"), its), show_alert=True)

    async def _text(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        if update.effective_message is not None and update.effective_message.text:
            text = update.effective_message.text
            await self._run(update, proposals.offer if proposals.is_address(text) else subscriptions.offer, text)

    async def _place(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        await self._run(update, zones.share_location, "")

    async def _file(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        await self._run(update, source_lists.receive, "")

    async def _channel_post(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """What somebody else posts in a channel is news where an admin made the channel a source."""
        if update.effective_message is not None:
            async with self._posting:  # in their order: of two edits the later one stays
                await channels.receive(self._services, update.effective_message)

    async def _unknown(self, update: telegram.Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        command = (message.text or "").split()[0].lower() if message is not None else ""
        # In a group a bare command may be another bot's.
        if update.effective_chat is not None and (
            update.effective_chat.type == ChatKind.PRIVATE or command.endswith(f"@{context.bot.username}".lower())
        ):
            await self._run(update, _no_command, "")

    async def _run(self, update: telegram.Update, handler: Handler, argument: str) -> None:
        """One turn: who is it, may they, the handler, and what went wrong in words."""
        user, chat = update.effective_user, update.effective_chat
        if user is None or chat is None:
            return
        now = self._services.clock.now()
        try:
            turn = Turn(self._services, await self._meet(update, user, chat), update, now)
        except BriefwireError as error:
            log.error("no turn", reason=str(error))
            await _say(update, describe(error, words(user.language_code or "")))
            return
        try:
            await self._answer(turn, handler, argument)
        except BriefwireError as error:
            await self._explain(turn, error)
        except Forbidden:  # blocked or removed while the answer was made
            await set_gone(self._services.db, chat.id, now)
        except Exception:
            log.exception("handler failed", chat=turn.visitor.chat.id)
            await turn.toast()
            await turn.reply(turn.words("Something went wrong here, and it is noted. Please try again."))

    async def _answer(self, turn: Turn, handler: Handler, argument: str) -> None:
        claims = handler is account.start and bool(argument) and bool(self._services.claim_code)
        if not turn.visitor.is_let_in and not claims and handler is not account.ask:
            await account.refuse_stranger(turn)
            return
        told = await handler(turn, argument)
        for chat, message in told or ():
            await self._messenger.send(chat.telegram_chat_id, message)

    async def _explain(self, turn: Turn, error: BriefwireError) -> None:
        text = describe(error, turn.words)
        if turn.update.callback_query is not None and not turn.answered:
            await turn.toast(text, alert=True)
        else:
            await turn.reply(text)

    async def _failed(self, _: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """What nobody could be told: Telegram took not even the apology, or no message was involved."""
        error = context.error
        if isinstance(error, TelegramError | BriefwireError):
            log.warning("update failed", reason=str(error))
        else:
            log.error("update failed", exc_info=error)

    async def _meet(self, update: telegram.Update, user: telegram.User, chat: telegram.Chat) -> Visitor:
        message = update.effective_message
        is_topic = isinstance(message, telegram.Message) and bool(message.is_topic_message)
        person = Person(user.id, user.full_name, (user.language_code or "").split("-")[0].lower())
        thread_id = message.message_thread_id if isinstance(message, telegram.Message) and is_topic else None
        place = Place(chat.id, ChatKind(chat.type), chat.title or user.full_name, thread_id or 0)
        return await meet(self._services.db, self._services.door, person, place, self._services.clock.now())

    async def _membership(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Blocked or removed: nothing goes there any more. Added or unblocked: welcome back."""
        changed = update.my_chat_member
        if changed is None:
            return
        if changed.new_chat_member.status in MEMBERS:
            visitor = await self._meet(update, changed.from_user, changed.chat)
            await set_active(self._services.db, changed.chat.id)
            if changed.chat.type == ChatKind.CHANNEL and visitor.is_admin:
                await self._messenger.send(changed.from_user.id, channels.question(changed.chat, visitor))
        else:
            await set_gone(self._services.db, changed.chat.id, self._services.clock.now())

    async def _migrated(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A group has become a supergroup: both tell of it, each with the other's id."""
        message, chat = update.effective_message, update.effective_chat
        if message is None or chat is None:
            return
        old, new = message.migrate_from_chat_id or chat.id, message.migrate_to_chat_id or chat.id
        await move_chat(self._services.db, old, new, self._services.clock.now())

    async def _reopened(self, update: telegram.Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A topic that was closed may be written in again."""
        if update.effective_user is not None and update.effective_chat is not None:
            await self._meet(update, update.effective_user, update.effective_chat)


async def _stale(_turn: Turn, _argument: str) -> None:
    """A button of a version that is no more."""
    raise BadInput("stale_button")


async def _no_command(turn: Turn, _: str) -> None:
    await turn.reply(turn.words("There is no such command. /help shows them all."))


async def _say(update: telegram.Update, text: str) -> None:
    """Answers somebody whom the database could not be asked about."""
    if update.callback_query is not None:
        await update.callback_query.answer(text[:200], show_alert=True)
    elif update.effective_message is not None:
        await update.effective_message.reply_text(text, do_quote=False)
