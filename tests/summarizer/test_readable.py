"""What a summary never shows where something better serves."""

import pytest

from summarizer import summarize
from summarizer.documents import build_document
from summarizer.furniture import dateline_end
from summarizer.readable import Fault

NONE, LEANS, BROKEN, JUNK = Fault.NONE, Fault.LEANS, Fault.BROKEN, Fault.JUNK
OPENING = "The bridge over the Tarn was closed on Monday."


def faults(text: str, language: str = "en", title: str = "") -> list[Fault]:
    return [sentence.fault for sentence in build_document(text, language, title).sentences]


@pytest.mark.parametrize(
    "line",
    [
        "By signing up, I accept the Terms & Conditions and Privacy Policy.",
        "Sign up for our newsletter.",
        "READ ALSO: Ten bridges to see",
        "By Orla Finch and Bo Venn, Staff Writers",
        "Please read the terms before you vote.",
        "Photo: Orla Finch/Orvik Press",
        "More on this story",
        "You can find the Orvik Post's privacy policy on its site.",
        "责任编辑：李明",
        "関連記事はこちら。",
        "Читайте также: десять мостов",
        "관련기사 더보기",
        "اقرأ أيضا: عشرة جسور",
    ],
)
def test_page_furniture_is_junk(line: str) -> None:
    assert faults(f"{OPENING}\n\n{line}")[1] == JUNK


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "But he stayed."),
        ("en", "That is why the town grew."),
        ("en", "“It will last,” she said."),
        ("en", "“It will last for years.”"),
        ("en", "Nothing will change, they said."),
        ("de", "Er blieb trotzdem."),
        ("fr", "Mais il est resté."),
        ("es", "Sin embargo, nadie vino."),
        ("ru", "Однако он остался."),
        ("ar", "لكنه بقي هناك."),
        ("zh", "但是他留下了。"),
        ("ja", "しかし彼は残った。"),
        ("ko", "그러나 그는 남았다."),
        ("th", "แต่เขายังอยู่"),
        ("xx", "However, nobody came."),
        ("en", "In May, he left the town."),
        ("en", "After years in Orvik, she came home."),
        ("en", "A study says the dam is larger, too."),
        ("en", "Nobody, however, came."),
        ("en", "On Friday he left."),
        ("en", "“We stay,” he told Orvik Radio."),
        ("en", "“Not that I know,” Orla Finch replied."),
        ("en", "The town received those letters in May."),
        ("en", "The town, as I like to say and she knows, is small."),
        ("en", "One day later the town was empty."),
        ("en", "It rained, and nobody knows why."),
        ("fr", "À Orvik, cette boulangerie reste ouverte."),
        ("fr", "Le pont tiendra, a-t-il dit."),
        ("fr", "Dans la ville, elle a trouvé du pain."),
    ],
)
def test_a_sentence_that_needs_the_one_before_leans(language: str, sentence: str) -> None:
    assert faults(f"{OPENING} {sentence}", language)[-1] == LEANS


@pytest.mark.parametrize(
    "sentence",
    [
        "This week the council meets.",
        "Andes villages were cut off.",
        "Orla Finch told the council that she would stay.",
        "“We will stay,” said Orla Finch.",
        "The mayor's office called it 'a disgrace' on Monday.",
        "The farmers' union agreed.",
        "As Orla Finch, from Orvik, left the town, she waved.",
        "In May, the council met.",
        "On Monday Orla Finch said he would stay.",
        '"The market will last," Orla Finch said.',
        "The town fed those who stayed.",
        "LinkedIn and YouTube were down in the town of Orvik.",
    ],
)
def test_a_sentence_that_names_what_it_speaks_of_stands_alone(sentence: str) -> None:
    assert faults(f"{OPENING} {sentence}")[-1] == NONE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ms Finch said: “It failed. Nobody helped. We left.” Orvik slept.", [BROKEN, BROKEN, BROKEN, NONE]),
        ("Ms Finch said: ‘It failed. Nobody helped.’ Boats’ crews don’t sleep.", [BROKEN, BROKEN, NONE]),
        ("Ms Finch said: 'It failed. Nobody helped.' Orvik slept.", [BROKEN, BROKEN, NONE]),
        ('"It failed. Nobody helped," said Orla Finch. Orvik slept.', [BROKEN, BROKEN, NONE]),
        ("Die Stadt sagte: „Es hält.“ Orla Finch blieb.", [NONE, NONE]),
        ("市长说：“桥会修好。明年通车。”工程周一开始。", [BROKEN, BROKEN, NONE]),
        ('سمى المدير الخطة بـ"الكبيرة" أمس. وصل الجيش.', [NONE, NONE]),
        ('She said: "The dogs\' home failed. Nobody came. We left." Orvik slept.', [BROKEN, BROKEN, BROKEN, NONE]),
        ("Ms Finch said: “It is 'new' and fine.” Orvik slept.", [NONE, NONE]),
        ('A plan is called " Blue ". Orvik slept.', [NONE, NONE]),
    ],
)
def test_half_a_quotation_is_broken(text: str, expected: list[Fault]) -> None:
    language = "zh" if "桥" in text else "de" if "„" in text else "en"
    assert faults(text, language) == expected


def test_a_quotation_that_nobody_closes_ends_after_a_while() -> None:
    text = "Ms Finch said: “It failed. " + "Nobody helped. " * 8
    assert faults(text)[-1] == NONE


def test_a_quotation_that_is_opened_anew_goes_on() -> None:
    text = 'Ms Finch said: "It failed. ' + 'Nobody helped. "We left. ' * 4 + "Nobody helped. Orvik slept."
    assert faults(text)[-2:] == [BROKEN, BROKEN]


def test_a_heading_is_no_sentence() -> None:
    assert faults(f"{OPENING}\n\nWhat comes next\n\nOrvik slept.") == [NONE, BROKEN, NONE]


def test_even_the_first_sentence_may_lean() -> None:
    assert faults("He stayed. Orvik slept.") == [LEANS, NONE]


def test_the_title_repeated_in_the_text_is_junk() -> None:
    assert faults(f"Bridge closed\n\n{OPENING}", title="Bridge closed ") == [JUNK, NONE]


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("SEOUL - The army left.", "The army left."),
        ("NEW YORK (Reuters) - The army left.", "The army left."),
        ("WASHINGTON, Oct 22 (AP) — The army left.", "The army left."),
        ("(CNN)The army left.", "The army left."),
        ("Port Tarn (CNN)The army left.", "The army left."),
        ("Paris (AFP) - L'armée est partie.", "L'armée est partie."),
        ("新华社首尔10月22日电 军队离开了。", "军队离开了。"),
        ("新华社首尔10月22日电（记者李明）军队离开了。", "军队离开了。"),
        ("【环球时报报道】军队离开了。", "军队离开了。"),
        ("(서울=연합뉴스) 김하나 기자 = 군대가 떠났다.", "군대가 떠났다."),
        ("SEOUL: A ship left.", "A ship left."),
        ("GEORGE TOWN: A ship left.", "A ship left."),
        ("PAJU, South Korea: A ship left.", "A ship left."),
        ("SEOUL, 27 November: North Korea left.", "North Korea left."),
        ("SEOUL, Nov 27, 2026: North Korea left.", "North Korea left."),
        ("BANGKOK, Thailand, 28 November (AP) - A ship left.", "A ship left."),
        ("北京11月27日电 军队离开了。", "军队离开了。"),
        ("本报首尔11月27日电 军队离开了。", "军队离开了。"),
        ("（新华社北京11月27日电）军队离开了。", "军队离开了。"),
        ("北京11月27日电影节开幕了。", "北京11月27日电影节开幕了。"),
        ("THE SHIP LEFT: NOBODY SAW IT.", "THE SHIP LEFT: NOBODY SAW IT."),
        ("SEOUL: the ship left.", "SEOUL: the ship left."),
        ("NASA - the agency - left.", "NASA - the agency - left."),
        ("POLICE: The army left.", "POLICE: The army left."),
        ("The army left - at last.", "The army left - at last."),
    ],
)
def test_a_sentence_begins_after_its_dateline(line: str, rest: str) -> None:
    assert line[dateline_end(line) :] == rest
    assert build_document(line, "en").sentences[0].text == rest


def test_a_speaker_in_capitals_is_no_dateline() -> None:
    for text in ("VENN: The ship left.\n\nLEE: When?\n\nVENN: On Monday.", "Two spoke.\n\nVENN: The ship left."):
        sentences = [sentence.text for sentence in build_document(text, "en").sentences]
        assert any(sentence.startswith("VENN: The ship") for sentence in sentences)


@pytest.mark.parametrize(
    "line",
    [
        "Orla Finch, pictured left, runs a bakery.",
        "Mara Lind (right) runs a boat.",
        "Why does it fall?read more The river rose.",
        "Le maire a signéLe pont sera rouvert.",
        "The town stood under water It was the third flood.",
        "The bakery makes bread, cake and pies 3.",
        "Big bread: Mara Lind bakes for the town.",
        "- The bakery of Orvik - Mara Lind bakes for the town.",
        "“Nobody helped”Then the council met.",
        "Orla Finch, Mara Lind, Bo Venn, Ilo Marsh, Ludo Meer (Oona King 75), Ann Lee.",
        "Who will pay for it?",
        "Out:Mara Lind, a baker, left.",
        "Mara Lind (with Bo Venn, left) runs a boat.",
        'The plan is "based on facts".OPN waits.',
        "By Orla FinchOPN correspondent Orvik waits.",
        "09:22 GMTOrla Finch waits.",
        "So says Orla Finch of OPNThe river rose.",
        "第一个杯子@奥维克玻璃系列。",
        "Mara Lind and Bo Venn in front of the new bridge at the opening that Orvik had waited for in May",
        "The town " + "rebuilt the bridge and the road and the school and the wall " * 5 + "in May.",
    ],
)
def test_what_extraction_left_over_is_broken(line: str) -> None:
    language = "fr" if "maire" in line else "en"
    assert BROKEN in faults(f"{OPENING} {line}", language)[1:]


def test_where_nobody_writes_stops_none_is_missed() -> None:
    first = "Mara Lind and Bo Venn rebuilt the new bridge at Orvik over the winter and opened it"
    assert faults(f"{first}\n{first} again") == [NONE, NONE]


def test_a_first_sentence_is_told_even_with_a_caption() -> None:
    assert faults("Big bread: Mara Lind bakes for the town. Orvik slept.")[0] == NONE


def test_a_chinese_question_may_be_a_whole_sentence() -> None:
    assert faults("桥周一关闭。这座桥为什么会在周一早上突然关闭？为什么？", "zh") == [NONE, LEANS, BROKEN]
    assert faults("桥周一关闭。工程师们是否知道这座桥会在周一早上关闭？", "zh")[1] == NONE


def needs(text: str, language: str = "en") -> list[tuple[tuple[int, ...], ...]]:
    return [sentence.needs for sentence in build_document(text, language).sentences]


def test_a_surname_leans_on_the_sentence_that_introduces_it() -> None:
    text = "Rain fell. Mr Venn came. Bo Venn, a baker, spoke. Orvik met. Mr Venn's bread is free. Venn wept."
    assert needs(text)[1:] == [(), (), (), ((2, 1),), ((2, 1, 4),)]
    assert faults(text)[5] == LEANS


def test_a_speaker_is_told_with_the_sentence_that_introduces_them() -> None:
    text = "Bo Venn, a baker, spoke in Orvik. " + "Orvik met. " * 4 + "Mr Venn said the flour of Orvik was dry."
    told = [sentence.text for sentence in summarize(text, language="en", focus=["flour"], sentences=3).sentences]
    assert told[0].startswith("Bo Venn")
    assert told[-1].startswith("Mr Venn")


def test_a_long_quotation_may_be_opened_again_in_each_of_its_sentences() -> None:
    text = 'Orla Finch met "them". "I thank the boats\' crews. "Our town stands. We stay." Orvik slept.'
    assert faults(text)[1:] == [BROKEN, BROKEN, BROKEN, NONE]


def test_arabic_joins_long_sentences_with_commas() -> None:
    text = "فتح الجسر. " + "قال رئيس البلدية إن الجسر كبير وجديد، " * 12 + "وسيفتح غدا."
    assert faults(text, "ar")[1] == NONE
