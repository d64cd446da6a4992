"""Sources that readers propose, and an admin's decision."""

from dataclasses import dataclass
from datetime import datetime

from bot.actions.account import Visitor, require_admin
from bot.actions.discovery import find_feed
from bot.actions.fetching import first_known
from bot.actions.sources import AddedSource, add_source, completed
from bot.errors import BadInput, NotFound
from bot.model import Chat, Feed, Source
from bot.ports import Fetcher, Workers
from bot.storage import chats, proposals, sources, users
from bot.storage.database import Database
from bot.storage.proposals import Proposal, ProposalState

MOST_OPEN = 5  # undecided proposals of one reader: each is a question to every admin


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal with what its feed is like, and the admins' chats to ask."""

    proposal: Proposal
    source: Source
    feed: Feed
    admins: tuple[Chat, ...]


async def propose(
    db: Database, fetcher: Fetcher, workers: Workers, visitor: Visitor, url: str, now: datetime
) -> Proposed:
    """Reads the feed at or behind an address and notes that a reader would like it; no admin is asked about less.

    Raises:
        BadInput: `bad_url`, `known_source`, `proposed_before`, `too_many_proposals`.
        SourceError, WorkerError: there is no feed that can be read.
    """
    url = completed(url)
    async with db.read() as tx:
        if await proposals.count_open(tx, visitor.user.id) >= MOST_OPEN:
            raise BadInput("too_many_proposals", limit=MOST_OPEN)
    found = await find_feed(fetcher, workers, url)
    source = first_known(found.response, found.feed, now)
    async with db.write() as tx:
        if await sources.by_url(tx, source.url) is not None:
            raise BadInput("known_source", url=source.url)
        proposal = await proposals.add(
            tx,
            url=source.url,
            title=source.title,
            user_id=visitor.user.id,
            chat_id=visitor.chat.id,
            now=now,
        )
        if proposal is None:
            raise BadInput("proposed_before")
        admins = await chats.private_chats_of(tx, [admin.id for admin in await users.admins(tx)])
    return Proposed(proposal, source, found.feed, tuple(admins))


async def accept(
    db: Database, fetcher: Fetcher, workers: Workers, admin: Visitor, proposal_id: int, now: datetime
) -> tuple[AddedSource, Chat | None]:
    """Adds the proposed source; returns it with the chat of who proposed it.

    Raises:
        AccessDenied; NotFound `no_proposal`; BadInput `decided_before`, or what `add_source` raises, and then the
        proposal stays open.
    """
    require_admin(admin)
    proposal, chat = await _open(db, proposal_id)
    added = await add_source(db, fetcher, workers, proposal.url, now)
    async with db.write() as tx:
        await proposals.decide(tx, proposal_id, ProposalState.ACCEPTED)
    return added, chat


async def refuse(db: Database, admin: Visitor, proposal_id: int) -> tuple[Proposal, Chat | None]:
    """Refuses the proposal; returns it with the chat of who made it. Raises as `accept`."""
    require_admin(admin)
    proposal, chat = await _open(db, proposal_id)
    async with db.write() as tx:
        if not await proposals.decide(tx, proposal_id, ProposalState.REFUSED):
            raise BadInput("decided_before")
    return proposal, chat


async def _open(db: Database, proposal_id: int) -> tuple[Proposal, Chat | None]:
    async with db.read() as tx:
        proposal = await proposals.get(tx, proposal_id)
        if proposal is None:
            raise NotFound("no_proposal", id=proposal_id)
        if proposal.state is not ProposalState.OPEN:
            raise BadInput("decided_before")
        return proposal, await chats.get(tx, proposal.chat_id)
