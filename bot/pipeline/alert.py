"""alert: what somebody wants to know at once. What came in together is one message, alive while its stories go on.

What becomes of each article in each chat is decided in `rules/plans.py`, twice: first to see what has to be summarised,
then, with the chats locked, on what they know by then. Deliveries, alerts and told facts are one unit of work, so that
a kill between the units only lets the next run go on with the chats that are left.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.actions.alerts import Wordings, flood_note, messages, render_lines
from bot.actions.items import Telling
from bot.model import (
    Alert,
    Chat,
    DeliveryKind,
    Message,
    NewAlert,
    NewDelivery,
    Operation,
    Subscription,
)
from bot.ports import Workers
from bot.rules.agenda import not_before
from bot.rules.alerting import BURST, edit_at, joins, rest_until
from bot.rules.coverage import Coverage
from bot.rules.plans import Line, News, Reader, plan
from bot.storage import alerts, articles, chats, deliveries, matches, subscriptions, told
from bot.storage.database import Database, Tx
from bot.texts import words

BATCH = 50  # articles
CHATS = 500  # told in one unit of work
EXPIRES = timedelta(days=1)  # an older alert is no news
HOUR = timedelta(hours=1)

Rendered = dict[Line, Wordings]
Place = tuple[str, str]  # language and time zone: chats that share them read the same


async def alert(db: Database, workers: Workers, now: datetime) -> int:
    """Turns one batch of articles into alerts, oldest first, and returns how many articles it was."""
    news = await _read(db)
    if not news.waiting:
        return 0
    after: int | None = 0
    while after is not None:
        after = await _tell_next(db, workers, news, after, now)
    updates = [article.id for article in news.waiting if news.coverage.is_update(article)]
    async with db.write() as tx:
        await articles.mark_alerted(tx, [article.id for article in news.waiting], now, updates=updates)
    return len(news.waiting)


async def _read(db: Database) -> News:
    async with db.read() as tx:
        waiting = await articles.unalerted(tx, BATCH)
        coverage = Coverage(await articles.of_stories(tx, [article.story_id or 0 for article in waiting]))
        met: defaultdict[int, set[int]] = defaultdict(set)
        for found in await matches.of_articles(tx, [article.id for article in waiting]):
            met[found.article_id].add(found.query_id)
    return News(tuple(waiting), coverage, met)


@dataclass(slots=True)
class _Chats:
    """Some chats and what is known of them; `last` is the message that a story may join, with all that it tells."""

    readers: dict[int, Reader]
    last: dict[int, list[Alert]]
    in_message: dict[int, list[Alert]] = field(default_factory=dict)


async def _tell_next(db: Database, workers: Workers, news: News, after: int, now: datetime) -> int | None:
    """Tells the next chats, and returns the last of them; None when there are none left."""
    queries = {query_id for its in news.met.values() for query_id in its}
    story_ids = [article.story_id or 0 for article in news.waiting]
    async with db.read() as tx:
        ids = await alerts.chats_concerned(tx, queries, story_ids, after=after, limit=CHATS)
        known = await _known(tx, news, ids, now)
        found = await chats.by_ids(tx, ids)
    rendered, notes = await _prepare(db, workers, news, found.values(), known, now)
    if ids:
        async with db.write() as tx:
            told_to = await chats.lock_all(tx, ids)
            # While the summaries were made, a briefing or another process may have told some of it.
            known = await _known(tx, news, ids, now)
            outbox = _Outbox(now)
            for chat in told_to:
                _tell(outbox, news, chat, known, rendered.get(_place(chat), {}), notes, now)
            await outbox.record(tx)
    return ids[-1] if len(ids) == CHATS else None


async def _known(tx: Tx, news: News, chat_ids: Sequence[int], now: datetime) -> _Chats:
    article_ids = [article.id for article in news.waiting]
    story_ids = [article.story_id or 0 for article in news.waiting]
    wants: defaultdict[int, dict[int, Subscription]] = defaultdict(dict)
    queries = {query_id for its in news.met.values() for query_id in its}
    its_alerts: defaultdict[int, dict[int, list[Alert]]] = defaultdict(dict)
    for one in await alerts.of_stories(tx, chat_ids, story_ids):
        its_alerts[one.chat_id].setdefault(one.story_id, []).append(one)
        queries.add(one.query_id)
    for its in await subscriptions.alerted_by(tx, queries, chat_ids):
        wants[its.chat_id][its.query_id] = its
    facts = await told.of(tx, chat_ids, story_ids)
    muted = await matches.muted(tx, article_ids, chat_ids)
    rung = await alerts.told_since(tx, chat_ids, now - HOUR)
    last = await alerts.last_messages(tx, chat_ids, since=now - BURST, waiting_since=now - EXPIRES)
    live = {one.delivery_id for stories in its_alerts.values() for rows in stories.values() for one in rows}
    in_message: defaultdict[int, list[Alert]] = defaultdict(list)
    for one in await alerts.in_messages(tx, live | set(last.values())):
        in_message[one.delivery_id].append(one)
    readers = {
        chat_id: Reader(
            wants=wants[chat_id],
            told={story_id: fact for (whose, story_id), fact in facts.items() if whose == chat_id},
            alerts=its_alerts[chat_id],
            muted={article_id for whose, article_id in muted if whose == chat_id},
            rung={query_id: number for (whose, query_id), number in rung.items() if whose == chat_id},
        )
        for chat_id in chat_ids
    }
    return _Chats(readers, {chat_id: in_message[delivery_id] for chat_id, delivery_id in last.items()}, in_message)


def _place(chat: Chat) -> Place:
    return chat.language, chat.timezone


async def _prepare(
    db: Database, workers: Workers, news: News, found: Iterable[Chat], known: _Chats, now: datetime
) -> tuple[dict[Place, Rendered], dict[int, Message]]:
    """All lines that these chats may be told, rendered once for all who read the same, and the notes of floods."""
    lines: defaultdict[Place, set[Line]] = defaultdict(set)
    notes: dict[int, Message] = {}
    examples: dict[Place, Chat] = {}
    for chat in found:
        decided = plan(news, known.readers[chat.id], now)
        if decided:
            examples.setdefault(_place(chat), chat)
            rows = [
                *known.last.get(chat.id, ()),
                *(row for one in decided.more for row in known.in_message[one.delivery_id]),
            ]
            lines[_place(chat)].update(decided.new, (line for line, _ in decided.updates), map(_line, rows))
        for its in decided.floods:
            notes[its.id] = await flood_note(db, its, rest_until(now), Telling(chat, now, words(chat.language)))
    missing = {line.story_id for its in lines.values() for line in its if not news.coverage.has(line.story_id)}
    async with db.read() as tx:
        news.coverage.add(await articles.of_stories(tx, sorted(missing)))
    rendered = {}
    for place, wanted in lines.items():
        telling = Telling(examples[place], now, words(place[0]))
        rendered[place] = await render_lines(db, workers, telling, wanted, news.coverage)
    return rendered, notes


def _line(one: Alert) -> Line:
    return Line(one.story_id, one.article_id, one.query_id, one.is_update)


class _Outbox:
    """What one unit of work records for many chats."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._deliveries: list[NewDelivery] = []
        self._alerts: list[tuple[str | int, NewAlert]] = []  # with the key of its message, or the message that it joins
        self._told: list[tuple[int, int, int]] = []
        self._edited: defaultdict[tuple[int, datetime], list[int]] = defaultdict(list)
        self._resting: list[int] = []

    def send(self, new: NewDelivery) -> None:
        """Records a message."""
        self._deliveries.append(new)

    def tells(self, chat: Chat, line: Line, last_article_id: int, message: str | int, *, silent: bool) -> None:
        """A message, by its key or its id, tells a line, with the story up to an article."""
        one = NewAlert(
            chat.id, line.story_id, line.article_id, line.query_id, 0, last_article_id, line.is_update, silent
        )
        self._alerts.append((message, one))
        self._told.append((chat.id, line.story_id, last_article_id))

    def edited(self, one: Alert, last_article_id: int, at: datetime) -> None:
        """The alert's message has the story up to an article from then on."""
        self._edited[last_article_id, at].append(one.id)

    def rest(self, chat: Chat, its: Subscription, note: Message) -> None:
        """A topic begins to rest, and says so."""
        self._resting.append(its.id)
        until = rest_until(self._now)
        key, at = f"flood:{its.id}:{until.isoformat()}", not_before(chat, self._now)
        self.send(NewDelivery(chat.id, DeliveryKind.ALERT, key, note, at, expires_at=max(at, until)))

    async def record(self, tx: Tx) -> None:
        """Writes all of it."""
        await deliveries.enqueue(tx, self._deliveries, self._now)
        keys = [message for message, _ in self._alerts if isinstance(message, str)]
        ids = await deliveries.ids_of(tx, list(dict.fromkeys(keys)))
        new = [
            replace(one, delivery_id=ids[message] if isinstance(message, str) else message)
            for message, one in self._alerts
        ]
        await alerts.add(tx, new, self._now)
        await told.tell_all(tx, self._told, DeliveryKind.ALERT, self._now)
        for (last_article_id, at), edited in self._edited.items():
            await alerts.note_edit(tx, edited, last_article_id, at)
        for subscription_id in self._resting:
            await subscriptions.update(tx, subscription_id, rests_until=rest_until(self._now), kept_until=None)


def _tell(
    outbox: _Outbox, news: News, chat: Chat, known: _Chats, rendered: Rendered, notes: dict[int, Message], now: datetime
) -> None:
    """Puts into the outbox what becomes of the news in one chat; what was not prepared waits for no one."""
    reader = known.readers[chat.id]
    decided = plan(news, reader, now)
    for its in decided.floods:
        if its.id in notes:
            outbox.rest(chat, its, notes[its.id])
    new = [line for line in decided.new if line in rendered]
    joined = _join(outbox, news, chat, new, known.last.get(chat.id, []), reader, rendered, now)
    if not joined:
        _send(outbox, news, chat, new, reader, rendered, now)
    for line, first in decided.updates:
        if line in rendered:
            _send(outbox, news, chat, [line], reader, rendered, now, reply_to=first.delivery_id)
    for delivery_id in {one.delivery_id for one in decided.more} - ({joined} if joined else set()):
        _edit(outbox, news, chat, known.in_message[delivery_id], rendered, now)


def _is_silent(lines: Collection[Line], reader: Reader) -> bool:
    return all(line.query_id in reader.wants and reader.wants[line.query_id].silent for line in lines)


def _send(
    outbox: _Outbox,
    news: News,
    chat: Chat,
    lines: Sequence[Line],
    reader: Reader,
    rendered: Rendered,
    now: datetime,
    *,
    reply_to: int | None = None,
) -> None:
    silent, at = _is_silent(lines, reader), not_before(chat, now)
    for told_lines, message in messages(lines, rendered, words(chat.language), silent=silent):
        key = f"alert:{chat.id}:" + ",".join(str(line.article_id) for line in told_lines)
        outbox.send(
            NewDelivery(
                chat.id,
                DeliveryKind.ALERT,
                key,
                message,
                at,
                expires_at=at + EXPIRES,
                target_id=reply_to,
                story_ids=tuple(line.story_id for line in told_lines),
            )
        )
        for line in told_lines:
            outbox.tells(chat, line, news.coverage.last(line.story_id), key, silent=silent)


def _join(
    outbox: _Outbox,
    news: News,
    chat: Chat,
    new: Sequence[Line],
    last: Sequence[Alert],
    reader: Reader,
    rendered: Rendered,
    now: datetime,
) -> int | None:
    """Adds stories to the chat's last message, if they belong to its burst and fit; returns that message."""
    if not new or not last:
        return None
    silent, was_silent = _is_silent(new, reader), all(one.silent for one in last)
    if not joins(last[0].sent_at, now, is_queued=last[0].is_queued, was_silent=was_silent, silent=silent):
        return None
    lines = [*map(_line, last), *new]
    parts = messages(lines, rendered, words(chat.language), silent=was_silent)
    if len(parts) != 1 or len(parts[0][0]) != len(lines):
        return None
    delivery_id = last[0].delivery_id
    outbox.send(_edition(DeliveryKind.ALERT, chat, delivery_id, parts[0][1], lines, news, now))
    for line in new:
        outbox.tells(chat, line, news.coverage.last(line.story_id), delivery_id, silent=silent)
    return delivery_id


def _edit(outbox: _Outbox, news: News, chat: Chat, rows: Sequence[Alert], rendered: Rendered, now: datetime) -> None:
    """Writes a message anew with what other sources have on its stories by now."""
    lines = [_line(one) for one in rows]
    parts = messages(lines, rendered, words(chat.language), silent=rows[0].silent)
    if len(parts) != 1:
        return  # with all its sources it would not fit any more
    at = edit_at(max((one.edited_at for one in rows if one.edited_at), default=None), now)
    outbox.send(_edition(DeliveryKind.SUPPLEMENT, chat, rows[0].delivery_id, parts[0][1], lines, news, at))
    for one in rows:
        outbox.edited(one, news.coverage.last(one.story_id), at)


def _edition(
    kind: DeliveryKind,
    chat: Chat,
    delivery_id: int,
    message: Message,
    lines: Sequence[Line],
    news: News,
    at: datetime,
) -> NewDelivery:
    state = ",".join(f"{line.article_id}-{news.coverage.last(line.story_id)}" for line in lines)
    return NewDelivery(
        chat.id,
        kind,
        f"alert:{delivery_id}:{state}",
        message,
        at,
        operation=Operation.EDIT,
        target_id=delivery_id,
    )
