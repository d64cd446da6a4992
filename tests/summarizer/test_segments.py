"""Segments: a short term is met where it is a word, and not where its characters end one word and begin the next."""

import subprocess
import sys
from math import inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.folding import fold, fold_words
from summarizer.han_words import WORDS
from summarizer.segments import ASKED, NAMES, REACH, SEEN, UNKNOWN, is_doubtful, is_word_in, words_at


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("京东", "他在北京东城上班"),
        ("京都", "东京都知事今天表示"),
        ("京都", "東京都内の会場"),
        ("手机", "对手机会不多"),
        ("国会", "联合国会议昨天开幕"),
        ("国会", "中国会计准则"),
        ("央行", "中央行政部门"),
        ("市长", "南京市长江大桥"),
        ("生活", "大学生活动中心"),
        ("日本", "今日本报讯"),
        ("中国队", "我国的中国队员"),
        ("和平", "天津市和平区的一家商店"),
        ("印度", "印度尼西亚总统"),
        ("罗马", "罗马尼亚选举"),
        ("西亚", "马来西亚航空"),
        ("パン", "ジャパン株式会社"),
        ("パン", "パンダの赤ちゃん"),
        ("バス", "朝のバスケット"),
    ],
)
def test_what_straddles_words_is_no_word(term: str, text: str) -> None:
    assert not _is_word(term, text)


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("京东", "我在京东买了东西"),
        ("京东", "京东"),
        ("京都", "京都大学の研究"),
        ("京都", "秋の京都へ"),
        ("手机", "智能手机销量下降"),
        ("手机", "买手机了"),
        ("国会", "美国国会议员访问"),
        ("央行", "日本央行加息"),
        ("中国", "从中国队员到教练"),
        ("大学", "大学院に進学する"),
        ("地产", "房地产公司"),
        ("总统", "副总统讲话"),
        ("东京", "东京都知事"),
        ("和平", "和平谈判开始"),
        ("和平区", "天津市和平区"),
        ("印度", "印度尼西亚和印度总理"),
        ("パン", "焼きたてのパンを買う"),
        ("バス", "バスに乗る"),
    ],
)
def test_a_word_is_met_alone_and_in_compounds(term: str, text: str) -> None:
    assert _is_word(term, text)


def _is_word(term: str, text: str) -> bool:
    folded, wanted = fold(text), fold(term).strip()
    assert is_doubtful(wanted)
    found = list(words_at(wanted, folded))
    assert is_word_in(wanted, folded) is bool(found)
    return folded.rindex(wanted) in found


@pytest.mark.parametrize("literal", [" iran ", "中", "海峡时报", "アプリ", " 手机 ", "と手", "iphone手机", "대통령"])
def test_only_short_terms_are_doubted(literal: str) -> None:
    assert not is_doubtful(literal)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_name_is_itself_and_no_part_of_it_is(name: str) -> None:
    assert 0 in words_at(name, name)
    assert not list(words_at(name[:2], name))
    assert not list(words_at(name[-2:], name))


@given(
    st.text("东京都北城国会中手机大学院アパン a", max_size=12), st.text("东京都国会手机大学", min_size=2, max_size=3)
)
def test_a_term_with_nothing_of_its_script_around_is_a_word(around: str, term: str) -> None:
    text = f"{around} {term} {around}"
    assert len(around) + 1 in words_at(term, text)


def test_deciding_loads_nothing_heavy() -> None:
    code = "import sys, summarizer.segments as s; assert not list(s.words_at('京东', '北京东城')); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not set(loaded) & {"rjieba", "sumy", "nltk", "numpy"}


@pytest.mark.parametrize(
    ("term", "text", "is_there"),
    [
        ("河北", "天津市公安局河北分局作出决定", False),
        ("河北", "天津市河北区政府决定河北的事", False),
        ("河北", "由和平、河北、河西、东丽、大港区负责", False),
        ("河北", "河北省和天津市河北区", True),
        ("河北", "河北的天气", True),
        ("河北", "モデルの河北麻友子さんが登場", False),
        ("河北", "中国の河北省で", True),
        ("河南", "河南の知事が", False),
        ("中国", "関西・中国・四国地区の店舗", False),
        ("和平", "和平的谈判", True),
    ],
)
def test_a_district_or_a_japanese_name_is_not_the_province(term: str, text: str, is_there: bool) -> None:
    wanted, folded = "".join(fold_words(term)), fold(text)
    assert bool(list(words_at(wanted, folded))) is is_there
    assert is_word_in(wanted, folded) is is_there


_WORDS = {
    words[place : place + length]: bits
    for length, by_bits in WORDS.items()
    for bits, words in by_bits.items()
    for place in range(0, len(words), length)
}
_TWO_AND_THREE = sorted(word for word in _WORDS if len(word) > 1)


def _best(text: str, uncut: int = -1, term: tuple[int, int] = (0, 0)) -> float:
    """The best cut of a text into words, character by character, but not at `uncut` nor with all of the term in one."""
    scores = [0.0]
    for end in range(1, len(text) + 1):
        best = scores[-1] + _WORDS.get(text[end - 1], UNKNOWN) - SEEN
        for start in range(max(0, end - 3), end - 1):
            if text[start:end] in _WORDS and not start <= term[0] < term[1] <= end:
                best = max(best, scores[start] + _WORDS[text[start:end]] - SEEN)
        scores.append(-inf if end == uncut else best)
    return scores[-1]


def _slowly(term: str, text: str) -> list[int]:
    found = []
    for start in range(len(text) - len(term) + 1):
        before, after = text[max(0, start - REACH) : start], text[start + len(term) :][:REACH]
        if not text.startswith(term, start):
            continue
        around, first = before + term + after, len(before)
        cuts = [cut for cut in (first, first + len(term)) if 0 < cut < len(around)]
        elsewhere = max((_best(around, cut, (first, first + len(term))) for cut in cuts), default=-inf)
        if max(ASKED - SEEN, _best(term)) + _best(before) + _best(after) >= elsewhere:
            found.append(start)
    return found


@settings(deadline=None, max_examples=1_500)
@given(
    st.lists(st.one_of(st.sampled_from(_TWO_AND_THREE), st.sampled_from("的国人大中会不一")), min_size=2, max_size=6),
    st.integers(0, 12),
    st.integers(2, 3),
)
def test_straddles_are_told_from_words_as_by_trying_every_cut(words: list[str], start: int, length: int) -> None:
    text = "".join(words)
    term = text[start : start + length]
    if len(term) < 2 or any(term in name for name in NAMES) or "大学院" in text:
        return
    assert list(words_at(term, text)) == _slowly(term, text)
    assert is_word_in(term, text) is bool(_slowly(term, text))
