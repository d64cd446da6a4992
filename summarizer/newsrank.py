"""The default ranker (`summarizer.importance`) as a summarizer of sumy's."""

from collections.abc import Callable, Iterable
from typing import Any

from sumy.nlp.stemmers import null_stemmer
from sumy.summarizers._summarizer import AbstractSummarizer

from summarizer.documents import PlacedSentence
from summarizer.importance import Weights, one_by_one, score_sentences
from summarizer.terms import weigh


class NewsRankSummarizer(AbstractSummarizer):  # type: ignore[misc]  # sumy has no types
    """Ranks the sentences of a sumy document of news; takes and returns what sumy's summarizers do.

    The document's headings are the title. Time and memory grow with the number of words.

    Attributes:
        stop_words: lower-case words that are no terms.
    """

    stop_words: frozenset[str] = frozenset()

    def __init__(self, stemmer: Callable[[str], str] = null_stemmer, weights: Weights | None = None) -> None:
        super().__init__(stemmer)
        self.weights = weights or Weights()

    def __call__(self, document: Any, sentences_count: Any) -> tuple[PlacedSentence, ...]:
        sentences = document.sentences
        terms = weigh([self._stems(sentence.words) for sentence in sentences])
        title = {stem for heading in document.headings for stem in self._stems(heading.words)}
        scores = score_sentences(terms, [str(sentence) for sentence in sentences], title, self.weights)
        order = one_by_one(scores, terms, self.weights)
        ranks = dict(zip(order, range(len(sentences), 0, -1), strict=True))
        ratings = {sentence: ranks[place] for place, sentence in enumerate(sentences)}
        return self._get_best_sentences(sentences, sentences_count, ratings)  # type: ignore[no-any-return]

    def _stems(self, words: Iterable[str]) -> list[str]:
        """The stems of those words that are terms."""
        lowered = (word.lower() for word in words)
        return [stem for word in lowered if word not in self.stop_words and (stem := self._stemmer(word))]
