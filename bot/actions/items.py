"""Stories as a reader sees them: sentences that carry the topic, the reason, and where else it is told.

Shared by briefings, alerts and the portal. Summaries are kept, so that readers who ask the same share one.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.actions.matching import document_of
from bot.errors import QueryError, WorkerError
from bot.log import get
from bot.model import Article, Chat, Excerpt, Ranked
from bot.ports import Workers
from bot.rules.matching import Hit, explain_match
from bot.rules.queries import Query, parse_query
from bot.rules.rendering import Item, Reason, shorten, when_published
from bot.storage import articles, briefings, stories, subscriptions
from bot.storage.database import Database
from bot.texts import Catalogue

METHOD = "default"  # changes when summaries come out differently, so that kept ones are not taken for new
MIN_EXCERPT = 20  # characters: shorter texts are their own summary

log = get(__name__)


@dataclass(frozen=True, slots=True)
class Telling:
    """To whom something is told, when, and in which language."""

    chat: Chat
    now: datetime
    words: Catalogue

    def local(self, moment: datetime) -> datetime:
        """The moment where the chat lives."""
        return moment.astimezone(ZoneInfo(self.chat.timezone))


async def items_of(
    db: Database, workers: Workers, telling: Telling, ranked: Sequence[Ranked], budgets: Sequence[int]
) -> dict[int, Item]:
    """Items by article id. Articles that were forgotten meanwhile are left out.

    Args:
        budgets: sentences for each of `ranked`.
    """
    async with db.read() as tx:
        found = await articles.by_ids(tx, [place.article_id for place in ranked])
        others = await stories.other_sources(tx, list(found))
        queries = {
            query_id: read_query(canonical)
            for query_id, canonical in (
                await subscriptions.canonical_of(tx, [place.query_id for place in ranked])
            ).items()
        }
    told = [(place, budget) for place, budget in zip(ranked, budgets, strict=True) if place.article_id in found]
    summaries = await asyncio.gather(
        *(
            summarize(db, workers, found[place.article_id], queries.get(place.query_id), place.query_id, budget)
            for place, budget in told
        )
    )
    items = {}
    for (place, _), excerpts in zip(told, summaries, strict=True):
        item = item_of(found[place.article_id], telling, queries.get(place.query_id), told=place.told)
        item = replace(item, update=place.update)
        also = others.get(place.article_id, ())
        items[place.article_id] = replace(item, also=also, excerpts=tuple(excerpt.text for excerpt in excerpts))
    return items


async def summarize(
    db: Database, workers: Workers, article: Article, query: Query | None, query_id: int, budget: int
) -> tuple[Excerpt, ...]:
    """The article's sentences for a topic, kept or made now; when no worker can make them, none."""
    if len(article.text) < MIN_EXCERPT:
        return (Excerpt(article.text, 0, len(article.text)),) if article.text.strip() else ()
    facts = {"revision": article.revision, "query_id": query_id, "budget": budget, "method": METHOD}
    async with db.read() as tx:
        kept = await briefings.summary(tx, article.id, **facts)  # type: ignore[arg-type]
    if kept is not None:
        return tuple(Excerpt(article.text[start:end], start, end) for start, end in kept)
    try:
        made = await workers.summarize(
            article.text,
            title=article.title,
            language=article.language,
            sentences=budget,
            focus=query.literals if query else (),
        )
    except WorkerError as error:
        log.warning("no summary", article=article.id, reason=error.key)
        return ()
    async with db.write() as tx:
        await briefings.keep_summary(tx, article.id, made, **facts)  # type: ignore[arg-type]
    return made


def item_of(article: Article, telling: Telling, query: Query | None = None, *, told: bool = False) -> Item:
    """An article as a reader sees it, without its sentences; with a query, the reasons why it was met."""
    hits = explain_match(query, document_of(article)) if query else None
    return Item(
        title=article.title,
        url=article.url,
        source=article.source_label,
        when=when_published(
            article.published_at,
            is_day=article.published_is_day,
            received=article.received_at,
            now=telling.local(telling.now),
            words=telling.words,
        ),
        tags=article.tags,
        reasons=reasons(article, hits or ()),
        told=told,
    )


def reasons(article: Article, hits: Sequence[Hit]) -> tuple[Reason, ...]:
    """Why an article was met: each term once, as it stands in the article, the title's first."""
    seen: dict[str, Reason] = {}
    for hit in sorted(hits, key=lambda hit: hit.field != "title"):
        place = {"title": article.title, "text": article.text}.get(hit.field)
        shown = place[hit.start : hit.end] if place else hit.term
        seen.setdefault(hit.term, Reason(shorten(shown or hit.term, 60), hit.field))
    return tuple(seen.values())


def read_query(canonical: str) -> Query | None:
    """A stored query, or None where this version can't read it any more."""
    try:
        return parse_query(canonical, regexes=True)
    except QueryError:
        return None
