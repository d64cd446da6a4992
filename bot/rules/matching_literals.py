"""The terms of all queries, found in an article in one pass each of a few automata.

A term is numbered and counted by its canonical text. What is looked for in its place are the codes of its words
(`matching_words`), or substrings of the folded text where words have no ends: in Chinese, Japanese, Thai, Korean, and
for prefixes. A term of one word is looked up by its code (`matching_singles`). All others go into the same automata,
and the text that they search is an article's codes followed by its folded text.

A big automaton holds nearly all terms and never changes; what came after stands in small ones, cheap to build. The big
one is built anew in another process now and then: `snapshot` and `pack` say of what, `build_automaton` builds it there,
`open_automaton` unpacks it in a thread, `adopt` takes it over; none of it keeps the event loop for long. A term that
nobody asks for any more stays where it is until then.
"""

import re
from array import array
from collections import Counter, deque
from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from bot.rules.matching_places import is_doubtful, is_far_reaching, is_word_at, is_word_in, words_at
from bot.rules.matching_segments import (
    BETWEEN_LITERALS,
    BETWEEN_TERMS,
    CAREFUL,
    SINGLE,
    UNSURE,
    Place,
    Segment,
    build_segment,
    number_of,
    open_automaton,
)
from bot.rules.matching_singles import SingleWords
from bot.rules.matching_words import CODE, WordCodes
from bot.rules.query_forms import as_written, choices, is_open, patterns, phrases
from bot.rules.query_names import is_careful_text, is_name_text, word_of
from bot.rules.query_reader import plain_words
from bot.rules.query_tree import Term
from summarizer.folding import UNSPACED, fold_words

DELTA = 256  # terms of the newest automaton, which is built again for every addition: 0.5 ms
SEGMENT = 4_096  # terms of the biggest automaton that is put together in place: 15 ms
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
        parts: the packed terms, by id; joined they are for `build_automaton`.
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
        self._singles = SingleWords(self._is_proved)
        self._id_of: dict[str, int] = {}
        self._texts: list[str] = []
        self._coded: list[str] = []
        self._uses = array("I")
        self._free: list[int] = []
        self._unused: set[int] = set()
        self._doubtful: set[int] = set()  # to be looked at where they are found
        self._far_reaching: set[int] = set()  # of those, what more of the text than the places tells of
        self._careful: set[int] = set()  # to be held against the article
        self._has_plain_parts = False  # whether a term of plain letters was ever asked for that is no whole words
        # Arrays, because to let go of a list of a million numbers takes longer than the event loop may stand still.
        self._created = array("I")  # since the big automaton was adopted
        self._generation = 0
        self._pending = array("I")
        self._delta = array("I")
        self._newest: Segment | None = None
        self._segments: list[tuple[Segment, array[int]]] = []
        self._base: Segment | None = None

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
            coded, doubtful = self._code(text)
            term = self._id_of[text] = self._new_id(text, coded)
            if coded[0] == SINGLE:
                self._singles.add(term, _single_codes(coded), sure=coded[1] != UNSURE)
            else:
                self._pending.append(term)
                self._created.append(term)
            if doubtful:
                self._doubtful.add(term)
                if is_far_reaching(coded):
                    self._far_reaching.add(term)
            if is_careful_text(text):
                self._careful.add(term)
        elif not self._uses[term]:
            self._unused.remove(term)
        self._uses[term] += 1
        return term

    def reserve(self) -> int:
        """An id that no term has, for something else that articles may have."""
        return self._new_id("", "")

    def give_back(self, term: int) -> None:
        """A reserved id is free again."""
        self._free.append(term)

    def release(self, term: int) -> None:
        """One less asks for it."""
        self._uses[term] -= 1
        if self._uses[term]:
            return
        coded = self._coded[term]
        if coded[0] == SINGLE:
            self._singles.remove(term, _single_codes(coded))
            self._free_id(term)
        else:
            self._unused.add(term)

    def find(self, folded: str) -> set[int]:
        """The ids of all terms that stand in the folded text, perhaps some that nobody asks for any more."""
        words = folded.split(" ")
        codes = self._words.encode(words)
        searched = self._searched(codes, folded)
        found = self._singles.find(codes, words)
        seen = []
        for segment in self._automata():
            places = segment.automaton.find_overlapping(searched)
            seen.append((segment, places))
            terms = set(map(segment.ids.__getitem__, set(map(number_of, places))))
            if segment.more and max(terms, default=0) >= CAREFUL:
                terms = {term for term in terms if term < CAREFUL}
                terms.update(self._proved(segment, places, words))
            found |= terms
        if not self._doubtful.isdisjoint(found):
            found -= self._no_words(self._doubtful & found, seen, len(searched) - len(folded), folded)
        return found

    def careful_in(self, found: Set[int]) -> Iterator[tuple[int, str]]:
        """Those of the ids whose terms may stand for something else than meant, with their texts."""
        if not self._careful.isdisjoint(found):
            yield from [(term, self._texts[term]) for term in self._careful & found]

    def count(self, folded: str, wanted: Set[int]) -> Counter[int]:
        """How often each of the wanted terms stands in the folded text."""
        words = folded.split(" ")
        codes = self._words.encode(words)
        searched = self._searched(codes, folded)
        counts = self._singles.count(codes, words)
        for segment in self._automata():
            places = segment.automaton.find_overlapping(searched)
            for number, times in Counter(map(number_of, places)).items():
                counts[segment.ids[number]] += times
            if segment.more and max(counts, default=0) >= CAREFUL:
                counts = Counter({term: times for term, times in counts.items() if term < CAREFUL})
                counts.update(self._proved(segment, places, words))
        for term in self._doubtful & wanted:
            counts[term] = sum(1 for _ in words_at(self._coded[term], folded))
        return counts

    @property
    def is_worth_building(self) -> bool:
        """Whether so much was added since the big automaton was built that a new one would be faster."""
        outside = len(self._pending) + len(self._delta) + sum(len(terms) for _, terms in self._segments)
        return outside >= max(WORTH_BUILDING, len(self._id_of) // 10)

    def snapshot(self) -> Snapshot:
        """The beginning of a snapshot, to be completed by `pack`."""
        return Snapshot(len(self._texts), self._generation, len(self._created))

    def pack(self, snapshot: Snapshot) -> Iterator[None]:
        """Completes the snapshot in steps of about a millisecond. Changes may be made between them."""
        for start in range(0, snapshot.size, PACKED_AT_A_TIME):
            end = min(snapshot.size, start + PACKED_AT_A_TIME)
            coded, uses = self._coded[start:end], self._uses[start:end]
            snapshot.unused += [start + n for n, text in enumerate(coded) if text and not uses[n]]
            asked = [text if uses[n] and text[0] != SINGLE else "" for n, text in enumerate(coded)]
            snapshot.parts.append(BETWEEN_TERMS.join([*asked, ""]).encode())
            yield

    def adopt(self, snapshot: Snapshot, automaton: Segment | bytes | None) -> None:
        """Takes over the big automaton made of a snapshot; of two made at a time, the first that comes.

        The time it takes grows with what changed since, not with what the automaton holds.
        """
        if snapshot.generation != self._generation:
            return
        self._generation += 1
        self._base = open_automaton(automaton) if isinstance(automaton, bytes) else automaton
        self._segments, self._delta, self._newest = [], array("I"), None
        self._pending, self._created = array("I"), self._created[snapshot.created :]
        unpacked = set(snapshot.unused)
        for term in dict.fromkeys((*snapshot.unused, *self._created)):
            is_packed = term < snapshot.size and term not in unpacked  # perhaps: the id was free and came into use
            if self._uses[term] or is_packed:
                self._pending.append(term)
            elif term in self._unused:
                self._forget(term)
        self._created = self._pending[:]

    def _searched(self, codes: list[str], folded: str) -> str:
        """What automata search: of a text of plain letters its codes alone, as long as nobody asks for a prefix."""
        return "".join(codes) if not self._has_plain_parts and folded.isascii() else "".join((*codes, folded))

    def _automata(self) -> Iterator[Segment]:
        if self._pending:
            deque(self.settle(), maxlen=0)
        for segment in (self._base, *[segment for segment, _ in self._segments], self._newest):
            if segment is not None:
                yield segment

    def _proved(self, segment: Segment, places: list[Place], words: list[str]) -> Iterator[int]:
        """The terms that are not proved by their literals, but by the words in their place; each as often as it is."""
        ids = segment.ids
        for start, end, number in places:
            if ids[number] >= CAREFUL:
                phrase = " ".join(words[start // CODE : end // CODE])
                for term in segment.terms(ids[number] - CAREFUL):
                    if self._is_proved(term, phrase):
                        yield term

    def _no_words(
        self, doubted: set[int], seen: list[tuple[Segment, list[Place]]], offset: int, folded: str
    ) -> set[int]:
        """Those of the doubted terms that are no word anywhere; each is looked at in its places until it is one."""
        literals = self._coded
        left = doubted - self._far_reaching
        others = {term for term in doubted & self._far_reaching if not is_word_in(literals[term], folded)}
        for segment, places in seen:
            ids = segment.ids
            for start, end, number in places:
                if start < offset:
                    continue
                term = ids[number]
                several = segment.terms(term - CAREFUL) if term >= CAREFUL else (term,)
                if not left.isdisjoint(several) and is_word_at(folded, start - offset, end - offset):
                    left.difference_update(several)
        return left | others

    def _is_proved(self, term: int, phrase: str) -> bool:
        """Whether a term whose literal was found is met by the words there."""
        if UNSURE not in self._coded[term][:2] or self._texts[term] == phrase:
            return True
        words, exact, _ = _read(self._texts[term])
        return phrase == words or (not exact and phrase in phrases(words))

    def _code(self, text: str) -> tuple[str, bool]:
        """What is looked for in place of a term, and whether it is to be looked at where it was found."""
        words, exact, prefix = _read(text)
        if is_open(words, prefix=prefix) or (not words.isascii() and _HAS_UNSPACED.search(words)):
            literals = patterns(Term(words, exact=exact, prefix=prefix))
            self._has_plain_parts = self._has_plain_parts or any(map(str.isascii, literals))
            return BETWEEN_LITERALS.join(literals), is_doubtful(literals[0])
        coded = self._words.code(as_written(words) if exact else choices(words))
        single = SINGLE if all(len(literal) == CODE for literal in coded.literals) else ""
        return f"{single}{'' if coded.sure else UNSURE}{BETWEEN_LITERALS.join(coded.literals)}", False

    def _new_id(self, text: str, coded: str) -> int:
        if self._free:
            term = self._free.pop()
            self._texts[term] = text
            self._coded[term] = coded
            return term
        self._texts.append(text)
        self._coded.append(coded)
        self._uses.append(0)
        return len(self._texts) - 1

    def _forget(self, term: int) -> None:
        self._unused.remove(term)
        self._doubtful.discard(term)
        self._far_reaching.discard(term)
        self._free_id(term)

    def _free_id(self, term: int) -> None:
        self._careful.discard(term)
        del self._id_of[self._texts[term]]
        self._texts[term] = self._coded[term] = ""
        self._free.append(term)

    def settle(self) -> Iterator[None]:
        """Makes the pending terms findable in steps of some 15 ms: in the newest automaton, in segments if many."""
        while len(self._pending) > SEGMENT:
            self._add_segment(self._pending[:SEGMENT])
            del self._pending[:SEGMENT]
            yield
        self._delta.extend(self._pending)
        self._pending = array("I")
        if len(self._delta) <= DELTA:
            self._newest = self._built(self._delta)
            return
        terms, self._delta, self._newest = self._delta, array("I"), None
        while self._segments and len(terms) + len(self._segments[-1][1]) <= SEGMENT:
            terms = self._segments.pop()[1] + terms
        self._add_segment(terms)

    def _add_segment(self, terms: "array[int]") -> None:
        segment = self._built(terms)
        if segment is not None:
            self._segments.append((segment, terms))

    def _built(self, terms: "array[int]") -> Segment | None:
        return build_segment((term, self._coded[term]) for term in terms if self._coded[term])


def _single_codes(coded: str) -> list[str]:
    return coded.lstrip(SINGLE + UNSURE).split(BETWEEN_LITERALS)


def term_of(text: str) -> Term:
    """The term of a canonical text without a field."""
    words, exact, prefix = _read(text)
    return Term(words, exact=exact, prefix=prefix)


def _read(text: str) -> tuple[str, bool, bool]:
    """A term's words, whether they are exact, and whether the last may go on. Folding what was spelled gives them."""
    if is_name_text(text):
        return word_of(text), False, False
    words = plain_words(text) or " ".join(fold_words(text.strip('"').removesuffix("*")))
    return words, text[0] == '"', text[-1] == "*"
