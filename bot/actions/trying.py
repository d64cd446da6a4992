"""Trying a query out: what it meets among the stored articles, where, and what it narrowly misses. Stores nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions.matching import document_of
from bot.model import Article
from bot.rules.matching import Hit, NearMiss, explain_match, near_miss, strength
from bot.rules.matching_strength import IN_PASSING
from bot.rules.queries import Query
from bot.storage import articles
from bot.storage.database import Database

REACH = timedelta(days=7)
MOST_MET = 2_000  # candidates looked at
NEAR_LOOKED_AT = 300  # latest articles looked at for what is narrowly missed
LEAST_NEARNESS = 0.5  # share of the query's words that a near miss has


@dataclass(frozen=True, slots=True)
class Met:
    """An article that meets the query, and every place where; `in_passing` says that nobody is told of it."""

    article: Article
    hits: tuple[Hit, ...]
    in_passing: bool


@dataclass(frozen=True, slots=True)
class Missed:
    """An article that narrowly misses the query, and what it has and lacks."""

    article: Article
    miss: NearMiss


@dataclass(frozen=True, slots=True)
class Tried:
    """What a query did on the articles of the last seven days.

    Attributes:
        met: latest first, those that have it in passing behind the others.
        missed: nearest first.
    """

    met: tuple[Met, ...]
    missed: tuple[Missed, ...]

    @property
    def in_passing(self) -> int:
        """How many of the met articles nobody is told of."""
        return sum(met.in_passing for met in self.met)


async def try_out(db: Database, query: Query, now: datetime) -> Tried:
    """Holds the query against the articles of the last seven days."""
    async with db.read() as tx:
        candidates = await articles.search_folded(tx, query.required_literals(), now - REACH, MOST_MET)
        latest = await articles.latest(tx, NEAR_LOOKED_AT)
    met = []
    for article in candidates:
        document = document_of(article)
        hits = explain_match(query, document)
        if hits is not None:
            met.append(Met(article, hits, strength(query.root, hits, document) == IN_PASSING))
    return Tried(tuple(sorted(met, key=lambda one: one.in_passing)), _missed(query, latest))


def _missed(query: Query, latest: Sequence[Article]) -> tuple[Missed, ...]:
    found = []
    for article in latest:
        miss = near_miss(query, document_of(article))
        if miss is not None and (miss.unwanted or miss.nearness >= LEAST_NEARNESS):
            found.append(Missed(article, miss))
    # A stable sort: among equally near ones the latest comes first.
    return tuple(sorted(found, key=lambda missed: (bool(missed.miss.unwanted), -missed.miss.nearness)))
