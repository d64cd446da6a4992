"""Feeds: how many real ones are read, whether what is read agrees with feedparser and the truth, how fast, how quietly.

    python tests/benchmarks/bench_feeds.py [--data ../shared/data/feeds] [--megabytes 3] [--verbose]

- real feeds: every field of every entry beside what feedparser makes of the same bytes, in feeds where both find as
  many entries. Titles are compared as plain text, addresses and ids after resolving (feedparser resolves ids, we keep
  them as they stand there), dates to the second.
- throughput: CPU time of this process over the same files, both read once. feedparser runs with its defaults, and once
  more as our own fallback runs it, without sanitizing.
- truth: the values that feed-rs and gofeed expect in their own tests.
- event loop: how late a timer of 5 ms fires in the main process while two workers read every feed, and while nothing
  happens, which tells how busy the machine is.
"""

import argparse
import asyncio
import calendar
import json
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

sys.path.insert(0, str(Path(__file__).parents[2]))

import feedparser

from bot.adapters.workers import ProcessWorkers
from bot.errors import BriefwireError, FeedError
from bot.model import Feed, FeedEntry
from bot.rules.dates import parse_date
from bot.rules.feeds import parse_feed
from bot.rules.markup import one_line
from bot.rules.urls import absolute

URL = "https://base.example/feed"
TICK = 0.005  # seconds
ASKED = {"title": 0.999, "link": 0.995, "id": 0.995, "date": 0.993}


class Tally:
    """How often each field agreed, and the cases in which it did not."""

    def __init__(self) -> None:
        self.of: Counter[str] = Counter()
        self.agreed: Counter[str] = Counter()
        self.misses: list[str] = []

    def note(self, field: str, agrees: bool, case: object) -> None:
        self.of[field] += 1
        self.agreed[field] += agrees
        if not agrees:
            self.misses.append(f"{field}: {case}"[:300])

    def line(self) -> str:
        return ", ".join(f"{field} {self.agreed[field] / of:.2%} of {of}" for field, of in self.of.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/feeds"))
    parser.add_argument("--megabytes", type=float, default=3, help="the largest file that feedparser gets")
    parser.add_argument("--verbose", action="store_true", help="print every disagreement")
    options = parser.parse_args()
    bodies = {path.name: path.read_bytes() for path in sorted(options.data.glob("*/real/*"))}
    if not bodies:
        print(f"Skipped: no feeds in {options.data}.")
        return
    with_peer = {name: body for name, body in bodies.items() if len(body) <= options.megabytes * 1024**2}
    tallies = [_real(bodies, with_peer), *(_truth(options.data, of) for of in ("feed-rs", "mmcdole"))]
    asyncio.run(_lag(list(bodies.values())))
    if options.verbose:
        print("\n".join(miss for tally in tallies for miss in tally.misses))


def _real(bodies: dict[str, bytes], with_peer: dict[str, bytes]) -> Tally:
    read = sum(_read(body) is not None for body in bodies.values())
    print(f"real feeds: {read} of {len(bodies)} read ({read / len(bodies):.1%}, asked 99 %)")
    tally, alike, entries = Tally(), 0, 0
    for name, body in with_peer.items():
        ours, theirs = _read(body), feedparser.parse(body, response_headers={"content-type": "application/xml"})
        if body[:1] == b"{" or ours is None or len(ours.entries) != len(theirs.entries):
            continue  # feedparser knows no JSON Feed
        alike += 1
        entries += len(ours.entries)
        for one, other in zip(ours.entries, theirs.entries, strict=True):
            _compare(tally, name, one, other)
    print(f"beside feedparser, {alike} feeds with as many entries in both, {entries} entries: {tally.line()}")
    print("  asked: " + ", ".join(f"{field} {share:.1%}" for field, share in ASKED.items()))
    mine = _seconds(lambda body: _read(body), with_peer)
    default = _seconds(feedparser.parse, with_peer)
    plain = _seconds(lambda body: feedparser.parse(body, sanitize_html=False, resolve_relative_uris=False), with_peer)
    size = sum(map(len, with_peer.values())) / 1024**2
    print(
        f"throughput: {len(with_peer) / mine:.0f} feeds/s, {size / mine:.0f} MB/s; {default / mine:.1f} times "
        f"feedparser (asked 20), {plain / mine:.1f} times feedparser without sanitizing"
    )
    return tally


def _compare(tally: Tally, name: str, ours: FeedEntry, theirs: Any) -> None:
    title, link = one_line(theirs.get("title", "")), absolute(URL, theirs.get("link", ""))
    at = theirs.get("published_parsed") or dict.get(theirs, "updated_parsed")
    tally.note("title", ours.title == title, (name, ours.title, title))
    tally.note("link", ours.link == link, (name, ours.link, link))
    ids = [urljoin(URL, one) for one in (ours.id, theirs.get("id", ""))]
    tally.note("id", ids[0] == ids[1], (name, *ids))
    seconds = calendar.timegm(at) if at else None
    tally.note("date", _seconds_of(ours.published) == seconds, (name, ours.published, theirs.get("published")))


def _truth(data: Path, of: str) -> Tally:
    tally = Tally()
    for expectation in sorted(data.glob(f"*/expected/{of}__*.json")):
        expected = json.loads(expectation.read_bytes())
        [path] = data.glob(f"*/*/{expectation.name.removesuffix('.json')}")
        feed = _read(path.read_bytes())
        entries = expected.get("entries") or expected.get("items") or []
        tally.note("read", feed is not None and len(feed.entries) == len(entries), path.name)
        if feed is not None and len(feed.entries) == len(entries):
            for ours, truth in zip(feed.entries, entries, strict=True):
                _judge(tally, path.name, ours, dict(_values(truth)))
    print(f"truth of {of}: {tally.line()}")
    return tally


def _values(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    title = entry.get("title")
    yield "title", (title.get("content") or "") if isinstance(title, dict) else title or ""
    links = [
        link["href"]
        for link in entry.get("links") or ()
        if isinstance(link, dict) and link.get("href") and _is_page(link)
    ]
    yield "link", entry.get("link") or next(iter(links), "")
    dates = (entry.get(name) for name in ("publishedParsed", "published", "updatedParsed", "updated"))
    yield "date", next(filter(None, dates), "")


def _is_page(link: dict[str, Any]) -> bool:
    return link.get("rel") in (None, "alternate")


def _judge(tally: Tally, name: str, ours: FeedEntry, truth: dict[str, str]) -> None:
    moment = parse_date(truth["date"])
    if truth["title"]:
        tally.note("title", ours.title == one_line(truth["title"]), (name, ours.title, truth["title"]))
    if truth["link"]:
        tally.note("link", ours.link == absolute(URL, truth["link"]), (name, ours.link, truth["link"]))
    if moment:
        tally.note("date", _seconds_of(ours.published) == _seconds_of(moment.at), (name, ours.published, truth["date"]))


async def _lag(bodies: list[bytes]) -> None:
    workers, waiting = ProcessWorkers(), asyncio.Semaphore(4)

    async def read(body: bytes) -> None:
        async with waiting:
            try:
                await workers.parse_feed(body, url=URL, content_type="")
            except BriefwireError:
                return

    await asyncio.gather(*(read(body) for body in bodies[:4]))  # the workers are up and have imported what they need
    idle = await _delays(asyncio.sleep(2))
    busy = await _delays(asyncio.gather(*(read(body) for body in bodies * 3)))
    await workers.close()
    print(f"event loop while {len(bodies) * 3} feeds are read: {busy} (asked p99 20 ms); while nothing happens: {idle}")


async def _delays(work: Awaitable[object]) -> str:
    late: list[float] = []

    async def tick() -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + TICK
            await asyncio.sleep(TICK)
            late.append(loop.time() - due)

    ticking = asyncio.create_task(tick())
    await work
    ticking.cancel()
    late.sort()
    return f"p99 {late[len(late) * 99 // 100] * 1000:.1f} ms late, {late[-1] * 1000:.0f} at most"


def _read(body: bytes) -> Feed | None:
    try:
        return parse_feed(body, url=URL)
    except FeedError:
        return None


def _seconds(parse: Callable[[bytes], object], bodies: dict[str, bytes]) -> float:
    start = time.process_time()
    for body in bodies.values():
        parse(body)
    return time.process_time() - start


def _seconds_of(at: datetime | None) -> int | None:
    return calendar.timegm(at.utctimetuple()) if at else None


if __name__ == "__main__":
    main()
