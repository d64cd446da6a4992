"""Matching in Chinese and Japanese: a short term is met as a word, the same way by all queries at once and by one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.matching import Document, Matcher, explain_match, fold_document, is_met
from bot.rules.queries import parse_query
from tests.make import rebuild


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("京东", "记者来到北京东城的一家书店"),
        ("京東", "記者來到北京東城的一家書店"),
        ("京都", "東京都は18日、発表した"),
        ('"京都"', "東京都内で開かれた"),
        ("手机", "对手机会不多，只赢了一局"),
        ("国会", "这是最新的中国会计准则"),
        ("国会", "联合国会议昨天闭幕"),
        ("印度", "印度尼西亚总统昨天出访"),
        ("和平", "他住在天津市和平区"),
        ("パン", "ジャパンの代表"),
        ("バス", "バスケットの試合"),
        ("北京 AND 京东", "北京东城"),
        ("京东 OR 京都", "北京东城和东京都"),
        ("北京 NEAR/9 京都", "北京から東京都まで"),
        ("title:京都", "北京から"),
    ],
)
def test_characters_that_straddle_words_are_not_the_word(text: str, article: str) -> None:
    _check(text, Document(title="東京都", text=article), met=False)


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("京东", "京东在北京东城开了店"),
        ("京东", "北京东城的店在京东上也有"),
        ("京都", "東京都から京都府へ"),
        ("东京", "東京都は18日、発表した"),
        ("手机", "新的智能手机会更便宜"),
        ("国会", "美国国会议员访问欧洲"),
        ("印度", "印度和印度尼西亚签署协议"),
        ("パン", "焼きたてのパン"),
        ("北京 -京东", "北京东城"),
        ("東京 NEAR/9 京都", "東京から京都へ"),
        ("title:東京", "北京から"),
        ("#京都 OR 东京", "東京都"),
    ],
)
def test_a_word_is_met_beside_what_straddles(text: str, article: str) -> None:
    _check(text, Document(title="東京都", text=article), met=True)


def _check(text: str, document: Document, *, met: bool) -> None:
    query = parse_query(text)
    stored = Document(document.title, document.text, prefolded=fold_document(document.title, document.text))
    for article in (document, stored):
        assert is_met(query.root, article) is met
        assert (explain_match(query, article) is not None) is met
        matcher = Matcher()
        matcher.add(1, query)
        assert [match.query_id for match in matcher.match(article)] == [1] * met
        rebuild(matcher)
        assert matcher.match_ids(article) == {1} - ({1} if not met else set())


def test_only_the_word_is_shown() -> None:
    document = Document(title="北京东城的京东", text="在京东。北京东城。京東的店")
    hits = explain_match(parse_query("京东"), document) or ()
    assert [(hit.field, hit.start, hit.end) for hit in hits] == [("title", 5, 7), ("text", 1, 3), ("text", 9, 11)]


def test_a_number_that_is_used_again_is_doubted_like_its_own_literal() -> None:
    matcher = Matcher()
    matcher.add(1, parse_query("京都"))
    matcher.discard(1)
    for _ in range(2):
        rebuild(matcher)
    matcher.add(2, parse_query('"word"'))
    matcher.add(3, parse_query("京都"))
    assert matcher.match_ids(Document(text="word in 東京都")) == {2}
    assert matcher.match_ids(Document(text="word in 京都")) == {2, 3}


_parts = [
    "北京",
    "东城",
    "京都",
    "东京",
    "都",
    "中国",
    "国会",
    "会议",
    "手机",
    "パン",
    "ジャ",
    "は",
    " ",
    "和平区",
    "seoul",
]
_terms = ["京东", "京都", "东京", "国会", "手机", "和平", "パン", "中国", "城中", "seoul", "中国会"]
_queries = st.one_of(
    st.sampled_from(_terms),
    st.builds("{} AND {}".format, st.sampled_from(_terms), st.sampled_from(_terms)),
    st.builds("{} OR title:{}".format, st.sampled_from(_terms), st.sampled_from(_terms)),
    st.builds("{} -{}".format, st.sampled_from(_terms[:5]), st.sampled_from(_terms[5:])),
    st.builds("{} NEAR/5 {}".format, st.sampled_from(_terms), st.sampled_from(_terms)),
    st.builds("source:{}".format, st.sampled_from(_terms)),
)
_text = st.lists(st.sampled_from(_parts), max_size=10).map("".join)


@settings(deadline=None)
@given(st.lists(_queries, min_size=1, max_size=8), _text, _text, _text)
def test_all_at_once_find_what_each_finds_alone(texts: list[str], title: str, text: str, source: str) -> None:
    document = Document(title=title, text=text, source=source)
    matcher = Matcher()
    queries = {number: parse_query(query) for number, query in enumerate(texts)}
    for number, query in queries.items():
        matcher.add(number, query)
    alone = {number for number, query in queries.items() if is_met(query.root, document)}
    assert matcher.match_ids(document) == alone
    for number, query in queries.items():
        hits = explain_match(query, document)
        assert (hits is not None) == (number in alone)
        assert hits is None or all(
            any(part in document.folded for part in group) for group in query.required_literals()
        )
        if hits is not None and number in alone:
            assert hits or " -" in texts[number]
