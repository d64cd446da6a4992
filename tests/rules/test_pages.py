"""Articles out of web pages."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import PageError
from bot.model import Page
from bot.rules.pages import extract_page

URL = "https://post.example/sea/ferries?utm_source=x"
AT = datetime(2024, 10, 22, 8, 30, tzinfo=UTC)
FIRST = "The harbour's three ferries stopped on Tuesday after the crews asked for longer breaks between the crossings."
SECOND = (
    "Talks begin again on Thursday, said the harbour master, who expects the first boat to leave before the weekend."
)


def page(head: str = "", *, before: str = "<h1>Ferries stop</h1>", body: str = "", attributes: str = "") -> Page:
    text = body or f"<p>{FIRST}</p><p>{SECOND}</p>"
    html = f"<html {attributes}><head>{head}</head><body><nav><a href=/>Home</a></nav><article>{before}{text}</article>"
    return extract_page(f"{html}<footer>Imprint</footer></body></html>".encode(), url=URL)


def stated(**article: Any) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **article})}</script>'


def test_the_text_has_a_blank_line_between_paragraphs_and_no_title() -> None:
    found = page("<title>Ferries stop</title>")
    assert found.text == f"{FIRST}\n\n{SECOND}"
    assert found.title == "Ferries stop"


def test_what_a_page_states_about_its_article_is_read() -> None:
    head = stated(
        headline="Ferries stop",
        datePublished="2024-10-22T10:30:00+02:00",
        author=[{"@type": "Person", "name": "Ann Example"}, "Bo", {"name": ["Cy"]}, "https://post.example/ann", 7],
        keywords=["Harbour", {"@value": "Sea"}, 7],
    )
    head += '<link rel="canonical" href="/sea/ferries"><meta property="og:image" content="/f.jpg">'
    found = page(head + '<meta property="og:site_name" content="Harbour Post">', attributes="lang='en-GB'")
    assert (found.published, found.published_is_day) == (AT, False)
    assert found.authors == ("Ann Example", "Bo", "Cy")
    assert found.tags == ("Harbour", "Sea")
    assert found.canonical_url == "https://post.example/sea/ferries"
    assert found.image_url == "https://post.example/f.jpg"
    assert (found.site_name, found.language) == ("Harbour Post", "en")


def test_the_most_complete_of_several_articles_describes_the_page() -> None:
    other = {"@type": "Article", "headline": "Elsewhere"}
    graph = {
        "@graph": [
            {"@type": ["WebPage", 3], "mentions": [{**other, "datePublished": "2020-01-01", "author": "No"}]},
            {"@type": "https://schema.org/BlogPosting", "headline": "Ferries stop", "datePublished": "2024-10-22"},
            other,
        ]
    }
    found = page(f'<script type="application/ld+json">/* cms */ {json.dumps(graph)};</script>')
    assert (found.title, found.published_is_day) == ("Ferries stop", True)
    assert found.published == datetime(2024, 10, 22, tzinfo=UTC)


@pytest.mark.parametrize("broken", ["{", "[" * 100_000, "[" * 30 + '{"@type":"Article","headline":"No"}' + "]" * 30])
def test_a_broken_statement_is_passed_over(broken: str) -> None:
    head = f'<script type="application/ld+json">{broken}</script><meta name="author" content="Ann Example">'
    found = page(head + '<meta property="article:published_time" content="2024-10-22T08:30:00Z">')
    assert (found.authors, found.published) == (("Ann Example",), AT)


def test_meta_tags_speak_where_nothing_is_stated() -> None:
    found = page('<meta name="keywords" content="Sea, Boats；港口"><meta property="og:url" content="/canonical">')
    assert found.tags == ("Sea", "Boats", "港口")
    assert found.canonical_url == "https://post.example/canonical"
    assert found.authors == ()


def test_an_address_is_no_author() -> None:
    assert page('<meta property="article:author" content="https://social.example/ann">').authors == ()


def test_the_creator_is_the_author_where_no_author_is_stated() -> None:
    assert page(stated(creator="Ann Example", datePublished=[])).authors == ("Ann Example",)


def test_the_time_on_the_page_is_its_time() -> None:
    found = page(before="<h1>Ferries stop</h1><time datetime='2024-10-22T08:30:00Z'>today</time>")
    assert (found.published, found.published_is_day) == (AT, False)


def test_a_day_in_the_text_is_a_day() -> None:
    found = page(before="<h1>Ferries stop</h1><p class='date'>Published on 22 October 2024</p>")
    assert (found.published, found.published_is_day) == (datetime(2024, 10, 22, tzinfo=UTC), True)


def test_a_page_without_any_date_has_none() -> None:
    assert page().published is None


def _og(title: str) -> str:
    return f'<meta property="og:title" content="{title}">'


def test_a_day_that_is_yet_to_come_is_not_the_article_s() -> None:
    html = f"<html><head><title>Ferries</title></head><body><article><p>{FIRST}</p><p>{SECOND}</p>"
    html += "<p class='date'>22 October 2024</p></article></body></html>"
    assert extract_page(html.encode(), url=URL, latest=AT).published == datetime(2024, 10, 22, tzinfo=UTC)
    assert extract_page(html.encode(), url=URL, latest=datetime(2023, 1, 1, tzinfo=UTC)).published is None


def test_an_instant_beats_the_day_that_it_falls_on() -> None:
    instant = '<meta property="article:published:time" content="2024-10-22T08:30:00Z">'
    assert page(stated(datePublished="2024-10-22") + instant).published == AT
    assert page(stated(datePublished="2024-10-20") + instant).published == datetime(2024, 10, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("author", "authors"),
    [
        ("Ann Example and Bo Other", ("Ann Example", "Bo Other")),
        ("By Ann Example, Bo Other und Cy Third", ("Ann Example", "Bo Other", "Cy Third")),
        ("Ann Example, dpa", ("Ann Example", "dpa")),
        ("Example, Ann", ("Example, Ann",)),
        (
            "Ann Example, who writes about the sea and its harbours",
            ("Ann Example, who writes about the sea and its harbours",),
        ),
        ("Ann Example & Bo Other", ("Ann Example", "Bo Other")),
        ("张三、李四", ("张三", "李四")),
        ("ann@post.example", ()),
    ],
)
def test_several_authors_in_one_line_are_several(author: str, authors: tuple[str, ...]) -> None:
    assert page(stated(author=author)).authors == authors


def test_an_author_who_is_only_shown_is_read() -> None:
    assert page(body=f"<a rel=author>By Ann Example</a><p>{FIRST}</p>").authors == ("Ann Example",)
    assert page(body=f"<p class=byline>22 October, 08:30</p><p>{FIRST}</p>").authors == ()


def test_the_front_page_is_no_article_s_address() -> None:
    assert page('<link rel="canonical" href="/"><meta property="og:url" content="/sea/a">').canonical_url.endswith(
        "/sea/a"
    )
    assert page('<link rel="canonical" href="/">').canonical_url == ""
    front = f'<link rel="canonical" href="/"><title>Post</title><p>{FIRST}</p><p>{SECOND}</p>'.encode()
    assert extract_page(front, url="https://post.example/").canonical_url == "https://post.example/"
    assert page('<meta name="author" content=" ">').authors == ()


def test_a_page_speaks_for_its_own_site_where_it_names_two() -> None:
    sister = '<link rel="canonical" href="https://sister.example/sea/a">'
    assert page(f'{sister}<meta property="og:url" content="/sea/a">').canonical_url == "https://post.example/sea/a"
    assert page(sister).canonical_url == "https://sister.example/sea/a"


@pytest.mark.parametrize("image", ["/f.jpg", ["/f.jpg"], {"url": "/f.jpg"}, [{"contentUrl": "/f.jpg"}], [], {"url": 7}])
def test_a_picture_that_only_the_data_name_is_read(image: Any) -> None:
    assert page(stated(image=image)).image_url in ("https://post.example/f.jpg", "")
    assert page(stated(image=image)).image_url == ("https://post.example/f.jpg" if "f.jpg" in str(image) else "")


def test_the_data_name_site_and_language_where_the_page_does_not() -> None:
    found = page(stated(publisher={"name": "Harbour Post"}, inLanguage="de-AT"))
    assert (found.site_name, found.language) == ("Harbour Post", "de")


def test_a_stated_body_that_is_far_longer_than_what_is_shown_is_the_text() -> None:
    assert page(stated(articleBody=f"<p>{FIRST}</p>" * 9)).text.count(FIRST) == 9


def test_a_page_laid_out_as_a_table_keeps_its_text() -> None:
    cells = f"<table><tr><td><p>{FIRST}</p></td></tr><tr><td><p>{SECOND}</p></td></tr></table>"
    found = page("<title>Ferries stop</title>", body=cells)
    assert FIRST in found.text
    assert "|" not in found.text


SITE = '<meta property="og:site_name" content="Harbour Post">'


@pytest.mark.parametrize(
    ("head", "heading", "title"),
    [
        ("<title>Ferries stop | Harbour Post</title>" + SITE, "", "Ferries stop"),
        ("<title>Ferries stop | Sea | Harbour Post</title>" + SITE, "", "Ferries stop | Sea"),
        ("<title>Ferries - or boats</title>" + SITE, "", "Ferries - or boats"),
        (
            "<title>Ferries stop again today | Sea</title>",
            "<h1>Ferries stop again today</h1>",
            "Ferries stop again today",
        ),
        (stated(headline="Ferries: a stop"), "<h1>Ferries <b>a stop</b></h1>", "Ferries: a stop"),
        (stated(headline="Ferries &amp; boats"), "<h1>Menu</h1>", "Ferries & boats"),
        ("", "<h1></h1><h1>Ferries</h1>", "Ferries"),
        (
            stated(headline="Ferries Saltmere") + "<title>Ferries Saltmere</title>" + _og("No ferry leaves today"),
            "<h1>Ferries Saltmere</h1>",
            "No ferry leaves today",
        ),
        (
            stated(headline="No ferry leaves today") + "<title>Ferries Saltmere</title>" + _og("Ferries Saltmere"),
            "<h1 class=breadcrumb>Ferries Saltmere</h1>",
            "No ferry leaves today",
        ),
        (
            stated(headline="Crews ask for breaks") + _og("No ferry leaves today"),
            "<h1>No ferry leaves today</h1>",
            "No ferry leaves today",
        ),
        (
            stated(headline="No ferry leaves today: Sea") + _og("No ferry leaves today: Sea"),
            "<h1>No ferry leaves today</h1>",
            "No ferry leaves today",
        ),
        (
            stated(headline="Ferry crews strike")
            + _og("Ferry crews strike")
            + "<title>Sea news of Saltmere, more</title>",
            "<h1>Sea news of Saltmere</h1>",
            "Ferry crews strike",
        ),
    ],
)
def test_the_title_is_the_headline_without_the_site(head: str, heading: str, title: str) -> None:
    assert page(head, before=heading).title == title


def test_a_stated_body_stands_in_for_a_page_that_shows_none() -> None:
    head = stated(headline="Ferries stop", articleBody=f"{FIRST}\n{SECOND}")
    found = extract_page(f"<html><head>{head}</head><body></body></html>".encode(), url=URL)
    assert found.text == f"{FIRST}\n\n{SECOND}"


def test_encodings_are_found_in_the_page() -> None:
    text = "<html><head><meta charset='{}'><title>Паром</title></head><body><article><p>" + "Паром стоит. " * 20
    assert extract_page(text.format("windows-1251").encode("cp1251"), url=URL).title == "Паром"
    assert extract_page(text.format("windows-1251").encode(), url=URL).title == "Паром"


@pytest.mark.parametrize(
    "html", ["", "<html><body><p>Hello", "<html><head><title>Login</title></head><body><p>Please log in.</p></body>"]
)
def test_a_page_without_an_article_is_refused(html: str) -> None:
    with pytest.raises(PageError, match="no_article"):
        extract_page(html.encode(), url=URL)
