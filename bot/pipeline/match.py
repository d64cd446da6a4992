"""match: every new article against all queries of all chats, in one pass each."""

from datetime import datetime

from bot.actions.matching import LiveMatcher
from bot.storage import articles, matches
from bot.storage.database import Database

BATCH = 100


async def index(matcher: LiveMatcher) -> int:
    """Rebuilds the matcher's big automaton in a worker when enough queries came; returns 1 if it did."""
    return int(await matcher.rebuild())


async def follow(db: Database, matcher: LiveMatcher) -> int:
    """Learns which queries other processes took up or let go, all of them at start; returns 0: nothing is left."""
    async with db.read() as tx:
        await matcher.follow(tx)
    return 0


async def match(db: Database, matcher: LiveMatcher, now: datetime) -> int:
    """Matches one batch, oldest first, and returns how many articles it was. Safe to repeat and to kill.

    An article that is edited or completed meanwhile waits for the next batch: what it said before is met no more.
    """
    async with db.read() as tx:
        waiting = await articles.unmatched(tx, BATCH)
        folded = await articles.folded_of(tx, [article.id for article in waiting])
        await matcher.follow(tx)
    if not waiting:
        return 0
    await matcher.settle()
    found = matcher.match(waiting, folded)
    async with db.write() as tx:
        unchanged = await articles.hold_unchanged(tx, waiting)
        await matches.add(tx, [match for match in found if match.article_id in unchanged])
        await articles.mark_matched(tx, list(unchanged), now)
    return len(waiting)
