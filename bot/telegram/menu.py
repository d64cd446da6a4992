"""How the bot introduces itself: the commands behind the slash and its description, in every language."""

import telegram
from telegram.error import TelegramError

from bot.log import get
from bot.texts import LANGUAGES, words

log = get(__name__)


def menu(language: str, *, admin: bool) -> list[telegram.BotCommand]:
    """The commands that Telegram offers when somebody types a slash."""
    its = words(language)
    entries = {
        "brief": its("What is new on your topics"),
        "subscribe": its("Follow a word, a phrase or a query"),
        "list": its("Your topics"),
        "unsubscribe": its("End a topic"),
        "mute": its("Hide words or a source"),
        "test": its("What a query meets, and why"),
        "schedule": its("When your briefing comes"),
        "quiet": its("Hours in which nothing comes"),
        "pause": its("A rest, until you say"),
        "resume": its("End the rest"),
        "timezone": its("Where you are"),
        "settings": its("Language and the rest"),
        "help": its("Commands and queries"),
        "start": its("Begin"),
        "delete": its("Forget this chat"),
    }
    if admin:
        entries |= {
            "source": its("Sources: add, list"),
            "story": its("Stories: see, join, take apart"),
            "post": its("Send a post to all chats"),
            "stats": its("How the bot stands"),
            "posts": its("Posts and how far they are"),
        }
    return [telegram.BotCommand(name, text) for name, text in entries.items()]


async def introduce(bot: telegram.Bot, admins: tuple[int, ...] = ()) -> None:
    """Registers commands and descriptions in every language. Telegram keeps them, so a repeat changes nothing."""
    for language in LANGUAGES:
        its, code = words(language), None if language == "en" else language
        await bot.set_my_commands(menu(language, admin=False), language_code=code)
        await bot.set_my_short_description(its("News on what you follow, linked to the originals."), language_code=code)
        await bot.set_my_description(
            its(
                "I read the news and tell you only what you follow, with sentences word for word from the articles and "
                "links to the originals. Write “North Korea” or “chips AND export” and ask for a briefing. Free, open "
                "source, forgets you on /delete."
            ),
            language_code=code,
        )
    for telegram_user_id in admins:
        await introduce_to_admin(bot, telegram_user_id)


async def introduce_to_admin(bot: telegram.Bot, telegram_user_id: int) -> None:
    """The admins' commands in their private chat, which exists only once they have written to the bot."""
    scope = telegram.BotCommandScopeChat(telegram_user_id)
    try:
        for language in LANGUAGES:
            await bot.set_my_commands(
                menu(language, admin=True), scope=scope, language_code=None if language == "en" else language
            )
    except TelegramError as error:
        log.info("no menu for admin yet", user=telegram_user_id, reason=str(error))
