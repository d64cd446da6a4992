"""How a query is written down: in the one canonical way, and as the person would write it."""

import re
from collections.abc import Set
from typing import TypeAlias

from bot.rules.query_names import as_name
from bot.rules.query_tree import All, Either, Fact, Hashtag, Leaf, Near, Node, Not, Regex, Term
from summarizer.folding import UNSPACED

_CHANGE = f"(?<=[{UNSPACED}] )(?=[^{UNSPACED}])|(?<=[^{UNSPACED}] )(?=[{UNSPACED}])"  # of script, at a space
_SCRIPT_CHANGE = re.compile(f" (?:{_CHANGE})")
_RESPELLED = re.compile(f"[+&$#@ ](?:(?<! )|{_CHANGE})")


_Canonical: TypeAlias = tuple[str, str, Set[str]]
"""Text, what joins its parts (" AND ", " OR ", " NEAR " or nothing), and the texts of the parts."""

_NO_PARTS: Set[str] = frozenset()


def canonical_text(node: Node) -> str:
    """The same for every way of writing the same query, and fit to be parsed again.

    Words are folded; parts stand in the order of their text, once each, without needless groups or double negation.
    """
    return _term(node) if isinstance(node, Term) else _canonical(node)[0]


def alternatives_of(node: Node) -> Set[str]:
    """The canonical texts of which one has to be met; of what has no alternatives, its own."""
    text, joint, parts = _canonical(node)
    return parts if joint == " OR " else {text}


def _canonical(node: Node) -> _Canonical:
    match node:
        case All(parts):
            return _joined(parts, " AND ")
        case Either(parts):
            return _joined(parts, " OR ")
        case Term():
            return _term(node), "", _NO_PARTS
        case Not(Not(part)):
            return _canonical(part)
        case Not(part):
            return f"NOT {_canonical_operand(part)}", "", _NO_PARTS
        case Near(left, right, distance):
            first, second = sorted((_canonical_operand(left), _canonical_operand(right)))
            return f"{first} NEAR/{distance} {second}", " NEAR ", _NO_PARTS
        case Hashtag(words):
            return f"#{words}", "", _NO_PARTS
        case Regex():
            return _regex(node), "", _NO_PARTS
        case _:
            text = f'tag:"{spell(node.value)}"' if node.field == "tag" else f"{node.field}:{node.value}"
            return text, "", _NO_PARTS


def _joined(parts: tuple[Node, ...], joint: str) -> _Canonical:
    texts: set[str] = set()
    canonical = "", "", _NO_PARTS
    for part in parts:
        text, inner, among = canonical = (_term(part), "", _NO_PARTS) if isinstance(part, Term) else _canonical(part)
        if inner == joint:
            texts |= among
        else:
            texts.add(f"({text})" if inner == " OR " else text)
    return (joint.join(sorted(texts)), joint, texts) if len(texts) > 1 else canonical


def _canonical_operand(node: Node) -> str:
    """What an operator takes: one word, quote or group."""
    text, joint, _ = _canonical(node)
    return text if not joint and _is_single(text) else f"({text})"


def _term(term: Term) -> str:
    words = spell(term.words) if " " in term.words else term.words
    text = f'"{words}"' if term.exact else as_name(words) if term.name else words
    return _in_field(term, text) if term.field or term.prefix else text


def written_text(node: Node) -> str:
    """The node as the person would write it, parts in their order."""
    match node:
        case All(parts):
            return " AND ".join([_grouped(part, (All, Either)) for part in parts])
        case Either(parts):
            return " OR ".join([_grouped(part, (Either,)) for part in parts])
        case Not(part):
            return f"NOT {_operand(part)}"
        case Near(left, right, distance):
            return f"{_operand(left)} NEAR/{distance} {_operand(right)}"
        case _:
            return _written_leaf(node)


def _grouped(node: Node, kinds: tuple[type, ...]) -> str:
    return f"({written_text(node)})" if isinstance(node, kinds) else written_text(node)


def _operand(node: Node) -> str:
    text = written_text(node)
    single = isinstance(node, Hashtag | Fact) or (isinstance(node, Term) and _is_single(text))
    return text if single else f"({text})"


def _written_leaf(leaf: Leaf) -> str:
    match leaf:
        case Term():
            return _in_field(leaf, f'"{leaf.written}"' if leaf.exact else leaf.written)
        case Hashtag():
            return f"#{leaf.written}"
        case Regex():
            return _regex(leaf)
        case _:
            return f'tag:"{leaf.written}"' if leaf.field == "tag" else f"{leaf.field}:{leaf.written}"


def term_text(leaf: Term | Hashtag) -> str:
    """The canonical text of a term wherever it is looked for: that of its own query if it has no field."""
    if isinstance(leaf, Hashtag):
        words = leaf.words.replace("_", " ")
        return f'"{spell(f"# {words}")}"'
    return _term(leaf._replace(field=""))


def _in_field(term: Term, text: str) -> str:
    if term.prefix:
        text = f"{text}*"
    if not term.field:
        return text
    return f"{term.field}:{text}" if _is_single(text) else f"{term.field}:({text})"


def _is_single(text: str) -> bool:
    return " " not in text or (text.endswith('"') and text.count('"') == 2) or text.endswith(")")


def _regex(regex: Regex) -> str:
    return f"{regex.field}:{regex.written}" if regex.field else regex.written


def spell(words: str) -> str:
    """Folded words written so that folding gives them again: `c ++` as `c++`, `iphone 手机` as `iphone手机`."""
    if (words.isascii() and words.replace(" ", "").isalnum()) or not _RESPELLED.search(words):
        return words
    for sign in ("++", "##", "+", "&"):
        words = f"{words} ".replace(f" {sign} ", f"{sign} ")[:-1]
    words = words.replace("& ", "&").replace("##", "#")
    for sign in "$#@":
        words = f" {words}".replace(f" {sign} ", f" {sign}")[1:]
    return _SCRIPT_CHANGE.sub("", words)
