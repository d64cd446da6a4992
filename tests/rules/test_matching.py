"""Matching: all queries against an article at once find exactly what each would find alone, and say where."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.matching import (
    Document,
    Hit,
    Matcher,
    build_automata,
    explain_match,
    fold_document,
    is_met,
    near_miss,
    open_automaton,
    strength,
)
from bot.rules.matching_strength import weigh
from bot.rules.matching_terms import term_of
from bot.rules.queries import Query, QueryError, parse_query
from bot.rules.query_tree import Term
from tests.make import built, packed, rebuild

SEOUL = Document(
    title="Seoul warns of North Korea's troops",
    text="SEOUL - The U.S. said troops of North Korea were seen near Kursk. 朝鮮軍隊已經抵達俄羅斯。"
    " Kim was told by Putin.",
    language="en",
    source="海峡时报-亚洲",
    authors=("Jane Doe", "Łukasz Nowak"),
    url="https://www.straitstimes.com/asia/east?x=1",
    tags=("综合", "World Politics"),
)


@pytest.mark.parametrize(
    "text",
    [
        "North Korea",
        "朝鲜 军队",
        "朝鮮軍隊",
        "Seoul AND troops",
        "Seoul -football",
        "football OR troops",
        '"U.S." AND "north korea"',
        "U.S.",
        "title:troops",
        "title:(Seoul OR Tokyo) NOT title:Kim",
        'author:"Jane Doe"',
        "author:lukasz",
        "source:海峡时报",
        "site:straitstimes.com AND Seoul",
        "site:www.straitstimes.com",
        "lang:en troops",
        'tag:"world politics"',
        "#world_politics",
        "troop*",
        "Putin NEAR/4 Kim",
        "Kim NEAR/4 Putin",
        "(Moscow OR Putin) NEAR/4 (Kim OR Lee)",
        "title:(Seoul NEAR/3 Korea)",
        "Seoul AND (football OR (Kim AND NOT tennis))",
        "(Seoul AND Kim) OR (football AND tennis)",
        r"/\bU\.S\. said/",
        r"/north korea.s/ -/football/",
        r"title:/^seoul .* troops$/",
        r"text -/SEOUL  -/ OR /朝鮮.{2}/",
        r"author:/^jane/ AND source:/亚洲$/",
        r"Seoul AND NOT title:/Kursk/",
        "Kim OR (Seoul NOT troops)",
        "NOT (NOT (Seoul)) AND Kim",
    ],
)
def test_an_article_is_met(text: str) -> None:
    query = parse_query(text, regexes=True)
    matcher = Matcher()
    matcher.add(1, query)
    assert [match.query_id for match in matcher.match(SEOUL)] == [1]
    assert is_met(query.root, SEOUL)
    assert all(any(literal in SEOUL.folded for literal in group) for group in query.required_literals())


@pytest.mark.parametrize(
    "text",
    [
        "football",
        "Kor",
        "us troops gone",
        '"we told us"',
        "Korea North",
        "told us",
        "title:Kim",
        "author:Seoul",
        "author:(Doe Lukasz)",
        "source:Seoul",
        "site:times.com Seoul",
        "lang:ko Seoul",
        "tag:world",
        "#Seoul",
        "Seoul -troops",
        "Kim NEAR/1 Putin",
        "title:(Kim NEAR/9 Putin)",
        "Seoul NEAR/50 Pyongyang",
        "troops of North Korea's Seoul",
        "Seoul AND (football OR tennis)",
        "(Seoul AND football) OR (tennis AND Kim)",
        r"/tirana|pyong/",
        r"title:/Kursk/",
        r"Seoul -/kursk/",
        r"author:/straits/",
        r"source:/doe/",
        r"/straitstimes/",
        "军队已经离开",
        "Seoul AND title:(Kim OR Putin)",
    ],
)
def test_an_article_is_not_met(text: str) -> None:
    query = parse_query(text, regexes=True)
    matcher = Matcher()
    matcher.add(1, query)
    assert matcher.match(SEOUL) == []
    assert explain_match(query, SEOUL) is None


def test_a_phrase_does_not_reach_from_the_title_into_the_text() -> None:
    query = parse_query("troops Seoul")
    assert explain_match(query, SEOUL) is None


def test_hits_lead_back_to_the_original() -> None:
    hits = explain_match(parse_query("North Korea"), SEOUL) or ()
    assert [hit.field for hit in hits] == ["title", "text"]
    assert [_shown(SEOUL, hit) for hit in hits] == ["North Korea", "North Korea"]
    assert {hit.term for hit in hits} == {"North Korea"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("朝鲜军队", ["朝鮮軍隊"]),
        ("U.S.", ["U.S"]),
        ("title:seoul OR football", ["Seoul"]),
        ("title:troo*", ["troops"]),
        ("抵*", ["抵"]),
        ("author:lukasz", ["Łukasz"]),
        ("source:海峡时报", ["海峡时报"]),
        ("site:straitstimes.com", ["straitstimes.com"]),
        ("Kim NEAR/9 Putin", ["Kim", "Putin"]),
        ("#world_politics", ["World Politics"]),
        ("lang:en Kursk", ["Kursk", "en"]),
        ("Kursk -football", ["Kursk"]),
        (r"/north kor\w+/", ["North Korea", "North Korea"]),
        (r"title:/kor\w+/ OR /軍./", ["Korea", "軍隊"]),
        (r"Kursk AND /q*/", ["Kursk"]),
        (r"author:/Ł\w+/", ["Łukasz"]),
        (r"source:/时报/", ["时报"]),
    ],
)
def test_every_kind_of_term_says_where_it_was_met(text: str, shown: list[str]) -> None:
    hits = explain_match(parse_query(text, regexes=True), SEOUL)
    assert hits is not None
    assert [_shown(SEOUL, hit) for hit in hits] == shown


def _shown(document: Document, hit: Hit) -> str:
    fields = {
        "title": document.title,
        "text": document.text,
        "source": document.source,
        "site": document.url,
        "lang": document.language,
        "tag": document.tags[-1],
        "author": document.authors[-1],
    }
    return fields[hit.field][hit.start : hit.end]


def test_a_match_carries_the_same_hits_as_an_explanation() -> None:
    matcher = Matcher()
    matcher.add(7, parse_query("Seoul AND troops"))
    (match,) = matcher.match(SEOUL)
    alone = explain_match(parse_query(parse_query("Seoul AND troops").canonical), SEOUL) or ()
    assert [(hit.field, hit.start, hit.end) for hit in match.hits] == [(hit.field, hit.start, hit.end) for hit in alone]
    assert match.hits is match.hits
    assert "query_id=7" in repr(match)


def test_a_match_by_a_regular_expression_is_as_strong_as_its_hits_say() -> None:
    matcher = Matcher()
    query = parse_query("/kursk|seoul/", regexes=True)
    matcher.add(1, query)
    matcher.add_canonical(2, "/seoul warns/ AND kim")
    first, second = matcher.match(SEOUL)
    assert first.strength == strength(query.root, first.hits, SEOUL)
    assert [hit.field for hit in second.hits] == ["title", "text"]
    matcher.discard(1)
    matcher.discard(2)
    assert matcher.match(SEOUL) == []


def test_a_flood_of_hits_is_cut() -> None:
    hits = explain_match(parse_query("rain"), Document(text="rain " * 500))
    assert hits is not None
    assert len(hits) == 20


def test_a_title_is_stronger_than_a_lead_and_a_lead_than_the_end() -> None:
    def of(title: str, text: str) -> float:
        document = Document(title=title, text=text)
        query = parse_query("Seoul")
        return strength(query.root, explain_match(query, document) or (), document)

    end = of("News", "word " * 200 + "Seoul")
    lead = of("News", "Seoul " + "word " * 200)
    title = of("Seoul", "word " * 200)
    both = of("Seoul", "Seoul, Seoul and Seoul")
    assert 0 < end < lead < title < both <= 1
    assert strength(parse_query("site:a.example").root, (), SEOUL) == weigh(1, in_title=False, in_lead=False)


def test_a_near_miss_tells_what_is_there_and_what_is_not() -> None:
    document = Document(title="Quantum leaps", text="A sensing device and football")
    miss = near_miss(parse_query("quantum sensing"), document)
    assert miss is not None
    assert (miss.present, miss.missing, miss.is_apart, miss.nearness) == (("quantum", "sensing"), (), True, 1.0)
    miss = near_miss(parse_query("Quantum AND (computer OR device) AND Tokyo"), document)
    assert miss is not None
    assert (miss.present, miss.missing, miss.is_apart) == (("Quantum", "device"), ("Tokyo",), False)
    miss = near_miss(parse_query("quantum -football -tennis"), document)
    assert miss is not None
    assert (miss.present, miss.unwanted, miss.is_apart) == (("quantum",), ("football",), False)
    miss = near_miss(parse_query("Quantum NEAR/2 device #tag OR C++ language"), document)
    assert miss is not None
    assert miss.present == ("Quantum", "device")


def test_there_is_no_near_miss_where_nothing_is_there_or_everything_is() -> None:
    assert near_miss(parse_query("Tokyo"), SEOUL) is None
    assert near_miss(parse_query("Seoul"), SEOUL) is None


def test_what_was_folded_before_is_taken_as_it_is() -> None:
    folded = fold_document(SEOUL.title, SEOUL.text)
    assert Document(title="x", prefolded=folded).folded == folded == SEOUL.folded


WORDS = ["seoul", "kim", "troops", "rain", "rains", "rained", "korea", "north", "军队", "朝鲜", "u s", "found", "finds"]
_word = st.sampled_from(WORDS)
_leaf = st.one_of(
    _word,
    st.builds('"{}"'.format, _word),
    st.builds("{} {}".format, _word, _word),
    st.builds(lambda a, b: f'"{a} {b}"', _word, _word),
    st.builds("title:{}".format, st.sampled_from(["seoul", "kim", "军队"])),
    st.builds("author:{}".format, st.sampled_from(["seoul", "kim"])),
    st.builds("{}*".format, st.sampled_from(["tro", "ten", "kor"])),
    st.sampled_from(["/kim|lee/", "/rain(s|ed)\\b/", "title:/^kim/", "-/seoul kim/ troops", "author:/se.*l/"]),
    st.builds("#{}".format, st.sampled_from(["rain", "kim"])),
    st.builds("lang:{} AND kim".format, st.sampled_from(["en", "ko"])),
    st.builds(lambda a, b, n: f"{a} NEAR/{n} {b}", st.just("kim"), st.just("seoul"), st.integers(1, 5)),
)
_query = st.recursive(
    _leaf,
    lambda inner: st.one_of(
        st.builds("({}) AND ({})".format, inner, inner),
        st.builds("({}) OR ({})".format, inner, inner),
        st.builds("({}) AND NOT ({})".format, inner, inner),
    ),
    max_leaves=5,
)


def _is_query(text: str) -> bool:
    """A thing that is asked for and excluded at once is refused."""
    try:
        parse_query(text, regexes=True)
    except QueryError:
        return False
    return True


_text = st.lists(_word, max_size=12).map(" ".join)
_document = st.builds(
    Document,
    title=st.lists(_word, max_size=3).map(" ".join),
    text=_text,
    language=st.sampled_from(["en", "ko", ""]),
    authors=st.lists(_word, max_size=2).map(tuple),
    tags=st.lists(st.sampled_from(["rain", "kim"]), max_size=1).map(tuple),
)


@settings(deadline=None)
@given(
    st.lists(_query.filter(_is_query), min_size=1, max_size=12),
    st.lists(_document, min_size=1, max_size=4),
    st.randoms(),
)
def test_the_matcher_finds_exactly_what_each_query_finds_alone(
    texts: list[str], documents: list[Document], chance: random.Random
) -> None:
    matcher = Matcher()
    followed: dict[int, Query] = {}
    for document in documents:
        for _ in range(4):
            query_id = chance.randrange(len(texts))
            if chance.random() < 0.3:
                matcher.discard(query_id)
                followed.pop(query_id, None)
            else:
                followed[query_id] = parse_query(texts[query_id], regexes=True)
                matcher.add(query_id, followed[query_id])
        if chance.random() < 0.3:
            rebuild(matcher)
        alone = [query_id for query_id, query in sorted(followed.items()) if is_met(query.root, document)]
        assert [match.query_id for match in matcher.match(document)] == alone
        for query in followed.values():
            hits = explain_match(query, document)
            assert (hits is not None) == is_met(query.root, document)
            if hits is not None:
                groups = query.required_literals()
                assert all(any(literal in document.folded for literal in group) for group in groups)
    assert len(matcher) == len(followed)
    assert all(query_id in matcher for query_id in followed)


def test_additions_and_removals_count_at_once_in_a_big_matcher() -> None:
    matcher = Matcher()
    for number in range(3_000):
        matcher.add(number, parse_query(f'"the word{number}"'))
    document = Document(text="the word5 the word2999 late the word7 the word8")
    assert matcher.match_ids(document) == {5, 2999, 7, 8}
    assert not matcher.is_worth_building
    for number in range(3_000, 3_600):
        matcher.add(number, parse_query(f"late AND word{number % 10}"))
        matcher.match_ids(document)
        matcher.add(number + 1_000, parse_query(f'"new{number}"'))
    matcher.add(9_000, parse_query('"late"'))
    matcher.discard(5)
    met = matcher.match_ids(document)
    assert {number for number in met if 3_000 <= number < 3_600} == {
        n for n in range(3_000, 3_600) if n % 10 in (5, 7, 8)
    }


def test_what_changes_while_a_big_automaton_is_built_stays() -> None:
    matcher = Matcher()
    for number in range(17_000):
        matcher.add(number, parse_query(f'"a word{number}"'))
    document = Document(text="a word1 a word2 a word3 fresh one a word4")
    assert matcher.match_ids(document) == {1, 2, 3, 4}
    assert matcher.is_worth_building
    matcher.discard(4)
    snapshot = packed(matcher)
    matcher.discard(1)
    matcher.add(20_000, parse_query('"fresh one"'))
    matcher.add(20_001, parse_query('"soon gone"'))
    matcher.discard(20_001)
    matcher.adopt(snapshot, built(snapshot))
    assert not matcher.is_worth_building
    assert matcher.match_ids(document) == {2, 3, 20_000}
    matcher.add(4, parse_query('"a word4"'))
    matcher.add(1, parse_query('"a word1"'))
    assert matcher.match_ids(document) == {1, 2, 3, 4, 20_000}


def test_an_id_that_came_free_while_a_snapshot_was_packed_is_not_mixed_up() -> None:
    matcher = Matcher()
    matcher.add(1, parse_query('"word1"'))
    matcher.add(2, parse_query('"a word2"'))
    snapshot = matcher.snapshot()
    matcher.discard(1)
    matcher.add(3, parse_query('"a word3"'))
    for _ in matcher.pack(snapshot):
        pass
    matcher.discard(3)
    matcher.adopt(snapshot, built(snapshot))
    matcher.add(4, parse_query('"a word4"'))
    document = Document(text="a word2 a word3 word1")
    assert matcher.match_ids(document) == {2}
    matcher.add(3, parse_query('"a word3"'))
    assert matcher.match_ids(document) == {2, 3}
    matcher.discard(3)
    for _ in range(2):
        rebuild(matcher)
    matcher.add(5, parse_query('"a word5"'))
    assert matcher.match_ids(document) == {2}


def test_the_big_automaton_may_come_in_parts_made_for_some_texts() -> None:
    matcher = Matcher()
    texts = ['"a word1"', "a word1 OR word2", "word3", '"word3" -word4', "президента россии", "слово"]
    for query_id, text in enumerate(texts):
        matcher.add(query_id, parse_query(text))
    snapshot = packed(matcher, like=[" a word1 and \n more ", "", " слово 朝鲜 "])
    automata = list(build_automata(b"".join(snapshot.parts), most=20))
    assert len(automata) > 1
    matcher.adopt(snapshot, [open_automaton(automaton) for automaton in automata])
    assert matcher.match_ids(Document(text="a word1 and words 3")) == {0, 1}
    assert matcher.match_ids(Document(text="word3, президенту России, слова")) == {2, 3, 4, 5}
    assert not matcher.is_worth_building


def test_a_place_that_became_free_is_used_again() -> None:
    matcher = Matcher()
    for number in range(3):
        matcher.add(number, parse_query(f'"a word{number}"'))
    matcher.discard(1)
    for _ in range(2):
        rebuild(matcher)
    matcher.add(7, parse_query('"a word7"'))
    assert matcher.match_ids(Document(text="a word0 a word1 a word2 a word7")) == {0, 2, 7}


def test_words_that_share_forms_are_told_apart_and_come_and_go_alone() -> None:
    matcher = Matcher()
    texts = ["find", "found", '"found"', '"find"', '"founded"']
    for query_id, text in enumerate(texts):
        matcher.add(query_id, parse_query(text))
    assert matcher.match_ids(Document(text="found")) == {0, 1, 2}
    assert [match.strength for match in matcher.match(Document(text="a found b found"))] == [0.35] * 3
    for query_id in (2, 0, 1):
        matcher.discard(query_id)
    assert matcher.match_ids(Document(text="found find founded")) == {3, 4}
    for query_id in (3, 4):
        matcher.discard(query_id)
    for query_id, text in enumerate(texts):
        matcher.add(query_id, parse_query(text))
    assert matcher.match_ids(Document(text="founded")) == {1, 4}


def test_alternatives_of_one_query_may_need_the_same_word() -> None:
    matcher = Matcher(lambda words: 0.1 if words == "kim" else 0.9)
    matcher.add(1, parse_query('("Kim" AND "Seoul") OR ("Kim" AND "Tokyo") OR ("Kim" AND "Rome")'))
    assert matcher.match_ids(Document(text="Kim in Tokyo")) == {1}
    assert matcher.match_ids(Document(text="Kim in Rome")) == {1}
    assert matcher.match_ids(Document(text="Kim in Paris")) == set()
    matcher.discard(1)
    assert matcher.match_ids(Document(text="Kim in Rome")) == set()


def test_a_query_is_not_filed_under_a_word_that_is_everywhere() -> None:
    matcher = Matcher()
    matcher.add(1, parse_query('"the" AND "Seoul"'))
    assert matcher.match_ids(Document(text="the Seoul")) == {1}


def test_of_two_automata_built_at_a_time_the_first_is_taken() -> None:
    matcher = Matcher()
    matcher.add(1, parse_query('"a word1"'))
    first = packed(matcher)
    matcher.add(2, parse_query('"a word2"'))
    second = packed(matcher)
    matcher.adopt(first, built(first))
    matcher.discard(1)
    matcher.add(3, parse_query('"a word3"'))
    matcher.adopt(second, built(second))
    assert matcher.match_ids(Document(text="a word1 a word2 a word3")) == {2, 3}


def test_an_empty_matcher_meets_nothing() -> None:
    matcher = Matcher()
    assert matcher.match(SEOUL) == []
    matcher.discard(5)
    rebuild(matcher)
    assert matcher.match(SEOUL) == []


def test_a_query_is_filed_where_experience_says_it_is_rare() -> None:
    seen: list[str] = []

    def frequency(literal: str) -> float:
        seen.append(literal)
        return {"seoul": 0.5, "kim": 0.1}.get(literal, 0.0)

    matcher = Matcher(frequency)
    matcher.add(1, parse_query("Seoul AND Kim"))
    assert {"seoul", "kim"} <= set(seen)
    assert matcher.match_ids(SEOUL) == {1}
    assert matcher.match_ids(Document(text="Seoul")) == set()


def test_the_same_literal_serves_many_queries() -> None:
    matcher = Matcher()
    for query_id, text in enumerate(["Seoul", '"seoul"', "SEOUL => Label", "Seoul AND Kim", "title:Seoul"]):
        matcher.add(query_id, parse_query(text))
    assert matcher.match_ids(SEOUL) == {0, 1, 2, 3, 4}
    for query_id in (0, 2, 3, 4):
        matcher.discard(query_id)
    assert matcher.match_ids(SEOUL) == {1}
    matcher.add(1, parse_query("tennis"))
    assert matcher.match_ids(SEOUL) == set()


def test_a_canonical_text_that_is_none_leaves_nothing_behind() -> None:
    matcher = Matcher()
    with pytest.raises(QueryError):
        matcher.add_canonical(1, '("north korea" AND kim')
    assert 1 not in matcher
    assert matcher.match_ids(Document(text="Kim of North Korea")) == set()
    matcher.add_canonical(1, '"north korea" AND kim')
    assert matcher.match_ids(Document(text="Kim of North Korea")) == {1}
    matcher.discard(1)
    assert matcher.match_ids(Document(text="Kim of North Korea")) == set()


def test_what_is_added_in_batches_is_put_together_and_all_of_it_found() -> None:
    matcher = Matcher()
    for batch in range(4):
        for number in range(300 * batch, 300 * (batch + 1)):
            matcher.add(number, parse_query(f'"the word{number}"'))
        document = Document(text=" ".join(f"the word{number}" for number in range(0, 1_200, 100)))
        assert matcher.match_ids(document) == set(range(0, 300 * (batch + 1), 100))


def test_many_queries_may_need_but_one_word_and_each_goes_alone() -> None:
    matcher = Matcher()
    for number in range(5):
        matcher.add(number, parse_query(f'"Kim" OR "word{number}"'))
    assert matcher.match_ids(Document(text="Kim")) == {0, 1, 2, 3, 4}
    for number in range(5):
        matcher.discard(number)
        assert matcher.match_ids(Document(text="Kim")) == set(range(number + 1, 5))
        assert matcher.match_ids(Document(text=f"word{number}")) == set()


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("north korea", Term("north korea")),
        ('"north korea"', Term("north korea", exact=True)),
        ("troop*", Term("troop", prefix=True)),
    ],
)
def test_a_canonical_text_is_read_back_as_its_term(text: str, term: Term) -> None:
    assert term_of(text) == term
