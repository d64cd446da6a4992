"""The strict reader of RSS (0.9 to 2.0, RDF) and Atom (0.3, 1.0): well-formed XML only, no guessing.

What it is not sure of raises NotStrict, and `bot.rules.feeds` asks feedparser: reading on after an XML error loses text
without a word. Entities are never expanded.
"""

import re
from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Iterable
from html import escape

from lxml import etree

from bot.model import Feed, FeedEntry
from bot.rules.dates import Moment, parse_date
from bot.rules.markup import one_line
from bot.rules.urls import absolute

MAX_ENTRIES = 2_000

_PREFIXES = {  # namespaces in lower case, without scheme and closing slash or hash, as feeds write them carelessly
    "www.w3.org/2005/atom": "atom",
    "purl.org/atom/ns": "atom",
    "purl.org/dc/elements/1.1": "dc",
    "purl.org/dc/elements/1.0": "dc",
    "purl.org/dc/terms": "dc",
    "purl.org/rss/1.0/modules/content": "content",
    "search.yahoo.com/mrss": "media",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "www.w3.org/1999/xhtml": "xhtml",
    "www.w3.org/1999/02/22-rdf-syntax-ns": "",
    "purl.org/rss/1.0": "",
    "my.netscape.com/rdf/simple/0.9": "",
    "channel.netscape.com/rdf/simple/0.9": "",
    "backend.userland.com/rss": "",
    "backend.userland.com/rss2": "",
    "backend.userland.com/rss091": "",
    "purl.org/net/rss1.1": "",
    "blogs.law.harvard.edu/tech/rss": "",
}
_MEANINGS = {  # several elements that say the same
    **dict.fromkeys(("pubdate", "dc:date", "dc:issued", "dc:created", "date"), "published"),
    **dict.fromkeys(("atom:published", "atom:issued", "atom:created"), "published"),
    **dict.fromkeys(("atom:updated", "atom:modified", "dc:modified", "lastmod"), "updated"),
    **dict.fromkeys(("dc:creator", "author"), "author"),
    **dict.fromkeys(("dc:subject", "category"), "category"),
    **dict.fromkeys(("content:encoded", "xhtml:body", "body", "fullitem"), "content"),
    **dict.fromkeys(("description", "dc:description"), "description"),
    **dict.fromkeys(("guid", "atom:id"), "id"),
}
_BODIES = ("content", "atom:content", "description", "atom:summary", "itunes:summary", "media:description")
_ROOTS = ("{*}rss", "{*}feed", "{*}RDF")
_PIECE = 4_000_000  # bytes that are read at a time
_NONE: list[etree._Element] = []
_RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HTML_TYPES = ("html", "text/html")
_TEXT_TYPES = ("text", "text/plain", "escaped")
_XML_TYPE = re.compile(r"xhtml|.*[+/]xml")
_NAMESPACE_DECLARATION = re.compile(r' xmlns(?::\w+)?="[^"]*"')
# Entities of a document type that we don't load would be lost; the five of XML itself are no trouble.
_NAMED_ENTITY = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos);)[A-Za-z]")
_MAILED = re.compile(r"\S+@\S+\s*\((?P<behind>.+)\)|(?P<before>.+?)\s*[(<](?:mailto:)?\S+@\S+[)>]")


class NotStrict(Exception):
    """The body needs a forgiving reader."""


class NoFeed(Exception):
    """Well-formed XML, but no feed; the argument is the name of its root element."""


def read_xml(body: bytes, *, url: str, charset: str = "") -> Feed:
    """Reads a feed.

    Args:
        body: the document.
        url: its address, against which links are resolved where it names no other base.
        charset: the encoding, where it is not the one that the document declares.

    Raises:
        NotStrict, NoFeed.
    """
    if b"<!DOCTYPE" in body and _NAMED_ENTITY.search(body):
        raise NotStrict("doctype")
    try:
        root = _root(body, url, charset)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise NotStrict(str(error)[:200]) from error
    kind = etree.QName(root).localname.lower()
    if kind not in ("feed", "entry", "rss", "rdf", "channel"):
        raise NoFeed(kind)
    reader = _Reader(root, url, has_bases=b"xml:base" in body)
    return reader.atom() if kind in ("feed", "entry") else reader.rss()


def _root(body: bytes, url: str, charset: str) -> etree._Element:
    parser = etree.XMLPullParser(
        events=("start",),
        tag=_ROOTS,
        base_url=url,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=True,  # a text may be longer than 10 MB; entities, its danger, are never expanded
        recover=False,
        remove_comments=True,
        remove_pis=True,
        encoding=charset or None,
    )
    entries, root = 0, None
    for start in range(0, len(body), _PIECE):
        piece = body[start : start + _PIECE]
        parser.feed(piece)
        entries += piece.count(b"</item>") + piece.count(b"</entry>")
        root = root if start else next((element for _, element in parser.read_events()), None)
        if entries > MAX_ENTRIES and isinstance(root, etree._Element) and len(body) > _PIECE:
            return root  # what follows would be read only to be left out, and takes ten times its size of memory
    return parser.close()


class _Children:
    """The child elements of one element, by what they mean: `_MEANINGS`, else the prefixed name in lower case.

    RSS names have no prefix.
    """

    __slots__ = ("_by_name",)

    def __init__(self, element: etree._Element, names: "_Names") -> None:
        self._by_name: dict[str, list[etree._Element]] = {}
        for child in element:
            self._by_name.setdefault(names[child.tag], []).append(child)

    def all(self, name: str) -> list[etree._Element]:
        return self._by_name.get(name, _NONE)

    def text(self, *names: str) -> str:
        """The first text that is not empty."""
        return next((text for name in names for element in self.all(name) if (text := _text(element))), "")


class _Names(dict[object, str]):
    """Prefixed names of a document's tags, each made once. Whatever an Atom root's namespace is, it is Atom's."""

    def __init__(self, root: etree._Element) -> None:
        name = etree.QName(root)
        self._atom = (name.namespace or "") if name.localname.lower() in ("feed", "entry") else None

    def __missing__(self, tag: object) -> str:
        namespace, _, local = str(tag).rpartition("}")
        namespace = namespace[1:]
        prefix = "" if not namespace else _PREFIXES.get(re.sub("^https?://|[/#]*$", "", namespace.lower()), "?")
        if namespace == self._atom:
            prefix = "atom"
        name = f"{prefix}:{local.lower()}" if prefix else local.lower()
        self[tag] = _MEANINGS.get(name, name)
        return self[tag]


class _Reader:
    """One document."""

    def __init__(self, root: etree._Element, url: str, *, has_bases: bool) -> None:
        self._root = root
        self._url = url
        self._has_bases = has_bases
        self._names = _Names(root)

    def atom(self) -> Feed:
        head = self._children(self._root)
        is_entry = self._names[self._root.tag] == "atom:entry"
        entries = [self._root] if is_entry else list(head.all("atom:entry"))
        authors = self._people(head.all("atom:author"))
        return Feed(
            title="" if is_entry else self._atom_title(head),
            site_url="" if is_entry else self._atom_link(head),
            entries=tuple(self._atom_entry(entry, authors) for entry in entries[:MAX_ENTRIES]),
            language=self._root.get(_XML_LANG, "") or head.text("dc:language"),
        )

    def rss(self) -> Feed:
        channel, items = self._root, []
        for element in self._root.iter(etree.Element):
            name = self._names[element.tag]
            if name == "item":
                items.append(element)
            elif name == "channel" and channel is self._root:
                channel = element
        head = self._children(channel)
        return Feed(
            title=one_line(head.text("title", "dc:title")),
            site_url=self._rss_link(channel, head),
            entries=tuple(self._rss_entry(item) for item in items[:MAX_ENTRIES]),
            language=head.text("language", "dc:language"),
        )

    def _children(self, element: etree._Element) -> _Children:
        return _Children(element, self._names)

    def _atom_entry(self, element: etree._Element, feed_authors: tuple[str, ...]) -> FeedEntry:
        parts = self._children(element)
        moment = _moment(parts)
        terms = [category.get("term") or category.get("label") or "" for category in parts.all("atom:category")]
        authors = self._people(parts.all("atom:author")) or _texts(parts.all("author"))
        return FeedEntry(
            id=parts.text("id"),
            title=self._atom_title(parts),
            link=self._atom_link(parts),
            published=moment.at if moment else None,
            published_is_day=moment is not None and moment.is_day,
            authors=authors or self._people_of_source(parts) or feed_authors,
            categories=_unique([*terms, *map(_text, parts.all("category"))]),
            html=next(filter(None, map(self._atom_html, [*parts.all("atom:content"), *parts.all("atom:summary")])), ""),
            image_url=self._image(parts),
        )

    def _rss_entry(self, element: etree._Element) -> FeedEntry:
        parts = self._children(element)
        moment = _moment(parts)
        authors = _unique(_name_of_author(_text(author)) for author in parts.all("author"))
        authors = authors or self._people(parts.all("atom:author")) or _texts(parts.all("itunes:author"))
        topics = [category.get("text", "") for category in parts.all("itunes:category")]
        return FeedEntry(
            id=parts.text("id") or element.get(_RDF_ABOUT, ""),
            title=one_line(parts.text("title", "dc:title", "media:title")),
            link=self._rss_link(element, parts),
            published=moment.at if moment else None,
            published_is_day=moment is not None and moment.is_day,
            authors=authors,
            categories=_unique([*map(_text, parts.all("category")), *topics]),
            html=self._rss_body(parts),
            image_url=self._image(parts),
        )

    def _rss_body(self, parts: _Children) -> str:
        for name in _BODIES:
            for element in parts.all(name):
                if html := self._atom_html(element) if name.startswith("atom:") else _markup(element):
                    return html
        return ""

    def _atom_html(self, element: etree._Element) -> str:
        kind = (element.get("type") or "text").lower()
        mode = element.get("mode", "").lower()
        if len(element) or _XML_TYPE.fullmatch(kind) or (mode == "xml" and kind not in _TEXT_TYPES):
            [*only] = element
            is_wrapped = len(only) == 1 and self._names[only[0].tag].endswith(":div")
            return _markup(only[0] if is_wrapped else element, is_escaped=False)
        text = (element.text or "").strip()
        if mode == "base64" or ("/" in kind and not kind.startswith("text/")):
            return _decoded(text)
        return text if kind in _HTML_TYPES or mode == "escaped" else escape(text, quote=False)

    def _atom_title(self, parts: _Children) -> str:
        for title in (*parts.all("atom:title"), *parts.all("dc:title"), *parts.all("media:title")):
            if html := self._atom_html(title):
                return one_line(html)
        return ""

    def _atom_link(self, parts: _Children) -> str:
        shown = (link for link in parts.all("atom:link") if link.get("rel", "alternate") == "alternate")
        return next(filter(None, (self._absolute(link, link.get("href", "")) for link in shown)), "")

    def _rss_link(self, element: etree._Element, parts: _Children) -> str:
        for at in parts.all("link"):
            if link := self._absolute(at, _text(at)):
                return link
        return self._atom_link(parts) or self._permalink(parts) or self._absolute(element, element.get("HREF", ""))

    def _permalink(self, parts: _Children) -> str:
        # A guid is the article's address unless it says that it isn't.
        guids = [guid for guid in parts.all("id") if guid.get("isPermaLink", "true").lower() == "true"]
        return next((self._absolute(at, text) for at in guids if (text := _text(at)).startswith("http")), "")

    def _absolute(self, element: etree._Element, link: str) -> str:
        if not link.strip():
            return ""
        return absolute((element.base or self._url) if self._has_bases else self._url, link)

    def _people(self, elements: Iterable[etree._Element]) -> tuple[str, ...]:
        return _unique(self._children(element).text("atom:name", "name", "atom:email") for element in elements)

    def _people_of_source(self, parts: _Children) -> tuple[str, ...]:
        return _unique(
            name
            for source in parts.all("atom:source")
            for name in self._people(self._children(source).all("atom:author"))
        )

    def _image(self, parts: _Children) -> str:
        for children in (*map(self._children, parts.all("media:group")), parts):
            for item in (*children.all("media:content"), *children.all("enclosure"), *children.all("atom:link")):
                address = item.get("url") or (item.get("href") if item.get("rel") == "enclosure" else "")
                if address and (item.get("medium") == "image" or (item.get("type") or "").startswith("image/")):
                    return self._absolute(item, address)
            for item in (*children.all("media:thumbnail"), *children.all("itunes:image")):
                return self._absolute(item, item.get("url") or item.get("href") or "")
        return ""


def _text(element: etree._Element) -> str:
    if len(element) == 0:
        return (element.text or "").strip()
    return "".join(map(str, element.itertext())).strip()


def _texts(elements: Iterable[etree._Element]) -> tuple[str, ...]:
    return _unique(map(_text, elements))


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (text.strip() for text in texts))))


def _markup(element: etree._Element, *, is_escaped: bool = True) -> str:
    """The element's HTML, whether it was escaped (the rule in RSS) or stands there as elements."""
    if is_escaped and len(element) == 0:
        return (element.text or "").strip()
    inner = escape(element.text or "", quote=False)
    inner += "".join(etree.tostring(child, encoding="unicode") for child in element)
    return _NAMESPACE_DECLARATION.sub("", inner).strip()


def _decoded(text: str) -> str:
    try:
        return a2b_base64(text, strict_mode=False).decode().strip()
    except (Base64Error, ValueError):
        return ""  # a picture or a sound, nothing to read


def _moment(parts: _Children) -> Moment | None:
    for element in (*parts.all("published"), *parts.all("updated")):
        if moment := parse_date(_text(element)):
            return moment
    return None


def _name_of_author(text: str) -> str:
    """RSS writes `mail@host (Name)` or `Name (mail@host)`; the name is who wrote it."""
    if "@" not in text:
        return text
    match = _MAILED.fullmatch(text)
    return (match["behind"] or match["before"]) if match else text
