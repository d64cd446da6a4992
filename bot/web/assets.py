"""The style sheet and the icon: our own files, kept by browsers for as long as their address stays the same."""

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from aiohttp import web

TYPES = {"style.css": "text/css", "icon.svg": "image/svg+xml"}
A_YEAR = 365 * 24 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Asset:
    """A file and its version, the beginning of its SHA-256."""

    name: str
    body: bytes
    version: str

    @property
    def url(self) -> str:
        """Where browsers find this version."""
        return f"/static/{self.name}?v={self.version}"


@cache
def asset(name: str) -> Asset:
    """One of our files, read once. Raises KeyError for any other name."""
    if name not in TYPES:
        raise KeyError(name)
    body = (files("bot.web") / "static" / name).read_bytes()
    return Asset(name, body, hashlib.sha256(body).hexdigest()[:12])


async def serve(request: web.Request) -> web.Response:
    """The file: for a year under its versioned address, else asked again each time."""
    try:
        found = asset(request.match_info["name"])
    except KeyError:
        raise web.HTTPNotFound from None
    keep = request.query.get("v") == found.version  # another version may be served by an older process beside this one
    headers = {
        "ETag": f'"{found.version}"',
        "Cache-Control": f"public, max-age={A_YEAR}, immutable" if keep else "no-cache",
    }
    if any(tag.value in (found.version, "*") for tag in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    return web.Response(body=found.body, content_type=TYPES[found.name], charset="utf-8", headers=headers)


def add_routes(app: web.Application) -> None:
    """Adds `/static/…`."""
    app.router.add_get("/static/{name}", serve)
