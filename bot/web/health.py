"""What machines ask: is the process alive, can it work, and how much has it done.

`/healthz` needs nothing but the event loop; `/readyz` fails while the database is away or a step has stopped ticking;
`/metrics` takes the database's figures at the scrape.
"""

import asyncio

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST

from bot.errors import StorageError
from bot.rules.rush import Rush
from bot.storage import figures
from bot.storage.database import Database
from bot.web.deps import WebDeps, deps_of
from bot.web.metrics import exposition

DATABASE_PATIENCE = 5.0  # seconds until a silent database counts as away
FINE = "ok"


async def healthz(_request: web.Request) -> web.Response:
    """The process is alive: nothing else is asked, so that a sick database restarts nobody."""
    return web.Response(text=f"{FINE}\n")


async def readyz(request: web.Request) -> web.Response:
    """Whether this process can do its work, check by check; 503 when one fails."""
    deps = deps_of(request)
    checks = {"database": await _database_problem(deps.db) or FINE}
    checks |= _steps(deps)
    checks |= {name: check() or FINE for name, check in deps.checks.items()}
    ready = all(state == FINE for state in checks.values())
    return web.json_response({"ready": ready, "checks": checks}, status=200 if ready else 503)


async def metrics(request: web.Request) -> web.Response:
    """Everything in Prometheus's text format."""
    deps = deps_of(request)
    seen: figures.Figures | None = None
    rush: Rush | None = None
    try:
        async with asyncio.timeout(DATABASE_PATIENCE), deps.db.read() as tx:
            seen = await figures.figures(tx, deps.clock.now())
            rush = await deps.outlook.rush(deps.clock.now()) if deps.outlook is not None else None
    except (StorageError, TimeoutError):
        seen = None
    body = exposition(deps.metrics, seen, rush)
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _steps(deps: WebDeps) -> dict[str, str]:
    stalled = deps.metrics.stalled(deps.steps)
    return {step: "has not run for minutes" if step in stalled else FINE for step in deps.steps}


async def _database_problem(db: Database) -> str:
    try:
        async with asyncio.timeout(DATABASE_PATIENCE), db.read() as tx:
            await figures.answers(tx)
    except (StorageError, TimeoutError):
        return "does not answer"  # the driver's own words may hold a host or a user name
    return ""


def add_routes(app: web.Application) -> None:
    """Adds the three."""
    app.router.add_get("/healthz", healthz)
    app.router.add_get("/readyz", readyz)
    app.router.add_get("/metrics", metrics)
