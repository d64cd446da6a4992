"""From the text of a query to its tree.

Operators, tightest first: `-`, `!`, `NOT`, `+` and scopes, which take the next word, quote or group; `NEAR/n`; `AND` or
nothing between terms that are quoted, grouped or scoped; `OR`, `|`. A run of bare words is one phrase; in Chinese and
Japanese a space between words means AND.
"""

import re
from collections.abc import Callable
from typing import NamedTuple, NoReturn

from bot.errors import QueryError
from bot.rules.query_names import is_name
from bot.rules.query_regex import check_regex
from bot.rules.query_tree import Either, Fact, Hashtag, Near, Node, Not, Regex, Term, all_of, either_of, scoped, spell
from summarizer.folding import LETTERS_APART, fold_words, is_unspaced

MAX_LENGTH = 1_000  # characters
MAX_DEPTH = 20  # groups within groups
MAX_TERMS = 50
MAX_LABEL = 60  # characters
MAX_DISTANCE = 50  # words
DEFAULT_DISTANCE = 10  # words, of NEAR without a number
MIN_PREFIX = 3  # letters

# Each to one character, so that places in the text stay.
_PLAIN_SIGNS = str.maketrans(
    {
        **dict.fromkeys("“”„«»「」『』＂", '"'),
        **dict.fromkeys("－−–", "-"),
        **dict(zip("（）：，、｜！＋＃＊＝＞＆／", "():,,|!+#*=>&/", strict=True)),
    }
)
_TOKEN = re.compile(
    r"""\s+
    |(?P<open>\()
    |(?P<close>\))
    |(?P<quote>"[^"]*"?)
    |(?P<label>=>)
    |(?P<either>\|\|?|OR(?![^\s()"]))
    |(?P<all>&&|AND(?![^\s()"]))
    |(?P<exclude>[-!](?=[^\s])|NOT(?![^\s()"]))
    |(?P<near>NEAR(?:/[^\s()"]*)?(?![^\s()"]))
    |(?P<require>\+(?=[^\s+]))
    |(?P<scope>(?i:title|author|source|site|lang|tag):)
    |(?P<hash>\#(?=[^\W_])[^\s()"|]*)
    |(?P<regex>/(?:\\.|[^/\s\\])(?:\\.|[^/\\])*/(?![^\s()|]))
    |(?P<word>(?:(?!=>)[^\s()"|])+|=>)""",
    re.VERBOSE,
)
_SIMPLE = re.compile(r"[^\W_]+(?: [^\W_]+)*")
_OPERATOR_WORD = re.compile(r"\b(?:AND|OR|NOT|NEAR)\b")
_HAS_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u9fff\uf900-\ufaff\uff66-\uff9d]")
_CLOSING = {"“": "”", "„": "“", "«": "»", "「": "」", "『": "』"}
ABBREVIATIONS = LETTERS_APART - {"ice", "aids"}  # nobody follows the words that they read like
_TEXT_FIELDS = frozenset({"title", "author", "source"})
_AROUND = " ,，、;；:：=＝*＊/／"  # what a term may be written between
_STARTS = frozenset({"open", "quote", "exclude", "require", "scope", "hash", "word", "regex"})


class _Token(NamedTuple):
    kind: str
    text: str
    position: int


_END = "end"


def parse_tree(text: str, *, regexes: bool = True) -> tuple[Node, str]:
    """The tree and the label of a query, the label empty where there is none. Raises QueryError.

    Args:
        regexes: whether regular expressions may stand in it.
    """
    if len(text) > MAX_LENGTH:
        raise QueryError("too_long", MAX_LENGTH, limit=MAX_LENGTH, length=len(text))
    plain = text if text.isascii() else text.translate(_PLAIN_SIGNS)
    if _SIMPLE.fullmatch(plain) and not _OPERATOR_WORD.search(plain):
        terms = run_of_words([_Token("word", match[0], match.start()) for match in re.finditer(r"\S+", plain)], text)
        return all_of(list(terms)), ""
    return _Parser(text, plain, regexes=regexes).parse()


def _tokens(plain: str) -> list[_Token]:
    return [
        _Token(match.lastgroup, match[0], match.start())
        for match in _TOKEN.finditer(plain)
        if match.lastgroup is not None
    ] + [_Token(_END, "", len(plain.rstrip()))]


class _Parser:
    """Reads tokens from left to right; every method takes what it is named for, or raises at its place."""

    def __init__(self, text: str, plain: str, *, regexes: bool) -> None:
        self._text = text
        self._regexes = regexes
        self._tokens = _tokens(plain)
        self._index = 0
        self._depth = 0
        self._terms = 0

    def parse(self) -> tuple[Node, str]:
        if self._next.kind == _END:
            raise QueryError("empty_query", 0)
        if self._next.kind == "label":
            self._fail("missing_term", self._next, operator="=>")
        node = self._either()
        label = ""
        if self._next.kind == "label":
            label = self._label()
        if self._next.kind == "close":
            self._fail("unopened_group", self._next, suggestion=self._without(self._next))
        return node, label

    @property
    def _next(self) -> _Token:
        return self._tokens[self._index]

    def _take(self) -> _Token:
        self._index += 1
        return self._tokens[self._index - 1]

    def _fail(self, reason: str, token: _Token, *, suggestion: str = "", **facts: str | int) -> NoReturn:
        raise QueryError(reason, token.position, suggestion=suggestion, **facts)

    def _without(self, token: _Token, instead: str = "") -> str:
        """The text with something else, or nothing, in place of the token."""
        text = f"{self._text[: token.position]}{instead}{self._text[token.position + len(token.text) :]}"
        return " ".join(text.split())

    def _label(self) -> str:
        sign = self._take()
        label = " ".join(self._text[sign.position + 2 :].split())
        if not label:
            self._fail("empty_label", sign, suggestion=self._text[: sign.position].strip())
        if len(label) > MAX_LABEL:
            self._fail("label_too_long", sign, limit=MAX_LABEL)
        self._index = len(self._tokens) - 1
        return label

    def _either(self) -> Node:
        parts = [self._all()]
        while self._next.kind == "either":
            self._take()
            parts.append(self._all())
        return either_of(parts)

    def _all(self) -> Node:
        parts = [self._near()]
        while self._next.kind == "all" or self._next.kind in _STARTS:
            if self._next.kind == "all":
                self._take()
            parts.append(self._near())
        return all_of(parts)

    def _near(self) -> Node:
        node = self._unary()
        while self._next.kind == "near":
            token = self._take()
            node = Near(self._near_side(node, token), self._near_side(self._unary(), token), self._distance(token))
        return node

    def _distance(self, token: _Token) -> int:
        number = token.text.partition("/")[2] if "/" in token.text else str(DEFAULT_DISTANCE)
        if not number.isdecimal() or not 1 <= int(number) <= MAX_DISTANCE:
            nearest = min(max(int(number), DEFAULT_DISTANCE), MAX_DISTANCE) if number.isdecimal() else DEFAULT_DISTANCE
            self._fail("bad_distance", token, limit=MAX_DISTANCE, suggestion=self._without(token, f"NEAR/{nearest}"))
        return int(number)

    def _near_side(self, node: Node, token: _Token) -> Node:
        """NEAR stands between words, phrases, and alternatives of them, all in the same field."""
        parts = node.parts if isinstance(node, Either) else (node,)
        if not all(isinstance(part, Term) and part.field in ("", "title") for part in parts):
            self._fail("near_needs_words", token)
        return node

    def _unary(self, *, single: bool = False) -> Node:
        """A term with what stands before it; with `single` of a run of words only the first is taken."""
        token = self._next
        match token.kind:
            case "exclude":
                self._take()
                return Not(self._operand(token), token.position)
            case "require":
                self._take()
                return self._operand(token)
            case "scope":
                self._take()
                return self._scoped(token)
            case "hash":
                return self._hashtag()
            case "open":
                return self._group()
            case "quote":
                return self._quoted()
            case "regex":
                return self._regex()
            case "word":
                return self._words(1 if single else len(self._tokens))
            case _:
                return self._missing(token)

    def _missing(self, token: _Token) -> NoReturn:
        before = self._tokens[self._index - 1] if self._index else None
        if before is None or token.kind not in (_END, "close", "label"):
            self._fail("missing_term", token, operator=token.text, suggestion=self._without(token))
        if before.kind == "open":
            self._fail("empty_group", before)
        self._fail("missing_term", before, operator=before.text, suggestion=self._text[: before.position].strip())

    def _operand(self, before: _Token) -> Node:
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
        if self._next.kind != "close":
            self._fail("unclosed_group", token, suggestion=closed(self._text, token.position))
        self._take()
        self._depth -= 1
        return node

    def _quoted(self) -> Node:
        token = self._take()
        if len(token.text) < 2 or not token.text.endswith('"'):
            closing = _CLOSING.get(self._text[token.position], '"')
            self._fail("unclosed_quote", token, suggestion=f"{self._text}{closing}")
        written = " ".join(self._text[token.position + 1 : token.position + len(token.text) - 1].split())
        words = fold_words(written)
        self._count(token, words, written)
        return Term(" ".join(words), exact=True, written=written, position=token.position)

    def _regex(self) -> Node:
        token = self._take()
        if not self._regexes:
            self._fail("regex_off", token)
        self._terms += 1
        self._check_terms(token)
        start, end = token.position + 1, token.position + len(token.text) - 1
        pattern = re.sub(r"\\(.)", lambda match: "/" if match[1] == "/" else match[0], self._text[start:end])
        check_regex(pattern, start)
        return Regex(pattern, position=token.position)

    def _words(self, limit: int) -> Node:
        run = [self._take()]
        while len(run) < limit and self._next.kind == "word" and not run[-1].text.endswith("*"):
            run.append(self._take())
        terms = run_of_words(run, self._text)
        self._terms += len(terms)
        self._check_terms(run[0])
        return all_of(list(terms))

    def _hashtag(self) -> Node:
        token = self._take()
        words = [word for word in fold_words(token.text) if word[-1].isalnum()]
        self._count(token, words, token.text)
        return Hashtag("_".join(words), written=token.text.strip("#,:=+*/&!-"), position=token.position)

    def _scoped(self, scope: _Token) -> Node:
        name = scope.text[:-1].lower()
        if name in _TEXT_FIELDS:
            return scoped(self._operand(scope), name)
        token = self._next
        if token.kind not in ("word", "quote"):
            self._fail("missing_value", scope, scope=scope.text)
        self._take()
        written = self._text[token.position : token.position + len(token.text)].strip('"“”„«»「」『』＂')
        value = _FACT_VALUES[name](written)
        if not value:
            self._fail("missing_value", scope, scope=scope.text)
        self._count(token, [value], written)
        return Fact(name, value, written=written, position=scope.position)

    def _count(self, token: _Token, words: list[str], written: str) -> None:
        self._terms += 1
        self._check_terms(token)
        if not any(character.isalnum() for word in words for character in word):
            self._fail("nothing_searchable", token, text=written)

    def _check_terms(self, token: _Token) -> None:
        if self._terms > MAX_TERMS:
            self._fail("too_many_terms", token, limit=MAX_TERMS)


def run_of_words(run: list[_Token], text: str) -> list[Term]:
    """The terms of bare words side by side: one phrase, or several where Chinese or Japanese words are spaced."""
    joined = " ".join([token.text for token in run])
    prefix = joined.endswith("*")
    if "*" in joined[:-1]:
        raise QueryError("prefix_only_at_end", _place_of("*", run), suggestion=text.replace("*", "").strip())
    if joined.isascii() or not _HAS_UNSPACED.search(joined):
        groups = [(run, _bare_words(joined))]
    else:
        groups = _spaced_groups(run)
    return [
        _bare_term(tokens, words, text, prefix=prefix and tokens is groups[-1][0], whole=len(groups) <= len(run))
        for tokens, words in groups
    ]


def _bare_words(text: str) -> list[str]:
    """Folded; without the sign of a hashtag, which is a term of its own."""
    return [word for word in fold_words(text) if word != "#"]


def _place_of(character: str, run: list[_Token]) -> int:
    return next(token.position + token.text.index(character) for token in run if character in token.text)


def _spaced_groups(run: list[_Token]) -> list[tuple[list[_Token], list[str]]]:
    """Cuts a run of words at each gap beside Chinese or Japanese, inside a word too: 朝鲜/军队, but not iPhone手机."""
    groups: list[tuple[list[_Token], list[str]]] = []
    before: str | None = None
    for token in run:
        for number, word in enumerate(_bare_words(token.text)):
            if before is not None and _continues(before, word, same_token=number > 0):
                tokens, words = groups[-1]
                words.append(word)
                if tokens[-1] is not token:
                    tokens.append(token)
            else:
                groups.append(([token], [word]))
            before = word
    return groups or [(run, [])]


def _continues(before: str, word: str, *, same_token: bool) -> bool:
    unspaced = is_unspaced(before[-1]) + is_unspaced(word[0])
    return unspaced == 0 or (unspaced == 1 and same_token)


def _bare_term(tokens: list[_Token], words: list[str], text: str, *, prefix: bool, whole: bool) -> Term:
    first, last = tokens[0], tokens[-1]
    written = " ".join(text[first.position : last.position + len(last.text)].split()).strip(_AROUND)
    joined = "".join(words)
    if not joined.isalnum() and not any(map(str.isalnum, joined)):
        raise QueryError("nothing_searchable", first.position, text=written or first.text)
    if not _says(written, words, whole=whole):
        written = spell(" ".join(words))
    if prefix and len(words[-1]) < MIN_PREFIX and not is_unspaced(words[-1][-1]):
        raise QueryError("prefix_too_short", first.position, limit=MIN_PREFIX, text=written, suggestion=written)
    if len(words) == 1 and words[0] in ABBREVIATIONS and not prefix:
        words = list(words[0])
    name = len(words) == 1 and not prefix and is_name(written, words[0])
    return Term(" ".join(words), prefix=prefix, name=name, written=written, position=first.position)


def _says(written: str, words: list[str], *, whole: bool) -> bool:
    """Whether what was written, alone, is read as these words and nothing else."""
    if _SIMPLE.fullmatch(written):
        return (whole or fold_words(written) == words) and not _OPERATOR_WORD.search(written)
    kinds = {token.kind for token in _tokens(f"{written}*".translate(_PLAIN_SIGNS))}
    return kinds == {"word", _END} and _bare_words(written) == words


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
