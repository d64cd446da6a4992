"""sumy's document model over our own splitter and words: no NLTK data, and every sentence knows its place.

Only sumy's own algorithms, and callers who have sumy's documents, need it: sumy imports all of nltk, which takes longer
than a thousand summaries.
"""

from sumy.models.dom import ObjectDocumentModel, Paragraph
from sumy.models.dom import Sentence as SumySentence
from sumy.nlp.tokenizers import Tokenizer

from summarizer.articles import ReadSentence, read_article
from summarizer.readable import Fault
from summarizer.references import Needs
from summarizer.sentences import split_sentences
from summarizer.types import Sentence
from summarizer.words import split_words


class NewsTokenizer(Tokenizer):  # type: ignore[misc]  # sumy has no types
    """A sumy tokenizer for any language that works on a machine without NLTK data and without network.

    Args:
        language: a two-letter code, or an empty string for one that nobody knows.
    """

    def __init__(self, language: str) -> None:
        # sumy's own __init__ would look for NLTK's punkt_tab, which we neither have nor need.
        self._language = language

    def to_sentences(self, paragraph: str) -> tuple[str, ...]:
        return tuple(sentence.text for sentence in split_sentences(paragraph, self._language))

    def to_words(self, sentence: str) -> tuple[str, ...]:
        return tuple(split_words(sentence, self._language))


class PlacedSentence(SumySentence):  # type: ignore[misc]
    """A sentence of sumy's model that remembers its offsets and what keeps it from standing alone.

    Two equal sentences at different places are two sentences, where sumy would rate them as one.
    """

    __slots__ = ("_placed", "end", "start")

    def __init__(self, sentence: Sentence | ReadSentence, tokenizer: Tokenizer) -> None:
        super().__init__(sentence.text, tokenizer)
        self.start = sentence.start
        self.end = sentence.end
        self._placed = sentence

    @property
    def fault(self) -> Fault:
        """What keeps it from standing alone."""
        return self._placed.fault if isinstance(self._placed, ReadSentence) else Fault.NONE

    @property
    def order(self) -> int:
        """Its place among its article's sentences."""
        return self._placed.order if isinstance(self._placed, ReadSentence) else 0

    @property
    def needs(self) -> Needs:
        """Of each thing that it takes as known, the orders of the sentences one of which must be told, too."""
        return self._placed.needs if isinstance(self._placed, ReadSentence) else ()

    @property
    def text(self) -> str:
        return self._text  # type: ignore[no-any-return]

    def __eq__(self, other: object) -> bool:
        return self is other or (
            isinstance(other, PlacedSentence) and (self.start, self.text) == (other.start, other.text)
        )

    def __hash__(self) -> int:
        return self.start


def build_document(text: str, language: str, title: str = "") -> ObjectDocumentModel:
    """A text as sumy's document of `PlacedSentence`s, paragraph by paragraph; the title is its heading."""
    tokenizer = NewsTokenizer(language)
    body = [
        Paragraph(PlacedSentence(sentence, tokenizer) for sentence in part)
        for part in read_article(text, language, title)
    ]
    heading = [Paragraph([SumySentence(title, tokenizer, is_heading=True)])] if title else []
    return ObjectDocumentModel(heading + body)
