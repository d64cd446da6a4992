"""How much a summary may hold, and which of the ranked sentences it takes.

A `Selection` is what sumy calls a sentences count: its summarizers hand it every sentence with its rating, best first,
and keep what it returns. So every ranker obeys the same budgets, the same focus and the same care for readers.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import Protocol

from summarizer.languages import UNSPACED
from summarizer.readable import Fault
from summarizer.references import Needs

CHARACTERS_PER_WORD = 1.7  # of Chinese, Japanese and Thai, which put no spaces between words
CARRIER_GAIN = 3  # a further sentence with the focus counts as if it stood so many times higher in the ranking
CARRIERS = 100  # sentences with most of the focus, of which the most readable is taken
CROWDING = 0.75  # share of the words, above which a carrier that is no readable sentence gives way to the point
REASONS = 3  # sentences, at most, of those that would explain another, of which one is taken with it
MISSES = 12  # sentences too long for what is left of the words, after which no further one is tried


class Readable(Protocol):
    """A sentence in its article, what keeps it from standing alone, and which others would help."""

    @property
    def text(self) -> str: ...
    @property
    def order(self) -> int: ...
    @property
    def fault(self) -> Fault: ...
    @property
    def needs(self) -> Needs: ...


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
    2. Sentences that stand alone, the carriers before others; one that leans on another comes with it.
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

    def __call__(self, ranked: Iterable[Rated]) -> list[Rated]:
        sentences = _Looked(ranked)
        chosen = _Chosen(self.language, self.sentences, self.words, sentences)
        ordered = self._by_interest(sentences, chosen)
        chosen.take_all_readable(ordered)
        if not chosen.is_full():
            # What leaned on a sentence that ranks lower may stand beside it now.
            chosen.take_all_readable(ordered)
        if not chosen.infos:
            chosen.take_leaning(ordered)
        if not chosen.infos:
            chosen.take(*sorted(sentences, key=lambda info: info.sentence.fault)[:1])
        return list(chosen.infos.values())

    def _by_interest(self, ranked: "_Looked", chosen: "_Chosen") -> Iterable[Rated]:
        """The order to try sentences in. Takes the first carrier itself, because that one may be less readable."""
        if self.carries is None:
            return ranked
        hits = {info.order: self.carries(info.sentence.text) for info in ranked}
        carriers = sorted((info for info in ranked if hits[info.order]), key=lambda info: -hits[info.order])
        if not carriers:
            return ranked
        point = [info for info in ranked if info.sentence.fault == Fault.NONE][:1]
        carrier = min(carriers[:CARRIERS], key=lambda info: (info.sentence.fault, not chosen.fits(*point, info)))
        if not (point and self._crowds_out(carrier.sentence, point[0].sentence)):
            chosen.take_with_reason(carrier, beside=point)
        rest = sorted(enumerate(ranked), key=lambda entry: entry[0] / (CARRIER_GAIN if hits[entry[1].order] else 1))
        return list(dict.fromkeys([*point, *(info for _, info in rest)]))

    def _crowds_out(self, carrier: Readable, point: Readable) -> bool:
        """Whether what carries the focus is no readable sentence and leaves no room for the article's point."""
        if self.words is None or carrier.fault <= Fault.LEANS:
            return False
        length, room = count_words(carrier.text, self.language), count_words(point.text, self.language)
        return length > CROWDING * self.words and room <= self.words < length + room


class _Looked:
    """Ranked sentences, which are worked out only as far as somebody looks."""

    def __init__(self, ranked: Iterable[Rated]) -> None:
        self._coming = iter(ranked)
        self._seen: list[Rated] = []
        self._places: dict[int, Rated] = {}

    def __iter__(self) -> Iterator[Rated]:
        # By number, because another look may go further while this one pauses.
        number = 0
        while number < len(self._seen) or self._next() is not None:
            yield self._seen[number]
            number += 1

    def at(self, place: int) -> Rated | None:
        """The sentence at a place of the article, if it is among them."""
        while place not in self._places and self._next() is not None:
            pass
        return self._places.get(place)

    def _next(self) -> Rated | None:
        info = next(self._coming, None)
        if info is not None:
            self._seen.append(info)
            self._places[info.order] = info
        return info


@dataclass(slots=True)
class _Chosen:
    """A summary in the making."""

    language: str
    sentences: int | None
    words: int | None
    all: _Looked
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
        if self.words is None or (not self.infos and len(new) == 1):
            return True
        return self.used + self._length(*new.values()) <= self.words

    def take(self, *infos: Rated) -> bool:
        """Takes all of them if they fit, else none."""
        if not self.fits(*infos):
            return False
        for info in infos:
            self.infos[info.order] = info
        if self.words is not None:
            self.used += self._length(*infos)
        return True

    def _length(self, *infos: Rated) -> float:
        return sum(count_words(info.sentence.text, self.language) for info in infos)

    def take_all_readable(self, infos: Iterable[Rated]) -> None:
        """Takes what can be read, best first, until the summary is full."""
        for info in infos:
            self.take_readable(info)
            if self.is_full():
                return

    def take_readable(self, info: Rated) -> None:
        """Takes a sentence that stands alone or beside those chosen, or together with those that explain it."""
        fault = info.sentence.fault
        if fault > Fault.LEANS or info.order in self.infos:
            return
        explained = [info] if fault == Fault.NONE else self._explained(info, ())
        if explained and not self.take(*explained) and len(explained) == 1:
            self.misses += 1

    def take_with_reason(self, info: Rated, beside: Sequence[Rated]) -> None:
        """Takes a sentence that must be told, together with those that explain it if all fit."""
        explained = self._explained(info, beside) if info.sentence.fault == Fault.LEANS else []
        if explained and self.fits(*explained, *beside):
            self.take(*explained)
        else:
            self.take(info)

    def take_leaning(self, infos: Iterable[Rated]) -> None:
        """Takes the best of those that lean on others, for want of any that stands alone."""
        for info in infos:
            if len(self.infos) == self.sentences:
                return
            if info.sentence.fault == Fault.LEANS:
                self.take(info)

    def _explained(self, info: Rated, beside: Sequence[Rated]) -> list[Rated]:
        """A sentence with those that it needs beside the chosen ones; empty where some need cannot be met."""
        together = [info]
        for need in self._needs(info):
            known = {*self.infos, *(other.order for other in (*beside, *together))}
            if known.isdisjoint(need):
                reason = self._explaining(need, known)
                if reason is None:
                    return []
                together.append(reason)
        return together

    def _explaining(self, need: Sequence[int], known: Set[int]) -> Rated | None:
        """The best sentence that meets a need and has none of its own that is unmet."""
        for reason in filter(None, map(self.all.at, need[:REASONS])):
            unmet = any(known.isdisjoint(other) for other in self._needs(reason))
            if reason.sentence.fault <= Fault.LEANS and not unmet:
                return reason
        return None

    def _needs(self, info: Rated) -> list[list[int]]:
        """The places of what explains each thing that a sentence takes as known, in a story as in an article."""
        shift = info.order - info.sentence.order
        return [[place + shift for place in need] for need in info.sentence.needs]
