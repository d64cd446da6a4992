"""Splitting: no text lost, none changed, and ends where a reader sees them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.sentences import split_sentences

CASES = {
    "titles and initials": ("en", ["Mr. Oduya met Gen. P. J. Hart in St. Albans.", "They agreed."]),
    "an acronym inside": ("en", ["The U.S. Treasury said no.", "It gave no reason."]),
    "an acronym at the end": ("en", ["He moved to the U.S.", "The family followed."]),
    "months and numbers": ("en", ["It fell on Jan. 5 to No. 3.", "Nobody minded."]),
    "no as a word": ("en", ["The answer was no.", "It stays no."]),
    "decimals and prices": ("en", ["Rates rose 0.25 points to $3.50.", "Banks cheered!"]),
    "companies": ("en", ["Orvik Inc. bought Tamsel Ltd. in June.", "Shares rose."]),
    "times of day": ("en", ["It starts at 9 a.m. Monday.", "It ends at 5 p.m.", "The gates close then."]),
    "a question inside": ("en", ["“Why now?” he asked.", "Nobody knew."]),
    "a named speaker after a quote": ("en", ["“Are we safe?” Ms Orla Finch asked.", "Nobody knew."]),
    "closing quotes": ("en", ["“We will not go.”", "The crowd cheered."]),
    "closing brackets": ("en", ["It failed (again.)", "Then it worked."]),
    "ellipses": ("en", ["Well... maybe.", "Who knows…", "Time will tell."]),
    "spaced ellipses": ("en", ["It went on . . . and on.", "Then it stopped."]),
    "no space after the stop": ("en", ["The vote was held in 2012.", "The result came late.", "Dr Venn won."]),
    "no space after a share": ("en", ["It rose by 5%.", "Nobody cared."]),
    "no space before a curly quote": ("en", ["He left.", "“We stay,” she said."]),
    "no space before an elided word": ("fr", ["Il pleut depuis neuf mois.", "D'autres villes attendent."]),
    "abbreviations without a space": ("en", ["Mr.Venn met Dr.Orla in St.Albans."]),
    "web names": ("en", ["She works for Orvik.com and reads e.g. Tamsel.net daily.", "He does not."]),
    "brands in lower case": ("en", ["It fell.", "iPhone sales rose."]),
    "list marks": ("en", ["1. Buy bread.", "Then rest."]),
    "several marks": ("en", ["Really?!", "Yes!!!", "Fine."]),
    "dashes after quotes": ("ru", ["«Мы идём!» — сказал он.", "Все встали."]),
    "Russian initials and years": ("ru", ["В 2010 г. А. Б. Орлов уехал в г. Тверь.", "Там он жил."]),
    "Russian year at the end": ("ru", ["Это было в 1999 г.", "Он уехал."]),
    "German ordinals": ("de", ["Am 3. Oktober kam z.B. Dr. Ahlers.", "Er blieb bis 2020.", "Dann ging er."]),
    "German ordinal before a starter": ("de", ["Sie wurde die 3.", "Das war gut."]),
    "French": ("fr", ["M. Lavoix a parlé à Mme. Brun.", "Elle a dit oui."]),
    "Chinese": ("zh", ["雨下了三天。", "他问：“还要下吗？”", "没人知道！"]),
    "Chinese with a comma after the quote": ("zh", ["“水来了！”，他喊道。", "大家都跑了。"]),
    "Chinese without a last stop": ("zh", ["桥断了。", "修桥要一年"]),
    "Japanese quotes": ("ja", ["「もう遅い。」と彼は言った。", "誰も動かなかった。"]),
    "Korean": ("ko", ["비가 왔다.", "사람들이 떠났다.", "그는 남았습니다"]),
    "Korean without stops": ("ko", ["비가 왔습니다", "사람들이 떠났습니다"]),
    "Korean without spaces": ("ko", ["비가 왔다.", "그는 남았다."]),
    "Arabic": ("ar", ["وصل د. سامي إلى المدينة.", "هل بقي هناك؟", "لا أحد يعرف."]),
    "Hindi": ("hi", ["बारिश तीन दिन हुई।", "फिर धूप निकली।"]),
    "unknown languages": ("xx", ["Zu blik Dr. Ofra.", "Ni kel."]),
    "capitals": ("en", ["RATES ROSE AGAIN.", "BANKS CHEERED."]),
}
SEPARATORS = {
    "zh": "",
    "ja": "",
    "no space after a share": "",
    "no space before a curly quote": "",
    "no space before an elided word": "",
    "Korean without spaces": "",
    "no space after the stop": "",
}


@pytest.mark.parametrize("name", CASES)
def test_sentences_end_where_a_reader_sees_it(name: str) -> None:
    language, sentences = CASES[name]
    separator = SEPARATORS.get(name, SEPARATORS.get(language, " "))
    assert [sentence.text for sentence in split_sentences(separator.join(sentences), language)] == sentences


def test_lines_end_sentences_and_wrapped_lines_do_not() -> None:
    wrapped = "The ministry said on Monday that the bridge over the\nriver would be closed.\nTraffic\n\nsuffers"
    assert [sentence.text for sentence in split_sentences(wrapped, "en")] == [
        "The ministry said on Monday that the bridge over the\nriver would be closed.",
        "Traffic",
        "suffers",
    ]


def test_a_paragraph_that_ends_without_a_stop_ends_all_the_same() -> None:
    text = "A heading of more than forty characters without a stop\n\nlower case starts here.\n"
    assert len(split_sentences(text, "en")) == 2


def test_long_thai_runs_end_at_a_space() -> None:
    clause = "รัฐบาลประกาศเมื่อวันจันทร์ว่าจะปิดสะพานข้ามแม่น้ำเป็นเวลาสามเดือนเพื่อซ่อมแซมโครงสร้างที่ชำรุดเสียหาย"
    text = f"{clause} ประชาชนจำนวนมากไม่พอใจกับการตัดสินใจครั้งนี้ และ{clause}"
    assert [sentence.start for sentence in split_sentences(text, "th")] == [0, len(clause) + 1]


def test_the_language_is_guessed_where_none_is_given() -> None:
    assert len(split_sentences("Das war am 3. Oktober und nicht im Mai. Es ist vorbei.")) == 2


@settings(deadline=None)
@given(
    st.text(alphabet=st.sampled_from("aA1 .!?。！」”\"'()\n\r\u2028\u3000다นの،。…-:I")),
    st.sampled_from(["en", "zh", "ko", "th", ""]),
)
def test_nothing_but_white_space_is_left_out(text: str, language: str) -> None:
    place = 0
    for sentence in split_sentences(text, language):
        assert text[sentence.start : sentence.end] == sentence.text == sentence.text.strip() != ""
        assert not text[place : sentence.start].strip()
        place = sentence.end
    assert not text[place:].strip()


@settings(deadline=None)
@given(st.text(), st.sampled_from([None, "en", "ja", "ko", "th", "de"]))
def test_any_text_at_all_is_kept(text: str, language: str | None) -> None:
    sentences = split_sentences(text, language)
    assert "".join("".join(sentence.text.split()) for sentence in sentences) == "".join(text.split())
