"""Liveness, readiness and metrics."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.actions.stats import Outlook
from bot.storage.database import Database
from bot.web.deps import WebDeps
from tests.conftest import NOON, FakeClock
from tests.make import a_chat, due_now
from tests.web.conftest import Serve, Site, add_article, add_source


async def scrape(site: Site) -> dict[str, float]:
    """The samples of /metrics by name with labels."""
    text = await (await site.get("/metrics")).text()
    pairs = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    assert len({name for name, _, _ in pairs}) == len(pairs)
    return {name: float(value) for name, _, value in pairs}


async def test_a_process_that_lives_says_so_whatever_the_database_does(
    sqlite_deps: WebDeps, serve: Serve, tmp_path: Path
) -> None:
    broken = Database(f"sqlite:///{tmp_path}/gone/x.db")
    (tmp_path / "gone").rmdir()
    site = await serve(replace(sqlite_deps, db=broken))
    assert (await site.get("/healthz")).status == 200
    ready = await site.get("/readyz")
    assert ready.status == 503
    assert (await ready.json()) == {"ready": False, "checks": {"database": "does not answer"}}
    seen = await scrape(site)
    assert seen["briefwire_database_up"] == 0
    assert 'briefwire_rows{table="articles"}' not in seen
    await broken.close()


async def test_a_step_that_stopped_ticking_makes_the_process_unready(
    deps: WebDeps, serve: Serve, clock: FakeClock
) -> None:
    site = await serve(replace(deps, steps=("collect", "match")))
    assert (await site.get("/readyz")).status == 200
    clock.move(minutes=4)
    deps.metrics.observe_step("collect", 0, 0.01)
    clock.move(minutes=2)
    response = await site.get("/readyz")
    assert response.status == 503
    checks = (await response.json())["checks"]
    assert checks == {"database": "ok", "collect": "ok", "match": "has not run for minutes"}


@pytest.mark.parametrize(("problem", "status"), [("", 200), ("the token was refused", 503)])
async def test_other_checks_are_asked_too(sqlite_deps: WebDeps, serve: Serve, problem: str, status: int) -> None:
    site = await serve(replace(sqlite_deps, checks={"telegram": lambda: problem}))
    response = await site.get("/readyz")
    assert response.status == status
    assert (await response.json())["checks"]["telegram"] == (problem or "ok")


async def test_the_metrics_tell_what_is_stored_and_what_was_done(site: Site, db: Database, deps: WebDeps) -> None:
    await add_article(db, await add_source(db))
    deps.metrics.observe_step("match", 3, 0.2)
    deps.metrics.observe_step("match", 2, 0.2)
    await site.get("/articles/1")
    await site.get("/articles/2")
    seen = await scrape(site)
    assert seen['briefwire_rows{table="articles"}'] == 1
    assert seen['briefwire_queue_items{step="match"}'] == 1
    assert seen['briefwire_deliveries{state="queued"}'] == 0
    assert seen['briefwire_sources{state="active"}'] == 1
    assert seen['briefwire_step_items_total{step="match"}'] == 5
    assert seen['briefwire_step_seconds_count{step="match"}'] == 2
    assert seen['briefwire_http_requests_total{route="/articles/{id}",status="404"}'] == 1
    assert seen['briefwire_info{version="1.2.3"}'] == 1
    assert seen["process_resident_memory_bytes"] > 0
    assert seen["briefwire_database_up"] == 1


async def test_two_applications_count_for_themselves(sqlite_deps: WebDeps, site: Site, serve: Serve) -> None:
    await site.get("/")
    other = await serve(sqlite_deps)
    assert 'briefwire_http_requests_total{route="/",status="200"}' not in await scrape(other)


async def test_the_next_rush_is_foretold(sqlite_deps: WebDeps, serve: Serve) -> None:
    db = sqlite_deps.db
    async with db.write() as tx:
        await due_now(tx, await a_chat(tx), now=NOON)
    seen = await scrape(await serve(replace(sqlite_deps, outlook=Outlook(db, 0.25))))
    assert seen["briefwire_rush_start_timestamp_seconds"] == NOON.timestamp()
    assert (seen["briefwire_rush_briefings"], seen["briefwire_rush_lateness_seconds"]) == (1, 4.0)
