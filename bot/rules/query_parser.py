"""From the text of a query to its tree.

Operators, tightest first: `-`, `!`, `NOT`, `+` and scopes, which take the next word, quote or group; `NEAR/n`; `AND` or
nothing between terms that are quoted, grouped or scoped; `OR`, `|`. A run of bare words is one phrase; in Chinese and
Japanese a space between words means AND.
"""

import re
from collections.abc import Callable
from typing import NoReturn

from bot.errors import QueryError
from bot.rules.query_regex import check_regex
from bot.rules.query_terms import check_searchable, is_one_phrase, phrase, quoted_term, run_of_words
from bot.rules.query_tokens import Token, place, tokens, with_plain_signs
from bot.rules.query_tree import Either, Fact, Hashtag, Near, Node, Not, Regex, Term, all_of, either_of, scoped
from summarizer.folding import fold_words

MAX_LENGTH = 1_000  # characters
MAX_DEPTH = 20  # groups within groups
MAX_TERMS = 50
MAX_LABEL = 60  # characters
MAX_DISTANCE = 50  # words
DEFAULT_DISTANCE = 10  # words, of NEAR without a number

_CLOSING = {"“": "”", "„": "“", "«": "»", "「": "」", "『": "』"}
_TEXT_FIELDS = frozenset({"title", "author", "source"})
_STARTS = frozenset({"open", "quote", "exclude", "require", "scope", "hash", "word", "regex"})
_GOES_ON = _STARTS | {"all"}


def parse_tree(text: str, *, regexes: bool = True) -> tuple[Node, str]:
    """The tree and the label of a query, the label empty where there is none. Raises QueryError.

    Args:
        regexes: whether regular expressions may stand in it.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError("too_long", MAX_LENGTH, limit=MAX_LENGTH, length=len(text))
    plain = with_plain_signs(text)
    # Most queries are one term, which needs no tokens.
    if plain.startswith('"') and plain.find('"', 1) == len(plain) - 1:
        return quoted_term(text, 0, len(text)), ""
    if is_one_phrase(text):
        return phrase(text, 0), ""
    return _Parser(text, plain, regexes=regexes).parse()


class _Parser:
    """Reads tokens from left to right; every method takes what it is named for, or raises at its place."""

    def __init__(self, text: str, plain: str, *, regexes: bool) -> None:
        self._text = text
        self._regexes = regexes
        self._tokens = tokens(plain)
        self._kinds = [token.lastgroup for token in self._tokens]
        self._index = 0
        self._depth = 0
        self._terms = 0

    def parse(self) -> tuple[Node, str]:
        kind = self._kinds[0]
        if kind == "end":
            raise QueryError("empty_query", 0)
        if kind == "label":
            self._fail("missing_term", self._next, operator="=>")
        node = self._either()
        kind = self._kinds[self._index]
        if kind == "close":
            self._fail("unopened_group", self._next, suggestion=self._without(self._next))
        return node, self._label() if kind == "label" else ""

    @property
    def _next(self) -> Token:
        return self._tokens[self._index]

    def _take(self) -> Token:
        self._index += 1
        return self._tokens[self._index - 1]

    def _fail(self, reason: str, token: Token, *, suggestion: str = "", **facts: str | int) -> NoReturn:
        raise QueryError(reason, place(token), suggestion=suggestion, **facts)

    def _without(self, token: Token, instead: str = "") -> str:
        """The text with something else, or nothing, in place of the token."""
        text = f"{self._text[: place(token)]}{instead}{self._text[token.end() :]}"
        return " ".join(text.split())

    def _label(self) -> str:
        sign = self._take()
        label = " ".join(self._text[sign.end() :].split())
        if not label:
            self._fail("empty_label", sign, suggestion=self._text[: place(sign)].strip())
        if len(label) > MAX_LABEL:
            self._fail("label_too_long", sign, limit=MAX_LABEL)
        return label

    def _either(self) -> Node:
        node = self._all()
        if self._kinds[self._index] != "either":
            return node
        parts = [node]
        while self._kinds[self._index] == "either":
            self._index += 1
            parts.append(self._all())
        return either_of(parts)

    def _all(self) -> Node:
        parts = []
        while True:
            node = self._quoted() if self._kinds[self._index] == "quote" else self._unary()
            kind = self._kinds[self._index]
            if kind == "near":
                node = self._near(node)
                kind = self._kinds[self._index]
            parts.append(node)
            if kind not in _GOES_ON:
                return all_of(parts) if len(parts) > 1 else node
            if kind == "all":
                self._index += 1

    def _near(self, node: Node) -> Node:
        """What stands near the node, which was read already."""
        while self._kinds[self._index] == "near":
            token = self._take()
            node = Near(self._near_side(node, token), self._near_side(self._unary(), token), self._distance(token))
        return node

    def _distance(self, token: Token) -> int:
        number = token["near"].partition("/")[2] if "/" in token["near"] else str(DEFAULT_DISTANCE)
        if not number.isdecimal() or not 1 <= int(number) <= MAX_DISTANCE:
            nearest = min(max(int(number), DEFAULT_DISTANCE), MAX_DISTANCE) if number.isdecimal() else DEFAULT_DISTANCE
            self._fail("bad_distance", token, limit=MAX_DISTANCE, suggestion=self._without(token, f"NEAR/{nearest}"))
        return int(number)

    def _near_side(self, node: Node, token: Token) -> Node:
        """NEAR stands between words, phrases, and alternatives of them, all in the same field."""
        parts = node.parts if isinstance(node, Either) else (node,)
        if not all(isinstance(part, Term) and part.field in ("", "title") for part in parts):
            self._fail("near_needs_words", token)
        return node

    def _unary(self, *, single: bool = False) -> Node:
        """A term with what stands before it; with `single` of a run of words only the first is taken."""
        token = self._tokens[self._index]
        match self._kinds[self._index]:
            case "quote":
                return self._quoted()
            case "word":
                return self._words(single=single)
            case "open":
                return self._group()
            case "exclude":
                self._index += 1
                return Not(self._operand(token), place(token))
            case "require":
                self._index += 1
                return self._operand(token)
            case "scope":
                self._index += 1
                return self._scoped(token)
            case "hash":
                return self._hashtag()
            case "regex":
                return self._regex()
            case _:
                return self._missing(token)

    def _missing(self, token: Token) -> NoReturn:
        before = self._tokens[self._index - 1] if self._index else None
        if before is None or token.lastgroup not in ("end", "close", "label"):
            self._fail("missing_term", token, operator=_text(token), suggestion=self._without(token))
        if before.lastgroup == "open":
            self._fail("empty_group", before)
        self._fail("missing_term", before, operator=_text(before), suggestion=self._text[: place(before)].strip())

    def _operand(self, before: Token) -> Node:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._fail("too_deep", before, limit=MAX_DEPTH)
        node = self._unary(single=True)
        self._depth -= 1
        return node

    def _group(self) -> Node:
        token = self._take()
        self._depth += 1
        if self._depth > MAX_DEPTH:
            self._fail("too_deep", token, limit=MAX_DEPTH)
        node = self._either()
        if self._kinds[self._index] != "close":
            self._fail("unclosed_group", token, suggestion=closed(self._text, place(token)))
        self._index += 1
        self._depth -= 1
        return node

    def _quoted(self) -> Node:
        token = self._tokens[self._index]
        self._index += 1
        start, end = token.span("quote")
        if end - start < 2 or token.string[end - 1] != '"':
            closing = _CLOSING.get(self._text[start], '"')
            self._fail("unclosed_quote", token, suggestion=f"{self._text}{closing}")
        self._count(token)
        return quoted_term(self._text, start, end)

    def _regex(self) -> Node:
        token = self._take()
        if not self._regexes:
            self._fail("regex_off", token)
        self._count(token)
        start, end = place(token) + 1, token.end() - 1
        pattern = re.sub(r"\\(.)", lambda match: "/" if match[1] == "/" else match[0], self._text[start:end])
        check_regex(pattern, start)
        return Regex(pattern, position=place(token))

    def _words(self, *, single: bool) -> Node:
        run = [self._take()]
        while not single and self._kinds[self._index] == "word" and not run[-1]["word"].endswith("*"):
            run.append(self._take())
        terms = run_of_words(run, self._text)
        self._count(run[0], len(terms))
        return all_of(list(terms))

    def _hashtag(self) -> Node:
        token = self._take()
        self._count(token)
        words = "_".join([word for word in fold_words(token["hash"]) if word[-1].isalnum()])
        check_searchable(words, token["hash"], place(token))
        return Hashtag(words, written=token["hash"].strip("#,:=+*/&!-"), position=place(token))

    def _scoped(self, scope: Token) -> Node:
        name = scope["scope"][:-1].lower()
        if name in _TEXT_FIELDS:
            return scoped(self._operand(scope), name)
        token = self._next
        if token.lastgroup not in ("word", "quote"):
            self._fail("missing_value", scope, scope=scope["scope"])
        self._index += 1
        written = self._text[place(token) : token.end()].strip('"“”„«»「」『』＂')
        value = _FACT_VALUES[name](written)
        if not value:
            self._fail("missing_value", scope, scope=scope["scope"])
        self._count(token)
        check_searchable(value, written, place(token))
        return Fact(name, value, written=written, position=place(scope))

    def _count(self, token: Token, terms: int = 1) -> None:
        self._terms += terms
        if self._terms > MAX_TERMS:
            self._fail("too_many_terms", token, limit=MAX_TERMS)


def _text(token: Token) -> str:
    return token[token.lastgroup or 0]


def closed(text: str, opening: int) -> str:
    """The text with its open group closed: after the last alternative's first word, else at the end."""
    text, sign, label = text.partition("=>")
    text, label = text.rstrip(), f" {sign}{label}" if sign else ""
    last = text.rfind(" OR ")
    if last > opening:
        match = re.compile(r'\s*("[^"]*"|[^\s()"]+)\s+(?=[^\s()])').match(text, last + 4)
        if match:
            return f"{text[: match.end(1)]}) AND {text[match.end() :]}{label}"
    return f"{text}){label}"


def _host(written: str) -> str:
    """`https://www.straitstimes.com/asia` names the site `straitstimes.com`."""
    host = written.lower().partition("://")[2] or written.lower()
    return re.split(r"[/:?#]", host)[0].removeprefix("www.").strip(".")


def _language(written: str) -> str:
    code = written.lower().replace("_", "-").partition("-")[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""


_FACT_VALUES: dict[str, Callable[[str], str]] = {
    "site": _host,
    "lang": _language,
    "tag": lambda written: " ".join(fold_words(written)),
}
