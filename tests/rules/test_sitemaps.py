"""News sitemaps."""

from datetime import timedelta

import pytest

from bot.errors import FeedError
from bot.rules.discovery import MOST, named_sitemaps, usual_places
from bot.rules.sitemaps import read_sitemap
from tests.conftest import NOON

URL = "https://post.example/news-sitemap.xml"
NEWS = """<?xml version="1.0"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><!-- mine -->
<url><loc>/ferry</loc><news:news><news:publication><news:name>Harbour Post</news:name><news:language>en</news:language>
</news:publication><news:publication_date>2024-10-22T10:00:00Z</news:publication_date>
<news:title>Ferries &amp; boats</news:title>
<news:keywords>ferry, strike,</news:keywords></news:news>
<image:image><image:loc>/ferry.jpg</image:loc></image:image></url>
<url><loc>https://post.example/later</loc><news:news><news:publication_date>2024-10-23</news:publication_date>
<news:title>Later</news:title></news:news></url>
<url><loc>https://post.example/undated</loc><news:news><news:title>Undated</news:title></news:news></url>
<url><loc>https://post.example/about</loc></url>
<url><loc>ftp://post.example/x</loc><news:news><news:title>No link</news:title></news:news></url></urlset>"""


def test_the_articles_of_a_news_sitemap_are_read_newest_first() -> None:
    feed = read_sitemap(NEWS.encode(), url=URL)
    assert (feed.title, feed.site_url, feed.language) == ("Harbour Post", "https://post.example/", "en")
    assert [(one.title, one.link) for one in feed.entries] == [
        ("Later", "https://post.example/later"),
        ("Ferries & boats", "https://post.example/ferry"),
        ("Undated", "https://post.example/undated"),
    ]
    later, ferry, undated = feed.entries
    assert (later.published_is_day, ferry.published, undated.published) == (True, NOON - timedelta(hours=2), None)
    assert (ferry.categories, ferry.image_url) == (("ferry", "strike"), "https://post.example/ferry.jpg")


@pytest.mark.parametrize(
    ("body", "key", "lead"),
    [
        (
            "<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2024-10-22</lastmod></sitemap>"
            "<sitemap><loc>/news.xml</loc></sitemap></sitemapindex>",
            "sitemap_index",
            "https://post.example/news.xml",
        ),
        (
            "<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2024-10-22</lastmod></sitemap>"
            "<sitemap><loc>/b.xml</loc><lastmod>2024-10-23</lastmod></sitemap></sitemapindex>",
            "sitemap_index",
            "https://post.example/b.xml",
        ),
        ("<sitemapindex/>", "sitemap_index", ""),
        ("<urlset><url><loc>/a</loc></url></urlset>", "no_news_sitemap", None),
        ("<urlset>", "broken_feed", None),
    ],
)
def test_what_tells_no_news_is_refused_by_name(body: str, key: str, lead: str | None) -> None:
    with pytest.raises(FeedError, match=key) as caught:
        read_sitemap(body.encode(), url=URL)
    assert caught.value.facts.get("feed") == lead


def test_a_site_keeps_its_feed_where_others_do() -> None:
    places = usual_places("https://post.example/blog/")
    assert places[:2] == ["https://post.example/blog/feed", "https://post.example/feed"]
    assert len(places) == MOST
    assert usual_places("https://post.example")[0] == "https://post.example/feed"
    robots = "User-agent: *\nSitemap: https://e.com/sitemap.xml\n sitemap :https://e.com/News.xml\n"
    assert list(named_sitemaps(robots)) == ["https://e.com/News.xml"]
