"""Pages: body, title, time, authors and canonical address of real article pages, beside trafilatura's own metadata.

    python tests/benchmarks/bench_pages.py [--data ../shared/data/pages] [--verbose]

The truth is that of article-extraction-benchmark (bodies) and of fundus's tests (bodies, and everything else).

- body: four-word shingles found and expected, precision and recall averaged over pages, F1 of the two;
- title: the same after white space is squeezed; and the same letters and digits, for what differs in punctuation;
- day: the UTC day of the truth, or its local day; wrong where another day is given; instant: within a minute;
- authors: the same set of names, by their letters;
- canonical: the page's address without its query, which often says only where a reader came from.

Then the language of the headlines alone, beside the language that the page says it is in (which is wrong now and then).

A page in which no article is found counts as wrong in everything.
"""

import argparse
import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from trafilatura import bare_extraction

from bot.adapters.jobs import detect_languages
from bot.errors import PageError
from bot.model import Page
from bot.rules.dates import parse_date
from bot.rules.pages import extract_page
from bot.rules.urls import url_key

ASKED = {
    "aeb": "body F1 0.960",
    "fundus": "body F1 0.935, title 85 %, day 98.5 %, wrong 1.5 %, instant 97 %, authors 83 %, canonical 94 %",
}
NORWEGIAN = {"nb": "no", "nn": "no"}
MINUTE = timedelta(minutes=1)
Reader = Callable[[bytes, str], Page | None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/pages"))
    parser.add_argument("--verbose", action="store_true", help="print every miss of ours")
    options = parser.parse_args()
    truths = sorted(options.data.glob("*/gt.jsonl.gz"))
    if not truths:
        print(f"Skipped: no pages in {options.data}.")
        return
    pages = [json.loads(line) for path in truths for line in gzip.decompress(path.read_bytes()).splitlines()]
    for name, asked in ASKED.items():
        chosen = [page for page in pages if page["set"] == name]
        print(f"{name}: {len(chosen)} pages; asked {asked}")
        for reader in (_ours, _trafilatura):
            _report(reader, chosen, options.data, verbose=options.verbose and reader is _ours)
    _languages([page for page in pages if page["set"] == "fundus"], options.data, verbose=options.verbose)


def _languages(truths: list[dict[str, Any]], data: Path, *, verbose: bool) -> None:
    right = of = 0
    for truth in truths:
        page = _ours(gzip.decompress((data / truth["file"]).read_bytes()), truth["url"])
        if page and page.language and "title" in truth:
            [told] = detect_languages([truth["title"]])
            is_right = NORWEGIAN.get(told, told) == NORWEGIAN.get(page.language, page.language)
            of, right = of + 1, right + is_right
            if verbose and not is_right:
                print(f"    {told}, the page says {page.language}: {truth['title']}")
    print(f"language of {of} headlines as the page says: {right / of:.1%} (asked 97 %)")


def _report(read: Reader, truths: list[dict[str, Any]], data: Path, *, verbose: bool) -> None:
    right: Counter[str] = Counter()
    of: Counter[str] = Counter()
    precision = recall = seconds = 0.0
    for truth in truths:
        html = gzip.decompress((data / truth["file"]).read_bytes())
        start = time.process_time()
        page = read(html, truth["url"])
        seconds += time.process_time() - start
        found, expected = _shingles(page.text if page else ""), _shingles(truth["body"])
        shared = (found & expected).total()
        precision += shared / (found.total() or 1) / len(truths)
        recall += shared / (expected.total() or 1) / len(truths)
        for field, is_right in _judged(page, truth):
            of[field] += 1
            right[field] += is_right
            if verbose and is_right is (field == "wrong day"):
                print(f"    {field}: {truth['file']}")
    f1 = 2 * precision * recall / (precision + recall)
    fields = "".join(f", {field} {right[field] / of[field]:.1%}" for field in of)
    print(f"  {read.__name__.strip('_'):<12} body F1 {f1:.3f}{fields}; {len(truths) / seconds:.0f} pages/s")


def _judged(page: Page | None, truth: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    if "title" not in truth:
        return
    title = " ".join((page.title if page else "").split())
    yield "title", title == " ".join(truth["title"].split())
    yield "its letters", _letters(title) == _letters(truth["title"])
    if truth.get("date"):
        at, expected = page.published if page else None, datetime.fromisoformat(truth["date"])
        is_instant = at is not None and expected.tzinfo is not None and abs(at - expected) < MINUTE
        is_day = is_instant or (
            at is not None and expected.date() in (at.date(), at.astimezone(expected.tzinfo).date())
        )
        yield "day", is_day
        yield "wrong day", at is not None and not is_day
        if expected.tzinfo is not None:
            yield "instant", is_instant and page is not None and not page.published_is_day
    if truth.get("authors"):
        yield "authors", set(map(_letters, page.authors if page else ())) == set(map(_letters, truth["authors"]))
    canonical = page.canonical_url if page else ""
    yield "canonical", bool(canonical) and _without_query(canonical) == _without_query(truth["url"])


def _ours(html: bytes, url: str) -> Page | None:
    try:
        return extract_page(html, url=url)
    except PageError:
        return None


def _trafilatura(html: bytes, url: str) -> Page | None:
    document: Any = bare_extraction(html, url=url, fast=True, include_comments=False, with_metadata=True)
    if document is None:
        return None
    moment = parse_date(document.date or "")
    return Page(
        title=document.title or "",
        text=document.text or "",
        authors=tuple(filter(None, (document.author or "").split("; "))),
        published=moment.at if moment else None,
        published_is_day=True,
        canonical_url=document.url or "",
    )


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[place : place + 4]) for place in range(max(1, len(words) - 3)) if words)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _without_query(url: str) -> str:
    return url_key(url).partition("?")[0]


if __name__ == "__main__":
    main()
