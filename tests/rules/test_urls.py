"""One key per article, whatever address it came under."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.rules.urls import absolute, display_host, is_http_url, url_key

SAME = [
    ("https://post.example/a?utm_source=x&id=1", "https://post.example/a?id=1"),
    ("HTTP://Post.Example:80/a", "https://post.example/a"),
    ("https://www.post.example/a/", "https://post.example/a"),
    ("https://m.post.example/a", "https://post.example/a"),
    ("https://amp.post.example/a", "https://post.example/a/amp/"),
    ("https://post.example/a.amp.html", "https://post.example/a.html"),
    ("https://post.example/a#comments", "https://post.example/a"),
    ("https://post.example/a?b=2&a=1", "https://post.example/a?a=1&b=2"),
    ("https://post.example/%7Eann/a%2db", "https://post.example/~ann/a-b"),
    ("https://post.example/caf%c3%a9", "https://post.example/café"),
    ("https://bücher.example/a", "https://xn--bcher-kva.example/a"),
    ("https://post.example/a?ref=rss", "https://post.example/a?fbclid=Iw"),
    ("https://post.example/x/../a", "https://post.example//a"),
    (" https://post.example/a?\n", "https://post.example/a"),
    ("https://post.example/index.html", "https://post.example"),
    ("https://www.m.post.example/a/amp/index.html", "https://post.example/a"),
    ("https://ann:secret@post.example/a", "https://post.example/a"),
    ("https://post.example/a?amp=1", "https://post.example/a?gclid=z"),
    ("https://post.example/a?at_medium=RSS&at_campaign=rss", "https://post.example/a?CMP=share_btn"),
    ("https://post.example/a?mc_cid=1&mc_eid=2", "https://post.example/a?ocid=socialflow"),
    ("https://post.example/a?smid=nl-share", "https://post.example/a?ns_mchannel=social&ns_source=feed"),
    ("https://post.example:443/a?dicbo=v2", "http://post.example/a?xtor=RSS-1"),
    ("https://POST.example/a/index.php", "https://post.example/a"),
]
APART = [
    ("https://post.example/a?id=1", "https://post.example/a?id=2"),
    ("https://post.example/a", "https://post.example/A"),
    ("https://post.example/a?page=2", "https://post.example/a"),
    ("https://blog.post.example/a", "https://post.example/a"),
    ("https://m.example/a", "https://example/a"),
    ("https://post.example/#!/a", "https://post.example/#!/b"),
    ("https://post.example/a%2Fb", "https://post.example/a/b"),
    ("https://post.example/a?source=1", "https://post.example/a?source=2"),
    ("https://post.example:8080/a", "https://post.example/a"),
    ("https://[2001:db8::1]/a", "https://[2001:db8::2]/a"),
    ("https://post.example/?p=123", "https://post.example/?p=124"),
    ("https://post.example/watch?v=abc", "https://post.example/watch?v=abd"),
    ("https://post.example/a.aspx?id=5&lang=en", "https://post.example/a.aspx?id=5&lang=de"),
    ("https://post.example/item?id=1&ref=2", "https://post.example/item?id=3&ref=2"),
]
NO_ADDRESS = [
    *("", "post.example/a", "ftp://post.example/a", "javascript:alert(1)", "https://", "https://[::1", "https:///a"),
    *("https://post.example:99999/", "https://a b/", "https://..", "https://a..b/", "https://p.example/" + "a" * 2_000),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_addresses_of_the_same_article_have_one_key(one: str, other: str) -> None:
    assert url_key(one) == url_key(other)


@pytest.mark.parametrize(("one", "other"), APART)
def test_addresses_of_different_articles_are_kept_apart(one: str, other: str) -> None:
    assert url_key(one) != url_key(other)


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_what_is_no_web_address_is_refused(text: str) -> None:
    assert not is_http_url(text)
    with pytest.raises(BadInput, match="bad_url"):
        url_key(text)


@given(
    st.builds(
        "http{}://{}.example:{}/{}?{}#{}".format,
        st.sampled_from(["", "s"]),
        st.from_regex(r"(www\.|m\.|amp\.)*[a-z]{1,5}", fullmatch=True),
        st.sampled_from([80, 443, 8080]),
        st.text(alphabet="a/.%25é~ mpindexhtml+&;=", max_size=20),
        st.text(alphabet="a=&;+%20_utmé", max_size=20),
        st.text(alphabet="!/a%", max_size=5),
    ).filter(is_http_url)
)
def test_a_key_is_its_own_key(url: str) -> None:
    key = url_key(url)
    assert url_key(key) == key


def test_a_host_is_shown_as_people_know_it() -> None:
    assert display_host("https://www.Post.example:8080/a") == "post.example"
    assert display_host("https://xn--bcher-kva.example/") == "bücher.example"
    assert display_host("https://bücher.example/") == "bücher.example"
    assert display_host("mailto:ann@post.example") == ""


def test_links_are_resolved_against_their_document() -> None:
    base = "https://post.example/news/feed.xml"
    assert absolute(base, "../a b\n") == "https://post.example/ab"
    assert absolute(base, "/caf\u00e9?x=1") == "https://post.example/caf%C3%A9?x=1"
    assert absolute(base, "//other.example/a") == "https://other.example/a"
    assert absolute(base, "") == ""
    assert absolute(base, "javascript:void(0)") == ""
    assert absolute(base, "http://[bad") == ""
    assert absolute(base, "/" + "é" * 1_000) == ""
