"""What a page says about its article: JSON-LD, then meta tags, then the page itself.

- title: the headline that stands on the page, where another statement agrees with it. A page that has one headline for
  search engines (its `<title>`) and one for people has the latter in `og:title`, or in JSON-LD.
- published: the first date that is stated; where that is a day alone, an instant of that day that is stated elsewhere.
- authors: each on its own, though a page may state them in one string.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from bot.rules.dates import Moment, parse_date
from bot.rules.markup import one_line
from bot.rules.urls import absolute

MAX_TAGS = 20
_DEPTH = 12  # of JSON-LD that we follow
_MAX_NAME = 80  # characters of an author's name as a page shows it

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|SocialMediaPosting)$")
_ELSEWHERE = frozenset("hasPart isPartOf itemListElement relatedLink mentions comment liveBlogUpdate".split())
_DATE_NAMES = """
    article:published_time og:published_time datepublished article:published parsely-pub-date sailthru.date pubdate
    publishdate publish-date dc.date.issued dcterms.created dc.date date cxenseparse:recs:publishtime
    """.split()
_AUTHOR_NAMES = "author article:author parsely-author byl dc.creator sailthru.author dcterms.creator".split()
_DATE_ELEMENTS = "time[datetime][pubdate], article time[datetime], [itemprop=datePublished], time[datetime]"
_AUTHOR_ELEMENTS = (
    "[itemprop=author] [itemprop=name]",
    "[itemprop=author]",
    "a[rel=author]",
    ".author-name",
    ".byline",
)
_TITLE_TAILS = re.compile(r"\s+[|–—•·»:-]{1,2}\s+")
# A heading that only search engines or the way back to the front page are for.
_NO_HEADLINE = re.compile(r"breadcrumb|seo-?title|sr-only|visually-?hidden|visibility:\s*hidden|display:\s*none", re.I)
_BY = re.compile(r"^(?:by|von|par|por|di|av|af|door|przez|text|文|作者|记者|記者)\b[\s:：]*", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|und|et|y|og|och|en)\s+|\s*[&;|·/]\s*|\s*[、，]\s*")
_AND_OR_COMMA = re.compile(rf"{_AND.pattern}|,\s*")
_NAME = re.compile(r"[^\W\d_][^\d@/:]*")


class PageMetadata:
    """What a page says about its article. Everything is empty, or None, where it says nothing.

    Args:
        document: the page.
        url: its address, against which others are resolved.
    """

    def __init__(self, document: str, url: str) -> None:
        self._tree = LexborHTMLParser(document)
        self._url = url
        self._meta = _meta(self._tree)
        stated = list(_stated_articles(self._tree))
        self._article = max(stated, key=_completeness, default={})
        self.stated_body = next(filter(None, (_text(article.get("articleBody")) for article in stated)), "")
        self.site_name = one_line(self._said("og:site_name") or _publisher(self._article))
        self.title = self._title()

    def _title(self) -> str:
        of_data = one_line(_text(self._article.get("headline")))
        social = self._without_site(one_line(self._said("og:title") or self._said("twitter:title") or ""))
        of_page = next(map(self._without_site, map(one_line, self._texts("head > title"))), "")
        shown = [line for tag in self._tree.css("h1") if _is_headline(tag) and (line := _line(tag))]
        stated = [title for title in (of_data, social) if title]
        if social and _same(of_data, of_page) and not _begins(social, of_page):
            stated.reverse()  # the page's data repeat what search engines are told
        elif agreed := next((title for title in stated if any(_same(title, line) for line in shown)), ""):
            return agreed
        elif not _same(of_data, social):
            stated.sort(key=lambda title: _same(title, of_page))
        best = next(iter(stated), "") or of_page
        begun = (line for line in shown if any(_begins(line, title) for title in (*stated, of_page)))
        agrees = len(stated) == 2 and _same(*stated)
        return next((line for line in begun if not agrees or _begins(line, best)), best) or next(iter(shown), "")

    def _without_site(self, title: str) -> str:
        tails = list(_TITLE_TAILS.finditer(title))
        if tails and self.site_name and _same(title[tails[-1].end() :], self.site_name):
            return title[: tails[-1].start()]
        return title

    @property
    def moment(self) -> Moment | None:
        """When the article was published."""
        elements = (
            tag.attributes.get("datetime") or tag.attributes.get("content") for tag in self._css(_DATE_ELEMENTS)
        )
        texts = [_text(self._article.get("datePublished")), *(self._said(name) for name in _DATE_NAMES)]
        texts += [_text(self._article.get("dateCreated")), *(text or "" for text in elements)]
        moments = list(filter(None, map(parse_date, texts)))
        if not moments or not moments[0].is_day:
            return next(iter(moments), None)
        day = timedelta(days=1)
        same_day = (moment for moment in moments if not moment.is_day and -day < moment.at - moments[0].at < 2 * day)
        return next(same_day, moments[0])

    @property
    def authors(self) -> tuple[str, ...]:
        """Who wrote it."""
        stated = list(_names(self._article.get("author"))) or list(_names(self._article.get("creator")))
        metas = map(self._said, _AUTHOR_NAMES)
        named = stated or [name for name in metas if name and not name.startswith("http")][:1] or self._shown_authors()
        people = [one for name in named for one in _people(name) if "@" not in one]
        return _unique(people)

    def _shown_authors(self) -> list[str]:
        for selector in _AUTHOR_ELEMENTS:
            names = [_BY.sub("", _line(tag)) for tag in self._css(selector)]
            names = [name for name in names if 0 < len(name) <= _MAX_NAME and _NAME.fullmatch(name)]
            if names:
                return names[:5]
        return []

    @property
    def canonical_url(self) -> str:
        """The address that the page wants to be known by, on its own host where it states one there.

        Outlets of one house name the sister whose text it was first; links lead to the outlet that was read, and no
        page speaks for another site.
        """
        links = [link.attributes.get("href") or "" for link in self._css("link[rel=canonical]")]
        found = filter(None, (absolute(self._url, link) for link in [*links, self._said("og:url")]))
        # Careless templates name the site's front page on every page.
        stated = [url for url in found if not _is_front_page(url) or _is_front_page(self._url)]
        own = urlsplit(self._url).hostname
        return next((url for url in stated if urlsplit(url).hostname == own), next(iter(stated), ""))

    @property
    def image_url(self) -> str:
        """A picture that stands for the article."""
        stated = self._article.get("image")
        picture = stated if isinstance(stated, str) else _url_of(stated)
        return absolute(self._url, self._said("og:image") or self._said("twitter:image") or picture)

    @property
    def language(self) -> str:
        """ISO 639-1."""
        stated = [tag.attributes.get("lang") or "" for tag in self._css("html")]
        stated += [_text(self._article.get("inLanguage")), self._said("og:locale")]
        return next(filter(None, stated), "").lower()[:2]

    @property
    def tags(self) -> tuple[str, ...]:
        """Its keywords."""
        stated = self._article.get("keywords") or self._said("news_keywords") or self._said("keywords") or ""
        words = stated if isinstance(stated, list) else re.split(r"[,;，、；]", str(stated))
        return _unique(map(_text, words))[:MAX_TAGS]

    def _said(self, name: str) -> str:
        """The content of a meta tag."""
        return self._meta.get(_squeezed(name), "")

    def _css(self, selector: str) -> Iterator[LexborNode]:
        yield from self._tree.css(selector)

    def _texts(self, selector: str) -> Iterator[str]:
        return (tag.text() for tag in self._css(selector))


def _is_front_page(url: str) -> bool:
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in tree.css("meta[content]"):
        of = tag.attributes
        name = of.get("property") or of.get("name") or of.get("itemprop") or ""
        if content := (of.get("content") or "").strip():
            found.setdefault(_squeezed(name), content)
    return found


def _squeezed(name: str) -> str:
    """`article:published_time` is also written `article:published:time` or `DC.date.issued` as `dc-date-issued`."""
    return re.sub(r"[\s:._-]", "", name).lower()


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
        kinds = kinds if isinstance(kinds, list) else [kinds]
        if any(_ARTICLE.search(kind) for kind in kinds if isinstance(kind, str)):
            yield node
        for name, value in node.items():
            if name not in _ELSEWHERE:
                yield from _articles_in(value, depth - 1)


def _completeness(article: dict[str, Any]) -> int:
    return 2 * bool(article.get("datePublished")) + bool(article.get("headline")) + bool(article.get("author"))


def _publisher(article: dict[str, Any]) -> str:
    return next(_names(article.get("publisher")), "")


def _names(author: Any) -> Iterator[str]:
    if isinstance(author, str) and not author.startswith("http"):
        yield one_line(author)
    elif isinstance(author, dict):
        yield from _names(author.get("name"))
    elif isinstance(author, list):
        for one in author:
            yield from _names(one)


def _people(text: str) -> list[str]:
    """The people that one string names: split only where every part could be a name of its own."""
    text = _BY.sub("", " ".join(text.split()))
    # `Doe, Jane` is one person, and so is somebody with her office behind her name.
    for separator in (_AND_OR_COMMA, _AND):
        parts = [part for part in separator.split(text) if part]
        if all(map(_could_be_name, parts)):
            return parts
    return [text]


def _could_be_name(text: str) -> bool:
    words = text.split()
    if len(words) == 1 and text.isascii():
        return text.islower() or text.isupper()  # an agency: dpa, AFP
    return len(words) <= 4 and not text[0].islower()


def _url_of(image: Any) -> str:
    if isinstance(image, list):
        image = next(iter(image), "")
    if isinstance(image, dict):
        image = image.get("url") or image.get("contentUrl")
    return image if isinstance(image, str) else ""


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = next(iter(value), "")
    if isinstance(value, dict):
        value = value.get("@value", "")
    return value.strip() if isinstance(value, str) else ""


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def _is_headline(tag: LexborNode) -> bool:
    return not any(_NO_HEADLINE.search(f"{name} {value}") for name, value in tag.attributes.items())


def _line(tag: LexborNode) -> str:
    return one_line(tag.text(separator=" "), is_html=False)


def _same(one: str, other: str) -> bool:
    return _letters(one) == _letters(other)


def _letters(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _begins(line: str, title: str) -> bool:
    """Whether the title is the line and something behind it: the site's or the section's name."""
    return len(_letters(line)) > 15 and _letters(title).startswith(_letters(line))
