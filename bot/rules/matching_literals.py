"""Literals of all queries, found in an article in one pass each of a few automata.

A big automaton holds nearly all literals and never changes; what came after stands in small ones, cheap to build.
The big one is built anew in another process now and then: `snapshot` says of what, `build_automaton` builds it there,
`adopt` takes it over. A literal that nobody asks for any more stays where it is until then.
"""

from array import array
from dataclasses import dataclass
from operator import itemgetter

from daachorse import CharwiseDoubleArrayAhoCorasick as Automaton

DELTA = 256  # literals of the newest automaton, which is built again for every addition: 0.5 ms
SEGMENT = 4_096  # literals of the biggest automaton that is put together in place: 12 ms
WORTH_BUILDING = 4 * SEGMENT  # literals outside the big automaton, from which on a new one pays

_number = itemgetter(2)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a new big automaton is to hold: literals and their ids, as they were when it was taken."""

    ids: "array[int]"
    literals: list[str]


def build_automaton(literals: list[str]) -> bytes:
    """An automaton over distinct literals, serialised. Pure and slow (10 s for a million): for a worker process."""
    return bytes(Automaton(literals).serialize()) if literals else b""


class _Segment:
    """An automaton and the ids of its patterns."""

    def __init__(self, ids: "array[int]", automaton: Automaton) -> None:
        self.ids = ids
        self.automaton = automaton


class Literals:
    """Numbers literals, counts who asks for each, and finds them in texts."""

    def __init__(self) -> None:
        self._id_of: dict[str, int] = {}
        self._texts: list[str] = []
        self._uses = array("L")
        self._free: list[int] = []
        self._pending: list[int] = []
        self._delta: list[int] = []
        self._newest: _Segment | None = None
        self._segments: list[_Segment] = []
        self._base: _Segment | None = None

    def text(self, literal_id: int) -> str:
        return self._texts[literal_id]

    def ask(self, literal: str) -> int:
        """The id of a literal that one more asks for; it is found from now on."""
        literal_id = self._id_of.get(literal)
        if literal_id is None:
            literal_id = self._id_of[literal] = self._new_id(literal)
            self._pending.append(literal_id)
        self._uses[literal_id] += 1
        return literal_id

    def release(self, literal_id: int) -> None:
        """One less asks for it."""
        self._uses[literal_id] -= 1

    def find(self, folded: str) -> set[int]:
        """The ids of all literals that the folded text contains, perhaps some that nobody asks for any more."""
        if self._pending:
            self._settle()
        found: set[int] = set()
        for segment in (self._base, *self._segments, self._newest):
            if segment is not None:
                ids = segment.ids
                found.update([ids[number] for number in set(map(_number, segment.automaton.find_overlapping(folded)))])
        return found

    @property
    def is_worth_building(self) -> bool:
        """Whether so much was added since the big automaton was built that a new one would be faster."""
        outside = len(self._pending) + len(self._delta) + sum(len(segment.ids) for segment in self._segments)
        return outside >= max(WORTH_BUILDING, len(self._id_of) // 10)

    def snapshot(self) -> Snapshot:
        """The literals that are asked for now."""
        ids = array("L", [literal_id for literal_id in self._id_of.values() if self._uses[literal_id]])
        return Snapshot(ids, [self._texts[literal_id] for literal_id in ids])

    def adopt(self, snapshot: Snapshot, automaton: bytes) -> None:
        """Takes over the big automaton that `build_automaton` made of the snapshot's literals."""
        self._base = _Segment(snapshot.ids, Automaton.deserialize(automaton)) if automaton else None
        held = bytearray(len(self._texts))
        for literal_id in snapshot.ids:
            held[literal_id] = 1
        later = [literal_id for literal_id in self._id_of.values() if not held[literal_id]]
        self._segments, self._delta, self._newest = [], [], None
        self._pending = [literal_id for literal_id in later if self._uses[literal_id]]
        for literal_id in later:
            if not self._uses[literal_id]:
                self._forget(literal_id)

    def _new_id(self, literal: str) -> int:
        if self._free:
            literal_id = self._free.pop()
            self._texts[literal_id] = literal
            return literal_id
        self._texts.append(literal)
        self._uses.append(0)
        return len(self._texts) - 1

    def _forget(self, literal_id: int) -> None:
        del self._id_of[self._texts[literal_id]]
        self._texts[literal_id] = ""
        self._free.append(literal_id)

    def _settle(self) -> None:
        """Makes the pending literals findable: in the newest automaton, in a segment when they are more."""
        self._delta.extend(self._pending)
        self._pending = []
        if len(self._delta) <= DELTA:
            self._newest = self._built(self._delta)
            return
        ids, self._delta, self._newest = self._delta, [], None
        while self._segments and len(ids) + len(self._segments[-1].ids) <= SEGMENT:
            ids = [*self._segments.pop().ids, *ids]
        self._segments.append(self._built(ids))

    def _built(self, ids: list[int]) -> _Segment:
        return _Segment(array("L", ids), Automaton([self._texts[literal_id] for literal_id in ids]))
