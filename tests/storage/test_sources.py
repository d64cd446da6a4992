"""Sources on both databases."""

import asyncio
from datetime import timedelta

import pytest

from bot.errors import NotFound
from bot.model import NewArticle, Source, SourceKind, SourceState
from bot.storage import articles, polling, sources
from bot.storage.database import Database, Tx
from tests.conftest import NOON

LEASE = timedelta(minutes=5)


async def add(tx: Tx, url: str = "https://e.com/feed", **more: object) -> Source:
    values = {"kind": SourceKind.FEED, "url": url, "now": NOON, "next_fetch_at": NOON} | more
    source = await sources.add(tx, **values)  # type: ignore[arg-type]
    assert source is not None
    return source


async def test_a_source_is_stored_once_per_address(db: Database) -> None:
    async with db.write() as tx:
        first = await add(tx, title="Harbour Post")
        again = await sources.add(tx, kind=SourceKind.FEED, url="https://e.com/feed", now=NOON)
        assert again is None
        assert await sources.by_url(tx, "https://e.com/feed") == first
        assert await sources.get(tx, first.id) == first
        assert first.imported_at is None


async def test_an_unknown_source_is_not_found(db: Database) -> None:
    async with db.write() as tx:
        assert await sources.by_url(tx, "https://e.com/none") is None
        with pytest.raises(NotFound):
            await sources.get(tx, 99)
        with pytest.raises(NotFound):
            await sources.pause(tx, 99)
        with pytest.raises(NotFound):
            await sources.remove(tx, 99)


async def test_a_due_source_is_claimed_by_one_only_until_its_lease_ends(db: Database) -> None:
    async with db.write() as tx:
        due = await add(tx)
        await add(tx, "https://e.com/later", next_fetch_at=NOON + timedelta(hours=1))

    async def claim() -> list[Source]:
        async with db.write() as tx:
            return await polling.claim_due(tx, NOON, 10, LEASE)

    claimed = await asyncio.gather(claim(), claim(), claim())
    assert sorted(source.id for some in claimed for source in some) == [due.id]
    async with db.write() as tx:
        assert await polling.claim_due(tx, NOON + LEASE / 2, 10, LEASE) == []
        assert [source.id for source in await polling.claim_due(tx, NOON + LEASE, 10, LEASE)] == [due.id]


async def test_the_longest_waiting_sources_are_claimed_first(db: Database) -> None:
    async with db.write() as tx:
        made = [await add(tx, f"https://e.com/{n}", next_fetch_at=NOON - timedelta(minutes=n)) for n in range(4)]
        claimed = await polling.claim_due(tx, NOON, 2, LEASE)
    assert [source.id for source in claimed] == [made[3].id, made[2].id]


async def test_paused_and_pushed_sources_are_never_due(db: Database) -> None:
    async with db.write() as tx:
        source = await add(tx)
        await sources.pause(tx, source.id)
        await sources.ensure_push_source(tx, "Desk", NOON)
        assert await polling.claim_due(tx, NOON, 10, LEASE) == []
        await sources.resume(tx, source.id, NOON)
        claimed = await polling.claim_due(tx, NOON, 10, LEASE)
    assert [(one.id, one.state) for one in claimed] == [(source.id, SourceState.ACTIVE)]


async def test_a_failure_is_recorded_and_a_success_clears_it(db: Database) -> None:
    later = NOON + timedelta(hours=1)
    async with db.write() as tx:
        source = await add(tx, title="Harbour Post")
        for _ in range(2):
            await polling.record_failure(
                tx, source.id, now=NOON, next_fetch_at=later, error_key="timeout", error_facts={"seconds": 30}
            )
        ill = await sources.get(tx, source.id)
        await polling.record_success(
            tx,
            source.id,
            now=later,
            next_fetch_at=later + LEASE,
            etag='W/"x"',
            last_modified="yesterday",
            body_hash="abc",
            title="Another name",
            site_url="https://e.com/",
            new_articles=3,
        )
        well = await sources.get(tx, source.id)
    assert (ill.failures, ill.error_key, ill.error_facts) == (2, "timeout", {"seconds": 30})
    assert ill.next_fetch_at == later
    assert (well.failures, well.error_key, well.error_facts) == (0, "", {})
    assert (well.etag, well.last_modified, well.body_hash) == ('W/"x"', "yesterday", "abc")
    assert (well.title, well.site_url) == ("Harbour Post", "https://e.com/")
    assert well.imported_at == well.last_success_at == well.last_article_at == later


async def test_a_source_without_a_title_takes_the_feeds_and_keeps_its_import_time(db: Database) -> None:
    async with db.write() as tx:
        source = await add(tx)
        for hours, title in ((0, "Harbour Post"), (1, "Renamed")):
            now = NOON + timedelta(hours=hours)
            await polling.record_success(
                tx, source.id, now=now, next_fetch_at=now, etag="", last_modified="", body_hash="", title=title
            )
        stored = await sources.get(tx, source.id)
    assert (stored.title, stored.imported_at, stored.last_article_at) == ("Harbour Post", NOON, None)


async def test_push_sources_are_made_once_per_name(db: Database) -> None:
    async with db.write() as tx:
        ids = await sources.ensure_push_sources(tx, ["海峡时报", "Desk"], NOON)
        again = await sources.ensure_push_sources(tx, ["Desk", "海峡时报", "Desk"], NOON)
        admin = await sources.ensure_push_source(tx, "Desk", NOON, kind=SourceKind.ADMIN)
    assert ids == again
    assert (admin.kind, admin.title, admin.url) == (SourceKind.ADMIN, "Desk", "admin:Desk")
    assert admin.id not in ids.values()


async def test_the_list_counts_what_each_source_brought_and_lately(db: Database) -> None:
    async with db.write() as tx:
        full = await add(tx, title="A")
        await add(tx, "https://e.com/b", title="B")
        await articles.add_articles(
            tx,
            [NewArticle(f"https://e.com/{n}", f"{n}", "T", "x", full.id, NOON - timedelta(days=n)) for n in range(3)],
            NOON,
        )
        counted = await sources.list_counted(tx, NOON - timedelta(days=1))
        await sources.remove(tx, full.id)
        assert await articles.count_all(tx) == 0
    assert [(one.source.title, one.articles, one.recent) for one in counted] == [("A", 3, 2), ("B", 0, 0)]


async def test_few_of_one_host_are_claimed_at_a_time(db: Database) -> None:
    async with db.write() as tx:
        for host in ("a", "b"):
            for number in range(3):
                await add(tx, f"https://{host}.example/{number}")
        first = await polling.claim_due(tx, NOON, 9, LEASE, per_host=2)
        assert sorted(source.host for source in first) == ["a.example", "a.example", "b.example", "b.example"]
        await polling.release(tx, [source.id for source in first])
        rest = await polling.claim_due(tx, NOON, 9, LEASE, per_host=2, busy_hosts=["a.example"])
    assert [source.host for source in rest] == ["b.example", "b.example"]


async def test_a_host_that_wants_rest_gets_it_from_all_its_sources(db: Database) -> None:
    until = NOON + timedelta(hours=1)
    async with db.write() as tx:
        near, later = await add(tx, "https://e.com/1"), await add(tx, "https://e.com/2", next_fetch_at=until)
        other = await add(tx, "https://other.example/")
        await polling.rest_host(tx, "e.com", until, "retry_after")
        found = [await sources.get(tx, source.id) for source in (near, later, other)]
    assert [(source.next_fetch_at, source.fetch_reason) for source in found] == [
        (until, "retry_after"),
        (until, ""),
        (NOON, ""),
    ]
