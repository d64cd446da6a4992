"""An article's page: its text by trafilatura, what describes it from JSON-LD, then meta tags, then the page itself.

Runs in worker processes. A page without a title or without text is no article.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from htmldate import find_date
from selectolax.lexbor import LexborHTMLParser
from trafilatura import extract
from w3lib.encoding import html_to_unicode

from bot.errors import PageError
from bot.model import Page
from bot.rules.dates import Moment, parse_date
from bot.rules.markup import one_line
from bot.rules.urls import absolute

LEAST_TEXT = 40  # characters; less is a caption or a notice about cookies
MAX_TAGS = 20
_DEPTH = 12  # of JSON-LD that we follow

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|SocialMediaPosting)$")
_ELSEWHERE = frozenset("hasPart isPartOf itemListElement relatedLink mentions comment liveBlogUpdate".split())
_DATE_NAMES = (
    *("article:published_time", "og:published_time", "datepublished", "article:published", "parsely-pub-date"),
    *(
        "sailthru.date",
        "pubdate",
        "publishdate",
        "publish-date",
        "dc.date.issued",
        "dcterms.created",
        "dc.date",
        "date",
    ),
    "cxenseparse:recs:publishtime",
)
_AUTHOR_NAMES = (
    "author",
    "article:author",
    "parsely-author",
    "byl",
    "dc.creator",
    "sailthru.author",
    "dcterms.creator",
)
_DATE_ELEMENTS = "time[datetime][pubdate], article time[datetime], [itemprop=datePublished], time[datetime]"
_TITLE_TAILS = re.compile(r"\s+[|–—•·»:-]{1,2}\s+")


def extract_page(html: bytes, *, url: str) -> Page:
    """Reads an article's page.

    Args:
        html: the document as it came, decompressed; its encoding is found in it.
        url: its address.

    Returns:
        The page: text with a blank line between paragraphs, an instant in UTC (or a day, where the page gives only
        that), absolute addresses.

    Raises:
        PageError: `no_article`.
    """
    document = _decoded(html)
    described = _Description(document, url)
    text = _body(document, url, described)
    if not described.title or len(text) < LEAST_TEXT:
        raise PageError("no_article", url=url[:200])
    moment = described.moment or _day_in_page(document)
    return Page(
        title=described.title,
        text=text,
        authors=described.authors,
        published=moment.at if moment else None,
        published_is_day=moment is not None and moment.is_day,
        canonical_url=described.canonical_url,
        site_name=described.site_name,
        image_url=described.image_url,
        language=described.language,
        tags=described.tags,
    )


class _Description:
    """What a page says about its article."""

    def __init__(self, document: str, url: str) -> None:
        self._tree = LexborHTMLParser(document)
        self._url = url
        self._meta = _meta(self._tree)
        stated = list(_stated_articles(self._tree))
        self._article = max(stated, key=_completeness, default={})
        self.stated_body = next(filter(None, (_text(article.get("articleBody")) for article in stated)), "")
        self.site_name = one_line(self._meta.get("og:site_name", ""))
        self.title = self._title()

    def _title(self) -> str:
        """The headline that is on the page, where another source agrees with it."""
        stated = one_line(_text(self._article.get("headline")))
        social = self._without_site(one_line(self._meta.get("og:title") or self._meta.get("twitter:title") or ""))
        tags = [self._without_site(one_line(tag.text())) for tag in self._tree.css("head > title")]
        known = [title for title in (stated, social, *tags) if title]
        shown = [
            line for line in (one_line(tag.text(separator=" "), is_html=False) for tag in self._tree.css("h1")) if line
        ]
        agreed = (title for line in shown for title in known if _letters(line) == _letters(title))
        begun = (line for line in shown if any(_begins(line, title) for title in known))
        return next(agreed, "") or next(begun, "") or next(iter([*known, *shown]), "")

    def _without_site(self, title: str) -> str:
        tails = list(_TITLE_TAILS.finditer(title))
        if tails and self.site_name and _letters(title[tails[-1].end() :]) == _letters(self.site_name):
            return title[: tails[-1].start()]
        return title

    @property
    def moment(self) -> Moment | None:
        elements = (
            tag.attributes.get("datetime") or tag.attributes.get("content") for tag in self._css(_DATE_ELEMENTS)
        )
        texts = [_text(self._article.get("datePublished")), *(self._meta.get(name, "") for name in _DATE_NAMES)]
        texts += [_text(self._article.get("dateCreated")), *(text or "" for text in elements)]
        return next(filter(None, map(parse_date, texts)), None)

    @property
    def authors(self) -> tuple[str, ...]:
        stated = list(_names(self._article.get("author"))) or list(_names(self._article.get("creator")))
        metas = [self._meta.get(name, "") for name in _AUTHOR_NAMES]
        return _unique(stated) or _unique(next(([name] for name in metas if name and not name.startswith("http")), []))

    @property
    def canonical_url(self) -> str:
        links = [link.attributes.get("href") or "" for link in self._css("link[rel=canonical]")]
        return next(filter(None, (absolute(self._url, link) for link in [*links, self._meta.get("og:url", "")])), "")

    @property
    def image_url(self) -> str:
        return absolute(self._url, self._meta.get("og:image") or self._meta.get("twitter:image") or "")

    @property
    def language(self) -> str:
        return next((tag.attributes.get("lang") or "" for tag in self._css("html")), "").lower()[:2]

    @property
    def tags(self) -> tuple[str, ...]:
        stated = self._article.get("keywords") or self._meta.get("news_keywords") or self._meta.get("keywords") or ""
        words = stated if isinstance(stated, list) else re.split(r"[,;，、；]", str(stated))
        return _unique(map(_text, words))[:MAX_TAGS]

    def _css(self, selector: str) -> Iterator[Any]:
        yield from self._tree.css(selector)


def _decoded(html: bytes) -> str:
    try:
        return html.decode()  # what is valid UTF-8 is nothing else, whatever the page claims
    except UnicodeDecodeError:
        return str(html_to_unicode(None, html)[1])


def _body(document: str, url: str, described: _Description) -> str:
    found = extract(document, url=url, fast=True, include_comments=False, include_tables=False) or ""
    if not found or found.split() == described.stated_body.split():
        found = described.stated_body  # trafilatura takes it too, but loses its paragraphs
    lines = [" ".join(line.split()) for line in found.splitlines()]
    lines = [line for line in lines if line]
    if lines and lines[0] == described.title:
        del lines[0]
    return "\n\n".join(lines)


def _day_in_page(document: str) -> Moment | None:
    return parse_date(find_date(document, original_date=True) or "")


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in tree.css("meta[content]"):
        of = tag.attributes
        name = (of.get("property") or of.get("name") or of.get("itemprop") or "").strip().lower()
        found.setdefault(name, (of.get("content") or "").strip())
    return {name: content for name, content in found.items() if name and content}


def _stated_articles(tree: LexborHTMLParser) -> Iterator[dict[str, Any]]:
    for tag in tree.css('script[type*="ld+json"]'):
        source = re.sub(r"/\*.*?\*/|<!--|-->|<!\[CDATA\[|\]\]>", " ", tag.text(), flags=re.DOTALL)
        try:
            yield from _articles_in(json.loads(source.strip().rstrip(";"), strict=False), _DEPTH)
        except (ValueError, RecursionError):
            continue  # the page says it once more in its meta tags


def _articles_in(node: Any, depth: int) -> Iterator[dict[str, Any]]:
    if not depth:
        return
    if isinstance(node, list):
        for item in node[:50]:
            yield from _articles_in(item, depth - 1)
    elif isinstance(node, dict):
        kinds = node.get("@type")
        if any(
            _ARTICLE.search(kind) for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)
        ):
            yield node
        for name, value in node.items():
            if name not in _ELSEWHERE:
                yield from _articles_in(value, depth - 1)


def _completeness(article: dict[str, Any]) -> int:
    return 2 * bool(article.get("datePublished")) + bool(article.get("headline")) + bool(article.get("author"))


def _names(author: Any) -> Iterator[str]:
    if isinstance(author, str) and not author.startswith("http"):
        yield one_line(author)
    elif isinstance(author, dict):
        yield from _names(author.get("name"))
    elif isinstance(author, list):
        for one in author:
            yield from _names(one)


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = next(iter(value), "")
    if isinstance(value, dict):
        value = value.get("@value", "")
    return value.strip() if isinstance(value, str) else ""


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _begins(line: str, title: str) -> bool:
    """Whether the title is the line and something behind it: the site's or the section's name."""
    return len(_letters(line)) > 15 and _letters(title).startswith(_letters(line))
