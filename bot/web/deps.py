"""What the web side is given: nothing in bot.web reads settings, the environment or the machine's clock."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from bot.actions.stats import Outlook
from bot.ports import Clock, Workers
from bot.rules.rendering import BriefingView
from bot.storage.database import Database
from bot.texts import Catalogue
from bot.web.metrics import Metrics


@dataclass(frozen=True)
class WebDeps:
    """The things that the application serves with.

    Attributes:
        public_url: where readers reach the portal, without a trailing slash.
        language: the pages' language where a browser asks for none of ours.
        timezone: IANA name of the zone that pages show times in.
        wake: tells a pipeline step (`"group"`, `"match"`) that it has work.
        on_update: takes one Telegram update; None where updates do not come by webhook.
        read_briefing: the briefing of a public id in these words, or NotFound; None where there are no briefings.
        webhook_secret: what Telegram must send along; while it is empty every update is refused.
        steps: the pipeline steps that run in this process; `/readyz` fails when one of them falls silent.
        outlook: forecasts the next rush; None where nobody does.
        checks: further readiness by name; each says what is wrong, or an empty string.
    """

    db: Database
    workers: Workers
    clock: Clock
    metrics: Metrics
    public_url: str
    language: str = "en"
    timezone: str = "UTC"
    version: str = ""
    wake: Callable[[str], None] = lambda _step: None
    on_update: Callable[[dict[str, Any]], Awaitable[None]] | None = None
    read_briefing: Callable[[str, Catalogue], Awaitable[BriefingView]] | None = None
    webhook_secret: str = ""
    steps: tuple[str, ...] = ()
    outlook: Outlook | None = None
    checks: Mapping[str, Callable[[], str]] = field(default_factory=dict)


DEPS = web.AppKey("deps", WebDeps)


def deps_of(request: web.Request) -> WebDeps:
    """The things that this request's application serves with."""
    return request.app[DEPS]
