"""What a query is made of.

Node
├── Term      words to be found: a word, a phrase, a prefix, anywhere or in one field
├── Hashtag   `#politics`: the tag, or the hashtag in the text
├── Fact      a property of the article: its site, language or tag
├── Regex     `/Kims?/`: a regular expression, of the original text
├── All       every part
├── Either    at least one part
├── Not       the part must not be met
└── Near      two parts within so many words
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import NamedTuple, TypeAlias


class Term(NamedTuple):
    """Words to be found as they stand side by side. Terms are equal however and wherever they were written.

    A tuple, because queries have more of them than of anything else, and a dataclass takes three times as long to make.

    Attributes:
        words: folded, single spaces between: `north korea`, `at & t`, `朝鲜`.
        written: the words as the person wrote them.
        position: where in the query's text they begin.
        exact: only these word forms, else their inflections too.
        prefix: the last word may go on.
        field: `""` (title and text), `"title"`, `"author"` or `"source"`.
        name: one word that stands for a name and not for what it means in small letters: see `query_names`.
    """

    words: str
    written: str = ""
    position: int = 0
    exact: bool = False
    prefix: bool = False
    field: str = ""
    name: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Term) and self[0] == other[0] and self[3:] == other[3:]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((self[0], self[3:]))


@dataclass(frozen=True, slots=True)
class Hashtag:
    """A tag of the article, or the hashtag in its title or text."""

    words: str
    written: str = attribute(default="", compare=False)
    position: int = attribute(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Fact:
    """What the article is, not what it says: `site` (host without www), `lang` (ISO 639-1) or `tag` (folded)."""

    field: str
    value: str
    written: str = attribute(default="", compare=False)
    position: int = attribute(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression (RE2) that title and text, or one field, are searched for.

    Attributes:
        pattern: as RE2 takes it, checked already.
        field: as that of a term.
    """

    pattern: str
    field: str = ""
    position: int = attribute(default=0, compare=False)

    @property
    def written(self) -> str:
        """Between slashes, as in a query."""
        return f"/{self.pattern.replace('/', f'{chr(92)}/')}/"


@dataclass(frozen=True, slots=True)
class All:
    """Every part is met."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one part is met."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part is not met."""

    part: "Node"
    position: int = attribute(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Near:
    """Both are met in the same field, with at most `distance` words between them."""

    left: "Node"
    right: "Node"
    distance: int


Leaf: TypeAlias = Term | Hashtag | Fact | Regex
Node: TypeAlias = Leaf | All | Either | Not | Near


def all_of(parts: list[Node]) -> Node:
    """The parts together, those of an `All` among them taken out of it; a single part is itself."""
    if len(parts) == 1:
        return parts[0]
    return All(tuple(_flat(parts, All) if All in map(type, parts) else parts))


def either_of(parts: list[Node]) -> Node:
    """The parts as alternatives; a single one is itself."""
    if len(parts) == 1:
        return parts[0]
    return Either(tuple(_flat(parts, Either) if Either in map(type, parts) else parts))


def _flat(parts: list[Node], kind: type[All] | type[Either]) -> list[Node]:
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else [part])
    return flat


def scoped(node: Node, name: str) -> Node:
    """The node with every term in it looked for in one field only."""
    match node:
        case Term():
            return node._replace(field=name, name=node.name and name == "title")
        case Regex():
            return replace(node, field=name)
        case All(parts) | Either(parts):
            return type(node)(tuple(scoped(part, name) for part in parts))
        case Not(part, position):
            return Not(scoped(part, name), position)
        case Near(left, right, distance):
            return Near(scoped(left, name), scoped(right, name), distance)
        case _:
            return node


def leaves(node: Node) -> Iterator[Leaf]:
    """Every leaf that asks for something, in the order of the text; none below a `Not`."""
    match node:
        case Term() | Hashtag() | Fact() | Regex():
            yield node
        case All(parts) | Either(parts):
            for part in parts:
                yield from leaves(part)
        case Near(left, right):
            yield from leaves(left)
            yield from leaves(right)


def regexes_of(node: Node) -> Iterator[str]:
    """The pattern of every regular expression, those below a `Not` too."""
    match node:
        case Regex(pattern):
            yield pattern
        case All(parts) | Either(parts):
            for part in parts:
                yield from regexes_of(part)
        case Not(part):
            yield from regexes_of(part)


def tag_of(hashtag: Hashtag) -> str:
    """The fact that the hashtag's tag is, as articles state theirs: `tag:north korea`."""
    return f"tag:{hashtag.words.replace('_', ' ')}"
