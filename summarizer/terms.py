"""The weighted terms of a text's sentences, kept sparse: memory and time grow with the words, not with their pairs."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

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
        first_of_term = np.searchsorted(term, term, side="left")
        before = running - weight - (running - weight)[first_of_term]
        total = self._per_term(weight, term)[term]
        backward, forward = np.empty_like(weight), np.empty_like(weight)
        backward[order] = weight * before
        forward[order] = weight * (total - before - weight)
        others = max(1, self.sentences - 1)
        return self._per_sentence(backward) / others, self._per_sentence(forward) / others

    def likeness(self, chosen: int) -> Numbers:
        """The cosine of each sentence with the chosen one."""
        first, last = np.searchsorted(self.sentence, [chosen, chosen + 1])
        line = np.zeros(len(self.vocabulary))
        line[self.term[first:last]] = self.weight[first:last]
        return self._per_sentence(self.weight * line[self.term])

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
    vocabulary: dict[str, int] = {}
    sentence: list[int] = []
    term: list[int] = []
    times: list[int] = []
    for number, stems in enumerate(sentences):
        counts = Counter(stems)
        sentence.extend([number] * len(counts))
        term.extend(vocabulary.setdefault(stem, len(vocabulary)) for stem in counts)
        times.extend(counts.values())
    places, columns = np.array(sentence, np.intp), np.array(term, np.intp)
    sentences_with = np.bincount(columns, minlength=len(vocabulary))
    idf = np.log((len(sentences) + 1) / (sentences_with + 0.5))
    weight = (1 + np.log(np.array(times, np.float64))) * idf[columns]
    lengths = np.sqrt(np.bincount(places, weight**2, len(sentences)))
    return Terms(places, columns, weight / np.maximum(lengths, 1e-12)[places], len(sentences), vocabulary)
