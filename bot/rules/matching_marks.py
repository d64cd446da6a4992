"""Ids for what an article may have besides terms anywhere in it: facts, terms in one field, regular expressions."""

from collections.abc import Iterable, Set
from typing import Any

from bot.rules.matching_literals import Literals


class Marks:
    """Ids for facts and for terms that count in one field only."""

    def __init__(self, literals: Literals) -> None:
        self._literals = literals
        self._ids: dict[str, dict[str | int, int]] = {}
        self._keys: dict[int, tuple[str, str | int, int]] = {}  # id to field, key, uses

    def __contains__(self, mark: int) -> bool:
        return mark in self._keys

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self._ids)

    def keys(self, field: str) -> Set[Any]:
        """What is asked for in a field."""
        return self._ids[field].keys()

    def has_regex(self, marks: Iterable[int]) -> bool:
        """Whether one of these is that of a regular expression."""
        return "regex" in self._ids and any(self._keys.get(mark, ("",))[0] == "regex" for mark in marks)

    def ask(self, field: str, key: str | int) -> int:
        ids = self._ids.setdefault(field, {})
        mark = ids.get(key)
        if mark is None:
            mark = ids[key] = self._literals.reserve()
        self._keys[mark] = (field, key, self._keys.get(mark, ("", "", 0))[2] + 1)
        return mark

    def release(self, mark: int) -> None:
        field, key, uses = self._keys[mark]
        if uses > 1:
            self._keys[mark] = (field, key, uses - 1)
            return
        del self._keys[mark], self._ids[field][key]
        self._literals.give_back(mark)
        if not self._ids[field]:
            del self._ids[field]

    def of(self, field: str, present: Set[str] | Set[int]) -> list[int]:
        """The marks in this field of what is present there."""
        ids = self._ids.get(field, {})
        return [ids[key] for key in ids.keys() & present]

    def cost(self, mark: int) -> float:
        """A language is in a great many articles, a site, tag, author or title word in few."""
        field, key, _ = self._keys[mark]
        return 1.0 if field == "fact" and str(key).startswith("lang:") else 0.05
