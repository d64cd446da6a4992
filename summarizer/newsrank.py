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
DIGIT = re.compile(r"\d")
CANDIDATES = 32  # best sentences by score, among which likeness counts
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

    Time and memory grow with the number of words.

    Attributes:
        stop_words: lower-case words that are no terms.
        title_words: the words of the headline; set it before each document, empty where there is none.
    """

    stop_words: frozenset[str] = frozenset()
    title_words: Iterable[str] = ()

    def __init__(self, stemmer: Callable[[str], str], weights: Weights | None = None) -> None:
        super().__init__(stemmer)
        self.weights = weights or Weights()

    def __call__(self, document: Any, sentences_count: Any) -> tuple[PlacedSentence, ...]:
        sentences = document.sentences
        terms = weigh([self.stems(sentence.words) for sentence in sentences])
        scores = self.scores(terms, [sentence.text for sentence in sentences])
        ranks = dict(zip(self._one_by_one(scores, terms), range(len(sentences), 0, -1), strict=True))
        ratings = {sentence: ranks[place] for place, sentence in enumerate(sentences)}
        return self._get_best_sentences(sentences, sentences_count, ratings)  # type: ignore[no-any-return]

    def stems(self, words: Iterable[str]) -> list[str]:
        """The stems of those words that are terms."""
        stop_words, stem = self.stop_words, self._stemmer
        return [stem(word) for word in map(str.lower, words) if word not in stop_words]

    def scores(self, terms: Terms, texts: list[str]) -> Numbers:
        """One score per sentence of a document, from its terms and its texts."""
        weights = self.weights
        places = np.arange(terms.sentences)
        backward, forward = terms.centralities()
        questions = np.array([text.rstrip("\"”’'」").endswith(QUESTION_MARKS) for text in texts], np.float64)
        figures = np.array([DIGIT.search(text) is not None for text in texts], np.float64)
        scores: Numbers = (
            weights.position / np.sqrt(1 + places)
            + weights.centroid * _scaled(terms.centroid())
            + weights.forward * _scaled(forward)
            + weights.backward * _scaled(backward)
            + weights.title * terms.shares(set(self.stems(self.title_words)))
            + weights.first * (places == 0)
            + weights.question * questions
            + weights.figure * figures
        )
        return scores

    def _one_by_one(self, scores: Numbers, terms: Terms) -> list[int]:
        """The places of all sentences, best first."""
        ranked: list[int] = np.argsort(-scores, kind="stable").tolist()
        candidates = ranked[:CANDIDATES]
        likeness = terms.likeness(candidates)
        left = dict(enumerate(scores[candidates].tolist()))
        taken: list[int] = []
        nearest = [0.0] * len(candidates)
        while left and len(taken) < DEPTH:
            best = max(left, key=lambda row: left[row] - self.weights.likeness * nearest[row])
            del left[best]
            taken.append(best)
            nearest = [max(pair) for pair in zip(nearest, likeness[best], strict=True)]
        return [candidates[row] for row in (*taken, *left)] + ranked[CANDIDATES:]


def _scaled(values: Numbers) -> Numbers:
    """Stretched to 0..1; zeros where all are equal."""
    low, high = (values.min(), values.max()) if len(values) else (0.0, 0.0)
    return (values - low) / (high - low) if high > low else np.zeros_like(values)
