"""Which articles are copies of another: agency text that many outlets run, cut or with a paragraph of their own.

Copies are no independent reports. Two articles about one event share names; copies share runs of words.

1. Every run of three words is hashed (of eight characters where words are not spaced), and one in four is kept, by its
   hash, so that both texts keep the same ones.
2. An article is a copy of the earlier one that contains most of its kept runs, or whose runs it contains, when that is
   more than a CONTAINED share of the shorter text and at least LEAST runs.

Containment, not likeness, because outlets run the first paragraphs of a long text. Hashes are CRC-32, the same in every
process. An article keeps at most RUNS hashes, so that the index takes about 25 kB for each article in the window.
"""

from collections import Counter, deque
from collections.abc import Iterator
from datetime import datetime
from zlib import crc32

from bot.rules.stories import KEPT
from summarizer.folding import fold_words, is_unspaced

WORDS = 3
CHARACTERS = 8
ONE_IN = 4
CONTAINED = 0.3  # of the shorter text's runs; unrelated texts of one outlet share a few per cent
LEAST = 3
RUNS = 240
LONGEST = 8_000  # characters of a text that are read


class CopyIndex:
    """The articles of the window by their runs of words. Feed it articles in the order in which they came."""

    def __init__(self) -> None:
        self._of_run: dict[int, list[int]] = {}
        self._runs: dict[int, frozenset[int]] = {}
        self._order: deque[tuple[datetime, int]] = deque()

    def add(self, article_id: int, text: str, at: datetime) -> int | None:
        """Takes an article, and returns the id of the earlier one that it copies, if it does."""
        self._forget(at)
        kept = runs(text)
        original = self._original(kept)
        self._runs[article_id] = kept
        self._order.append((at, article_id))
        for run in kept:
            self._of_run.setdefault(run, []).append(article_id)
        return original

    def _original(self, kept: frozenset[int]) -> int | None:
        shared = Counter(article for run in kept for article in self._of_run.get(run, ()))
        found = [
            article
            for article, count in shared.items()
            if count >= LEAST and count > CONTAINED * min(len(kept), len(self._runs[article]))
        ]
        return min(found, default=None)

    def _forget(self, now: datetime) -> None:
        while self._order and now - self._order[0][0] > KEPT:
            _, article = self._order.popleft()
            for run in self._runs.pop(article):
                self._of_run[run].remove(article)
                if not self._of_run[run]:
                    del self._of_run[run]


def runs(text: str) -> frozenset[int]:
    """The hashes of the runs that are kept of a text."""
    kept = sorted({number for run in _all_runs(text[:LONGEST]) if (number := crc32(run)) % ONE_IN == 0})
    return frozenset(kept[:RUNS])


def containment(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of the shorter text's kept runs that the other has too; 0 where too few are shared to tell."""
    shared = len(one & other)
    return shared / min(len(one), len(other)) if shared >= LEAST else 0.0


def _all_runs(text: str) -> Iterator[bytes]:
    words: list[str] = []
    for word in fold_words(text):
        if is_unspaced(word[0]):
            yield from (word[place : place + CHARACTERS].encode() for place in range(len(word) - CHARACTERS + 1))
        else:
            words.append(word)
    encoded = [word.encode() for word in words]
    for place in range(len(encoded) - WORDS + 1):
        yield b" ".join(encoded[place : place + WORDS])
