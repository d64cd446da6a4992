"""The weighted terms of a text's sentences, kept sparse: memory and time grow with the words, not with their pairs."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Terms:
    """tf-idf weights of the terms in each sentence; each sentence's weights have length 1, or 0 where it has no term.

    Attributes:
        sentence: of each entry, which sentence it stands in; ascending.
        term: of each entry, which term it is.
        weight: of each entry, (1 + log tf) * log((N + 1) / (df + 0.5)), divided by the sentence's length.
        sentences: how many sentences there are.
        vocabulary: each term with its number.
    """

    sentence: Places
    term: Places
    weight: Numbers
    sentences: int
    vocabulary: dict[str, int]

    def centroid(self) -> Numbers:
        """The cosine of each sentence with the sum of them all."""
        total = self._per_term(self.weight, self.term)
        length = float(np.linalg.norm(total)) or 1.0
        return self._per_sentence(self.weight * total[self.term]) / length

    def centralities(self) -> tuple[Numbers, Numbers]:
        """The mean cosine of each sentence with those before it, and with those after it.

        The sum of cosines with all sentences before is the product with the sum of their weights, term by term, so no
        matrix of pairs is needed.
        """
        order = np.argsort(self.term, kind="stable")
        weight, term = self.weight[order], self.term[order]
        running = np.cumsum(weight)
        first_of_term = term.searchsorted(term)
        before = running - weight - (running - weight)[first_of_term]
        total = self._per_term(weight, term)[term]
        backward, forward = np.empty_like(weight), np.empty_like(weight)
        backward[order] = weight * before
        forward[order] = weight * (total - before - weight)
        others = max(1, self.sentences - 1)
        return self._per_sentence(backward) / others, self._per_sentence(forward) / others

    def likeness(self, chosen: Sequence[int]) -> list[list[float]]:
        """The cosines of each pair of the chosen sentences; choose few, as their terms are laid out in full."""
        row = np.full(self.sentences, -1)
        row[chosen] = np.arange(len(chosen))
        rows = row[self.sentence]
        kept = rows >= 0
        lines = np.zeros((len(chosen), len(self.vocabulary)))
        lines[rows[kept], self.term[kept]] = self.weight[kept]
        cosines: list[list[float]] = (lines @ lines.T).tolist()
        return cosines

    def shares(self, words: set[str]) -> Numbers:
        """The share of the given terms that each sentence has; zeros for no terms."""
        if not words:
            return np.zeros(self.sentences)
        wanted = np.zeros(len(self.vocabulary))
        wanted[[self.vocabulary[word] for word in words if word in self.vocabulary]] = 1 / len(words)
        return self._per_sentence(wanted[self.term])

    def _per_sentence(self, values: Numbers) -> Numbers:
        return np.bincount(self.sentence, values, self.sentences).astype(np.float64, copy=False)

    def _per_term(self, values: Numbers, term: Places) -> Numbers:
        return np.bincount(term, values, len(self.vocabulary)).astype(np.float64, copy=False)


def weigh(sentences: Sequence[Sequence[str]]) -> Terms:
    """The weighted terms of sentences given as their stems without stop words."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    flat = np.array([numbers[stem] for stems in sentences for stem in stems], np.intp)
    line = np.repeat(np.arange(len(sentences)), [len(stems) for stems in sentences])
    vocabulary = dict(numbers)
    entries, times = np.unique(line * max(1, len(vocabulary)) + flat, return_counts=True)
    sentence, term = np.divmod(entries, max(1, len(vocabulary)))
    sentences_with = np.bincount(term, minlength=len(vocabulary))
    idf = np.log((len(sentences) + 1) / (sentences_with + 0.5))
    weight = (1 + np.log(times)) * idf[term]
    lengths = np.sqrt(np.bincount(sentence, weight**2, len(sentences)))
    return Terms(sentence, term, weight / np.maximum(lengths, 1e-12)[sentence], len(sentences), vocabulary)
