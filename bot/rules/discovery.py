"""Where a site usually keeps its feed, for pages that do not say."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.rules.urls import absolute

USUAL = ("/feed", "/rss.xml", "/feed.xml", "/atom.xml", "/index.xml", "/rss")
USUAL_SITEMAPS = ("/news-sitemap.xml", "/sitemap-news.xml")
MOST = 8  # places that are tried; each is a request to a stranger
_SITEMAP = re.compile(r"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


def usual_places(url: str) -> list[str]:
    """Addresses to try in order: below the page itself, then at the site's root, then news sitemaps."""
    path = urlsplit(url).path.rstrip("/")
    places = [f"{path}/feed"] if path else []
    found = (absolute(url, place) for place in (*places, *USUAL, *USUAL_SITEMAPS))
    return list(dict.fromkeys(place for place in found if place))[:MOST]


def named_sitemaps(robots: str) -> Iterator[str]:
    """The news sitemaps that a robots.txt names."""
    return (address for address in _SITEMAP.findall(robots) if "news" in address.lower())
