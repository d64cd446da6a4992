"""The HTTP application and its server: routes, what every answer carries, and how errors leave.

A request passes, from the outside in, `observe` (one log line, one count), `answer_errors` (a page or a problem
document, never a traceback), and its handler.
"""

import asyncio
import secrets

from aiohttp import web
from aiohttp.typedefs import Handler

from bot import log
from bot.errors import BriefwireError, SettingsError
from bot.texts import words
from bot.web import api, assets, health, portal, webhook, websub
from bot.web.deps import DEPS, WebDeps, deps_of
from bot.web.problems import PROBLEM_JSON, RETRY_SECONDS, explanation, heading, problem, status_of

logger = log.get(__name__)

MAX_BODY = 10 * 1024 * 1024  # bytes, after decompression
SHUTDOWN_SECONDS = 5.0  # for the requests under way
MACHINES = ("/api/", "/telegram/", "/websub/")  # whoever asks there reads JSON
QUIET = ("/healthz", "/readyz", "/metrics", "/static/{name}")  # asked every few seconds, so logged for debugging only
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",  # the address of a briefing is its key
    "Cross-Origin-Opener-Policy": "same-origin",
}


def build_app(deps: WebDeps) -> web.Application:
    """The application with every route; serves nothing until it is run."""
    app = web.Application(middlewares=[observe, answer_errors], client_max_size=MAX_BODY)
    app[DEPS] = deps
    app.on_response_prepare.append(_sign)
    for part in (api, assets, health, portal, webhook, websub):
        part.add_routes(app)
    return app


async def _sign(_request: web.Request, response: web.StreamResponse) -> None:
    """Every answer carries the security headers, and no version of our libraries."""
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["Server"] = "briefwire"


@web.middleware
async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
    """One line and one count per request, by the route's pattern: a path may hold the key of a briefing."""
    loop = asyncio.get_running_loop()
    started = loop.time()
    response = await handler(request)
    resource = request.match_info.route.resource
    route = resource.canonical if resource else "none"
    deps_of(request).metrics.observe_request(route, response.status)
    record = logger.debug if route in QUIET else logger.info
    record(
        "request",
        method=request.method,
        route=route,
        status=response.status,
        ms=round((loop.time() - started) * 1000, 1),
    )
    return response


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turns whatever is raised into an answer in the form that the asker reads."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        if error.content_type == PROBLEM_JSON:
            return _copy(error)
        headers = {name: value for name, value in error.headers.items() if name == "Allow"}
        return _answer(request, error.status, headers=headers)
    except BriefwireError as error:
        status = status_of(error)
        if status >= 500:
            logger.warning("request failed", error=str(error))
        waits = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
        return _answer(request, status, headers=waits)
    except Exception:
        reference = secrets.token_hex(4)
        logger.exception("request failed", reference=reference)
        return _answer(request, 500, reference=reference)


def _copy(error: web.HTTPException) -> web.Response:
    headers = {name: value for name, value in error.headers.items() if name == "WWW-Authenticate"}
    return web.Response(status=error.status, text=error.text, content_type=PROBLEM_JSON, headers=headers)


def _answer(
    request: web.Request, status: int, *, headers: dict[str, str] | None = None, reference: str = ""
) -> web.Response:
    if not request.path.startswith(MACHINES):
        return portal.error_page(request, status, headers=headers, reference=reference)
    english = words("en")  # an API's details are for logs and developers, equal for every caller
    facts = {"reference": reference} if reference else {}
    return problem(status, heading(status, english), explanation(status, english), headers=headers, **facts)


class WebServer:
    """Serves the application on one address."""

    def __init__(self, deps: WebDeps) -> None:
        self._runner = web.AppRunner(build_app(deps), access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
        self._host = ""

    async def start(self, host: str, port: int) -> None:
        """Listens; port 0 takes any free one. Raises SettingsError where the address can't be had."""
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, host, port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise SettingsError([f"BRIEFWIRE_LISTEN: can't listen on {host}:{port}: {error.strerror}"]) from error
        self._host = host

    async def stop(self) -> None:
        """Finishes the requests under way and stops listening."""
        await self._runner.cleanup()

    @property
    def url(self) -> str:
        """Where this machine reaches the server, without a trailing slash."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._host, self._host)  # noqa: S104 - recognised, not bound
        port = self._runner.addresses[0][1]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
