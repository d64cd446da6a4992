"""Every article against all queries at once.

Literals of all queries are found in one pass over the folded article. A query of one term needs no more; any other is
filed under literals of which it needs at least one, those that are rarest, and looked at only when one is there. An
addition counts from the next article on, a removal at once.
"""

from collections.abc import Callable, Set
from dataclasses import dataclass

from bot.rules.matching_documents import BARRIER, Document, fold_document
from bot.rules.matching_hits import Hit, NearMiss, explain_match, hits_of, is_met, near_miss, strength
from bot.rules.matching_literals import Literals, Segment, Snapshot, build_automaton, open_automaton
from bot.rules.matching_plans import AnyOf, Flat, Ids, Plan, Some, anchor, holds, plan_of
from bot.rules.queries import Query
from bot.rules.query_checks import STOP_WORDS
from bot.rules.query_tree import Node

__all__ = [
    "BARRIER",
    "Document",
    "Hit",
    "Match",
    "Matcher",
    "NearMiss",
    "Snapshot",
    "build_automaton",
    "explain_match",
    "fold_document",
    "is_met",
    "near_miss",
    "open_automaton",
    "strength",
]


class Match:
    """A query met by an article.

    Attributes:
        query_id: whose match it is.
    """

    __slots__ = ("_document", "_hits", "_root", "query_id")

    def __init__(self, query_id: int, root: Node, document: Document) -> None:
        self.query_id = query_id
        self._root = root
        self._document = document
        self._hits: tuple[Hit, ...] | None = None

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Where, title first; worked out when first asked for, because most are never shown."""
        if self._hits is None:
            self._hits = hits_of(self._root, self._document)
        return self._hits

    def __repr__(self) -> str:
        return f"Match(query_id={self.query_id}, hits={self.hits})"


@dataclass(frozen=True, slots=True)
class _Filed:
    """A query in the matcher: what it asked for, and where it is filed."""

    root: Node
    asked: Ids  # with repetition, as each was counted
    anchors: Ids


class Matcher:
    """Holds queries by id and tells which of them an article meets.

    Args:
        frequency: how often a folded literal is in an article, by experience; only the order matters. Without it longer
            literals are taken to be rarer.
    """

    def __init__(self, frequency: Callable[[str], float] | None = None) -> None:
        self._frequency = frequency or _guessed_frequency
        self._literals = Literals()
        self._marks = _Marks(self._literals)
        self._filed: dict[int, _Filed] = {}
        self._simple: list[int | set[int] | None] = []  # by literal id
        self._other: dict[int, dict[int, Plan]] = {}

    def __len__(self) -> int:
        return len(self._filed)

    def __contains__(self, query_id: int) -> bool:
        return query_id in self._filed

    def add(self, query_id: int, query: Query) -> None:
        """From the next article on the query is matched; another one of the same id is replaced."""
        self.discard(query_id)
        asked: list[int] = []

        def number(field: str, literal: str) -> int:
            found = self._number(field, literal)
            asked.extend(found)
            return found[0]

        plan = plan_of(query.root, number)
        if isinstance(plan, AnyOf):
            anchors = plan.ids
            for literal_id in anchors:
                self._file(literal_id, query_id)
        else:
            anchors = self._file_parts(query_id, plan.parts if isinstance(plan, Some) else (plan,))
        counted = tuple(asked)
        self._filed[query_id] = _Filed(query.root, counted, counted if anchors == counted else anchors)

    def discard(self, query_id: int) -> None:
        """From now on the query is not matched; nothing happens when it was not."""
        filed = self._filed.pop(query_id, None)
        if filed is None:
            return
        for literal_id in filed.anchors:
            self._unfile(literal_id, query_id)
        for literal_id in filed.asked:
            (self._marks if literal_id in self._marks else self._literals).release(literal_id)

    def match(self, document: Document) -> list[Match]:
        """The queries that the article meets, in order of their ids."""
        return [Match(query_id, self._filed[query_id].root, document) for query_id in sorted(self.match_ids(document))]

    def match_ids(self, document: Document) -> set[int]:
        """The ids of the queries that the article meets."""
        found = self._found(document)
        met: set[int] = set()
        simple = self._simple
        for queries in [simple[literal_id] for literal_id in found]:
            if isinstance(queries, int):
                met.add(queries)
            elif queries:
                met |= queries
        self._add_composed(met, found, document)
        return met

    def _add_composed(self, met: set[int], found: set[int], document: Document) -> None:
        """The queries of several terms among them. Most plans are flat, and looked at here: a call each takes twice."""
        lacks = found.isdisjoint
        for literal_id in self._other.keys() & found:
            for query_id, plan in self._other[literal_id].items():
                if isinstance(plan, Flat):
                    for group in plan.groups:
                        if lacks(group):
                            break
                    else:
                        if lacks(plan.banned):
                            met.add(query_id)
                elif holds(plan, found, document):
                    met.add(query_id)

    @property
    def is_worth_building(self) -> bool:
        """Whether a new big automaton would make matching faster: see `snapshot`, `build_automaton`, `adopt`."""
        return self._literals.is_worth_building

    def snapshot(self) -> Snapshot:
        """What a new big automaton is to hold; give its `literals` to `build_automaton` in a worker process.

        What comes back goes to `adopt`; if it is big, through `open_automaton` in a thread before.
        """
        return self._literals.snapshot()

    def adopt(self, snapshot: Snapshot, automaton: Segment | bytes | None) -> None:
        """Takes over the big automaton built of the snapshot. Additions and removals since then stay."""
        self._literals.adopt(snapshot, automaton)

    def _number(self, field: str, literal: str) -> Ids:
        """The id under which a literal or fact is found, followed by that of the literal beneath it."""
        if field == "fact":
            return (self._marks.ask("fact", literal),)
        literal_id = self._literals.ask(literal)
        return (self._marks.ask(field, literal_id), literal_id) if field else (literal_id,)

    def _found(self, document: Document) -> set[int]:
        found = self._literals.find(document.folded)
        if len(self._simple) < self._literals.size:
            self._simple.extend([None] * (self._literals.size - len(self._simple)))
        for field in self._marks.fields:
            present = document.facts if field == "fact" else self._literals.find(document.folded_fields[field])
            found.update(self._marks.of(field, present))
        return found

    def _file_parts(self, query_id: int, parts: tuple[Plan, ...]) -> Ids:
        """Each alternative by itself where it is rarest, so that it is looked at without the others."""
        anchors: set[int] = set()
        for part in parts:
            for literal_id in set(anchor(part, self._cost)[1]):
                plans = self._other.setdefault(literal_id, {})
                plans[query_id] = Some((plans[query_id], part)) if query_id in plans else part
                anchors.add(literal_id)
        return tuple(anchors)

    def _file(self, literal_id: int, query_id: int) -> None:
        """A lone query is kept as a number, because a set of one takes 200 bytes more."""
        if len(self._simple) <= literal_id:
            self._simple.extend([None] * (self._literals.size - len(self._simple)))
        queries = self._simple[literal_id]
        if queries is None or queries == query_id:
            self._simple[literal_id] = query_id
        elif isinstance(queries, int):
            self._simple[literal_id] = {queries, query_id}
        else:
            queries.add(query_id)

    def _unfile(self, literal_id: int, query_id: int) -> None:
        others = self._other.get(literal_id)
        if others and others.pop(query_id, None) is not None:
            if not others:
                del self._other[literal_id]
            return
        queries = self._simple[literal_id]
        if isinstance(queries, set):
            queries.discard(query_id)
            self._simple[literal_id] = queries if len(queries) > 1 else queries.pop()
        else:
            self._simple[literal_id] = None

    def _cost(self, literal_id: int) -> float:
        if literal_id in self._marks:
            return self._marks.cost(literal_id)
        return self._frequency(self._literals.text(literal_id))


class _Marks:
    """Ids for facts and for literals that count in one field only."""

    def __init__(self, literals: Literals) -> None:
        self._literals = literals
        self._ids: dict[str, dict[str | int, int]] = {}
        self._keys: dict[int, tuple[str, str | int, int]] = {}  # id to field, key, uses

    def __contains__(self, mark: int) -> bool:
        return mark in self._keys

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self._ids)

    def ask(self, field: str, key: str | int) -> int:
        ids = self._ids.setdefault(field, {})
        mark = ids.get(key)
        if mark is None:
            mark = ids[key] = self._literals.reserve()
        self._keys[mark] = (field, key, self._keys.get(mark, ("", "", 0))[2] + 1)
        return mark

    def release(self, mark: int) -> None:
        field, key, uses = self._keys[mark]
        if uses > 1:
            self._keys[mark] = (field, key, uses - 1)
            return
        del self._keys[mark], self._ids[field][key]
        self._literals.give_back(mark)
        if not self._ids[field]:
            del self._ids[field]

    def of(self, field: str, present: Set[str] | Set[int]) -> list[int]:
        """The marks in this field of what is present there."""
        ids = self._ids[field]
        return [ids[key] for key in ids.keys() & present]

    def cost(self, mark: int) -> float:
        """A language is in a great many articles, a site, tag, author or title word in few."""
        field, key, _ = self._keys[mark]
        return 1.0 if field == "fact" and str(key).startswith("lang:") else 0.05


def _guessed_frequency(literal: str) -> float:
    words = literal.split()
    if all(word in STOP_WORDS for word in words):
        return 1.0
    return 1.0 / (1 + len(literal)) / (1 + len(words) if literal.isascii() else 1)
