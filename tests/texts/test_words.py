from datetime import date, datetime

import pytest

from bot.model import Html
from bot.texts import escape, words

NOW = datetime(2024, 10, 22, 14, 5)  # noqa: DTZ001 - a local time


@pytest.mark.parametrize(
    ("language", "day", "shown"),
    [
        ("en", date(2024, 10, 2), "2 Oct"),
        ("en", date(2023, 10, 22), "22 Oct 2023"),
        ("zh", date(2024, 10, 2), "10月2日"),
        ("zh", date(2023, 10, 22), "2023年10月22日"),
    ],
)
def test_a_day_names_its_year_only_where_it_is_not_this_one(language: str, day: date, shown: str) -> None:
    assert words(language).day(day, today=NOW.date()) == shown


@pytest.mark.parametrize(
    ("language", "moment", "shown"),
    [
        ("en", NOW.replace(hour=9, minute=7), "09:07"),
        ("en", NOW.replace(day=21), "Mon 21 Oct 14:05"),
        ("en", NOW.replace(year=2023), "22 Oct 2023 14:05"),
        ("zh", NOW.replace(hour=9, minute=7), "09:07"),
        ("zh", NOW.replace(day=21), "10月21日 周一 14:05"),
        ("zh", NOW.replace(year=2023), "2023年10月22日 14:05"),
    ],
)
def test_a_moment_says_no_more_than_today_needs(language: str, moment: datetime, shown: str) -> None:
    assert words(language).moment(moment, now=NOW) == shown


@pytest.mark.parametrize(("language", "shown"), [("en", "Tue 22 Oct 14:05"), ("zh", "10月22日 周二 14:05")])
def test_a_weekday_is_named_also_today(language: str, shown: str) -> None:
    assert words(language).weekday(NOW) == shown


@pytest.mark.parametrize("tag", ["zh", "zh-Hans", "zh_CN", "ZH-hant-TW"])
def test_every_kind_of_chinese_is_answered_in_chinese(tag: str) -> None:
    assert words(tag).language == "zh"
    assert words(tag)("Saved") == "已保存"


@pytest.mark.parametrize("tag", ["", "en-GB", "de", "zho", "tlh", "../zh"])
def test_languages_that_the_bot_does_not_speak_are_answered_in_english(tag: str) -> None:
    assert words(tag).language == "en"
    assert words(tag)("Saved") == "Saved"


def test_a_sentence_without_a_translation_is_said_in_english() -> None:
    assert words("zh")("{n} zebras", n=3) == "3 zebras"
    assert words("zh").count("{n} zebra", "{n} zebras", 1) == "1 zebra"


def test_a_language_is_read_once() -> None:
    assert words("zh-Hans") is words("zh-CN")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_facts_are_escaped_in_html_and_the_sentence_is_not(language: str) -> None:
    said = words(language).html("<b>{name}</b> ({meaning})", name="<i>&\"'", meaning=Html("<code>x</code>"))
    assert isinstance(said, Html)
    assert said.startswith("<b>&lt;i&gt;&amp;&quot;&#x27;</b>")
    assert "<code>x</code>" in said


def test_plain_text_stays_as_it_is() -> None:
    assert words("en")("Not saved: {reason}", reason="<b>") == "Not saved: <b>"


def test_what_looks_like_a_fact_inside_a_fact_is_only_text() -> None:
    assert words("en")("Not saved: {reason}", reason="{limit} {0} {") == "Not saved: {limit} {0} {"


def test_a_count_takes_more_facts_and_groups_digits() -> None:
    assert words("en").count("{n} of {all}", "{n} of {all}", 12345, all=7) == "12,345 of 7"


def test_numbers_are_escaped_as_text() -> None:
    assert escape(3) == "3"
    assert escape(Html("<b>")) == "<b>"
