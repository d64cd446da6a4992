"""LexRank as sumy computes it, without its loops over pairs: same ranks, many times faster."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from math import hypot, log

THRESHOLD = 0.1  # sumy's: cosine above which two sentences are linked
EPSILON = 0.1  # sumy's: change at which the power iteration stops

Postings = defaultdict[str, list[tuple[int, float]]]


def rank_central(stems: Sequence[Sequence[str]]) -> tuple[list[float], Iterator[int]]:
    """The scores of an article's sentences, given as their stems, and their places, the most central first."""
    scores = rate_sentences(stems)
    return scores, iter(sorted(range(len(scores)), key=lambda place: -scores[place]))


def rate_sentences(
    stems: Sequence[Sequence[str]], threshold: float = THRESHOLD, epsilon: float = EPSILON
) -> list[float]:
    """One score per sentence, given as its stems.

    Terms weigh tf / max tf * log(N / (1 + n)); two sentences are linked where their cosine is above `threshold`; the
    power iteration is normalised by its Euclidean length in each step and stops at a change of `epsilon`.
    """
    links = _links(stems, threshold)
    ranks = [1 / max(1, len(links))] * len(links)
    change = 1.0
    while change > epsilon:
        spread = [rank / (len(linked) or 1) for rank, linked in zip(ranks, links, strict=True)]
        following = [sum([spread[other] for other in linked]) for linked in links]
        length = hypot(*following)
        if length == 0:
            break  # sentences without a single link keep equal scores
        following = [rank / length for rank in following]
        change = hypot(*(new - old for new, old in zip(following, ranks, strict=True)))
        ranks = following
    return ranks


def _links(stems: Sequence[Sequence[str]], threshold: float) -> list[list[int]]:
    """Of each sentence, those that it is linked to, itself among them unless it has no length.

    Only sentences that share a term can be linked, so each is compared with what stands before it under its terms.
    """
    counted = [Counter(sentence) for sentence in stems]
    sentences_with = Counter(chain.from_iterable(counted))
    idf = {term: log(len(stems) / (1 + number)) for term, number in sentences_with.items()}
    links: list[list[int]] = [[] for _ in stems]
    having: Postings = defaultdict(list)
    for row, counts in enumerate(counted):
        most = max(counts.values(), default=1)
        weights = {term: number / most * idf[term] for term, number in counts.items()}
        length = hypot(*weights.values())
        if length == 0:
            continue
        cosines: defaultdict[int, float] = defaultdict(float)
        for term, weight in weights.items():
            if sentences_with[term] > 1:
                share = weight / length
                for other, its_share in having[term]:
                    cosines[other] += share * its_share
                having[term].append((row, share))
        links[row].append(row)
        for other, cosine in cosines.items():
            if cosine > threshold:
                links[row].append(other)
                links[other].append(row)
    return links
