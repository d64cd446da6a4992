"""What a feed says about itself beside its news."""

import pytest

from bot.model import FeedHints
from bot.rules.feed_hints import feed_format, read_hints, with_header

URL = "https://post.example/feed.xml"
RSS = b"""<?xml version="1.0"?>
<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Harbour Post</title><ttl> 60 </ttl>
<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>
<atom:link rel="self" href="https://post.example/self.xml"/><atom:link href='/hub?a=1&amp;b=2' rel='hub'/>
<item><title>One</title><ttl>1</ttl><link>https://post.example/1</link></item>
<item><title>Two</title><description>&lt;ttl>5&lt;/ttl></description></item>
<skipHours><hour>0</hour><hour>24</hour><hour>23</hour><hour>x</hour></skipHours>
<skipDays><day>Saturday</day><day>sunday</day><day>Someday</day></skipDays>
</channel></rss>"""


def test_an_rss_feed_says_how_often_and_when_not() -> None:
    assert read_hints(RSS, url=URL) == FeedHints(
        ttl=3_600.0,
        period=1_800.0,
        skip_hours=(0, 23),
        skip_days=(5, 6),
        hub="https://post.example/hub?a=1&b=2",
        topic="https://post.example/self.xml",
    )


def test_what_is_missing_or_unreadable_is_as_if_it_were_not_said() -> None:
    assert read_hints(b"<rss><channel><ttl>soon</ttl><ttl>0</ttl></channel></rss>", url=URL) == FeedHints()
    assert read_hints(b"<rss><channel><sy:updateFrequency>0</sy:updateFrequency>", url=URL).period == 86_400
    assert read_hints(b"<rss><channel><sy:updatePeriod>often</sy:updatePeriod>", url=URL).period == 0


def test_a_feed_that_breaks_off_still_has_its_say() -> None:
    assert read_hints(RSS[: RSS.index(b"Two")], url=URL).ttl == 3_600
    assert read_hints(b"<rss><ttl>60</ttl>" + b"<item " * 200_000, url=URL).ttl == 3_600


def test_an_atom_feed_names_its_hub() -> None:
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="https://hub.example/"/>
    <link rel="self" href="/feed.xml"/><link href="/"/><entry><link rel="hub" href="https://evil.example/"/></entry></feed>"""
    found = read_hints(body, url=URL)
    assert (found.hub, found.topic) == ("https://hub.example/", URL)


def test_a_json_feed_names_its_hubs() -> None:
    body = b'{"version":"https://jsonfeed.org/version/1.1","feed_url":"https://a.example/f","hubs":[1,{"type":"WebSub","url":"https://hub.example/"}],"items":[]}'
    found = read_hints(body, url=URL)
    assert (found.hub, found.topic) == ("https://hub.example/", "https://a.example/f")
    assert read_hints(b"{", url=URL) == read_hints(b'{"hubs": 3, "feed_url": 1}', url=URL) == FeedHints()


def test_the_link_header_comes_before_the_document() -> None:
    header = '<https://h.example/>; rel="hub", <https://h2.example/>; rel=hub, </self>; rel="self", <x>; title=y'
    found = with_header(FeedHints(ttl=60, hub="https://other.example/"), header, url=URL)
    assert found == FeedHints(ttl=60, hub="https://h.example/", topic="https://post.example/self")
    assert with_header(found, "nonsense", url=URL) == found


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (RSS, "RSS 2.0"),
        (b"<rss><channel/>", "RSS"),
        (b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>", "Atom"),
        (b"<rdf:RDF xmlns:rdf='x'>", "RDF"),
        (b"<urlset xmlns='x'>", "sitemap"),
        (b'\xef\xbb\xbf {"version": "https://jsonfeed.org/version/1.1"}', "JSON Feed"),
        (b'{"a": 1}', ""),
        (b"<html>", ""),
    ],
)
def test_a_feed_says_what_it_is(body: bytes, name: str) -> None:
    assert feed_format(body) == name
