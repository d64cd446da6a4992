"""Which queries an article meets, or may meet, because a term was found in it."""

from array import array

from bot.rules.matching_documents import Document
from bot.rules.matching_plans import Flat, Plan, Some, holds

NONE = -1
ENOUGH = Flat((), ())  # beside the term nothing has to hold


class Filed:
    """Queries by the terms that are looked out for on their behalf.

    Nearly every term is enough for one query, or has none. That is one number, so that most of what is found in an
    article costs one look.
    """

    def __init__(self) -> None:
        self._only = array("q")  # by term: the query that it is enough for, `NONE`, or what `_place` makes a place of
        self._plans: list[dict[int, Plan]] = []  # of every other term: what has to hold beside it, by query
        self._enough: list[set[int] | None] = []  # … and the queries that it is enough for
        self._free: list[int] = []  # places in both

    def add(self, term: int, query_id: int, plan: Plan = ENOUGH) -> None:
        """Files a query, or one of its alternatives, under a term."""
        self.cover(term + 1)
        if plan is not ENOUGH and isinstance(plan, Flat):
            plan = Flat(tuple([group for group in plan.groups if term not in group]), plan.banned)
        only = self._only[term]
        if only == query_id:
            return
        if only == NONE and plan == ENOUGH:
            self._only[term] = query_id
            return
        place = _place(only) if only < NONE else self._open(term)
        if plan == ENOUGH:
            enough = self._enough[place]
            if enough is None:
                self._enough[place] = {query_id}
            else:
                enough.add(query_id)
        else:
            plans = self._plans[place]
            plans[query_id] = Some((plans[query_id], plan)) if query_id in plans else plan

    def remove(self, term: int, query_id: int) -> None:
        """Takes a query with all its alternatives from a term."""
        only = self._only[term]
        if only >= 0:
            self._only[term] = NONE
            return
        place = _place(only)
        enough = self._enough[place] or set()
        enough.discard(query_id)
        self._plans[place].pop(query_id, None)
        if not self._plans[place] and len(enough) <= 1:
            self._only[term] = enough.pop() if enough else NONE
            self._free.append(place)

    def cover(self, size: int) -> None:
        """All terms that will be found are below this size."""
        if len(self._only) < size:
            self._only.extend(array("q", [NONE]) * (size - len(self._only)))

    def met(self, found: set[int], document: Document) -> set[int]:
        """The queries that an article with these terms meets."""
        met = set(map(self._only.__getitem__, found))
        others = [only for only in met if only < NONE]
        met.difference_update(others)
        met.discard(NONE)
        lacks = found.isdisjoint
        for only in others:
            place = _place(only)
            if enough := self._enough[place]:
                met |= enough
            for query_id, plan in self._plans[place].items():
                if isinstance(plan, Flat):  # looked at here, because a call for each would take twice as long
                    groups, banned = plan
                    for group in groups:
                        if lacks(group):
                            break
                    else:
                        if not banned or lacks(banned):
                            met.add(query_id)
                elif holds(plan, found, document):
                    met.add(query_id)
        return met

    def _open(self, term: int) -> int:
        """A place for the queries of a term that had none, or was enough for one."""
        if not self._free:
            self._free.append(len(self._plans))
            self._plans.append({})
            self._enough.append(None)
        place, only = self._free.pop(), self._only[term]
        if only != NONE:
            self._enough[place] = {only}
        self._only[term] = _place(place)
        return place


def _place(only: int) -> int:
    """The place of a term's plans from its number below `NONE`, and the other way round."""
    return NONE - 1 - only
