"""HTML as a reader sees it."""

from html import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.markup import html_to_text, one_line, tidy

CASES = [
    ("<p>One &amp; two.</p><p>Three<br>four.</p>", "One & two.\n\nThree\nfour."),
    ("Seoul&nbsp;and   <b>troops</b>, again.", "Seoul and troops, again."),
    ("<p>Seen.</p><script>var x = '<p>no</p>'</script><style>p{}</style><!-- no --><noscript>no</noscript>", "Seen."),
    ("<ul><li>One</li><li>Two <i>b</i></li></ul>after", "One\n\nTwo b\n\nafter"),
    ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc"),
    ("first<br><br>second<br/><br/><br/>third", "first\n\nsecond\n\nthird"),
    ("wrapped\nline <em>in\nHTML</em>", "wrapped line in HTML"),
    ("plain first\n\n\n\nplain  second\r\nthird", "plain first\n\nplain second\nthird"),
    ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
    ("<p>北京消息。</p><p>首尔。</p>", "北京消息。\n\n首尔。"),
    ("", ""),
    ("<img src=x>", ""),
]


@pytest.mark.parametrize(("html", "text"), CASES)
def test_html_becomes_what_a_reader_sees(html: str, text: str) -> None:
    assert html_to_text(html) == text


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=60))
def test_escaped_text_comes_back_word_for_word(text: str) -> None:
    assert html_to_text(f"<p>{escape(text)}</p>").split() == text.split()


def test_thousands_of_nested_elements_are_no_trouble() -> None:
    for tag in ("div", "p", "li", "table", "b", "x"):
        assert html_to_text(f"<{tag}>" * 50_000 + "deep" + f"</{tag}>" * 50_000) == "deep"


def test_a_title_is_one_line() -> None:
    assert one_line("Seoul &amp;\n <b>Tokyo</b>") == "Seoul & Tokyo"
    assert one_line("a &amp;\n b", is_html=False) == "a &amp; b"


def test_tidy_text_stays_as_it_is() -> None:
    text = tidy("a  b \n\n \n c")
    assert text == "a b\n\nc"
    assert tidy(text) == text
