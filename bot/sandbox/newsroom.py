"""The sample articles of the demo, read from `samples/` and placed in time; `samples/README.md` describes the files."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from babel.dates import format_date

HEADERS = {"Title", "Section", "Author", "Tags", "Story", "Age", "After"}
SPAN = re.compile(r"(?:(\d+)d)?\s*(?:(\d+)h)?\s*(?:(\d+)m)?")
DAY = re.compile(r"\{(weekday|date|day)([+-]\d+)?\}")
LOCALES = {"en": "en-GB", "zh": "zh-CN"}  # where an outlet names none
DAY_PATTERNS = {  # CLDR patterns, by language
    "en": {"weekday": "EEEE", "date": "d MMMM", "day": "d"},
    "zh": {"weekday": "EEEE", "date": "M月d日", "day": "d日"},
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One article as its file has it. `offset` from the start of the demo is negative for what came before."""

    slug: str
    title: str
    section: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    story: str
    offset: timedelta
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented newspaper: its `outlet.json`, and its samples in the order of their files."""

    slug: str
    title: str
    description: str
    language: str
    locale: str  # a BCP 47 tag: en-GB, zh-CN, zh-TW
    zone: timezone
    feed: str  # "rss" or "atom"
    full_text: bool  # else the feed has the first paragraph only
    colour: str
    sections: tuple[str, ...]
    samples: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """A sample with its instant (in the outlet's zone) and its days written out."""

    outlet: Outlet
    slug: str
    title: str
    section: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    story: str
    at: datetime
    paragraphs: tuple[str, ...]

    @property
    def path(self) -> str:
        """Where its page is on the server."""
        return f"/outlets/{self.outlet.slug}/{self.slug}"

    @property
    def summary(self) -> str:
        """Its first paragraph."""
        return self.paragraphs[0]


@cache
def load_outlets() -> tuple[Outlet, ...]:
    """Every outlet of the package, by slug. Raises ValueError, naming the file, where a sample breaks the form."""
    folders = (entry for entry in _samples().iterdir() if entry.is_dir() and entry.joinpath("outlet.json").is_file())
    return tuple(_read_outlet(folder) for folder in sorted(folders, key=lambda folder: folder.name))


def publish(outlet: Outlet, started_at: datetime) -> tuple[Published, ...]:
    """The outlet's samples as they appear around `started_at`, newest first; the days in them are filled in."""
    return tuple(
        sorted((_place(outlet, sample, started_at) for sample in outlet.samples), key=lambda one: one.at, reverse=True)
    )


def pushed_article(day: date) -> dict[str, Any]:
    """The example of an article that another program pushes to the HTTP API, published on `day`."""
    article: dict[str, Any] = json.loads(_samples().joinpath("pushed.json").read_text("utf-8"))
    return article | {"published": day.isoformat()}


def read_sample(name: str, text: str, sections: tuple[str, ...]) -> Sample:
    """Reads one article's file. Raises ValueError, with `name`, where it breaks the form."""
    head, _, body = text.partition("\n\n")
    headers = dict(_headers(name, head))
    title, section = headers.get("Title", ""), headers.get("Section", "")
    slug = re.fullmatch(r"\d+-([a-z0-9-]+)\.txt", name.rpartition("/")[2])
    if not slug:
        raise ValueError(f"{name}: the name must be <number>-<slug>.txt")
    if not title or section not in sections:
        raise ValueError(f"{name}: needs a Title and one of the Sections {', '.join(sections)}")
    paragraphs = tuple(paragraph.strip() for paragraph in body.split("\n\n") if paragraph.strip())
    if not paragraphs:
        raise ValueError(f"{name}: has no text")
    return Sample(
        slug=slug[1],
        title=title,
        section=section,
        authors=_items(headers.get("Author", ""), "[;；]"),
        tags=_items(headers.get("Tags", ""), "[,，]"),
        story=headers.get("Story", ""),
        offset=_offset(name, headers),
        paragraphs=paragraphs,
    )


def _samples() -> Traversable:
    return files("bot.sandbox").joinpath("samples")


def _read_outlet(folder: Traversable) -> Outlet:
    facts = json.loads(folder.joinpath("outlet.json").read_text("utf-8"))
    sections = tuple(facts["sections"])
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".txt"))
    return Outlet(
        slug=folder.name,
        title=facts["title"],
        description=facts["description"],
        language=facts["language"],
        locale=facts.get("locale", LOCALES[facts["language"]]),
        zone=timezone(datetime.strptime(facts["offset"], "%z").utcoffset() or timedelta()),
        feed=facts["feed"],
        full_text=facts["content"] == "full",
        colour=facts["colour"],
        sections=sections,
        samples=tuple(
            read_sample(f"{folder.name}/{name}", folder.joinpath(name).read_text("utf-8"), sections) for name in names
        ),
    )


def _headers(name: str, head: str) -> Iterator[tuple[str, str]]:
    for line in head.splitlines():
        key, _, value = line.partition(":")
        if key not in HEADERS or not value.strip():
            raise ValueError(f"{name}: no header: {line!r}")
        yield key, value.strip()


def _items(text: str, separator: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in re.split(separator, text) if item.strip())


def _offset(name: str, headers: Mapping[str, str]) -> timedelta:
    given = [(key, headers[key]) for key in ("Age", "After") if key in headers]
    span = SPAN.fullmatch(given[0][1]) if len(given) == 1 else None
    if span is None or not any(span.groups()):
        raise ValueError(f"{name}: needs either Age or After, such as 2d 4h 30m")
    days, hours, minutes = (int(number or 0) for number in span.groups())
    offset = timedelta(days=days, hours=hours, minutes=minutes)
    return -offset if given[0][0] == "Age" else offset


def _place(outlet: Outlet, sample: Sample, started_at: datetime) -> Published:
    at = (started_at + sample.offset).astimezone(outlet.zone).replace(microsecond=0)

    def write(day: re.Match[str]) -> str:
        moved = at.date() + timedelta(days=int(day[2] or 0))
        return format_date(moved, DAY_PATTERNS[outlet.language][day[1]], locale=outlet.language)

    return Published(
        outlet=outlet,
        slug=sample.slug,
        title=DAY.sub(write, sample.title),
        section=sample.section,
        authors=sample.authors,
        tags=sample.tags,
        story=sample.story,
        at=at,
        paragraphs=tuple(DAY.sub(write, paragraph) for paragraph in sample.paragraphs),
    )
