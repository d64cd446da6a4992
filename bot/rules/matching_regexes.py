"""The regular expressions of all queries, found in an article by one RE2 set."""

from collections.abc import Collection, Iterator
from typing import Any

import re2

from bot.rules.matching_documents import Document
from bot.rules.query_regex import compiled, options
from bot.rules.query_tree import Regex


def regex_key(regex: Regex) -> str:
    """What a regular expression in its field goes by: `title:Kims?`, `:Kims?`."""
    return f"{regex.field}:{regex.pattern}"


class RegexSearch:
    """Finds many regular expressions at once; the set is put together again when they have changed."""

    def __init__(self) -> None:
        self._keys: frozenset[str] = frozenset()
        self._scopes: list[tuple[str, ...]] = []  # by number of the pattern, the fields that it is asked for in
        self._patterns: list[str] = []
        self._set: Any = None

    def find(self, keys: Collection[str], document: Document) -> set[str]:
        """Those of the keys (`regex_key`) whose expression is met in its field."""
        if self._keys != keys:
            self._compile(frozenset(keys))
        asked = {scope for scopes in self._scopes for scope in scopes}
        found: set[str] = set()
        for field, texts in field_texts(document).items():
            fields = {field, ""} & asked if field in ("title", "text") else {field} & asked
            for text in texts if fields else ():
                for number in self._set.Match(text) or ():
                    found.update(f"{scope}:{self._patterns[number]}" for scope in fields)
        return found & self._keys

    def _compile(self, keys: frozenset[str]) -> None:
        by_pattern: dict[str, list[str]] = {}
        for key in sorted(keys):
            scope, _, pattern = key.partition(":")
            by_pattern.setdefault(pattern, []).append(scope)
        self._keys, self._patterns = keys, list(by_pattern)
        self._scopes = [tuple(scopes) for scopes in by_pattern.values()]
        self._set = re2.Set.SearchSet(options())
        for pattern in self._patterns:
            self._set.Add(pattern)
        self._set.Compile()


def field_texts(document: Document) -> dict[str, tuple[str, ...]]:
    """What a regular expression is held against in each field: the originals, not what folding made of them."""
    return {
        "title": (document.title,),
        "text": (document.body,),
        "author": document.authors,
        "source": (document.source,),
    }


def regex_places(regex: Regex, document: Document) -> Iterator[tuple[str, int, int]]:
    """Where an expression is met: field, start, end; perhaps nowhere between two characters."""
    texts = field_texts(document)
    for field in (regex.field,) if regex.field else ("title", "text"):
        for text in texts[field]:
            for match in compiled(regex.pattern).finditer(text):
                yield field, match.start(), match.end()
