"""Automata that find literals in a text, each knowing which terms its literals stand for."""

from array import array
from collections.abc import Iterable, Iterator
from math import inf

from daachorse import CharwiseDoubleArrayAhoCorasick as Automaton

from bot.rules.matching_places import is_doubtful
from bot.rules.matching_terms import Sought, sought

SHARED = 1 << 30  # from which on a number isn't that of a term alone: several terms, from a place in `more` on
DOUBTFUL = 2 << 30  # … that of a term which is met only where the literal is a word
UNPROVED = 3 << 30  # … several terms of which any may be met, from a place in `more` on
BETWEEN_TERMS = "\0"
BETWEEN_TEXTS = "\x1d"
END_OF_TEXTS = "\x1c"
PREFILTERED = 2_000  # literals up to which it pays to skip what none of them begins with
MOST_TOGETHER = 12_000_000  # characters of one automaton's literals: up to a gigabyte while it is built
_ID_BYTES = 4
_SIZE_BYTES = 8

Place = tuple[int, int, int]  # start, end, number of the literal


class Segment:
    """An automaton over distinct literals.

    Attributes:
        ids: by number of the literal: the term that it proves, or a number from `SHARED` on, which says more.
        more: how many terms, then the terms; again and again.
    """

    __slots__ = ("automaton", "ids", "more")

    def __init__(self, ids: "array[int]", more: "array[int]", automaton: Automaton) -> None:
        self.ids = ids
        self.more = more
        self.automaton = automaton

    def terms(self, number: int) -> "array[int]":
        """The terms of a number from `SHARED` on."""
        if DOUBTFUL <= number < UNPROVED:
            return array("I", [number - DOUBTFUL])
        place = number % SHARED
        return self.more[place + 1 : place + 1 + self.more[place]]


def build_segment(terms: Iterable[Sought]) -> Segment | None:
    """A segment of terms by what is looked for in their place; None of none."""
    ids, more, literals = _numbered(iter(terms))
    return Segment(ids, more, _automaton(literals)) if literals else None


def _automaton(literals: list[str], texts: list[str] | None = None) -> Automaton:
    """An automaton that is fastest in such texts: what they lead to stands close together in its memory."""
    return Automaton(literals, corpus=texts, use_prefilter=len(literals) <= PREFILTERED)


def _numbered(terms: Iterator[Sought], most: float = inf) -> tuple["array[int]", "array[int]", list[str]]:
    """Of terms, until their literals have so many characters: `Segment.ids`, `Segment.more` and the literals."""
    owners: dict[str, int | list[int]] = {}
    characters = 0
    unsure: set[str] = set()
    for term, literals, is_sure in terms:
        if not is_sure:
            unsure.update(literals)
        for literal in literals:
            owner = owners.get(literal)
            if owner is None:
                owners[literal] = term
                characters += len(literal)
            elif isinstance(owner, int):
                owners[literal] = [owner, term]
            else:
                owner.append(term)
        if characters >= most:
            break
    ids, more = array("I"), array("I")
    for literal, owner in owners.items():
        doubted = is_doubtful(literal)
        if isinstance(owner, int) and literal not in unsure:
            ids.append(DOUBTFUL + owner if doubted else owner)
            continue
        several = [owner] if isinstance(owner, int) else owner
        ids.append((UNPROVED if doubted or literal in unsure else SHARED) + len(more))
        more.append(len(several))
        more.extend(several)
    return ids, more, list(owners)


def build_automata(packed: bytes, most: int = MOST_TOGETHER) -> Iterator[bytes]:
    """The big automata of a snapshot, packed too, each of about so many characters, so that it is built in a gigabyte.

    Pure and slow, half a minute for a million terms in all their forms: for a worker process.
    """
    sample, _, asked = packed.decode().rpartition(END_OF_TEXTS)
    like = sample.split(BETWEEN_TEXTS)
    terms = (sought(term, text) for term, text in enumerate(asked.split(BETWEEN_TERMS)) if text)
    while True:
        ids, more, literals = _numbered(terms, most)
        if not literals:
            return
        sizes = b"".join(len(part).to_bytes(_SIZE_BYTES, "big") for part in (ids, more))
        yield b"".join((_automaton(literals, like).serialize(), ids.tobytes(), more.tobytes(), sizes))


def open_automaton(packed: bytes) -> Segment:
    """Unpacks what `build_automata` made; 0.1 s for the biggest, mostly without the GIL."""
    end, arrays = len(packed) - 2 * _SIZE_BYTES, []
    for number in (1, 2):
        place = len(packed) - number * _SIZE_BYTES
        start = end - _ID_BYTES * int.from_bytes(packed[place : place + _SIZE_BYTES], "big")
        arrays.append(array("I"))
        arrays[-1].frombytes(packed[start:end])
        end = start
    more, ids = arrays
    # The automaton stands first and is read up to its end, because to cut it out would copy it while nothing else runs.
    return Segment(ids, more, Automaton.deserialize(packed))
