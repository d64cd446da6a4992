"""The terms of all queries, found in an article in one pass each of a few automata.

A term is numbered and counted by its canonical text. It is looked for as it may be written, in all its forms, each a
literal with the spaces where words must end. The few whose words change together in too many ways, as in Russian
phrases, are looked for by the codes of their words (`matching_words`), which an article's folded text is followed by
where it may have such words. So one automaton finds them all.

A big automaton holds nearly all terms and never changes; what came after stands in small ones, cheap to build. The big
one, in parts if it is very big, is built anew in another process now and then: `snapshot` and `pack` say of what,
`build_automata` builds it there, `open_automaton` unpacks it in a thread, `adopt` takes it over; none of it keeps the
event loop for long. A term that nobody asks for any more stays where it is until then.
"""

import re
from array import array
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, field

from bot.rules.matching_places import is_far_reaching, is_word_at, is_word_in, words_at
from bot.rules.matching_segments import (
    BETWEEN_TERMS,
    BETWEEN_TEXTS,
    DOUBTFUL,
    END_OF_TEXTS,
    SHARED,
    UNPROVED,
    Place,
    Segment,
    build_segment,
)
from bot.rules.matching_terms import BETWEEN_CODES, SURE, UNSURE, Sought, read_term, sought
from bot.rules.matching_words import CODE, WordCodes
from bot.rules.query_forms import choices, is_open, phrases
from bot.rules.query_names import is_careful_text
from summarizer.folding import UNSPACED

DELTA = 64  # terms of the newest automaton, which is built again for every addition: at most 1 ms
SEGMENT = 1_024  # terms of the biggest automaton that is put together in place: 15 ms
SPELLED_AT_A_TIME = 256  # terms, in all their forms: 10 ms
MOST_LITERALS = 64  # of a term that is looked for as it is written; above it the codes of its words are
WORTH_BUILDING = 4 * SEGMENT  # terms outside the big automaton, from which on a new one pays
PACKED_AT_A_TIME = 5_000  # terms, so that the event loop goes on after a millisecond

_HAS_UNSPACED = re.compile(f"[{UNSPACED}]")


@dataclass(slots=True)
class Snapshot:
    """What a new big automaton is to hold, packed little by little.

    Attributes:
        size: ids below it are packed.
        generation: how many automata had been adopted.
        created: how many terms had come since.
        parts: texts like those that will be searched, and the packed terms, by id; joined, for `build_automata`.
        unused: ids whose terms nobody asked for when they were to be packed.
    """

    size: int
    generation: int
    created: int
    parts: list[bytes] = field(default_factory=list)
    unused: list[int] = field(default_factory=list)


class Literals:
    """Numbers terms, counts who asks for each, and finds them in texts."""

    def __init__(self) -> None:
        self._words = WordCodes()
        self._id_of: dict[str, int] = {}
        self._texts: list[str] = []
        self._coded: dict[int, str] = {}  # the codes of terms that have too many forms
        self._uses = array("I")
        self._free: list[int] = []
        self._unused: set[int] = set()
        self._far_reaching: set[int] = set()  # more of the text than the places tells whether they are words
        self._careful: set[int] = set()  # to be held against the article
        # Arrays, because to let go of a list of a million numbers takes longer than the event loop may stand still.
        self._created = array("I")  # since the big automaton was adopted
        self._generation = 0
        self._pending = array("I")
        self._delta: list[Sought] = []
        self._newest: Segment | None = None
        self._segments: list[tuple[Segment, list[Sought]]] = []
        self._base: Sequence[Segment] = ()

    @property
    def size(self) -> int:
        """All ids are below it."""
        return len(self._texts)

    def text(self, term: int) -> str:
        return self._texts[term]

    def ask(self, text: str) -> int:
        """The id of a term, by its canonical text, that one more asks for; it is found from now on."""
        term = self._id_of.get(text)
        if term is None:
            term = self._id_of[text] = self._new_id(text)
            self._pending.append(term)
            self._created.append(term)
            self._look_into(term, text)
            if is_careful_text(text):
                self._careful.add(term)
        elif not self._uses[term]:
            self._unused.remove(term)
        self._uses[term] += 1
        return term

    def reserve(self) -> int:
        """An id that no term has, for something else that articles may have."""
        return self._new_id("")

    def give_back(self, term: int) -> None:
        """A reserved id is free again."""
        self._free.append(term)

    def release(self, term: int) -> None:
        """One less asks for it."""
        self._uses[term] -= 1
        if not self._uses[term]:
            self._unused.add(term)

    def find(self, folded: str) -> set[int]:
        """The ids of all terms that stand in the folded text, perhaps some that nobody asks for any more."""
        searched = folded + self._words.encode(folded)
        found: set[int] = set()
        for segment in self._automata():
            met = self._met(segment, segment.automaton.find_overlapping(searched), folded)
            found = found | met if found else met
        return found

    def careful_in(self, found: Set[int]) -> Iterator[tuple[int, str]]:
        """Those of the ids whose terms may stand for something else than meant, with their texts."""
        if not self._careful.isdisjoint(found):
            yield from [(term, self._texts[term]) for term in self._careful & found]

    def count(self, folded: str, wanted: Set[int]) -> Counter[int]:
        """How often each of the wanted terms stands in the folded text."""
        searched = folded + self._words.encode(folded)
        counts: Counter[int] = Counter()
        for segment in self._automata():
            places = segment.automaton.find_overlapping(searched)
            numbers = Counter([segment.ids[number] for _, _, number in places])
            for which, times in numbers.items():
                if which < SHARED:
                    counts[which] += times
                elif which < DOUBTFUL:
                    counts.update(dict.fromkeys(segment.terms(which), times))
            doubted = {which for which in numbers if which >= DOUBTFUL and not wanted.isdisjoint(segment.terms(which))}
            if doubted:
                for start, end, number in places:
                    which = segment.ids[number]
                    if which in doubted and (start >= len(folded) or is_word_at(folded, start, end)):
                        counts.update(self._terms_at(segment, which, start, end, folded))
        for term in self._far_reaching & counts.keys():
            counts[term] = sum(1 for _ in words_at(self._words_of(term), folded))
        return counts

    def settle(self) -> Iterator[None]:
        """Makes the pending terms findable in steps of some 15 ms: in the newest automaton, in segments if many."""
        while self._pending:
            self._delta += [self._sought(term) for term in self._pending[:SPELLED_AT_A_TIME]]
            del self._pending[:SPELLED_AT_A_TIME]
            if len(self._delta) > SEGMENT - SPELLED_AT_A_TIME:
                self._add_segment()
            if self._pending:
                yield
        if len(self._delta) > DELTA:
            self._add_segment()
        self._newest = build_segment(self._delta)

    @property
    def waiting(self) -> int:
        """How many terms `settle` has yet to make findable."""
        return len(self._pending)

    @property
    def is_worth_building(self) -> bool:
        """Whether so much was added since the big automaton was built that a new one would be faster."""
        outside = len(self._pending) + len(self._delta) + sum(len(terms) for _, terms in self._segments)
        return outside >= max(WORTH_BUILDING, len(self._id_of) // 20)

    def snapshot(self, like: Iterable[str] = ()) -> Snapshot:
        """The beginning of a snapshot, to be completed by `pack`. See `Matcher.snapshot`."""
        snapshot = Snapshot(len(self._texts), self._generation, len(self._created))
        snapshot.parts.append(f"{BETWEEN_TEXTS.join(like)}{END_OF_TEXTS}".encode())
        return snapshot

    def pack(self, snapshot: Snapshot) -> Iterator[None]:
        """Completes the snapshot in steps of about a millisecond. Changes may be made between them."""
        for start in range(0, snapshot.size, PACKED_AT_A_TIME):
            end = min(snapshot.size, start + PACKED_AT_A_TIME)
            texts, uses = self._texts[start:end], self._uses[start:end]
            snapshot.unused += [start + n for n, text in enumerate(texts) if text and not uses[n]]
            asked = [self._coded.get(start + n, text) if uses[n] else "" for n, text in enumerate(texts)]
            snapshot.parts.append(BETWEEN_TERMS.join([*asked, ""]).encode())
            yield

    def adopt(self, snapshot: Snapshot, automata: Sequence[Segment]) -> None:
        """Takes over the big automata made of a snapshot; of two made at a time, the first that comes.

        The time it takes grows with what changed since, not with what the automaton holds.
        """
        if snapshot.generation != self._generation:
            return
        self._generation += 1
        self._base = automata
        self._segments, self._delta, self._newest = [], [], None
        self._pending, self._created = array("I"), self._created[snapshot.created :]
        unpacked = set(snapshot.unused)
        for term in dict.fromkeys((*snapshot.unused, *self._created)):
            is_packed = term < snapshot.size and term not in unpacked  # perhaps: the id was free and came into use
            if self._uses[term] or is_packed:
                self._pending.append(term)
            elif term in self._unused:
                self._forget(term)
        self._created = self._pending[:]

    def _add_segment(self) -> None:
        """Makes a segment of the delta, and of segments before it that are small enough."""
        terms, self._delta, self._newest = self._delta, [], None
        while self._segments and len(terms) + len(self._segments[-1][1]) <= SEGMENT:
            terms = self._segments.pop()[1] + terms
        segment = build_segment(terms)
        if segment is not None:
            self._segments.append((segment, terms))

    def _sought(self, term: int) -> Sought:
        return sought(term, self._coded.get(term) or self._texts[term])

    def _automata(self) -> Iterator[Segment]:
        if self._pending:
            deque(self.settle(), maxlen=0)
        yield from self._base
        yield from [segment for segment, _ in self._segments]
        if self._newest is not None:
            yield self._newest

    def _met(self, segment: Segment, places: list[Place], folded: str) -> set[int]:
        """The terms of what a segment found."""
        ids = segment.ids
        terms = {ids[number] for _, _, number in places}
        if max(terms, default=0) < SHARED:
            return terms
        others = [which for which in terms if which >= SHARED]
        terms.difference_update(others)
        doubted = set()
        for which in others:
            if which >= DOUBTFUL:
                doubted.add(which)
            else:
                terms.update(segment.terms(which))
        if doubted:
            terms.update(self._proved(doubted, segment, places, folded))
        return terms

    def _proved(self, doubted: set[int], segment: Segment, places: list[Place], folded: str) -> set[int]:
        """The terms of doubted literals; each is looked at in its places until it is a word there."""
        ids, end_of_words = segment.ids, len(folded)
        met: set[int] = set()
        for start, end, number in places:
            which = ids[number]
            if which in doubted and (start >= end_of_words or is_word_at(folded, start, end)):
                if which < UNPROVED:
                    met.add(which - DOUBTFUL)
                    doubted.remove(which)
                else:
                    met.update(self._terms_at(segment, which, start, end, folded))
        for term in self._far_reaching & met:
            if not is_word_in(self._words_of(term), folded):
                met.remove(term)
        return met

    def _terms_at(self, segment: Segment, which: int, start: int, end: int, folded: str) -> Iterable[int]:
        """The terms of a doubted literal that is a word there, or codes: then those which the coded words meet."""
        terms, coded = segment.terms(which), len(folded)
        if start < coded:
            return terms
        phrase = " ".join(folded.split(" ")[(start - coded) // CODE : (end - coded) // CODE])
        return [term for term in terms if self._is_proved(term, phrase)]

    def _is_proved(self, term: int, phrase: str) -> bool:
        """Whether a term whose codes were found is met by the words there."""
        if self._coded[term][0] == SURE or self._texts[term] == phrase:
            return True
        return phrase in phrases(self._words_of(term))

    def _words_of(self, term: int) -> str:
        return read_term(self._texts[term])[0]

    def _look_into(self, term: int, text: str) -> None:
        """Notes what is special about a new term."""
        if text.isascii():  # most are, and of those nothing is special
            return
        words, exact, prefix = read_term(text)
        if is_far_reaching(words):
            self._far_reaching.add(term)
        elif not (exact or prefix) and _has_many_forms(words):
            codes = self._words.code(choices(words))
            self._coded[term] = f"{SURE if codes.sure else UNSURE}{BETWEEN_CODES.join(codes.literals)}"

    def _new_id(self, text: str) -> int:
        if self._free:
            term = self._free.pop()
            self._texts[term] = text
            return term
        self._texts.append(text)
        self._uses.append(0)
        return len(self._texts) - 1

    def _forget(self, term: int) -> None:
        self._unused.remove(term)
        self._far_reaching.discard(term)
        self._careful.discard(term)
        self._coded.pop(term, None)
        del self._id_of[self._texts[term]]
        self._texts[term] = ""
        self._free.append(term)


def _has_many_forms(words: str) -> bool:
    """Whether words that all have ends stand in too many combinations of their forms to look for each."""
    ends = not is_open(words, prefix=False) and not _HAS_UNSPACED.search(words)
    return ends and choices(words).combinations > MOST_LITERALS
