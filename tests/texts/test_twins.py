import pytest

from bot.rules.queries import parse_query
from bot.texts import twin_names
from bot.texts.twins import Twins, as_query, twins
from summarizer.folding import fold


def names(text: str, *languages: str) -> tuple[str, ...]:
    found = twins(text, languages)
    return found.names if found else ()


@pytest.mark.parametrize(
    ("written", "others"),
    [
        ("朝鲜", "北韓|North Korea|北朝鮮|북한|КНДР|Nordkorea|Corée du Nord|Corea del Norte|كوريا الشمالية"),
        ("Russia", "俄罗斯|ロシア|러시아|Россия|Russland|Russie|Rusia|روسيا"),
        ("美国", "US|United States|米国|미국|США|États-Unis|الولايات المتحدة"),
        ("Hong Kong", "香港|홍콩|Гонконг|Hongkong"),
        ("欧盟", "European Union|EU|Евросоюз|Europäische Union"),
        ("Trinidad and Tobago", "特立尼达和多巴哥"),
        ("Europe", "欧洲|ヨーロッパ|Европа|Europa"),
        ("人民币", "Chinese Yuan|中国人民元|중국 위안화|китайский юань"),
        ("Swiss Franc", "瑞士法郎|スイスフラン|Schweizer Franken"),
        ("Urdu", "乌尔都语|ウルドゥー語|урду"),
        ("德语", "ドイツ語|독일어"),
    ],
)
def test_a_name_is_known_in_the_other_languages(written: str, others: str) -> None:
    assert set(others.split("|")) <= set(names(written))


@pytest.mark.parametrize(
    "spelling", ["NORTH KOREA", "north  korea", "Ｎｏｒｔｈ Ｋｏｒｅａ", "DPRK", "Coree du Nord", "北韓", "北韩"]
)
def test_spelling_does_not_matter(spelling: str) -> None:
    assert "КНДР" in names(spelling)


def test_a_name_is_none_of_its_own_twins() -> None:
    assert not any(fold(name) == fold("北韓") for name in names("北韩"))


def test_the_readers_languages_come_first_and_the_usual_names_before_the_others() -> None:
    assert names("朝鲜", "ko", "ru-RU")[:3] == ("북한", "КНДР", "North Korea")
    assert names("North Korea", "zh-Hant", "ko")[:3] == ("朝鲜", "북한", "北朝鮮")
    assert names("北朝鮮", "zh", "xx")[:3] == ("朝鲜", "North Korea", "북한")
    assert set(names("北朝鮮")[-3:]) == {"北韓", "DPRK", "Северная Корея"}


@pytest.mark.parametrize(
    "word", ["island", "того", "réunion", "Maurice", "grenade", "저지", "Congo", "German", "real", "won"]
)
def test_an_ordinary_word_has_no_twins(word: str) -> None:
    assert twins(word) is None


@pytest.mark.parametrize(
    ("written", "harmful"),
    [
        ("土耳其", "Turkey"),
        ("格鲁吉亚", "Georgia"),
        ("乍得", "Chad"),
        ("冰岛", "Island"),
        ("Thailand", "タイ"),
        ("Sudan", "수단"),
        ("Mali", "马里"),
        ("Oman", "عمان"),
        ("Togo", "Того"),
        ("德语", "German"),
        ("欧元", "Euro"),
    ],
)
def test_a_name_that_means_something_else_is_never_added(written: str, harmful: str) -> None:
    assert fold(harmful) not in {fold(name) for name in names(written)}


def test_a_name_that_means_something_else_is_understood_when_it_is_written() -> None:
    assert "土耳其" in names("Turkey")
    assert "タイ" not in names("泰国")
    assert "Thailand" in names("タイ")


def test_a_topic_that_is_no_name_has_no_twins() -> None:
    assert twins("quantum sensing") is None
    assert twins("") is None


def test_every_name_says_its_language() -> None:
    assert twins("Euro") == Twins("Euro", ("欧元",), ("zh",))


def test_a_name_without_others_has_no_twins() -> None:
    assert twins("泽西岛") is None


def test_names_become_one_query_that_is_called_as_the_reader_wrote_it() -> None:
    found = twins(" 朝鲜 ", ["en"])
    assert found is not None
    query = parse_query(found.as_query())
    assert query.label == "朝鲜"
    assert query.terms == ("朝鲜", *found.names)
    assert parse_query(found.as_query("Pyongyang")).label == "Pyongyang"


def test_a_name_with_other_signs_is_quoted() -> None:
    text = as_query(["朝鲜", "EE. UU.", "Côte d’Ivoire", "刚果（金）"])
    assert text == '朝鲜 OR EE. UU. OR Côte d’Ivoire OR "刚果（金）"'
    assert parse_query(text).terms == ("朝鲜", "EE. UU.", "Côte d’Ivoire", "刚果（金）")


@pytest.mark.parametrize("code", ["US", "KP", "CD", "MM", "PS", "BA", "AE", "GB", "UN"])
def test_every_common_name_leads_to_the_others(code: str) -> None:
    common = [name for text in twin_names.COMMON_NAMES[code].values() for name in text.split("|")]
    assert all(twins(name) is not None for name in common)


@pytest.mark.parametrize("currency", ["US Dollar", "Japanese Yen", "British Pound", "Russian Ruble", "Indian Rupee"])
def test_the_joined_query_of_a_currency_can_be_read(currency: str) -> None:
    found = twins(currency)
    assert found is not None
    assert len(parse_query(found.as_query()).terms) == len(found.names) + 1


def test_a_name_of_one_character_is_none() -> None:
    assert "괌" not in names("Guam")
