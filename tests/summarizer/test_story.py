"""One summary over several articles of a story."""

from dataclasses import dataclass

import pytest

from summarizer import BudgetError, TextError, summarize_story


@dataclass(frozen=True)
class Article:
    title: str
    text: str


STORY = [
    Article(
        "Bridge falls in Orvik",
        "A bridge over the river Tarn fell in Orvik on Monday. Nobody was hurt. A bakery gave away bread.",
    ),
    Article(
        "Orvik bridge collapses",
        "The bridge over the river Tarn in Orvik fell on Monday. The mayor of Orvik blamed rust in the cables.",
    ),
    Article(
        "Rust blamed for Orvik collapse",
        "Rust in the cables brought the bridge down, the mayor of Orvik said. Repairs take two years.",
    ),
]


def test_every_sentence_names_its_article() -> None:
    summary = summarize_story(STORY)
    assert len(summary.sentences) == 3
    for sentence in summary.sentences:
        assert STORY[sentence.article].text[sentence.start : sentence.end] == sentence.text
    articles = [sentence.article for sentence in summary.sentences]
    assert articles == sorted(articles, key=articles.index)
    assert "fell" in summary.sentences[0].text
    assert summary.language == "en"


def test_what_two_articles_say_alike_is_told_once() -> None:
    summary = summarize_story(STORY, sentences=6)
    assert sum("fell" in sentence.text for sentence in summary.sentences) == 1


def test_what_several_articles_tell_comes_before_what_one_tells() -> None:
    told = [sentence.text for sentence in summarize_story(STORY, sentences=2).sentences]
    assert any("fell" in text for text in told)
    assert not any("bakery" in text for text in told)


def test_focus_and_words_count_as_for_one_article() -> None:
    summary = summarize_story(STORY, sentences=None, words=16, focus=["bread"], language="en")
    assert any("bread" in sentence.text for sentence in summary.sentences)
    assert sum(len(sentence.text.split()) for sentence in summary.sentences) <= 16


def test_a_long_story_is_chosen_from_its_best_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.story.RANKED", 1)
    assert len(summarize_story(STORY).sentences) == 1


def test_one_article_is_a_story_too() -> None:
    assert summarize_story(STORY[:1], sentences=1).sentences[0].article == 0


@pytest.mark.parametrize("articles", [[], [Article("", "")]])
def test_a_story_without_text_has_no_sentences(articles: list[Article]) -> None:
    assert summarize_story(articles).sentences == ()


def test_what_is_wrong_is_named() -> None:
    with pytest.raises(BudgetError):
        summarize_story(STORY, sentences=0)
    with pytest.raises(TextError):
        summarize_story([Article("", 5)])  # type: ignore[arg-type]
