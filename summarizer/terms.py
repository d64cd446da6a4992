"""The weighted terms of a text's sentences, kept sparse: memory and time grow with the words, not with their pairs.

Plain lists and dictionaries: an article has some 200 terms, for which numpy takes longer to be called than to count.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from math import log, sqrt


@dataclass(frozen=True, slots=True)
class Terms:
    """tf-idf weights of the terms in each sentence; each sentence's weights have length 1, or 0 where it has no term.

    Attributes:
        counted: of each sentence, how often each of its terms stands in it.
        having: of each term that several sentences have, their places in order with its weight in each:
            (1 + log tf) * log((N + 1) / (df + 0.5)), divided by the sentence's length.
    """

    counted: list[dict[str, int]]
    having: dict[str, list[tuple[int, float]]]

    def centralities(self) -> tuple[list[float], list[float]]:
        """The sums of the cosines of each sentence with those before it, and with those after it.

        The sum of cosines with all sentences before is the product with the sum of their weights, term by term, so no
        pairs are compared.
        """
        backward = [0.0] * len(self.counted)
        forward = [0.0] * len(self.counted)
        for weights in self.having.values():
            before = 0.0
            for place, weight in weights:
                backward[place] += weight * before
                before += weight
            for place, weight in weights:
                before -= weight
                forward[place] += weight * before
        return backward, forward

    def shares(self, words: Set[str]) -> list[float]:
        """The share of the given terms that each sentence has; zeros for no terms."""
        if not words:
            return [0.0] * len(self.counted)
        return [len(words & counts.keys()) / len(words) for counts in self.counted]

    def likeness(self, place: int) -> list[float]:
        """The cosines of a sentence with every one, with itself 0."""
        cosines = [0.0] * len(self.counted)
        for term in self.counted[place]:
            weights = self.having.get(term)
            if weights:
                own = weights[bisect_left(weights, (place,))][1]
                for other, weight in weights:
                    cosines[other] += own * weight
        cosines[place] = 0.0
        return cosines


def weigh(sentences: Sequence[Sequence[str]]) -> Terms:
    """The weighted terms of sentences given as their stems without stop words."""
    counted = [_count(stems) for stems in sentences]
    places: defaultdict[str, list[int]] = defaultdict(list)
    for place, counts in enumerate(counted):
        for term in counts:
            places[term].append(place)
    rarity = {number: log((len(sentences) + 1) / (number + 0.5)) for number in {1, *map(len, places.values())}}
    shared = {term: rarity[len(rows)] for term, rows in places.items() if len(rows) > 1}
    repeating = [
        place for place, (counts, stems) in enumerate(zip(counted, sentences, strict=True)) if len(counts) < len(stems)
    ]
    squares = _squares(counted, places, shared, rarity[1])
    for place in repeating:
        for term, number in counted[place].items():
            squares[place] += (_of_repeated(number) ** 2 - 1) * rarity[len(places[term])] ** 2
    lengths = [sqrt(square) for square in squares]
    having = {term: [(place, idf / lengths[place]) for place in places[term]] for term, idf in shared.items()}
    for place in repeating:
        for term, number in counted[place].items():
            if number > 1 and term in having:
                row = bisect_left(having[term], (place,))
                having[term][row] = place, having[term][row][1] * _of_repeated(number)
    return Terms(counted, having)


def _count(stems: Sequence[str]) -> dict[str, int]:
    counts = dict.fromkeys(stems, 1)
    if len(counts) < len(stems):
        counts = dict.fromkeys(stems, 0)
        for stem in stems:
            counts[stem] += 1
    return counts


def _of_repeated(number: int) -> float:
    return 1 + log(number)


def _squares(
    counted: Sequence[dict[str, int]], places: dict[str, list[int]], shared: dict[str, float], rarest: float
) -> list[float]:
    """The squares of the lengths of the sentences' weights, if each term stood in each once."""
    squares = [0.0] * len(counted)
    alone = [len(counts) for counts in counted]
    for term, idf in shared.items():
        square = idf * idf
        for place in places[term]:
            squares[place] += square
            alone[place] -= 1
    return [square + number * rarest * rarest for square, number in zip(squares, alone, strict=True)]
