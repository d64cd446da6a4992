"""The queries of all chats, live in this process: shared by the step that matches and the actions that subscribe."""

import asyncio
import gc
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.errors import QueryError, WorkerError
from bot.log import get
from bot.model import Article, NewMatch
from bot.ports import Builder
from bot.rules.matching import Document, Matcher, open_automaton
from bot.rules.matching_frequencies import Frequencies
from bot.rules.queries import has_regexes
from bot.storage import articles, query_changes, subscriptions
from bot.storage.database import Tx

QUERIES_A_READ = 2_000
ADDED_AT_A_TIME = 50  # queries: 2 ms
VERY_MANY = 20_000  # new queries' terms, from which on a worker makes them findable
REFILED_AT_A_TIME = 50
SAMPLE = 500  # articles that a big automaton is made for
SAMPLED = 4_000  # characters of each

log = get(__name__)


class LiveMatcher:
    """A matcher that knows every followed query, and learns those that other processes add.

    Args:
        builder: builds big automata aside; without it matching grows slower with what is added.
        regexes: whether queries may have regular expressions. Stored ones that do rest while they may not.
    """

    def __init__(self, builder: Builder | None = None, *, regexes: bool = False) -> None:
        self.takes_regexes = regexes
        self._builder = builder
        self._building = asyncio.Lock()
        self._frequencies = Frequencies()
        self._sample: deque[str] = deque(maxlen=SAMPLE)  # the latest articles, folded
        self._matcher = Matcher(self._frequencies.of)
        self._position: int | None = None  # in the log of changes; none before all that is followed was read
        self._following = asyncio.Lock()

    def __len__(self) -> int:
        return len(self._matcher)

    async def follow(self, tx: Tx) -> int:
        """Learns what came to be followed or ceased to be since the last time, the first time all that is followed.

        Read the articles to match in the same unit, before this. Others are served meanwhile. Returns how many
        queries it was.
        """
        async with self._following:
            if self._position is None:
                return await self._load(tx)
            changed, self._position = await query_changes.since(tx, self._position)
            for query_id, canonical in changed.items():
                if canonical is None:
                    self.discard(query_id)
            return await self._learn([(query_id, text) for query_id, text in changed.items() if text is not None])

    async def _load(self, tx: Tx) -> int:
        for folded in reversed(await articles.latest_folded(tx, SAMPLE)):
            self._experience(folded)
            await asyncio.sleep(0)
        position = await query_changes.position(tx)
        last_id, learned = 0, 0
        while found := await subscriptions.followed_after(tx, last_id, QUERIES_A_READ):
            learned += await self._learn(found)
            last_id, _ = found[-1]
            gc.freeze()  # else the garbage collector looks at all queries again and again, 0.1 s each time
        self._position = position
        return learned

    async def _learn(self, found: Sequence[tuple[int, str]]) -> int:
        for start in range(0, len(found), ADDED_AT_A_TIME):
            for query_id, canonical in found[start : start + ADDED_AT_A_TIME]:
                self.add(query_id, canonical)
            await asyncio.sleep(0)
        return len(found)

    def add(self, query_id: int, canonical: str) -> None:
        """From now on the query is matched. One that this version can't read any more is logged, not fatal."""
        if query_id in self._matcher:
            return
        try:
            if not self.takes_regexes and has_regexes(canonical):
                return
            self._matcher.add_canonical(query_id, canonical)
        except QueryError as error:
            log.error("stored query can't be read", query=query_id, reason=error.reason)

    def discard(self, query_id: int) -> None:
        """From now on the query is not matched."""
        self._matcher.discard(query_id)

    async def rebuild(self) -> bool:
        """Has a worker build one automaton of everything that was added, when that makes matching faster.

        What is added or ended meanwhile stays. Then queries of several terms are filed by what the articles since have
        taught about the frequency of words. All of it is done in pieces of a few milliseconds, or in threads, so that
        others are served meanwhile. Returns whether there was something to build. Raises WorkerError.
        """
        async with self._building:
            if self._builder is None or not self._matcher.is_worth_building:
                return False
            await self._build(self._builder)
            return True

    async def _build(self, builder: Builder) -> None:
        snapshot = self._matcher.snapshot(self._sample)
        for _ in self._matcher.pack(snapshot):
            await asyncio.sleep(0)
        self._matcher.adopt(snapshot, await builder.build_automata(snapshot.parts, open_automaton))
        composed = self._matcher.composed if self._frequencies.is_telling else []
        for start in range(0, len(composed), REFILED_AT_A_TIME):
            moved = [self._matcher.refile(query_id) for query_id in composed[start : start + REFILED_AT_A_TIME]]
            if any(moved):
                gc.freeze()  # what it frees keeps the collector waiting, which then looks at all that is new: 0.2 s
            await asyncio.sleep(0)
        gc.freeze()

    async def settle(self) -> None:
        """Makes new queries findable without keeping others waiting; `match` would do it all at once."""
        if self._matcher.waiting >= VERY_MANY:
            try:
                await self.rebuild()
            except WorkerError as error:
                log.warning("queries are made findable in place", reason=str(error))
        for _ in self._matcher.settle():
            await asyncio.sleep(0)

    def match(self, articles: Sequence[Article], folded: Mapping[int, str] | None = None) -> list[NewMatch]:
        """Every query met by every article.

        Args:
            folded: what `fold_document` gave for them, by id, as far as it is at hand.
        """
        known = folded or {}
        return [match for article in articles for match in self._match(article, known.get(article.id, ""))]

    def _match(self, article: Article, folded: str) -> list[NewMatch]:
        document = replace(document_of(article), prefolded=folded)
        self._experience(document.folded)
        return [NewMatch(match.query_id, article.id, match.strength) for match in self._matcher.match(document)]

    def _experience(self, folded: str) -> None:
        """Learns from an article what articles are like."""
        self._frequencies.learn(folded)
        self._sample.append(folded[:SAMPLED])


def document_of(article: Article) -> Document:
    """What queries are held against."""
    return Document(
        title=article.title,
        text=article.text,
        language=article.language,
        source=article.source_label,
        authors=article.authors,
        url=article.url,
        tags=tuple(part for part in (article.section, *article.tags, *article.keywords) if part),
    )
