"""Following topics: what a query means, what it would have met, subscribing and ending it."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.actions import schedule
from bot.actions.matching import LiveMatcher, document_of
from bot.errors import BadInput, NotFound, QueryError
from bot.model import Article, Chat, Mode, NewMatch, Subscription
from bot.rules.matching import explain_match, strength
from bot.rules.matching_strength import IN_PASSING
from bot.rules.queries import Query, has_regexes, parse_query
from bot.storage import articles, matches, sources, subscriptions
from bot.storage.database import Database, Tx

PREVIEW = timedelta(days=7)
PREVIEW_ARTICLES = 2_000  # candidates looked at; more would make a subscriber wait, and are a flood anyhow
EXAMPLES = 3
NEWS_SPAN = timedelta(days=3)
NEWS_ARTICLES = 300  # looked at for what is in the news
SUBSCRIPTIONS_PER_CHAT = 200
REGEXES_PER_CHAT = 5
REGEXES = 100  # of all chats: at worst 20 ms for each article


@dataclass(frozen=True, slots=True)
class Preview:
    """What a query would have told lately.

    Attributes:
        in_passing: articles beside these that have it in passing only, and are not told.
        days: how many days back the articles reach, at most seven.
        is_all: whether these days are all the bot has.
        examples: the latest articles, one per story.
    """

    articles: int
    stories: int
    days: int
    is_all: bool
    examples: tuple[Article, ...]
    in_passing: int = 0

    @property
    def met(self) -> int:
        """How many articles it met, told or not: what a mute hides."""
        return self.articles + self.in_passing


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A subscription with what it means and what it met; `was` is the mode of one that the chat had already."""

    subscription: Subscription
    query: Query
    preview: Preview
    was: Mode | None

    @property
    def is_new(self) -> bool:
        """Whether the chat had it in no mode."""
        return self.was is None


async def preview(db: Database, query: Query, now: datetime) -> Preview:
    """What the query would have met in the last seven days. Nothing is stored."""
    async with db.read() as tx:
        found, strengths, _ = await _met(tx, query, now)
        return await _preview(tx, found, strengths, now)


async def subscribe(
    db: Database,
    matcher: LiveMatcher,
    chat: Chat,
    text: str,
    now: datetime,
    *,
    mode: Mode | None = None,
    in_exchange: bool = False,
) -> Subscribed:
    """Follows a query, stored together with what it met in the last seven days; the first one starts the schedule.

    The preview leaves out what the chat mutes, unless it is a mute that it tells of.

    Args:
        mode: None leaves a topic of the chat as it is told, under its label; a new one is told in the briefing.
        in_exchange: another one ends for it, so that the limit holds all the same.

    Raises:
        QueryError: the query can't be read.
        BadInput: `too_many_subscriptions`, `too_many_regexes`, `no_room_for_regexes`.
    """
    query = parse_query(text, regexes=matcher.takes_regexes)
    if query.regexes:
        await _check_regexes(db, chat, query)
    async with db.write() as tx:
        own = await subscriptions.of_chat(tx, chat.id)
        known = next((its for its in own if its.canonical == query.canonical), None)
        if len(own) >= SUBSCRIPTIONS_PER_CHAT and known is None and not in_exchange:
            raise BadInput("too_many_subscriptions", limit=SUBSCRIPTIONS_PER_CHAT)
        kept = known if mode is None and known is not None and known.mode is not Mode.MUTE else None
        subscription, _ = await subscriptions.add(
            tx,
            chat_id=chat.id,
            canonical=query.canonical,
            text=_without_label(text, query),
            label=query.label or (kept.label if kept else ""),
            mode=kept.mode if kept else mode or Mode.BRIEFING,
            now=now,
        )
        found, strengths, seen = await _met(tx, query, now)
        await matches.add(tx, _new_matches(subscription, strengths))
        if not own:
            await schedule.ensure_default(tx, chat, now)
        muted = await _muted(tx, chat, found) if subscription.mode is not Mode.MUTE else set()
        shown = await _preview(tx, [article for article in found if article.id not in muted], strengths, now)
    matcher.add(subscription.query_id, query.canonical)
    # PostgreSQL: what another process stored and matched meanwhile was seen neither there nor above.
    async with db.write() as tx:
        _, strengths, _ = await _met(tx, query, now, seen)
        await matches.add(tx, _new_matches(subscription, strengths))
    return Subscribed(subscription, query, shown, known.mode if known else None)


async def _check_regexes(db: Database, chat: Chat, query: Query) -> None:
    async with db.read() as tx:
        own = [its.canonical for its in await subscriptions.of_chat(tx, chat.id)]
        everybody = await subscriptions.followed_with_slashes(tx)
    if len(_regexes_of(own) | query.regexes) > REGEXES_PER_CHAT:
        raise BadInput("too_many_regexes", limit=REGEXES_PER_CHAT)
    if len(_regexes_of(everybody) | query.regexes) > REGEXES:
        raise BadInput("no_room_for_regexes", limit=REGEXES)


def _regexes_of(canonicals: Sequence[str]) -> set[str]:
    found = [parse_query(canonical, regexes=True).regexes for canonical in canonicals if has_regexes(canonical)]
    return {pattern for patterns in found for pattern in patterns}


async def unsubscribe(db: Database, matcher: LiveMatcher, chat: Chat, subscription_id: int) -> Subscription:
    """Ends one of the chat's subscriptions and returns it. Raises NotFound."""
    async with db.write() as tx:
        subscription = await subscriptions.get(tx, subscription_id)
        if subscription is None or subscription.chat_id != chat.id:
            raise NotFound("no_subscription", id=subscription_id)
        await subscriptions.remove(tx, subscription_id)
        followed = await subscriptions.is_followed(tx, subscription.query_id)
    if not followed:
        matcher.discard(subscription.query_id)
    return subscription


async def set_mode(db: Database, chat: Chat, subscription_id: int, mode: Mode) -> Subscription:
    """Switches one of the chat's subscriptions between briefing and alert. Raises NotFound."""
    async with db.write() as tx:
        subscription = await subscriptions.get(tx, subscription_id)
        if subscription is None or subscription.chat_id != chat.id:
            raise NotFound("no_subscription", id=subscription_id)
        await subscriptions.update(tx, subscription_id, mode=mode)
        changed = await subscriptions.get(tx, subscription_id)
    return changed or subscription


async def set_silent(db: Database, chat: Chat, subscription_id: int, *, silent: bool) -> Subscription:
    """Whether a topic's alerts come without a sound. Raises NotFound."""
    async with db.write() as tx:
        subscription = await subscriptions.get(tx, subscription_id)
        if subscription is None or subscription.chat_id != chat.id:
            raise NotFound("no_subscription", id=subscription_id)
        await subscriptions.update(tx, subscription_id, silent=silent)
    return replace(subscription, silent=silent)


@dataclass(frozen=True, slots=True)
class InTheNews:
    """What somebody new is offered: how many sources there are, and topics that several articles carry."""

    sources: int
    topics: tuple[str, ...]


async def in_the_news(db: Database, chat: Chat, limit: int, now: datetime) -> InTheNews:
    """The keywords and tags of the last three days that most sources and articles carry, less what the chat follows.

    Those in the chat's language come first.
    """
    async with db.read() as tx:
        own = {subscription.canonical for subscription in await subscriptions.of_chat(tx, chat.id)}
        recent = await articles.latest(tx, NEWS_ARTICLES)
        active = await sources.count_active(tx)
    counts: dict[str, _Count] = {}
    for article in recent:
        for topic in dict.fromkeys((*article.keywords, *article.tags)):
            if now - article.received_at <= NEWS_SPAN:
                counts.setdefault(topic, _Count()).add(article, topic, chat.language)
    ranked = sorted(counts, key=lambda topic: (counts[topic].rank, topic), reverse=True)
    offered = [topic for topic in ranked if counts[topic].is_news and _canonical(topic) not in {None, *own}]
    return InTheNews(active, tuple(offered[:limit]))


@dataclass(slots=True)
class _Count:
    """How much a keyword or tag is in the news: a topic that no headline names is a category."""

    sources: set[int] = field(default_factory=set)
    headlines: int = 0
    articles: int = 0
    in_own_language: bool = False

    def add(self, article: Article, topic: str, language: str) -> None:
        self.sources.add(article.source_id)
        self.articles += 1
        self.headlines += topic.casefold() in article.title.casefold()
        self.in_own_language |= article.language == language

    @property
    def is_news(self) -> bool:
        return self.articles > 1 and self.headlines > 0

    @property
    def rank(self) -> tuple[bool, int, int, int]:
        return self.in_own_language, len(self.sources), self.headlines, self.articles


def _canonical(text: str) -> str | None:
    try:
        return parse_query(text).canonical
    except QueryError:
        return None


async def of_chat(db: Database, chat: Chat) -> list[Subscription]:
    """The chat's subscriptions, oldest first."""
    async with db.read() as tx:
        return await subscriptions.of_chat(tx, chat.id)


async def topics_of_chat(db: Database, chat: Chat) -> list[Subscription]:
    """What the chat follows, oldest first."""
    async with db.read() as tx:
        return await subscriptions.topics_of_chat(tx, chat.id)


def find(own: Sequence[Subscription], text: str) -> Subscription | None:
    """The subscription that somebody means: by its place in the list (from 1), its name, or the same query."""
    given = text.strip()
    if given.isdecimal() and 1 <= int(given) <= len(own):
        return own[int(given) - 1]
    for subscription in own:
        if given.casefold() in (subscription.name.casefold(), subscription.text.casefold()):
            return subscription
    canonical = parse_query(given, regexes=True).canonical
    return next((subscription for subscription in own if subscription.canonical == canonical), None)


async def _met(
    tx: Tx, query: Query, now: datetime, seen: Set[int] = frozenset()
) -> tuple[list[Article], dict[int, float], Set[int]]:
    """Articles of the last seven days that meet the query, latest first, less those seen before.

    Returns:
        The articles, the strength of each by id, and the ids of all that were looked at.
    """
    since = now - PREVIEW
    found, strengths = [], {}
    candidates = await articles.search_folded(tx, query.required_literals(), since, PREVIEW_ARTICLES)
    for article in candidates:
        if article.id in seen:
            continue
        document = document_of(article)
        hits = explain_match(query, document)
        if hits is not None:
            found.append(article)
            strengths[article.id] = strength(query.root, hits, document)
    return found, strengths, {article.id for article in candidates}


async def _muted(tx: Tx, chat: Chat, found: Sequence[Article]) -> set[int]:
    return {article_id for _, article_id in await matches.muted(tx, [article.id for article in found], [chat.id])}


def _new_matches(subscription: Subscription, strengths: Mapping[int, float]) -> list[NewMatch]:
    return [NewMatch(subscription.query_id, article_id, strength) for article_id, strength in strengths.items()]


async def _preview(tx: Tx, found: Sequence[Article], strengths: Mapping[int, float], now: datetime) -> Preview:
    by_story: dict[int, Article] = {}
    told = [article for article in found if strengths[article.id] > IN_PASSING]
    for article in told:
        by_story.setdefault(article.story_id or -article.id, article)
    oldest = await articles.oldest_shown(tx, since=now - PREVIEW)
    has_older = await articles.has_before(tx, now - PREVIEW)
    days = PREVIEW.days if has_older or oldest is None else max(1, -(-(now - oldest) // timedelta(days=1)))
    return Preview(
        articles=len(told),
        stories=len(by_story),
        days=min(days, PREVIEW.days),
        is_all=not has_older,
        examples=tuple(by_story.values())[:EXAMPLES],
        in_passing=len(found) - len(told),
    )


def _without_label(text: str, query: Query) -> str:
    """The query as written, without its `=> Label`."""
    return " ".join((text.rsplit("=>", 1)[0] if query.label else text).split())
