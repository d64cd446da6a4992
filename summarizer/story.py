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
SAME_TERMS = 0.5  # share of the shorter sentence's terms from which one of two is enough
RANKED = 60  # sentences of a story that a summary may choose from


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
    """The story's sentences, article by article; `language` None means each article's own."""
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
    ranked = _rank(told, np.concatenate(scores), stems)
    selection = Selection(language or story_language(articles), sentences, words, carries)
    chosen = [told[info.order] for info in selection(ranked)]
    # Article by article, and first the one whose sentence stands nearest to its beginning.
    begins = {info.article: info.sentence.start for info in sorted(chosen, key=lambda info: -info.sentence.start)}
    chosen.sort(key=lambda info: (begins[info.article], info.order))
    return tuple(
        StorySentence(info.sentence.text, info.sentence.start, info.sentence.end, info.article) for info in chosen
    )


def _rank(told: list[_Told], scores: Numbers, stems: list[list[str]]) -> list[_Told]:
    """The best sentences, best first, each only once in its words."""
    cosines = np.array(weigh(stems).likeness(range(len(told))))
    agreed = scores + AGREEMENT * _agreement(cosines, np.array([info.article for info in told]))
    ranked: list[_Told] = []
    terms = [frozenset(line) for line in stems]
    for place in np.argsort(-agreed, kind="stable").tolist():
        if not any(_says_the_same(terms[place], terms[other.order]) for other in ranked):
            ranked.append(told[place])
        if len(ranked) == RANKED:
            break
    return ranked


def _says_the_same(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether most terms of the shorter of two sentences stand in the other, however common they are in the story."""
    shorter = min(len(left), len(right))
    return shorter > 0 and len(left & right) >= SAME_TERMS * shorter


def _agreement(cosines: Numbers, owners: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Numbers:
    """For each sentence the mean over the other articles of its best likeness there; zeros for a single article."""
    best = np.array([cosines[:, owners == owner].max(axis=1) for owner in np.unique(owners)])
    own = np.searchsorted(np.unique(owners), owners)
    best[own, np.arange(len(owners))] = 0
    agreement: Numbers = best.sum(axis=0) / max(1, len(best) - 1)
    return agreement
