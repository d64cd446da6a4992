"""Rankers by name: our own, and sumy's algorithms, each ready to be called with a document and a count."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import islice
from typing import Any

from sumy.models.dom import ObjectDocumentModel, Paragraph

from summarizer.documents import PlacedSentence
from summarizer.errors import MethodError
from summarizer.stopwords import stop_words
from summarizer.words import stemmer

Ranker = Callable[[Any, Any], Sequence[PlacedSentence]]


@dataclass(frozen=True, slots=True)
class _Home:
    """Where a ranker lives, and how many sentences it is given at most, so that its time stays bounded."""

    module: str
    name: str
    longest: int


_HOMES = {
    "news": _Home("summarizer.newsrank", "NewsRankSummarizer", 20_000),
    "lexrank": _Home("summarizer.lexrank", "FastLexRankSummarizer", 1_000),
    "textrank": _Home("sumy.summarizers.text_rank", "TextRankSummarizer", 300),
    "lsa": _Home("sumy.summarizers.lsa", "LsaSummarizer", 300),
    "luhn": _Home("sumy.summarizers.luhn", "LuhnSummarizer", 300),
    "edmundson": _Home("sumy.summarizers.edmundson", "EdmundsonSummarizer", 300),
    "kl": _Home("sumy.summarizers.kl", "KLSummarizer", 60),
    "sumbasic": _Home("sumy.summarizers.sum_basic", "SumBasicSummarizer", 300),
    "reduction": _Home("sumy.summarizers.reduction", "ReductionSummarizer", 300),
}
METHODS = tuple(_HOMES)


def ranker(method: str, language: str) -> Ranker:
    """The ranker of that name, with the language's stems and stop words.

    Each reads only the beginning of a document that is too long for it: the first 20,000 sentences for `news`,
    1,000 for `lexrank`, 60 for `kl`, 300 for the others.

    Raises:
        MethodError: there is none.
    """
    if method not in _HOMES:
        raise MethodError("unknown_method", given=method, known=", ".join(METHODS))
    return _ranker(method, language)


@cache
def _ranker(method: str, language: str) -> Ranker:
    home = _HOMES[method]
    summarizer = getattr(import_module(home.module), home.name)(stemmer(language))
    if method == "edmundson":
        _prepare_edmundson(summarizer, language)
    else:
        summarizer.stop_words = stop_words(language)
    return lambda document, count: summarizer(_beginning(document, home.longest), count)


def _prepare_edmundson(summarizer: Any, language: str) -> None:
    """Edmundson's method wants three lists of words and refuses empty ones: sumy's defaults, which are English."""
    from sumy.parsers.parser import DocumentParser

    summarizer.bonus_words = DocumentParser.SIGNIFICANT_WORDS
    summarizer.stigma_words = DocumentParser.STIGMA_WORDS
    summarizer.null_words = stop_words(language) or DocumentParser.STIGMA_WORDS


def _beginning(document: ObjectDocumentModel, longest: int) -> ObjectDocumentModel:
    """The document's headings and first sentences, in their paragraphs."""
    if len(document.sentences) <= longest:
        return document
    sentences = iter(document.sentences[:longest])
    body = [Paragraph(islice(sentences, len(paragraph.sentences))) for paragraph in document.paragraphs]
    return ObjectDocumentModel([Paragraph(document.headings), *body])
