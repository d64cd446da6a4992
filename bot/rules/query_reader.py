"""Reads canonical texts, which are known to be right, several times as fast as the parser: a start reads them all."""

import re

from bot.rules.query_parser import ABBREVIATIONS, parse_tree
from bot.rules.query_tree import Node, Not, Term, all_of, either_of
from summarizer.folding import HANGUL, UNSPACED

_PLAIN = re.compile(r"[^\W_]+(?: [^\W_]+)*")
_QUOTED = re.compile(f'"{_PLAIN.pattern}"')
# Where words may be spelled without a space between.
_MIXED = re.compile(f"[{UNSPACED}][^{UNSPACED}]|[^{UNSPACED}][{UNSPACED}]|[{HANGUL}]")
_JOINTS = re.compile(r"(\(|\)| AND | OR |NOT )")


class _UnusualError(Exception):
    """There is something that only the parser knows."""


def is_plain_term(text: str) -> bool:
    """Whether a canonical text is surely that of one term anywhere in the article."""
    if _PLAIN.fullmatch(text):
        return text == text.lower() and text not in ABBREVIATIONS and (text.isascii() or " " not in text)
    return _QUOTED.fullmatch(text) is not None


def read_canonical(text: str) -> Node:
    """The tree of a canonical text, the same that the parser gives. Raises QueryError."""
    try:
        return _Reader(text).read()
    except _UnusualError:
        return parse_tree(text)[0]


class _Reader:
    """Reads parts from left to right: signs and terms."""

    def __init__(self, text: str) -> None:
        self._parts = [part for part in _JOINTS.split(text) if part]
        self._parts.append("")
        self._index = 0

    def read(self) -> Node:
        node = self._either()
        if self._parts[self._index]:
            raise _UnusualError
        return node

    def _either(self) -> Node:
        parts = [self._all()]
        while self._parts[self._index] == " OR ":
            self._index += 1
            parts.append(self._all())
        return either_of(parts)

    def _all(self) -> Node:
        parts = [self._operand()]
        while self._parts[self._index] == " AND ":
            self._index += 1
            parts.append(self._operand())
        return all_of(parts)

    def _operand(self) -> Node:
        part = self._parts[self._index]
        self._index += 1
        if part == "NOT ":
            return Not(self._operand())
        if part != "(":
            return _term(part)
        node = self._either()
        if self._parts[self._index] != ")":
            raise _UnusualError
        self._index += 1
        return node


def plain_words(text: str) -> str:
    """The folded words of a term, of its canonical text, where they are spelled as they are folded; else nothing."""
    words = text.strip('"')
    if words.isascii():
        return words if words.replace(" ", "").isalnum() else ""
    return words if _PLAIN.fullmatch(words) and not _MIXED.search(words) else ""


def _term(text: str) -> Term:
    words = plain_words(text)
    if not words or not is_plain_term(text):
        raise _UnusualError
    return Term(words, exact=words != text, written=words)
