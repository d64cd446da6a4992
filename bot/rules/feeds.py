"""Feeds: bytes in, entries out. RSS and Atom strictly, else by feedparser; JSON Feed. Runs in worker processes.

1. No body, a web page, or entity declarations: refused, by name.
2. JSON: JSON Feed or nothing.
3. Well-formed XML: the strict reader (`bot.rules.feed_xml`), in the encoding that it really has.
4. Anything else: feedparser, which guesses encodings and mends XML, more than 20 times slower.
"""

import json
import re
from collections.abc import Iterable
from html import escape
from typing import Any

from bot.errors import FeedError
from bot.model import Feed, FeedEntry
from bot.rules.dates import Moment, parse_date
from bot.rules.encodings import true_charset
from bot.rules.feed_xml import MAX_ENTRIES, NoFeed, NotStrict, read_xml
from bot.rules.markup import one_line
from bot.rules.urls import absolute

MAX_LENIENT = 3_000_000  # bytes; feedparser takes a second for each million
_MONSTROUS_TAG = re.compile(rb"<[^<>]{50000}")  # on which feedparser would not come to an end
_HEAD = 2_048  # bytes in which a document says what it is
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_OWN_DOCTYPE = re.compile(rb"<!DOCTYPE[^>\[]*\[")


def parse_feed(body: bytes, *, url: str, content_type: str | None = None) -> Feed:
    """Reads a feed.

    Args:
        body: the document as it came, decompressed.
        url: its address; relative links are resolved against it.
        content_type: the header, for its charset.

    Returns:
        The feed with at most 2,000 entries in its order: titles on one line, instants in UTC, absolute http links or
        none, ids as they stand there. `text` is left empty: making it of `html` takes longer than all the rest, and is
        wanted of few entries.

    Raises:
        FeedError: `empty_feed`, `web_page` (its fact `feed` is the address of the feed that the page names, or
            empty), `feed_entities`, `not_a_feed`, `broken_feed`.
    """
    body = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not body.strip(b"\0 \t\r\n"):
        raise FeedError("empty_feed")
    if body[:1] == b"{":
        return _read_json(body, url)
    if _is_page(body):
        raise FeedError("web_page", feed=_named_feed(body, url))
    if _declares_entities(body):
        raise FeedError("feed_entities")
    try:
        return _read_strictly(body, url, content_type or "")
    except NoFeed as error:
        if str(error) == "html":
            raise FeedError("web_page", feed=_named_feed(body, url)) from error
        raise FeedError("not_a_feed", root=str(error)) from error
    except NotStrict as error:
        if len(body) > MAX_LENIENT or _MONSTROUS_TAG.search(body):
            raise FeedError("broken_feed", reason=str(error)) from error
        return read_leniently(body, url, content_type or "")


def _declares_entities(body: bytes) -> bool:
    plain = body.replace(b"\0", b"") if b"\0" in body[:_HEAD] else body  # also in UTF-16
    return b"<!ENTITY" in plain and _OWN_DOCTYPE.search(plain) is not None


def _is_page(body: bytes) -> bool:
    head = body[:_HEAD].replace(b"\0", b"").lower()
    is_feed = re.search(rb"<(?:rss|feed|rdf:rdf|channel)[\s>]", head)
    return not is_feed and re.search(rb"<!doctype html|<html[\s>]", head) is not None


def _named_feed(body: bytes, url: str) -> str:
    from selectolax.lexbor import LexborHTMLParser

    links = LexborHTMLParser(body).css("link[rel~=alternate][type][href]")
    feeds = [link.attributes for link in links if (link.attributes.get("type") or "").strip().lower() in _FEED_TYPES]
    # Blogs name the feed of their comments too.
    feeds.sort(key=lambda link: "comment" in f"{link.get('title')} {link.get('href')}".lower())
    return next(filter(None, (absolute(url, link.get("href") or "") for link in feeds)), "")


def _read_strictly(body: bytes, url: str, content_type: str) -> Feed:
    charset = true_charset(body, content_type)
    try:
        return read_xml(body, url=url, charset=charset)
    except NotStrict:
        if not charset:
            raise
        return read_xml(body, url=url)  # the declaration was right after all


# JSON Feed


def _read_json(body: bytes, url: str) -> Feed:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FeedError("broken_feed", reason=str(error)[:200]) from error
    if "jsonfeed.org" not in str(document.get("version")) or not isinstance(document.get("items"), list):
        raise FeedError("not_a_feed", root="JSON")
    items = [item for item in document["items"][:MAX_ENTRIES] if isinstance(item, dict)]
    return Feed(
        title=one_line(_string(document, "title"), is_html=False),
        site_url=absolute(url, _string(document, "home_page_url")),
        entries=tuple(_json_entry(item, document, url) for item in items),
        language=_string(document, "language"),
    )


def _json_entry(item: dict[str, Any], document: dict[str, Any], url: str) -> FeedEntry:
    moment = parse_date(_string(item, "date_published", "date_modified"))
    html = _string(item, "content_html") or escape(_string(item, "content_text", "summary"), quote=False)
    tags = item.get("tags")
    return FeedEntry(
        id=_string(item, "id"),
        title=one_line(_string(item, "title"), is_html=False),
        link=absolute(url, _string(item, "url", "external_url")),
        published=moment.at if moment else None,
        published_is_day=moment is not None and moment.is_day,
        authors=_json_authors(item) or _json_authors(document),
        categories=_unique(str(tag) for tag in (tags if isinstance(tags, list) else ())),
        html=html,
        image_url=absolute(url, _string(item, "image", "banner_image")),
    )


def _json_authors(holder: dict[str, Any]) -> tuple[str, ...]:
    authors = holder.get("authors") if isinstance(holder.get("authors"), list) else [holder.get("author")]
    return _unique(_string(author, "name") for author in authors or () if isinstance(author, dict))


def _string(holder: dict[str, Any], *names: str) -> str:
    found = (holder.get(name) for name in names)
    return next((str(value).strip() for value in found if isinstance(value, str | int) and str(value).strip()), "")


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


# By feedparser


def read_leniently(body: bytes, url: str, content_type: str = "") -> Feed:
    """Reads a feed with feedparser, which mends what it can. Raises FeedError `not_a_feed` or `broken_feed`."""
    import feedparser

    headers = {"content-type": content_type or "application/xml", "content-location": url}
    try:
        parsed = feedparser.parse(body, response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # feedparser documents no error and raises any on broken input
        raise FeedError("broken_feed", reason=f"{type(error).__name__}: {error}"[:200]) from error
    if not parsed.get("version") and not parsed.get("entries"):
        raise FeedError("not_a_feed", root="")
    is_empty = not any(map(_says_something, parsed.entries)) if parsed.entries else not parsed.feed
    if parsed.bozo and is_empty:
        raise FeedError("broken_feed", reason=str(parsed.get("bozo_exception", ""))[:200])  # nothing could be mended
    return Feed(
        title=one_line(parsed.feed.get("title", "")),
        site_url=absolute(url, parsed.feed.get("link", "")),
        entries=tuple(_lenient_entry(entry, url) for entry in parsed.entries[:MAX_ENTRIES]),
        language=parsed.feed.get("language", ""),
    )


def _says_something(entry: Any) -> bool:
    return any(entry.get(name) for name in ("link", "title", "id", "summary", "content"))


def _lenient_entry(entry: Any, url: str) -> FeedEntry:
    moment = _lenient_moment(entry)
    # feedparser counts captions of pictures as content too; the body is the longest.
    html = max((content.get("value") or "" for content in entry.get("content", ())), key=len, default="")
    html = html or entry.get("summary", "")
    named = [author.get("name", "") for author in entry.get("authors", ()) if author]
    media = [*entry.get("media_content", ()), *entry.get("enclosures", ())]
    images = [m for m in media if m.get("medium") == "image" or (m.get("type") or "").startswith("image/")]
    return FeedEntry(
        id=entry.get("id", ""),
        title=one_line(entry.get("title", "")),
        link=absolute(url, entry.get("link", "")),
        published=moment.at if moment else None,
        published_is_day=moment is not None and moment.is_day,
        authors=_unique(named) or _unique([entry.get("author", "")]),
        categories=_unique(tag.get("term") or "" for tag in entry.get("tags", ())),
        html=html,
        image_url=next((absolute(url, m.get("url") or m.get("href") or "") for m in images), ""),
    )


def _lenient_moment(entry: Any) -> Moment | None:
    # Not `published_parsed`: what feedparser makes of unknown forms is sometimes another month.
    # And dict's own `get`: feedparser's takes one date for another, with a warning.
    texts = (dict.get(entry, name) or "" for name in ("published", "created", "updated"))
    return next(filter(None, map(parse_date, texts)), None)
