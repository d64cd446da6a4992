"""Rankers are sumy summarizers: they take its documents and give its sentences."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sumy.models.dom import ObjectDocumentModel, Paragraph
from sumy.parsers.plaintext import PlaintextParser
from sumy.summarizers._summarizer import AbstractSummarizer
from sumy.summarizers.lex_rank import LexRankSummarizer

from summarizer import Sentence, split_sentences, summarize
from summarizer.budget import Selection
from summarizer.centrality import rank_central, rate_sentences
from summarizer.documents import NewsTokenizer, PlacedSentence, build_document
from summarizer.importance import CANDIDATES, DEPTH, REPETITION, ROUNDING, Weights, rank_news
from summarizer.languages import guess_language
from summarizer.lexrank import FastLexRankSummarizer
from summarizer.newsrank import NewsRankSummarizer
from summarizer.rankers import ranker
from summarizer.readable import Fault
from summarizer.stems import StemFinder, stem_finder
from summarizer.stopwords import stop_words
from summarizer.terms import weigh
from summarizer.words import split_words, stemmer
from tests.summarizer.articles import ARTICLES

WORDS = st.sampled_from("river bridge army town mayor rain boat school road dam wall council flood".split())
SENTENCES = st.lists(st.lists(WORDS, min_size=1, max_size=9), min_size=3, max_size=14)


news = NewsRankSummarizer(stemmer("en"))
news.stop_words = stop_words("en")


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
        assert np.allclose(rate_sentences(words), sumys.power_method(matrix, sumys.epsilon))


def test_the_default_ranker_is_made_as_sumys_are_and_takes_what_its_parser_made() -> None:
    text = "The river rose.\n\nThe army came to the river. The town was empty. The army left the town by the river."
    parsed = PlaintextParser.from_string(text, NewsTokenizer("en")).document
    assert NewsRankSummarizer()(parsed, 4) == tuple(parsed.sentences)


def test_fast_lexrank_takes_what_sumys_parser_made() -> None:
    text = "The river rose.\n\nThe army came to the river. The town was empty. The army left the town by the river."
    parsed = PlaintextParser.from_string(text, NewsTokenizer("en")).document
    assert FastLexRankSummarizer()(parsed, 2) == LexRankSummarizer()(parsed, 2)


@pytest.mark.parametrize("summarizer", [NewsRankSummarizer(str), FastLexRankSummarizer()])
def test_our_summarizers_take_an_empty_document(summarizer: AbstractSummarizer) -> None:
    assert summarizer(ObjectDocumentModel([]), 3) == ()


def test_lexrank_keeps_order_where_no_sentence_is_linked() -> None:
    assert list(rank_central([["ab"], ["cd"], ["ef"]])[1]) == [0, 1, 2]
    assert list(rank_central([[], []])[1]) == [0, 1]


def test_a_share_of_the_sentences_is_a_count_as_in_sumy() -> None:
    sentences = [[f"word{n}", "river"] for n in range(10)]
    assert len(news(document(sentences), "30%")) == 3


def test_the_title_pulls_the_sentences_that_share_its_words() -> None:
    text = build_document("The river bridge. The boat road. The school wall. The dam army.", "en", "Army at the dam")
    assert str(news(text, 1)[0]) == "The dam army."


def test_news_takes_what_sumys_parser_made() -> None:
    text = "STORM AT THE DAM\n\nThe river rose.\n\nThe road is dry. The army came to the dam."
    parsed = PlaintextParser.from_string(text, NewsTokenizer("en")).document
    summarizer = NewsRankSummarizer(str.lower)
    summarizer.stop_words = frozenset({"the", "at", "to", "is"})
    assert str(summarizer(parsed, 1)[0]) == "The army came to the dam."


def test_what_repeats_a_better_sentence_comes_last() -> None:
    text = build_document("The river dam broke. The river dam broke again. Rain fell. Boats came.", "en")
    assert "The river dam broke again." not in [str(sentence) for sentence in news(text, 3)]


def test_weights_are_the_callers_to_choose() -> None:
    summarizer = NewsRankSummarizer(str, Weights(position=0, first=0, title=0, centroid=0, forward=0, backward=0))
    assert str(summarizer(document([["river"], ["rain", "7"], ["dam"]]), 1)[0]) == "The rain 7."


def test_a_long_document_is_read_from_its_beginning() -> None:
    text = "The river rose.\n\n" + "It fell again. " * 80
    chosen = ranker("kl", "en")(text, "The river", Selection("en", 5, None))
    assert all(sentence.start < 1_000 for sentence in chosen)


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


def weights(sentences: list[list[str]]) -> np.ndarray[Any, Any]:
    """The terms' weights as a whole matrix, straight from their definition."""
    vocabulary = sorted({term for sentence in sentences for term in sentence})
    counts = np.array([[sentence.count(term) for term in vocabulary] for sentence in sentences], float)
    idf = np.log((len(sentences) + 1) / ((counts > 0).sum(axis=0) + 0.5))
    matrix = np.where(counts > 0, 1 + np.log(np.maximum(counts, 1)), 0) * idf
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    unit: np.ndarray[Any, Any] = matrix / np.where(lengths == 0, 1, lengths)
    return unit


def ranked_by_definition(sentences: list[list[str]], texts: list[str], title: set[str]) -> list[int]:
    """What `rank_news` does by way of sparse sums, with matrices and all pairs."""
    weight, matrix = Weights(), weights(sentences)
    cosines = matrix @ matrix.T
    signs = np.array([matrix @ matrix.sum(axis=0), np.triu(cosines, 1).sum(axis=1), np.tril(cosines, -1).sum(axis=1)])
    spans = np.ptp(signs, axis=1, keepdims=True)
    scaled = (signs - signs.min(axis=1, keepdims=True)) / np.where(spans < ROUNDING, 1, spans)
    scores = weight.position / np.sqrt(np.arange(1, len(sentences) + 1))
    scores += np.array([weight.centroid, weight.forward, weight.backward]) @ scaled
    scores += [weight.title * len(title & set(sentence)) / max(1, len(title)) for sentence in sentences]
    scores += [weight.question * text.endswith("?") + weight.figure * any(map(str.isdigit, text)) for text in texts]
    scores[0] += weight.first
    candidates = np.argsort(-scores, kind="stable")[:CANDIDATES].tolist()
    taken: list[int] = []
    while len(taken) < min(DEPTH, len(candidates)):
        nearest = cosines[:, taken].max(axis=1) if taken else np.zeros(len(scores))
        left = [place for place in candidates if place not in taken]
        taken.append(max(left, key=lambda place: (nearest[place] < REPETITION, worth(scores, nearest, place))))
    nearest = cosines[:, taken].max(axis=1)
    rest = sorted(set(candidates) - set(taken), key=lambda place: (nearest[place] >= REPETITION, -scores[place]))
    return [*taken, *rest]


def worth(scores: np.ndarray[Any, Any], nearest: np.ndarray[Any, Any], place: int) -> float:
    return float(scores[place] - Weights().likeness * nearest[place])


@pytest.mark.parametrize(("title", "text"), ARTICLES)
def test_the_order_is_what_its_definition_says(title: str, text: str) -> None:
    texts = [sentence.text for sentence in split_sentences(text)]
    stems_of = stem_finder(guess_language(text))
    stems, named = [stems_of(line) for line in texts], set(stems_of(title))
    assert list(rank_news(stems, texts, named)[1])[:CANDIDATES] == ranked_by_definition(stems, texts, named)


@pytest.mark.parametrize(("title", "text"), ARTICLES)
def test_news_ranks_sumys_documents_as_it_ranks_articles(title: str, text: str) -> None:
    language = guess_language(text)
    summarizer = NewsRankSummarizer(stemmer(language))
    summarizer.stop_words = stop_words(language)
    chosen = summarizer(build_document(text, language, title), Selection(language, 3, None))
    assert [(each.start, each.end) for each in chosen] == [
        (each.start, each.end) for each in summarize(text, title=title, language=language).sentences
    ]


@pytest.mark.parametrize(("title", "text"), ARTICLES)
def test_stems_found_piece_by_piece_are_those_of_the_whole_text(title: str, text: str) -> None:
    language = guess_language(text)
    stem = stemmer(language)
    words = [word.lower() for word in split_words(text, language)]
    assert stem_finder(language)(text) == [stem(word) for word in words if word not in stop_words(language)]


def test_remembered_pieces_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("summarizer.stems.REMEMBERED", 3)
    stems_of = StemFinder("en")
    text = "harbour storm vessel captain sailor harbour " + "x" * 60
    assert stems_of(text) == [*"harbour storm vessel captain sailor harbour".split(), "x" * 60]
    assert len(stems_of._pieces) <= 3


@given(SENTENCES)
def test_centralities_are_the_sums_over_pairs(sentences: list[list[str]]) -> None:
    matrix = weights(sentences)
    cosines = matrix @ matrix.T
    terms = weigh(sentences)
    backward, forward = terms.centralities()
    assert np.allclose(backward, np.tril(cosines, -1).sum(axis=1))
    assert np.allclose(forward, np.triu(cosines, 1).sum(axis=1))
    np.fill_diagonal(cosines, 0)
    assert np.allclose([terms.likeness(row) for row in range(len(sentences))], cosines)
