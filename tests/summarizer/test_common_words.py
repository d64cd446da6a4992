"""Everyday words of scripts whose case tells nothing, and names that are none."""

import pytest

from summarizer.common_words import is_common_german, is_common_word


@pytest.mark.parametrize("word", "学校 大学 电影 医院 土地 手机 映画 选手 アプリ バス 交通事故 计划生育".split())
def test_everyday_words_are_known(word: str) -> None:
    assert is_common_word(word)


@pytest.mark.parametrize("word", "中国 北京 东京 美国 国务院 毛泽东 トヨタ 京东 日本人 中国学校".split())
def test_names_are_no_everyday_words(word: str) -> None:
    assert not is_common_word(word)


def test_german_nouns_are_known_in_their_forms() -> None:
    assert all(map(is_common_german, "bahn wahlen hauser strasse".split()))
    assert not any(map(is_common_german, "merkel wien berlin siemens".split()))
