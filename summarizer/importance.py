"""How much each sentence of an article counts, and the order that this gives: the default ranker.

News leads with its point, so a sentence counts for more the earlier it stands. It counts for more, too, if it shares
terms with the whole article, above all with what comes after it (which it then introduces rather than repeats; Zheng
and Lapata 2019, https://arxiv.org/abs/1906.03508), and if it shares words with the title. Sentences are then taken one
by one, each marked down for its likeness to those taken before (maximal marginal relevance, Carbonell and Goldstein
1998).
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from summarizer.terms import Terms, weigh

QUESTION = re.compile("[?？؟][\"”’'」]*\\Z")
MAX_ENDING = 4  # characters: a question mark and what closes after it
DIGIT = re.compile("[0-9]")
CANDIDATES = 32  # best sentences by score, among which likeness counts
REPETITION = 0.5  # cosine to a better sentence from which one is told only for want of others
DEPTH = 8  # sentences taken one by one; what is ranked lower keeps the order of its scores
ROUNDING = 1e-9
DEMOTION = 100.0  # more than any two scores lie apart


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign of importance counts; found on development data (`tests/benchmarks/bench_summaries.py`)."""

    position: float = 1.0
    centroid: float = 0.75
    forward: float = 0.7
    backward: float = -0.3
    title: float = 0.6
    first: float = -0.3
    question: float = -0.2
    figure: float = 0.1
    likeness: float = 0.3


WEIGHTS = Weights()


def rank_news(
    stems: Sequence[Sequence[str]], texts: Sequence[str], title: Set[str]
) -> tuple[list[float], Iterator[int]]:
    """The scores of an article's sentences, and their places, the most important first, each worked out when asked for.

    Args:
        stems: of each sentence, the stems of its words without stop words.
        texts: the sentences as they are written.
        title: the stems of the headline.
    """
    terms = weigh(stems)
    scores = score_sentences(terms, texts, title)
    return scores, one_by_one(scores, terms)


def score_sentences(terms: Terms, texts: Sequence[str], title: Set[str], weights: Weights = WEIGHTS) -> list[float]:
    """A score for each sentence, which counts its importance by itself."""
    backward, forward = terms.centralities()
    # A sentence's cosine with the sum of all is this but for one factor.
    centroid = [
        before + after + bool(counts) for before, after, counts in zip(backward, forward, terms.counted, strict=True)
    ]
    parts = zip(
        _scaled(centroid, weights.centroid),
        _scaled(forward, weights.forward),
        _scaled(backward, weights.backward),
        terms.shares(title),
        texts,
        strict=True,
    )
    scores = [
        weights.position / number**0.5 + shared + ahead + behind + weights.title * titled + _of_writing(text, weights)
        for number, (shared, ahead, behind, titled, text) in enumerate(parts, start=1)
    ]
    if scores:
        scores[0] += weights.first
    return scores


def one_by_one(scores: Sequence[float], terms: Terms, weights: Weights = WEIGHTS) -> Iterator[int]:
    """The places of all sentences, best first; most summaries need few of them."""
    ranked = sorted(range(len(scores)), key=lambda place: -scores[place])
    candidates = ranked[:CANDIDATES]
    worth = [scores[place] for place in candidates]
    nearest = [0.0] * len(candidates)
    left = list(range(len(candidates)))
    for _ in range(min(DEPTH, len(candidates))):
        best = max(left, key=worth.__getitem__)
        left.remove(best)
        yield candidates[best]
        cosines = terms.likeness(candidates[best])
        for row, place in enumerate(candidates):
            cosine = cosines[place]
            if cosine > nearest[row]:
                nearest[row] = cosine
                worth[row] = scores[candidates[row]] - weights.likeness * cosine - DEMOTION * (cosine >= REPETITION)
    left.sort(key=lambda row: nearest[row] >= REPETITION)
    yield from (candidates[row] for row in left)
    yield from ranked[CANDIDATES:]


def _of_writing(text: str, weights: Weights) -> float:
    """What a question and a figure count."""
    value = weights.figure if DIGIT.search(text) else 0.0
    if not text.endswith(".") and QUESTION.search(text, len(text) - MAX_ENDING):
        value += weights.question
    return value


def _scaled(values: Sequence[float], weight: float) -> list[float]:
    """The values stretched to 0..1, times a weight; about zero where all are equal but for rounding."""
    low = min(values, default=0.0)
    span = max(values, default=0.0) - low
    span = span if span > ROUNDING else 1.0
    return [weight * (value - low) / span for value in values]
