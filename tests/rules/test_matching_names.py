"""Names that read like words: who writes Turkey follows the country; and what is said in passing is not told."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.matching import Document, Match, Matcher, explain_match, is_met, near_miss, strength
from bot.rules.matching_spelling import spelling
from bot.rules.matching_strength import IN_PASSING
from bot.rules.queries import parse_query

FAR = "The harbour office counts the ships of the week and writes them down. " * 20
FERN = "Die Behörde zählt die Schiffe der Woche und schreibt sie auf. " * 22
遠い = "港の事務所は今週の船を数えて、それを書き留めた。" * 20


def met(text: str, document: Document) -> bool:
    """Whether an article meets a query, by all ways of finding out."""
    query = parse_query(text)
    one, other = Matcher(), Matcher()
    one.add(1, query)
    other.add_canonical(1, query.canonical)
    found = is_met(query.root, document)
    assert one.match_ids(document) == other.match_ids(document) == {1} - ({1} if not found else set())
    assert (explain_match(query, document) is not None) == found
    return found


def of(text: str, document: Document) -> Match:
    matcher = Matcher()
    matcher.add(1, parse_query(text))
    (match,) = matcher.match(document)
    query = parse_query(text)
    assert (match.strength == IN_PASSING) == (strength(query.root, match.hits, document) == IN_PASSING)
    return match


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("The talks in Turkey went on.", True),
        ("Turkey said on Monday it would vote.", True),  # a sentence begins; nothing speaks against the name
        ("TURKEY VOTES", True),
        ("Roast the turkey for an hour.", False),
        ("Turkey is roasted for an hour. Let the turkey rest.", False),
        ("A turkey farmer from Turkey.", True),
        ("How to Roast a Turkey. Let the turkey rest.", False),  # a headline writes all words so
        ("They said: “Turkey is dry.” Put the turkey back.", False),
        ("non-Turkey and turkey", True),
    ],
)
def test_a_capital_asks_for_the_name(text: str, is_name: bool) -> None:
    assert met("Turkey", Document(text=text)) is is_name
    assert met("turkey", Document(text=text)) is True
    assert met("TURKEY", Document(text=text)) is True
    assert met('"Turkey"', Document(text=text)) is True
    assert met("Turkey AND (roast OR talks)", Document(text=text)) is (is_name and "talks" in text)


def test_a_title_tells_for_the_text_and_the_text_for_the_title() -> None:
    article = Document("Turkey for dinner", "Put the turkey in the oven")
    assert not met("title:Turkey", article)
    assert not met("Turkey OR goose", article)
    assert met("title:Turkey OR oven", article)
    assert met("dinner -Turkey", article)
    assert not met("Turkey NEAR/5 dinner", article)
    assert met("title:Turkey NEAR/5 title:dinner", Document("Turkey for dinner"))
    assert met("author:Turkey", Document(text="turkey", authors=("Ann Turkey",)))


def test_hits_of_a_name_are_where_it_has_a_capital_and_it_is_explained_as_one() -> None:
    query = parse_query("Turkey OR oven")
    article = Document(text="A turkey from Turkey in the oven")
    hits = explain_match(query, article)
    assert [article.text[hit.start : hit.end] for hit in hits or ()] == ["Turkey", "oven"]
    assert [hit.term for hit in explain_match(query, Document(text="a turkey in the oven")) or ()] == ["oven"]
    assert query.explain("en") == "the name “Turkey” (not the word) or the word “oven”, all sources"
    assert query.explain("zh") == "专名“Turkey”或词语“oven”，所有来源"


def test_a_word_instead_of_the_name_is_a_near_miss() -> None:
    miss = near_miss(parse_query("Turkey"), Document(text="Roast the turkey."))
    assert miss is not None
    assert (miss.present, miss.missing) == (("turkey",), ("Turkey",))
    assert near_miss(parse_query("Turkey"), Document(text="Roast the goose.")) is None


def test_a_name_and_its_word_are_two_queries_and_each_reads_as_it_was_written() -> None:
    assert parse_query("Turkey").canonical == "Turkey" != parse_query("turkey").canonical
    assert parse_query("die Grüne").canonical == parse_query("DIE GRÜNE").canonical
    for text in ("Turkey", "Grüne", "title:Apple", "(Reading OR Labour) AND Яблоко", "Apple NEAR/3 Google"):
        query = parse_query(text)
        assert parse_query(query.canonical).canonical == query.canonical == parse_query(query.to_text()).canonical


def test_a_name_is_found_live_and_forgotten() -> None:
    matcher = Matcher()
    bird, country = Document(text="Roast the turkey."), Document(text="They went to Turkey.")
    matcher.add(1, parse_query("turkey"))
    matcher.add(2, parse_query("Turkey"))
    assert (matcher.match_ids(bird), matcher.match_ids(country)) == ({1}, {1, 2})
    matcher.discard(2)
    matcher.discard(1)
    for number in range(400):
        matcher.add(number, parse_query(f"word{number}"))
        matcher.discard(number)
    matcher.add(3, parse_query("Turkey"))
    assert (matcher.match_ids(bird), matcher.match_ids(country)) == (set(), {3})


_piece = st.sampled_from(["turkey", "Turkey", "TURKEY", "oven", "Oven", "the", "and", ".", "\n", ","])
_text = st.lists(_piece, max_size=14).map(" ".join)


def _naively(title: str, text: str) -> bool:
    """Whether the texts mean the name, worked out word by word."""
    sure = small = there = False
    for sentence in re.split(r"[.\n]", f"{title}\n{text}"):
        words = sentence.replace(",", " , ").split()
        long = [word for word in words if len(word) >= 4]
        shouts = sum(word[0].isupper() for word in long) >= 0.6 * len(long)
        for place, word in enumerate(words):
            there = there or word.lower() == "turkey"
            small = small or word == "turkey"
            sure = sure or (word == "Turkey" and place > 0 and not shouts)
    return there and (sure or not small)


@settings(deadline=None, max_examples=400)
@given(_text, _text)
def test_the_matcher_finds_names_where_looking_word_by_word_does(title: str, text: str) -> None:
    title = title.replace("\n", ".").replace(",", "the")
    text = text.replace(",", "the")
    assert met("Turkey", Document(title, text)) is _naively(title, text)


@pytest.mark.parametrize(
    ("query", "text", "is_met"),
    [
        ("US", "It costs 4 million US dollars.", False),
        ("US", "It costs 4 million US dollars, said the US bank.", True),
        ("США", "Это стоит 4 миллиарда долларов США.", False),
        ('"США"', "Это стоит 4 миллиарда долларов США.", True),
        ("США", "Власти США против.", True),
        ("Guinea", "Voters in Papua New Guinea", False),
        ("Guinea*", "Voters in Papua New Guinea", True),
        ("Москва", "Главный редактор «Эха Москвы»", False),
        ("US OR tea", "4 million US dollars and tea", True),
        ("tea -US", "4 million US dollars and tea", True),
        ("title:US", "4 million US dollars", False),
        ("Reading", "The match in Reading was lost.", True),
        ("Reading", "The match of Mario Reading was lost. Reading wept.", False),
        ("Reading", "Reading Co sold its port.", False),
        ("Reading", "The Readings were lost.", False),
    ],
)
def test_a_part_of_a_longer_name_is_not_the_name(query: str, text: str, is_met: bool) -> None:
    assert met(query, Document(text=text)) is is_met


def test_the_spelling_of_an_article_is_folded() -> None:
    found = spelling("Die Grünen", "Auf der grünen Wiese essen die Linken Äpfel", language="de")
    assert "grunen" in found.small
    assert "linken" in found.names
    assert "die" not in found.names


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("coffee", Document("Ships", FAR + "They drank coffee.")),
        ("coffee lang:en", Document("Ships", FAR + "They drank coffee.", language="en")),
        ("coffee source:Post", Document("Ships", FAR + "They drank coffee.", source="Harbour Post")),
        ("coffee OR Busan -tea", Document("Ships", FAR + "They drank coffee.")),
        ("coffee", Document("Ships", FAR * 2 + "They drank coffee. The coffee was cold.")),  # twice, in a longer text
        ("coffee", Document("Ships", "They drank coffee. " + FAR * 5)),  # in the lead of a long text
        ("cold coffee", Document("Ships", FAR * 5 + "They drank cold coffee.")),
        ("coffee AND tea", Document("Ships", FAR * 2 + "They drank coffee and tea.")),
        ("交通事故", Document("船", 遠い + "その後、交通事故で亡くなった。", language="ja")),
        ("strike", Document("Ships", FAR + "A striking sight.")),
        ("Bahn", Document("Schiffe", FERN + "Er kam mit der Bahn.", language="de")),
        ("schön", Document("Schiffe", FERN + "Es war schön.", language="de")),
        ("学校", Document("船", 遠い + "その後、学校へ行った。", language="ja")),
        ("アプリ", Document("船", 遠い + "アプリで見た。", language="ja")),
    ],
)
def test_an_everyday_word_once_and_late_is_said_in_passing(query: str, document: Document) -> None:
    assert of(query, document).strength == IN_PASSING


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("coffee", Document("Coffee", FAR)),  # the headline
        ("coffee", Document("Ships", "They drank coffee. " + FAR)),  # the lead
        ("coffee", Document("Ships", FAR[:999] + "They drank coffee.")),  # a short text
        ("coffee", Document("Ships", FAR + "They drank coffee. The coffee was cold.")),  # twice
        ("coffee", Document("Ships", FAR * 9 + "Coffee, coffee, coffee and coffee.")),  # more than a few times
        ("coffee", Document("Ships", FAR + "They met at Busan Coffee.")),  # a name
        ("coffee", Document("Ships", FAR + "They drank coffee.", tags=("coffee",))),
        ('"coffee"', Document("Ships", FAR + "They drank coffee.")),  # who quotes it means every mention
        ("coff*", Document("Ships", FAR + "They drank coffee.")),
        ("Busan", Document("Ships", FAR + "One is from Busan.")),
        ("cold coffee", Document("Ships", FAR + "They drank cold coffee.")),
        ("coffee AND cold", Document("Ships", FAR + "They drank cold coffee.")),
        ("cold NEAR/2 coffee", Document("Ships", FAR + "They drank cold coffee.")),
        ("source:Post", Document("Ships", FAR, source="Harbour Post")),
        ("lang:en source:Post", Document("Ships", FAR, language="en", source="Harbour Post")),
        ("coffee OR source:Post", Document("Ships", FAR + "They drank coffee.", source="Harbour Post")),
        ("coffee tag:food", Document("Ships", FAR + "They drank coffee.", tags=("food",))),
        ("#coffee", Document("Ships", FAR + "They drank #coffee.")),
        ("Turkey", Document("Ships", FAR + "One is from Turkey.")),
        ("Reederei", Document("Schiffe", FERN + "Er fragte die Reederei.", language="de")),
        ("东京", Document("船", 遠い + "その後、東京へ行った。", language="ja")),
        ("トヨタ", Document("船", 遠い + "トヨタで見た。", language="ja")),
    ],
)
def test_all_else_is_told(query: str, document: Document) -> None:
    assert of(query, document).strength > IN_PASSING
