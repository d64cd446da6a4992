"""What an alert says, and what its buttons do: mute the story, tell the topic in the briefing only, keep a flood."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.actions import offers
from bot.actions.items import Telling, Want, read_query, shelf_of
from bot.errors import NotFound
from bot.model import Article, Button, Chat, Html, Message, Ranked, Subscription
from bot.ports import Words, Workers
from bot.rules.alerting import KEPT
from bot.rules.coverage import Coverage
from bot.rules.plans import Line
from bot.rules.rendering import ALSO_SHOWN, Item, Quotation, render_item, shorten
from bot.rules.splitting import fits
from bot.storage import articles, matches, subscriptions, told
from bot.storage.database import Database
from bot.texts import escape

SENTENCES = 2
BUTTON_BYTES = 64
Wordings = tuple[Html, ...]  # of a story: whole, with one sentence, and with none
LABEL = 60  # UTF-16 units of a button's text
HOUR = timedelta(hours=1)


async def render_lines(
    db: Database, workers: Workers, telling: Telling, lines: Iterable[Line], coverage: Coverage
) -> dict[Line, Wordings]:
    """Each story as it stands in an alert; those whose article was forgotten are left out."""
    wanted = list(lines)
    shelf = await shelf_of(db, workers, [Want(line.article_id, line.query_id, SENTENCES) for line in wanted])
    rendered: dict[Line, Wordings] = {}
    for line in wanted:
        place = Ranked(line.story_id, line.article_id, line.query_id, update=line.is_update)
        item = shelf.item(place, SENTENCES, telling)
        if item is not None and coverage.has(line.story_id):
            whole = _complete(item, line, coverage)
            rendered[line] = tuple(
                render_item(replace(whole, excerpts=whole.excerpts[:sentences], differing=differing), telling.words)
                for sentences, differing in ((SENTENCES, whole.differing), (1, ()), (0, ()))
            )
    return rendered


def _complete(item: Item, line: Line, coverage: Coverage) -> Item:
    """With the other sources of the story, where their figures differ, and of an update what is new."""
    others = coverage.also(line.article_id, is_update=line.is_update)[:ALSO_SHOWN]
    differing = tuple(
        (Quotation(its.one, item.source, item.url), _quotation(its.other, its.other_article))
        for its in coverage.disagreements(line.article_id, is_update=line.is_update)
    )
    news = coverage.news_of(line.article_id)[:SENTENCES] if line.is_update else []
    return replace(
        item,
        also=tuple((other.source_title, other.url) for other in others),
        differing=differing,
        excerpts=tuple(news) or item.excerpts,
    )


def _quotation(text: str, article: Article) -> Quotation:
    return Quotation(text, article.source_label, article.url)


def messages(
    lines: Sequence[Line], rendered: dict[Line, Wordings], says: Words, *, silent: bool
) -> list[tuple[tuple[Line, ...], Message]]:
    """The lines in one message, shorter where it would be too long; else in as few as hold them, in order.

    Returns each message with what it tells.
    """
    known = [line for line in lines if line in rendered]
    parts = _in_one(known, rendered) or _whole(known, rendered)
    return [(tuple(part), Message(text, _buttons(part, says), silent=silent)) for part, text in parts]


def _in_one(lines: Sequence[Line], rendered: dict[Line, Wordings]) -> list[tuple[Sequence[Line], str]]:
    for wordings in zip(*(rendered[line] for line in lines), strict=True):
        text = "\n\n".join(wordings)
        if fits(text):
            return [(lines, text)]
    return []


def _whole(lines: Sequence[Line], rendered: dict[Line, Wordings]) -> list[tuple[Sequence[Line], str]]:
    parts: list[tuple[Sequence[Line], str]] = []
    for line in lines:
        told, text = parts[-1] if parts else ([], "")
        longer = f"{text}\n\n{rendered[line][0]}" if text else rendered[line][0]
        if told and fits(longer):
            parts[-1] = ([*told, line], longer)
        else:
            parts.append(([line], rendered[line][0]))
    return parts


def _buttons(lines: Sequence[Line], says: Words) -> tuple[tuple[Button, ...], ...]:
    stories = list(dict.fromkeys(line.story_id for line in lines))
    hush = Button(says("Mute story") if len(stories) == 1 else says("Mute a story"), data=_hush(stories))
    queries = {line.query_id for line in lines}
    if len(queries) == 1:
        return ((hush, Button(says("Briefing only"), data=f"calm:{queries.pop()}")),)
    return ((hush, Button(says("Topics"), data="list")),)


def _hush(story_ids: Sequence[int]) -> str:
    data = "hush:"
    for story_id in story_ids:
        longer = f"{data}{'' if data.endswith(':') else ','}{story_id}"
        if len(longer) > BUTTON_BYTES:
            break
        data = longer
    return data


async def flood_note(db: Database, its: Subscription, until: datetime, telling: Telling) -> Message:
    """What a chat is told when a topic begins to rest, with a narrower query where one was found."""
    async with db.read() as tx:
        met = await matches.count_since(tx, its.query_id, telling.now - HOUR)
    query, says = read_query(its.text), telling.words
    narrowed = await offers.narrower(db, query, telling.now) if query else None
    text = says.html(
        "<b>{name}</b> met {articles} in an hour. Alerts rest until {until}; the best go into your briefing, all stay "
        "under More.",
        name=its.name,
        articles=says.count("{n} article", "{n} articles", met),
        until=says.moment(telling.local(until), now=telling.local(telling.now)),
    )
    rows = [[Button(says("Keep alerts"), data=f"keep:{its.id}")]]
    if narrowed is not None:
        code = Html(f"<code>{escape(narrowed.query)}</code>")
        text = Html(text + "\n" + says.html("{query} would be about {n} a day.", query=code, n=narrowed.a_day))
        label = says("Narrow: {query}, ~{n} a day", query=narrowed.query, n=narrowed.a_day)
        rows.insert(0, [Button(shorten(label, LABEL), data=f"use:0:{its.id}")])
    return Message(text, tuple(tuple(row) for row in rows))


async def mute_story(db: Database, chat: Chat, story_id: int, *, muted: bool) -> None:
    """Whether the chat wants to hear no more of a story. Raises NotFound for one that it was never told."""
    async with db.write() as tx:
        if not await told.set_muted(tx, chat.id, story_id, muted=muted):
            raise NotFound("no_story", id=story_id)


async def titles(db: Database, story_ids: Sequence[int]) -> dict[int, str]:
    """The first headline of each story that is still here."""
    async with db.read() as tx:
        found = await articles.of_stories(tx, story_ids)
    first: dict[int, str] = {}
    for article in found:
        first.setdefault(article.story_id or 0, article.title)
    return {story_id: first[story_id] for story_id in story_ids if story_id in first}


async def keep_alerts(db: Database, chat: Chat, subscription_id: int, now: datetime) -> Subscription:
    """Ends a topic's rest, and lets it ring however often for a day. Raises NotFound."""
    async with db.write() as tx:
        its = await subscriptions.get(tx, subscription_id)
        if its is None or its.chat_id != chat.id:
            raise NotFound("no_subscription", id=subscription_id)
        await subscriptions.update(tx, its.id, rests_until=None, kept_until=now + KEPT)
    return its
