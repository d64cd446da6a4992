"""What a query is made of, and how it is written down.

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

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from dataclasses import field as attribute
from typing import Any, NamedTuple, TypeAlias

from bot.rules.query_names import as_name
from summarizer.folding import UNSPACED

_SCRIPT_CHANGE = re.compile(f"(?<=[{UNSPACED}]) (?=[^{UNSPACED}])|(?<=[^{UNSPACED}]) (?=[{UNSPACED}])")


@dataclass(frozen=True, slots=True)
class Term:
    """Words to be found as they stand side by side.

    Attributes:
        words: folded, single spaces between: `north korea`, `at & t`, `朝鲜`.
        exact: only these word forms, else their inflections too.
        prefix: the last word may go on.
        field: `""` (title and text), `"title"`, `"author"` or `"source"`.
        name: one word that stands for a name and not for what it means in small letters: see `query_names`.
        written: the words as the person wrote them.
        position: where in the query's text they begin.
    """

    words: str
    exact: bool = False
    prefix: bool = False
    field: str = ""
    name: bool = False
    written: str = attribute(default="", compare=False)
    position: int = attribute(default=0, compare=False)


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
    return parts[0] if len(parts) == 1 else All(_flat(parts, All))


def either_of(parts: list[Node]) -> Node:
    """The parts as alternatives; a single one is itself."""
    return parts[0] if len(parts) == 1 else Either(_flat(parts, Either))


def _flat(parts: list[Node], kind: type[All] | type[Either]) -> tuple[Node, ...]:
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, kind) else [part])
    return tuple(flat)


def scoped(node: Node, name: str) -> Node:
    """The node with every term in it looked for in one field only."""
    match node:
        case Term():
            return replace(node, field=name, name=node.name and name == "title")
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


def term_text(leaf: Term | Hashtag) -> str:
    """The canonical text of a term wherever it is looked for: that of its own query if it has no field."""
    if isinstance(leaf, Hashtag):
        words = leaf.words.replace("_", " ")
        return f'"{spell(f"# {words}")}"'
    text = _bare_text(leaf)
    return f"{text}*" if leaf.prefix else text


def _bare_text(term: Term) -> str:
    if term.name:
        return as_name(term.words)
    return f'"{spell(term.words)}"' if term.exact else spell(term.words)


def canonical_text(node: Node) -> str:
    """The same for every way of writing the same query, and fit to be parsed again.

    Words are folded; parts stand in the order of their text, once each, without needless groups or double negation.
    """
    return _canonical_leaf(node) if isinstance(node, Term) else _canonical(node).text


class _Written(NamedTuple):
    """Canonical text, and its parts where it joins several."""

    text: str
    joint: str = ""  # " AND ", " OR ", " NEAR " or none
    parts: frozenset[str] = frozenset()


def _canonical(node: Node) -> _Written:
    match node:
        case All(parts):
            return _canonical_parts(parts, " AND ")
        case Either(parts):
            return _canonical_parts(parts, " OR ")
        case Not(Not(part)):
            return _canonical(part)
        case Not(part):
            return _Written(f"NOT {_canonical_operand(part)}")
        case Near(left, right, distance):
            first, second = sorted((_canonical_operand(left), _canonical_operand(right)))
            return _Written(f"{first} NEAR/{distance} {second}", " NEAR ")
        case _:
            return _Written(_canonical_leaf(node))


def _canonical_parts(parts: tuple[Node, ...], joint: str) -> _Written:
    written = [_canonical(part) for part in parts]
    if len({one.text for one in written}) == 1:
        return written[0]
    texts: set[str] = set()
    for one in written:
        if one.joint == joint:
            texts |= one.parts
        else:
            texts.add(f"({one.text})" if one.joint == " OR " else one.text)
    return _Written(joint.join(sorted(texts)), joint, frozenset(texts))


def _canonical_operand(node: Node) -> str:
    """What an operator takes: one word, quote or group."""
    written = _canonical(node)
    return written.text if not written.joint and _is_single(written.text) else f"({written.text})"


def written_text(node: Node) -> str:
    """The node as the person would write it, parts in their order."""
    return _written(node)


def _written(node: Node) -> str:
    match node:
        case All(parts):
            return " AND ".join([_grouped(part, All | Either) for part in parts])
        case Either(parts):
            return " OR ".join([_grouped(part, Either) for part in parts])
        case Not(part):
            return f"NOT {_operand(part)}"
        case Near(left, right, distance):
            return f"{_operand(left)} NEAR/{distance} {_operand(right)}"
        case _:
            return _written_leaf(node)


def _grouped(node: Node, kinds: Any) -> str:
    return f"({_written(node)})" if isinstance(node, kinds) else _written(node)


def _operand(node: Node) -> str:
    text = _written(node)
    single = isinstance(node, Hashtag | Fact) or (isinstance(node, Term) and _is_single(text))
    return text if single else f"({text})"


def _is_single(text: str) -> bool:
    return " " not in text or (text.endswith('"') and text.count('"') == 2) or text.endswith(")")


def _canonical_leaf(leaf: Leaf) -> str:
    match leaf:
        case Term():
            return _in_field(leaf, _bare_text(leaf))
        case Hashtag(words):
            return f"#{words}"
        case Regex():
            return _scope(leaf)
        case _:
            return f'tag:"{spell(leaf.value)}"' if leaf.field == "tag" else f"{leaf.field}:{leaf.value}"


def _written_leaf(leaf: Leaf) -> str:
    match leaf:
        case Term():
            return _in_field(leaf, f'"{leaf.written}"' if leaf.exact else leaf.written)
        case Hashtag():
            return f"#{leaf.written}"
        case Regex():
            return _scope(leaf)
        case _:
            return f'tag:"{leaf.written}"' if leaf.field == "tag" else f"{leaf.field}:{leaf.written}"


def _scope(regex: Regex) -> str:
    return f"{regex.field}:{regex.written}" if regex.field else regex.written


def _in_field(term: Term, text: str) -> str:
    if term.prefix:
        text = f"{text}*"
    if not term.field:
        return text
    return f"{term.field}:{text}" if _is_single(text) else f"{term.field}:({text})"


def spell(words: str) -> str:
    """Folded words written so that folding gives them again: `c ++` as `c++`, `iphone 手机` as `iphone手机`."""
    if words.isascii() and words.replace(" ", "").isalnum():
        return words
    for sign in ("++", "##", "+", "&"):
        words = f"{words} ".replace(f" {sign} ", f"{sign} ")[:-1]
    words = words.replace("& ", "&").replace("##", "#")
    for sign in "$#@":
        words = f" {words}".replace(f" {sign} ", f" {sign}")[1:]
    return _SCRIPT_CHANGE.sub("", words)
