"""What went wrong, in words: a sentence for every key that a BriefwireError carries."""

from bot.errors import BriefwireError, QueryError
from bot.texts import Catalogue


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for "translate this, later"
    """Marks a sentence for the catalogues without translating it here."""
    return sentence


SENTENCES = {
    # people
    "admins_only": N_("This is for the bot's admins."),
    "no_user": N_("There is no such person any more."),
    "no_chat": N_("There is no such chat any more."),
    # subscriptions and briefings
    "no_subscription": N_("You don't follow that any more."),
    "too_many_subscriptions": N_("You follow {limit} topics, which is the most a chat can have. End one first: /list"),
    "no_briefing": N_("That briefing is gone. /brief makes a new one."),
    "no_more": N_("That was all of it."),
    # schedule
    "bad_time": N_("“{given}” is no time of day. Write it like 08:00 or 18:30."),
    "bad_timezone": N_("I don't know the place “{given}”. Write a city or a zone, like Berlin or Asia/Shanghai."),
    # the program itself
    "database": N_("The database can't be reached right now. Nothing is lost; try again in a minute."),
    "no_database_file": N_("The SQLite database needs a file."),
}
FALLBACK = N_("That didn't work ({key}).")


def describe(error: BriefwireError, words: Catalogue) -> str:
    """The sentence for an error, as plain text."""
    return words(SENTENCES.get(error.key, FALLBACK), **{"key": error.key, **error.facts})


def describe_query(error: QueryError, words: Catalogue) -> str:
    """The sentence for a query that can't be read, without the place of the mistake."""
    return describe(error, words)
