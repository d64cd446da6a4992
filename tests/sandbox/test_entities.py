"""Which markup Telegram takes, and what becomes of it (observed on TDLib 1.8.65)."""

import html
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.entities import (
    ENTITY_LIMIT,
    TEXT_LIMIT,
    FormattedText,
    check_entities,
    checked_link,
    finish,
    parse_html,
    plain,
    slice_utf16,
    utf16_length,
)
from bot.sandbox.refusals import Refusal


def kinds(formatted: FormattedText) -> list[str]:
    return [entity["type"] for entity in formatted.entities]


ACCEPTED = [
    ("<b>x</b>", "bold", {}),
    ("<strong>x</strong>", "bold", {}),
    ("<B>x</b>", "bold", {}),
    ("<i>x</i>", "italic", {}),
    ("<em>x</em>", "italic", {}),
    ("<u>x</u>", "underline", {}),
    ("<ins>x</ins>", "underline", {}),
    ("<s>x</s>", "strikethrough", {}),
    ("<strike>x</strike>", "strikethrough", {}),
    ("<del>x</del>", "strikethrough", {}),
    ("<code>x</code>", "code", {}),
    ("<pre>x</pre>", "pre", {}),
    ('<pre><code class="language-python">x</code></pre>', "pre", {"language": "python"}),
    ('<a href="https://example.com/a?b=1&amp;c=2">x</a>', "text_link", {"url": "https://example.com/a?b=1&c=2"}),
    ("<a href='https://example.com/a'>x</a>", "text_link", {"url": "https://example.com/a"}),
    ("<a href=example.com>x</a>", "text_link", {"url": "http://example.com/"}),
    ("<a>example.com/x</a>", "text_link", {"url": "http://example.com/x"}),
    ("<blockquote>x</blockquote>", "blockquote", {}),
    ("<blockquote expandable>x</blockquote>", "expandable_blockquote", {}),
    ('<blockquote expandable="">x</blockquote>', "expandable_blockquote", {}),
    ("<tg-spoiler>x</tg-spoiler>", "spoiler", {}),
    ('<span class="tg-spoiler">x</span>', "spoiler", {}),
    ('<tg-emoji emoji-id="536">x</tg-emoji>', "custom_emoji", {"custom_emoji_id": "536"}),
    ('<tg-time unix="1700000000">x</tg-time>', "date_time", {"unix_time": 1700000000}),
    ('<b id="unknown attributes are ignored">x</b>', "bold", {}),
    ("<b>x</>", "bold", {}),
]


@pytest.mark.parametrize(("markup", "kind", "facts"), ACCEPTED, ids=[row[0] for row in ACCEPTED])
def test_telegram_takes_these_tags(markup: str, kind: str, facts: dict[str, Any]) -> None:
    entity = parse_html(markup).entities[0]
    assert entity["type"] == kind
    assert {key: entity[key] for key in facts} == facts


REJECTED = [
    ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
    ("x<br>", 'Unsupported start tag "br" at byte offset 1'),
    ("x<br/>", 'Unsupported start tag "br/" at byte offset 1'),
    ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
    ("<ul><li>x</li></ul>", 'Unsupported start tag "ul" at byte offset 0'),
    ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ("你<x>", 'Unsupported start tag "x" at byte offset 3'),
    ("x <", "Unclosed start tag at byte offset 2"),
    ("<b", "Unclosed start tag at byte offset 0"),
    ('<a href="x', "Unclosed start tag at byte offset 0"),
    ("<a href=x", "Unclosed start tag at byte offset 0"),
    ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
    ("x</b>", "Unexpected end tag at byte offset 1"),
    ("<b>x</b", "Unclosed end tag at byte offset 4"),
    ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
    ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ("<a href=http://example.com>x</a>", "Unexpected end of name token at byte offset 8"),
    ("<a / href>x</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
]


@pytest.mark.parametrize(("markup", "reason"), REJECTED, ids=[row[0] for row in REJECTED])
def test_telegram_refuses_these_and_says_where(markup: str, reason: str) -> None:
    with pytest.raises(Refusal) as refusal:
        parse_html(markup)
    assert refusal.value.code == 400
    assert reason in refusal.value.description


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a & b > c", "a & b > c"),
        ("&lt;b&gt; &amp; &quot;", '<b> & "'),
        ("&nbsp;&copy;&apos;", "&nbsp;&copy;&apos;"),
        ("&#128512;&#x41;", "😀A"),
        ("&#0;&#xD800;", "&#0;&#xD800;"),
        ("&lt no semicolon", "< no semicolon"),
        ("&ampersand", "&ampersand"),
    ],
)
def test_only_four_named_references_mean_something(markup: str, text: str) -> None:
    assert parse_html(markup).text == text


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "https://localhost/x", "mailto:a@b.example", "http://[", "a b.c"]
)
def test_a_link_to_nowhere_vanishes_silently(url: str) -> None:
    assert parse_html(f'<a href="{url}">words</a>') == FormattedText("words")


def test_a_host_without_path_gets_its_slash() -> None:
    assert checked_link("https://example.com?q=1#x") == "https://example.com/?q=1#x"
    assert checked_link("tg://user?id=1") == "tg://user?id=1"


def test_offsets_are_utf16_units() -> None:
    (entity,) = parse_html("😀<b>bold</b>").entities
    assert (entity["offset"], entity["length"]) == (2, 4)


def test_empty_entities_vanish() -> None:
    assert parse_html("<b></b>x") == FormattedText("x")


def test_nothing_is_marked_inside_of_code_and_no_quote_inside_of_a_quote() -> None:
    assert kinds(parse_html("<code><b>x</b></code>")) == ["code"]
    assert kinds(parse_html("<pre>a <b>x</b></pre>")) == ["pre"]
    assert kinds(parse_html("<blockquote>a<blockquote expandable>x</blockquote></blockquote>")) == ["blockquote"]
    assert kinds(parse_html("<blockquote><b>x</b></blockquote>")) == ["blockquote", "bold"]


def test_white_space_at_both_ends_goes_with_what_it_carried() -> None:
    formatted = finish(parse_html("  \n a <b>bc \n</b>\n"))
    assert formatted.text == "a <b>bc".replace("<b>", "")
    assert [(e["offset"], e["length"]) for e in formatted.entities] == [(2, 2)]
    assert finish(parse_html("a<b> \n</b>")).entities == ()


def test_a_text_is_measured_after_parsing_in_utf16_units() -> None:
    assert utf16_length(finish(parse_html("<b>" + "😀" * (TEXT_LIMIT // 2) + "</b>")).text) == TEXT_LIMIT
    with pytest.raises(Refusal, match="message is too long"):
        finish(parse_html("😀" * (TEXT_LIMIT // 2) + "x"))


@pytest.mark.parametrize("text", [" ", "\n\n", "<b> </b>"])
def test_a_text_of_nothing_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="text must be non-empty"):
        finish(parse_html(text))


def test_more_than_a_hundred_entities_are_refused_or_ignored_as_wished() -> None:
    many = parse_html("<b>x</b> " * (ENTITY_LIMIT + 1))
    with pytest.raises(Refusal, match="101 entities"):
        finish(many)
    assert len(finish(many, surplus_entities=True).entities) == ENTITY_LIMIT


def test_commands_links_mentions_and_hashtags_are_found() -> None:
    formatted = plain("/start@briefwire_bot see https://example.com/a_(b). @ada_l #news #1 a/b x@y.zz /2much/")
    found = [(e["type"], slice_utf16(formatted.text, e["offset"], e["length"])) for e in formatted.entities]
    assert found == [
        ("bot_command", "/start@briefwire_bot"),
        ("url", "https://example.com/a_(b"),
        ("mention", "@ada_l"),
        ("hashtag", "#news"),
    ]


def test_nothing_is_found_inside_of_links_and_code() -> None:
    assert kinds(finish(parse_html("<code>/start</code> <a href='example.com'>#tag</a>"))) == ["code", "text_link"]


@pytest.mark.parametrize(
    ("entity", "reason"),
    [
        ({"type": "blink", "offset": 0, "length": 1}, "unsupported entity type"),
        ({"type": "bold", "offset": -1, "length": 1}, "wrong offset or length"),
        ({"type": "bold", "offset": 0, "length": 0}, "wrong offset or length"),
        ({"type": "bold", "offset": "0", "length": 1}, "wrong offset or length"),
        ({"type": "bold", "offset": 1, "length": 3}, "beyond the text"),
    ],
)
def test_entities_must_lie_in_the_text(entity: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        check_entities("abc", [entity])


def test_entities_can_be_given_instead_of_markup() -> None:
    given = [{"type": "bold", "offset": 0, "length": 2}, {"type": "url", "offset": 0, "length": 1}]
    assert check_entities("ab", given) == FormattedText("ab", ({"type": "bold", "offset": 0, "length": 2},))


@given(st.text(max_size=200))
def test_an_escaped_text_is_always_taken_and_comes_out_unchanged(text: str) -> None:
    assert parse_html(f"<b>{html.escape(text)}</b>".replace("&#x27;", "'")).text == text


@given(st.text(alphabet="<>/&b i=\"'ahref;#1x😀", max_size=60))
def test_any_text_is_either_taken_or_refused(text: str) -> None:
    try:
        formatted = parse_html(text)
    except Refusal as refusal:
        formatted = FormattedText("")
        reason = refusal.description
    else:
        reason = "Bad Request: can't parse entities: "
    total = utf16_length(formatted.text)
    assert reason.startswith("Bad Request: can't parse entities: ")
    assert all(entity["offset"] + entity["length"] <= total for entity in formatted.entities)
