"""The strict reader of RSS (0.9 to 2.0, RDF) and Atom (0.3, 1.0): well-formed XML only, no guessing.

What it is not sure of raises NotStrict, and `bot.rules.feeds` asks feedparser: reading on after an XML error loses text
without a word. Entities are never expanded.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import escape

from lxml import etree

from bot.model import Feed, FeedEntry
from bot.rules.dates import Moment, parse_date
from bot.rules.markup import html_to_text, one_line
from bot.rules.urls import absolute

MAX_ENTRIES = 1_000

_PREFIXES = {
    "http://www.w3.org/2005/Atom": "atom",
    "http://purl.org/atom/ns#": "atom",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/elements/1.0/": "dc",
    "http://purl.org/dc/terms/": "dc",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
}
_RSS = frozenset(
    """
    http://purl.org/rss/1.0/ http://my.netscape.com/rdf/simple/0.9/ http://channel.netscape.com/rdf/simple/0.9/
    http://backend.userland.com/rss2 http://backend.userland.com/RSS2 http://purl.org/net/rss1.1#
    http://blogs.law.harvard.edu/tech/rss
    """.split()
)
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HTML_TYPES = ("html", "text/html")
_XHTML_TYPES = ("xhtml", "application/xhtml+xml")
_NAMESPACE_DECLARATION = re.compile(r' xmlns(?::\w+)?="[^"]*"')


class NotStrict(Exception):
    """The body needs a forgiving reader."""


class NoFeed(Exception):
    """Well-formed XML, but no feed; the argument is the name of its root element."""


class _Children:
    """The child elements of one element, by prefixed name in lower case (`dc:creator`; RSS names have no prefix)."""

    def __init__(self, element: etree._Element) -> None:
        self._by_name: dict[str, list[etree._Element]] = defaultdict(list)
        for child in element:
            self._by_name[_name(child)].append(child)

    def all(self, *names: str) -> Iterator[etree._Element]:
        for name in names:
            yield from self._by_name.get(name, ())

    def text(self, *names: str) -> str:
        """The first text that is not empty."""
        return next((text for text in map(_text, self.all(*names)) if text), "")


def read_xml(body: bytes, *, url: str, charset: str = "") -> Feed:
    """Reads a feed. Raises NotStrict or NoFeed."""
    if b"<!DOCTYPE" in body:
        raise NotStrict("doctype")  # its entities would be lost
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=False,
        remove_comments=True,
        remove_pis=True,
        encoding=charset or None,
    )
    try:
        root = etree.fromstring(body, parser, base_url=url)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise NotStrict(str(error)[:200]) from error
    name = _name(root).rpartition(":")[2]
    if name == "feed":
        return _atom(root, url)
    if name in ("rss", "rdf", "channel"):
        return _rss(root, url)
    raise NoFeed(name)


def _atom(root: etree._Element, url: str) -> Feed:
    head = _Children(root)
    authors = _people(head.all("atom:author"))
    entries = [_atom_entry(entry, url, authors) for entry in _first(head.all("atom:entry"))]
    return Feed(
        title=_atom_title(head),
        site_url=_atom_link(head, url),
        entries=tuple(entries),
        language=root.get(_XML_LANG, ""),
    )


def _atom_entry(element: etree._Element, url: str, feed_authors: tuple[str, ...]) -> FeedEntry:
    parts = _Children(element)
    moment = _moment(parts, "published", "issued", "created", "dc:date", "updated", "modified", prefix="atom:")
    html = next(filter(None, map(_atom_html, parts.all("atom:content", "atom:summary"))), "")
    terms = [category.get("term") or category.get("label") or "" for category in parts.all("atom:category")]
    return FeedEntry(
        id=parts.text("atom:id"),
        title=_atom_title(parts),
        link=_atom_link(parts, url),
        published=moment.at if moment else None,
        published_is_day=moment is not None and moment.is_day,
        authors=_people(parts.all("atom:author")) or _texts(parts.all("dc:creator")) or feed_authors,
        categories=_unique([*terms, *_texts(parts.all("dc:subject"))]),
        html=html,
        image_url=_image(element, parts, url),
        text=html_to_text(html),
    )


def _rss(root: etree._Element, url: str) -> Feed:
    channel = next((element for element in root.iter(etree.Element) if _name(element) == "channel"), root)
    head = _Children(channel)
    items = _first(element for element in root.iter(etree.Element) if _name(element) == "item")
    return Feed(
        title=one_line(head.text("title", "dc:title")),
        site_url=_rss_link(head, url),
        entries=tuple(_rss_entry(item, url) for item in items),
        language=head.text("language", "dc:language"),
    )


def _rss_entry(element: etree._Element, url: str) -> FeedEntry:
    parts = _Children(element)
    moment = _moment(parts, "pubdate", "dc:date", "dc:issued", "atom:published", "atom:updated", "dc:modified")
    bodies = [*map(_markup, parts.all("content:encoded")), *map(_atom_html, parts.all("atom:content"))]
    bodies += [*map(_markup, parts.all("description")), *map(_atom_html, parts.all("atom:summary"))]
    html = next(filter(None, bodies), "")
    names = map(_name_of_author, _texts(parts.all("dc:creator", "author")))
    return FeedEntry(
        id=parts.text("guid") or element.get(_RDF_ABOUT, ""),
        title=one_line(parts.text("title", "dc:title", "media:title")),
        link=_rss_link(parts, url),
        published=moment.at if moment else None,
        published_is_day=moment is not None and moment.is_day,
        authors=_unique(names) or _people(parts.all("atom:author")) or _texts(parts.all("itunes:author")),
        categories=_texts(parts.all("category", "dc:subject")),
        html=html,
        image_url=_image(element, parts, url),
        text=html_to_text(html),
    )


def _name(element: etree._Element) -> str:
    namespace, _, local = str(element.tag).rpartition("}")
    namespace = namespace[1:]
    local = local.lower()
    if not namespace or namespace in _RSS or local == "rdf":
        return local
    return f"{_PREFIXES.get(namespace, '?')}:{local}"


def _first(elements: Iterable[etree._Element]) -> list[etree._Element]:
    return [element for _, element in zip(range(MAX_ENTRIES), elements, strict=False)]


def _text(element: etree._Element) -> str:
    return "".join(map(str, element.itertext())).strip()


def _texts(elements: Iterable[etree._Element]) -> tuple[str, ...]:
    return _unique(map(_text, elements))


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _markup(element: etree._Element) -> str:
    """The element's HTML, whether it was escaped (the rule) or stands there as elements."""
    if len(element) == 0:
        return (element.text or "").strip()
    inner = escape(element.text or "") + "".join(etree.tostring(child, encoding="unicode") for child in element)
    return _NAMESPACE_DECLARATION.sub("", inner).strip()


def _atom_html(element: etree._Element) -> str:
    kind = (element.get("type") or "text").lower()
    if element.get("mode", "").lower() == "base64":
        raise NotStrict("base64")
    if kind in _XHTML_TYPES or len(element):
        [*only] = element
        return _markup(only[0] if len(only) == 1 and _name(only[0]).endswith(":div") else element)
    text = (element.text or "").strip()
    return text if kind in _HTML_TYPES else escape(text, quote=False)


def _atom_title(parts: _Children) -> str:
    return one_line(next(filter(None, map(_atom_html, parts.all("atom:title", "dc:title"))), ""))


def _atom_link(parts: _Children, url: str) -> str:
    for link in parts.all("atom:link"):
        if link.get("rel", "alternate") == "alternate" and link.get("href"):
            return absolute(link.base or url, link.get("href", ""))
    return ""


def _rss_link(parts: _Children, url: str) -> str:
    links = [(link.base or url, _text(link)) for link in parts.all("link")]
    # A guid is the article's address unless it says that it isn't.
    guids = [guid for guid in parts.all("guid") if guid.get("isPermaLink", "true").lower() == "true"]
    found = next((resolved for base, link in links if (resolved := absolute(base, link))), "")
    found = found or _atom_link(parts, url)
    return found or next((absolute(url, text) for text in map(_text, guids) if text.startswith("http")), "")


def _moment(parts: _Children, *names: str, prefix: str = "") -> Moment | None:
    texts = map(_text, parts.all(*(name if ":" in name else prefix + name for name in names)))
    return next(filter(None, map(parse_date, texts)), None)


def _people(elements: Iterable[etree._Element]) -> tuple[str, ...]:
    return _unique(_Children(element).text("atom:name") for element in elements)


def _name_of_author(text: str) -> str:
    """RSS writes `mail@host (Name)`; the name is who wrote it."""
    match = re.fullmatch(r"\S+@\S+\s*\((.+)\)", text)
    return match[1] if match else text


def _image(element: etree._Element, parts: _Children, url: str) -> str:
    media = [_Children(group) for group in parts.all("media:group")] + [parts]
    for children in media:
        for item in children.all("media:content", "enclosure", "atom:link"):
            address = item.get("url") or (item.get("href") if item.get("rel") == "enclosure" else "")
            if address and (item.get("medium") == "image" or (item.get("type") or "").startswith("image/")):
                return absolute(item.base or url, address)
        for item in children.all("media:thumbnail", "itunes:image"):
            return absolute(item.base or url, item.get("url") or item.get("href") or "")
    return ""
