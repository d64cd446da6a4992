"""The queries of all chats, live in this process: shared by the step that matches and the actions that subscribe."""

from collections.abc import Sequence

from bot.errors import QueryError
from bot.log import get
from bot.model import Article, NewMatch
from bot.ports import Builder
from bot.rules.matching import Document, Matcher, strength
from bot.rules.queries import parse_query
from bot.storage import subscriptions
from bot.storage.database import Tx

SUBSCRIPTIONS_A_READ = 5_000
LATE = 500  # subscriptions read again each time: PostgreSQL's ids become visible out of order, SQLite's may be reused

log = get(__name__)


class LiveMatcher:
    """A matcher that knows every followed query, and learns those that other processes add."""

    def __init__(self) -> None:
        self._matcher = Matcher()
        self._last_id = 0  # the highest subscription seen
        self._known: set[int] = set()

    def __len__(self) -> int:
        return len(self._known)

    async def follow(self, tx: Tx) -> None:
        """Learns queries stored since the last time. Read the articles to match in the same unit, before this."""
        start = max(0, self._last_id - LATE)
        while True:
            found = await subscriptions.followed_after(tx, start, SUBSCRIPTIONS_A_READ)
            for subscription_id, query_id, canonical in found:
                self.add(query_id, canonical)
                start = subscription_id
            self._last_id = max(self._last_id, start)
            if len(found) < SUBSCRIPTIONS_A_READ:
                return

    def add(self, query_id: int, canonical: str) -> None:
        """From now on the query is matched. One that this version can't read any more is logged, not fatal."""
        if query_id in self._known:
            return
        try:
            self._matcher.add(query_id, parse_query(canonical))
        except QueryError as error:
            log.error("stored query can't be read", query=query_id, reason=error.reason)
        else:
            self._known.add(query_id)

    def discard(self, query_id: int) -> None:
        """From now on the query is not matched."""
        if query_id in self._known:
            self._known.remove(query_id)
            self._matcher.discard(query_id)

    async def rebuild(self, builder: Builder) -> bool:
        """Has a worker build one automaton of everything that was added, when that makes matching faster.

        What is added or ended meanwhile stays. Returns whether there was something to build.
        """
        if not self._matcher.is_worth_building:
            return False
        snapshot = self._matcher.snapshot()
        self._matcher.adopt(snapshot, await builder.build_automaton(snapshot.literals))
        return True

    def match(self, articles: Sequence[Article]) -> list[NewMatch]:
        """Every query met by every article."""
        return [match for article in articles for match in self._match(article)]

    def _match(self, article: Article) -> list[NewMatch]:
        document = document_of(article)
        return [
            NewMatch(match.query_id, article.id, strength(match.hits, document))
            for match in self._matcher.match(document)
        ]


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
