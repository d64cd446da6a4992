"""Rankers are sumy summarizers: they take its documents and give its sentences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sumy.models.dom import ObjectDocumentModel, Paragraph
from sumy.parsers.plaintext import PlaintextParser
from sumy.summarizers.lex_rank import LexRankSummarizer

from summarizer import Sentence
from summarizer.documents import NewsTokenizer, PlacedSentence, build_document
from summarizer.lexrank import FastLexRankSummarizer
from summarizer.newsrank import NewsRankSummarizer, Weights
from summarizer.rankers import ranker
from summarizer.readable import Fault
from summarizer.terms import weigh

WORDS = st.sampled_from("river bridge army town mayor rain boat school road dam wall council flood".split())
SENTENCES = st.lists(st.lists(WORDS, min_size=1, max_size=9), min_size=3, max_size=14)


def document(sentences: list[list[str]]) -> ObjectDocumentModel:
    return build_document(" ".join(f"The {' '.join(words)}." for words in sentences), "en")


@settings(deadline=None)
@given(SENTENCES)
@pytest.mark.filterwarnings("ignore:invalid value encountered")
def test_fast_lexrank_picks_what_sumys_picks(sentences: list[list[str]]) -> None:
    text = document(sentences)
    own = FastLexRankSummarizer()
    words = [own._to_words_set(sentence) for sentence in text.sentences]
    sumys = LexRankSummarizer()
    matrix = sumys._create_matrix(words, sumys.threshold, sumys._compute_tf(words), sumys._compute_idf(words))
    if matrix.any():
        assert np.allclose(own.rate(words), sumys.power_method(matrix, sumys.epsilon))


def test_fast_lexrank_takes_what_sumys_parser_made() -> None:
    text = "The river rose.\n\nThe army came to the river. The town was empty. The army left the town by the river."
    parsed = PlaintextParser.from_string(text, NewsTokenizer("en")).document
    assert FastLexRankSummarizer()(parsed, 2) == LexRankSummarizer()(parsed, 2)


@pytest.mark.parametrize("method", ["news", "lexrank"])
def test_our_rankers_take_an_empty_document(method: str) -> None:
    assert ranker(method, "en")(ObjectDocumentModel([]), 3) == ()


def test_lexrank_keeps_order_where_no_sentence_is_linked() -> None:
    assert [sentence.start for sentence in ranker("lexrank", "xx")(build_document("Ab. Cd. Ef.", "xx"), 2)] == [0, 4]


def test_a_share_of_the_sentences_is_a_count_as_in_sumy() -> None:
    sentences = [[f"word{n}", "river"] for n in range(10)]
    assert len(ranker("news", "en")(document(sentences), "30%")) == 3


def test_the_title_pulls_the_sentences_that_share_its_words() -> None:
    text = build_document("The river bridge. The boat road. The school wall. The dam army.", "en", "Army at the dam")
    assert str(ranker("news", "en")(text, 1)[0]) == "The dam army."


def test_news_takes_what_sumys_parser_made() -> None:
    text = "STORM AT THE DAM\n\nThe river rose.\n\nThe road is dry. The army came to the dam."
    parsed = PlaintextParser.from_string(text, NewsTokenizer("en")).document
    summarizer = NewsRankSummarizer(str.lower)
    summarizer.stop_words = frozenset({"the", "at", "to", "is"})
    assert str(summarizer(parsed, 1)[0]) == "The army came to the dam."


def test_remembered_words_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.newsrank.REMEMBERED_WORDS", 3)
    summarizer = NewsRankSummarizer(str.lower)
    assert summarizer.stems("One two three four five one".split()) == "one two three four five one".split()


def test_what_repeats_a_better_sentence_comes_last() -> None:
    text = build_document("The river dam broke. The river dam broke again. Rain fell. Boats came.", "en")
    assert "The river dam broke again." not in [str(sentence) for sentence in ranker("news", "en")(text, 3)]


def test_weights_are_the_callers_to_choose() -> None:
    summarizer = NewsRankSummarizer(str, Weights(position=0, first=0, title=0, centroid=0, forward=0, backward=0))
    assert str(summarizer(document([["river"], ["rain", "7"], ["dam"]]), 1)[0]) == "The rain 7."


def test_a_long_document_is_read_from_its_beginning() -> None:
    text = build_document("The river rose.\n\n" + "It fell again. " * 80, "en")
    assert all(sentence.start < 1_000 for sentence in ranker("kl", "en")(text, 5))


def test_equal_sentences_are_told_apart_by_their_place() -> None:
    first, second, third = build_document("It rains. It rains. It pours.", "en").sentences
    assert first == first
    assert first != second
    assert len({first, second, third}) == 3
    assert first != "It rains."


def test_a_placed_sentence_without_its_text_has_no_fault() -> None:
    assert PlacedSentence(Sentence("But no.", 0, 7), NewsTokenizer("en")).fault == Fault.NONE


def test_placed_sentences_go_into_paragraphs_of_sumys() -> None:
    sentence = build_document("It rains.", "en").sentences[0]
    assert isinstance(sentence, PlacedSentence)
    assert Paragraph([sentence]).words == ("It", "rains")


@given(SENTENCES)
def test_centralities_are_the_sums_over_pairs(sentences: list[list[str]]) -> None:
    terms = weigh(sentences)
    cosines = np.array(terms.likeness(range(len(sentences))))
    backward, forward = terms.centralities()
    assert np.allclose(backward, np.tril(cosines, -1).sum(axis=1) / (len(sentences) - 1))
    assert np.allclose(forward, np.triu(cosines, 1).sum(axis=1) / (len(sentences) - 1))
