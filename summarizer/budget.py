"""How much a summary may hold, and which of the ranked sentences it takes.

A `Selection` is what sumy calls a sentences count: its summarizers hand it every sentence with its rating, best first,
and keep what it returns. So every ranker obeys the same budgets, the same focus and the same care for readers.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from summarizer.languages import UNSPACED
from summarizer.readable import Fault

CHARACTERS_PER_WORD = 1.7  # of Chinese, Japanese and Thai, which put no spaces between words
CARRIER_GAIN = 3  # a further sentence with the focus counts as if it stood so many times higher in the ranking
MISSES = 3  # sentences too long for what is left of the words, after which no further one is tried


class Readable(Protocol):
    """A sentence and what keeps it from standing alone."""

    @property
    def text(self) -> str: ...
    @property
    def fault(self) -> Fault: ...


class Rated(Protocol):
    """sumy's `SentenceInfo`: a sentence and its place among the others."""

    @property
    def sentence(self) -> Readable: ...
    @property
    def order(self) -> int: ...


def count_words(text: str, language: str) -> float:
    """The length of a text in words, in characters / 1.7 where a language has no spaces."""
    if language in UNSPACED:
        return len("".join(text.split())) / CHARACTERS_PER_WORD
    return len(text.split())


@dataclass(frozen=True, slots=True)
class Selection:
    """Takes the best sentences within a budget.

    The rules, in order:
    1. With a focus, first a sentence that carries it, a readable one if there is one; then the article's point.
    2. Sentences that stand alone, the carriers before others; one that leans on the sentence before it comes with it.
    3. Where sentences are counted and too few stand alone, those that lean; anything at all only rather than nothing.

    Attributes:
        language: two-letter code, to count words.
        sentences: at most so many, or None.
        words: at most so many words, or None; the first sentence is taken even if it is longer.
        carries: counts the reader's words in a sentence, or None without a focus.
    """

    language: str
    sentences: int | None
    words: int | None
    carries: Callable[[str], int] | None = None

    def __call__(self, ranked: Sequence[Rated]) -> list[Rated]:
        chosen = _Chosen(self.language, self.sentences, self.words, {info.order: info for info in ranked})
        ordered = self._by_interest(ranked, chosen)
        for info in ordered:
            if chosen.is_full():
                break
            chosen.take_readable(info)
        if self.sentences is not None or not chosen.infos:
            chosen.take_leaning(ordered)
        if ranked and not chosen.infos:
            chosen.take(min(ranked, key=lambda info: info.sentence.fault))
        return list(chosen.infos.values())

    def _by_interest(self, ranked: Sequence[Rated], chosen: "_Chosen") -> list[Rated]:
        """The order to try sentences in. Takes the first carrier itself, because that one may be less readable."""
        if self.carries is None:
            return list(ranked)
        hits = {info.order: self.carries(info.sentence.text) for info in ranked}
        carriers = sorted((info for info in ranked if hits[info.order]), key=lambda info: -hits[info.order])
        if not carriers:
            return list(ranked)
        point = [info for info in ranked if info.sentence.fault == Fault.NONE][:1]
        chosen.take_with_reason(
            min(carriers, key=lambda info: (info.sentence.fault, not chosen.fits(*point, info))), beside=point
        )
        rest = sorted(enumerate(ranked), key=lambda entry: entry[0] / (CARRIER_GAIN if hits[entry[1].order] else 1))
        return list(dict.fromkeys([*point, *(info for _, info in rest)]))


@dataclass(slots=True)
class _Chosen:
    """A summary in the making."""

    language: str
    sentences: int | None
    words: int | None
    all: dict[int, Rated]
    infos: dict[int, Rated] = field(default_factory=dict)
    used: float = 0.0
    misses: int = 0

    def is_full(self) -> bool:
        return len(self.infos) == self.sentences or self.misses >= MISSES

    def fits(self, *infos: Rated) -> bool:
        """Whether there is room for all of them; a first sentence alone always has it."""
        new = {info.order: info for info in infos if info.order not in self.infos}
        if self.sentences is not None and len(self.infos) + len(new) > self.sentences:
            return False
        alone = not self.infos and len(new) == 1
        return alone or self.words is None or self.used + self._length(*new.values()) <= self.words

    def take(self, *infos: Rated) -> bool:
        """Takes all of them if they fit, else none."""
        if not self.fits(*infos):
            return False
        self.infos.update((info.order, info) for info in infos)
        self.used += self._length(*infos)
        return True

    def _length(self, *infos: Rated) -> float:
        """Their words, where words are counted."""
        if self.words is None:
            return 0.0
        return sum(count_words(info.sentence.text, self.language) for info in infos)

    def take_readable(self, info: Rated) -> None:
        """Takes a sentence that stands alone, or together with the one before it that it leans on."""
        fault = info.sentence.fault
        if info.order in self.infos or fault > Fault.LEANS:
            return
        before = self.all.get(info.order - 1)
        if fault == Fault.NONE or info.order - 1 in self.infos:
            self.misses += not self.take(info)
        elif before is not None and before.sentence.fault == Fault.NONE:
            self.take(before, info)

    def take_with_reason(self, info: Rated, beside: Sequence[Rated]) -> None:
        """Takes a sentence that must be told, with the one before it that it leans on if all fit together."""
        before = self.all.get(info.order - 1)
        leans = info.sentence.fault == Fault.LEANS and before is not None and before.sentence.fault == Fault.NONE
        if leans and before is not None and self.fits(before, info, *beside):
            self.take(before, info)
        else:
            self.take(info)

    def take_leaning(self, infos: Iterable[Rated]) -> None:
        for info in infos:
            if len(self.infos) == self.sentences:
                return
            if info.order not in self.infos and info.sentence.fault == Fault.LEANS:
                self.take(info)
