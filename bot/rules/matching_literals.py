"""Literals of all queries, found in an article in one pass each of a few automata.

A big automaton holds nearly all literals and never changes; what came after stands in small ones, cheap to build.
The big one is built anew in another process now and then: `snapshot` says of what, `build_automaton` builds it there,
`open_automaton` unpacks it in a thread, `adopt` takes it over; none of it keeps the event loop for long. A literal that
nobody asks for any more stays where it is until then.
"""

from array import array
from dataclasses import dataclass
from operator import itemgetter

from daachorse import CharwiseDoubleArrayAhoCorasick as Automaton

DELTA = 256  # literals of the newest automaton, which is built again for every addition: 0.5 ms
SEGMENT = 4_096  # literals of the biggest automaton that is put together in place: 12 ms
WORTH_BUILDING = 4 * SEGMENT  # literals outside the big automaton, from which on a new one pays
ID_BYTES = 4

_number = itemgetter(2)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a new big automaton is to hold, as it was when this was taken.

    Attributes:
        literals: by id; empty for an id without a literal that is asked for.
        unused: ids whose literals nobody asked for.
        generation: how many automata had been adopted.
        created: how many literals had come since.
    """

    literals: list[str]
    unused: frozenset[int]
    generation: int
    created: int


def build_automaton(literals: list[str]) -> bytes:
    """An automaton over the literals of a snapshot, packed; of none, nothing.

    Pure and slow, 10 s for a million: for a worker process.
    """
    ids = array("I", [literal_id for literal_id, literal in enumerate(literals) if literal])
    if not ids:
        return b""
    automaton = bytes(Automaton([literals[literal_id] for literal_id in ids]).serialize())
    return len(ids).to_bytes(8, "big") + ids.tobytes() + automaton


def open_automaton(packed: bytes) -> "Segment | None":
    """Unpacks what `build_automaton` made; None where it holds nothing. 0.1 s for a million, without the GIL."""
    if not packed:
        return None
    size = int.from_bytes(packed[:8], "big") * ID_BYTES
    ids = array("I")
    ids.frombytes(packed[8 : 8 + size])
    return Segment(ids, Automaton.deserialize(packed[8 + size :]))


class Segment:
    """An automaton and the ids of its patterns."""

    def __init__(self, ids: "array[int]", automaton: Automaton) -> None:
        self.ids = ids
        self.automaton = automaton


class Literals:
    """Numbers literals, counts who asks for each, and finds them in texts."""

    def __init__(self) -> None:
        self._id_of: dict[str, int] = {}
        self._texts: list[str] = []
        self._uses = array("I")
        self._free: list[int] = []
        self._unused: set[int] = set()
        self._created: list[int] = []  # since the big automaton was adopted
        self._generation = 0
        self._pending: list[int] = []
        self._delta: list[int] = []
        self._newest: Segment | None = None
        self._segments: list[Segment] = []
        self._base: Segment | None = None

    @property
    def size(self) -> int:
        """All ids are below it."""
        return len(self._texts)

    def text(self, literal_id: int) -> str:
        return self._texts[literal_id]

    def ask(self, literal: str) -> int:
        """The id of a literal that one more asks for; it is found from now on."""
        literal_id = self._id_of.get(literal)
        if literal_id is None:
            literal_id = self._id_of[literal] = self._new_id(literal)
            self._pending.append(literal_id)
            self._created.append(literal_id)
        elif not self._uses[literal_id]:
            self._unused.remove(literal_id)
        self._uses[literal_id] += 1
        return literal_id

    def reserve(self) -> int:
        """An id that no literal has, for something else that articles may have."""
        return self._new_id("")

    def give_back(self, literal_id: int) -> None:
        """A reserved id is free again."""
        self._free.append(literal_id)

    def release(self, literal_id: int) -> None:
        """One less asks for it."""
        self._uses[literal_id] -= 1
        if not self._uses[literal_id]:
            self._unused.add(literal_id)

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
        literals = self._texts.copy()
        for literal_id in self._unused:
            literals[literal_id] = ""
        return Snapshot(literals, frozenset(self._unused), self._generation, len(self._created))

    def adopt(self, snapshot: Snapshot, automaton: Segment | bytes | None) -> None:
        """Takes over the big automaton made of a snapshot; of two made at a time, the first that comes.

        The time it takes grows with what changed since, not with what the automaton holds.
        """
        if snapshot.generation != self._generation:
            return
        self._generation += 1
        self._base = open_automaton(automaton) if isinstance(automaton, bytes) else automaton
        self._segments, self._delta, self._newest = [], [], None
        self._pending, self._created = [], self._created[snapshot.created :]
        for literal_id in (*snapshot.unused, *self._created):
            if self._uses[literal_id]:
                self._pending.append(literal_id)
            else:
                self._forget(literal_id)
        self._created = self._pending.copy()

    def _new_id(self, literal: str) -> int:
        if self._free:
            literal_id = self._free.pop()
            self._texts[literal_id] = literal
            return literal_id
        self._texts.append(literal)
        self._uses.append(0)
        return len(self._texts) - 1

    def _forget(self, literal_id: int) -> None:
        self._unused.remove(literal_id)
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

    def _built(self, ids: list[int]) -> Segment:
        return Segment(array("I", ids), Automaton([self._texts[literal_id] for literal_id in ids]))
