"""WebSub: asking the hubs of feeds to tell what is new, believing only what is signed, and taking it in.

What a hub sends is read like what a fetch brings. Polling goes on behind it, more seldom, once the hub has told
something.
"""

from datetime import datetime
from hashlib import sha256

from bot import log
from bot.actions.fetching import Reading, news_of, parsed
from bot.errors import BriefwireError, NotFound, SourceError
from bot.ports import Fetcher, Request, Response, Workers
from bot.rules.websub import RETRY, UNANSWERED, lease_of, renew_at, request_form, signature_fits
from bot.storage import articles, hubs, sources
from bot.storage.database import Database
from bot.storage.hubs import HubSubscription

BATCH = 20  # hubs asked in one run
PATH = "/websub/"  # of the callbacks on the portal

logger = log.get(__name__)


async def ask_hubs(db: Database, fetcher: Fetcher, public_url: str, now: datetime) -> int:
    """Asks the hubs that are to be asked, for the first time or again; returns how many. Without a portal, none."""
    if not public_url.startswith("https://") and not public_url.startswith("http://"):
        return 0
    async with db.read() as tx:
        due = await hubs.due(tx, now, BATCH)
    for subscription in due:
        await _ask(db, fetcher, public_url, subscription, now)
    return len(due)


async def _ask(db: Database, fetcher: Fetcher, public_url: str, its: HubSubscription, now: datetime) -> None:
    async with db.write() as tx:  # before asking: a hub may ask back at once
        await hubs.asked(tx, its.source_id, now + UNANSWERED)
    form = request_form(callback=f"{public_url}{PATH}{its.key}", topic=its.topic, secret=its.secret)
    try:
        await fetcher.fetch(Request(its.hub, form=form, max_bytes=65_536))
    except SourceError as error:
        logger.warning("hub does not answer", hub=its.hub, error=str(error))
        async with db.write() as tx:
            await hubs.asked(tx, its.source_id, now + RETRY, str(error))


async def verify(db: Database, key: str, asked: dict[str, str], now: datetime) -> str:
    """A hub asks back whether we meant it; returns the challenge to answer with.

    Args:
        asked: the parameters of its request, `hub.mode` and the like.

    Raises:
        NotFound: we did not ask for this.
    """
    async with db.write() as tx:
        its = await hubs.by_key(tx, key)
        if its is None or (asked.get("hub.topic", "") != its.topic):
            raise NotFound("no_hub")
        match asked.get("hub.mode"):
            case "subscribe":
                lease = lease_of(asked.get("hub.lease_seconds", ""))
                await hubs.verified(tx, its.source_id, now + lease, renew_at(now, lease))
            case "denied":
                await hubs.denied(tx, its.source_id, now + RETRY, asked.get("hub.reason", "denied"))
                await sources.set_pushed_until(tx, its.source_id, None)
            case _:  # we never ask to be let go
                raise NotFound("no_hub")
    return asked.get("hub.challenge", "")


async def receive(
    db: Database, workers: Workers, key: str, body: bytes, headers: dict[str, str], now: datetime
) -> bool:
    """Takes in what a hub sends, if it is signed with our secret; tells whether something was new.

    What is signed wrongly is passed over without a word, as the standard wants it. What can't be read makes the source
    due, so that it is fetched.

    Raises:
        NotFound: we have no such subscription.
    """
    async with db.read() as tx:
        its = await hubs.by_key(tx, key)
        if its is None:
            raise NotFound("no_hub")
        source = await sources.get(tx, its.source_id)
    if not signature_fits(its.secret, body, headers.get("x-hub-signature", "")):
        logger.warning("a push is signed wrongly", source=source.url)
        return False
    response = Response(source.url, 200, body, content_type=headers.get("content-type", ""))
    try:
        feed = await parsed(workers, response)
        news, edits = await news_of(db, workers, feed, source, now)
        reading = Reading(response, sha256(body).hexdigest(), feed, tuple(news), tuple(edits))
    except BriefwireError as error:
        logger.warning("a push can't be read", source=source.url, error=str(error))
        async with db.write() as tx:
            await sources.make_due(tx, source.id, now)
        return True
    async with db.write() as tx:
        added = len(await articles.add_articles(tx, reading.news, now))
        await articles.edit(tx, reading.edits, now)
        await sources.set_pushed_until(tx, source.id, its.leased_until)
        if added:
            await sources.note_article(tx, source.id, now)
    return bool(added)
