"""Who may push: bearer tokens for programs, a shared secret for Telegram."""

from secrets import compare_digest

from aiohttp import web

from bot.actions import tokens
from bot.model import ApiToken
from bot.web.deps import deps_of
from bot.web.problems import refuse

TELEGRAM_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name


async def require_token(request: web.Request) -> ApiToken:
    """The API token that the request carries, or a 401 that says what is missing."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        raise _unauthorized("Send a token as `Authorization: Bearer bw_…`; `briefwire token add NAME` makes one.")
    deps = deps_of(request)
    token = await tokens.check(deps.db, secret.strip(), deps.clock.now())
    if token is None:
        raise _unauthorized("This token is unknown or was revoked.", error="invalid_token")
    return token


def _unauthorized(detail: str, *, error: str = "") -> web.HTTPError:
    challenge = 'Bearer realm="briefwire"' + (f', error="{error}"' if error else "")  # RFC 6750, section 3
    return refuse(web.HTTPUnauthorized, detail, headers={"WWW-Authenticate": challenge})


def is_telegram(request: web.Request) -> bool:
    """Whether the request carries the secret that only Telegram was told."""
    secret = deps_of(request).webhook_secret
    given = request.headers.get(TELEGRAM_SECRET, "")
    return bool(secret) and compare_digest(given.encode("utf-8", "surrogateescape"), secret.encode())
