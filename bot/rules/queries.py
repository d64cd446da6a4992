"""The query language: what a person follows, parsed, canonical, explained.

North Korea             a phrase, each word in its inflections         朝鲜 军队    both
"climate change"        exactly these word forms
Kim AND troops, Kim +troops, "Kim Jong Un" troops                      all of them
Seoul OR Pyongyang, Seoul | Pyongyang                                  any of them
-football, NOT football, !football                                     none of it
(…)                     grouping; AND binds tighter than OR
title: author: source: site: lang: tag:                                only there
#politics               the tag or the hashtag
troop*                  words that begin so
Putin NEAR/8 Kim        within so many words
/Kims?/, title:/Kims?/  a regular expression (RE2), where the operator allows it
… => Label              the name shown in briefings
"""

import re
from typing import NamedTuple

from bot.errors import QueryError
from bot.rules.query_checks import check_reach
from bot.rules.query_explain import explain
from bot.rules.query_forms import patterns
from bot.rules.query_parser import parse_tree
from bot.rules.query_texts import canonical_text, written_text
from bot.rules.query_tree import All, Either, Hashtag, Near, Node, Term, leaves, regexes_of

__all__ = ["Query", "QueryError", "has_regexes", "parse_query", "split_subscriptions"]

_LITERAL_FIELDS = frozenset({"", "title"})  # what a folded document holds
_REGEX = re.compile(r"""(?<![^\s(:,，、|!+-])/(?:\\.|[^/\s\\])(?:\\.|[^/\\\n])*/(?![^\s(),，、|])""")
_QUOTES = '"“”„«»「」『』＂'


class Query(NamedTuple):
    """A parsed keyword expression. Queries are equal when their canonical forms and labels are.

    A tuple, because it is made twice as fast as a dataclass that can't be changed.

    Attributes:
        canonical: the same for every way of writing the same query, without its label; `parse_query` reads it.
        label: the reader's own name for it, or empty.
        root: its tree, see `bot.rules.query_tree`.
    """

    canonical: str
    label: str
    root: Node

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Query) and self[:2] == other[:2]

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self[:2])

    def __repr__(self) -> str:
        return f"Query({self.canonical!r}, {self.label!r})"

    @property
    def literals(self) -> tuple[str, ...]:
        """Folded literals that a title or text may be met by, for a summary's focus: `" north korea "`, `"朝鲜"`."""
        found: dict[str, None] = {}
        for leaf in leaves(self.root):
            if isinstance(leaf, Hashtag) or (isinstance(leaf, Term) and leaf.field in _LITERAL_FIELDS):
                found.update(dict.fromkeys(patterns(leaf)))
        return tuple(found)

    @property
    def regexes(self) -> frozenset[str]:
        """The patterns of its regular expressions, excluded ones too."""
        return frozenset(regexes_of(self.root))

    @property
    def terms(self) -> tuple[str, ...]:
        """What it asks for, as the person wrote it: `North Korea`."""
        return tuple(dict.fromkeys(leaf.written for leaf in leaves(self.root)))

    def required_literals(self) -> tuple[tuple[str, ...], ...]:
        """What the folded title and text (`matching.fold_document`) of every article that it meets must contain.

        One literal of each inner tuple, at least. A necessary condition for a search that prefilters, never a
        sufficient one; empty where the text decides nothing.
        """
        return _required(self.root)

    def explain(self, language: str) -> str:
        """What it means, in English or Chinese (`zh…`): `the phrase “North Korea”, all sources`."""
        return explain(self.root, language)

    def to_text(self) -> str:
        """The query as a person would write it, which parses to the same query again."""
        text = written_text(self.root)
        return f"{text} => {self.label}" if self.label else text


def parse_query(text: str, *, regexes: bool = False) -> Query:
    """Reads a query.

    Args:
        regexes: whether it may have regular expressions, which cost every article some time.

    Raises:
        QueryError: with the place of the mistake, its reason, and where there is one a query that would be right.
    """
    try:
        return _read(text, regexes=regexes)
    except QueryError as error:
        if error.suggestion and not _is_right(error.suggestion, regexes=regexes):
            error.suggestion = ""
        raise


def _read(text: str, *, regexes: bool) -> Query:
    root, label = parse_tree(text, regexes=regexes)
    check_reach(root)
    return Query(canonical_text(root), label, root)


def _is_right(text: str, *, regexes: bool) -> bool:
    try:
        _read(text, regexes=regexes)
    except QueryError:
        return False
    return True


def has_regexes(canonical: str) -> bool:
    """Whether a query, of which this is the canonical text, has regular expressions. Raises QueryError."""
    return canonical.count("/") > 1 and bool(parse_query(canonical, regexes=True).regexes)


def split_subscriptions(text: str) -> list[str]:
    """The queries of one message: apart at commas and line breaks that stand outside quotes and groups.

    A comma between digits (`1,000`) belongs to the number.
    """
    parts = [""]
    depth, quoted = 0, False
    regexes = {place for match in _REGEX.finditer(text) for place in range(*match.span())}
    for index, character in enumerate(text):
        if index in regexes:
            parts[-1] += character
            continue
        if character in _QUOTES:
            quoted = not quoted
        elif not quoted:
            depth = max(0, depth + (character in "(（") - (character in ")）"))
        if not quoted and not depth and _separates(text, index):
            parts.append("")
        else:
            parts[-1] += character
    return [part.strip() for part in parts if part.strip()]


def _separates(text: str, index: int) -> bool:
    if text[index] != ",":
        return text[index] in "，、\n\r"
    return not re.match(r"\d,\d", text[max(0, index - 1) : index + 2])


def _required(node: Node) -> tuple[tuple[str, ...], ...]:
    match node:
        case Term(field=place) if place in _LITERAL_FIELDS:
            return (patterns(node),)
        case All(parts):
            return tuple(group for part in parts for group in _required(part))
        case Either(parts):
            branches = [_required(part) for part in parts]
            if not all(branches):
                return ()
            return (tuple(dict.fromkeys(literal for branch in branches for literal in min(branch, key=len))),)
        case Near(left, right):
            return _required(left) + _required(right)
        case _:
            return ()
