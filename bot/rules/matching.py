"""Every article against all queries at once.

Terms of all queries are found in one pass over the folded article. A query of one term needs no more; any other is
filed under terms of which it needs at least one, those that are rarest, and looked at only when one is there. An
addition counts from the next article on, a removal at once.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from typing import NamedTuple, TypeAlias

from bot.rules.matching_documents import BARRIER, Document, fold_document
from bot.rules.matching_filing import ENOUGH, Filed
from bot.rules.matching_hits import Hit, NearMiss, explain_match, hits_of, is_meant, is_met, near_miss
from bot.rules.matching_literals import Literals, Snapshot
from bot.rules.matching_marks import Marks
from bot.rules.matching_passing import is_in_passing, is_rare, strength
from bot.rules.matching_plans import AnyOf, Flat, Ids, Plan, Some, anchor, grammar, plan_of, wanted
from bot.rules.matching_regexes import RegexSearch
from bot.rules.matching_segments import Segment, build_automata, open_automaton
from bot.rules.matching_strength import IN_PASSING, Sightings
from bot.rules.queries import Query, parse_query
from bot.rules.query_checks import STOP_WORDS
from bot.rules.query_names import is_name_text, word_of
from bot.rules.query_reader import is_plain_term, read_canonical, read_plain
from bot.rules.query_tree import Node, Term

__all__ = [
    "BARRIER",
    "Document",
    "Hit",
    "Match",
    "Matcher",
    "NearMiss",
    "Snapshot",
    "build_automata",
    "explain_match",
    "fold_document",
    "guessed_frequency",
    "is_met",
    "near_miss",
    "open_automaton",
    "strength",
]


class Match:
    """A query met by an article.

    Attributes:
        query_id: whose match it is.
        strength: how much the article is about it, 0..1, as `strength` says of the hits but for close cases; 0 where
            it is there in passing only.
    """

    __slots__ = ("_canonical", "_document", "_hits", "query_id", "strength")

    def __init__(self, query_id: int, strength: float, canonical: str, document: Document) -> None:
        self.query_id = query_id
        self.strength = strength
        self._canonical = canonical
        self._document = document
        self._hits: tuple[Hit, ...] | None = None

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Where, title first, terms in canonical words; worked out when first asked for: most are never shown."""
        if self._hits is None:
            self._hits = hits_of(read_canonical(self._canonical), self._document)
        return self._hits

    def __repr__(self) -> str:
        return f"Match(query_id={self.query_id}, hits={self.hits})"


_Parts: TypeAlias = list[tuple[int, Plan]]
"""What of a plan to look at where a term is found."""


class _Composed(NamedTuple):
    """A query that is more than one term anywhere: what it asks for, and where it is filed."""

    canonical: str
    plan: Plan
    asked: Ids  # with repetition, as each was counted
    anchors: Ids


class Matcher:
    """Holds queries by id and tells which of them an article meets.

    A query of one term, as most are, is kept as a number in two tables and no object of its own, so that a million of
    them take no more memory than their texts do several times over.

    Args:
        frequency: how often folded words are in an article, by experience; only the order matters. Without it longer
            terms are taken to be rarer.
    """

    def __init__(self, frequency: Callable[[str], float] | None = None) -> None:
        self._frequency = frequency or guessed_frequency
        self._literals = Literals()
        self._marks = Marks(self._literals)
        self._regexes = RegexSearch()
        self._lone: dict[int, int] = {}  # queries of one term, and its id
        self._composed: dict[int, _Composed] = {}
        self._filed = Filed()

    def __len__(self) -> int:
        return len(self._lone) + len(self._composed)

    def __contains__(self, query_id: int) -> bool:
        return query_id in self._lone or query_id in self._composed

    def add(self, query_id: int, query: Query) -> None:
        """From the next article on the query is matched; another one of the same id is replaced."""
        self.discard(query_id)
        if isinstance(query.root, Term) and not query.root.field:
            self._add_lone(query_id, query.canonical)
        else:
            self._add_composed(query_id, query.canonical, query.root)

    def add_canonical(self, query_id: int, canonical: str) -> None:
        """As `add`, several times as fast, for what is known to be a query's canonical text. Raises QueryError."""
        if is_plain_term(canonical):
            self.discard(query_id)
            self._add_lone(query_id, canonical)
            return
        asked: list[int] = []

        def ask(text: str) -> int:
            asked.append(self._literals.ask(text))
            return asked[-1]

        plan = read_plain(canonical, grammar(ask))
        if plan is not None:
            self.discard(query_id)
            self._add_plan(query_id, canonical, plan, tuple(asked))
            return
        for term in asked:
            self._literals.release(term)
        self.add(query_id, parse_query(canonical, regexes=True))

    def discard(self, query_id: int) -> None:
        """From now on the query is not matched; nothing happens when it was not."""
        lone = self._lone.pop(query_id, None)
        if lone is not None:
            self._filed.remove(lone, query_id)
            self._literals.release(lone)
        filed = self._composed.pop(query_id, None)
        if filed is None:
            return
        self._unfile(query_id, filed.anchors)
        for asked in filed.asked:
            (self._marks if asked in self._marks else self._literals).release(asked)

    def match(self, document: Document) -> list[Match]:
        """The queries that the article meets, in order of their ids."""
        asked = {query_id: self._asked(query_id) for query_id in sorted(self.match_ids(document))}
        if not asked:
            return []
        sightings = self._sightings(document, {term for _, terms in asked.values() for term in terms})
        return [
            Match(query_id, self._strength(terms, canonical, sightings, document), canonical, document)
            for query_id, (canonical, terms) in asked.items()
        ]

    def _asked(self, query_id: int) -> tuple[str, Ids]:
        """A query's canonical text, and the terms that it asks for."""
        lone = self._lone.get(query_id)
        if lone is not None:
            return self._literals.text(lone), (lone,)
        filed = self._composed[query_id]
        return filed.canonical, tuple(wanted(filed.plan))

    def _strength(self, terms: Ids, canonical: str, sightings: Sightings, document: Document) -> float:
        if self._marks.has_regex(terms):
            root = read_canonical(canonical)
            return strength(root, hits_of(root, document), document)
        found = sightings.strength(terms)
        return IN_PASSING if is_rare(found, document) and is_in_passing(read_canonical(canonical), document) else found

    def match_ids(self, document: Document) -> set[int]:
        """The ids of the queries that the article meets."""
        return self._filed.met(self._found(document), document)

    @property
    def composed(self) -> list[int]:
        """The queries of several terms, which `refile` files anew when experience has grown."""
        return list(self._composed)

    def refile(self, query_id: int) -> bool:
        """Files a query where it is rarest by now. Returns whether that is another place than before."""
        filed = self._composed.get(query_id)
        if filed is None or isinstance(filed.plan, AnyOf):
            return False
        parts = self._parts(filed.plan)
        anchors = _places(parts)
        if anchors == filed.anchors:
            return False
        self._unfile(query_id, filed.anchors)
        self._file(query_id, parts)
        self._composed[query_id] = filed._replace(anchors=anchors)
        return True

    def settle(self) -> Iterator[None]:
        """Makes what was added findable in steps of some 15 ms; `match` does it all at once where there is anything."""
        return self._literals.settle()

    @property
    def waiting(self) -> int:
        """How many terms were added and are not findable yet: see `settle`."""
        return self._literals.waiting

    @property
    def is_worth_building(self) -> bool:
        """Whether a new big automaton would make matching faster: see `snapshot`, `pack` and `adopt`."""
        return self._literals.is_worth_building

    def snapshot(self, like: Iterable[str] = ()) -> Snapshot:
        """Begins to say what a new big automaton is to hold; `pack` completes it.

        In folded texts like those given it will be a sixth faster.

        Then give its `parts`, joined, to `build_automata` in a worker process, what comes back to `open_automaton` in a
        thread, and that to `adopt`.
        """
        return self._literals.snapshot(like)

    def pack(self, snapshot: Snapshot) -> Iterator[None]:
        """Completes the snapshot in steps of about a millisecond. Changes may be made between them."""
        return self._literals.pack(snapshot)

    def adopt(self, snapshot: Snapshot, automata: Sequence[Segment]) -> None:
        """Takes over the big automaton built of the snapshot. Additions and removals since then stay."""
        self._literals.adopt(snapshot, automata)

    def _add_lone(self, query_id: int, canonical: str) -> None:
        term = self._literals.ask(canonical)
        self._lone[query_id] = term
        self._filed.add(term, query_id)

    def _add_composed(self, query_id: int, canonical: str, root: Node) -> None:
        asked: list[int] = []

        def number(field: str, text: str) -> int:
            found = self._number(field, text)
            asked.extend(found)
            return found[0]

        self._add_plan(query_id, canonical, plan_of(root, number), tuple(asked))

    def _add_plan(self, query_id: int, canonical: str, plan: Plan, asked: Ids) -> None:
        """Files what is asked for already."""
        parts = self._parts(plan)
        self._file(query_id, parts)
        anchors = _places(parts)
        self._composed[query_id] = _Composed(canonical, plan, asked, asked if anchors == asked else anchors)

    def _parts(self, plan: Plan) -> _Parts:
        """Where to look out for a plan: for each alternative by itself where it is rarest, without the others."""
        if isinstance(plan, AnyOf):
            return [(term, ENOUGH) for term in plan.ids]
        parts: _Parts = []
        for part in plan.parts if isinstance(plan, Some) else (plan,):
            only = part.groups[0] if isinstance(part, Flat) and len(part.groups) == 1 else ()
            parts += [(place, part) for place in only or dict.fromkeys(anchor(part, self._cost)[1])]
        return parts

    def _file(self, query_id: int, parts: _Parts) -> None:
        for place, part in parts:
            self._filed.add(place, query_id, part)

    def _unfile(self, query_id: int, places: Ids) -> None:
        for place in places:
            self._filed.remove(place, query_id)

    def _number(self, field: str, text: str) -> Ids:
        """The id under which a term or fact is found, followed by that of the term beneath it."""
        if field in ("fact", "regex"):
            return (self._marks.ask(field, text),)
        term = self._literals.ask(text)
        return (self._marks.ask(field, term), term) if field else (term,)

    def _found(self, document: Document) -> set[int]:
        found = self._literals.find(document.folded)
        others = self._not_meant(found, document)
        found -= others
        self._filed.cover(self._literals.size)
        for field in self._marks.fields:
            found.update(self._marks.of(field, self._present(field, others, document)))
        return found

    def _present(self, field: str, others: Set[int], document: Document) -> Set[str] | Set[int]:
        """What of a field's marks the article has."""
        if field == "fact":
            return document.facts
        if field == "regex":
            return self._regexes.find(self._marks.keys("regex"), document)
        return self._literals.find(document.folded_fields[field]) - others

    def _not_meant(self, found: Set[int], document: Document) -> set[int]:
        """Those of the found terms that stand for something else in the article: Turkey for the bird."""
        careful = self._literals.careful_in(found)
        return {term for term, text in careful if not is_meant(word_of(text), document, name=is_name_text(text))}

    def _sightings(self, document: Document, terms: Set[int]) -> Sightings:
        title = self._literals.find(document.folded_fields["title"])
        title.update(self._marks.of("title", title), self._marks.of("fact", document.tag_facts))
        lead = self._literals.find(document.lead)
        return Sightings(title, lead, self._literals.count(document.folded, terms), has_text=bool(document.text))

    def _cost(self, asked: int) -> float:
        if asked in self._marks:
            return self._marks.cost(asked)
        return self._frequency(self._literals.text(asked).strip('"*'))


def _places(parts: _Parts) -> Ids:
    return tuple(dict.fromkeys([place for place, _ in parts]))


def guessed_frequency(words: str) -> float:
    """How often folded words are in an article, by their looks."""
    parts = words.split()
    if all(part in STOP_WORDS for part in parts):
        return 1.0
    return 1.0 / (3 + len(words)) / (1 + len(parts) if words.isascii() else 1)
