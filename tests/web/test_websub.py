"""WebSub from the feed that names its hub to the article that the hub sends."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.actions.hubs import ask_hubs
from bot.actions.sources import add_source
from bot.errors import FetchError
from bot.model import PollReason
from bot.pipeline.collect import collect
from bot.ports import Response
from bot.storage import articles, hubs, sources
from bot.storage.database import Database
from bot.storage.hubs import HubSubscription
from bot.storage.tables import hubs as table
from bot.web.deps import WebDeps
from tests.conftest import NOON, FakeClock
from tests.news import Here, Pages, rss
from tests.web.conftest import Serve, Site

FEED = "https://post.example/feed.xml"
HUB = "https://hub.example/"
PORTAL = "https://desk.example"


async def the_hub(db: Database) -> HubSubscription:
    async with db.read() as tx:
        [key] = (await tx.scalars(sa.select(table.c.key))).all()
        found = await hubs.by_key(tx, key)
    assert found is not None
    return found


@pytest.fixture
async def site(deps: WebDeps, serve: Serve) -> Site:
    """The portal, with workers that read feeds."""
    return await serve(replace(deps, workers=Here()))


@pytest.fixture
async def outside(db: Database) -> Pages:
    """A feed with a hub, which is a source."""
    pages = Pages()
    body = rss(("/a", "Ferries stop")).encode()
    link = f'<{HUB}>; rel="hub", <{FEED}>; rel="self"'
    pages.answers[FEED] = Response(FEED, 200, body, headers={"link": link})
    pages.answers[HUB] = Response(HUB, 202)
    await add_source(db, pages, Here(), FEED, NOON)
    return pages


def signed(its: HubSubscription, body: str) -> Mapping[str, str]:
    digest = hmac.new(its.secret.encode(), body.encode(), hashlib.sha256).hexdigest()
    return {"X-Hub-Signature": f"sha256={digest}", "Content-Type": "application/rss+xml"}


async def test_a_hub_is_asked_answers_back_and_tells_what_is_new(db: Database, site: Site, outside: Pages) -> None:
    assert await ask_hubs(db, outside, "", NOON) == 0
    assert await ask_hubs(db, outside, PORTAL, NOON) == 1
    its = await the_hub(db)
    form = outside.asked[-1].form or {}
    assert (form["hub.topic"], form["hub.callback"]) == (FEED, f"{PORTAL}/websub/{its.key}")
    assert form["hub.secret"] == its.secret
    assert await ask_hubs(db, outside, PORTAL, NOON + timedelta(minutes=5)) == 0  # it has time to answer

    asked = {"hub.mode": "subscribe", "hub.topic": FEED, "hub.challenge": "c<1>", "hub.lease_seconds": "864000"}
    answer = await site.get(f"/websub/{its.key}", params=asked)
    assert (answer.status, await answer.text(), answer.content_type) == (200, "c<1>", "text/plain")
    its = await the_hub(db)
    assert its.leased_until == NOON + timedelta(days=10)
    assert its.ask_at == NOON + timedelta(days=8)

    body = rss(("/b", "Ferries sail"))
    answer = await site.post(f"/websub/{its.key}", data=body, headers=signed(its, body))
    assert answer.status == 204
    async with db.read() as tx:
        found = await articles.latest(tx, 9)
        source = await sources.get(tx, its.source_id)
    assert [(one.title, one.silent) for one in found] == [("Ferries sail", False), ("Ferries stop", True)]
    assert source.pushed_until == its.leased_until


async def test_polling_behind_a_hub_that_tells_is_seldom(db: Database, outside: Pages, clock: FakeClock) -> None:
    async with db.write() as tx:
        await sources.set_pushed_until(tx, 1, NOON + timedelta(days=1))
        await sources.make_due(tx, 1, NOON)
    await collect(db, outside, Here(), clock)
    async with db.read() as tx:
        source = await sources.get(tx, 1)
    assert source.fetch_reason == PollReason.PUSHED
    assert source.next_fetch_at is not None
    assert source.next_fetch_at - clock.now() >= timedelta(hours=3)


async def test_what_is_signed_wrongly_is_passed_over(db: Database, site: Site, outside: Pages) -> None:
    its = await the_hub(db)
    body = rss(("/b", "Forged"))
    for headers in ({}, {"X-Hub-Signature": "sha256=00"}, signed(its, "other")):
        answer = await site.post(f"/websub/{its.key}", data=body, headers=dict(headers))
        assert answer.status == 204
    async with db.read() as tx:
        assert [one.title for one in await articles.latest(tx, 9)] == ["Ferries stop"]
        assert (await sources.get(tx, 1)).pushed_until is None


async def test_who_we_did_not_ask_is_sent_away(db: Database, site: Site, outside: Pages) -> None:
    its = await the_hub(db)
    challenge = {"hub.challenge": "c", "hub.mode": "subscribe"}
    for key, asked in (
        ("unknown", {**challenge, "hub.topic": FEED}),
        (its.key, {**challenge, "hub.topic": "https://evil.example/"}),
        (its.key, {**challenge, "hub.topic": FEED, "hub.mode": "unsubscribe"}),
    ):
        assert (await site.get(f"/websub/{key}", params=asked)).status == 404
    assert (await site.post("/websub/unknown", data=b"x")).status == 404


async def test_a_hub_that_refuses_or_is_away_is_asked_again_a_day_later(
    db: Database, site: Site, outside: Pages
) -> None:
    outside.answers[HUB] = FetchError("http_status", status=500, host="hub.example")
    await ask_hubs(db, outside, PORTAL, NOON)
    its = await the_hub(db)
    assert its.ask_at == NOON + timedelta(hours=23)
    assert "http_status" in its.error
    denied = {"hub.mode": "denied", "hub.topic": FEED, "hub.reason": "full"}
    assert (await site.get(f"/websub/{its.key}", params=denied)).status == 200
    assert (await the_hub(db)).error == "full"


async def test_a_push_that_cannot_be_read_makes_the_source_due(db: Database, site: Site, outside: Pages) -> None:
    its = await the_hub(db)
    answer = await site.post(f"/websub/{its.key}", data="<html>", headers=dict(signed(its, "<html>")))
    assert answer.status == 204
    async with db.read() as tx:
        source = await sources.get(tx, 1)
    assert (source.next_fetch_at, source.fetch_reason) == (NOON, PollReason.PUSHED)


async def test_a_feed_that_names_another_hub_is_asked_for_there(db: Database, outside: Pages, clock: FakeClock) -> None:
    before = await the_hub(db)
    link = {"link": "<https://h2.example/>; rel=hub"}
    outside.answers[FEED] = Response(FEED, 200, rss(("/c", "Boats wait")).encode(), headers=link)
    async with db.write() as tx:
        await sources.make_due(tx, 1, NOON)
    await collect(db, outside, Here(), clock)
    after = await the_hub(db)
    assert (after.hub, after.topic, after.key == before.key) == ("https://h2.example/", FEED, False)
