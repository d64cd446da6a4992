"""Summaries through the front door."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import summarizer
from summarizer import METHODS, BudgetError, MethodError, TextError, summarize

ENGLISH = """The river Tarn burst its banks near Orvik on Monday, forcing 4,000 people from their homes.

Rescue boats reached the old town by noon. “We had ten minutes to leave,” said Mara Lind, who runs a bakery there.

The mayor of Orvik asked the army for help, and two hundred soldiers are building a wall of sandbags.
Engineers fear that the Orvik dam could fail if the rain goes on. A football match was called off.

Forecasters expect the river to fall by Thursday. The army will stay in Orvik until the dam is safe."""
CHINESE = (
    "塔恩河周一在奥维克决堤，四千人被迫离开家园。救援船中午到达老城。市长请求军队支援，二百名士兵正在筑沙袋墙。"
    "工程师担心，如果雨不停，奥维克大坝可能垮塌！一场足球赛被取消。气象部门预计河水周四回落。军队将留在奥维克，直到大坝安全"
)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (CHINESE, "zh")])
def test_every_ranker_chooses_sentences_word_for_word(method: str, text: str, language: str) -> None:
    summary = summarize(text, sentences=2, method=method)
    assert (summary.language, summary.method, len(summary.sentences)) == (language, method, 2)
    assert all(text[sentence.start : sentence.end] == sentence.text for sentence in summary.sentences)
    assert summary.sentences[0].start < summary.sentences[1].start


def test_focus_pulls_the_summary_to_what_the_reader_looks_for() -> None:
    summary = summarize(ENGLISH, focus=["football"])
    assert any("football" in sentence.text for sentence in summary.sentences)
    assert len(summary.sentences) == 3


def test_focus_works_without_spaces_between_words() -> None:
    assert "足球" in "".join(sentence.text for sentence in summarize(CHINESE, focus=["足球"], sentences=1).sentences)


def test_focus_meets_whole_words_only() -> None:
    assert summarize(ENGLISH, focus=["arm"]) == summarize(ENGLISH)
    city = CHINESE + "北京东城的工人没有来。"
    assert summarize(city, focus=["京东"], sentences=2) == summarize(city, sentences=2)


def test_a_budget_of_words_is_kept() -> None:
    summary = summarize(ENGLISH, sentences=None, words=30)
    assert 0 < sum(len(sentence.text.split()) for sentence in summary.sentences) <= 30


def test_a_budget_of_words_counts_characters_in_chinese() -> None:
    summary = summarize(CHINESE, sentences=None, words=30)
    assert 0 < sum(len(sentence.text) for sentence in summary.sentences) <= 51


def test_the_best_sentence_is_told_even_if_it_is_longer_than_the_budget() -> None:
    assert len(summarize(ENGLISH, sentences=None, words=1).sentences) == 1


@pytest.mark.parametrize("text", ["", "  \n\u3000 "])
def test_an_empty_text_has_an_empty_summary(text: str) -> None:
    assert summarize(text).sentences == ()


def test_a_text_of_one_sentence_is_its_own_summary() -> None:
    assert [sentence.text for sentence in summarize("Nothing happened").sentences] == ["Nothing happened"]


def test_equal_sentences_are_told_from_their_own_places() -> None:
    text = "It rains. It rains. It rains."
    assert [sentence.start for sentence in summarize(text).sentences] == [0, 10, 20]


def test_a_text_that_only_leans_is_told_all_the_same() -> None:
    assert len(summarize("He came. She left.").sentences) == 2


def test_a_focus_that_leans_comes_with_the_sentence_that_it_leans_on() -> None:
    text = ENGLISH.replace("A football match", "The old bridge is closed. It crosses near the football ground. A match")
    told = [sentence.text for sentence in summarize(text, focus=["football"]).sentences]
    assert "The old bridge is closed." in told


def test_a_focused_summary_keeps_the_articles_point_where_the_budget_allows() -> None:
    generic = summarize(ENGLISH, sentences=1).sentences[0]
    for budget in ({"sentences": 2}, {"sentences": None, "words": 40}):
        assert generic in summarize(ENGLISH, focus=["football"], **budget).sentences


def test_an_overlong_carrier_that_is_no_sentence_gives_way_to_the_articles_point() -> None:
    lineup = "Teams: " + "Mara Lind, Bo Venn, Orla Finch, " * 8 + "football."
    text = f"{ENGLISH}\n\n{lineup}".replace("A football match", "A match")
    told = summarize(text, focus=["football"], sentences=None, words=52).sentences
    assert "football" not in "".join(sentence.text for sentence in told)
    assert summarize(ENGLISH, sentences=1).sentences[0] in told
    assert lineup in [sentence.text for sentence in summarize(text, focus=["football"]).sentences]


def test_a_summary_that_carries_the_focus_by_itself_stays_as_it_is() -> None:
    assert summarize(ENGLISH, focus=["Orvik"]) == summarize(ENGLISH)


@pytest.mark.parametrize("method", METHODS)
def test_every_ranker_can_be_focused(method: str) -> None:
    for budget in ({"sentences": 2}, {"sentences": None, "words": 40}):
        told = summarize(ENGLISH, focus=["football"], method=method, **budget).sentences
        assert any("football" in sentence.text for sentence in told)
        assert all(ENGLISH[sentence.start : sentence.end] == sentence.text for sentence in told)


def test_of_what_carries_the_focus_what_carries_most_of_it_is_told() -> None:
    text = f"{ENGLISH} The football club lent its stadium."
    told = "".join(sentence.text for sentence in summarize(text, focus=["football", "stadium"], sentences=2).sentences)
    assert "stadium" in told


def test_what_is_no_readable_sentence_never_takes_the_place_of_all_the_others() -> None:
    text = f"{ENGLISH}\n\nFootball ground, pictured left, with the cathedral behind"
    assert summarize(text, focus=["cathedral"], sentences=1) == summarize(text, sentences=1)
    told = summarize(text, focus=["cathedral"], sentences=2).sentences
    assert ["cathedral" in sentence.text for sentence in told] == [False, True]


def test_a_focused_summary_does_not_begin_with_what_leans_where_there_is_room_for_more() -> None:
    text = ENGLISH.replace("A football match", "The old bridge is closed. It crosses near the football ground. A match")
    for words in range(20, 80, 5):
        told = summarize(text, focus=["football"], sentences=None, words=words).sentences
        assert "football" in "".join(sentence.text for sentence in told)
        assert not told[0].text.startswith("It ")


def test_a_wrong_budget_is_named() -> None:
    with pytest.raises(BudgetError, match="no_budget"):
        summarize(ENGLISH, sentences=None)
    with pytest.raises(BudgetError, match=r"budget_too_small \(budget='words', given=0\)"):
        summarize(ENGLISH, words=0)


def test_an_unknown_ranker_is_named_with_those_that_there_are() -> None:
    with pytest.raises(MethodError, match="lexrank"):
        summarize(ENGLISH, method="magic")


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(TextError, match="bytes"):
        summarize(b"bytes")  # type: ignore[arg-type]


def test_importing_the_library_loads_nothing_heavy() -> None:
    heavy = ("sumy", "nltk", "numpy", "Stemmer", "rjieba")
    code = f"import sys, summarizer; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "[]\n"


def test_the_library_has_no_other_names() -> None:
    assert all(getattr(summarizer, name) for name in summarizer.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        _ = summarizer.nothing


@settings(deadline=None)
@given(st.text())
def test_any_text_is_summarised_without_a_crash(text: str) -> None:
    for sentence in summarize(text).sentences:
        assert text[sentence.start : sentence.end] == sentence.text
