"""News sitemaps: what a site tells search engines of its latest articles (sitemap-news/0.9). Runs in workers."""

from lxml import etree

from bot.errors import FeedError
from bot.model import Feed, FeedEntry
from bot.rules.dates import parse_date
from bot.rules.markup import one_line
from bot.rules.urls import absolute, display_host

MAX_ENTRIES = 1_000  # a news sitemap's own limit
ROOTS = ("urlset", "sitemapindex")


def read_sitemap(body: bytes, *, url: str) -> Feed:
    """The articles of a news sitemap, newest first.

    Raises:
        FeedError: `sitemap_index` with the fact `feed`, the part of it that has the news; `no_news_sitemap`;
            `broken_feed`.
    """
    root = _parse(body)
    if _name(root) == "sitemapindex":
        raise FeedError("sitemap_index", feed=_news_part(root, url))
    entries = [entry for item in root if _name(item) == "url" and (entry := _entry(item, url))][:MAX_ENTRIES]
    if not entries:
        raise FeedError("no_news_sitemap")
    names = (one_line(_text(item, "name"), is_html=False) for item in root.iter("{*}publication"))
    entries.sort(key=lambda entry: entry.published.timestamp() if entry.published else 0.0, reverse=True)
    return Feed(
        title=next(filter(None, names), display_host(url)),
        site_url=absolute(url, "/"),
        entries=tuple(entries),
        language=next((_text(item, "language") for item in root.iter("{*}publication")), ""),
    )


def _parse(body: bytes) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        return etree.fromstring(body.lstrip(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise FeedError("broken_feed", reason=str(error)[:200]) from error


def _news_part(root: etree._Element, url: str) -> str:
    """Of all parts the one that is called after the news, else the one changed last."""
    parts = [(_text(part, "lastmod"), absolute(url, _text(part, "loc"))) for part in root if _name(part) == "sitemap"]
    news = [part for part in parts if "news" in part[1].lower()]
    return max(news or parts, default=("", ""))[1]


def _entry(item: etree._Element, url: str) -> FeedEntry | None:
    news = next(item.iter("{*}news"), None)
    link = absolute(url, _text(item, "loc"))
    title = one_line(_text(news, "title"), is_html=False) if news is not None else ""
    if news is None or not link or not title:
        return None
    moment = parse_date(_text(news, "publication_date"))
    image = next(item.iter("{http://www.google.com/schemas/sitemap-image/1.1}loc"), None)
    return FeedEntry(
        id=link,
        title=title,
        link=link,
        published=moment.at if moment else None,
        published_is_day=moment is not None and moment.is_day,
        categories=tuple(word.strip() for word in _text(news, "keywords").split(",") if word.strip()),
        image_url=absolute(url, (image.text or "").strip()) if image is not None else "",
    )


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]  # of a comment it is the name of a function, which is none of ours


def _text(element: etree._Element, name: str) -> str:
    found = next(element.iter(f"{{*}}{name}"), None)
    return (found.text or "").strip() if found is not None else ""
