"""What went wrong, in words: a sentence for every key that a BriefwireError carries."""

import re

from bot.errors import BriefwireError
from bot.texts import Catalogue


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for "translate this, later"
    """Marks a sentence for the catalogues without translating it here."""
    return sentence


SENTENCES = {
    # buttons
    "stale_button": N_("This button is too old to work. /help shows what there is."),
    # people
    "editors_only": N_("Only admins and editors post."),
    "post_confirmed": N_("This post is on its way already. /posts shows it."),
    "post_withdrawn": N_("This post was withdrawn."),
    "time_past": N_("That time has passed."),
    "unreadable_time": N_("“{given}” is no time. Write 18:00, or 2026-12-24 18:00."),
    "admins_only": N_("This is for the bot's admins."),
    "no_user": N_("There is no such person any more."),
    "no_admin": N_("There is no admin yet in whose name to post. Start the bot and claim it first."),
    "no_chat": N_("There is no such chat any more."),
    # queries
    "empty_query": N_("there is nothing to follow."),
    "nothing_searchable": N_("“{text}” has no letter or digit to search for."),
    "only_negative": N_("this says only what you don't want. Add a word you do want."),
    "contradiction": N_("this asks for a word and excludes it, so that nothing can meet it."),
    "too_broad": N_("“{text}” is in nearly every article. Add another word."),
    "too_long": N_("this query is {length} characters long; the limit is {limit}."),
    "too_deep": N_("the brackets are nested too deeply; the limit is {limit} levels."),
    "too_many_terms": N_("there are too many terms; the limit is {limit}."),
    "missing_term": N_("something is missing next to {operator}."),
    "missing_value": N_("something is missing after “{scope}”."),
    "unclosed_group": N_("this bracket is never closed."),
    "unopened_group": N_("this bracket was never opened."),
    "empty_group": N_("there is nothing between these brackets."),
    "unclosed_quote": N_("this quotation mark is never closed."),
    "empty_label": N_("the name after => is missing."),
    "label_too_long": N_("the name after => is too long; the limit is {limit} characters."),
    "prefix_only_at_end": N_("* can stand only at the end of the last word."),
    "prefix_too_short": N_("write at least {limit} letters before *."),
    "bad_distance": N_("NEAR takes a distance in words, 1 to {limit}, like NEAR/8."),
    "near_needs_words": N_("NEAR goes between two words, phrases or quotations."),
    "regex_off": N_("regular expressions between slashes are not allowed here; whoever runs the bot can allow them."),
    "regex_unsupported": N_("{part} can't be used: look-around and references to groups could take for ever."),
    "regex_invalid": N_("this regular expression can't be read ({detail})."),
    "regex_too_long": N_("this regular expression is {length} characters long; the limit is {limit}."),
    "regex_too_big": N_("this regular expression repeats too much: it takes {size} steps, and the limit is {limit}."),
    # subscriptions, briefings, posts
    "unknown_article": N_("The article at {url} is not stored, or was not grouped yet."),
    "story_of_one": N_("No other article is in that story."),
    "no_story": N_("That story is gone."),
    "no_subscription": N_("You don't follow that any more."),
    "too_many_regexes": N_("A chat can follow {limit} regular expressions. End one first: /list"),
    "no_room_for_regexes": N_("All chats together can have {limit} regular expressions, and that many are taken."),
    "too_many_subscriptions": N_("You follow {limit} topics, the most a chat can have. End one first: /list"),
    "no_briefing": N_("That briefing is gone. /brief makes a new one."),
    "no_more": N_("That was all."),
    "empty_post": N_("The post is empty."),
    "post_too_long": N_("The post is too long: Telegram takes {limit} characters."),
    "post_cancelled": N_("This post was cancelled. Send /post again to make a new one."),
    "too_many_at_once": N_("Those are {given} topics; I take {limit} in one message."),
    "no_broadcast": N_("There is no such post any more."),
    # schedule
    "bad_time": N_("“{given}” is no time of day. Write it like 08:00 or 18:30."),
    "no_times": N_("there is no time in this."),
    "not_understood": N_("“{given}” is no time, day or interval that I know."),
    "days_without_time": N_("“{given}” lacks a time of day."),
    "span_without_interval": N_("how often in this time? Write every 3 hours before it."),
    "bad_interval": N_("“{given}” is not possible: every 1 to 12 hours is."),
    "too_many_times": N_("a day has room for {limit} briefings."),
    "too_many_schedules": N_("A chat has room for {limit} schedules. Take one out with /schedule first."),
    "no_schedule": N_("There is no such time any more. /schedule shows those there are."),
    "bad_quiet_hours": N_("quiet hours have a beginning and an end, like 22:00-07:00."),
    "empty_quiet_hours": N_("these hours end where they begin."),
    "bad_pause": N_("“{given}” is no day and no span that I know."),
    "past_pause": N_("“{given}” is over already."),
    "long_pause": N_("that is more than a year. /schedule off turns briefings off for good."),
    "bad_timezone": N_("I don't know the place “{given}”. Write a city or a time zone, like Berlin or Asia/Shanghai."),
    "no_timezone_there": N_("I don't know the time zone of that place. Write a city, like /timezone Berlin."),
    # sources, pages and what they answer
    "no_source": N_("There is no such source any more."),
    "no_such_source": N_("There is no source “{name}”. Its number, its address or its title names one."),
    "no_hub": N_("There is no subscription to a hub under this address."),
    "proposed_before": N_("This site was proposed already; the admins have not decided yet."),
    "too_many_proposals": N_("{limit} of your proposals are not decided yet. Please wait for the admins."),
    "no_proposal": N_("There is no such proposal any more."),
    "decided_before": N_("This was decided already."),
    "private_channel": N_("Only public channels can be sources: a private one has no addresses to link to."),
    "bad_opml": N_("This is no list of feeds (OPML) that can be read: {reason}"),
    "empty_opml": N_("This list names no feed."),
    "opml_too_long": N_("This list has {given} feeds; {limit} is the most at a time."),
    "no_feeds": N_("There is no feed to export yet."),
    "file_too_large": N_("This file has more than {megabytes} MB."),
    "known_source": N_("This source has been added already."),
    "no_article": N_("No article was found there."),
    "bad_article": N_("{place}: {reason}"),
    "bad_url": N_("“{url}” is not a web address. Web addresses begin with http:// or https://."),
    "unreachable": N_("{host} can't be reached ({reason})."),
    "timeout": N_("{host} did not answer in {seconds} seconds."),
    "connection_lost": N_("{host} broke off the connection."),
    "tls_failed": N_("{host} has no valid certificate."),
    "private_address": N_("{host} is in a private network. BRIEFWIRE_ALLOWED_NETWORKS can let it in."),
    "http_status": N_("{host} answered with status {status}."),
    "too_large": N_("{host} sent more than {megabytes} MB."),
    "too_many_redirects": N_("{host} redirected more than {limit} times."),
    "insecure_redirect": N_("{host} redirects from https to http, which is not safe."),
    "bad_redirect": N_("{host} redirects to an address that can't be read: {location}"),
    "not_a_feed": N_("This is not a feed (RSS, Atom or JSON Feed)."),
    "web_page": N_("This is a web page, not a feed."),
    "no_feed_found": N_("This is a web page that names no feed, and there is none where feeds usually are."),
    "sitemap_index": N_("This is an index of sitemaps, not a feed."),
    "no_news_sitemap": N_("This sitemap tells no news: its entries have no titles."),
    "empty_feed": N_("The feed is empty."),
    "broken_feed": N_("The feed is broken: {reason}"),
    "feed_entities": N_("The feed defines XML entities of its own, which are not safe to read."),
    # worker processes
    "worker_timeout": N_("Reading it took longer than {seconds} seconds."),
    "worker_died": N_("The process that read it ended unexpectedly."),
    "worker_memory": N_("Reading it needs more memory than is allowed."),
    "worker_failed": N_("It could not be read: {reason}"),
    # the program itself
    "database": N_("The database can't be reached right now. Nothing is lost; try again in a minute."),
    "no_database_file": N_("BRIEFWIRE_DATABASE_URL names no file for the SQLite database."),
    "token_rejected": N_("Telegram refuses this bot token. Check BRIEFWIRE_TOKEN; @BotFather shows the right one."),
    "other_instance": N_("Another program is reading this bot's messages. Only one can run per token; stop the other."),
    "port_taken": N_("Port {port} is taken. Choose another with {option}."),
    "bad_key": N_("An Idempotency-Key has 1 to {limit} printable ASCII characters."),
    "key_reused": N_("This Idempotency-Key was used for another request."),
    "key_in_use": N_("A request with this Idempotency-Key is being answered."),
    "token_name": N_("A token's name has 1 to {limit} characters."),
    "token_name_taken": N_("There is a token “{name}” already."),
    "token": N_("There is no token “{name}”."),
    "no_file": N_("There is no file {path}."),
    "empty_folder": N_("{path} has no article files ({suffixes})."),
    "unwritable_file": N_("{path} can't be written: {detail}"),
    "unreadable_file": N_("{path} can't be read: {detail}"),
    "no_text": N_("{path} holds no text to summarise."),
    "unknown_method": N_("There is no method “{given}” to choose sentences by. There are: {known}."),
}
FALLBACK = N_("That didn't work ({key}).")
# Places and reasons in those sentences, as the bot, the system and pydantic word them. Parsers say what they like.
PARTS = frozenset(
    {
        N_("file"),
        N_("article"),
        N_("article {number}"),
        N_("line {number}"),
        N_("it is empty"),
        N_("the address of the original is missing; write it on a line of its own"),
        N_("must be an http or https address"),
        N_("must be a day (2024-10-22) or an instant (2024-10-22T08:30:00Z)"),
        N_("Field required"),
        N_("Input should be a valid string"),
        N_("Input should be a valid tuple"),
        N_("Input should be a valid dictionary or instance of PushedArticle"),
        N_("String should have at least {number} character"),
        N_("String should have at most {number} characters"),
        N_("XML entities of its own are not safe to read"),
        N_("Connection refused"),
        N_("Connection reset by peer"),
        N_("Connection timed out"),
        N_("Network is unreachable"),
        N_("No route to host"),
        N_("Name or service not known"),
        N_("No address associated with hostname"),
        N_("Temporary failure in name resolution"),
    }
)
_NUMBER = re.compile(r"(?<![\d-])\d+(?![\d-])")


def describe(error: BriefwireError, words: Catalogue) -> str:
    """The sentence for an error, as plain text."""
    # `20.0` is a float of ours, never what a person wants to read.
    facts = {name: f"{fact:g}" if isinstance(fact, float) else fact for name, fact in error.facts.items()}
    if "reason" in facts:
        facts["reason"] = _part(str(facts["reason"]), words)
    if "place" in facts:
        place, comma, field = str(facts["place"]).partition(", ")
        facts["place"] = _part(place, words) + comma + field
    try:
        return words(SENTENCES.get(error.key, FALLBACK), **{"key": error.key, **facts})
    except KeyError:  # a source keeps its last error, and an older version's may lack a fact of today's sentence
        return words(FALLBACK, key=error.key)


def _part(said: str, words: Catalogue) -> str:
    if said in PARTS:
        return words(said)
    number = _NUMBER.search(said)
    general = said.replace(number[0], "{number}", 1) if number else said
    return words(general, number=number[0]) if number and general in PARTS else said
