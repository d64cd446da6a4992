"""Channels: an admin who adds the bot to one is asked whether it is to be read; its posts come in as articles."""

import telegram

from bot.actions import account
from bot.actions.account import Visitor
from bot.actions.channels import ChannelPost, add_channel, receive_post
from bot.errors import BadInput, BriefwireError
from bot.log import get
from bot.model import Button, Message
from bot.telegram.turn import Services, Turn
from bot.texts import words

log = get(__name__)


def question(channel: telegram.Chat, visitor: Visitor) -> Message:
    """Asks the admin who added the bot, in their private chat."""
    its = words(visitor.user.language)
    text = its.html(
        "You added me to <b>{channel}</b>. Shall I read it, so that its posts come in as articles?",
        channel=channel.title or "",
    )
    yes = Button(its("Read it"), data=f"channel:read:{channel.id}")
    return Message(text, ((yes, Button(its("No"), data="channel:no")),))


async def decide(turn: Turn, argument: str) -> None:
    """[Read it] or [No]."""
    account.require_admin(turn.visitor)
    verb, _, chat_id = argument.partition(":")
    if verb != "read":
        await turn.toast()
        await turn.edit(turn.words("Its posts are not read."))
        return
    try:
        channel = await turn.update.get_bot().get_chat(int(chat_id))
    except ValueError as error:
        raise BadInput("stale_button") from error
    title = channel.title or f"@{channel.username}"
    source = await add_channel(turn.services.db, channel.id, channel.username or "", title, turn.now)
    await turn.toast()
    text = turn.words.html(
        "<b>{channel}</b> is a source now: what is posted there comes in as articles.", channel=title
    )
    await turn.edit(text, [[Button(turn.words("Open"), data=f"source:{source.id}")]])


async def receive(services: Services, message: telegram.Message) -> None:
    """A post in some channel, or one that was edited."""
    post = ChannelPost(
        telegram_chat_id=message.chat_id,
        username=message.chat.username or "",
        channel=message.chat.title or "",
        message_id=message.message_id,
        text=message.text or message.caption or "",
        posted_at=message.date,
        is_edit=message.edit_date is not None,
    )
    try:
        if await receive_post(services.db, services.workers, post, services.clock.now()):
            services.wake("group")
    except BriefwireError as error:  # nobody is there to be told
        log.warning("channel post not stored", post=post.url, reason=str(error))
