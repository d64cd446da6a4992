"""What is said when there is nothing to tell: how much was looked at, and what came closest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions.items import Telling, read_query
from bot.actions.matching import document_of
from bot.model import Article, Html, Subscription
from bot.rules.matching import near_miss
from bot.rules.rendering import link, shorten
from bot.texts import Catalogue

CLOSEST_ARTICLES = 100  # looked at for what came closest
HEADLINE_UNITS = 120  # of what came closest


@dataclass(frozen=True, slots=True)
class Closest:
    """The article that came nearest to a topic: the words it has, and those it lacks (none: they stand apart)."""

    article: Article
    present: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """There is nothing to tell: how much was looked at since when, and by how many topics."""

    topics: int
    since: datetime
    read_count: int
    closest: Closest | None = None


def closest(latest: Sequence[Article], topics: Iterable[Subscription], since: datetime) -> Closest | None:
    """The latest articles held against every topic: which came nearest without being met."""
    queries = [query for its in topics if (query := read_query(its.canonical)) is not None]
    best: tuple[float, Closest] | None = None
    for article in latest:
        if article.received_at < since:
            continue
        document = document_of(article)
        for query in queries:
            miss = near_miss(query, document)
            if miss is not None and not miss.unwanted and (best is None or miss.nearness > best[0]):
                best = (miss.nearness, Closest(article, miss.present, miss.missing))
    return None if best is None else best[1]


def nothing_line(nothing: Nothing, telling: Telling) -> Html:
    """What the bot says when there is nothing to tell, with what came closest on a line below."""
    words = telling.words
    since = words.moment(telling.local(nothing.since), now=telling.local(telling.now))
    line = words.html(
        "{nothing} since {since}; {read}.",
        nothing=words.count("Nothing new on your {n} topic", "Nothing new on your {n} topics", nothing.topics),
        since=since,
        read=words.count("{n} article read", "{n} articles read", nothing.read_count),
    )
    return line if nothing.closest is None else Html(f"{line}\n{_closest_line(nothing.closest, words)}")


def _closest_line(closest: Closest, words: Catalogue) -> Html:
    has = words(" and ").join(f"“{term}”" for term in closest.present)
    lacks = words(" and ").join(f"“{term}”" for term in closest.missing)
    what = (
        words("has {terms}, not {missing}", terms=has, missing=lacks)
        if lacks
        else words("has {terms}, apart", terms=has)
    )
    headline = link(shorten(closest.article.title, HEADLINE_UNITS), closest.article.url)
    return words.html("Closest: {headline} {what}.", headline=headline, what=shorten(what, HEADLINE_UNITS))
