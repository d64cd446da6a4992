"""Words, stems, stop words and the language of a text, for every language that we name."""

import pytest

from summarizer import extract_keywords, summarize
from summarizer.languages import guess_language, language_code
from summarizer.stopwords import stop_words
from summarizer.words import split_words, stemmer

SAMPLES = {
    "en": "The river rose again on Monday. The army built a wall for the town. The town will stay dry.",
    "zh": "河水周一再次上涨。军队为小镇筑起了墙。小镇将保持干燥。",
    "ja": "月曜日に川の水位が再び上がった。軍は町のために壁を築いた。町は乾いたままだろう。",
    "ko": "월요일에 강물이 다시 불었다. 군대가 마을을 위해 벽을 쌓았다. 마을은 안전할 것이다.",
    "ru": "В понедельник река снова поднялась. Армия построила для города стену. Город останется сухим.",
    "de": "Der Fluss ist am Montag gestiegen. Die Armee hat der Stadt eine Mauer gebaut. Die Stadt ist nicht nass.",
    "fr": "La rivière est montée lundi. L'armée a bâti un mur pour la ville. La ville ne sera pas mouillée.",
    "es": "El río subió el lunes. El ejército construyó un muro para la ciudad. La ciudad no se mojará.",
    "pt": "O rio subiu na segunda-feira. O exército não deixou a cidade e fez um muro. A cidade está seca.",
    "it": "Il fiume è salito lunedì. L'esercito ha costruito un muro per la città. La città non è più bagnata.",
    "ar": "ارتفع النهر يوم الاثنين. بنى الجيش جدارا للمدينة. ستبقى المدينة جافة.",
    "hi": "सोमवार को नदी फिर बढ़ी। सेना ने शहर के लिए दीवार बनाई। शहर सूखा रहेगा।",
    "vi": "Nước sông lại dâng vào thứ Hai. Quân đội đã xây tường cho thị trấn. Thị trấn sẽ không bị ngập.",
    "id": "Sungai itu naik lagi pada hari Senin. Tentara membangun tembok untuk kota. Kota akan tetap kering.",
    "uk": "У понеділок річка знову піднялася. Армія збудувала для міста стіну. Місто буде сухим і безпечним.",
    "tr": "Nehir pazartesi günü yine yükseldi. Ordu şehir için bir duvar yaptı. Şehir çok kuru kalacak ve bu iyi.",
    "pl": "Rzeka w poniedziałek znów się podniosła. Armia zbudowała mur dla miasta. Miasto nie będzie mokre.",
    "nl": "De rivier is maandag weer gestegen. Het leger heeft een muur voor de stad gebouwd. De stad is niet nat.",
    "fa": "رودخانه روز دوشنبه دوباره بالا آمد. ارتش برای شهر دیوار ساخت. شهر خشک می‌ماند و گرم نیست.",
    "th": "แม่น้ำสูงขึ้นอีกในวันจันทร์ กองทัพสร้างกำแพงให้เมือง เมืองจะแห้ง",
}


@pytest.mark.parametrize("language", SAMPLES)
def test_twenty_languages_are_summarised_with_words_of_their_own(language: str) -> None:
    text = SAMPLES[language]
    summary = summarize(text, language=language, sentences=1)
    assert text[summary.sentences[0].start : summary.sentences[0].end] == summary.sentences[0].text
    assert len(split_words(text, language)) >= 8
    assert stop_words(language)
    assert all(stemmer(language)(word.lower()) for word in split_words(text, language))
    assert isinstance(extract_keywords(text, language=language), list)


@pytest.mark.parametrize("language", SAMPLES)
def test_the_language_of_a_text_is_guessed(language: str) -> None:
    assert guess_language(SAMPLES[language]) == language


@pytest.mark.parametrize(("text", "language"), [("", ""), ("12 !?", ""), ("Zzxq vrtl", ""), ("Η πόλη.", "el")])
def test_a_text_that_tells_nothing_has_no_language(text: str, language: str) -> None:
    assert guess_language(text) == language


@pytest.mark.parametrize(("given", "code"), [("en-GB", "en"), (" ZH_hans ", "zh"), ("ko", "ko")])
def test_a_language_code_is_its_first_two_letters(given: str, code: str) -> None:
    assert language_code(given) == code


def test_an_unknown_language_degrades_to_position_and_overlap() -> None:
    summary = summarize("Ofra zu blik. Zu kel ofra. Ni trum.", language="xx", sentences=1)
    assert summary.sentences[0].text == "Ofra zu blik."


@pytest.mark.parametrize(
    ("language", "text", "words"),
    [
        ("en", "O'Neill's co-op isn't 5 o’clock", ["O'Neill's", "co-op", "isn't", "o’clock"]),
        ("hi", "हिन्दी में", ["हिन्दी", "में"]),
        ("fa", "می‌ماند", ["می‌ماند"]),
        ("zh", "北京下雨，2024年", ["北京", "下雨", "年"]),
        ("ja", "東京タワーへ行く駅", ["東京", "タワー", "行", "駅"]),
        ("th", "กองทัพ", ["กอ", "องทั"]),
        ("ko", "군대가 마을을", ["군대가", "마을을"]),
    ],
)
def test_words_are_those_of_the_language(language: str, text: str, words: list[str]) -> None:
    found = split_words(text, language)
    assert found == words or (language == "th" and len(found) >= 2)


def test_stems_join_the_forms_of_a_word() -> None:
    assert stemmer("en")("bridges") == stemmer("en")("bridge")
    assert stemmer("ru")("города") == stemmer("ru")("город")
    assert stemmer("uk")("міста") == stemmer("uk")("місто")
    assert stemmer("ko")("군대가") == stemmer("ko")("군대를") == "군대"
    assert stemmer("xx")("bridges") == "bridges"
