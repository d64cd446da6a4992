"""What worker processes run. Light at import: each job imports its library when it first runs, in the worker."""

import os
import resource
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import BadInput, BriefwireError, FeedError, WorkerError
from bot.model import Excerpt, Feed, Page

LEAST_FOR_LANGUAGE = 12  # characters without spaces; in Chinese, Japanese and Korean a third of it
MAX_HTML = 1_000_000  # characters of an entry's HTML that are read
_THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def prepare(memory: int) -> None:
    """Runs first in every worker: one thread for numpy, and a limit in bytes of address space, where the system can."""
    for name in _THREAD_SETTINGS:
        os.environ[name] = "1"
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    except (ValueError, OSError):  # pragma: no cover - macOS knows no limit of address space
        return


def run(job: Callable[..., Any], *args: Any) -> Any:
    """Runs a job. Only our own errors leave: another's would import its library in the process that reads it."""
    name = job.__name__
    try:
        return job(*args)
    except BriefwireError:
        raise
    except MemoryError:
        raise WorkerError("worker_memory", job=name) from None
    except Exception as error:  # the edge of the process: whatever a library raised ends here
        raise WorkerError("worker_failed", job=name, reason=f"{type(error).__name__}: {error}"[:300]) from None


def parse_feed(body: bytes, url: str, content_type: str) -> Feed:
    """The feed, its entries as plain text only: nobody outside needs their HTML."""
    from bot.rules.feed_hints import read_hints
    from bot.rules.feeds import parse_feed
    from bot.rules.markup import html_to_text
    from bot.rules.sitemaps import ROOTS, read_sitemap

    try:
        feed = parse_feed(body, url=url, content_type=content_type)
    except FeedError as error:
        if error.facts.get("root") not in ROOTS:
            raise
        feed = read_sitemap(body, url=url)
    entries = (replace(entry, html="", text=html_to_text(entry.html[:MAX_HTML])) for entry in feed.entries)
    return replace(feed, entries=tuple(entries), hints=read_hints(body, url=url))


def extract_page(html: bytes, url: str, latest: datetime) -> Page:
    """The article in the page, in which no day after `latest` is its day."""
    from bot.rules.pages import extract_page

    return extract_page(html, url=url, latest=latest)


def detect_languages(texts: Sequence[str]) -> list[str]:
    """The ISO 639-1 code of each text, or an empty string where it is too short to tell."""
    from py3langid import classify

    return [classify(text)[0] if _tells_its_language(text) else "" for text in texts]


def summarize(
    text: str,
    title: str,
    language: str,
    sentences: int | None,
    words: int | None = None,
    focus: Sequence[str] = (),
    method: str = "",
) -> tuple[Excerpt, ...]:
    """Sentences of the text, word for word, in its order."""
    from summarizer import DEFAULT_METHOD, MethodError, summarize

    try:
        summary = summarize(
            text,
            title=title,
            language=language or None,
            sentences=sentences,
            words=words,
            focus=focus,
            method=method or DEFAULT_METHOD,
        )
    except MethodError as error:
        raise BadInput("unknown_method", **error.facts) from None
    return tuple(Excerpt(sentence.text, sentence.start, sentence.end) for sentence in summary.sentences)


def find_zone(latitude: float, longitude: float) -> str:
    """The IANA time zone of a place. Its map takes 35 MB, which is why the main process has none."""
    from tzfpy import get_tz

    return get_tz(longitude, latitude)


def build_automata(path: str) -> list[str]:
    """Puts the automata of a packed snapshot, packed too, beside its file; returns their files' names."""
    from bot.rules.matching import build_automata as build

    names = []
    for number, automaton in enumerate(build(Path(path).read_bytes())):
        names.append(f"automaton-{number}")
        Path(path).with_name(names[-1]).write_bytes(automaton)
    return names


def _tells_its_language(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    wide = sum(character >= "\u3040" for character in letters)
    return len(letters) + 2 * wide >= LEAST_FOR_LANGUAGE
