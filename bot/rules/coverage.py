"""What all sources have on some stories: which article is an update, who else tells it, and where figures differ."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.model import Article
from bot.rules.alerting import Report, is_update, new_sentences
from bot.rules.figures import Figure, differing, figures
from bot.rules.rendering import ALSO_SHOWN

COMPARED = 8  # other articles of a story whose figures are held against those of the one that is told
DIFFERENCES = 2  # shown of a story


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two sentences, word for word, of two articles of a story, whose figures differ."""

    one: str
    other: str
    other_article: Article


class Coverage:
    """The articles of some stories. What was found is kept, because many chats are told the same."""

    def __init__(self, articles: Iterable[Article] = ()) -> None:
        self._stories: dict[int, list[Article]] = {}
        self._articles: dict[int, Article] = {}
        self._updates: dict[int, bool] = {}
        self._figures: dict[int, list[Figure]] = {}
        self._disagreements: dict[tuple[int, bool], tuple[Disagreement, ...]] = {}
        self.add(articles)

    def add(self, articles: Iterable[Article]) -> None:
        """Takes all articles of further stories."""
        for article in sorted(articles, key=lambda article: article.id):
            if article.story_id is not None and article.id not in self._articles:
                self._articles[article.id] = article
                self._stories.setdefault(article.story_id, []).append(article)

    def has(self, story_id: int) -> bool:
        """Whether the story's articles are here."""
        return story_id in self._stories

    def last(self, story_id: int) -> int:
        """The id of the story's last article."""
        return self._stories[story_id][-1].id

    def is_update(self, article: Article) -> bool:
        """Whether it tells something that the story's earlier articles do not."""
        if article.id not in self._updates:
            self._updates[article.id] = is_update(_report(article), self._before(article))
        return self._updates[article.id]

    def news_of(self, article_id: int) -> list[str]:
        """The article's sentences that tell something new, word for word."""
        article = self._articles[article_id]
        return new_sentences(_report(article), self._before(article))

    def also(self, article_id: int, *, is_update: bool) -> list[Article]:
        """The first article of each other source, earliest first; of an update only those that came after it."""
        article = self._articles[article_id]
        found: dict[int, Article] = {}
        for other in self._others(article, is_update=is_update):
            found.setdefault(other.source_id, other)
        return list(found.values())

    def disagreements(self, article_id: int, *, is_update: bool) -> tuple[Disagreement, ...]:
        """Where other sources give other figures than the article."""
        key = article_id, is_update
        if key not in self._disagreements:
            self._disagreements[key] = tuple(self._disagree(self._articles[article_id], is_update=is_update))
        return self._disagreements[key]

    def shows(self, article: Article, *, through: int, is_update: bool) -> bool:
        """Whether an article changes what is told of its story through another: a source more, or another figure."""
        if through not in self._articles:
            return False
        shown = self.also(through, is_update=is_update)[:ALSO_SHOWN]
        differs = self.disagreements(through, is_update=is_update)
        return article in shown or any(one.other_article.id == article.id for one in differs)

    def _disagree(self, article: Article, *, is_update: bool) -> Iterable[Disagreement]:
        seen: set[str] = set()
        for other in self.also(article.id, is_update=is_update)[:COMPARED]:
            for found in differing(self._figures_of(article), self._figures_of(other)):
                if found.one not in seen and len(seen) < DIFFERENCES:
                    seen.add(found.one)
                    yield Disagreement(found.one, found.other, other)

    def _others(self, article: Article, *, is_update: bool) -> list[Article]:
        story = self._stories[article.story_id or 0]
        return [
            other
            for other in story
            if other.source_id != article.source_id and (not is_update or other.id > article.id)
        ]

    def _before(self, article: Article) -> list[Report]:
        return [_report(other) for other in self._stories[article.story_id or 0] if other.id < article.id]

    def _figures_of(self, article: Article) -> list[Figure]:
        if article.id not in self._figures:
            self._figures[article.id] = figures(article.text, article.language or None)
        return self._figures[article.id]


def _report(article: Article) -> Report:
    # A bare day says nothing about the order within it.
    published = None if article.published_is_day else article.published_at
    at = min(published or article.received_at, article.received_at)
    return Report(article.source_id, article.title, article.text, at, article.language)
