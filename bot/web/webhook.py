"""`POST /telegram/webhook`: Telegram's updates, where they do not come by long polling."""

import pydantic_core
from aiohttp import web

from bot.web.auth import is_telegram
from bot.web.deps import deps_of
from bot.web.problems import refuse

PATH = "/telegram/webhook"


async def receive(request: web.Request) -> web.Response:
    """Hands one update on. An error on the way is a 500, after which Telegram sends the update again."""
    on_update = deps_of(request).on_update
    if on_update is None:
        raise web.HTTPNotFound
    if not is_telegram(request):
        raise refuse(web.HTTPForbidden, "The secret token is missing or wrong.")
    try:
        update = pydantic_core.from_json(await request.read())
    except ValueError as error:
        raise refuse(web.HTTPBadRequest, f"The update is not JSON: {error}.") from error
    if not isinstance(update, dict):
        raise refuse(web.HTTPBadRequest, "The update is not a JSON object.")
    await on_update(update)
    return web.Response()


def add_routes(app: web.Application) -> None:
    """Adds the webhook's door."""
    app.router.add_post(PATH, receive)
