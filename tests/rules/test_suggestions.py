import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import PopularQuery
from bot.rules.queries import parse_query
from bot.rules.suggestions import (
    apart,
    corrections,
    distance,
    every_mention,
    in_title,
    is_far_more,
    is_flood,
    narrowed,
    word_frequency,
)
from summarizer.folding import fold

NEWS = {
    "united": 40,
    "nations": 30,
    "nation": 20,
    "quantum": 12,
    "sensing": 9,
    "sensible": 3,
    "iran": 50,
    "ukraine": 60,
}


def corrected(text: str, *popular: PopularQuery, frequency: dict[str, int] = NEWS) -> tuple[str, ...]:
    return corrections(parse_query(text), frequency, popular)


def follow(text: str, followers: int = 5) -> PopularQuery:
    return PopularQuery(parse_query(text).canonical, text, followers)


def test_a_typing_error_is_seen_by_the_words_of_the_news() -> None:
    assert corrected("Untied Nations") == ("United Nations",)
    assert corrected("quamtum sensing") == ("quantum sensing",)
    assert corrected('"Ukriane"') == ('"Ukraine"',)
    assert corrected("UKRIANE") == ("Ukraine",)


def test_what_others_follow_comes_first() -> None:
    assert corrected("Untied Nation", follow("United Nation", 2), follow("Untied Notion", 9)) == (
        "Untied Notion",
        "United Nation",
    )
    assert corrected("Zelensky", follow("Zelenskyy", 3), frequency={}) == ("Zelenskyy",)


def test_what_a_single_chat_follows_is_no_suggestion() -> None:
    assert corrected("Zelensky", follow("Zelenskyy", 1), frequency={}) == ()


def test_words_that_are_right_are_left_alone() -> None:
    assert corrected("United Nations") == ()
    assert corrected("nations united") == ()


def test_a_form_of_a_word_is_no_correction() -> None:
    assert corrected("quantums", frequency={"quantum": 90}) == ()
    assert corrected("elections", follow("election"), frequency={}) == ()
    assert corrected("massiven", frequency={"massive": 90, "massivener": 90}) == ()


def test_short_words_and_numbers_are_no_typing_errors() -> None:
    assert corrected("Iraq") == ()
    assert corrected("budget 2025", follow("budget 2026"), frequency={"2026": 50}) == ()


def test_a_word_nearer_in_spelling_or_in_more_news_wins() -> None:
    assert corrected("merchents", frequency={"merchant": 90, "merchants": 5}) == ("merchants",)
    assert corrected("pollici", frequency={"pollico": 5, "pollica": 8, "pollicx": 8, "rollici": 99}) == ("pollica",)


def test_a_swapped_beginning_is_seen_but_no_other_first_letter() -> None:
    assert corrected("nuclear", frequency={"unclear": 50}) == ("unclear",)
    assert corrected("butter", frequency={"gutter": 50}) == ()
    assert corrected("brace", frequency={"race": 50}) == ()


def test_a_word_in_a_few_articles_is_meant_as_it_is() -> None:
    assert corrected("united notions", frequency={"united": 9, "notions": 2, "nations": 90}) == ()


def test_scripts_without_letters_have_no_typing_errors() -> None:
    assert corrected("人工智能芯片", frequency={"人工智慧芯片": 50}) == ()
    assert corrected("대한민국정부", frequency={"대한민국정보": 50}) == ()


def test_only_plain_words_are_corrected() -> None:
    assert corrected("untied AND nations") == ()
    assert corrected("title:untied") == ()
    assert corrected("untied*") == ()


def test_signs_beside_a_mistyped_word_do_not_confuse_it() -> None:
    assert corrected("Untied-Nations") == ("united nations",)


def test_a_correction_that_is_no_query_is_not_offered() -> None:
    assert corrected("aboot", frequency={"about": 90}) == ()


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_a_distance_is_the_same_both_ways_and_nothing_only_for_equal_words(one: str, other: str) -> None:
    exact = distance(one, other, 9)
    assert exact == distance(other, one, 9)
    assert (exact == 0) == (one == other)
    assert distance(one, other, 1) == min(exact, 2)


def test_distances() -> None:
    assert distance("untied", "united", 2) == 1
    assert distance("korea", "koreas", 2) == 1
    assert distance("kitten", "sitting", 3) == 3
    assert distance("abcdefgh", "hgfedcba", 2) == 3


def test_the_words_of_a_phrase_can_stand_apart() -> None:
    assert apart(parse_query("quantum sensing")) == "quantum AND sensing"
    assert apart(parse_query("Bank of England")) == "Bank AND England"


def test_nothing_but_a_phrase_of_bare_words_can_be_taken_apart() -> None:
    for text in ("quantum", '"quantum sensing"', "朝鲜军队", "the Guardian", "quantum AND sensing"):
        assert apart(parse_query(text)) is None


AI = [fold(text) for text in ("AI chips by Nvidia", "AI chips in Taiwan", "AI and law", "AI at school", "AI abroad")]
ELSEWHERE = [fold(text) for text in ("Law of the sea", "Schools close", "Schools open", "Ships", "Nothing")]
TERMS = [["AI", "chips", "Nvidia"], ["chips"], ["law"], ["school", "!!"], ["AI", "not there", "the"]]


def test_a_broad_query_is_narrowed_by_what_is_typical_of_it() -> None:
    assert narrowed(parse_query("AI"), TERMS, AI, ELSEWHERE, a_day=5) == ("AI AND chips", 2)
    assert narrowed(parse_query("AI OR robots"), TERMS, AI, ELSEWHERE, a_day=5) == ("(AI OR robots) AND chips", 2)


def test_a_term_that_leaves_nothing_or_everything_narrows_nothing() -> None:
    assert narrowed(parse_query("AI"), TERMS, AI, ELSEWHERE, a_day=0.5) is None
    assert narrowed(parse_query("AI"), TERMS, AI, ELSEWHERE, a_day=900) is None
    assert narrowed(parse_query("robots"), [["AI"]], AI, ELSEWHERE, a_day=5) is None
    assert narrowed(parse_query("AI"), [], AI, ELSEWHERE, a_day=5) is None


def test_a_term_that_is_everywhere_narrows_nothing() -> None:
    assert narrowed(parse_query("AI"), [["law"]], AI, [" law "] * 9, a_day=5) is None


def test_a_keyword_with_signs_is_quoted() -> None:
    met = [fold("AI by Q.E.D. (Ltd)"), fold("AI")]
    assert narrowed(parse_query("AI"), [['"Q.E.D." (Ltd)']], met, ["x", "y"], a_day=2) == ('AI AND "Q.E.D. (Ltd)"', 1)


def test_words_are_counted_once_an_article() -> None:
    assert word_frequency([" a b a ", " b \n 朝鲜军队 "]) == {"a": 1, "b": 2, "朝鲜军队": 1}


def test_what_is_a_flood_and_what_is_far_more() -> None:
    assert is_flood(141, 7)
    assert not is_flood(140, 7)
    assert is_far_more(3, 0)
    assert not is_far_more(2, 0)
    assert is_far_more(12, 4)
    assert not is_far_more(11, 4)


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("coffee", '"coffee" OR "coffees" => coffee'),
        ("Coffee => Beans", '"coffee" OR "coffees" => Beans'),
        ("学校", '"学校" => 学校'),
        ("Turkey", ""),
        ('"coffee"', ""),
        ("cold coffee", ""),
        ("coffee OR tea", ""),
        ("title:coffee", ""),
    ],
)
def test_every_mention_is_the_word_in_quotes_in_the_forms_that_are_said(text: str, every: str) -> None:
    assert every_mention(parse_query(text), [" two coffees ", " a coffee "]) == every
    if every:
        assert parse_query(every).label


@pytest.mark.parametrize(
    ("text", "headline"),
    [
        ("AI", "title:AI"),
        ("harbour office", "title:(harbour office)"),
        ("AI OR robots", None),
        ("title:AI", None),
    ],
)
def test_a_flood_is_asked_for_in_headlines(text: str, headline: str | None) -> None:
    assert in_title(parse_query(text)) == headline
    if headline:
        assert parse_query(headline).canonical
