"""What a sentence takes as known is told with it, or it is not told."""

import pytest

from summarizer import summarize
from summarizer.documents import build_document

START = "Orvik has bought a new snow plough for the winter of a cold year."
FILLER = "Snow fell on the hills of Tarnia."


def needs(text: str, language: str = "en") -> list[tuple[tuple[int, ...], ...]]:
    return [sentence.needs for sentence in build_document(text, language).sentences]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Mara Lind drove the plough home.", ((0,),)),
        ("Mara Lind drove the big plough, and Bo Venn slept.", ((0,),)),
        ("The plough cost a lot.", ((0,),)),
        ("The report came late.", ((1, 0),)),
        ("The humble honeybee sleeps.", ((1, 0),)),
        ("The 25-year-old came late.", ((1, 0),)),
        ("The 25-year-old, who lives in Orvik, came late.", ((1, 0),)),
        ("Mara Lind fears that they could be hit.", ()),
        ("Nobody can tell when they could be hit.", ((1,),)),
        ("Once more he is late.", ((1,),)),
        ("Mara Lind lost in that match.", ((1,),)),
        ("Mara Lind pays that fine.", ((1,),)),
        ("Nearly all of them came.", ((1,),)),
        ("Bo Venn helped him.", ((1,),)),
        ("Bo Venn then followed her to Orvik.", ((1,),)),
    ],
)
def test_what_is_taken_as_known_needs_the_sentence_that_tells_it(
    sentence: str, expected: tuple[tuple[int, ...], ...]
) -> None:
    assert needs(f"{START} {FILLER} {sentence}")[2] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Mara Lind drove the plough of the next town.",
        "Mara Lind bought a plough and sold the plough again.",
        "Mara Lind slept the whole winter.",
        "Mara Lind slept the same year.",
        "The government paid.",
        "The mayor of Tarnia paid.",
        "The Tarnian mayor paid.",
        "The group, Snow Now, paid.",
        "The government",
        "Towns in Tarnia say they are ready.",
        "A farmer said she was ready.",
        "Mara Lind said Bo Venn helped him.",
        "Of the drivers nearly all of them came.",
        "Orvik meets in this way each year.",
    ],
)
def test_what_tells_itself_which_one_is_meant_needs_nothing(sentence: str) -> None:
    assert needs(f"{START} {FILLER} {sentence}")[2] == ()


@pytest.mark.parametrize("sentence", ["The call came late.", "The stone fell.", "I came late."])
def test_a_first_sentence_that_takes_something_as_known_has_nothing_that_helps(sentence: str) -> None:
    assert needs(f"{sentence} {FILLER}")[0] == ((),)


def test_an_acronym_needs_the_sentence_that_spells_it_out() -> None:
    text = "The Snow Plough Union (SPU) met on Monday. Snow fell. Bo Venn left the SPU. The European Union (EU) paid."
    assert needs(text) == [(), (), ((0,),), ()]
    assert needs(f"{text} Mara Lind thanks the EU.")[4] == ()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("fr", "La ville a acheté une déneigeuse rouge. La neige tombe. Mara Lind conduit la déneigeuse."),
        ("es", "El pueblo tiene una quitanieves roja. Nieva mucho. Mara Lind conduce la quitanieves."),
        ("it", "Il paese ha uno spazzaneve rosso. Nevica molto. Mara Lind guida lo spazzaneve."),
        ("pt", "A cidade tem uma escavadora vermelha. Neva muito. Mara Lind conduz a escavadora."),
    ],
)
def test_other_languages_take_up_what_an_article_introduced(language: str, text: str) -> None:
    assert needs(text, language)[2] == ((0,),)


def test_a_word_that_only_begins_like_a_noun_introduces_nothing() -> None:
    assert needs("A plougher of Orvik slept, and a plough driver woke. Snow fell. Mara Lind sold the plough.")[2] == ()


def test_german_nouns_are_no_names() -> None:
    assert needs("Die Stadt Orvik schläft. Orvik hat Schnee. Bo Venn wacht. Herr Venn ruht.", "de") == [
        (),
        (),
        (),
        ((2,),),
    ]


@pytest.mark.parametrize(
    "sentence",
    ["Venn's bread is dry.", "On Monday Venn was late.", "“Come,” Dr Venn said.", "Boats’ crews met Mr Venn."],
)
def test_a_surname_alone_needs_the_whole_name(sentence: str) -> None:
    assert needs(f"Bo Venn, a baker, spoke. {FILLER} {sentence}")[2] == ((0,),)


@pytest.mark.parametrize("sentence", ["On Monday snow fell.", "NATO was late.", "Bo Venn was late, and Venn was ill."])
def test_days_initials_and_whole_names_are_no_surnames(sentence: str) -> None:
    assert needs(f"Bo Venn, a baker, spoke. Big NATO and Fat Monday came. {sentence}")[2] == ()


@pytest.mark.parametrize(
    ("before", "expected"),
    [("Mara Lind spoke on Monday and said why.", (1,)), ("Snow fell on the hills of Tarnia all day.", ())],
)
def test_a_quotation_is_told_only_after_its_speaker(before: str, expected: tuple[int, ...]) -> None:
    assert needs(f"{START} {before} “Orvik needs a plough each winter, and Tarnia pays for it.”")[2] == (expected,)


def test_a_sentence_comes_with_all_that_it_needs_or_not_at_all() -> None:
    text = (
        f"{START} Bo Venn, a baker, spoke in Orvik. {FILLER} The plough stood still when Mr Venn came, and Orvik slept."
    )
    chosen = [sentence.start for sentence in summarize(text, language="en", sentences=3).sentences]
    assert len(chosen) == 3
    one = summarize(text, language="en", focus=["stood still"], sentences=1).sentences
    assert one[0].text.startswith("The plough stood")


def test_what_leaned_on_a_sentence_of_lower_rank_is_told_once_that_is_chosen() -> None:
    text = (
        "Snow fell on Orvik, Tarnia and Brun. The snow in Orvik, Tarnia and Brun stopped when the report came to Orvik."
        " The weather is dry. Mara Lind of Orvik measured it for a report on the snow of Tarnia."
    )
    assert len(summarize(text, language="en", sentences=4).sentences) >= 2
