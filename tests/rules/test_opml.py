"""Lists of feeds, as other readers write and read them."""

import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules.opml import MAX_OUTLINES, Outline, read_opml, usable, write_opml
from tests.conftest import NOON

LIST = b"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>My feeds</title></head><body>
<outline text="Asia" title="Asia">
  <outline type="rss" text="Harbour &amp; Post" xmlUrl="https://post.example/feed?a=1&b=2" htmlUrl="https://post.example/"/>
  <outline text="Deep"><outline text="Ledger" XMLURL=" feed:https://ledger.example/rss "/></outline>
</outline>
<outline title="Chronicle" url="//chronicle.example/feed"/>
<outline type="rss" text="Twin" xmlUrl="feed://ledger.example/rss"/>
<outline type="rss" text="Again" xmlUrl="https://post.example/feed?a=1&amp;b=2"/>
</body></opml>"""


def test_feeds_are_found_in_folders_of_any_depth_each_once() -> None:
    assert read_opml(LIST) == [
        Outline("https://post.example/feed?a=1&b=2", "Harbour & Post", "https://post.example/", "Asia"),
        Outline("https://ledger.example/rss", "Ledger", "", "Deep"),
        Outline("https://chronicle.example/feed", "Chronicle"),
    ]


def test_a_plain_list_of_addresses_is_a_list_too() -> None:
    body = "\ufeff# mine\nhttps://a.example/feed\nBBC: http://b.example/rss, and http://b.example/rss\n".encode()
    assert [outline.url for outline in read_opml(body)] == [
        "https://a.example/feed",
        "http://b.example/rss,",
        "http://b.example/rss",
    ]


@pytest.mark.parametrize(
    ("body", "key"),
    [
        (b"", "empty_opml"),
        (b"no address here", "empty_opml"),
        (b"<opml><body/></opml>", "empty_opml"),
        (b"<opml><body>", "bad_opml"),
        (b'<!DOCTYPE opml [<!ENTITY a "aaaa">]><opml><body><outline xmlUrl="&a;"/></body></opml>', "bad_opml"),
        (b"\xff\xfe<\x00", "bad_opml"),
        ("\n".join(f"https://e.com/{n}" for n in range(MAX_OUTLINES + 1)).encode(), "opml_too_long"),
    ],
)
def test_what_is_no_list_is_refused_by_name(body: bytes, key: str) -> None:
    with pytest.raises(BadInput, match=key):
        read_opml(body)


def test_a_list_as_deep_as_it_is_long_is_read() -> None:
    body = (
        b"<opml>" + b"<outline>" * 50_000 + b'<outline xmlUrl="https://e.com/"/>' + b"</outline>" * 50_000 + b"</opml>"
    )
    assert [one.url for one in read_opml(body)] == ["https://e.com/"]


def test_only_web_addresses_are_usable() -> None:
    assert usable(Outline("https://e.com/feed"))
    assert not usable(Outline("file:///etc/passwd"))


def test_what_is_written_is_opml_as_others_expect_it() -> None:
    feeds = [Outline("https://a.example/f?x=1&y=2", 'A "<b>"', "https://a.example/"), Outline("https://b.example/f")]
    body = write_opml(feeds, title="Briefwire sources", now=NOON)
    root = ElementTree.fromstring(body)  # noqa: S314
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", "Briefwire sources")
    assert root.findtext("head/dateCreated") == "Tue, 22 Oct 2024 12:00:00 +0000"
    assert [dict(outline.attrib) for outline in root.iterfind("body/outline")] == [
        {
            "type": "rss",
            "text": 'A "<b>"',
            "title": 'A "<b>"',
            "xmlUrl": "https://a.example/f?x=1&y=2",
            "htmlUrl": "https://a.example/",
        },
        {"type": "rss", "text": "https://b.example/f", "title": "https://b.example/f", "xmlUrl": "https://b.example/f"},
    ]
    assert body.startswith(b"<?xml")


@given(st.lists(st.tuples(st.integers(0, 99), st.text(max_size=9)), min_size=1, unique_by=lambda one: one[0]))
def test_what_is_written_is_read_again(named: list[tuple[int, str]]) -> None:
    feeds = [Outline(f"https://e.com/{number}", title) for number, title in named]
    assert [one.url for one in read_opml(write_opml(feeds, title="x", now=NOON))] == [one.url for one in feeds]
