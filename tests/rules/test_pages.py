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
