"""Keywords: names whole, variants once, terms that mean something."""

import pytest

from summarizer import BudgetError, TextError, extract_keywords

TEXT = """Defiant Orla Venn opened the new harbour of Port Tarn on Monday. The Tarnian government had fought it.
Ms Venn said Tarnia would gain. “Tarnia needs trade,” Venn told Tarnian reporters in Port Tarn. Dock workers
cheered; the dock workers had waited for years. The interest rate fell, and the interest rate may fall again.
Orla Venn will meet President Ilo Marsh of Upper Tarnia in October. Dock workers will march for Orla Venn.
"""


def words(text: str, **options: object) -> list[str]:
    return [keyword.text for keyword in extract_keywords(text, **options)]  # type: ignore[arg-type]


def test_names_are_kept_whole_and_their_variants_told_once() -> None:
    found = words(TEXT, limit=20)
    assert set(found[:2]) == {"Orla Venn", "Tarnia"}
    assert "Port Tarn" in found
    assert "Tarnia" in found
    assert not {"Venn", "Orla", "Tarnian", "President", "October", "Defiant Orla Venn", "Monday"} & set(found)


def test_a_body_keeps_its_place_and_a_possessive_ends_a_name() -> None:
    text = "He left Tarnia's Upper Court of Appeal. It is the Bank of the north. Tarnia's Upper Court of Appeal sat."
    assert {"Upper Court of Appeal", "Bank"} <= set(words(text, language="en"))


def test_common_words_are_kept_inside_names() -> None:
    text = "In New York the new baker, old now, met Oona King. She likes New York. Oona King told the baker to join."
    assert words(text, language="en")[:3] == ["New York", "Oona King", "baker"]


def test_words_that_stay_together_are_one_term() -> None:
    assert {"dock workers", "interest rate"} <= set(words(TEXT, limit=20))


def test_scores_fall_from_one() -> None:
    scores = [keyword.score for keyword in extract_keywords(TEXT, limit=20)]
    assert scores[0] == 1
    assert scores == sorted(scores, reverse=True)


def test_the_title_counts() -> None:
    text = "The ore is here. The salt is here. He saw the ore. He saw the salt."
    assert [word.lower() for word in words(text, title="Cheap salt", limit=1)] == ["salt"]


def test_particles_stand_inside_names() -> None:
    text = "She met Ludo van der Meer of the Bank of Tarn. He left. Ludo van der Meer runs the Bank of Tarn. "
    assert {"Ludo van der Meer", "Bank of Tarn"} <= set(words(text, language="en"))


def test_a_text_in_capitals_has_terms() -> None:
    assert "harbour" in words("THE NEW HARBOUR OPENED. A STORM HIT THE HARBOUR.", language="en")


@pytest.mark.parametrize(
    ("text", "language", "keyword"),
    [
        ("塔恩港周一开放。工人欢迎港口。港口将带来贸易，工人表示。北京的工人也来了。", "zh", "工人"),
        ("東京の港湾が開いた。港湾の労働者は喜んだ。関係は近くない。", "ja", "港湾"),
        ("كان الميناء كبيرا. فتح الميناء يوم الاثنين. الميناء جديد.", "ar", "الميناء"),
    ],
)
def test_languages_without_capitals_have_keywords(text: str, language: str, keyword: str) -> None:
    assert keyword in words(text, language=language)


def test_a_headline_alone_has_keywords() -> None:
    assert words("", title="Storm hits Port Tarn")[0] == "Port Tarn"


def test_an_empty_text_has_none() -> None:
    assert extract_keywords("") == []


def test_newsletter_lines_give_no_keywords() -> None:
    assert "Tamsel Media" not in words(
        TEXT + "\n\nBy signing up, I accept Tamsel Media's Terms & Conditions.", limit=30
    )


def test_what_is_wrong_is_named() -> None:
    with pytest.raises(BudgetError, match="limit"):
        extract_keywords(TEXT, limit=0)
    with pytest.raises(TextError):
        extract_keywords(TEXT, title=None)  # type: ignore[arg-type]
