"""Rankers by name: our own, and sumy's algorithms, each ready to choose from an article."""

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from itertools import accumulate, chain, islice
from typing import Any, NamedTuple, Protocol

from summarizer.articles import ReadSentence, read_article
from summarizer.centrality import rank_central
from summarizer.errors import MethodError
from summarizer.importance import rank_news
from summarizer.stems import stem_finder
from summarizer.stopwords import stop_words
from summarizer.words import stemmer


class Chosen(Protocol):
    """A sentence in its place."""

    @property
    def text(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


Choose = Callable[
    [Any], Any
]  # sumy's `sentences_count`, such as a `Selection`: rated sentences in, the chosen ones out
Ranker = Callable[[str, str, Choose], Sequence[Chosen]]


class _Rated(NamedTuple):
    """A sentence with its place, as a `Selection` wants it."""

    sentence: Any  # a ReadSentence or one of sumy's
    order: int
    rating: float


# The longest document of each, in sentences, so that its time stays bounded.
OWN_LONGEST = {"news": 20_000, "lexrank": 1_000}
_SUMYS = {
    "textrank": ("text_rank", "TextRankSummarizer", 300),
    "lsa": ("lsa", "LsaSummarizer", 300),
    "luhn": ("luhn", "LuhnSummarizer", 300),
    "edmundson": ("edmundson", "EdmundsonSummarizer", 300),
    "kl": ("kl", "KLSummarizer", 60),
    "sumbasic": ("sum_basic", "SumBasicSummarizer", 300),
    "reduction": ("reduction", "ReductionSummarizer", 300),
}
MOST_WORDS = 8_000  # of a document that sumy's own algorithms read
METHODS = (*OWN_LONGEST, *_SUMYS)


def ranker(method: str, language: str) -> Ranker:
    """The ranker of that name for a language: it takes a text, its title and a `Selection`.

    Each reads only the beginning of an article that is too long for it: the first 20,000 sentences for `news`,
    1,000 for `lexrank`, 60 for `kl`, 300 for the others, and 8,000 words for sumy's own. Only those load sumy.

    Raises:
        MethodError: there is none.
    """
    if method not in METHODS:
        raise MethodError("unknown_method", given=method, known=", ".join(METHODS))
    return _own_ranker(method, language) if method in OWN_LONGEST else _sumys_ranker(method, language)


def _own_ranker(method: str, language: str) -> Ranker:
    def choose(text: str, title: str, selection: Choose) -> list[ReadSentence]:
        stems_of = stem_finder(language)
        sentences = list(islice(chain.from_iterable(read_article(text, language, title)), OWN_LONGEST[method]))
        texts = [sentence.text for sentence in sentences]
        stems = [stems_of(line) for line in texts]
        if method == "lexrank":
            ratings, order = rank_central(stems)
        else:
            ratings, order = rank_news(stems, texts, set(stems_of(title)))
        chosen = selection(_Rated(sentences[place], place, ratings[place]) for place in order)
        return [info.sentence for info in sorted(chosen, key=lambda info: info.order)]

    return choose


@cache
def _sumys_ranker(method: str, language: str) -> Ranker:
    from sumy.models.dom import ObjectDocumentModel, Paragraph

    from summarizer.documents import build_document

    module, name, longest = _SUMYS[method]
    summarizer = getattr(import_module(f"sumy.summarizers.{module}"), name)(stemmer(language))
    if method == "edmundson":
        _prepare_edmundson(summarizer, language)
    else:
        summarizer.stop_words = stop_words(language)

    def choose(text: str, title: str, selection: Choose) -> Sequence[Chosen]:
        document = build_document(text, language, title)
        read = _beginning(document.sentences[:longest])
        if len(read) == 1:  # there is nothing to rank, which would take sumy very long for a giant one
            return [info.sentence for info in selection([_Rated(read[0], 0, 1.0)])]
        sentences = iter(read)
        body = [Paragraph(islice(sentences, len(paragraph.sentences))) for paragraph in document.paragraphs]
        beginning = ObjectDocumentModel([Paragraph(document.headings), *body])
        return summarizer(beginning, selection)  # type: ignore[no-any-return]

    return choose


def _beginning(sentences: Sequence[Any]) -> Sequence[Any]:
    """The first of sumy's sentences, one at least, with no more words than sumy's loops over pairs of them bear."""
    words = accumulate(len(sentence.words) for sentence in sentences)
    return sentences[: max(1, sum(number <= MOST_WORDS for number in words))]


def _prepare_edmundson(summarizer: Any, language: str) -> None:
    """Edmundson's method wants three lists of words and refuses empty ones: sumy's defaults, which are English."""
    from sumy.parsers.parser import DocumentParser

    summarizer.bonus_words = DocumentParser.SIGNIFICANT_WORDS
    summarizer.stigma_words = DocumentParser.STIGMA_WORDS
    summarizer.null_words = stop_words(language) or DocumentParser.STIGMA_WORDS
