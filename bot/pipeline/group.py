"""group: every new article joins a story. One process at a time groups; the indexes are rebuilt from what is stored."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.actions.matching import document_of
from bot.model import Article
from bot.rules.copies import CopyIndex
from bot.rules.stories import KEPT, StoryIndex
from bot.storage import articles, stories
from bot.storage.database import Database

BATCH = 200


@dataclass(slots=True)
class _Indexes:
    """What is known of the window: stories, texts, and how often admins had corrected stories by then."""

    corrections: int
    stories: StoryIndex = field(default_factory=StoryIndex)
    copies: CopyIndex = field(default_factory=CopyIndex)
    story_of: dict[int, int] = field(default_factory=dict)

    def restore(self, article: Article) -> None:
        at = _shown_at(article)
        self.copies.add(article.id, article.text, at)
        self.stories.restore(document_of(article), article.story_id or 0, at)
        self.story_of[article.id] = article.story_id or 0

    def assign(self, article: Article) -> int | None:
        """Puts the article into a story, and returns the one that it copies."""
        at = _shown_at(article)
        original = self.copies.add(article.id, article.text, at)
        copied_story = self.story_of.get(original or 0)
        document = document_of(article)
        self.story_of[article.id] = self.stories.assign(article.id, document, at, copied_story=copied_story)
        return original


class Grouper:
    """The open stories of this process. `run` is the step."""

    def __init__(self) -> None:
        self._indexes: _Indexes | None = None

    async def run(self, db: Database, now: datetime) -> int:
        """Groups one batch, oldest first, and returns how many articles it was. Safe to repeat and to kill."""
        async with db.read() as tx:
            waiting = await articles.ungrouped(tx, BATCH, now)
            corrections = await stories.count_corrected(tx)
        if not waiting:
            return 0
        indexes = await self._ready(db, corrections, now)
        try:
            await self._group(db, indexes, waiting, now)
        except BaseException:
            self._indexes = None  # they know stories that were not stored: rebuilt at the next run
            raise
        return len(waiting)

    async def _group(self, db: Database, indexes: _Indexes, waiting: Sequence[Article], now: datetime) -> None:
        copy_of = {article.id: original for article in waiting if (original := indexes.assign(article)) is not None}
        story_of = {article.id: indexes.story_of[article.id] for article in waiting}
        async with db.write() as tx:
            await stories.join(tx, story_of, {article.id: _shown_at(article) for article in waiting}, now)
            await articles.set_copies(tx, copy_of)

    async def _ready(self, db: Database, corrections: int, now: datetime) -> _Indexes:
        if self._indexes is None or self._indexes.corrections != corrections:
            self._indexes = _Indexes(corrections)
            async with db.read() as tx:
                grouped = await articles.grouped_since(tx, now - KEPT)
            for article in grouped:
                self._indexes.restore(article)
        return self._indexes


def _shown_at(article: Article) -> datetime:
    """When it was published; a source whose clock runs ahead must not close the stories of today."""
    return min(article.published_at or article.received_at, article.received_at)
