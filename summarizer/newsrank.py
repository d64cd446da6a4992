"""The default ranker: how news is written decides first, what its sentences share second.

News leads with its point, so a sentence counts for more the earlier it stands. It counts for more, too, if it shares
terms with the whole article, above all with what comes after it (which it then introduces rather than repeats; Zheng
and Lapata 2019, https://arxiv.org/abs/1906.03508), and if it shares words with the title. Sentences are then taken one
by one, each marked down for its likeness to those taken before (maximal marginal relevance, Carbonell and Goldstein
1998).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sumy.summarizers._summarizer import AbstractSummarizer

from summarizer.documents import PlacedSentence
from summarizer.terms import Numbers, Terms, weigh

QUESTION_MARKS = ("?", "？", "؟")
DIGIT = re.compile("[0-9]")
REMEMBERED_WORDS = 50_000  # per ranker, about 8 MB
CANDIDATES = 32  # best sentences by score, among which likeness counts
REPETITION = 0.5  # cosine to a better sentence from which one is told only for want of others
DEPTH = 8  # sentences taken one by one; what is ranked lower keeps the order of its scores


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign of importance counts; found on development data (`tests/benchmarks/bench_summaries.py`)."""

    position: float = 1.0
    centroid: float = 0.75
    forward: float = 0.7
    backward: float = -0.4
    title: float = 0.6
    first: float = -0.3
    question: float = -0.2
    figure: float = 0.1
    likeness: float = 0.3


class NewsRankSummarizer(AbstractSummarizer):  # type: ignore[misc]  # sumy has no types
    """Ranks the sentences of a sumy document of news; takes and returns what sumy's summarizers do.

    The document's headings are the title. Time and memory grow with the number of words.

    Attributes:
        stop_words: lower-case words that are no terms; set them once, before the first document.
    """

    stop_words: frozenset[str] = frozenset()

    def __init__(self, stemmer: Callable[[str], str], weights: Weights | None = None) -> None:
        super().__init__(stemmer)
        self.weights = weights or Weights()
        self._known: dict[str, str] = {}

    def __call__(self, document: Any, sentences_count: Any) -> tuple[PlacedSentence, ...]:
        sentences = document.sentences
        terms, scores = self.score(document)
        ranks = dict(zip(self._one_by_one(scores, terms), range(len(sentences), 0, -1), strict=True))
        ratings = {sentence: ranks[place] for place, sentence in enumerate(sentences)}
        return self._get_best_sentences(sentences, sentences_count, ratings)  # type: ignore[no-any-return]

    def score(self, document: Any) -> tuple[Terms, Numbers]:
        """The terms of a document's sentences, and a score for each."""
        terms = weigh([self.stems(sentence.words) for sentence in document.sentences])
        title = {stem for heading in document.headings for stem in self.stems(heading.words)}
        return terms, self._scores(terms, [str(sentence) for sentence in document.sentences], title)

    def stems(self, words: Iterable[str]) -> list[str]:
        """The stems of those words that are terms."""
        return [stem for stem in map(self._stem, words) if stem]

    def _stem(self, word: str) -> str:
        """The word's stem, empty for a stop word. Remembered, because news repeats its words."""
        stem = self._known.get(word)
        if stem is None:
            if len(self._known) >= REMEMBERED_WORDS:
                self._known.clear()
            lower = word.lower()
            stem = self._known[word] = "" if lower in self.stop_words else self._stemmer(lower)
        return stem

    def _scores(self, terms: Terms, texts: list[str], title: set[str]) -> Numbers:
        weights = self.weights
        backward, forward = terms.centralities()
        shared = _scaled(np.array([terms.centroid(), forward, backward]))
        scores: Numbers = (
            weights.position / np.sqrt(np.arange(1, terms.sentences + 1))
            + np.array([weights.centroid, weights.forward, weights.backward]) @ shared
            + weights.title * terms.shares(title)
            + np.array([self._of_writing(text) for text in texts], np.float64)
        )
        scores[:1] += weights.first
        return scores

    def _of_writing(self, text: str) -> float:
        """What a question and a figure count."""
        question = text.rstrip("\"”’'」").endswith(QUESTION_MARKS)
        return question * self.weights.question + (DIGIT.search(text) is not None) * self.weights.figure

    def _one_by_one(self, scores: Numbers, terms: Terms) -> list[int]:
        """The places of all sentences, best first."""
        ranked: list[int] = np.argsort(-scores, kind="stable").tolist()
        candidates = ranked[:CANDIDATES]
        likeness, weight = terms.likeness(candidates), self.weights.likeness
        left = dict(enumerate(scores[candidates].tolist()))
        taken: list[int] = []
        nearest = [0.0] * len(candidates)
        while left and len(taken) < DEPTH:
            best = min(left, key=lambda row: (nearest[row] >= REPETITION, weight * nearest[row] - left[row]))
            del left[best]
            taken.append(best)
            nearest = [max(pair) for pair in zip(nearest, likeness[best], strict=True)]
        rest = sorted(left, key=lambda row: nearest[row] >= REPETITION)
        return [candidates[row] for row in (*taken, *rest)] + ranked[CANDIDATES:]


def _scaled(rows: Numbers) -> Numbers:
    """Each row stretched to 0..1; zeros where all its values are equal."""
    if not rows.size:
        return rows
    low = rows.min(axis=1, keepdims=True)
    span = rows.max(axis=1, keepdims=True) - low
    span[span == 0] = 1
    scaled: Numbers = (rows - low) / span
    return scaled
