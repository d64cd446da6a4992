"""Matching words in all their forms: one look at a word finds exactly the queries that each form would be met by."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import QueryError
from bot.rules.matching import Document, Matcher, explain_match, is_met, strength
from bot.rules.matching_frequencies import ENOUGH, FADED_AT, Frequencies
from bot.rules.matching_words import WordCodes
from bot.rules.queries import Query, parse_query
from bot.rules.query_forms import Choices
from tests.make import rebuild

# Forms of each other, of several at once (found), of two words (us, ice), and beside what has none; names that read
# like words, and parts of longer names.
WORDS = (
    "election elections run ran running find found finds founded lie lay lied die died us u s ice i c e kim il"
    " president presidents wahl wahlen корея кореи корею كوريا وكوريا الشمالية 북한 북한의 미사일 朝鲜 军队 c++ at&t"
    " Turkey turkey US dollars Papua new guinea Grüne grüne"
).split()
_word = st.sampled_from(WORDS)
_phrase = st.lists(_word, min_size=1, max_size=4).map(" ".join)
_term = st.one_of(
    _phrase, _phrase.map('"{}"'.format), st.sampled_from(["elec*", "북*", "title:ran", "#run", "title:found"])
)
_query = st.one_of(
    _term,
    st.builds("({}) AND ({})".format, _term, _term),
    st.builds("({}) OR ({})".format, _term, _term),
    st.builds("({}) AND NOT ({})".format, _term, _term),
    st.builds("{} NEAR/3 {}".format, st.sampled_from(["run", "kim", "lie"]), st.sampled_from(["election", "found"])),
)
_document = st.builds(
    Document, title=st.lists(_word, max_size=4).map(" ".join), text=st.lists(_word, max_size=25).map(" ".join)
)


def _parsed(texts: list[str]) -> list[Query]:
    found = []
    for text in texts:
        try:
            found.append(parse_query(text))
        except QueryError:
            continue
    return found


@settings(deadline=None, max_examples=300)
@given(st.lists(_query, min_size=1, max_size=20), st.lists(_document, min_size=1, max_size=4), st.randoms())
def test_queries_that_share_forms_are_told_apart(
    texts: list[str], documents: list[Document], chance: random.Random
) -> None:
    queries = _parsed(texts)
    matcher = Matcher()
    followed: dict[int, Query] = {}
    for document in documents:
        for query_id, query in enumerate(queries):
            if chance.random() < 0.3:
                matcher.discard(query_id)
                followed.pop(query_id, None)
            elif query_id not in followed:
                followed[query_id] = query
                matcher.add_canonical(query_id, query.canonical)
        if chance.random() < 0.5:
            rebuild(matcher)
        for query_id in matcher.composed:
            matcher.refile(query_id)
        met = {query_id for query_id, query in followed.items() if is_met(query.root, document)}
        assert matcher.match_ids(document) == met
        assert [match.query_id for match in matcher.match(document)] == sorted(met)


# Forms of each other and of several words at once; two of them have too many combinations to be looked for as written.
RUSSIAN = (
    "премьер премьера министр министра министры российский российская выбор выборы выборов президент президента глава"
    " главы новый новая fifa cup"
).split()
_russian_word = st.sampled_from(RUSSIAN)
_russian_phrase = st.lists(_russian_word, min_size=1, max_size=3).map(" ".join)
_russian_term = st.one_of(_russian_phrase, _russian_phrase.map('"{}"'.format), _russian_phrase.map("title:({})".format))
_russian_query = st.one_of(_russian_term, st.builds("({}) AND NOT ({})".format, _russian_term, _russian_term))
_russian_document = st.builds(
    Document,
    title=st.lists(_russian_word, max_size=4).map(" ".join),
    text=st.lists(_russian_word, max_size=25).map(" ".join),
)


@settings(deadline=None, max_examples=200)
@given(
    st.lists(_russian_query, min_size=1, max_size=12), st.lists(_russian_document, min_size=1, max_size=4), st.data()
)
def test_phrases_whose_words_have_many_cases_are_told_apart(
    texts: list[str], documents: list[Document], data: st.DataObject
) -> None:
    matcher = Matcher()
    queries = dict(enumerate(_parsed(texts)))
    for query_id, query in queries.items():
        matcher.add(query_id, query)
    for document in documents:
        met = [query_id for query_id, query in queries.items() if is_met(query.root, document)]
        assert [match.query_id for match in matcher.match(document)] == met
        if data.draw(st.booleans()):
            rebuild(matcher)


def test_a_phrase_in_cases_counts_as_often_as_it_stands() -> None:
    often, once = (Document(text="слово " * 200 + "президенту России " * times) for times in (9, 1))
    matcher = Matcher()
    matcher.add(1, parse_query("президент россия"))
    matcher.add(2, parse_query("президента россия"))
    strengths = [[match.strength for match in matcher.match(document)] for document in (often, once)]
    assert len(strengths[0]) == 2
    assert all(more > less for more, less in zip(*strengths, strict=True))


def test_two_queries_of_the_same_forms_do_not_meet_each_others_words() -> None:
    matcher = Matcher()
    for query_id, text in enumerate(["find", "found", "founded", '"found"', "they found gold", '"they founded gold"']):
        matcher.add(query_id, parse_query(text))
    assert matcher.match_ids(Document(text="who finds")) == {0, 1}
    assert matcher.match_ids(Document(text="they founded gold")) == {1, 2, 4, 5}
    assert matcher.match_ids(Document(text="they found gold")) == {0, 1, 2, 3, 4}


def test_a_word_has_one_class_for_its_forms_until_another_word_shares_them() -> None:
    codes = WordCodes()
    first = codes.code(Choices((("run", "ran"),), one_at_a_time=False))
    assert (len(first.literals), first.sure) == (1, True)
    wider = codes.code(Choices((("rally", "ran", "rallied"),), one_at_a_time=False))
    assert (len(wider.literals), wider.sure) == (2, False)
    words = codes.code(Choices((("мир", "мира"),), one_at_a_time=False))
    assert codes.encode("run nothing ran мира") == f"{first.literals[0]}\n\n{first.literals[0]}{words.literals[0]}"


def test_only_texts_in_the_scripts_of_phrases_with_codes_are_encoded() -> None:
    codes = WordCodes()
    assert codes.encode("мир") == ""
    codes.code(Choices((("мир",), ("cup",)), one_at_a_time=False))
    assert codes.encode("мир cup") != ""
    assert codes.encode("the cup") == codes.encode("kαι cup") == codes.encode("杯 cup") == ""


def test_there_is_room_for_more_words_than_fit_one_character() -> None:
    codes = WordCodes()
    coded = [codes.code(Choices(((f"word{n}",),), one_at_a_time=False)) for n in range(1_100)]
    assert len({one.literals for one in coded}) == 1_100
    assert all(one.sure and len(one.literals[0]) == 2 for one in coded)


@pytest.mark.parametrize(
    ("stronger", "weaker"),
    [
        (("Seoul votes", "word " * 200), ("News", "Seoul " + "word " * 200)),
        (("News", "Seoul " + "word " * 200), ("News", "word " * 200 + "Seoul")),
        (("Seoul", "Seoul, Seoul and Seoul"), ("Seoul", "word")),
        (("News", "word " * 200 + "Seoul " * 9), ("News", "word " * 200 + "Seoul")),
        (("首尔", "新闻" * 300), ("新闻", "首尔" + "新闻" * 300)),
        (("新闻", "首尔" + "新闻" * 300), ("新闻", "新闻" * 300 + "首尔")),
    ],
)
@pytest.mark.parametrize(
    "query", ["Seoul OR 首尔", '"Seoul" OR 首尔', "(Seoul OR 首尔) -tennis", "(Seoul AND Seoul) OR 首尔"]
)
def test_a_match_says_how_strong_it_is_without_explaining_itself(
    query: str, stronger: tuple[str, str], weaker: tuple[str, str]
) -> None:
    matcher = Matcher()
    matcher.add(1, parse_query(query))
    (strong,), (weak,) = (matcher.match(Document(title, text)) for title, text in (stronger, weaker))
    assert 0 < weak.strength < strong.strength <= 1


def test_tags_and_terms_for_the_title_count_as_the_title() -> None:
    matcher = Matcher()
    for query_id, text in enumerate(["title:Seoul", "#politics", "tag:politics", "lang:en Seoul", "Kim NEAR/9 Seoul"]):
        matcher.add(query_id, parse_query(text))
    document = Document("Seoul", "far away " * 100 + "Kim and Seoul", language="en", tags=("Politics",))
    assert {match.query_id: match.strength >= 0.5 for match in matcher.match(document)} == dict.fromkeys(range(5), True)


@pytest.mark.parametrize("text", ["Seoul", "Seoul AND Kim", "Seoul OR Kim -tennis", "title:Seoul OR Kim"])
@given(_parts := st.lists(st.sampled_from(["Seoul", "Kim", "word"]), max_size=30).map(" ".join), _parts)
def test_strength_is_what_explained_hits_would_give(text: str, title: str, body: str) -> None:
    document = Document(title, body)
    matcher = Matcher()
    matcher.add(1, parse_query(text))
    hits = explain_match(parse_query(text), document)
    assert [match.query_id for match in matcher.match(document)] == [1] * (hits is not None)
    for match in matcher.match(document):
        assert match.strength == pytest.approx(strength(parse_query(text).root, hits or (), document), abs=0.17)


def test_experience_says_which_words_are_rare() -> None:
    frequencies = Frequencies()
    for number in range(ENOUGH):
        assert frequencies.of("kim") < frequencies.of("the")
        frequencies.learn(f" the kim 北京 word{number} ")
    assert frequencies.of("kim") > 0.9
    assert frequencies.of("word7") < 0.1
    assert frequencies.of("kim word7") < frequencies.of("word7")
    assert frequencies.of("北京") > frequencies.of("北海")
    assert frequencies.of("never") < frequencies.of("word7")


def test_experience_fades_so_that_what_is_new_weighs() -> None:
    frequencies = Frequencies()
    for _ in range(FADED_AT):
        frequencies.learn(" old ")
    for _ in range(FADED_AT - 1):
        frequencies.learn(" new ")
    assert frequencies.of("new") > frequencies.of("old")


def test_a_query_moves_to_where_experience_says_it_is_rare() -> None:
    often = {"seoul": 0.1, "kim": 0.9}
    matcher = Matcher(lambda words: often[words])
    matcher.add(1, parse_query("Seoul AND Kim"))
    matcher.add(2, parse_query("Seoul"))
    often["seoul"], often["kim"] = 0.9, 0.1
    for query_id in (1, 2, 3):
        matcher.refile(query_id)
    assert matcher.composed == [1]
    assert matcher.match_ids(Document(text="Seoul and Kim")) == {1, 2}
    matcher.discard(1)
    assert matcher.match_ids(Document(text="Seoul and Kim")) == {2}


def test_many_additions_become_findable_step_by_step() -> None:
    matcher = Matcher()
    for number in range(2_500):
        matcher.add(number, parse_query(f'"a word{number}"'))
    steps = matcher.settle()
    next(steps)
    matcher.add(2_500, parse_query('"late"'))
    document = Document(text="a word1 a word2499 late")
    assert len(list(steps)) > 1
    assert matcher.match_ids(document) == {1, 2_499, 2_500}
    assert list(matcher.settle()) == []
