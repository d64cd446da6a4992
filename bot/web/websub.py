"""`/websub/{key}`: where hubs ask back whether we meant it, and tell what is new (WebSub, sections 5 and 7)."""

from aiohttp import web

from bot.actions.hubs import PATH, receive, verify
from bot.web.deps import deps_of

STEP_AFTER_PUSH = "group"


async def challenge(request: web.Request) -> web.Response:
    """A hub's question: its challenge comes back where we asked for this, else a 404."""
    deps = deps_of(request)
    answer = await verify(deps.db, request.match_info["key"], dict(request.query), deps.clock.now())
    return web.Response(text=answer, content_type="text/plain")


async def push(request: web.Request) -> web.Response:
    """What a hub tells. Also what is signed wrongly gets a 2xx, so that nobody learns from our answer."""
    deps = deps_of(request)
    headers = {name.lower(): value for name, value in request.headers.items()}
    key, body = request.match_info["key"], await request.read()
    if await receive(deps.db, deps.workers, key, body, headers, deps.clock.now()):
        deps.wake(STEP_AFTER_PUSH)
        deps.wake("collect")
    return web.Response(status=204)


def add_routes(app: web.Application) -> None:
    """Adds the callback."""
    app.router.add_get(PATH + r"{key:[A-Za-z0-9_-]{1,64}}", challenge)
    app.router.add_post(PATH + r"{key:[A-Za-z0-9_-]{1,64}}", push)
