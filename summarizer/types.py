"""What the summarizer hands back, as frozen values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it stands in its text: `source_text[start:end] == text`, offsets in characters."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Sentences in the order of their text, the language they were read in, and the ranker that chose them."""

    sentences: tuple[Sentence, ...]
    language: str
    method: str
