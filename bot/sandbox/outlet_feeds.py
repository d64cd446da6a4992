"""Feeds of the demo's outlets: RSS 2.0 (with content, dc and atom modules) and Atom (RFC 4287), as bytes."""

from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from html import escape
from xml.etree import ElementTree as Tree

from bot.sandbox.newsroom import Outlet, Published

ATOM = "http://www.w3.org/2005/Atom"
CONTENT = "http://purl.org/rss/1.0/modules/content/"
DC = "http://purl.org/dc/elements/1.1/"
XML = "http://www.w3.org/XML/1998/namespace"


def rss(outlet: Outlet, articles: Sequence[Published], base_url: str) -> bytes:
    """An RSS 2.0 document of the articles, in the order given; links start with `base_url`."""
    Tree.register_namespace("atom", ATOM)
    Tree.register_namespace("content", CONTENT)
    Tree.register_namespace("dc", DC)
    root = Tree.Element("rss", version="2.0")
    channel = Tree.SubElement(root, "channel")
    home = f"{base_url}/outlets/{outlet.slug}/"
    _add(channel, "title", outlet.title)
    _add(channel, "link", home)
    _add(channel, "description", outlet.description)
    _add(channel, "language", outlet.locale)
    if articles:
        _add(channel, "lastBuildDate", format_datetime(articles[0].at))
    Tree.SubElement(channel, f"{{{ATOM}}}link", href=f"{home}feed.xml", rel="self", type="application/rss+xml")
    for article in articles:
        item = Tree.SubElement(channel, "item")
        _add(item, "title", article.title)
        _add(item, "link", base_url + article.path)
        guid = Tree.SubElement(item, "guid", isPermaLink="false")
        guid.text = _id(article)
        _add(item, "pubDate", format_datetime(article.at))
        for author in article.authors:
            _add(item, f"{{{DC}}}creator", author)
        for category in _categories(article):
            _add(item, "category", category)
        _add(item, "description", article.summary)
        if outlet.full_text:
            _add(item, f"{{{CONTENT}}}encoded", _html(article))
    return _bytes(root)


def atom(outlet: Outlet, articles: Sequence[Published], base_url: str) -> bytes:
    """An Atom document of the articles, in the order given; links start with `base_url`."""
    # ElementTree names its namespaces for the whole process, and Atom is the default one here only.
    root = Tree.Element("feed", {"xmlns": ATOM, f"{{{XML}}}lang": outlet.locale})
    home = f"{base_url}/outlets/{outlet.slug}/"
    _add(root, "id", f"urn:sample:{outlet.slug}")
    _add(root, "title", outlet.title)
    _add(root, "subtitle", outlet.description)
    _add(root, "updated", _rfc3339(articles[0].at) if articles else "1970-01-01T00:00:00Z")
    Tree.SubElement(root, "link", rel="alternate", type="text/html", href=home)
    Tree.SubElement(root, "link", rel="self", type="application/atom+xml", href=f"{home}feed.xml")
    _add(Tree.SubElement(root, "author"), "name", outlet.title)
    for article in articles:
        entry = Tree.SubElement(root, "entry")
        _add(entry, "id", _id(article))
        _add(entry, "title", article.title)
        Tree.SubElement(entry, "link", rel="alternate", type="text/html", href=base_url + article.path)
        _add(entry, "published", _rfc3339(article.at))
        _add(entry, "updated", _rfc3339(article.at))
        for author in article.authors:
            _add(Tree.SubElement(entry, "author"), "name", author)
        for category in _categories(article):
            Tree.SubElement(entry, "category", term=category)
        _add(entry, "summary", article.summary)
        if outlet.full_text:
            content = Tree.SubElement(entry, "content", type="html")
            content.text = _html(article)
    return _bytes(root)


def _add(parent: Tree.Element, tag: str, text: str) -> None:
    Tree.SubElement(parent, tag).text = text


def _id(article: Published) -> str:
    return f"urn:sample:{article.outlet.slug}:{article.slug}"


def _categories(article: Published) -> tuple[str, ...]:
    """The section first, then the tags, none twice."""
    return tuple(dict.fromkeys((article.section, *article.tags)))


def _html(article: Published) -> str:
    return "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in article.paragraphs)


def _rfc3339(at: datetime) -> str:
    return at.isoformat()


def _bytes(root: Tree.Element) -> bytes:
    document: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
