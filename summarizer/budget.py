"""How much a summary may hold, and which of the ranked sentences it takes.

A `Selection` is what sumy calls a sentences count: its summarizers hand it every sentence with its rating, best first,
and keep what it returns. So every ranker obeys the same budgets and the same focus.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from summarizer.documents import PlacedSentence
from summarizer.languages import UNSPACED

CHARACTERS_PER_WORD = 1.7  # of Chinese, Japanese and Thai, which put no spaces between words


class Rated(Protocol):
    """sumy's `SentenceInfo`."""

    @property
    def sentence(self) -> PlacedSentence: ...
    @property
    def order(self) -> int: ...


def count_words(text: str, language: str) -> float:
    """The length of a text in words, in characters / 1.7 where a language has no spaces."""
    if language in UNSPACED:
        return len("".join(text.split())) / CHARACTERS_PER_WORD
    return len(text.split())


@dataclass(frozen=True, slots=True)
class Selection:
    """Takes the best sentences within a budget, those that carry the reader's words before others.

    Attributes:
        language: two-letter code, to count words.
        sentences: at most so many, or None.
        words: at most so many words, or None; the best sentence is taken even if it is longer.
        carries: counts the reader's words in a sentence, or None without a focus.
    """

    language: str
    sentences: int | None
    words: int | None
    carries: Callable[[str], int] | None = None

    def __call__(self, ranked: Sequence[Rated]) -> list[Rated]:
        chosen: list[Rated] = []
        left = float("inf") if self.words is None else float(self.words)
        for info in self._preferred(ranked):
            length = count_words(info.sentence.text, self.language)
            if chosen and length > left:
                continue
            chosen.append(info)
            left -= length
            if len(chosen) == self.sentences:
                break
        return chosen

    def _preferred(self, ranked: Sequence[Rated]) -> list[Rated]:
        """The order to try sentences in: one that carries the focus, the article's point, then the other carriers."""
        if self.carries is None:
            return list(ranked)
        hits = {info.order: self.carries(info.sentence.text) for info in ranked}
        carriers = sorted((info for info in ranked if hits[info.order]), key=lambda info: -hits[info.order])
        first = carriers[:1] + [info for info in ranked[:1] if info not in carriers[:1]]
        first += [info for info in carriers if info not in first]
        return first + [info for info in ranked if info not in first]
