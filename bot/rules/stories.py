"""Which articles tell the same event: online grouping by tf-idf cosine over title and lead.

A false merge hides news, so precision comes first.

1. An article joins the story whose articles it resembles most, and only when that likeness passes a threshold.
2. It must share some of its most telling terms with the story: three, or two where the likeness is great. How telling
   a term is goes by how many stories have it, not how many articles: what a hundred outlets write about one event must
   not make its names common.
3. The threshold rises with the days since the story's last article: the same names in the news a day later are more
   often the next event. It is higher for a headline alone, where chance overlaps weigh much.
4. A copy of an article (`bot.rules.copies`) is in its story, whatever its headline says.
5. A story that had no article for WINDOW takes none. A story is named by the id of its first article.

Languages meet only where they share names in one script: the same event in English and in Chinese is two stories.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import log, sqrt

from bot.rules.matching import Document
from bot.rules.story_terms import terms

WINDOW = timedelta(days=3)
KEPT = 2 * WINDOW  # what arrives late, in order of import, still finds the stories of its time
THRESHOLD = 0.22  # likeness for a title with a lead
HEADLINE_THRESHOLD = 0.25  # … for a headline alone
A_DAY_LATER = 0.15  # more is asked for every day since the story's last article
SHORT = 25  # terms; below, an article is judged as a headline
PROBES = 12  # terms with the highest weights, by which stories are looked up
SHARED = 3  # of them that article and story share
FEW_SHARED = 2  # with so few more is asked for: they may be the two words of one name
MORE_FOR_FEW = 0.08
COMMON = 400  # open stories; a term that so many have tells none of them
PRIOR = 100  # stories before the number that have a term is trusted

Vector = dict[str, float]


@dataclass(slots=True)
class _Story:
    """An open story: how many articles it has, the sum of their unit vectors, and the length of that."""

    id: int
    last_at: datetime
    articles: int = 0
    sum: Vector = field(default_factory=dict)
    length: float = 1.0

    def add(self, vector: Vector, at: datetime) -> None:
        self.last_at = max(self.last_at, at)
        self.articles += 1
        for term, weight in vector.items():
            self.sum[term] = self.sum.get(term, 0.0) + weight
        self.length = sqrt(sum(weight * weight for weight in self.sum.values())) or 1.0

    def likeness(self, vector: Vector) -> float:
        """Half the cosine to its articles together, half the mean of the cosines to each.

        The one alone lets a story of many grow without end, for there is little that it does not touch on; the other
        alone closes it to whoever words its event anew.
        """
        product = sum(weight * self.sum[term] for term, weight in vector.items() if term in self.sum)
        return (product / self.length + product / self.articles) / 2


class StoryIndex:
    """The open stories. Feed it articles in the order in which they came; the same order gives the same stories."""

    def __init__(self) -> None:
        self._stories: dict[int, _Story] = {}
        self._of_term: defaultdict[str, set[int]] = defaultdict(set)

    def assign(self, article_id: int, document: Document, at: datetime, *, copied_story: int | None = None) -> int:
        """The id of the story that the article joins: an open one, or its own id for a new one.

        Args:
            copied_story: the story of the article that this one is a copy of.
        """
        self._close(at)
        vector = self._vector(document)
        if copied_story is None:
            found = self._nearest(vector, at, THRESHOLD if len(vector) >= SHORT else HEADLINE_THRESHOLD)
        else:
            found = copied_story
        story_id = article_id if found is None else found
        self._put(story_id, vector, at)
        return story_id

    def restore(self, document: Document, story_id: int, at: datetime) -> None:
        """Takes an article whose story is known, when the index is rebuilt."""
        self._put(story_id, self._vector(document), at)

    def _vector(self, document: Document) -> Vector:
        """The article's unit vector, each term weighed by the inverse of the share of open stories that have it."""
        stories = len(self._stories) + PRIOR
        weights = {
            term: (1 + log(count)) * log(stories / (len(self._of_term.get(term, ())) + 1.5))
            for term, count in terms(document).items()
        }
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {term: weight / length for term, weight in weights.items()}

    def _nearest(self, vector: Vector, at: datetime, threshold: float) -> int | None:
        shared: Counter[int] = Counter()
        for term in sorted(vector, key=lambda term: (-vector[term], term))[:PROBES]:
            stories = self._of_term.get(term, ())
            if len(stories) <= COMMON:
                shared.update(stories)
        best, nearest = 0.0, None
        for story_id, count in sorted(shared.items()):
            story = self._stories[story_id]
            gap = abs(at - story.last_at)
            if count < FEW_SHARED or gap > WINDOW:
                continue
            asked = threshold + A_DAY_LATER * (gap / timedelta(days=1)) + (MORE_FOR_FEW if count < SHARED else 0.0)
            above = story.likeness(vector) - asked
            if above >= best:
                best, nearest = above, story_id
        return nearest

    def _put(self, story_id: int, vector: Vector, at: datetime) -> None:
        story = self._stories.setdefault(story_id, _Story(story_id, at))
        story.add(vector, at)
        for term in vector:
            self._of_term[term].add(story_id)

    def _close(self, now: datetime) -> None:
        for story in [story for story in self._stories.values() if now - story.last_at > KEPT]:
            del self._stories[story.id]
            for term in story.sum:
                self._of_term[term].discard(story.id)
                if not self._of_term[term]:
                    del self._of_term[term]
