"""sumy's document model over our own splitter and words: no NLTK data, and every sentence knows its place."""

from itertools import count

from sumy.models.dom import ObjectDocumentModel, Paragraph
from sumy.models.dom import Sentence as SumySentence
from sumy.nlp.tokenizers import Tokenizer

from summarizer import types
from summarizer.furniture import Furniture, dateline_end
from summarizer.readable import Fault, Readability
from summarizer.sentences import paragraphs, split_paragraph, split_sentences
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

    __slots__ = ("_fault", "_place", "_readability", "end", "start")

    def __init__(
        self, sentence: types.Sentence, tokenizer: Tokenizer, readability: Readability | None = None, place: int = 0
    ) -> None:
        super().__init__(sentence.text, tokenizer)
        self.start = sentence.start
        self.end = sentence.end
        self._readability = readability
        self._place = place
        self._fault: Fault | None = None

    @property
    def fault(self) -> Fault:
        """What keeps it from standing alone."""
        if self._fault is None:
            self._fault = self._readability.fault(self._place) if self._readability else Fault.NONE
        return self._fault

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
    """A text as sumy's document of `PlacedSentence`s, paragraph by paragraph.

    The title is its heading. Sentences begin after a dateline. Unlike sumy's plain-text parser it takes no line in
    capitals for a heading: wire copy has whole articles of them.
    """
    tokenizer = NewsTokenizer(language)
    parts = [list(split_paragraph(text, start, end, language)) for start, end in paragraphs(text)]
    for part in parts:
        part[0] = _without_dateline(part[0])
    readability = Readability(parts, language, title)
    places = count()
    body = [
        Paragraph(PlacedSentence(sentence, tokenizer, readability, next(places)) for sentence in part) for part in parts
    ]
    heading = [Paragraph([SumySentence(title, tokenizer, is_heading=True)])] if title else []
    return ObjectDocumentModel(heading + body)


def _without_dateline(sentence: types.Sentence) -> types.Sentence:
    skip = dateline_end(sentence.text)
    if not skip or sentence.text in Furniture(()):
        return sentence
    return types.Sentence(sentence.text[skip:], sentence.start + skip, sentence.end)
