"""Reads texts of plain terms several times as fast as the parser: a start reads the canonical ones of all queries."""

import re
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

from bot.rules.query_parser import parse_tree
from bot.rules.query_terms import ABBREVIATIONS
from bot.rules.query_tree import Node, Not, Term, all_of, either_of
from summarizer.folding import HANGUL, UNSPACED

Made = TypeVar("Made")

_PLAIN = re.compile(r"[^\W_]+(?: [^\W_]+)*")
_QUOTED = re.compile(f'"{_PLAIN.pattern}"')
# Where words may be spelled without a space between.
_MIXED = re.compile(f"[{UNSPACED}][^{UNSPACED}]|[^{UNSPACED}][{UNSPACED}]|[{HANGUL}]")
_JOINTS = re.compile(r"(\(|\)| AND | OR |NOT )")
_NO_OPERANDS = frozenset((")", " AND ", " OR ", ""))
_SIGNS = frozenset(("(", ")", " AND ", " OR ", "NOT "))


class _UnusualError(Exception):
    """There is something that only the parser knows."""


class Grammar(NamedTuple, Generic[Made]):
    """What is made of each part of a canonical text: a tree, or at once what a tree would be made into."""

    term: Callable[[str], Made]  # of its canonical text
    every: Callable[[list[Made]], Made]
    some: Callable[[list[Made]], Made]
    none: Callable[[Made], Made]


def is_plain_term(text: str) -> bool:
    """Whether a canonical text is surely that of one term anywhere in the article."""
    if _PLAIN.fullmatch(text):
        return text == text.lower() and text not in ABBREVIATIONS and (text.isascii() or " " not in text)
    return _QUOTED.fullmatch(text) is not None


def read_canonical(text: str) -> Node:
    """The tree of a canonical text, the same that the parser gives. Raises QueryError."""
    return read_plain(text, _TREE) or parse_tree(text)[0]


def read_plain(text: str, grammar: Grammar[Made]) -> Made | None:
    """What the grammar makes of a canonical text of plain terms; None where there is more to it."""
    parts = [part for part in _JOINTS.split(text) if part]
    if not all(part in _SIGNS or is_plain_term(part) for part in parts):
        return None
    try:
        return _Reader(parts, grammar).read()
    except _UnusualError:
        return None


class _Reader(Generic[Made]):
    """Reads parts from left to right: signs and terms."""

    def __init__(self, parts: list[str], grammar: Grammar[Made]) -> None:
        self._parts = [*parts, ""]
        self._grammar = grammar
        self._index = 0

    def read(self) -> Made:
        made = self._either()
        if self._parts[self._index]:
            raise _UnusualError
        return made

    def _either(self) -> Made:
        made = [self._all()]
        while self._parts[self._index] == " OR ":
            self._index += 1
            made.append(self._all())
        return made[0] if len(made) == 1 else self._grammar.some(made)

    def _all(self) -> Made:
        made = [self._operand()]
        while self._parts[self._index] == " AND ":
            self._index += 1
            made.append(self._operand())
        return made[0] if len(made) == 1 else self._grammar.every(made)

    def _operand(self) -> Made:
        part = self._parts[self._index]
        self._index += 1
        if part not in _SIGNS and part:
            return self._grammar.term(part)
        if part in _NO_OPERANDS:
            raise _UnusualError
        if part == "NOT ":
            return self._grammar.none(self._operand())
        made = self._either()
        if self._parts[self._index] != ")":
            raise _UnusualError
        self._index += 1
        return made


def plain_words(text: str) -> str:
    """The folded words of a term, of its canonical text, where they are spelled as they are folded; else nothing."""
    words = text.strip('"')
    if words.isascii():
        return words if words.replace(" ", "").isalnum() else ""
    return words if _PLAIN.fullmatch(words) and not _MIXED.search(words) else ""


def _term(text: str) -> Node:
    words = plain_words(text)
    if not words:
        return parse_tree(text)[0]
    return Term(words, words, exact=words != text)


_TREE: Grammar[Node] = Grammar(_term, all_of, either_of, Not)
