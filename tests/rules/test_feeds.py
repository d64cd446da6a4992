"""Feeds as they are found: right, nearly right, and no feeds at all."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import FeedError
from bot.model import Feed, FeedEntry
from bot.rules.feeds import parse_feed

URL = "https://post.example/news/feed.xml"
AT = datetime(2024, 10, 22, 8, 30, tzinfo=UTC)

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
     xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom">
<channel><title>Harbour &amp;amp; Post</title><link>/</link><language>en-gb</language>
<atom:link rel="self" href="https://post.example/news/feed.xml"/>
<item><title>Ferries &lt;b&gt;stop&lt;/b&gt;</title><link> ../a?id=1
</link><guid isPermaLink="false">post-1</guid>
<pubDate>Tue, 22 Oct 2024 10:30:00 +0200</pubDate>
<dc:creator>Ann Example</dc:creator><author>bo@post.example (Bo)</author>
<category>Harbour</category><category>Harbour</category><dc:subject>Sea</dc:subject>
<description>Short.</description><content:encoded><![CDATA[<p>First.</p><p>Second.</p>]]></content:encoded>
<enclosure url="a.mp3" type="audio/mpeg"/><media:content url="/a.jpg" medium="image"/></item>
<item><guid>https://post.example/b</guid><title>1 &lt; 2</title><pubDate>2024-10-22</pubDate>
<description><p xmlns="http://www.w3.org/1999/xhtml">Naked <i>markup</i></p></description>
<media:group><media:thumbnail url="t.png"/></media:group></item>
<item><atom:link href="/c"/><title>C</title><atom:content type="html">&lt;p&gt;Body&lt;/p&gt;</atom:content>
<atom:author><atom:name>Cy</atom:name></atom:author><pubDate>soon</pubDate></item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://atom.example/x/">
<title type="html">The &lt;i&gt;Atom&lt;/i&gt;</title><link rel="self" href="feed"/><link href="/"/>
<author><name>Desk</name></author>
<entry><id>urn:1</id><title>a &lt;b&gt; c</title><link rel="enclosure" type="image/png" href="i.png"/><link href="one"/>
<updated>2024-10-23T00:00:00Z</updated><published>2024-10-22T10:30:00+02:00</published>
<category term="politics"/><category label="Sea"/><category/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One.</p><p>Two.</p></div></content></entry>
<entry><id>urn:2</id><title>Plain</title><link href="https://atom.example/2"/>
<summary>1 &lt; 2 &amp;amp; so on</summary>
<author><name>Ann</name></author><author><name>Bo</name></author></entry>
</feed>"""

RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://rdf.example/"><title>RDF</title><link>https://rdf.example/</link></channel>
<item rdf:about="https://rdf.example/1"><title>One</title><link>https://rdf.example/1</link>
<dc:date>2024-10-22T08:30Z</dc:date></item></rdf:RDF>"""


def parse(text: str | bytes, content_type: str | None = None) -> Feed:
    body = text if isinstance(text, bytes) else text.encode()
    return parse_feed(body, url=URL, content_type=content_type)


def only(entries: str) -> FeedEntry:
    [entry] = parse(f"<rss version='2.0'><channel><item>{entries}</item></channel></rss>").entries
    return entry


def test_rss_is_read_with_all_its_fields() -> None:
    feed = parse(RSS)
    assert (feed.title, feed.site_url, feed.language) == ("Harbour & Post", "https://post.example/", "en-gb")
    first, second, third = feed.entries
    assert first == FeedEntry(
        id="post-1",
        title="Ferries stop",
        link="https://post.example/a?id=1",
        published=AT,
        authors=("Ann Example", "Bo"),
        categories=("Harbour", "Sea"),
        html="<p>First.</p><p>Second.</p>",
        image_url="https://post.example/a.jpg",
        text="First.\n\nSecond.",
    )
    assert (second.link, second.title) == ("https://post.example/b", "1 < 2")
    assert (second.published, second.published_is_day) == (datetime(2024, 10, 22, tzinfo=UTC), True)
    assert (second.text, second.image_url) == ("Naked markup", "https://post.example/news/t.png")
    assert (third.link, third.authors, third.published) == ("https://post.example/c", ("Cy",), None)
    assert third.text == "Body"


def test_atom_is_read_with_all_its_fields() -> None:
    feed = parse(ATOM)
    assert (feed.title, feed.site_url, feed.language) == ("The Atom", "https://atom.example/", "en")
    first, second = feed.entries
    assert (first.id, first.title, first.link) == ("urn:1", "a <b> c", "https://atom.example/x/one")
    assert (first.published, first.authors, first.categories) == (AT, ("Desk",), ("politics", "Sea"))
    assert (first.text, first.image_url) == ("One.\n\nTwo.", "https://atom.example/x/i.png")
    assert (second.text, second.authors) == ("1 < 2 &amp; so on", ("Ann", "Bo"))


def test_rdf_is_read() -> None:
    feed = parse(RDF)
    [entry] = feed.entries
    assert (feed.title, feed.site_url) == ("RDF", "https://rdf.example/")
    assert (entry.id, entry.link, entry.published) == ("https://rdf.example/1", "https://rdf.example/1", AT)


def test_a_json_feed_is_read() -> None:
    document: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "J & J",
        "home_page_url": "/",
        "language": "en",
        "authors": [{"name": "Desk"}, "nobody"],
        "items": [
            {
                "id": 7,
                "title": "A <b> & c",
                "url": "/a",
                "date_published": "2024-10-22T10:30:00+02:00",
                "content_text": "1 < 2",
                "tags": ["x", 3, "x"],
                "image": "i.png",
            },
            {"id": "8", "content_html": "<p>H</p>", "author": {"name": "Ann"}, "tags": "none"},
            "no item",
        ],
    }
    feed = parse(json.dumps(document))
    first, second = feed.entries
    assert (feed.title, feed.site_url) == ("J & J", "https://post.example/")
    assert (first.id, first.title, first.link, first.published) == ("7", "A <b> & c", "https://post.example/a", AT)
    assert (first.text, first.categories, first.authors) == ("1 < 2", ("x", "3"), ("Desk",))
    assert (second.text, second.authors, second.published) == ("H", ("Ann",), None)


LENIENT = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>Old & bold</title>
<link>https://old.example/</link>
<item><title>Caf&eacute; & bar</title><link>/a</link><guid>x</guid><description>One &nbsp; two</description>
<pubDate>Tue, 22 Oct 2024 08:30:00 GMT</pubDate><category>Sea</category><author>Ann</author>
<media:content url="i.png" type="image/png"/></item>
<item><title>No date</title></item>
<item><title>Hungarian</title><pubDate>2024-okt\xf3ber-22T10:30+02:00</pubDate></item>
</channel>"""


def test_broken_xml_is_mended_rather_than_refused() -> None:
    feed = parse(LENIENT)
    assert (feed.title, feed.site_url) == ("Old & bold", "https://old.example/")
    first, second, third = feed.entries
    assert (first.title, first.link, first.published) == ("Café & bar", "https://post.example/a", AT)
    assert (first.text, first.categories, first.authors) == ("One two", ("Sea",), ("Ann",))
    assert first.image_url == "https://post.example/news/i.png"
    assert second.published is None
    assert third.published is None


def test_encodings_are_found_in_the_document_or_the_header() -> None:
    title = "<rss version='2.0'><channel><title>Привет</title></channel></rss>"
    assert parse(f"<?xml version='1.0' encoding='windows-1251'?>{title}".encode("cp1251")).title == "Привет"
    assert parse(title.encode("cp1251"), "text/xml; charset=windows-1251").title == "Привет"
    assert parse(title.encode("utf-16")).title == "Привет"
    assert parse(b"\xef\xbb\xbf \n" + title.encode()).title == "Привет"


def test_a_document_type_is_no_obstacle() -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://nowhere.example/rss.dtd">'
    item = "<item><title>C&nbsp;D</title></item>"
    feed = parse(f"{doctype}<rss version='0.91'><channel><title>A&nbsp;B</title>{item}</channel></rss>")
    assert (feed.title, feed.entries[0].title) == ("A B", "C D")


def test_markup_that_is_not_escaped_is_kept_apart() -> None:
    assert only("<title>a <b>bold</b> c</title>").title == "a bold c"
    assert only("<description>x &lt; y <b>z</b></description>").text == "x < y z"


def test_a_link_that_is_no_web_address_is_no_link() -> None:
    assert only("<link>javascript:alert(1)</link><guid isPermaLink='true'>tag:x</guid>").link == ""


def test_old_atom_in_base64_is_read() -> None:
    entry = "<entry><title>T</title><content type='text/html' mode='base64'>PHA+SGk8L3A+</content></entry>"
    feed = parse(f"<feed version='0.3' xmlns='http://purl.org/atom/ns#'>{entry}</feed>")
    assert feed.entries[0].text == "Hi"


def test_pictures_of_podcasts_are_found() -> None:
    itunes = "http://www.itunes.com/dtds/podcast-1.0.dtd"
    assert only(f"<i:image xmlns:i='{itunes}' href='/p.png'/>").image_url == "https://post.example/p.png"
    assert only("<enclosure url='/a.mp3' type='audio/mpeg'/>").image_url == ""


def test_a_feed_of_many_thousand_entries_is_cut() -> None:
    items = "<item><title>T</title></item>" * 1_200
    assert len(parse(f"<rss><channel>{items}</channel></rss>").entries) == 1_000


BOMB = """<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><rss><channel><title>&b;</title></channel></rss>"""
REFUSED = [
    (b"", "empty_feed"),
    (b"\0\0\0", "empty_feed"),
    (BOMB.encode(), "feed_entities"),
    (BOMB.encode("utf-16"), "feed_entities"),
    (b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'></urlset>", "not_a_feed"),
    (b"just words", "not_a_feed"),
    (b'{"a": 1}', "not_a_feed"),
    (b'{"a": ', "broken_feed"),
    (b'{"a":' * 100_000, "broken_feed"),
    (b"<!doctype html><title>Page</title>", "web_page"),
    (b"\n<html lang=en><body>", "web_page"),
]


@pytest.mark.parametrize(("body", "key"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_feed_is_refused_by_name(body: bytes, key: str) -> None:
    with pytest.raises(FeedError) as caught:
        parse(body)
    assert caught.value.key == key


def test_a_feed_that_breaks_off_before_its_first_entry_is_broken() -> None:
    with pytest.raises(FeedError) as caught:
        parse("<rss version='2.0'><channel><title>Old & bold</title><item>")
    assert caught.value.key == "broken_feed"


def test_a_web_page_says_where_its_feed_is() -> None:
    page = """<html><head><link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed">
    <link rel="alternate" hreflang="de" href="/de">
    <link rel="alternate nofollow" type="Application/Atom+XML" href="atom">
    </head></html>"""
    with pytest.raises(FeedError) as caught:
        parse(page)
    assert caught.value.facts == {"feed": "https://post.example/news/atom"}


def test_a_crash_of_the_lenient_reader_is_a_broken_feed(monkeypatch: pytest.MonkeyPatch) -> None:
    import feedparser

    def crash(*_: object, **__: object) -> None:
        raise AttributeError("deep inside")

    monkeypatch.setattr(feedparser, "parse", crash)
    with pytest.raises(FeedError) as caught:
        parse("<rss><channel><title>a & b")
    assert caught.value.key == "broken_feed"


def test_a_feed_that_breaks_off_before_its_first_entry_is_broken_not_empty() -> None:
    with pytest.raises(FeedError, match="broken_feed"):
        parse_feed(b"<rss version='2.0'><channel><title>Cut</title><item>", url="https://e.com/feed")
