"""Whatever comes in, a sensible answer comes out."""

import pytest

from summarizer import METHODS, extract_keywords, split_sentences, summarize, summarize_story

ODD = {
    "quotes only": '"' * 5_000,
    "stops only": ". " * 5_000,
    "stops and quotes": 'Abcd."Cdef' * 500,
    "one giant word": "a" * 20_000,
    "one giant word in capitals": "A" * 100_000,
    "one giant paragraph": "river bank " * 3_000,
    "initials": "A. " * 3_000,
    "white space": " \n\t\u3000" * 3_000,
    "short lines": "short line\n" * 1_000,
    "capitals": "THE RIVER ROSE. " * 800,
    "Chinese without stops": "河水上涨" * 3_000,
    "Chinese at great length": f"{'河水上涨。' * 9}{'河水上涨' * 30_000}",
    "Thai without stops": "กองทัพสร้างกำแพงให้เมือง " * 500,
    "quotations that nest": "“a ”b " * 2_000,
    "control characters": "\x00\x1f" * 2_000,
    "half a character": "\ud800 a. " * 500,
    "emoji": "😀. " * 2_000,
    "many scripts": "North Korea 朝鲜 Россия الجيش हिन्दी ไทย. " * 300,
    "a headline": "Storm hits Port Tarn",
    "one sentence": "It rained in Port Tarn.",
}


@pytest.mark.parametrize("name", ODD)
def test_odd_texts_are_split_summarised_and_searched_for_keywords(name: str) -> None:
    text = ODD[name]
    sentences = split_sentences(text)
    assert "".join("".join(sentence.text.split()) for sentence in sentences) == "".join(text.split())
    for budget in ({"sentences": 3}, {"sentences": None, "words": 75}):
        summary = summarize(text, title="Storm", focus=["rain", "!"], **budget)
        assert all(text[sentence.start : sentence.end] == sentence.text for sentence in summary.sentences)
        assert bool(summary.sentences) == bool(sentences)
    assert len(extract_keywords(text, title="Storm")) <= 6


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", ["stops only", "capitals", "one sentence", "white space", "Chinese at great length"])
def test_every_ranker_bears_odd_texts(method: str, name: str) -> None:
    text = ODD[name]
    for sentence in summarize(text, method=method).sentences:
        assert text[sentence.start : sentence.end] == sentence.text


def test_a_story_of_odd_texts_has_a_summary() -> None:
    class Article:
        def __init__(self, text: str) -> None:
            self.title, self.text = "Storm", text

    assert summarize_story([Article(text) for text in ODD.values()]).sentences


def test_an_article_that_names_somebody_in_each_of_many_sentences_is_read_in_bounded_steps() -> None:
    text = "Mr Venn was late. Bo Venn is a baker. The vessel sank. A vessel came. " * 1_000
    assert len(summarize(text, language="en", focus=["venn"]).sentences) == 3
    assert [keyword.text for keyword in extract_keywords(text, language="en", limit=1)] == ["Bo Venn"]
