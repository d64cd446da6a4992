"""What a feed says about itself beside its news: how often to fetch it, when not to, and who pushes it (WebSub).

Read from the text around the entries with patterns, so that a feed which no strict reader takes still has its say:

    <ttl>60</ttl>                                                   minutes (RSS 2.0)
    <skipHours><hour>3</hour></skipHours>, <skipDays><day>Sunday</day></skipDays>    GMT (RSS 0.91)
    <sy:updatePeriod>hourly</sy:updatePeriod>, <sy:updateFrequency>2</sy:updateFrequency>    (RSS 1.0 syndication)
    <atom:link rel="hub" href="…"/>, <atom:link rel="self" href="…"/>, `hubs` of a JSON Feed, `Link` of the answer
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape

from bot.model import FeedHints
from bot.rules.urls import absolute

_HEAD = 4_096  # bytes in which a feed says what it is
LEAST_TTL = 1.0  # minutes
_MINUTE, _DAY = 60.0, 24 * 3600.0
_PERIODS = {"hourly": 3600.0, "daily": _DAY, "weekly": 7 * _DAY, "monthly": 30 * _DAY, "yearly": 365 * _DAY}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FIRST_ENTRY = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ENTRY_ENDS = ("</item>", "</entry>", ":item>", ":entry>")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_LINK = re.compile(r"<(?:[\w-]+:)?link\s([^<>]*)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_HEADER_LINK = re.compile(r"<([^<>]*)>\s*;([^,<]*)")
_REL = re.compile(r"rel\s*=\s*\"?([^\";]+)", re.IGNORECASE)


def read_hints(body: bytes, *, url: str) -> FeedHints:
    """What the feed at `url` says. What can't be read is as if it were not said."""
    links = _document_links(body)
    hub, topic = absolute(url, links.get("hub", "")), absolute(url, links.get("self", ""))
    if body.lstrip()[:1] == b"{":
        return FeedHints(hub=hub, topic=topic)
    head = _head(body)
    return FeedHints(
        ttl=_ttl(head),
        period=_period(head),
        skip_hours=tuple(sorted({int(hour) % 24 for hour in _listed(head, "skipHours", "hour", r"\d{1,2}")})),
        skip_days=tuple(
            sorted(
                {
                    _DAYS.index(day.lower())
                    for day in _listed(head, "skipDays", "day", "[A-Za-z]+")
                    if day.lower() in _DAYS
                }
            )
        ),
        hub=hub,
        topic=topic,
    )


def feed_format(body: bytes) -> str:
    """What a feed calls itself: `RSS 2.0`, `Atom`, `RDF`, `JSON Feed`, `sitemap`; empty where it is none of these."""
    head = body[:_HEAD].replace(b"\0", b"").decode("utf-8", "replace")
    if head.lstrip("\ufeff \t\r\n")[:1] == "{":
        return "JSON Feed" if "jsonfeed.org" in head else ""
    root = re.search(r"<(?:\w+:)?(rss|feed|rdf|urlset|sitemapindex)\b([^<>]*)", head, re.IGNORECASE)
    if root is None:
        return ""
    version = re.search(r"version\s*=\s*[\"']([\d.]{1,6})", root[2])
    names = {"rss": "RSS", "feed": "Atom", "rdf": "RDF", "urlset": "sitemap", "sitemapindex": "sitemap"}
    name = names[root[1].lower()]
    return f"RSS {version[1]}" if name == "RSS" and version else name


def with_header(hints: FeedHints, link_header: str, *, url: str) -> FeedHints:
    """The hints with the hub and the topic of an answer's `Link` header, which WebSub prefers to the document's own."""
    links = dict(_header_links(link_header))
    hub, topic = absolute(url, links.get("hub", "")), absolute(url, links.get("self", ""))
    return replace(hints, hub=hub or hints.hub, topic=topic or hints.topic)


def _head(body: bytes) -> str:
    """The feed without its entries."""
    text = body.replace(b"\0", b"").decode("utf-8", "replace")  # tags and numbers are ASCII in every encoding we meet
    first = _FIRST_ENTRY.search(text)
    if first is not None:
        last = max(text.rfind(end) + len(end) for end in _ENTRY_ENDS)
        text = text[: first.start()] + text[max(last, first.start()) :]
    return _CDATA.sub(r"\1", text)


def _ttl(head: str) -> float:
    found = re.search(r"<ttl>\s*(\d{1,9}(?:\.\d+)?)\s*</ttl>", head, re.IGNORECASE)
    return float(found[1]) * _MINUTE if found and float(found[1]) >= LEAST_TTL else 0.0


def _period(head: str) -> float:
    """Seconds between two updates; the period is daily and the frequency 1 unless something else is said."""
    period = re.search(r"<\w+:updatePeriod>\s*(\w+)\s*<", head)
    often = re.search(r"<\w+:updateFrequency>\s*(\d{1,6})\s*<", head)
    if not period and not often:
        return 0.0
    return _PERIODS.get(period[1].lower() if period else "daily", 0.0) / max(int(often[1]) if often else 1, 1)


def _listed(head: str, holder: str, name: str, value: str) -> list[str]:
    found = re.search(rf"<{holder}\s*>(.{{0,5000}}?)</{holder}\s*>", head, re.DOTALL | re.IGNORECASE)
    return re.findall(rf"<{name}\s*>\s*({value})\s*</{name}", found[1], re.IGNORECASE) if found else []


def _document_links(body: bytes) -> dict[str, str]:
    if body.lstrip()[:1] == b"{":
        return _json_links(body)
    found: dict[str, str] = {}
    for link in _LINK.finditer(_head(body)):
        attributes = {name.lower(): unescape(double or single) for name, double, single in _ATTRIBUTE.findall(link[1])}
        for rel in attributes.get("rel", "").lower().split():
            found.setdefault(rel, attributes.get("href", ""))
    return found


def _json_links(body: bytes) -> dict[str, str]:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    hubs = document.get("hubs") if isinstance(document, dict) else None
    urls = [hub.get("url") for hub in hubs if isinstance(hub, dict)] if isinstance(hubs, list) else []
    found = {"hub": next((url for url in urls if isinstance(url, str)), "")}
    topic = document.get("feed_url") if isinstance(document, dict) else None
    return {**found, "self": topic} if isinstance(topic, str) else found


def _header_links(header: str) -> Iterator[tuple[str, str]]:
    for target, parameters in reversed(_HEADER_LINK.findall(header)):  # of several hubs the first is taken
        rel = _REL.search(parameters)
        for name in rel[1].lower().split() if rel else ():
            yield name, target
