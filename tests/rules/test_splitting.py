"""A text of any length becomes messages that Telegram takes whole, in order, with nothing lost."""

import re
from collections.abc import Callable

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Button, Html, Message
from bot.rules.splitting import MESSAGE_ENTITIES, MESSAGE_UNITS, cut, fits, split, units
from bot.sandbox.entities import FormattedText, finish, parse_html, slice_utf16

FAMILY, FLAG, ACCENTED = "👩‍👩‍👧‍👦", "🇰🇷", "e\u0301\u0323"

words = st.one_of(
    st.sampled_from(
        ["word", "a &amp; b", "&#128077;", FAMILY, FLAG, ACCENTED, "字字。", "The end. ", "\n\n", "\n", "x" * 90]
    ),
    st.text(alphabet="abc 字👍\n", max_size=12),
)
long_runs = st.builds(lambda word, times: word * times, words, st.integers(1, 400))
wraps: list[Callable[[str], str]] = [
    lambda inside: f"<b>{inside}</b>",
    lambda inside: f"<i>{inside}</i> ",
    lambda inside: f"<blockquote expandable>{inside}</blockquote>",
    lambda inside: f'<a href="https://news.example/?a=1&amp;b=&gt;">{inside}</a>',
    lambda inside: f'<span class="tg-spoiler">{inside}</span>',
]
texts = st.recursive(
    st.one_of(words, long_runs),
    lambda inner: st.one_of(
        st.builds(lambda wrap, inside: wrap(inside), st.sampled_from(wraps), inner),
        st.lists(inner, max_size=5).map("".join),
        st.builds(
            lambda inside, times: inside[:900] * times if "<" not in inside else inside, inner, st.integers(1, 9)
        ),
    ),
    max_leaves=12,
)
many_entities = st.builds(
    lambda word, times: f"<b>{word}</b> " * times, st.sampled_from(["x", FAMILY]), st.integers(1, 350)
)
blocks = st.lists(st.one_of(texts, many_entities), min_size=1, max_size=4)


def taken(message: Message) -> FormattedText:
    """The message as Telegram's own parser takes it; it refuses what is too much."""
    return finish(parse_html(message.text))


def dense(text: str) -> str:
    return re.sub(r"\s", "", text)


def links(html: str) -> set[str]:
    """Where the links lead that a reader can see."""
    text, entities = (parsed := parse_html(html)).text, parsed.entities
    seen = (one for one in entities if slice_utf16(text, one["offset"], one["length"]).strip())
    return {one["url"] for one in seen if one["type"] == "text_link"}


@settings(max_examples=50, deadline=None)
@given(blocks)
def test_every_part_is_taken_and_together_they_say_everything(given_blocks: list[str]) -> None:
    said = [block for block in given_blocks if dense(parse_html(block).text)]
    parts = split([Html(block) for block in said])
    assert dense("".join(taken(part).text for part in parts)) == dense("".join(parse_html(one).text for one in said))
    assert set[str]().union(*(links(part.text) for part in parts)) == set[str]().union(*map(links, said))


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.sampled_from([FAMILY, FLAG, ACCENTED, "👍🏽", "x", "<b>" + FLAG + "</b>"]), min_size=900, max_size=1_500
    )
)
def test_no_character_is_torn_apart(characters: list[str]) -> None:
    whole = parse_html("".join(characters)).text
    parts = [taken(part).text for part in split([Html("".join(characters))])]
    assert [one for part in parts for one in regex.findall(r"\X", part)] == regex.findall(r"\X", whole)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        (("A sentence. " * 200 + "\n\n") * 3, "sentence."),
        ("A line without an end\n" * 400, "end"),
        ("One more sentence stands here. " * 300, "here."),
        ("这是一句话。" * 1_500, "。"),
        ("word " * 2_000, "word"),
    ],
)
def test_the_cut_comes_after_a_paragraph_else_a_line_a_sentence_a_word(text: str, ends: str) -> None:
    parts = split([Html(text)])
    assert len(parts) > 1
    assert all(part.text.endswith(ends) for part in parts)


def test_a_paragraph_is_kept_whole_where_it_can_be() -> None:
    first, second = "One. " * 500, "Two. " * 500
    assert [part.text for part in split([Html(f"{first}\n\n{second}")])] == [first.strip(), second.strip()]


def test_open_tags_are_closed_at_a_cut_and_opened_again_after_it() -> None:
    first, second = split([Html(f"<blockquote expandable><b>{'x' * 3_000} {'y' * 3_000}</b></blockquote>")])
    assert first.text == f"<blockquote expandable><b>{'x' * 3_000} </b></blockquote>"
    assert second.text == f"<blockquote expandable><b>{'y' * 3_000}</b></blockquote>"


def test_a_link_is_not_cut_unless_it_is_longer_than_a_message() -> None:
    link = f'<a href="https://news.example/">{"two words " * 20}</a>'
    parts = split([Html("word " * 800 + link + " end")])
    assert [part.text.count("<a ") for part in parts] == [0, 1]
    endless = split([Html(f'<a href="https://news.example/">{"two words " * 500}</a>')])
    assert [part.text.count("<a ") for part in endless] == [1, 1]


def test_a_link_that_is_its_own_address_leads_to_all_of_it_in_every_part() -> None:
    address = "https://news.example/" + "x" * 5_000
    assert {entity["url"] for part in cut(Html(f"<a>{address}</a>")) for entity in parse_html(part).entities} == {
        address
    }


def test_markup_that_is_broken_is_mended_as_it_is_cut() -> None:
    parts = split([Html(f"</i><b>{'x ' * 3_000}")])
    assert [taken(part).entities[0]["type"] for part in parts] == ["bold", "bold"]


def test_entities_that_stand_one_in_another_a_hundred_times_are_as_many_as_telegram_takes() -> None:
    [part] = split([Html("<b>" * 120 + "x" + "</b>" * 120)])
    assert len(taken(part).entities) == MESSAGE_ENTITIES


def test_a_character_with_thousands_of_marks_is_cut_all_the_same() -> None:
    assert [units(part) for part in cut(Html("e" + "\u0301" * 5_000))] == [MESSAGE_UNITS, 5_001 - MESSAGE_UNITS]


def test_a_big_block_shares_its_first_message_with_what_fits_before_it() -> None:
    parts = split([Html("Head"), Html("x" * 2_000 + "\n\n" + "y" * 3_000), Html("Foot")])
    assert [part.text for part in parts] == ["Head\n\n" + "x" * 2_000, "y" * 3_000 + "\n\nFoot"]


def test_nothing_to_say_is_one_empty_part() -> None:
    assert cut(Html(" \n ")) == [""]


def test_buttons_stand_under_the_last_message_only() -> None:
    parts = split([Html("x" * 3_000), Html("y" * 3_000)], [[Button("More", "more:1")]])
    assert parts == [Message("x" * 3_000), Message("y" * 3_000, ((Button("More", "more:1"),),))]
    assert split([]) == []


def test_a_message_takes_a_hundred_entities_and_no_more() -> None:
    blocks = [Html(f"<b>{n}</b>") for n in range(101)]
    assert [message.text.count("<b>") for message in split(blocks)] == [100, 1]
    assert fits("<b>x</b>" * 100)
    assert not fits("<b>x</b>" * 101)


def test_length_is_counted_in_utf_16_units_after_the_markup_is_gone() -> None:
    assert units("a字👍") == 4
    assert fits(f"<b>{'&amp;' * MESSAGE_UNITS}</b>")
    assert not fits("👍" * (MESSAGE_UNITS // 2 + 1))
