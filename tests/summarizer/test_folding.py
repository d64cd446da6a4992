"""Folding: the same for articles and queries, right for many scripts, and with a way back to the original."""

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from summarizer.folding import fold, fold_with_offsets, search_pattern
from summarizer.text import fold_words

SAMPLES = [
    ("North Korea's troops", " north korea troops "),
    ("  ", " "),
    ("...", " "),
    ("COVID-19 don’t l'Ukraine", " covid 19 don t l ukraine "),
    ("朝鮮軍隊在臺灣", " 朝鲜军队在台湾 "),
    ("iPhone手机", " iphone 手机 "),
    ("U.S. and US told us.", " u s and u s told us "),
    ("U.S.A., USA, J.K. Rowling", " usa usa jk rowling "),
    ("SOUTH ASKS US FOR GRAIN", " south asks us for grain "),
    ("AI技术 A.I.", " a i 技术 a i "),
    ("Vitamin B. C is next", " vitamin b c is next "),
    ("C++, C#, F♯ and C++11", " c ++ c ## f ## and c ++ 11 "),
    ("AT&T, Johnson & Johnson; Disney+ a+b", " at & t johnson & johnson disney + a b "),
    ("$TSLA costs $5 #tag @name #北京#", " $ tsla costs 5 # tag @ name # 北京 "),
    ("Ｃ＋＋ ＡＢＣ １２３ ＃話題", " c ++ abc 123 # 话题 "),
    ("Łódź Ørsted Đinh straße STRASSE İstanbul Diyarbakır", " lodz orsted dinh strasse strasse istanbul diyarbakir "),
    ("Cœur æon ﬁn ½ iPhone™", " coeur aeon fin 1 2 iphone "),
    ("ｶﾞｰﾄﾞ ｱｲ", " ガード アイ "),
    ("ウラジーミル・プーチン Paul・X", " ウラジーミルプーチン paul x "),
    ("हिन्दी में", " हिन्दी में "),
    ("วันนี้", " วันนี้ "),
    ("йод Йод ёлка за́мок Київ", " йод йод елка замок київ "),
    ("Ἀθήνα ΑΘΗΝΑΣ", " αθηνα αθηνασ "),
    ("وَالعِراق أحمد مصـر على", " والعراق احمد مصر علي "),
    ("שָׁלוֹם", " שלום "),
    ("٢٠٢٤ २०२४", " 2024 2024 "),
    ("BTS가 美대통령", " bts 가 美 대통령 "),
    ("Ukraine❤️👍🏽 so\u00adft zero\u200bwidth", " ukraine soft zerowidth "),
    ("ʻOkina it’s O'Brien’s 'S 5's ends' S’S", " okina it o brien s 5 s ends s "),
]


@pytest.mark.parametrize(("text", "folded"), SAMPLES)
def test_a_text_is_folded_by_the_rules(text: str, folded: str) -> None:
    assert fold(text) == folded
    assert fold_with_offsets(text).text == folded


@pytest.mark.parametrize(("decomposed", "composed"), [("й", "й"), ("ガ", "ガ"), ("한국", "한국"), ("Café", "café")])
def test_composed_and_decomposed_letters_are_one(decomposed: str, composed: str) -> None:
    assert fold(decomposed) == fold(composed)
    assert fold_with_offsets(decomposed).text == fold(composed)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8")))
@example("e\u0301\u0323 \u09c7\u09be ｶﾞ U.S.A. U.S. #tag C#")
def test_offsets_never_change_what_is_folded(text: str) -> None:
    folded = fold_with_offsets(text)
    assert folded.text == fold(text)
    assert len(folded.text) == len(folded.starts) == len(folded.ends)
    assert all(0 <= start <= end <= len(text) for start, end in zip(folded.starts, folded.ends, strict=True))


@settings(deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_a_folded_text_has_single_spaces_and_one_at_each_end(text: str) -> None:
    folded = fold(text)
    assert folded == " " or folded == f" {' '.join(folded.split())} "
    assert folded.split() == fold_words(text)


@settings(deadline=None)
@given(st.text(), st.text())
def test_what_stands_on_both_sides_of_a_line_break_is_folded_by_itself(left: str, right: str) -> None:
    joined = fold_words(f"{left} a\nb {right}")
    assert joined == fold_words(f"{left} a\n") + fold_words(f"\nb {right}")


@pytest.mark.parametrize(
    ("text", "words", "original"),
    [
        ("The U.S. said", "u s", "U.S"),
        ("In Łódź’s centre", "lodz", "Łódź"),
        ("he said 朝鮮軍隊 came", "军队", "軍隊"),
        ("in Cafe\u0301 Noir", "cafe noir", "Cafe\u0301 Noir"),
        ("ｶﾞｰﾄﾞ", "ガ", "ｶﾞ"),
        ("ウラジーミル・プーチン氏", "ミルプ", "ミル・プ"),
        ("uses C++ now", "c ++", "C++"),
        ("㈱トヨタ", "株", "㈱"),
    ],
)
def test_a_hit_is_found_again_in_the_original(text: str, words: str, original: str) -> None:
    folded = fold_with_offsets(text)
    at = folded.text.index(words)
    start, end = folded.original(at, at + len(words))
    assert text[start:end] == original


def test_the_spaces_around_a_hit_are_no_part_of_it() -> None:
    folded = fold_with_offsets("one two")
    assert folded.original(0, len(folded.text)) == (0, 7)


def test_the_place_of_nothing_is_empty() -> None:
    folded = fold_with_offsets("one two")
    assert folded.original(4, 5) == (4, 4)


@pytest.mark.parametrize(
    ("words", "pattern"), [("iran", " iran "), ("朝鲜", "朝鲜"), ("iphone 手机", " iphone 手机"), ("& +", ""), ("", "")]
)
def test_a_pattern_marks_where_words_begin_and_end(words: str, pattern: str) -> None:
    assert search_pattern(words) == pattern


def test_folding_needs_no_library() -> None:
    code = "import sys, summarizer.text; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert not loaded & {"numpy", "sumy", "nltk", "rjieba", "Stemmer", "bot"}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("WN-DS/US", " wn ds us "),
        ("EU/US talks", " e u u s talks "),
        ("UK-US trade", " uk u s trade "),
        ("SIVASSPOR'UN HAYALI", " sivasspor un hayali "),
        ("the 'US' way", " the u s way "),
    ],
)
def test_letters_stand_apart_where_they_are_an_abbreviation(text: str, folded: str) -> None:
    assert fold(text) == folded == fold_with_offsets(text).text
