"""Fast LexRank (`summarizer.centrality`) as a summarizer of sumy's, with its own picks."""

from typing import Any

from sumy.summarizers.lex_rank import LexRankSummarizer

from summarizer.centrality import rate_sentences
from summarizer.documents import PlacedSentence


class FastLexRankSummarizer(LexRankSummarizer):  # type: ignore[misc]  # sumy has no types
    """Erkan and Radev's LexRank (http://tangra.si.umich.edu/~radev/lexrank/lexrank.pdf) in sumy's reading of it."""

    def __call__(self, document: Any, sentences_count: Any) -> tuple[PlacedSentence, ...]:
        sentences = document.sentences
        stems = [self._to_words_set(sentence) for sentence in sentences]
        scores = rate_sentences(stems, self.threshold, self.epsilon)
        ratings = dict(zip(sentences, scores, strict=True))
        return self._get_best_sentences(sentences, sentences_count, ratings)  # type: ignore[no-any-return]
