"""How articles and sources are shaped for a page: under which day, how exact a time, which words; no request, no SQL.

Every time given in and out is aware; `now` is local to the portal, and its zone is the zone of the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from babel.dates import format_date, format_timedelta

from bot.model import Article, SourceCount, SourceKind, SourceState
from bot.ports import Words
from bot.rules.rendering import shorten

EXCERPT = 320  # UTF-16 units; the style sheet shows two or three lines of it
SILENT = timedelta(days=3)  # a feed that brought nothing for so long is called silent
LONG_DAY = {"en": "EEEE d MMMM", "zh": "M月d日 EEEE"}
LONG_DAY_OF_YEAR = {"en": "EEEE d MMMM y", "zh": "y年M月d日 EEEE"}


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as a list shows it. `clock` is empty where the source gave no time; `machine` is for `<time>`."""

    article: Article
    day: date
    clock: str
    machine: str
    excerpt: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day's heading with what stands under it."""

    title: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source with its health: `state` is `well`, `waiting`, `silent`, `paused` or `ill`; `told` is a sentence."""

    count: SourceCount
    state: str
    told: str


def entry(article: Article, *, now: datetime) -> Entry:
    """An article for a list."""
    at = article.published_at or article.received_at
    # A bare day has no zone: shifting it would show another day than the source did.
    local = at if article.published_is_day else at.astimezone(now.tzinfo)
    timed = article.published_at is not None and not article.published_is_day
    return Entry(
        article=article,
        day=local.date(),
        clock=f"{local:%H:%M}" if timed else "",
        machine=local.date().isoformat() if article.published_is_day else local.isoformat(timespec="minutes"),
        excerpt=shorten(article.text, EXCERPT),
    )


def by_day(found: Iterable[Article], words: Words, *, now: datetime) -> list[Day]:
    """The articles under their days, the newest day first; within a day the order stays."""
    entries = sorted((entry(article, now=now) for article in found), key=lambda one: one.day, reverse=True)
    return [
        Day(words("Today") if day == now.date() else long_day(day, words, today=now.date()), tuple(group))
        for day, group in groupby(entries, key=lambda one: one.day)
    ]


def when(article: Article, words: Words, *, now: datetime) -> str:
    """An article's time with its day, also today: a page may be printed and kept."""
    at = article.published_at
    if at is None:
        return words("came in {when}", when=_with_day(article.received_at, words, now=now))
    return words.day(at.date(), today=now.date()) if article.published_is_day else _with_day(at, words, now=now)


def _with_day(at: datetime, words: Words, *, now: datetime) -> str:
    local = at.astimezone(now.tzinfo)
    return words.weekday(local) if local.date() == now.date() else words.moment(local, now=now)


def long_day(day: date, words: Words, *, today: date) -> str:
    """`Tuesday 22 October`, with its year where that is not today's."""
    pattern = LONG_DAY if day.year == today.year else LONG_DAY_OF_YEAR
    return format_date(day, pattern[words.language], locale=words.language)


def paragraphs(text: str) -> list[str]:
    """A plain text's paragraphs: parted by empty lines where it has any, else by line breaks."""
    blocks = text.split("\n\n") if "\n\n" in text else text.split("\n")
    return [block.strip() for block in blocks if block.strip()]


def source_line(count: SourceCount, words: Words, *, now: datetime) -> SourceLine:
    """A source's health in plain words; why it cannot be read is for the admins."""
    source = count.source
    read, came = source.last_success_at, source.last_article_at
    if source.state is SourceState.PAUSED:
        return SourceLine(count, "paused", words("Paused"))
    if source.kind is not SourceKind.FEED:
        return SourceLine(count, "well", words("Sends its own articles"))
    if source.failures:
        told = (
            words("Cannot be read; last read {ago}", ago=_ago(read, words, now))
            if read
            else words("Could not be read yet")
        )
        return SourceLine(count, "ill", told)
    if read is None:
        return SourceLine(count, "waiting", words("About to be read for the first time"))
    if came is not None and now - came > SILENT:
        return SourceLine(
            count, "silent", words("Read, but nothing new: the last came {ago}", ago=_ago(came, words, now))
        )
    return SourceLine(count, "well", words("Read {ago}", ago=_ago(read, words, now)))


def _ago(at: datetime, words: Words, now: datetime) -> str:
    """`14 minutes ago`."""
    passed = max(now - at, timedelta(minutes=1))
    return format_timedelta(-passed, granularity="minute", add_direction=True, locale=words.language)
