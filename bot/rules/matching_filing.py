"""Which queries an article meets, or may meet, because a term was found in it."""

from array import array
from collections.abc import Set

from bot.rules.matching_documents import Document
from bot.rules.matching_plans import Flat, Plan, Some, holds

NONE = -1
SEVERAL = -2


class Enough:
    """Queries that any one of their terms is enough for. Nearly every term has one such query, or none."""

    def __init__(self) -> None:
        self._only = array("q")  # by term: its query, `NONE`, or `SEVERAL`
        self._several: dict[int, set[int]] = {}  # the queries of a term that has more

    def add(self, term: int, query_id: int) -> None:
        self.cover(term + 1)
        only = self._only[term]
        if term in self._several:
            self._several[term].add(query_id)
        elif only in (NONE, query_id):
            self._only[term] = query_id
        else:
            self._only[term] = SEVERAL
            self._several[term] = {only, query_id}

    def remove(self, term: int, query_id: int) -> None:
        queries = self._several.get(term)
        if queries is None:
            self._only[term] = NONE
            return
        queries.remove(query_id)
        if len(queries) == 1:
            self._only[term] = self._several.pop(term).pop()

    def cover(self, size: int) -> None:
        """All terms that will be found are below this size."""
        if len(self._only) < size:
            self._only.extend(array("q", [NONE]) * (size - len(self._only)))

    def met(self, found: set[int]) -> set[int]:
        """The queries that these terms are enough for."""
        met = set(map(self._only.__getitem__, found))
        met.discard(NONE)
        if SEVERAL in met:
            met.remove(SEVERAL)
            for term in self._several.keys() & found:
                met |= self._several[term]
        return met


class Filed:
    """Queries that need several terms, each filed where it is looked at when one term is there."""

    def __init__(self) -> None:
        self._at: dict[int, dict[int, Plan]] = {}  # by term and query: what has to hold beside

    def add(self, term: int, query_id: int, plan: Plan) -> None:
        """Files a query, or one of its alternatives, under a term."""
        plans = self._at.setdefault(term, {})
        if isinstance(plan, Flat):
            plan = Flat(tuple([group for group in plan.groups if term not in group]), plan.banned)
        plans[query_id] = Some((plans[query_id], plan)) if query_id in plans else plan

    def remove(self, term: int, query_id: int) -> None:
        plans = self._at[term]
        del plans[query_id]
        if not plans:
            del self._at[term]

    def met(self, found: Set[int], document: Document) -> list[int]:
        """The queries that an article with these terms meets."""
        met = []
        lacks = found.isdisjoint
        for plans in [self._at[term] for term in self._at.keys() & found]:
            for query_id, plan in plans.items():
                if isinstance(plan, Flat):  # looked at here, because a call for each would take twice as long
                    groups, banned = plan
                    for group in groups:
                        if lacks(group):
                            break
                    else:
                        if not banned or lacks(banned):
                            met.append(query_id)
                elif holds(plan, found, document):
                    met.append(query_id)
        return met
