"""The demo's outlets on a web server: an index, a front page and a feed each, and a page for every article.

    GET /outlets/                   every outlet
    GET /outlets/{slug}/            its front page
    GET /outlets/{slug}/feed.xml    its feed, RSS 2.0 or Atom; answers 304 to who has it already
    GET /outlets/{slug}/{article}   an article

An article exists from its instant on: before that its page is not found and no feed or list has it. Links lead to the
host that was asked, so they work whatever the server's address is.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from aiohttp import hdrs, web
from babel.dates import format_datetime
from jinja2 import Environment, PackageLoader

from bot.ports import Clock
from bot.sandbox.newsroom import Outlet, Published, load_outlets, publish
from bot.sandbox.outlet_feeds import atom, rss

MORE = 4  # further articles named below one
LABELS = {  # the pages' own words, by locale
    "en-GB": {
        "all": "All outlets",
        "feed": "Feed",
        "by": "By",
        "and": " and ",
        "tags": "Tags",
        "more": "More from {title}",
        "note": "Written for the Briefwire demo. The outlet, the people and the events are invented.",
        "time": "EEEE d MMMM, HH:mm",
    },
    "zh-CN": {
        "all": "全部媒体",
        "feed": "订阅源",
        "by": "作者",
        "and": "、",
        "tags": "标签",
        "more": "{title}更多报道",
        "note": "本文为 Briefwire 演示而写，媒体、人物和事件均为虚构。",
        "time": "M月d日 EEEE HH:mm",
    },
    "zh-TW": {
        "all": "全部媒體",
        "feed": "訂閱源",
        "by": "作者",
        "and": "、",
        "tags": "標籤",
        "more": "{title}更多報導",
        "note": "本文為 Briefwire 演示而寫，媒體、人物和事件均為虛構。",
        "time": "M月d日 EEEE HH:mm",
    },
}


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """Where an outlet's feed is."""

    url: str
    title: str
    language: str


class Outlets:
    """The outlets of a demo.

    Args:
        started_at: when the demo started, aware; samples are placed around it.
        clock: decides which articles have appeared.
        outlets: those of the package by default.
    """

    def __init__(self, started_at: datetime, clock: Clock, outlets: tuple[Outlet, ...] | None = None) -> None:
        self._clock = clock
        self._outlets = {outlet.slug: outlet for outlet in (load_outlets() if outlets is None else outlets)}
        self._published = {slug: publish(outlet, started_at) for slug, outlet in self._outlets.items()}
        self._pages = Environment(loader=PackageLoader("bot.sandbox", "outlet_pages"), autoescape=True)
        self._pages.filters["when"] = _when

    def feeds(self, base_url: str) -> list[FeedAddress]:
        """The address of every feed, for a server at `base_url`."""
        return [
            FeedAddress(f"{base_url.rstrip('/')}/outlets/{outlet.slug}/feed.xml", outlet.title, outlet.language)
            for outlet in self._outlets.values()
        ]

    def articles(self) -> list[Published]:
        """What has appeared until now in all outlets, newest first."""
        return sorted(chain(*map(self._visible, self._outlets)), key=lambda article: article.at, reverse=True)

    def routes(self) -> list[web.RouteDef]:
        """The routes above."""
        return [
            web.get("/outlets/", self._index),
            web.get("/outlets/{slug}/", self._front),
            web.get("/outlets/{slug}/feed.xml", self._feed),
            web.get("/outlets/{slug}/{article}", self._article),
        ]

    def _visible(self, slug: str) -> list[Published]:
        now = self._clock.now()
        return [article for article in self._published[slug] if article.at <= now]

    def _outlet(self, request: web.Request) -> Outlet:
        try:
            return self._outlets[request.match_info["slug"]]
        except KeyError:
            raise web.HTTPNotFound(text="There is no such outlet.") from None

    async def _index(self, request: web.Request) -> web.Response:
        fronts = [(outlet, self._visible(slug)[:3]) for slug, outlet in self._outlets.items()]
        return self._page("index.html", fronts=fronts, labels=LABELS["en-GB"])

    async def _front(self, request: web.Request) -> web.Response:
        outlet = self._outlet(request)
        return self._page(
            "front.html", outlet=outlet, articles=self._visible(outlet.slug), labels=LABELS[outlet.locale]
        )

    async def _article(self, request: web.Request) -> web.Response:
        outlet = self._outlet(request)
        visible = self._visible(outlet.slug)
        article = next((one for one in visible if one.slug == request.match_info["article"]), None)
        if article is None:
            raise web.HTTPNotFound(text="There is no such article.")
        return self._page(
            "article.html",
            outlet=outlet,
            article=article,
            url=f"{request.url.origin()}{article.path}",
            more=[one for one in visible if one is not article][:MORE],
            labels=LABELS[outlet.locale],
        )

    def _page(self, name: str, **facts: object) -> web.Response:
        return web.Response(text=self._pages.get_template(name).render(facts), content_type="text/html")

    async def _feed(self, request: web.Request) -> web.Response:
        outlet = self._outlet(request)
        articles = self._visible(outlet.slug)
        write = atom if outlet.feed == "atom" else rss
        body = write(outlet, articles, str(request.url.origin()))
        # Its hash in the ETag and not only the newest instant: two articles may share a second.
        response = web.Response(body=body, content_type=f"application/{outlet.feed}+xml", charset="utf-8")
        response.etag = hashlib.blake2b(body, digest_size=12).hexdigest()
        response.headers[hdrs.CACHE_CONTROL] = "no-cache"
        if articles:
            response.last_modified = articles[0].at.astimezone(UTC)
        if _has_it(request, response):
            response.set_status(304)
            response.body = None
        return response


def _has_it(request: web.Request, response: web.Response) -> bool:
    """Whether the client's copy is current (RFC 9110, 13.2.2: If-None-Match decides where it is given)."""
    if request.if_none_match is not None:
        current = response.etag.value if response.etag else ""
        return any(etag.value in (current, "*") for etag in request.if_none_match)
    since, modified = request.if_modified_since, response.last_modified
    return since is not None and modified is not None and modified <= since


def _when(article: Published) -> str:
    outlet = article.outlet
    return format_datetime(article.at, LABELS[outlet.locale]["time"], tzinfo=outlet.zone, locale=outlet.language)
