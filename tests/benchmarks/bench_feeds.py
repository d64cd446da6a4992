"""Feeds: how fast real ones are read, and whether title, link, and time agree with feedparser's, in one run.

    python tests/benchmarks/bench_feeds.py [--data ../shared/data/feeds] [--megabytes 0.6]

Times are CPU time of this process over the same files, each read by both with the plain text of its entries, which
takes most of it; read the ratio. feedparser runs as our own
fallback runs it, without sanitizing. Files above the size are read by ours alone, as feedparser takes minutes for them.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.errors import FeedError
from bot.model import Feed
from bot.rules import feeds

URL = "https://base.example/feed"
FIELDS = ("title", "link", "published", "authors", "categories", "text")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/feeds"))
    parser.add_argument("--megabytes", type=float, default=0.6, help="the largest file that feedparser gets")
    options = parser.parse_args()
    paths = sorted(options.data.glob("*/real/*"))
    if not paths:
        print(f"Skipped: no feeds in {options.data}.")
        return
    _report([path.read_bytes() for path in paths], int(options.megabytes * 1024**2))


def _report(bodies: list[bytes], largest: int) -> None:
    ours_seconds = theirs_seconds = 0.0
    agreed: Counter[str] = Counter()
    read = compared = entries = 0
    for body in bodies:
        start = time.process_time()
        ours = _read(partial(feeds.parse_feed, body, url=URL))
        middle = time.process_time()
        read += ours is not None
        if len(body) > largest or body[:1] == b"{":
            continue
        theirs = _read(partial(feeds._read_leniently, body, URL, ""))
        ours_seconds += middle - start
        theirs_seconds += time.process_time() - middle
        if ours and theirs and len(ours.entries) == len(theirs.entries):
            compared += 1
            for one, other in zip(ours.entries, theirs.entries, strict=True):
                entries += 1
                agreed.update(name for name in FIELDS if getattr(one, name) == getattr(other, name))
    print(f"{len(bodies)} feeds, {read} read; {theirs_seconds / ours_seconds:.1f}x as fast as feedparser")
    print(
        f"{compared} feeds compared, {entries} entries: " + ", ".join(f"{n} {agreed[n] / entries:.1%}" for n in FIELDS)
    )


def _read(how: Callable[[], Feed]) -> Feed | None:
    try:
        return how()
    except FeedError:
        return None


if __name__ == "__main__":
    main()
