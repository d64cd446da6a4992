"""OPML: the lists of feeds that readers exchange (http://opml.org/spec2.opml).

Reading is forgiving, as files in the wild need it: any depth of folders, attribute names in any case, `url` for
`xmlUrl`, bare ampersands, a file that is only a list of addresses. Writing is strict, so that every reader accepts it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree

from bot.errors import BadInput
from bot.rules.urls import is_http_url

MAX_OUTLINES = 5_000
_BARE_AMPERSAND = re.compile(rb"&(?!(?:#\d+|#x[0-9a-fA-F]+|\w+);)")
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML has no way to write these


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed of a list; `folder` is the name of the innermost folder that it stands in."""

    url: str
    title: str = ""
    site_url: str = ""
    folder: str = ""


def read_opml(body: bytes) -> list[Outline]:
    """The feeds of a file, each address once, in its order.

    Raises:
        BadInput: `bad_opml` with the `reason`, or `empty_opml` where it lists no feed.
    """
    found = list(_unique(_outlines(body)))
    if not found:
        raise BadInput("empty_opml")
    if len(found) > MAX_OUTLINES:
        raise BadInput("opml_too_long", limit=MAX_OUTLINES, given=len(found))
    return found


def write_opml(feeds: Iterable[Outline], *, title: str, now: datetime) -> bytes:
    """A file that lists the feeds, in UTF-8."""
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = _clean(title)
    ElementTree.SubElement(head, "dateCreated").text = format_datetime(now)
    body = ElementTree.SubElement(root, "body")
    for feed in feeds:
        name = _clean(feed.title or feed.url)
        outline = ElementTree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=_clean(feed.url))
        if feed.site_url:
            outline.set("htmlUrl", _clean(feed.site_url))
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _outlines(body: bytes) -> Iterator[Outline]:
    body = body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not body.startswith((b"<", b"\xff\xfe", b"\xfe\xff")):
        yield from (Outline(address) for address in _ADDRESS.findall(body.decode("utf-8", "replace")))
        return
    if b"<!ENTITY" in body.replace(b"\0", b""):
        raise BadInput("bad_opml", reason="XML entities of its own are not safe to read")
    root = _parse(body)
    folders: list[tuple[ElementTree.Element, str]] = [(root, "")]
    while folders:  # not recursive: a hostile file may be as deep as it is long
        element, folder = folders.pop()
        if element.tag.rpartition("}")[2].lower() == "outline":
            facts = {name.lower(): value.strip() for name, value in element.attrib.items()}
            name = facts.get("title") or facts.get("text") or ""
            url = facts.get("xmlurl") or facts.get("url") or ""
            if url:
                url = re.sub(r"^feed:(?://)?(?=https?:)|^feed:(?=//)", "", url)
                yield Outline(f"https:{url}" if url.startswith("//") else url, name, facts.get("htmlurl", ""), folder)
            folder = folder if url else name
        folders.extend((child, folder) for child in reversed(element))


def _parse(body: bytes) -> ElementTree.Element:
    # Without entities of its own there is nothing that could grow; the rest is bounded by the file's size.
    try:
        return ElementTree.fromstring(body)  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError):
        body = _BARE_AMPERSAND.sub(b"&amp;", body)
    try:
        return ElementTree.fromstring(body)  # noqa: S314
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise BadInput("bad_opml", reason=str(error)[:200]) from error


def _unique(outlines: Iterable[Outline]) -> Iterator[Outline]:
    seen: set[str] = set()
    for outline in outlines:
        if outline.url not in seen:
            seen.add(outline.url)
            yield outline


def usable(outline: Outline) -> bool:
    """Whether it leads to the web; lists hold `file:` and script addresses, too."""
    return is_http_url(outline.url)


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("", text)
