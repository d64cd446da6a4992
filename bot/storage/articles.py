"""Articles: stored once per URL key, handed to each step of the pipeline in order, forgotten but for the key."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.errors import NotFound
from bot.model import Article, Edit, NewArticle
from bot.rules.identity import Keys, Known, content_key, guid_key
from bot.rules.matching import fold_document
from bot.storage.database import ROWS_PER_STATEMENT, Tx, among, insert, list_contains, skip_locked, storable
from bot.storage.tables import articles, matches, sources, tombstones

HELD = timedelta(minutes=2)  # for which an article waits for the text of its page, before it is told without
MAX_LITERALS = 200  # per group of a search: beyond, SQLite's limit of 1,000 nested expressions comes near
_LISTS = ("authors", "tags", "keywords")
_FIELDS = [
    sources.c.title.label("source_title") if name == "source_title" else articles.c[name]
    for name in Article.__dataclass_fields__
]
_FROM = articles.join(sources, sources.c.id == articles.c.source_id)


async def add_articles(tx: Tx, items: Sequence[NewArticle], now: datetime) -> list[int]:
    """Stores those that are new, in one statement, and returns their ids in the order given.

    An article whose URL key is stored, or was forgotten, changes nothing.
    """
    return list((await add_by_key(tx, items, now)).values())


async def add_by_key(tx: Tx, items: Sequence[NewArticle], now: datetime) -> dict[str, int]:
    """Like `add_articles`, but returns the ids of the new ones by URL key."""
    forgotten = await _forgotten(tx, [item.url_key for item in items])
    rows = {item.url_key: _row(item, now) for item in reversed(items) if item.url_key not in forgotten}
    added: dict[str, int] = {}
    fresh = list(rows.values())[::-1]
    for start in range(0, len(fresh), ROWS_PER_STATEMENT):
        statement = insert(tx, articles).on_conflict_do_nothing().returning(articles.c.url_key, articles.c.id)
        stored = (await tx.execute(statement, fresh[start : start + ROWS_PER_STATEMENT])).all()
        added |= {row.url_key: row.id for row in sorted(stored, key=lambda row: row.id)}
    return added


async def get(tx: Tx, article_id: int) -> Article:
    """The article. Raises NotFound."""
    found = await by_ids(tx, [article_id])
    if not found:
        raise NotFound("no_article", id=article_id)
    return found[article_id]


async def by_url_key(tx: Tx, url_key: str) -> Article | None:
    """The article at this URL key, or None."""
    found = await _select(tx, _statement().where(articles.c.url_key == url_key))
    return found[0] if found else None


async def by_ids(tx: Tx, ids: Sequence[int]) -> dict[int, Article]:
    """Those of the articles that are still stored, by id, in the order of the ids."""
    rows = await _select(tx, _statement().where(among(tx, articles.c.id, ids)))
    found = {article.id: article for article in rows}
    return {article_id: found[article_id] for article_id in ids if article_id in found}


async def latest(
    tx: Tx,
    limit: int,
    before: int | None = None,
    *,
    source_id: int | None = None,
    story_id: int | None = None,
    tag: str | None = None,
) -> list[Article]:
    """The newest articles as readers see their time, newest first; `before`: those behind the article of this id."""
    statement = _statement().order_by(articles.c.shown_at.desc(), articles.c.id.desc()).limit(limit)
    if before is not None:
        place = articles.alias()
        edge = sa.select(place.c.shown_at, place.c.id).where(place.c.id == before).subquery()
        statement = statement.join(edge, sa.true()).where(
            sa.tuple_(articles.c.shown_at, articles.c.id) < sa.tuple_(edge.c.shown_at, edge.c.id)
        )
    if source_id is not None:
        statement = statement.where(articles.c.source_id == source_id)
    if story_id is not None:
        statement = statement.where(articles.c.story_id == story_id)
    if tag is not None:
        statement = statement.where(list_contains(tx, articles.c.tags, tag))
    return await _select(tx, statement)


async def count_received(tx: Tx, since: datetime, until: datetime) -> int:
    """How many articles came in from `since` on and before `until`."""
    return await _count(tx, articles.c.received_at >= since, articles.c.received_at < until)


async def count_all(tx: Tx) -> int:
    """How many articles are stored."""
    return await _count(tx)


async def oldest_shown(tx: Tx, since: datetime) -> datetime | None:
    """The time of the oldest article since then, or None."""
    statement = (
        sa.select(articles.c.shown_at).where(articles.c.shown_at >= since).order_by(articles.c.shown_at).limit(1)
    )
    oldest: datetime | None = await tx.scalar(statement)
    return oldest


async def has_before(tx: Tx, before: datetime) -> bool:
    """Whether any article is older than a time."""
    return bool(await tx.scalar(sa.select(sa.exists().where(articles.c.shown_at < before))))


async def known(tx: Tx, keys: Sequence[str]) -> set[str]:
    """Which of these URL keys are stored, or were forgotten."""
    return set(await ids_by_key(tx, keys)) | await _forgotten(tx, keys)


async def find_known(tx: Tx, keys: Sequence[Keys]) -> dict[str, Known]:
    """What is stored, or was forgotten, under any of these keys."""
    wanted = {
        articles.c.url_key: [one.url for one in keys],
        articles.c.guid_key: [one.guid for one in keys if one.guid],
        articles.c.content_key: [one.content for one in keys if one.content],
    }
    found = {key: Known(None) for key in await _forgotten(tx, [key for some in wanted.values() for key in some])}
    for column, values in wanted.items():
        for start in range(0, len(values), ROWS_PER_STATEMENT):
            chunk = values[start : start + ROWS_PER_STATEMENT]
            statement = sa.select(column, articles.c.id, articles.c.source_id, articles.c.content_key)
            for key, article_id, source_id, content in await tx.execute(statement.where(column.in_(chunk))):
                found[key] = Known(article_id, source_id, content)
    return found


async def edit(tx: Tx, edits: Sequence[Edit], now: datetime) -> None:
    """Lets articles say what their sources now say. They are matched again, but nobody is alerted anew.

    A text that is far shorter than the stored one is the teaser of an article that was completed, unless it is whole:
    only the title is taken.
    """
    for one in edits:
        [(source_id, stored)] = (
            await tx.execute(sa.select(articles.c.source_id, articles.c.text).where(articles.c.id == one.article_id))
        ).all()
        title, given = storable(one.title), storable(one.text)
        text = given if one.is_whole or 2 * len(given) >= len(stored) else stored
        await tx.execute(
            sa.update(articles)
            .where(articles.c.id == one.article_id)
            .values(
                title=title,
                text=text,
                folded=fold_document(title, text),
                content_key=content_key(source_id, title, given),
                revision=articles.c.revision + 1,
                edited_at=now,
                matched_at=None,
            )
        )
        await tx.execute(sa.delete(matches).where(matches.c.article_id == one.article_id))


async def ids_by_key(tx: Tx, keys: Sequence[str]) -> dict[str, int]:
    """The ids of those URL keys that are stored."""
    found: dict[str, int] = {}
    for start in range(0, len(keys), ROWS_PER_STATEMENT):
        chunk = list(keys[start : start + ROWS_PER_STATEMENT])
        statement = sa.select(articles.c.url_key, articles.c.id).where(articles.c.url_key.in_(chunk))
        found |= {row.url_key: row.id for row in (await tx.execute(statement)).all()}
    return found


async def claim_short(tx: Tx, now: datetime, limit: int, lease: timedelta) -> list[Article]:
    """Takes articles whose page is to be read, the newest first; nobody else gets them until the lease ends."""
    due = sa.select(articles.c.id).where(articles.c.page_at <= now).order_by(articles.c.id.desc()).limit(limit)
    claim = (
        sa.update(articles)
        .where(articles.c.id.in_(skip_locked(tx, due, of=articles)))
        .values(page_at=now + lease)
        .returning(articles.c.id)
    )
    ids = list((await tx.execute(claim)).scalars())
    return list((await by_ids(tx, ids)).values())


async def complete(tx: Tx, article_id: int, text: str, *, image_url: str = "") -> None:
    """The article's page was read: its text takes the place of the feed's, unless it is empty.

    What was matched before is matched again, and a summary that was made of the teaser is made anew.
    """
    article = (await by_ids(tx, [article_id])).get(article_id)
    if article is None:
        return  # forgotten meanwhile
    values: dict[str, Any] = {"page_at": None}
    if text:
        text = storable(text)
        values |= {"text": text, "folded": fold_document(article.title, text), "matched_at": None}
        values["revision"] = article.revision + 1
    if image_url and not article.image_url:
        values["image_url"] = image_url
    await tx.execute(sa.update(articles).where(articles.c.id == article_id).values(**values))


async def ungrouped(tx: Tx, limit: int, now: datetime) -> list[Article]:
    """Articles that have no story yet, oldest first; those whose page is still being read wait, but not for ever."""
    ready = sa.or_(articles.c.page_at.is_(None), articles.c.silent, articles.c.received_at <= now - HELD)
    return await _queue(tx, limit, articles.c.story_id.is_(None), ready)


async def grouped_since(tx: Tx, since: datetime) -> list[Article]:
    """Articles shown since then that have a story, in the order in which they were grouped."""
    grouped = sa.and_(articles.c.story_id.is_not(None), articles.c.shown_at >= since)
    return await _select(tx, _statement().where(grouped).order_by(articles.c.id))


async def unmatched(tx: Tx, limit: int) -> list[Article]:
    """Articles that no matcher has seen, oldest first."""
    return await _queue(tx, limit, articles.c.matched_at.is_(None))


async def folded_of(tx: Tx, ids: Sequence[int]) -> dict[int, str]:
    """The folded title and text of those of the articles that are still stored, as `fold_document` gave them."""
    rows = await tx.execute(sa.select(articles.c.id, articles.c.folded).where(articles.c.id.in_(ids)))
    return {row.id: row.folded for row in rows}


async def unalerted(tx: Tx, limit: int) -> list[Article]:
    """Articles that are grouped and matched and may still be told by an alert, oldest first; silent ones never."""
    return await _queue(
        tx, limit, articles.c.alerted_at.is_(None), articles.c.matched_at.is_not(None), articles.c.story_id.is_not(None)
    )


async def set_story(tx: Tx, story_of: Mapping[int, int]) -> None:
    """Puts articles into stories: article id to story id."""
    ids = list(story_of)
    for start in range(0, len(ids), ROWS_PER_STATEMENT):
        chunk = {article_id: story_of[article_id] for article_id in ids[start : start + ROWS_PER_STATEMENT]}
        story = sa.cast(sa.case(chunk, value=articles.c.id), articles.c.story_id.type)
        await tx.execute(sa.update(articles).where(articles.c.id.in_(list(chunk))).values(story_id=story))


async def set_copies(tx: Tx, copy_of: Mapping[int, int]) -> None:
    """Notes which articles (keys) have the text of an earlier one (values)."""
    ids = list(copy_of)
    for start in range(0, len(ids), ROWS_PER_STATEMENT):
        chunk = {article_id: copy_of[article_id] for article_id in ids[start : start + ROWS_PER_STATEMENT]}
        original = sa.cast(sa.case(chunk, value=articles.c.id), articles.c.copy_of.type)
        await tx.execute(sa.update(articles).where(articles.c.id.in_(list(chunk))).values(copy_of=original))


async def hold_unchanged(tx: Tx, read: Sequence[Article]) -> set[int]:
    """The ids of those that still are what was read before; no other process changes them until this unit ends."""
    statement = sa.select(articles.c.id, articles.c.revision).where(articles.c.id.in_([article.id for article in read]))
    rows = await tx.execute(statement.order_by(articles.c.id).with_for_update())
    revision_of = {row.id: row.revision for row in rows}
    return {article.id for article in read if revision_of.get(article.id) == article.revision}


async def mark_matched(tx: Tx, ids: Sequence[int], now: datetime) -> None:
    """The matcher has seen these."""
    await _mark(tx, ids, matched_at=now)


async def mark_alerted(tx: Tx, ids: Sequence[int], now: datetime, *, updates: Sequence[int] = ()) -> None:
    """Whoever wanted an alert of these has its delivery; those of them in `updates` are updates of their story."""
    await _mark(tx, updates, is_update=True)
    await _mark(tx, ids, alerted_at=now)


async def of_stories(tx: Tx, story_ids: Sequence[int]) -> list[Article]:
    """All articles of stories, in order of id."""
    return await _select(tx, _statement().where(articles.c.story_id.in_(story_ids)).order_by(articles.c.id))


async def search_folded(
    tx: Tx, required: Sequence[Sequence[str]], since: datetime, limit: int | None = None
) -> list[Article]:
    """Candidates for a query, newest first: articles since then that contain a literal of every group.

    The literals are folded like the articles; the exact matcher decides. A group of too many literals is passed over,
    so that the candidates stay complete.
    """
    statement = _statement().where(articles.c.shown_at >= since)
    for group in required:
        if len(group) <= MAX_LITERALS:
            statement = statement.where(
                sa.or_(*(articles.c.folded.contains(literal, autoescape=True) for literal in group))
            )
    return await _select(tx, statement.order_by(articles.c.shown_at.desc(), articles.c.id.desc()).limit(limit))


async def latest_folded(tx: Tx, limit: int) -> list[str]:
    """The newest articles as the matcher sees them, newest first."""
    statement = sa.select(articles.c.folded).order_by(articles.c.shown_at.desc(), articles.c.id.desc()).limit(limit)
    return list((await tx.scalars(statement)).all())


async def languages_since(tx: Tx, since: datetime) -> list[str]:
    """The languages of the articles since then, that of most first."""
    statement = (
        sa.select(articles.c.language)
        .where(articles.c.shown_at >= since, articles.c.language != "")
        .group_by(articles.c.language)
        .order_by(sa.func.count().desc(), articles.c.language)
    )
    return list((await tx.scalars(statement)).all())


async def forget_before(tx: Tx, before: datetime, now: datetime) -> int:
    """Deletes what came in before; its keys stay, so that it does not come back as new. Returns how many."""
    old = articles.c.received_at < before
    for key in (articles.c.url_key, articles.c.guid_key, articles.c.content_key):
        keys = sa.select(key, sa.literal(now, tombstones.c.forgotten_at.type)).where(old, key.is_not(None))
        statement = insert(tx, tombstones).from_select(["url_key", "forgotten_at"], keys.distinct())
        await tx.execute(statement.on_conflict_do_nothing())
    return (await tx.execute(sa.delete(articles).where(old))).rowcount


async def unforget(tx: Tx, url_key: str) -> None:
    """Lets a forgotten article come in again, because a person asks for it."""
    await tx.execute(sa.delete(tombstones).where(tombstones.c.url_key == url_key))


async def _forgotten(tx: Tx, keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), ROWS_PER_STATEMENT):
        chunk = list(keys[start : start + ROWS_PER_STATEMENT])
        found |= set((await tx.scalars(sa.select(tombstones.c.url_key).where(tombstones.c.url_key.in_(chunk)))).all())
    return found


def _row(item: NewArticle, now: datetime) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(item, name) for name in NewArticle.__dataclass_fields__ if name != "guid"}
    row = {name: storable(value) if isinstance(value, str) else value for name, value in row.items()}
    row |= {name: [storable(value) for value in row[name]] for name in _LISTS}
    row["guid_key"] = guid_key(item.source_id, item.guid)
    row["content_key"] = content_key(item.source_id, row["title"], row["text"])
    row["folded"] = fold_document(row["title"], row["text"])
    row["shown_at"] = min(item.published_at or item.received_at, item.received_at)
    row["alerted_at"] = now if item.silent else None  # nothing is ever told of it at once
    return row


def _statement() -> sa.Select[Any]:
    return sa.select(*_FIELDS).select_from(_FROM)


async def _select(tx: Tx, statement: sa.Select[Any]) -> list[Article]:
    return [
        Article(**{**row._mapping, **{name: tuple(row._mapping[name]) for name in _LISTS}})
        for row in (await tx.execute(statement)).all()
    ]


async def _queue(tx: Tx, limit: int, *waiting: sa.ColumnElement[bool]) -> list[Article]:
    return await _select(tx, _statement().where(*waiting).order_by(articles.c.id).limit(limit))


async def _count(tx: Tx, *which: sa.ColumnElement[bool]) -> int:
    return await tx.scalar(sa.select(sa.func.count()).select_from(articles).where(*which)) or 0


async def _mark(tx: Tx, ids: Sequence[int], **values: datetime | bool) -> None:
    for start in range(0, len(ids), ROWS_PER_STATEMENT):
        chunk = list(ids[start : start + ROWS_PER_STATEMENT])
        await tx.execute(sa.update(articles).where(articles.c.id.in_(chunk)).values(**values))
