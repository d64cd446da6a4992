"""group: every new article joins a story. One process at a time groups; the index is rebuilt from what is stored."""

from datetime import datetime

from bot.actions.matching import document_of
from bot.model import Article
from bot.rules.stories import KEPT, StoryIndex
from bot.storage import articles, stories
from bot.storage.database import Database

BATCH = 200


class Grouper:
    """The open stories of this process. `run` is the step."""

    def __init__(self) -> None:
        self._index: StoryIndex | None = None

    async def run(self, db: Database, now: datetime) -> int:
        """Groups one batch, oldest first, and returns how many articles it was. Safe to repeat and to kill."""
        index = await self._ready(db, now)
        async with db.read() as tx:
            waiting = await articles.ungrouped(tx, BATCH)
        if not waiting:
            return 0
        at_of = {article.id: _shown_at(article) for article in waiting}
        story_of = {
            article.id: index.assign(article.id, document_of(article), at_of[article.id]) for article in waiting
        }
        try:
            async with db.write() as tx:
                await stories.join(tx, story_of, at_of, now)
        except BaseException:
            self._index = None  # it knows stories that were not stored: rebuilt at the next run
            raise
        return len(waiting)

    async def _ready(self, db: Database, now: datetime) -> StoryIndex:
        if self._index is None:
            index = StoryIndex()
            async with db.read() as tx:
                grouped = await articles.grouped_since(tx, now - KEPT)
            for article in grouped:
                index.restore(document_of(article), article.story_id or 0, _shown_at(article))
            self._index = index
        return self._index


def _shown_at(article: Article) -> datetime:
    """When it was published; a source whose clock runs ahead must not close the stories of today."""
    return min(article.published_at or article.received_at, article.received_at)
