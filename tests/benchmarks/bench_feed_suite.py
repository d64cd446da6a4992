"""feedparser's own well-formed tests, asked of our reader.

    python tests/benchmarks/bench_feed_suite.py [--data ../shared/data/feeds] [--verbose]

Each of those files holds a feed and an expression that must hold of what feedparser made of it. We lay our feed out as
feedparser would and evaluate the expression. What counts, and how it is mapped:

- files under `wellformed/`, but for `sanitize/` (what is shown is sanitized where it is shown, not where it is read);
- expressions about nothing but a feed's title, link and language, and an entry's title, link, id, dates, author, tags,
  and text. We keep one text of an entry, so what asks for summary and content apart is left out, as is every other
  element (rights, contributors, enclosures, …);
- a date answers to each of feedparser's five names, for we keep the one that means published;
- titles and texts are compared as what a reader sees: ours are plain text, feedparser's may be markup;
- addresses are compared as addresses: a host in upper case is the same host.

feedparser itself is asked in the same run, by the same rules.
"""

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[2]))

import feedparser

from bot.errors import FeedError
from bot.model import Feed, FeedEntry
from bot.rules.feeds import parse_feed
from bot.rules.markup import html_to_text, one_line
from bot.rules.urls import absolute

URL = "http://127.0.0.1:8097/"
OF_FEED = {"title", "link", "language"}
DATES = {f"{name}_parsed" for name in ("published", "updated", "created", "issued", "date", "modified")}
TEXTS = {"summary", "description", "content"}
OF_ENTRY = {"title", "link", "id", "guid", "author", "tags", "categories", "category", "value", "term", *DATES, *TEXTS}
EXPECTATION = re.compile(r"Expect:\s*(.*?)\s*-->", re.DOTALL)


class Case(NamedTuple):
    """One of feedparser's tests."""

    name: str
    body: bytes
    url: str
    expectation: str


class Seen(str):
    """A text that equals another where a reader sees the same."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and (str(self) == other or _seen(self) in (_seen(other), _seen_plain(other)))


class Plain(Seen):
    """Such a text that is no markup itself."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and _seen_plain(self) in (one_line(other), _seen_plain(other))


class Address(str):
    """An address that equals another of the same page."""

    __slots__ = ()
    __hash__ = str.__hash__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str) and str(self) == (absolute(URL, other) or other)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/feeds"))
    parser.add_argument("--verbose", action="store_true", help="print every test that failed")
    options = parser.parse_args()
    cases = [case for path in sorted(options.data.glob("*/suite/kurtmckee*wellformed*")) if (case := _case(path))]
    if not cases:
        print(f"Skipped: no tests of feedparser in {options.data}.")
        return
    failed = [case.name for case in cases if not _holds(_ours, case)]
    theirs = sum(_holds(_theirs, case) for case in cases)
    passed = len(cases) - len(failed)
    print(
        f"{passed} of {len(cases)} hold ({passed / len(cases):.1%}, asked 93 %); feedparser: {theirs / len(cases):.1%}"
    )
    if options.verbose:
        print("\n".join(failed))


def _case(path: Path) -> Case | None:
    body = path.read_bytes()
    text = body.decode("utf-16" if body[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")
    match = EXPECTATION.search(text)
    if "__sanitize__" in path.name or match is None:
        return None
    expectation = re.sub(r"^not bozo and ", "", " ".join(match[1].split()))
    names = set(re.findall(r"\['(\w+)'\]", expectation)) - {"entries"}
    allowed = OF_ENTRY if "entries[" in expectation else OF_FEED
    others = re.search(r"\b(?:bozo|version|encoding|namespaces|headers|status)\b", re.sub(r"'[^']*'", "", expectation))
    if not names or names - allowed or others or len(names & TEXTS) > 1:
        return None
    located = re.search(r"^Header:\s*Content-Location:\s*(\S+)", text, re.MULTILINE | re.IGNORECASE)
    return Case(path.name, body, located[1] if located else URL, expectation)


def _holds(parse: Callable[[bytes, str], dict[str, Any]], case: Case) -> bool:
    try:
        return bool(eval(case.expectation, {}, parse(case.body, case.url)))  # noqa: S307 - expressions of feedparser's own tests
    except (FeedError, LookupError, TypeError, AttributeError):
        return False


def _theirs(body: bytes, url: str) -> dict[str, Any]:
    headers = {"content-type": "application/xml", "content-location": url}
    return dict(feedparser.parse(body, response_headers=headers))


def _ours(body: bytes, url: str) -> dict[str, Any]:
    feed: Feed = parse_feed(body, url=url)
    of_feed = {"title": Plain(feed.title), "link": Address(feed.site_url), "language": feed.language}
    return {"feed": of_feed, "entries": list(map(_entry, feed.entries))}


def _entry(entry: FeedEntry) -> dict[str, Any]:
    at = entry.published.utctimetuple() if entry.published else None
    return {
        **dict.fromkeys(DATES, at),
        "title": Plain(entry.title),
        "link": Address(entry.link),
        "id": entry.id,
        "guid": entry.id,
        "author": Plain(next(iter(entry.authors), "")),
        "tags": [{"term": term} for term in entry.categories],
        "categories": [(None, term) for term in entry.categories],
        "category": next(iter(entry.categories), ""),
        "summary": Seen(entry.html),
        "description": Seen(entry.html),
        "content": [{"value": Seen(entry.html)}],
    }


def _seen(markup: str) -> str:
    return " ".join(html_to_text(markup).split())


def _seen_plain(text: str) -> str:
    return " ".join(str(text).split())


if __name__ == "__main__":
    main()
