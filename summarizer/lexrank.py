"""LexRank as sumy computes it, with whole matrices instead of pairs of sentences: same picks, many times faster."""

from collections import Counter
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
        weights = _tf_idf(sentences)
        lengths = np.sqrt((weights**2).sum(axis=1))
        lengths[lengths == 0] = 1
        weights /= lengths[:, None]
        links = (weights @ weights.T > self.threshold).astype(np.float64)
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


def _tf_idf(sentences: list[list[str]]) -> Matrix:
    """Rows are sentences, columns their terms in order of first use."""
    columns: dict[str, int] = {}
    matrix = np.zeros((len(sentences), len({term for sentence in sentences for term in sentence})))
    for row, sentence in enumerate(sentences):
        counts = Counter(sentence)
        most = max(counts.values(), default=1)
        for term, count in counts.items():
            matrix[row, columns.setdefault(term, len(columns))] = count / most
    sentences_with = (matrix > 0).sum(axis=0)
    idf = np.log(len(sentences) / (1 + sentences_with))
    return matrix * idf  # type: ignore[no-any-return]
