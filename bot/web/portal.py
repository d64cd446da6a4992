"""The pages that people read: the latest articles, one article, a tag, the sources, a briefing.

Rendered here and complete without a script. Foreign text is plain text that Jinja escapes, and only http(s) addresses
become links.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import aiohttp_jinja2
import jinja2
from aiohttp import web

from bot.rules.health import urgency
from bot.rules.rendering import reading_minutes, why
from bot.storage import articles, sources
from bot.texts import LANGUAGES, Catalogue, words
from bot.web.assets import asset
from bot.web.deps import deps_of
from bot.web.problems import explanation, heading
from bot.web.views import CHART_DAYS, by_day, entry, long_day, paragraphs, source_line, when

PAGE = 30  # articles
ALSO_IN = 12  # other articles of the same story
RECENT = timedelta(days=1)
PRIVATE = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}


async def front(request: web.Request) -> web.Response:
    """The latest articles, a page at a time: `?before=` is the id of the last article seen."""
    return await _list(request, "front.html")


async def tag(request: web.Request) -> web.Response:
    """The latest articles that carry a tag."""
    name = request.match_info["tag"]
    if not name.isprintable():
        raise web.HTTPNotFound
    return await _list(request, "tag.html", tag=name)


async def _list(request: web.Request, template: str, *, tag: str | None = None) -> web.Response:
    before = _before(request)
    async with deps_of(request).db.read() as tx:
        found = await articles.latest(tx, PAGE + 1, before, tag=tag)
    shown = found[:PAGE]
    older = shown[-1].id if len(found) > PAGE else None
    days = by_day(shown, words_of(request), now=_now(request))
    return _page(request, template, days=days, older=older, first=before is None, tag=tag)


def _before(request: web.Request) -> int | None:
    text = request.query.get("before")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise web.HTTPNotFound
    return int(text)


async def article(request: web.Request) -> web.Response:
    """One article with everything its source gave, and who else has the story."""
    now = _now(request)
    async with deps_of(request).db.read() as tx:
        found = await articles.get(tx, int(request.match_info["id"]))
        story = await articles.latest(tx, ALSO_IN + 1, story_id=found.story_id) if found.story_id else []
    also = [other for other in story if other.id != found.id][:ALSO_IN]
    shown = entry(found, now=now)
    told = partial(when, words=words_of(request), now=now)
    return _page(request, "article.html", entry=shown, when=told, paragraphs=paragraphs(found.text), also=also)


async def source_list(request: web.Request) -> web.Response:
    """Where the articles come from, and how each source is doing."""
    now, spoken = _now(request), words_of(request)
    async with deps_of(request).db.read() as tx:
        counted = await sources.list_counted(tx, since=now - RECENT)
        daily = await sources.daily_counts(tx, now - timedelta(days=CHART_DAYS))
    # The ill first: whoever looks here wants to know what is wrong.
    counted.sort(key=lambda count: urgency(count.source, now))
    lines = [source_line(count, daily.get(count.source.id, {}), spoken, now=now) for count in counted]
    states = Counter(line.state for line in lines)
    return _page(request, "sources.html", sources=lines, states=states, days=CHART_DAYS)


async def briefing(request: web.Request) -> web.Response:
    """A briefing as its chat got it: the same content in the same order. Its address is its key."""
    read_briefing = deps_of(request).read_briefing
    if read_briefing is None:
        raise web.HTTPNotFound
    view = await read_briefing(request.match_info["public_id"], words_of(request))
    stories = sum(len(topic.items) for topic in view.topics)
    response = _page(request, "briefing.html", view=view, stories=stories, minutes=reading_minutes(view), why=why)
    response.headers.update(PRIVATE)
    return response


def error_page(
    request: web.Request, status: int, *, headers: Mapping[str, str] | None = None, reference: str = ""
) -> web.Response:
    """What a person sees instead of an error."""
    spoken = words_of(request)
    title, text = heading(status, spoken), explanation(status, spoken)
    response = _page(request, "error.html", title=title, explanation=text, reference=reference)
    response.set_status(status)
    response.headers.update(headers or {})
    return response


def _page(request: web.Request, template: str, **facts: Any) -> web.Response:
    response = aiohttp_jinja2.render_template(template, request, _common(request) | facts)
    response.headers.update({"Cache-Control": "no-cache", "Vary": "Accept-Language"})
    return response


def language_of(request: web.Request) -> str:
    """The one of our languages that the browser likes best, else the operator's."""
    wishes = []
    for place, part in enumerate(request.headers.get("Accept-Language", "").split(",")):
        name, _, quality = part.strip().partition(";q=")
        base = name.lower().split("-")[0]
        if base in LANGUAGES and _liking(quality) > 0:
            wishes.append((-_liking(quality), place, base))
    return min(wishes)[2] if wishes else deps_of(request).language


def _liking(quality: str) -> float:
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0


def words_of(request: web.Request) -> Catalogue:
    """The words that this request is answered in."""
    return words(language_of(request))


def _now(request: web.Request) -> datetime:
    deps = deps_of(request)
    return deps.clock.now().astimezone(ZoneInfo(deps.timezone))


def _common(request: web.Request) -> dict[str, Any]:
    """What every template may use."""
    spoken, now = words_of(request), _now(request)
    return {
        "words": spoken,
        "language": spoken.language,
        "style_url": asset("style.css").url,
        "icon_url": asset("icon.svg").url,
        "now": now,
        "today": long_day(now.date(), spoken, today=now.date()),
        "path": request.path,
    }


def is_link(url: str) -> bool:
    """Whether an address that came from outside may be followed; `javascript:` and the like may not."""
    return url.startswith(("http://", "https://"))


def add_routes(app: web.Application) -> None:
    """Adds the pages and what their templates need."""
    environment = aiohttp_jinja2.setup(
        app,
        loader=jinja2.PackageLoader("bot.web"),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["link"] = is_link
    environment.filters["segment"] = lambda text: quote(text, safe="")
    app.router.add_get("/", front)
    app.router.add_get(r"/articles/{id:\d{1,18}}", article)
    app.router.add_get("/tags/{tag}", tag)
    app.router.add_get("/sources", source_list)
    app.router.add_get(r"/briefings/{public_id:[A-Za-z0-9_-]{1,64}}", briefing)
