"""What of an article is held against queries: its text without addresses and without the list of other articles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.matching import Document, Matcher, explain_match, fold_document
from bot.rules.matching_body import LINES, body
from bot.rules.queries import parse_query

STORY = "The ferry to Busan sails again on Monday, the harbour office said in the evening."


@pytest.mark.parametrize(
    "end",
    [
        "\n\nRelated articles:\n- Apple opens a shop\n- Apple closes a shop",
        "\nREAD MORE\nApple opens a shop\nApple closes another one",
        "\n\n■関連記事\n・Apple、新製品を発表\n・Apple銀座が開店",
        "\n【MOVIE おすすめ記事】\n・Appleの秘密\n\n■関連リンク\n・Apple公式サイト",
        "\n相关阅读：\nApple 发布新品",
        "\nЧитайте также\nApple открывает магазин",
        "\nMehr zum Thema\n• Apple eröffnet",
        "\nsee https://apple.example/apple?apple=1 or write to apple@apple.example",
        "\nwww.apple.example/apple",
    ],
)
def test_neither_a_list_of_other_articles_nor_an_address_is_part_of_it(end: str) -> None:
    query = parse_query('"apple"')
    matcher = Matcher()
    matcher.add(1, query)
    article = Document("The ferry", STORY + end)
    assert matcher.match_ids(article) == set()
    assert explain_match(query, article) is None
    assert fold_document(article.title, article.text) == article.folded


@pytest.mark.parametrize(
    "text",
    [
        "Related articles:\nApple opens a shop\n" + STORY,  # what follows goes on with the story
        STORY + "\nRead more books, said the mayor of Apple.",  # a sentence
        STORY + "\n- Related: Apple",  # an item of a list
        STORY + "\nApple",
        STORY + "\n" + "See also the long list of everything that Apple ever had to do with the harbour of Busan",
        "Apple.com and apple.co are bought.",
        "https: //apple is no address",
    ],
)
def test_all_else_is_part_of_it(text: str) -> None:
    assert explain_match(parse_query('"apple"'), Document(text=text)) is not None


def test_a_list_longer_than_anybody_reads_is_no_list_at_the_end() -> None:
    text = STORY + "\nRelated articles\n" + "- Apple\n" * LINES
    assert body(text) == text


@given(st.lists(st.sampled_from([STORY, "Related:", "- Apple", "", "https://a.example/x", "関連記事"])).map("\n".join))
def test_places_stay(text: str) -> None:
    left = body(text)
    assert len(left) <= len(text)
    assert all(one in (other, " ") for one, other in zip(left, text, strict=False))
