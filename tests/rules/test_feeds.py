"""Feeds as they are found: right, nearly right, and no feeds at all."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import FeedError
from bot.model import Feed, FeedEntry
from bot.rules.feeds import MAX_LENIENT, parse_feed
from bot.rules.markup import html_to_text

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


def text(entry: FeedEntry) -> str:
    return html_to_text(entry.html)


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
    )
    assert (second.link, second.title) == ("https://post.example/b", "1 < 2")
    assert (second.published, second.published_is_day) == (datetime(2024, 10, 22, tzinfo=UTC), True)
    assert (text(second), second.image_url) == ("Naked markup", "https://post.example/news/t.png")
    assert (third.link, third.authors, third.published) == ("https://post.example/c", ("Cy",), None)
    assert text(third) == "Body"


def test_atom_is_read_with_all_its_fields() -> None:
    feed = parse(ATOM)
    assert (feed.title, feed.site_url, feed.language) == ("The Atom", "https://atom.example/", "en")
    first, second = feed.entries
    assert (first.id, first.title, first.link) == ("urn:1", "a <b> c", "https://atom.example/x/one")
    assert (first.published, first.authors, first.categories) == (AT, ("Desk",), ("politics", "Sea"))
    assert (text(first), first.image_url) == ("One.\n\nTwo.", "https://atom.example/x/i.png")
    assert (text(second), second.authors) == ("1 < 2 &amp; so on", ("Ann", "Bo"))


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
    assert (text(first), first.categories, first.authors) == ("1 < 2", ("x", "3"), ("Desk",))
    assert (text(second), second.authors, second.published) == ("H", ("Ann",), None)


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
    assert (text(first), first.categories, first.authors) == ("One two", ("Sea",), ("Ann",))
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


ENCODED = "<?xml version='1.0' encoding='{}'?><rss version='2.0'><channel><title>{}</title></channel></rss>"
LIES = [
    ("iso-8859-1", "utf-8", "Führung für Ärzte"),
    ("utf-16", "utf-8", "Führung"),
    ("utf-16", "utf-8", "plain"),
    ("iso-8859-1", "windows-1252", "“Führung” – 3 €"),
    ("us-ascii", "windows-1252", "Führung"),
    ("gb2312", "gbk", "朱镕基去世"),
    ("shift_jis", "cp932", "髙島屋で①の件"),
    ("euc-kr", "cp949", "뷁을 쓰다"),
    ("iso-8859-9", "windows-1254", "İstanbul’da"),
    ("gbk", "utf-8", "朝鲜代表团访问北京"),
    ("shift_jis", "ascii", "\\~"),
    ("iso-2022-jp", "iso-2022-jp", "日本"),
    ("gbk", "gbk", "联通"),
    ("windows-1251", "windows-1251", "Привет"),
    ("nonsense-8", "utf-8", "Führung"),
]


@pytest.mark.parametrize(("declared", "real", "title"), LIES, ids=[f"{one}-{two}" for one, two, _ in LIES])
def test_an_encoding_that_is_declared_wrongly_is_seen_through(declared: str, real: str, title: str) -> None:
    assert parse(ENCODED.format(declared, title).encode(real)).title == title


def test_the_header_names_the_encoding_where_the_document_does_not() -> None:
    title = "<rss version='2.0'><channel><title>Führung</title></channel></rss>"
    assert parse(title.encode("latin-1"), "text/xml; charset=iso-8859-1").title == "Führung"
    assert parse(title.encode(), "text/xml; charset=iso-8859-1").title == "Führung"
    assert parse(title.encode("latin-1"), "text/xml; charset=utf-8").title == "Führung"


def test_a_wrong_guess_at_the_encoding_is_taken_back() -> None:
    assert parse(ENCODED.format("iso-8859-1", "Führung\x81").encode("latin-1")).title == "Führung\x81"


ODD_NAMESPACES = """<rss version='2.0' xmlns:dc="https://purl.org/dc/elements/1.1" xmlns:x="http://www.w3.org/1999/xhtml">
<channel><item><dc:creator>Ann</dc:creator><dc:created>2024-10-22T08:30:00Z</dc:created>
<dc:description>Short.</dc:description><x:body><x:p>Long.</x:p></x:body></item>
<item><description/><dc:description>Short.</dc:description></item></channel></rss>"""


def test_namespaces_that_are_written_carelessly_are_known() -> None:
    first, second = parse(ODD_NAMESPACES).entries
    assert (first.authors, first.published, text(first)) == (("Ann",), AT, "Long.")
    assert text(second) == "Short."


def test_an_entry_alone_is_a_feed_of_one() -> None:
    [entry] = parse("<entry xmlns='http://www.w3.org/2005/Atom'><title>T</title><id>urn:1</id></entry>").entries
    assert (entry.title, entry.id) == ("T", "urn:1")


def test_atom_in_a_namespace_of_its_youth_or_in_none_is_read() -> None:
    for namespace in ("", "xmlns='http://example.com/newformat#'"):
        feed = parse(f"<feed version='0.3' {namespace}><title>F</title><entry><id>1</id></entry></feed>")
        assert (feed.title, feed.entries[0].id) == ("F", "1")


CONTENTS = [
    ("<content type='application/octet-stream'>PGI+SGk8L2I+</content>", "<b>Hi</b>"),
    ("<content type='image/png'>iVBORw0KGgo=</content>", ""),
    ("<content type='image/png'>not at all!</content>", ""),
    ("<content type='application/xhtml+xml'>1 &lt; 2</content>", "1 &lt; 2"),
    ("<content type='odd'>a &lt; b</content>", "a &lt; b"),
    ("<content mode='escaped'>&lt;b>Hi&lt;/b></content>", "<b>Hi</b>"),
    ("<content type='text/html' mode='xml'>a &lt;b&gt;</content>", "a &lt;b&gt;"),
    ("<content type='text/plain' mode='xml'>a &lt;b&gt;</content>", "a &lt;b&gt;"),
    ("<title/><content/><summary>Short</summary>", "Short"),
]


@pytest.mark.parametrize(("elements", "html"), CONTENTS)
def test_the_types_of_atom_s_texts_are_kept_apart(elements: str, html: str) -> None:
    [entry] = parse(f"<feed xmlns='http://www.w3.org/2005/Atom'><entry>{elements}</entry></feed>").entries
    assert entry.html == html


def test_an_entry_of_another_feed_names_its_author() -> None:
    source = "<source><author><name>Ann</name></author></source><author><email>bo@post.example</email></author>"
    entries = f"<entry>{source}</entry><entry>{source.partition('<author><email>')[0]}</entry>"
    first, second = parse(f"<feed xmlns='http://www.w3.org/2005/Atom'>{entries}</feed>").entries
    assert (first.authors, second.authors) == (("bo@post.example",), ("Ann",))


@pytest.mark.parametrize(
    "author", ["ann@post.example (Ann)", "Ann (ann@post.example)", "Ann <ann@post.example>", "Ann"]
)
def test_a_mail_address_beside_a_name_is_left_out(author: str) -> None:
    assert only(f"<author>{author.replace('<', '&lt;')}</author>").authors == ("Ann",)
    assert only("<author>ann@post.example</author>").authors == ("ann@post.example",)


def test_topics_of_podcasts_and_old_channels_are_read() -> None:
    itunes = "http://www.itunes.com/dtds/podcast-1.0.dtd"
    assert only(f"<i:category xmlns:i='{itunes}' text='Society'/>").categories == ("Society",)
    [entry] = parse("<CHANNEL HREF='/'><ITEM HREF='/a'><TITLE>T</TITLE></ITEM></CHANNEL>").entries
    assert (entry.title, entry.link) == ("T", "https://post.example/a")


def test_a_document_type_without_entities_of_its_own_is_read_strictly() -> None:
    doctype = "<!DOCTYPE rss [<!ELEMENT rss ANY>]>"
    assert parse(f"{doctype}<rss><channel><title>A &amp;amp; B</title></channel></rss>").title == "A & B"


def test_an_article_about_entities_is_no_danger() -> None:
    feed = parse(
        "<rss><channel><item><description><![CDATA[<pre><!ENTITY a 'b'></pre>]]></description></item></channel></rss>"
    )
    assert len(feed.entries) == 1


def test_a_text_of_many_megabytes_is_read() -> None:
    assert len(only(f"<description>{'word ' * 4_000_000}</description>").html) == 19_999_999


def test_of_a_huge_feed_only_the_beginning_is_read() -> None:
    entry = f"<entry><title>T</title><summary>{'word ' * 400}</summary></entry>"
    feed = parse(f"<feed xmlns='http://www.w3.org/2005/Atom'>{entry * 6_000}<broken")
    assert (len(feed.entries), feed.entries[-1].title) == (2_000, "T")


def test_attributes_without_end_are_refused_where_they_are_broken() -> None:
    attributes = " ".join(f"a{number}='x'" for number in range(20_000))
    assert only(f"<title {attributes}>T</title>").title == "T"
    with pytest.raises(FeedError, match="broken_feed"):
        only(f"<title {attributes}>A & B</title>")


def test_what_is_broken_and_too_large_to_mend_is_refused_at_once() -> None:
    with pytest.raises(FeedError) as caught:
        parse("<rss><channel><item><title>a & b</title></item>" + "<item/>" * (MAX_LENIENT // 7) + "</channel></rss>")
    assert caught.value.key == "broken_feed"


def test_a_well_formed_web_page_is_a_web_page() -> None:
    padding = f"<!-- {'x' * 3_000} -->"
    link = "<link rel='alternate' type='application/rss+xml' href='/feed'/>"
    with pytest.raises(FeedError) as caught:
        parse(f"{padding}<html><head>{link}</head></html>")
    assert (caught.value.key, caught.value.facts) == ("web_page", {"feed": "https://post.example/feed"})


YEARS = [
    ("Mon, 01 Jan 0001 00:00:00 +0000", 1),
    ("9999-12-31T23:59:59Z", 9999),
    ("Fri, 31 Dec 9999 23:59:59 GMT", 9999),
]


@pytest.mark.parametrize(("date", "year"), YEARS)
def test_the_first_year_and_the_last_are_years(date: str, year: int) -> None:
    published = only(f"<pubDate>{date}</pubDate>").published
    assert published is not None
    assert published.year == year


def test_markup_that_is_not_escaped_is_kept_apart() -> None:
    assert only("<title>a <b>bold</b> c</title>").title == "a bold c"
    assert text(only("<description>x &lt; y <b>z</b></description>")) == "x < y z"


def test_a_link_that_is_no_web_address_is_no_link() -> None:
    assert only("<link>javascript:alert(1)</link><guid isPermaLink='true'>tag:x</guid>").link == ""


def test_old_atom_in_base64_is_read() -> None:
    entry = "<entry><title>T</title><content type='text/html' mode='base64'>PHA+SGk8L3A+</content></entry>"
    feed = parse(f"<feed version='0.3' xmlns='http://purl.org/atom/ns#'>{entry}</feed>")
    assert text(feed.entries[0]) == "Hi"


def test_pictures_of_podcasts_are_found() -> None:
    itunes = "http://www.itunes.com/dtds/podcast-1.0.dtd"
    assert only(f"<i:image xmlns:i='{itunes}' href='/p.png'/>").image_url == "https://post.example/p.png"
    assert only("<enclosure url='/a.mp3' type='audio/mpeg'/>").image_url == ""


def test_a_feed_of_many_thousand_entries_is_cut() -> None:
    items = "<item><title>T</title></item>" * 2_200
    assert len(parse(f"<rss><channel>{items}</channel></rss>").entries) == 2_000


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
