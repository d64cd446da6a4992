"""One summary of several articles about the same event.

Each sentence is scored within its own article, and raised by what other articles say, too. Of sentences that say nearly
the same only the best is told. Budgets, focus and care for readers are those of a single article.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from summarizer.budget import Selection
from summarizer.documents import PlacedSentence, build_document
from summarizer.languages import guess_language
from summarizer.newsrank import NewsRankSummarizer
from summarizer.stopwords import stop_words
from summarizer.terms import Numbers, weigh
from summarizer.types import StorySentence
from summarizer.words import stemmer

MAX_ARTICLES = 12
MAX_SENTENCES = 30  # of each article
AGREEMENT = 0.8  # what being told by all others counts, where the first place in an article counts 1
NEARLY_EQUAL = 0.4  # cosine from which one of two sentences is enough


class TitledText(Protocol):
    """What a story is made of: anything with a title and a text."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence of the story, as a `Selection` wants it."""

    sentence: PlacedSentence
    order: int
    article: int


def story_language(articles: Sequence[TitledText]) -> str:
    """The language of the first article that tells one."""
    return next((code for article in articles if (code := guess_language(article.text or article.title))), "")


def choose_sentences(
    articles: Sequence[TitledText],
    language: str | None,
    sentences: int | None,
    words: int | None,
    carries: Callable[[str], int] | None,
) -> tuple[StorySentence, ...]:
    """The story's sentences in the order of the articles; `language` None means each article's own."""
    told: list[_Told] = []
    stems: list[list[str]] = []
    scores: list[Numbers] = []
    for number, article in enumerate(articles[:MAX_ARTICLES]):
        code = language or guess_language(article.text or article.title)
        ranker = NewsRankSummarizer(stemmer(code))
        ranker.stop_words = stop_words(code)
        document = build_document(article.text, code, article.title)
        placed = document.sentences[:MAX_SENTENCES]
        scores.append(ranker.score(document)[1][:MAX_SENTENCES])
        stems.extend(ranker.stems(sentence.words) for sentence in placed)
        told += [_Told(sentence, order, number) for order, sentence in enumerate(placed, start=len(told))]
    if not told:
        return ()
    ranked = _rank(told, np.concatenate(scores), weigh(stems).likeness(range(len(told))))
    selection = Selection(language or story_language(articles), sentences, words, carries)
    chosen = sorted(selection(ranked), key=lambda info: info.order)
    return tuple(
        StorySentence(info.sentence.text, info.sentence.start, info.sentence.end, told[info.order].article)
        for info in chosen
    )


def _rank(told: list[_Told], scores: Numbers, likeness: list[list[float]]) -> list[_Told]:
    """The sentences, best first, each only once in its words."""
    cosines = np.array(likeness)
    owners = np.array([info.article for info in told])
    ranked: list[_Told] = []
    agreed = scores + AGREEMENT * _agreement(cosines, owners)
    for place in np.argsort(-agreed, kind="stable").tolist():
        if not any(cosines[place, other.order] >= NEARLY_EQUAL for other in ranked):
            ranked.append(told[place])
    return ranked


def _agreement(cosines: Numbers, owners: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Numbers:
    """For each sentence the mean over the other articles of its best likeness there; zeros for a single article."""
    best = np.array([cosines[:, owners == owner].max(axis=1) for owner in np.unique(owners)])
    own = np.searchsorted(np.unique(owners), owners)
    best[own, np.arange(len(owners))] = 0
    agreement: Numbers = best.sum(axis=0) / max(1, len(best) - 1)
    return agreement
