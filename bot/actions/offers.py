"""What is offered beside a query: its other names, what was perhaps meant, and what would meet more, or less.

Offers are facts of the bot's own articles. None is ever taken without a tap.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions import subscriptions as following
from bot.actions.matching import LiveMatcher, document_of
from bot.actions.subscriptions import PREVIEW, Preview, Subscribed
from bot.errors import NotFound
from bot.model import Article, Chat, PopularQuery, Subscription
from bot.rules import suggestions
from bot.rules.matching import is_met
from bot.rules.queries import Query, parse_query
from bot.rules.query_tree import Term
from bot.storage import articles, subscriptions
from bot.storage.database import Database, Tx
from bot.texts.twins import Twins, twins

VOCABULARY = 500  # recent articles whose words tell what is spelled rightly
SAMPLE = 300  # articles looked at to count or to narrow: a search for an offer must not take long
SLACK = 2  # characters by which a mistyped query is longer or shorter than the right one
WORTHWHILE = 0.5  # share of a flood that a narrower query leaves at most
LIKE = 50  # popular queries looked at


@dataclass(frozen=True, slots=True)
class Apart:
    """The words of a phrase anywhere in an article: the query, and how many articles more it would have met."""

    query: str
    more: int


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A query that brings less, and about how many articles a day."""

    query: str
    a_day: int


@dataclass(frozen=True, slots=True)
class Offers:
    """What a reader may like better than the query; each is a query that `parse_query` reads.

    Attributes:
        flood: how many articles a day the query brings, where they are more than anybody reads; else 0.
    """

    twins: Twins | None = None
    meant: str = ""
    apart: Apart | None = None
    flood: int = 0
    narrowed: Narrowed | None = None
    every: str = ""


async def offers(db: Database, chat: Chat, query: Query, preview: Preview, now: datetime) -> Offers:
    """What to offer beside a query that met what its preview says. Nothing is stored."""
    async with db.read() as tx:
        spoken = await articles.languages_since(tx, now - PREVIEW)
        # In a thread, because the first time Babel's data are read from files.
        known = await asyncio.to_thread(twins_of, query, [chat.language, *spoken])
        if suggestions.is_flood(preview.articles, preview.days):
            a_day = round(preview.articles / preview.days)
            return Offers(known, flood=a_day, narrowed=await _narrowed(tx, query, preview, now))
        meant = ""
        if preview.articles <= suggestions.NEARLY_NOTHING and known is None:
            meant = await _meant(tx, query, preview, now)
        apart = None if meant else await _apart(tx, query, preview, now)
        every = await _every(tx, query) if preview.in_passing and not (meant or apart) else ""
        return Offers(known, meant, apart, every=every)


def twins_of(query: Query, languages: Sequence[str] = ()) -> Twins | None:
    """The other names of what a query names, where it is one name and nothing else."""
    root = query.root
    if not isinstance(root, Term) or root.field or root.prefix:
        return None
    return twins(root.written, languages)


async def add_twins(
    db: Database, matcher: LiveMatcher, chat: Chat, subscription_id: int, now: datetime
) -> Subscribed | None:
    """Follows a topic under its names in all languages, as one topic; None where it has no other names.

    Raises:
        NotFound: the chat has no such subscription.
    """
    old = await _own(db, chat, subscription_id)
    found = await asyncio.to_thread(twins_of, parse_query(old.text, regexes=True))
    if found is None:
        return None
    return await exchange(db, matcher, chat, old.id, found.as_query(old.label), now)


async def exchange(
    db: Database, matcher: LiveMatcher, chat: Chat, subscription_id: int, text: str, now: datetime
) -> Subscribed:
    """Follows another query in place of one of the chat's, told the same way and under the same label.

    Raises:
        QueryError: the query can't be read.
        NotFound: the chat has no such subscription.
    """
    old = await _own(db, chat, subscription_id)
    if old.label and not parse_query(text, regexes=True).label:
        text = f"{text} => {old.label}"
    done = await following.subscribe(db, matcher, chat, text, now, mode=old.mode, in_exchange=True)
    if done.subscription.id != old.id:
        await following.unsubscribe(db, matcher, chat, old.id)
    return done


async def _own(db: Database, chat: Chat, subscription_id: int) -> Subscription:
    async with db.read() as tx:
        found = await subscriptions.get(tx, subscription_id)
    if found is None or found.chat_id != chat.id:
        raise NotFound("no_subscription", id=subscription_id)
    return found


async def _meant(tx: Tx, query: Query, preview: Preview, now: datetime) -> str:
    """The first correction that meets far more."""
    popular = await subscriptions.popular_like(tx, query.canonical, slack=SLACK, least=suggestions.POPULAR, limit=LIKE)
    folded = await articles.latest_folded(tx, VOCABULARY)
    # In a thread, as below: counting the words of hundreds of articles would keep everybody waiting.
    for text in await asyncio.to_thread(_corrections, query, folded, popular):
        met = await _met(tx, parse_query(text, regexes=True), now)
        if suggestions.is_far_more(len(met), preview.articles):
            return text
    return ""


def _corrections(query: Query, folded: Sequence[str], popular: Sequence[PopularQuery]) -> tuple[str, ...]:
    return suggestions.corrections(query, suggestions.word_frequency(folded), popular)


async def _apart(tx: Tx, query: Query, preview: Preview, now: datetime) -> Apart | None:
    text = suggestions.apart(query)
    if text is None:
        return None
    more = len(await _met(tx, parse_query(text, regexes=True), now)) - preview.articles
    return Apart(text, more) if suggestions.is_far_more(more, preview.articles) else None


async def _every(tx: Tx, query: Query) -> str:
    return suggestions.every_mention(query, await articles.latest_folded(tx, VOCABULARY))


async def narrower(db: Database, query: Query, now: datetime) -> Narrowed | None:
    """A narrower query than one that meets too much, and how many articles a day it would meet."""
    shown = await following.preview(db, query, now)
    async with db.read() as tx:
        return await _narrowed(tx, query, shown, now)


async def _narrowed(tx: Tx, query: Query, preview: Preview, now: datetime) -> Narrowed | None:
    found = await _met(tx, query, now)
    met = [document_of(article).folded for article in found]
    others = set(await articles.latest_folded(tx, SAMPLE)).difference(met)
    terms = [(*article.keywords, *article.tags) for article in found]
    a_day = preview.articles / preview.days
    narrowed = await asyncio.to_thread(_narrower, query, terms, met, list(others), a_day)
    if narrowed is None and (text := suggestions.in_title(query)):
        in_title = round(len(await _met(tx, parse_query(text), now)) / len(found) * a_day)
        narrowed = (text, in_title) if 0 < in_title <= a_day * WORTHWHILE else None
    return Narrowed(*narrowed) if narrowed else None


def _narrower(
    query: Query, terms: Sequence[Sequence[str]], met: Sequence[str], others: Sequence[str], a_day: float
) -> tuple[str, int] | None:
    """A query that brings as much as one can read, or else half as much at least."""
    calm = suggestions.narrowed(query, terms, met, others, a_day)
    return calm or suggestions.narrowed(query, terms, met, others, a_day, most=a_day * WORTHWHILE)


async def _met(tx: Tx, query: Query, now: datetime) -> list[Article]:
    """The latest articles of the preview's time that meet a query; of very many candidates only the first."""
    candidates = await articles.search_folded(tx, query.required_literals(), now - PREVIEW, SAMPLE)
    return [article for article in candidates if is_met(query.root, document_of(article))]
