"""How articles and sources are shaped for a page: under which day, how exact a time, which words; no request, no SQL.

Every time given in and out is aware; `now` is local to the portal, and its zone is the zone of the page.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from babel.dates import format_date, format_timedelta

from bot.actions.health import usual_pace
from bot.model import Article, Source, SourceCount
from bot.ports import Words
from bot.rules.health import Health, health
from bot.rules.rendering import shorten

EXCERPT = 320  # UTF-16 units; the style sheet shows two or three lines of it
CHART_DAYS = 14  # shown of each source
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
    """A source with its health.

    Attributes:
        state: a Health, for the style sheet.
        told: how it is, as a sentence.
        usual: its rhythm; empty where nothing is usual yet.
        latest: when the last article came, `14 minutes ago`; empty where none did.
        bars: of each of the last days, oldest first, how many articles came, and as a share of the busiest day.
    """

    count: SourceCount
    state: str
    told: str
    usual: str
    latest: str
    bars: tuple[tuple[int, float], ...]


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


def source_line(count: SourceCount, days: Mapping[date, int], words: Words, *, now: datetime) -> SourceLine:
    """A source's health in plain words; why it cannot be read is for the admins. `days`: articles by day."""
    source = count.source
    came = source.last_article_at
    return SourceLine(
        count,
        health(source, now).value,
        _health(source, words, now),
        usual_pace(source, words),
        _ago(came, words, now) if came else "",
        _bars(days, now),
    )


def _bars(days: Mapping[date, int], now: datetime) -> tuple[tuple[int, float], ...]:
    today = now.astimezone(UTC).date()
    numbers = [days.get(today - timedelta(days=back), 0) for back in range(CHART_DAYS - 1, -1, -1)]
    most = max(numbers)
    return tuple((number, number / most if most else 0.0) for number in numbers)


def _health(source: Source, words: Words, now: datetime) -> str:
    read, came = source.last_success_at, source.last_article_at
    match health(source, now):
        case Health.PAUSED:
            return words("Paused")
        case Health.PUSHED:
            return words("Sends its own articles")
        case Health.ILL if read:
            return words("Cannot be read; last read {ago}", ago=_ago(read, words, now))
        case Health.ILL:
            return words("Could not be read yet")
        case Health.SILENT if came:
            return words("Read, but nothing new: the last came {ago}", ago=_ago(came, words, now))
        case _ if read:
            return words("Read {ago}", ago=_ago(read, words, now))
    return words("About to be read for the first time")


def _ago(at: datetime, words: Words, now: datetime) -> str:
    """`14 minutes ago`."""
    passed = max(now - at, timedelta(minutes=1))
    return format_timedelta(-passed, granularity="minute", add_direction=True, locale=words.language)
