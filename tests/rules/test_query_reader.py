"""Canonical texts are read by a short cut to the same trees that the parser gives."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.rules.queries import parse_query
from bot.rules.query_parser import parse_tree
from bot.rules.query_reader import is_plain_term, read_canonical
from bot.rules.query_tree import Node, Term

_term = st.sampled_from(
    [
        "north korea",
        '"climate change"',
        "朝鲜",
        "iphone手机",
        "朝鲜 军队",
        "북한 미사일",
        "삼성",
        "президент украины",
        "हिन्दी",
        "c++",
        "at&t",
        "U.S.",
        "AI",
        '"us"',
        "us troops",
        "troop*",
        "#politics",
        "title:troops",
        "title:(Seoul NEAR/3 Korea)",
        "site:example.com",
        "Kim NEAR/4 Putin",
        "and",
        '"not or"',
    ]
)
_query = st.recursive(
    _term,
    lambda inner: st.one_of(
        st.builds("({}) AND ({})".format, inner, inner),
        st.builds("({}) OR ({})".format, inner, inner),
        st.builds("({}) AND NOT ({})".format, inner, inner),
    ),
    max_leaves=6,
)


@settings(deadline=None)
@given(_query)
def test_a_canonical_text_is_read_as_the_parser_reads_it(text: str) -> None:
    try:
        canonical = parse_query(text).canonical
    except QueryError:
        return
    assert read_canonical(canonical) == parse_tree(canonical)[0]


@pytest.mark.parametrize("text", ["a b) c", "(north korea", "Seoul", "us", "朝鲜 军队 OR kim", "a AND", "kim)", "()"])
def test_what_is_not_canonical_is_left_to_the_parser(text: str) -> None:
    assert _tree_or_reason(read_canonical, text) == _tree_or_reason(lambda one: parse_tree(one)[0], text)


@pytest.mark.parametrize(
    ("text", "plain"),
    [("north korea", True), ('"us"', True), ("us", False), ("Seoul", False), ("朝鲜 军队", False), ("troop*", False)],
)
def test_a_plain_term_is_told_by_its_text(text: str, plain: bool) -> None:
    assert is_plain_term(text) is plain


def _tree_or_reason(read: Callable[[str], Node], text: str) -> Node | str:
    try:
        return read(text)
    except QueryError as error:
        return error.reason


def test_terms_differ_by_what_they_ask_for_and_not_by_how_they_were_written() -> None:
    written = Term("kim", "KIM", 7)
    assert not written != Term("kim")  # noqa: SIM202 - the operator is what is asked
    assert hash(written) == hash(Term("kim"))
    assert written != Term("kim", exact=True)
    assert written != tuple(written)
