"""Builds every briefing, on demand and on schedule alike: choose, summarise, render, then one write for all of it.

Many chats that are due together are briefed together: what they share is read once, and one write stores them all.
"""

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.actions.drafts import Draft, draft_all
from bot.actions.items import Shelf, Telling, Want, shelf_of
from bot.actions.nothing import CLOSEST_ARTICLES, Nothing, closest, nothing_line
from bot.actions.recording import Answer, Ready, parts_of, record_all
from bot.errors import NotFound
from bot.model import Briefing, Button, Chat, DeliveryKind, Html, Message, Ranked, Subscription, Told
from bot.ports import Words, Workers
from bot.rules.agenda import Due
from bot.rules.choosing import PAGE
from bot.rules.rendering import BriefingView, Item, Topic, render_briefing
from bot.storage import articles, briefings, broadcasts, chats, deliveries, subscriptions, told
from bot.storage.database import Database
from bot.texts import Catalogue
from bot.texts import words as words_of

EMPTY_NOTE_EVERY = timedelta(days=7)
LONG_ITEMS = 3  # the first items carry LONG sentences, the rest one
LONG, BRIEF = 3, 1


async def brief(
    db: Database,
    workers: Workers,
    chat: Chat,
    now: datetime,
    *,
    window: timedelta | None = None,
    run: Due | None = None,
    portal_url: str = "",
) -> Answer:
    """Builds one briefing, see brief_all.

    Args:
        run: of the schedule, or None on demand.

    Returns:
        The briefing; Nothing where there is nothing to tell (a run of the schedule is recorded all the same); None
        where another briefing answers already.
    """
    answers = await brief_all(db, workers, [(chat, run)], now, window=window, portal_url=portal_url)
    return answers[chat.id]


async def brief_all(
    db: Database,
    workers: Workers,
    asked: Sequence[tuple[Chat, Due | None]],
    now: datetime,
    *,
    window: timedelta | None = None,
    portal_url: str = "",
) -> dict[int, Answer]:
    """Builds briefings and records them with their deliveries, what is told by them, and the next due times.

    Args:
        window: show everything of this time, told or not (`/brief 3d`); None: what was not told yet.
        portal_url: where a briefing's page is; empty: no button leads there.

    Returns:
        What `brief` returns, by chat.
    """
    answers: dict[int, Answer] = {}
    waiting = list(asked)
    while waiting:
        async with db.read() as tx:
            drafts = await draft_all(tx, waiting, now, window)
        ready = await _render_all(db, workers, drafts, now, portal_url)
        recorded, overtaken = await record_all(db, ready, now, told_too=window is not None)
        answers |= recorded
        waiting = [(chat, run) for chat, run in waiting if chat.id in overtaken]
    return answers


async def _render_all(
    db: Database, workers: Workers, drafts: Sequence[Draft], now: datetime, portal_url: str
) -> list[Ready]:
    telling = [draft for draft in drafts if draft.ranking]
    shelf = await shelf_of(db, workers, [want for draft in telling for want in _wants(draft.ranking[:PAGE])])
    async with db.read() as tx:
        recalled = await articles.by_ids(tx, [one for draft in telling for one in draft.recap])
    ready = []
    for draft in telling:
        public_id = secrets.token_hex(16)
        to = Telling(draft.chat, now, words_of(draft.chat.language))
        page = draft.ranking[:PAGE]
        view = BriefingView(
            topics=_topics(shelf, to, page, draft.topics),
            now=to.local(now),
            since=to.local(draft.since),
            read_count=draft.read_count,
            recap=tuple((recalled[one].title, recalled[one].url) for one in draft.recap if one in recalled),
            posts=tuple(Html(post.text) for post in draft.posts),
            more=len(draft.ranking) - len(page),
            next_run=None if draft.next_run is None else to.local(draft.next_run),
        )
        buttons = _buttons(to.words, public_id, view.more, portal_url)
        ready.append(Ready(draft, public_id, render_briefing(view, to.words, buttons)))
    return ready + await _render_empty(db, [draft for draft in drafts if not draft.ranking], now)


async def _render_empty(db: Database, drafts: Sequence[Draft], now: datetime) -> list[Ready]:
    """Empty runs; one that speaks says so in one line, and what came closest."""
    speaking = [draft.chat.id for draft in drafts if draft.run is None or _speaks(draft, now)]
    latest = []
    if speaking:
        async with db.read() as tx:
            latest = await articles.latest(tx, CLOSEST_ARTICLES)
    ready = []
    for draft in drafts:
        near = closest(latest, draft.topics.values(), draft.since) if draft.chat.id in speaking else None
        nothing = Nothing(len(draft.topics), draft.since, draft.read_count, near)
        messages = []
        if draft.chat.id in speaking and draft.run is not None:
            its = words_of(draft.chat.language)
            button = Button(its("Quiet when empty"), data="set:quiet")
            messages = [Message(nothing_line(nothing, Telling(draft.chat, now, its)), ((button,),))]
        ready.append(Ready(draft, secrets.token_hex(16), messages, nothing))
    return ready


def _speaks(draft: Draft, now: datetime) -> bool:
    """Whether a chat hears of an empty run: not when it was briefed since this one was due, and at most weekly."""
    if draft.run is None or not draft.topics:
        return False
    briefed = draft.last is not None and draft.last.tells and draft.last.until >= draft.run.since
    noted, own = draft.chat.last_empty_note_at, draft.run.schedule.tells_when_empty
    wanted = draft.chat.tells_when_empty if own is None else own
    return wanted and not briefed and (noted is None or now - noted >= EMPTY_NOTE_EVERY)


async def more(
    db: Database, workers: Workers, chat: Chat, public_id: str, now: datetime, *, portal_url: str = ""
) -> Briefing:
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
    topics = _topics(await shelf_of(db, workers, _wants(page)), telling, page, own)
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
    messages = render_briefing(view, telling.words, _buttons(telling.words, public_id, view.more, portal_url))
    async with db.write() as tx:
        if await briefings.show_more(tx, briefing.id, shown_before=briefing.shown, shown=shown):
            await told.tell(
                tx, chat.id, {place.story_id: place.article_id for place in page}, DeliveryKind.BRIEFING, now
            )
            await deliveries.enqueue(tx, parts_of(chat, messages, f"{public_id}:{shown}", briefing.id, now), now)
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
    shelf = await shelf_of(db, workers, [want for page in pages for want in _wants(page)])
    topics = [topic for page in pages for topic in _topics(shelf, telling, page, own)]
    return BriefingView(
        topics=tuple(topics),
        now=telling.local(briefing.until),
        since=telling.local(briefing.since),
        read_count=briefing.read_count,
        recap=tuple((article.title, article.url) for article in recap.values()),
        posts=tuple(Html(post.text) for post in posts),
        more=len(briefing.ranking) - briefing.shown,
    )


def _as_known(place: Ranked, known: Told | None) -> Ranked:
    update = known is not None and place.update and place.article_id > known.last_article_id
    return replace(place, told=known is not None and not update, update=update)


def _wants(page: Sequence[Ranked]) -> list[Want]:
    """The items of a page with their lengths, in the order in which they are shown."""
    return [
        Want(place.article_id, place.query_id, LONG if number < LONG_ITEMS else BRIEF)
        for number, place in enumerate(_grouped(page))
    ]


def _grouped(page: Sequence[Ranked]) -> list[Ranked]:
    """A page by topics, in the order in which the ranking first names each."""
    order = dict.fromkeys(place.query_id for place in page)
    return [place for query_id in order for place in page if place.query_id == query_id]


def _topics(shelf: Shelf, telling: Telling, page: Sequence[Ranked], own: dict[int, Subscription]) -> tuple[Topic, ...]:
    """The page's items under the reader's names."""
    found: dict[int, list[Item]] = {}
    for place, want in zip(_grouped(page), _wants(page), strict=True):
        item = shelf.item(place, want.sentences, telling)
        if item is not None:
            found.setdefault(place.query_id, []).append(item)
    return tuple(
        Topic(own[query_id].name if query_id in own else telling.words("Ended topic"), tuple(items))
        for query_id, items in found.items()
    )


def _buttons(words: Words, public_id: str, more: int, portal_url: str) -> list[list[Button]]:
    row = [Button(words("Topics"), data="list"), Button(words("Settings"), data="settings")]
    rows = [[Button(words("More"), data=f"more:{public_id}"), *row]] if more > 0 else [row]
    if portal_url:
        rows.append([Button(words("Read in the browser"), url=f"{portal_url}/briefings/{public_id}")])
    return rows
