"""An article as it is read: its sentences in their places, each with what keeps it from standing alone."""

from summarizer.furniture import dateline_end, is_furniture
from summarizer.readable import Fault, Readability
from summarizer.references import Needs
from summarizer.sentences import paragraphs, sentence_bounds


class ReadSentence:
    """A sentence with its offsets. Its fault is looked for when it is first asked for: a summary asks for few.

    A plain class, because a frozen dataclass takes three times as long to make.
    """

    __slots__ = ("_fault", "_readability", "end", "order", "start", "text")

    def __init__(self, text: str, start: int, end: int, order: int, readability: Readability) -> None:
        self.text = text
        self.start = start
        self.end = end
        self.order = order
        self._readability = readability
        self._fault: Fault | None = None

    @property
    def fault(self) -> Fault:
        """What keeps it from standing alone."""
        if self._fault is None:
            self._fault = self._readability.fault(self.order)
        return self._fault

    @property
    def is_junk(self) -> bool:
        """Whether it is no part of the article, which is told much faster than its fault."""
        return self._readability.is_junk(self.order)

    @property
    def needs(self) -> Needs:
        """Of each thing that it takes as known, the orders of the sentences one of which must be told, too."""
        return self._readability.needs(self.order)


def read_article(text: str, language: str, title: str = "") -> list[list[ReadSentence]]:
    """A text's sentences, paragraph by paragraph; the first of each begins after a dateline.

    No line in capitals is taken for a heading: wire copy has whole articles of them.
    """
    bounds = [
        _bounds(text, start, end, language, opens=number == 0) for number, (start, end) in enumerate(paragraphs(text))
    ]
    texts = [[text[start:end] for start, end in part] for part in bounds]
    readability = Readability(texts, language, title)
    read: list[list[ReadSentence]] = []
    order = 0
    for part, lines in zip(bounds, texts, strict=True):
        sentences = []
        for line, (start, end) in zip(lines, part, strict=True):
            sentences.append(ReadSentence(line, start, end, order, readability))
            order += 1
        read.append(sentences)
    return read


def _bounds(text: str, start: int, end: int, language: str, *, opens: bool) -> list[tuple[int, int]]:
    """The bounds of a paragraph's sentences; `opens` tells that it is the article's first."""
    bounds = sentence_bounds(text, start, end, language)
    left, right = bounds[0]
    line = text[left:right]
    skip = dateline_end(line, opens=opens and not _speaks_again(text, line))
    if skip and not is_furniture(line):
        bounds[0] = left + skip, right
    return bounds


def _speaks_again(text: str, line: str) -> bool:
    """Whether what stands before an article's first colon stands so again, as speakers do in a transcript."""
    label, colon, _ = line.partition(":")
    return bool(colon) and text.count(f"\n{label}:") > 0
