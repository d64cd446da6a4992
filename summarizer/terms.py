"""The weighted terms of a text's sentences, kept sparse: memory and time grow with the words, not with their pairs.

Plain lists and dictionaries: an article has some 200 terms, for which numpy takes longer to be called than to count.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from itertools import chain
from math import hypot, log, sqrt


@dataclass(frozen=True, slots=True)
class Terms:
    """tf-idf weights of the terms in each sentence; each sentence's weights have length 1, or 0 where it has no term.

    Attributes:
        counted: of each sentence, how often each of its terms stands in it.
        shared: of each sentence, those terms that other sentences have, too, with their weights:
            (1 + log tf) * log((N + 1) / (df + 0.5)), divided by the sentence's length.
    """

    counted: list[dict[str, int]]
    shared: list[dict[str, float]]

    def centralities(self) -> tuple[list[float], list[float]]:
        """The sums of the cosines of each sentence with those before it, and with those after it.

        The sum of cosines with all sentences before is the product with the sum of their weights, term by term, so no
        pairs are compared.
        """
        seen: defaultdict[str, float] = defaultdict(float)
        backward: list[float] = []
        for weights in self.shared:
            total = 0.0
            for term, weight in weights.items():
                before = seen[term]
                total += weight * before
                seen[term] = before + weight
            backward.append(total)
        forward = [
            sum([weight * (seen[term] - weight) for term, weight in weights.items()]) - before
            for weights, before in zip(self.shared, backward, strict=True)
        ]
        return backward, forward

    def shares(self, words: Set[str]) -> list[float]:
        """The share of the given terms that each sentence has; zeros for no terms."""
        if not words:
            return [0.0] * len(self.counted)
        return [len(words & counts.keys()) / len(words) for counts in self.counted]


class Likeness:
    """The cosines among some of a text's sentences, found by way of the terms that they share.

    Args:
        terms: the text's terms.
        chosen: the sentences, by their places in the text; below, each is known by its place among them.
    """

    def __init__(self, terms: Terms, chosen: Iterable[int]) -> None:
        self._shared = [terms.shared[place] for place in chosen]
        self._having: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for row, weights in enumerate(self._shared):
            for term, weight in weights.items():
                self._having[term].append((row, weight))

    def of(self, row: int) -> list[float]:
        """The cosines of a sentence with every one, with itself 0."""
        cosines = [0.0] * len(self._shared)
        for term, weight in self._shared[row].items():
            for other, its_weight in self._having[term]:
                cosines[other] += weight * its_weight
        cosines[row] = 0.0
        return cosines


def weigh(sentences: Sequence[Sequence[str]]) -> Terms:
    """The weighted terms of sentences given as their stems without stop words."""
    counted = [_count(stems) for stems in sentences]
    sentences_with = Counter(chain.from_iterable(counted))
    rarity = {number: log((len(sentences) + 1) / (number + 0.5)) for number in {1, *sentences_with.values()}}
    idf = {term: rarity[number] for term, number in sentences_with.items() if number > 1}
    shared = [
        _weights(counts, idf, rarity[1]) if len(counts) == len(stems) else _weights_of_repeated(counts, idf, rarity[1])
        for counts, stems in zip(counted, sentences, strict=True)
    ]
    return Terms(counted, shared)


def _count(stems: Sequence[str]) -> dict[str, int]:
    counts = dict.fromkeys(stems, 1)
    if len(counts) < len(stems):
        counts = dict.fromkeys(stems, 0)
        for stem in stems:
            counts[stem] += 1
    return counts


def _weights(counts: dict[str, int], idf: dict[str, float], rarest: float) -> dict[str, float]:
    """The weights of those terms that sentences share, where each stands in this one once; all make its length."""
    terms = [term for term in counts if term in idf]
    weights = [idf[term] for term in terms]
    length = hypot(*weights, rarest * sqrt(len(counts) - len(terms)))
    return {term: weight / length for term, weight in zip(terms, weights, strict=True)}


def _weights_of_repeated(counts: dict[str, int], idf: dict[str, float], rarest: float) -> dict[str, float]:
    """The same where some stand in it several times."""
    weights = {term: (1 + log(number)) * idf.get(term, rarest) for term, number in counts.items()}
    length = hypot(*weights.values())
    return {term: weight / length for term, weight in weights.items() if term in idf}
