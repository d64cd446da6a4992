"""How much a summary may hold, and which of the ranked sentences it takes.

A `Selection` is what sumy calls a sentences count: its summarizers hand it every sentence with its rating, best first,
and keep what it returns. So every ranker obeys the same budgets, the same focus and the same care for readers.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field
from itertools import chain, combinations
from typing import Protocol

from summarizer.languages import UNSPACED
from summarizer.readable import Fault
from summarizer.references import Needs

CHARACTERS_PER_WORD = 1.7  # of Chinese, Japanese and Thai, which put no spaces between words
CARRIERS = 4  # best sentences with most of the focus, of which one is taken
MOST_KEPT = 6  # sentences of the generic summary of which any part may be kept
# What each thing costs that is taken as known and not told, in words of the best sentence.
UNMET_OF_WORDS = 3.0  # where words are counted, so that what tells it costs room
UNMET_OF_SENTENCES = 15.0
DANGLING = 10.0  # … and more where the summary begins so
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
    """sumy's `SentenceInfo`: a sentence, its place among the others, and how much it counts."""

    @property
    def sentence(self) -> Readable: ...
    @property
    def order(self) -> int: ...
    @property
    def rating(self) -> float: ...


def count_words(text: str, language: str) -> float:
    """The length of a text in words, in characters / 1.7 where a language has no spaces."""
    if language in UNSPACED:
        return len("".join(text.split())) / CHARACTERS_PER_WORD
    return len(text.split())


@dataclass(frozen=True, slots=True)
class Selection:
    """Takes the best sentences within a budget.

    The rules, in order:
    1. Sentences that stand alone; one that leans on another comes with it.
    2. Where too few stand alone, those that lean; anything at all only rather than nothing.
    3. Where nothing of that carries the focus, a sentence that does takes the place of some of it, and what explains
       it if that is worth more: the longest and best are kept, and what is then left of the room is filled.
    4. A carrier that is no readable sentence takes some of the room, but never all.

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
        chosen = self._nothing(sentences)
        chosen.take_all_readable(sentences)
        if not chosen.is_full():
            # What leaned on a sentence that ranks lower may stand beside it now.
            chosen.take_all_readable(sentences)
        if not chosen.infos:
            chosen.take_leaning(sentences)
        if not chosen.infos:
            chosen.take(*sorted(sentences, key=lambda info: info.sentence.fault)[:1])
        generic = list(chosen.infos.values())
        return generic if self.carries is None else self._focused(sentences, generic, self.carries)

    def _nothing(self, sentences: "_Looked") -> "_Chosen":
        return _Chosen(self.language, self.sentences, self.words, sentences)

    def _focused(self, ranked: "_Looked", generic: list[Rated], carries: Callable[[str], int]) -> list[Rated]:
        """The generic summary if it carries the focus, else as much of it as is left room for by what does."""
        if any(carries(info.sentence.text) for info in generic):
            return generic
        carriers = _best_carriers(ranked, carries)
        chosen = self._nothing(ranked)
        offers = [offer for offer in _offers(generic, carriers, chosen) if chosen.fits(*offer)]
        if not offers:
            return generic
        unmet = UNMET_OF_SENTENCES if self.words is None else UNMET_OF_WORDS
        best = max(offers, key=_Worth(ranked, self.language, unmet))
        if carriers[0].sentence.fault > Fault.LEANS and set(generic).isdisjoint(best):
            return generic  # the article's point says more than half a quotation
        chosen.take(*best)
        chosen.take_all_readable(ranked)
        return list(chosen.infos.values())


def _best_carriers(ranked: "_Looked", carries: Callable[[str], int]) -> list[Rated]:
    """The best of the sentences with most of the focus: of the readable ones, if there are any."""
    hits = {info: number for info in ranked if (number := carries(info.sentence.text))}
    readable = [info for info in hits if info.sentence.fault <= Fault.LEANS] or list(hits)
    most = max((hits[info] for info in readable), default=0)
    return [info for info in readable if hits[info] == most][:CARRIERS]


def _offers(generic: Sequence[Rated], carriers: Sequence[Rated], chosen: "_Chosen") -> Iterator[list[Rated]]:
    """Each carrier, alone and with what explains it, beside each part of the generic summary."""
    kept = generic[:MOST_KEPT]
    for part in chain.from_iterable(combinations(kept, number) for number in range(len(kept), -1, -1)):
        for carrier in carriers:
            yield [*part, carrier]
            explained = chosen.explained(carrier, part) if carrier.sentence.fault == Fault.LEANS else []
            if explained:
                yield [*part, *explained]


class _Worth:
    """What sentences are worth together: each its words times its rating, less what they take as known."""

    def __init__(self, ranked: "_Looked", language: str, unmet: float) -> None:
        ratings = [info.rating for info in ranked]
        self._lowest = min(ratings)
        self._span = max(ratings) - self._lowest or 1.0
        self._language = language
        self._unmet = unmet

    def __call__(self, infos: Sequence[Rated]) -> float:
        told = {info.order for info in infos}
        worth = 0.0
        for info in infos:
            unmet = sum(map(told.isdisjoint, needs(info)))
            worth += self._of_one(info) - self._unmet * unmet
            if unmet and info.order == min(told):
                worth -= DANGLING
        return worth

    def _of_one(self, info: Rated) -> float:
        return count_words(info.sentence.text, self._language) * (info.rating - self._lowest) / self._span


def needs(info: Rated) -> list[list[int]]:
    """The places of what explains each thing that a sentence takes as known, in a story as in an article."""
    shift = info.order - info.sentence.order
    return [[place + shift for place in need] for need in info.sentence.needs]


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
        explained = [info] if fault == Fault.NONE else self.explained(info, ())
        if explained and not self.take(*explained) and len(explained) == 1:
            self.misses += 1

    def take_leaning(self, infos: Iterable[Rated]) -> None:
        """Takes the best of those that lean on others, for want of any that stands alone."""
        for info in infos:
            if len(self.infos) == self.sentences:
                return
            if info.sentence.fault == Fault.LEANS:
                self.take(info)

    def explained(self, info: Rated, beside: Sequence[Rated]) -> list[Rated]:
        """A sentence with those that it needs beside the chosen ones; empty where some need cannot be met."""
        together = [info]
        for need in needs(info):
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
            unmet = any(known.isdisjoint(other) for other in needs(reason))
            if reason.sentence.fault <= Fault.LEANS and not unmet:
                return reason
        return None
