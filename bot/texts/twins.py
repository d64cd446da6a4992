"""Names in other languages: who follows 朝鲜 can follow North Korea, 북한 and КНДР with it, as one topic.

The names are CLDR's, from Babel's data, with what `bot.texts.twin_names` knows better. Left out is whatever would bring
news of something else: names that are ordinary words somewhere, and names of languages that are said of people, too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from babel import localedata

from bot.texts.twin_names import (
    AREAS,
    COMMON_NAMES,
    CURRENCIES,
    LANGUAGES,
    LANGUAGES_ALONE,
    LANGUAGES_OF_PEOPLES,
    NO_PLACES,
    ORDINARY,
    SCRIPTS_THAT_TELL,
    SHARED,
)
from summarizer.folding import fold

_BRACKET = re.compile(r"\s*[(（].*")
_BARE = re.compile(r"[^\W\d_]+(?:[ '’.-]+[^\W\d_]+)*\.?")
# Said so in ordinary text: Japanese newspapers write no space in ロシア ルーブル.
_GAP = re.compile(r"(?<=[\u3040-\u9fff]) (?=[\u3040-\u9fff])")


@dataclass(frozen=True, slots=True)
class Twins:
    """The same name in other languages.

    Attributes:
        written: the name as the person wrote it.
        names: its others, the most usual of each language before the rest, in the order of the languages asked for.
        languages: of each of the names, as ISO 639-1 codes.
    """

    written: str
    names: tuple[str, ...]
    languages: tuple[str, ...]

    def as_query(self, label: str = "") -> str:
        """A query for any of the names, called as the person wrote it: `朝鲜 OR North Korea OR 북한 => 朝鲜`."""
        return f"{as_query([self.written, *self.names])} => {label or self.written}"


def as_query(names: Sequence[str]) -> str:
    """Any of the names, each as a phrase: bare, so that it is met inflected, too; quoted where it has other signs."""
    return " OR ".join([name if _BARE.fullmatch(name) else f'"{name}"' for name in names])


def twins(text: str, languages: Sequence[str] = ()) -> Twins | None:
    """The other names of a country, area, currency or language; None where the text is no such name, or has no other.

    The first call reads Babel's data, about 0.1 s; what stays of it takes some 2 MB.

    Args:
        text: a name in any of the languages, in any spelling.
        languages: whose names come first, as IETF tags: the reader's, then those of the sources.
    """
    key = fold(text)
    named = _index()
    thing = named.things.get(key)
    if thing is None:
        return None
    names = [its for its in named.names[thing] if its.is_clear and fold(its.text) != key]
    order = {language.partition("-")[0]: place for place, language in reversed(list(enumerate(languages)))}
    names.sort(key=lambda its: (its.rank, order.get(its.language, len(order))))
    if not names:
        return None
    return Twins(" ".join(text.split()), tuple(its.text for its in names), tuple(its.language for its in names))


@dataclass(frozen=True, slots=True)
class _Name:
    """One name of a thing. `rank`: 0 for its language's most usual one; `is_clear`: it means nothing else."""

    text: str
    language: str
    rank: int
    is_clear: bool


@dataclass(frozen=True, slots=True)
class _Index:
    """Things by the folded names that mean one of them only, and the names of each."""

    things: dict[str, int]
    names: list[tuple[_Name, ...]]


@cache
def _index() -> _Index:
    ordinary = {fold(name.replace("_", " ")) for name in ORDINARY}
    shared = {fold(name) for name in SHARED}
    written: dict[str, dict[str, tuple[str, str, int]]] = {}  # thing to folded name to name, language, rank
    for language in LANGUAGES:
        for thing, names in _names_in(language):
            known = written.setdefault(thing, {})
            base = language.partition("_")[0]
            for name in names:
                rank = sum(other == base for _, other, _ in known.values())
                known.setdefault(fold(name), (name, base, rank))
    things: dict[str, int] = {}
    found: list[tuple[_Name, ...]] = []
    double: set[str] = set()
    for known in written.values():
        keys = [key for key in known if key not in ordinary]
        double.update(key for key in keys if key in things)
        things.update(dict.fromkeys(keys, len(found)))
        found.append(tuple(_Name(*known[key], is_clear=key not in shared) for key in keys))
    return _Index({key: thing for key, thing in things.items() if key not in double}, found)


def _names_in(language: str) -> Iterator[tuple[str, list[str]]]:
    """Each thing with its names in a language, the most usual first."""
    data = _cldr(language)
    for code in [code for code in data["territories"] if len(code) == 2 and code not in NO_PLACES] + list(AREAS):
        common = COMMON_NAMES.get(code, {}).get(language)
        yield code, common.split("|") if common else _searchable(data["territories"].get(code), language)
    for code in CURRENCIES:
        yield code, _searchable(data["currency_names"].get(code), language)
    tell = LANGUAGES_OF_PEOPLES if language in SCRIPTS_THAT_TELL else ()
    for code in LANGUAGES_ALONE + tell:
        yield code, _searchable(data["languages"].get(code), language)


def _cldr(language: str) -> Any:
    """Babel's data of a language. Babel would keep all it ever loaded: 12 MB for ten languages."""
    kept = getattr(localedata, "_cache", {})
    before = set(kept)
    data = localedata.load(language)
    for name in set(kept) - before:
        del kept[name]
    return data


def _searchable(name: str | None, language: str) -> list[str]:
    """CLDR's name as it stands in a text; nothing where it has none, or a single character, which is everywhere."""
    name = _GAP.sub("", _BRACKET.sub("", name or "")).replace(" - ", "-")
    if language == "en":
        name = name.replace(" & ", " and ")
    return [name] if len(name) > 1 else []
