"""Builds every briefing, on demand and on schedule alike: choose, summarise, render, then one write for all of it."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.actions.items import Telling, items_of, read_query
from bot.actions.matching import document_of
from bot.errors import NotFound
from bot.model import (
    Article,
    Briefing,
    Broadcast,
    Button,
    Chat,
    DeliveryKind,
    Html,
    Message,
    NewDelivery,
    Ranked,
    Subscription,
    Told,
)
from bot.ports import Words, Workers
from bot.rules.agenda import Due, next_due
from bot.rules.choosing import PAGE, choose
from bot.rules.matching import near_miss
from bot.rules.rendering import BriefingView, Topic, link, render_briefing, shorten
from bot.storage import (
    alerts,
    articles,
    briefings,
    broadcasts,
    chats,
    deliveries,
    matches,
    schedules,
    subscriptions,
    told,
)
from bot.storage.database import Database, Tx
from bot.texts import Catalogue
from bot.texts import words as words_of

WINDOW = timedelta(days=7)
CLOSEST_ARTICLES = 100  # looked at for what came closest
HEADLINE_UNITS = 120  # of what came closest
RECAP = 8  # alerts listed in the recap line
EMPTY_NOTE_EVERY = timedelta(days=7)
LONG_ITEMS = 3  # the first items carry LONG sentences, the rest one
LONG, BRIEF = 3, 1


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


@dataclass(frozen=True, slots=True)
class _Draft:
    """A briefing before it is stored."""

    chat: Chat
    ranking: tuple[Ranked, ...]
    topics: dict[int, Subscription]
    recap: tuple[int, ...]
    since: datetime
    read_count: int
    next_run: datetime | None
    last: Briefing | None  # the chat's last one when this was drafted
    posts: tuple[Broadcast, ...] = ()  # of the admins, that go into it


async def brief(
    db: Database,
    workers: Workers,
    chat: Chat,
    now: datetime,
    *,
    window: timedelta | None = None,
    run: Due | None = None,
) -> Briefing | Nothing | None:
    """Builds a briefing and records it together with its deliveries, what is told by it, and the next due time.

    Args:
        window: show everything of this time, told or not (`/brief 3d`); None: what was not told yet.
        run: of the schedule, or None on demand.

    Returns:
        The briefing; Nothing where there is nothing to tell (a run of the schedule is recorded all the same); None
        where another briefing answers already.
    """
    while True:
        async with db.read() as tx:
            last = await briefings.latest(tx, chat.id)
            draft = await _draft(tx, chat, last, now, window, run)
        if not draft.ranking:
            return await _record_nothing(db, draft, run, now)
        public_id = secrets.token_hex(16)
        messages = await _render(db, workers, draft, public_id, now)
        try:
            return await _record(db, draft, run, public_id, messages, now, told_too=window is not None)
        except _Overtaken:
            continue


class _Overtaken(Exception):
    """While a briefing was made the chat was told some of it: it has to be drafted anew."""


async def _render(db: Database, workers: Workers, draft: _Draft, public_id: str, now: datetime) -> list[Message]:
    page = draft.ranking[:PAGE]
    telling = Telling(draft.chat, now, words_of(draft.chat.language))
    topics = await _topics(db, workers, telling, page, draft.topics)
    async with db.read() as tx:
        recap = await articles.by_ids(tx, list(draft.recap))
    view = BriefingView(
        topics=topics,
        now=telling.local(now),
        since=telling.local(draft.since),
        read_count=draft.read_count,
        recap=tuple((article.title, article.url) for article in recap.values()),
        posts=tuple(Html(post.text) for post in draft.posts),
        more=len(draft.ranking) - len(page),
        next_run=None if draft.next_run is None else telling.local(draft.next_run),
    )
    return render_briefing(view, telling.words, _buttons(telling.words, public_id, view.more))


async def more(db: Database, workers: Workers, chat: Chat, public_id: str, now: datetime) -> Briefing:
    """Tells the next page of a briefing that the chat got. Raises NotFound when there is none, or no more of it."""
    async with db.read() as tx:
        briefing = await briefings.by_public_id(tx, public_id)
        if briefing is None or briefing.chat_id != chat.id:
            raise NotFound("no_briefing")
        own = {subscription.query_id: subscription for subscription in await subscriptions.topics_of_chat(tx, chat.id)}
        page = briefing.ranking[briefing.shown : briefing.shown + PAGE]
        known = await told.of(tx, [chat.id], [place.story_id for place in page])
    # Since the first page an alert or another briefing may have told some of these.
    page = tuple(_as_known(place, known.get((chat.id, place.story_id))) for place in page)
    telling = Telling(chat, now, words_of(chat.language))
    shown = briefing.shown + len(page)
    topics = await _topics(db, workers, telling, page, own)
    if not topics:
        raise NotFound("no_more")
    view = BriefingView(
        topics=topics,
        now=telling.local(now),
        since=telling.local(briefing.since),
        read_count=briefing.read_count,
        more=len(briefing.ranking) - shown,
        number=briefing.shown + 1,
    )
    messages = render_briefing(view, telling.words, _buttons(telling.words, public_id, view.more))
    async with db.write() as tx:
        if await briefings.show_more(tx, briefing.id, shown_before=briefing.shown, shown=shown):
            await told.tell(tx, chat.id, _through(page), DeliveryKind.BRIEFING, now)
            await _enqueue(tx, chat, messages, f"briefing:{public_id}:{shown}", briefing.id, now)
    return briefing


async def read_briefing(db: Database, workers: Workers, public_id: str, words: Catalogue) -> BriefingView:
    """What was told of a briefing, for its page: the same items in the same order. Raises NotFound."""
    async with db.read() as tx:
        briefing = await briefings.by_public_id(tx, public_id)
        chat = None if briefing is None else await chats.get(tx, briefing.chat_id)
        if briefing is None or chat is None:
            raise NotFound("no_briefing")
        own = {subscription.query_id: subscription for subscription in await subscriptions.topics_of_chat(tx, chat.id)}
        posts = await broadcasts.of_briefing(tx, briefing.id)
        recap = await articles.by_ids(tx, list(briefing.recap))
    telling = Telling(chat, briefing.until, words)
    pages = [briefing.ranking[start : start + PAGE] for start in range(0, briefing.shown, PAGE)]
    topics = [topic for page in pages for topic in await _topics(db, workers, telling, page, own)]
    return BriefingView(
        topics=tuple(topics),
        now=telling.local(briefing.until),
        since=telling.local(briefing.since),
        read_count=briefing.read_count,
        recap=tuple((article.title, article.url) for article in recap.values()),
        posts=tuple(Html(post.text) for post in posts),
        more=len(briefing.ranking) - briefing.shown,
    )


async def _draft(
    tx: Tx, chat: Chat, last: Briefing | None, now: datetime, window: timedelta | None, run: Due | None
) -> _Draft:
    own = {subscription.query_id: subscription for subscription in await subscriptions.topics_of_chat(tx, chat.id)}
    reach = now - (window or WINDOW)
    found = await matches.candidates(tx, chat.id, since=reach, until=now, told_too=window is not None)
    since = max(reach, last.until) if last is not None and window is None else reach
    recap = await alerts.recap(tx, chat.id, since, RECAP) if run is not None else []
    planned = await schedules.of_chat(tx, chat.id)
    return _Draft(
        chat=chat,
        ranking=choose(found),
        topics=own,
        recap=tuple(recap),
        since=since,
        read_count=await articles.count_received(tx, since, now),
        next_run=next_due(chat, planned, chat.last_slot if run is None else run.slot),
        last=last,
        posts=tuple(await broadcasts.for_briefing(tx, chat.id, now)),
    )


async def _topics(
    db: Database, workers: Workers, telling: Telling, page: Sequence[Ranked], own: dict[int, Subscription]
) -> tuple[Topic, ...]:
    """The page's items under the reader's names, in the order in which the ranking first names each topic."""
    order = list(dict.fromkeys(item.query_id for item in page))
    grouped = [item for query_id in order for item in page if item.query_id == query_id]
    budgets = [LONG if place < LONG_ITEMS else BRIEF for place in range(len(grouped))]
    items = await items_of(db, workers, telling, grouped, budgets)
    topics = []
    for query_id in order:
        name = own[query_id].name if query_id in own else telling.words("Ended topic")
        its = tuple(
            items[item.article_id] for item in grouped if item.query_id == query_id and item.article_id in items
        )
        if its:
            topics.append(Topic(name, its))
    return tuple(topics)


async def _record(
    db: Database,
    draft: _Draft,
    run: Due | None,
    public_id: str,
    messages: Sequence[Message],
    now: datetime,
    *,
    told_too: bool,
) -> Briefing | None:
    """Stores a briefing whole; None when its slot is taken, or the chat is gone. Raises _Overtaken."""
    page = draft.ranking[:PAGE]
    async with db.write() as tx:
        if not await _take(tx, draft.chat, run):
            return None
        if not told_too and not await told.is_news(tx, draft.chat.id, page):
            raise _Overtaken
        if await broadcasts.for_briefing(tx, draft.chat.id, now) != list(draft.posts):
            raise _Overtaken
        briefing_id = await _add(tx, draft, run, public_id, now)
        if briefing_id is None:
            return None
        await _tell_posts(tx, draft, briefing_id, now)
        await told.tell(tx, draft.chat.id, _through(page), DeliveryKind.BRIEFING, now)
        await _enqueue(tx, draft.chat, messages, f"briefing:{public_id}", briefing_id, now)
    return Briefing(
        briefing_id, public_id, draft.chat.id, draft.ranking, len(page), draft.since, now, draft.read_count, draft.recap
    )


async def _tell_posts(tx: Tx, draft: _Draft, briefing_id: int, now: datetime) -> None:
    """The posts in a briefing were told, and so were the stories of their articles."""
    if not draft.posts:
        return
    await broadcasts.told_in_briefing(tx, draft.chat.id, [post.id for post in draft.posts], briefing_id, now)
    found = await articles.by_ids(tx, [post.article_id for post in draft.posts if post.article_id is not None])
    through = {article.story_id: article.id for article in found.values() if article.story_id is not None}
    await told.tell(tx, draft.chat.id, through, DeliveryKind.BROADCAST, now)


def _through(page: Sequence[Ranked]) -> dict[int, int]:
    return {place.story_id: place.article_id for place in page}


def _as_known(place: Ranked, known: Told | None) -> Ranked:
    update = known is not None and place.update and place.article_id > known.last_article_id
    return replace(place, told=known is not None and not update, update=update)


async def _record_nothing(db: Database, draft: _Draft, run: Due | None, now: datetime) -> Nothing | None:
    """Records an empty run; on schedule, says so in one line the first time and then weekly, if the chat wants it."""
    nothing = Nothing(len(draft.topics), draft.since, draft.read_count, await _closest(db, draft))
    if run is None:
        return nothing
    async with db.write() as tx:
        chat = await _take(tx, draft.chat, run)
        if chat is None:
            return None
        public_id = secrets.token_hex(16)
        briefing_id = await _add(tx, draft, run, public_id, now)
        if briefing_id is not None and draft.topics and _speaks(chat, draft, run, now):
            text = nothing_line(nothing, Telling(chat, now, words_of(chat.language)))
            button = Button(words_of(chat.language)("Quiet when empty"), data="set:quiet")
            await _enqueue(tx, chat, [Message(text, ((button,),))], f"briefing:{public_id}", briefing_id, now)
            await chats.update(tx, chat.id, last_empty_note_at=now)
    return nothing


def _speaks(chat: Chat, draft: _Draft, run: Due, now: datetime) -> bool:
    """Whether a chat hears of an empty run: not when it was briefed since this one was due."""
    briefed = draft.last is not None and bool(draft.last.ranking) and draft.last.until >= run.since
    noted = chat.last_empty_note_at
    wanted = chat.tells_when_empty if run.schedule.tells_when_empty is None else run.schedule.tells_when_empty
    return wanted and not briefed and (noted is None or now - noted >= EMPTY_NOTE_EVERY)


async def _closest(db: Database, draft: _Draft) -> Closest | None:
    """The latest articles held against every topic: which came nearest without being met."""
    async with db.read() as tx:
        latest = await articles.latest(tx, CLOSEST_ARTICLES)
    queries = [query for its in draft.topics.values() if (query := read_query(its.canonical)) is not None]
    best: tuple[float, Closest] | None = None
    for article in latest:
        if article.received_at < draft.since:
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


async def _take(tx: Tx, chat: Chat, run: Due | None) -> Chat | None:
    """The chat, held, its schedule moved on behind the run; None when it is gone or had this run already."""
    held = await chats.lock(tx, chat.id)
    if held is None or run is None:
        return held
    if held.last_slot is None or held.last_slot != chat.last_slot:
        return None
    planned = await schedules.of_chat(tx, chat.id)
    await schedules.plan(tx, chat.id, next_run_at=next_due(held, planned, run.slot), last_slot=run.slot)
    return held


async def _add(tx: Tx, draft: _Draft, run: Due | None, public_id: str, now: datetime) -> int | None:
    return await briefings.add(
        tx,
        public_id=public_id,
        chat_id=draft.chat.id,
        ranking=draft.ranking,
        recap=draft.recap,
        shown=min(PAGE, len(draft.ranking)),
        since=draft.since,
        until=now,
        read_count=draft.read_count,
        schedule_id=run.schedule.id if run else None,
        slot=run.slot if run else None,
    )


async def _enqueue(tx: Tx, chat: Chat, messages: Sequence[Message], key: str, briefing_id: int, now: datetime) -> None:
    parts = [
        NewDelivery(chat.id, DeliveryKind.BRIEFING, f"{key}:{part}", message, not_before=now, briefing_id=briefing_id)
        for part, message in enumerate(messages, 1)
    ]
    await deliveries.enqueue(tx, parts, now)


def _buttons(words: Words, public_id: str, more: int) -> list[list[Button]]:
    row = [Button(words("Topics"), data="list"), Button(words("Settings"), data="settings")]
    return [[Button(words("More"), data=f"more:{public_id}"), *row]] if more > 0 else [row]
