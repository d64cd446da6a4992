"""Rankers by name: sumy's own algorithms, each ready to be called with a document and a count."""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from summarizer.documents import PlacedSentence
from summarizer.errors import MethodError
from summarizer.stopwords import stop_words
from summarizer.words import stemmer

Ranker = Callable[[Any, Any], Sequence[PlacedSentence]]

_HOMES = {
    "lexrank": ("summarizer.lexrank", "FastLexRankSummarizer"),
    "textrank": ("sumy.summarizers.text_rank", "TextRankSummarizer"),
    "lsa": ("sumy.summarizers.lsa", "LsaSummarizer"),
    "luhn": ("sumy.summarizers.luhn", "LuhnSummarizer"),
    "kl": ("sumy.summarizers.kl", "KLSummarizer"),
    "sumbasic": ("sumy.summarizers.sum_basic", "SumBasicSummarizer"),
    "reduction": ("sumy.summarizers.reduction", "ReductionSummarizer"),
}
METHODS = tuple(_HOMES)


def ranker(method: str, language: str) -> Ranker:
    """The ranker of that name, with the language's stems and stop words.

    Raises:
        MethodError: there is none.
    """
    if method not in _HOMES:
        raise MethodError("unknown_method", given=method, known=", ".join(METHODS))
    module, name = _HOMES[method]
    summarizer = getattr(import_module(module), name)(stemmer(language))
    summarizer.stop_words = stop_words(language)
    return summarizer  # type: ignore[no-any-return]
