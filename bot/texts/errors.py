"""What went wrong, in words: a sentence for every key that a BriefwireError carries."""

from bot.errors import BriefwireError
from bot.texts import Catalogue


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for "translate this, later"
    """Marks a sentence for the catalogues without translating it here."""
    return sentence


SENTENCES = {
    # people
    "admins_only": N_("This is for the bot's admins."),
    "no_user": N_("There is no such person any more."),
    "no_chat": N_("There is no such chat any more."),
    # queries
    "empty_query": N_("there is nothing to follow."),
    "nothing_searchable": N_("“{text}” has no letter or digit that could be found."),
    "only_negative": N_("this says only what you don't want. Add a word that you do want."),
    "too_broad": N_("“{text}” stands in nearly every article. Add another word."),
    "too_long": N_("this query has {length} characters; {limit} is the most."),
    "too_deep": N_("the brackets are nested too deep; {limit} levels are the most."),
    "too_many_terms": N_("there are too many terms; {limit} are the most."),
    "missing_term": N_("something is missing beside {operator}."),
    "missing_value": N_("something is missing behind {scope}"),
    "unclosed_group": N_("this bracket is never closed."),
    "unopened_group": N_("this bracket was never opened."),
    "empty_group": N_("there is nothing between these brackets."),
    "unclosed_quote": N_("this quotation mark is never closed."),
    "empty_label": N_("the name behind => is missing."),
    "label_too_long": N_("the name behind => is too long; {limit} characters are the most."),
    "prefix_only_at_end": N_("* stands only at the end of the last word."),
    "prefix_too_short": N_("write at least {limit} letters before *."),
    "bad_distance": N_("NEAR takes a distance in words, 1 to {limit}, like NEAR/8."),
    "near_needs_words": N_("NEAR stands between two words, phrases or quotes."),
    "regex_off": N_("patterns between slashes are switched off here."),
    # subscriptions, briefings, posts
    "no_subscription": N_("You don't follow that any more."),
    "too_many_subscriptions": N_("You follow {limit} topics, which is the most a chat can have. End one first: /list"),
    "no_briefing": N_("That briefing is gone. /brief makes a new one."),
    "no_more": N_("That was all of it."),
    "empty_post": N_("The post is empty."),
    "post_too_long": N_("The post is too long: Telegram takes {limit} characters."),
    "post_cancelled": N_("This post was cancelled. Send /post again to make a new one."),
    "no_broadcast": N_("There is no such post any more."),
    # schedule
    "bad_time": N_("“{given}” is no time of day. Write it like 08:00 or 18:30."),
    "bad_timezone": N_("I don't know the place “{given}”. Write a city or a zone, like Berlin or Asia/Shanghai."),
    # sources, pages and what they answer
    "no_source": N_("There is no such source any more."),
    "known_source": N_("This source is there already."),
    "no_article": N_("No article was found there."),
    "bad_url": N_("“{url}” is no web address. It begins with http:// or https://."),
    "unreachable": N_("{host} can't be reached ({reason})."),
    "timeout": N_("{host} did not answer in {seconds} seconds."),
    "connection_lost": N_("{host} broke the connection off."),
    "tls_failed": N_("{host} has no valid certificate."),
    "private_address": N_("{host} is in a private network, which sources may not be in (BRIEFWIRE_ALLOWED_NETWORKS)."),
    "http_status": N_("{host} answered with status {status}."),
    "too_large": N_("{host} sent more than {megabytes} MB."),
    "too_many_redirects": N_("{host} led in circles: more than {limit} redirects."),
    "insecure_redirect": N_("{host} leads from https to an address without it."),
    "bad_redirect": N_("{host} leads to an address that can't be read: {location}"),
    "not_a_feed": N_("This is no feed (RSS, Atom or JSON Feed)."),
    "web_page": N_("This is a web page, no feed."),
    "no_feed_found": N_("This is a web page that names no feed."),
    "empty_feed": N_("The feed is empty."),
    "broken_feed": N_("The feed is broken: {reason}"),
    "feed_entities": N_("The feed declares entities of its own, which is not safe to read."),
    # worker processes
    "worker_timeout": N_("Reading it took longer than {seconds} seconds."),
    "worker_died": N_("The process that read it ended unexpectedly."),
    "worker_memory": N_("Reading it needs more memory than is allowed."),
    "worker_failed": N_("It could not be read: {reason}"),
    # the program itself
    "database": N_("The database can't be reached right now. Nothing is lost; try again in a minute."),
    "no_database_file": N_("The SQLite database needs a file."),
    "token_rejected": N_("Telegram does not know this bot token. Check BRIEFWIRE_TOKEN; @BotFather shows it."),
    "other_instance": N_("Another program reads this bot's messages. Only one may run with a token; stop the other."),
    "port_taken": N_("Port {port} is taken. Choose another with {option}."),
    "token_name": N_("A token's name has 1 to {limit} characters."),
    "token_name_taken": N_("There is a token “{name}” already."),
    "token": N_("There is no token “{name}”."),
    "no_file": N_("There is no file {path}."),
    "unreadable_file": N_("{path} can't be read: {detail}"),
}
FALLBACK = N_("That didn't work ({key}).")


def describe(error: BriefwireError, words: Catalogue) -> str:
    """The sentence for an error, as plain text."""
    return words(SENTENCES.get(error.key, FALLBACK), **{"key": error.key, **error.facts})
