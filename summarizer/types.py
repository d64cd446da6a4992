"""What the summarizer hands back, as frozen values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it stands in its text: `source_text[start:end] == text`, offsets in characters."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class StorySentence(Sentence):
    """A sentence of a summary over several articles; `article` is its article's place among those given."""

    article: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Sentences in the order of their text, the language they were read in, and the ranker that chose them."""

    sentences: tuple[Sentence, ...]
    language: str
    method: str


@dataclass(frozen=True, slots=True)
class StorySummary(Summary):
    """A summary of several articles, article by article, each sentence with its own."""

    sentences: tuple[StorySentence, ...]


@dataclass(frozen=True, slots=True)
class Keyword:
    """A name or term of a text as it is written there, and how much of the text it carries, 0..1 of the best one."""

    text: str
    score: float
