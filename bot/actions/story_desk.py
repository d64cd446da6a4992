"""What admins correct in the grouping: two stories that are one, and an article that is about something else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions.account import Visitor, require_admin
from bot.errors import BadInput, NotFound
from bot.model import Article
from bot.rules.urls import url_key
from bot.storage import articles, stories
from bot.storage.database import Database, Tx


@dataclass(frozen=True, slots=True)
class Story:
    """A story with its articles, the earliest first."""

    id: int
    articles: tuple[Article, ...]


async def show(db: Database, admin: Visitor, urls: Sequence[str], now: datetime) -> Story:
    """The story of an article, by its address; of several articles, the one that their stories now are.

    The oldest story stays, with what is known of whom it was told to; the others' articles and readers join it.

    Raises:
        AccessDenied: they are no admin.
        BadInput: `bad_url`, or `unknown_article` with its `url`: it is not stored, or not grouped yet.
    """
    require_admin(admin)
    async with db.write() as tx:
        found = {await _story_of(tx, url) for url in urls}
        kept = min(found)
        for story_id in sorted(found - {kept}):
            await stories.merge(tx, story_id, kept)
        return await _read(tx, kept)


async def split(db: Database, admin: Visitor, article_id: int, now: datetime) -> Story:
    """Takes an article out of its story, which is returned; the article is a story of its own from then on.

    Raises:
        AccessDenied: they are no admin.
        NotFound: the article is gone.
        BadInput: `story_of_one`.
    """
    require_admin(admin)
    async with db.write() as tx:
        article = await articles.get(tx, article_id)
        if article.story_id is None:
            raise NotFound("no_story")
        others = [one for one in await stories.article_ids(tx, article.story_id) if one != article_id]
        if not others:
            raise BadInput("story_of_one")
        if article_id != article.story_id:
            await stories.split(tx, article.story_id, [article_id], now)
            return await _read(tx, article.story_id)
        # The story has its name from this article, so that the others need another.
        return await _read(tx, await stories.split(tx, article.story_id, others, now))


async def _story_of(tx: Tx, url: str) -> int:
    article = await articles.by_url_key(tx, url_key(url))
    if article is None or article.story_id is None:
        raise BadInput("unknown_article", url=url[:200])
    return article.story_id


async def _read(tx: Tx, story_id: int) -> Story:
    found = await articles.by_ids(tx, await stories.article_ids(tx, story_id))
    return Story(story_id, tuple(found.values()))
