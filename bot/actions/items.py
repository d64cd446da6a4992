"""Stories as a reader sees them: sentences that carry the topic, the reason, and where else it is told.

Shared by briefings, alerts and the portal. Summaries are kept, so that readers who ask the same share one.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.actions.matching import document_of
from bot.errors import QueryError, WorkerError
from bot.log import get
from bot.model import Article, Chat, Ranked
from bot.ports import Workers
from bot.rules.matching import Document, Hit, explain_match
from bot.rules.queries import Query, parse_query
from bot.rules.rendering import Item, Reason, shorten, when_published
from bot.storage import articles, briefings, stories, subscriptions
from bot.storage.briefings import Kept, SummaryKey
from bot.storage.database import Database
from bot.texts import Catalogue

METHOD = "default 2"  # changes when summaries come out differently, so that kept ones are not taken for new
MIN_EXCERPT = 20  # characters: shorter texts are their own summary
LEAD = 600  # characters in which the word that an article is about mostly stands
AT_ONCE = 64  # summaries that are asked of the workers together

log = get(__name__)
Why = tuple[tuple[str, str], ...]  # (term, field) each


@dataclass(frozen=True, slots=True)
class Telling:
    """To whom something is told, when, and in which language."""

    chat: Chat
    now: datetime
    words: Catalogue

    def local(self, moment: datetime) -> datetime:
        """The moment where the chat lives."""
        return moment.astimezone(ZoneInfo(self.chat.timezone))


@dataclass(frozen=True, slots=True)
class Want:
    """An item to be shown: an article under a query, with so many sentences."""

    article_id: int
    query_id: int
    sentences: int


@dataclass(slots=True)
class Shelf:
    """What a batch of briefings or alerts shows, read and made once for all of its readers."""

    articles: dict[int, Article]
    also: dict[int, tuple[tuple[str, str], ...]]
    queries: dict[int, Query | None]
    kept: dict[Want, Kept]
    _items: dict[tuple[Want, bool, bool, str, str, datetime], Item] = field(default_factory=dict)

    def item(self, place: Ranked, sentences: int, telling: Telling) -> Item | None:
        """A story as one reader sees it; None when its article was forgotten meanwhile."""
        article = self.articles.get(place.article_id)
        if article is None:
            return None
        want = Want(place.article_id, place.query_id, sentences)
        key = (want, place.told, place.update, telling.words.language, telling.chat.timezone, telling.now)
        if key not in self._items:
            self._items[key] = replace(self._made(article, want, telling, told=place.told), update=place.update)
        return self._items[key]

    def _made(self, article: Article, want: Want, telling: Telling, *, told: bool) -> Item:
        kept = self.kept[want]
        return replace(
            item_of(article, telling, told=told),
            also=self.also.get(article.id, ()),
            excerpts=tuple(article.text[start:end] for start, end in kept.places),
            reasons=tuple(Reason(term, place) for term, place in kept.reasons or ()),
        )


async def shelf_of(db: Database, workers: Workers, wanted: Iterable[Want]) -> Shelf:
    """Everything that the items need; what is kept of earlier readers is not made again."""
    wants = list(dict.fromkeys(wanted))
    async with db.read() as tx:
        found = await articles.by_ids(tx, list({want.article_id for want in wants}))
        also = await stories.other_sources(tx, list(found))
        canonical = await subscriptions.canonical_of(tx, list({want.query_id for want in wants}))
        wants = [want for want in wants if want.article_id in found]
        keys = {_key(want, found[want.article_id]): want for want in wants}
        kept = await briefings.kept_summaries(tx, list(keys), method=METHOD)
    queries = {query_id: read_query(text) for query_id, text in canonical.items()}
    shelf = Shelf(found, also, queries, {keys[key]: its for key, its in kept.items()})
    await _make_missing(db, workers, shelf, wants)
    return shelf


def _key(want: Want, article: Article) -> SummaryKey:
    return (article.id, article.revision, want.query_id, want.sentences)


async def _make_missing(db: Database, workers: Workers, shelf: Shelf, wants: Sequence[Want]) -> None:
    """Makes what is not kept, a few at a time, and keeps it. What no worker could summarise is kept by nobody."""
    missing = [want for want in wants if want not in shelf.kept or shelf.kept[want].reasons is None]
    # By article, because a text is folded once for all that is asked of it.
    missing.sort(key=lambda want: (want.article_id, want.query_id))
    for start in range(0, len(missing), AT_ONCE):
        part = missing[start : start + AT_ONCE]
        why = _whys(shelf, part)
        made = dict(
            zip(part, await asyncio.gather(*(_make(workers, shelf, want, why[want]) for want in part)), strict=True)
        )
        shelf.kept |= {want: kept for want, (kept, _) in made.items()}
        worth = {
            _key(want, shelf.articles[want.article_id]): kept for want, (kept, is_whole) in made.items() if is_whole
        }
        if worth:
            async with db.write() as tx:
                await briefings.keep_summaries(tx, worth, method=METHOD)


async def _make(workers: Workers, shelf: Shelf, want: Want, why: Why) -> tuple[Kept, bool]:
    """The sentences and reasons of an item, and whether they are worth keeping."""
    article, query = shelf.articles[want.article_id], shelf.queries.get(want.query_id)
    if want in shelf.kept:
        return Kept(shelf.kept[want].places, why), True
    if len(article.text) < MIN_EXCERPT:
        return Kept(((0, len(article.text)),) if article.text.strip() else (), why), True
    try:
        made = await workers.summarize(
            article.text,
            title=article.title,
            language=article.language,
            sentences=want.sentences,
            focus=query.literals if query else (),
        )
    except WorkerError as error:
        log.warning("no summary", article=article.id, reason=error.key)
        return Kept((), why), False
    return Kept(tuple((excerpt.start, excerpt.end) for excerpt in made), why), True


def _whys(shelf: Shelf, wants: Sequence[Want]) -> dict[Want, Why]:
    """Why each was met. Wants of one article stand side by side."""
    found: dict[Want, Why] = {}
    known: dict[int, Why] = {}
    article, parts = None, [Document()]
    for want in wants:
        if article is None or article.id != want.article_id:
            article, known = shelf.articles[want.article_id], {}
            parts = _more_and_more(article)
        if want.query_id not in known:
            known[want.query_id] = _why(article, parts, shelf.queries.get(want.query_id))
        found[want] = known[want.query_id]
    return found


def _more_and_more(article: Article) -> list[Document]:
    """The title, the title with the beginning of the text, and the whole article."""
    title = Document(title=article.title, language=article.language)
    end = max(article.text.rfind(stop, 0, LEAD) for stop in "\n ")
    lead = [replace(title, text=article.text[:end])] if end > 0 and len(article.text) > LEAD else []
    return [title, *lead, document_of(article)]


def _why(article: Article, parts: Sequence[Document], query: Query | None) -> Why:
    """Why a query was met. A single word that the beginning has needs no look at the rest, which takes most time."""
    if query is None:
        return ()
    looked_at = parts if len(query.terms) == 1 else parts[-1:]
    hits = next((found for part in looked_at if (found := explain_match(query, part)) is not None), ())
    return tuple((reason.term, reason.field) for reason in reasons(article, hits))


def item_of(article: Article, telling: Telling, *, told: bool = False) -> Item:
    """An article as a reader sees it, without its sentences and its reasons."""
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
        told=told,
        edited=article.edited_at is not None,
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
