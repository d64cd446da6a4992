"""LexRank as sumy computes it, with whole matrices instead of pairs of sentences: same picks, many times faster."""

from collections import Counter
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sumy.summarizers.lex_rank import LexRankSummarizer

from summarizer.documents import PlacedSentence

Matrix = NDArray[np.float64]


class FastLexRankSummarizer(LexRankSummarizer):  # type: ignore[misc]  # sumy has no types
    """Erkan and Radev's LexRank (http://tangra.si.umich.edu/~radev/lexrank/lexrank.pdf) in sumy's reading of it.

    Terms weigh tf / max tf * log(N / (1 + n)); two sentences are linked where their cosine is above `threshold`; the
    power iteration is normalised by its Euclidean length in each step and stops at a change of `epsilon`.
    """

    def __call__(self, document: Any, sentences_count: Any) -> tuple[PlacedSentence, ...]:
        sentences = document.sentences
        if not sentences:
            return ()
        scores = self.rate([self._to_words_set(sentence) for sentence in sentences])
        ratings = dict(zip(sentences, scores.tolist(), strict=True))
        return self._get_best_sentences(sentences, sentences_count, ratings)  # type: ignore[no-any-return]

    def rate(self, sentences: list[list[str]]) -> Matrix:
        """One score per sentence; `sentences` are their stems, at least one sentence."""
        weights, lengths = _tf_idf(sentences)
        weights /= np.where(lengths, lengths, 1)[:, None]
        links = (weights @ weights.T > self.threshold).astype(np.float64)
        np.fill_diagonal(links, lengths > 0)
        degrees = links.sum(axis=1)
        degrees[degrees == 0] = 1
        return self._settle(links / degrees[:, None])

    def _settle(self, matrix: Matrix) -> Matrix:
        """The power iteration; sentences without a single link keep equal scores."""
        ranks = np.full(len(matrix), 1 / len(matrix))
        change = 1.0
        while change > self.epsilon:
            following = matrix.T @ ranks
            length = np.linalg.norm(following)
            if length == 0:
                break
            following /= length
            change = float(np.linalg.norm(following - ranks))
            ranks = following
        return ranks


def _tf_idf(sentences: list[list[str]]) -> tuple[Matrix, Matrix]:
    """The weights of the terms that several sentences share (rows are sentences), and the length of each sentence.

    A term of one sentence adds to its length only, and most terms are such.
    """
    counted = [Counter(sentence) for sentence in sentences]
    sentences_with = Counter(term for counts in counted for term in counts)
    idf = {term: log(len(sentences) / (1 + number)) for term, number in sentences_with.items()}
    columns = {term: column for column, term in enumerate(term for term, n in sentences_with.items() if n > 1)}
    matrix = np.zeros((len(sentences), len(columns)))
    squares = np.zeros(len(sentences))
    for row, counts in enumerate(counted):
        most = max(counts.values(), default=1)
        for term, count in counts.items():
            weight = count / most * idf[term]
            squares[row] += weight * weight
            if term in columns:
                matrix[row, columns[term]] = weight
    return matrix, np.sqrt(squares)
