"""The starter catalogue: well-known public news feeds by language and topic, addresses only (`catalogue.json`)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.rules.opml import Outline


@dataclass(frozen=True, slots=True)
class Pack:
    """Feeds of one topic in one language; `language` is an ISO 639-1 code, `topic` a key of the catalogue."""

    language: str
    topic: str
    feeds: tuple[Outline, ...]

    @property
    def key(self) -> str:
        """What a button names it by."""
        return f"{self.language}-{self.topic}"


@cache
def packs() -> tuple[Pack, ...]:
    """Every pack, in the catalogue's order."""
    return tuple(_read())


def pack(key: str) -> Pack | None:
    """The pack of a key."""
    return next((one for one in packs() if one.key == key), None)


def languages() -> list[str]:
    """The languages of the catalogue, in its order."""
    return list(dict.fromkeys(one.language for one in packs()))


def _read() -> Iterator[Pack]:
    catalogue = json.loads((files(__package__) / "catalogue.json").read_text("utf-8"))
    for language, topics in catalogue.items():
        for topic, feeds in topics.items():
            yield Pack(language, topic, tuple(Outline(url, title) for title, url in feeds))
