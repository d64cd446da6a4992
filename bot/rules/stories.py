"""Which articles tell the same event: online grouping by tf-idf cosine over title and lead.

A false merge hides news, so precision comes first.

1. An article joins the story whose articles it resembles most, and only when that likeness passes a threshold.
2. It must share some of its most telling terms with the story: three, or two where the likeness is great. How telling
   a term is goes by how many stories have it, not how many articles: what a hundred outlets write about one event must
   not make its names common. A name tells more than a word: a term that hardly any article writes in small letters.
3. A headline alone may share a single name, if the name is the story's own: if most articles of these days that have it
   are in that story.
4. The threshold rises with the days since the story's last article: the same names in the news a day later are more
   often the next event. It is higher the less there is to read, as chance overlaps weigh more.
5. It is higher for what only one outlet has written of so far, to articles of that outlet. It seldom reports an event
   twice in new words; what resembles its earlier articles is the next of a series, or of a form: court rulings, weather
   warnings, quarterly figures.
6. A copy of an article (`bot.rules.copies`) is in its story, whatever its headline says.
7. A story that had no article for WINDOW takes none. A story is named by the id of its first article.

Languages meet only where they share names in one script: the same event in English and in Chinese is two stories.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import log, sqrt

from bot.rules.matching import Document
from bot.rules.story_terms import Terms, terms
from bot.rules.urls import display_host

WINDOW = timedelta(days=3)
KEPT = 2 * WINDOW  # what arrives late, in order of import, still finds the stories of its time
THRESHOLD = 0.24  # likeness for a title with a lead
TEASER_THRESHOLD = 0.3  # … for a title with a teaser
HEADLINE_THRESHOLD = 0.33  # … for a headline alone
A_DAY_LATER = 0.15  # more is asked for every day since the story's last article
SHORT = 25  # terms; below, a text is a teaser
PROBES = 12  # terms with the highest weights, by which stories are looked up
SHARED = 3  # of them that article and story share
FEW_SHARED = 2  # with so few more is asked for: they may be the two words of one name
MORE_FOR_FEW = 0.08
MORE_FOR_SAME_OUTLET = 0.12  # … than the one whose articles are all that the story has
LESS_FOR_OWN = 0.08  # of a headline that has a story's own name
OWN = 0.6  # of the articles that have a name, those in the one story whose own it is
OWNERS = 2  # articles of a story, before a name is its own
SMALL = 0.1  # of the articles that have a name, at most, write it in small letters
NAME_WEIGHT = 1.5  # of a sure name beside a sure word
NAME_SURENESS = 4  # power of the share of articles that write a term with a capital: doubt counts much
PLAIN_BEFORE = 0.3  # of one article: what is believed of a term that was never seen
COMMON = 400  # open stories; a term that so many have tells none of them
PRIOR = 200  # stories before the number that have a term is trusted

Vector = dict[str, float]
Outlet = tuple[str, str]  # host and source
UNKNOWN: Outlet = ("", "")


@dataclass(slots=True)
class _Story:
    """An open story: how many articles it has of which outlets, the sum of their unit vectors, its length's square."""

    id: int
    last_at: datetime
    articles: int = 0
    outlets: set[Outlet] = field(default_factory=set)
    sum: Vector = field(default_factory=dict)
    squared: float = 0.0

    def add(self, vector: Vector, outlet: Outlet, at: datetime) -> None:
        self.last_at = max(self.last_at, at)
        self.articles += 1
        self.outlets.add(outlet)
        for term, weight in vector.items():
            before = self.sum.get(term, 0.0)
            self.sum[term] = before + weight
            self.squared += weight * (2 * before + weight)

    def likeness(self, vector: Vector, *, is_headline: bool) -> float:
        """Of a headline the cosine to its articles together; of more text, the mean of that and of those to each.

        The former alone lets a story of many texts grow without end, for there is little that it does not touch on;
        the latter alone closes it to whoever words its event anew, as headlines do.
        """
        product = sum(weight * self.sum[term] for term, weight in vector.items() if term in self.sum)
        together = product / sqrt(self.squared or 1.0)
        return together if is_headline else (together + product / self.articles) / 2


@dataclass(slots=True)
class _Term:
    """Where a term is: how many articles of each open story have it, and how many of all have it plain."""

    in_story: dict[int, int] = field(default_factory=dict)
    articles: int = 0
    plain: float = 0.0

    def add(self, story_id: int, *, is_plain: bool) -> None:
        self.in_story[story_id] = self.in_story.get(story_id, 0) + 1
        self.articles += 1
        self.plain += is_plain

    def drop(self, story_id: int) -> None:
        """Forgets a closed story. The share of plain ones stays."""
        gone = self.in_story.pop(story_id)
        self.plain *= 1 - gone / self.articles
        self.articles -= gone

    def is_own_of(self, story_id: int) -> bool:
        here = self.in_story[story_id]
        return here >= OWNERS and here >= OWN * self.articles and self.plain <= SMALL * self.articles

    def sureness(self, *, is_plain: bool) -> float:
        """How surely it is a name, 0..1, given one article more."""
        return 1 - (self.plain + is_plain + PLAIN_BEFORE) / (self.articles + 2)


_UNSEEN = _Term()


def _threshold(said: Terms) -> float:
    if said.is_headline:
        return HEADLINE_THRESHOLD
    return TEASER_THRESHOLD if len(said.counts) < SHORT else THRESHOLD


def _outlet(document: Document) -> Outlet:
    """Who published it, as far as one can tell: one feed may gather many hosts, and one host carry many channels."""
    return display_host(document.url), document.source


class StoryIndex:
    """The open stories. Feed it articles in the order in which they came; the same order gives the same stories."""

    def __init__(self) -> None:
        self._stories: dict[int, _Story] = {}
        self._terms: defaultdict[str, _Term] = defaultdict(_Term)
        self._open_until = datetime.max.replace(tzinfo=UTC)  # no story has to be closed before

    def assign(self, article_id: int, document: Document, at: datetime, *, copied_story: int | None = None) -> int:
        """The id of the story that the article joins: an open one, or its own id for a new one.

        Args:
            copied_story: the story of the article that this one is a copy of.
        """
        self._close(at)
        said = terms(document)
        vector = self._vector(said)
        outlet = _outlet(document)
        found = self._nearest(said, vector, outlet, at) if copied_story is None else copied_story
        story_id = article_id if found is None else found
        self._put(story_id, said, vector, outlet, at)
        return story_id

    def restore(self, document: Document, story_id: int, at: datetime) -> None:
        """Takes an article whose story is known, when the index is rebuilt."""
        said = terms(document)
        self._put(story_id, said, self._vector(said), _outlet(document), at)

    def _vector(self, said: Terms) -> Vector:
        """The article's unit vector, each term weighed by the inverse of the share of open stories that have it."""
        stories = len(self._stories) + PRIOR
        weights: Vector = {}
        for name, count in said.counts.items():
            term = self._terms.get(name, _UNSEEN)
            weights[name] = (1 + log(count)) * log(stories / (len(term.in_story) + 1.5))
            if said.is_headline:
                sureness = term.sureness(is_plain=name in said.plain)
                weights[name] *= 1 + (NAME_WEIGHT - 1) * sureness**NAME_SURENESS
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        return {name: weight / length for name, weight in weights.items()}

    def _nearest(self, said: Terms, vector: Vector, outlet: Outlet, at: datetime) -> int | None:
        best, nearest = 0.0, None
        for story_id, shared in sorted(self._touched(vector).items()):
            story = self._stories[story_id]
            gap = abs(at - story.last_at)
            has_own = said.is_headline and any(
                self._terms[name].is_own_of(story_id) for name in shared if name not in said.plain
            )
            if gap > WINDOW or (len(shared) < FEW_SHARED and not has_own):
                continue
            asked = _threshold(said) + A_DAY_LATER * (gap / timedelta(days=1))
            asked += MORE_FOR_FEW if len(shared) == FEW_SHARED else 0.0
            asked += MORE_FOR_SAME_OUTLET if outlet != UNKNOWN and story.outlets == {outlet} else 0.0
            asked -= LESS_FOR_OWN if has_own else 0.0
            above = story.likeness(vector, is_headline=said.is_headline) - asked
            if above >= best:
                best, nearest = above, story_id
        return nearest

    def _touched(self, vector: Vector) -> dict[int, list[str]]:
        """The stories that have any of the most telling terms, each with those."""
        touched: defaultdict[int, list[str]] = defaultdict(list)
        for name in sorted(vector, key=lambda name: (-vector[name], name))[:PROBES]:
            term = self._terms.get(name, _UNSEEN)
            if len(term.in_story) <= COMMON:
                for story_id in term.in_story:
                    touched[story_id].append(name)
        return touched

    def _put(self, story_id: int, said: Terms, vector: Vector, outlet: Outlet, at: datetime) -> None:
        story = self._stories.setdefault(story_id, _Story(story_id, at))
        story.add(vector, outlet, at)
        self._open_until = min(self._open_until, story.last_at + KEPT)
        for name in vector:
            self._terms[name].add(story_id, is_plain=name in said.plain)

    def _close(self, now: datetime) -> None:
        if now <= self._open_until:
            return
        for story in [story for story in self._stories.values() if now - story.last_at > KEPT]:
            del self._stories[story.id]
            for name in story.sum:
                self._terms[name].drop(story.id)
                if not self._terms[name].in_story:
                    del self._terms[name]
        self._open_until = min((story.last_at + KEPT for story in self._stories.values()), default=now)
