"""Queries as conditions on the set of terms that an article contains."""

from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple, TypeAlias

from bot.rules.matching_documents import Document
from bot.rules.matching_hits import is_near
from bot.rules.matching_regexes import regex_key
from bot.rules.query_reader import Grammar
from bot.rules.query_texts import term_text
from bot.rules.query_tree import All, Either, Fact, Hashtag, Near, Node, Not, Regex, Term, tag_of

Ids: TypeAlias = tuple[int, ...]
Number: TypeAlias = Callable[
    [str, str], int
]  # (field or "", a term's text), ("fact", fact) or ("regex", its key) to an id
NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of these was found."""

    ids: Ids


class Flat(NamedTuple):
    """At least one of each group was found, and none of the banned: what nearly all longer queries come to."""

    groups: tuple[Ids, ...]
    banned: Ids


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple["Plan", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple["Plan", ...]


@dataclass(frozen=True, slots=True)
class Without:
    """The part does not hold."""

    part: "Plan"


@dataclass(frozen=True, slots=True)
class Beside:
    """Both sides were found; then the folded text decides."""

    left: Ids
    right: Ids
    node: Near


Plan: TypeAlias = AnyOf | Flat | Every | Some | Without | Beside


def plan_of(node: Node, number: Number) -> Plan:
    """The plan of a query; `number` gives each term and fact its id."""
    match node:
        case Term():
            return AnyOf((number(node.field, term_text(node)),))
        case Hashtag():
            return AnyOf((number("fact", tag_of(node)), number("", term_text(node))))
        case Regex():
            return AnyOf((number("regex", regex_key(node)),))
        case Fact(name, value):
            return AnyOf((number("fact", f"{name}:{value}"),))
        case All(parts):
            return _every([plan_of(part, number) for part in parts])
        case Either(parts):
            return _some([plan_of(part, number) for part in parts])
        case Not(part):
            return Without(plan_of(part, number))
        case _:
            return Beside(_ids(plan_of(node.left, number)), _ids(plan_of(node.right, number)), node)


def grammar(ask: Callable[[str], int]) -> Grammar[Plan]:
    """Makes the plan of a query from its canonical text; `ask` gives the text of each term its id."""
    return Grammar(lambda text: AnyOf((ask(text),)), _every, _some, Without)


def holds(plan: Plan, found: Set[int], document: Document) -> bool:
    """Whether the article that these were found in meets the query."""
    match plan:
        case Flat(groups, banned):
            return not any(found.isdisjoint(group) for group in groups) and found.isdisjoint(banned)
        case AnyOf(ids):
            return not found.isdisjoint(ids)
        case Every(parts):
            return all(holds(part, found, document) for part in parts)
        case Some(parts):
            return any(holds(part, found, document) for part in parts)
        case Without(part):
            return not holds(part, found, document)
        case _:
            both = not found.isdisjoint(plan.left) and not found.isdisjoint(plan.right)
            return both and is_near(plan.node, document)


def anchor(plan: Plan, cost: Callable[[int], float]) -> tuple[float, Ids]:
    """Ids of which at least one is found wherever the plan holds, those that are expected to be found least.

    Returns their summed cost with them; NEVER where nothing has to be there.
    """
    match plan:
        case AnyOf(ids):
            return sum(map(cost, ids)), ids
        case Flat(groups):
            return min((sum(map(cost, group)), group) for group in groups)
        case Every(parts):
            return min((anchor(part, cost) for part in parts), key=_cost)
        case Some(parts):
            anchors = [anchor(part, cost) for part in parts]
            return sum(map(_cost, anchors)), tuple(dict.fromkeys(one for _, ids in anchors for one in ids))
        case Beside(left, right):
            return min((sum(map(cost, side)), side) for side in (left, right))
        case _:
            return NEVER, ()


def wanted(plan: Plan) -> Iterator[int]:
    """The ids that the plan asks for, with those that it would do without; none that it forbids."""
    match plan:
        case AnyOf(ids):
            yield from ids
        case Flat(groups):
            yield from chain.from_iterable(groups)
        case Every(parts) | Some(parts):
            for part in parts:
                yield from wanted(part)
        case Beside(left, right):
            yield from left
            yield from right


def _cost(anchored: tuple[float, Ids]) -> float:
    return anchored[0]


def _ids(plan: Plan) -> Ids:
    assert isinstance(plan, AnyOf)  # noqa: S101 - NEAR stands between terms only, which the parser sees to
    return plan.ids


def _some(parts: list[Plan]) -> Plan:
    if all(isinstance(part, AnyOf) for part in parts):
        return AnyOf(_joined(parts))
    return Some(tuple(Flat((part.ids,), ()) if isinstance(part, AnyOf) else part for part in parts))


def _every(parts: list[Plan]) -> Plan:
    groups = [part.ids for part in parts if isinstance(part, AnyOf)]
    banned = [part.part for part in parts if isinstance(part, Without) and isinstance(part.part, AnyOf)]
    if groups and len(groups) + len(banned) == len(parts):
        return Flat(tuple(groups), _joined(banned))
    return Every(tuple(parts))


def _joined(parts: Iterable[Plan]) -> Ids:
    return tuple(dict.fromkeys(one for part in parts for one in _ids(part)))
