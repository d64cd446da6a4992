"""Where two articles give different figures for the same thing, both sentences are found word for word."""

import pytest

from bot.rules.figures import READ, differing, figures, same_value


def kinds(text: str) -> list[tuple[float, str]]:
    return [(figure.value, figure.kind) for figure in figures(text)]


@pytest.mark.parametrize(
    ("sentence", "found"),
    [
        ("At least 12 people were killed in the village.", [(12, "killed")]),
        ("The quake killed twelve people on Monday.", [(12, "killed")]),
        ("The death toll rose to 17.", [(17, "killed")]),
        ("A blast killing at least two civilians and wounding 120 shook the town.", [(2, "killed"), (120, "hurt")]),
        ("At least three people were killed and 87 injured.", [(3, "killed"), (87, "hurt")]),
        ("Some twenty-three sailors are missing.", [(23, "missing")]),
        ("Police arrested 4 men.", [(4, "held")]),
        ("Six people were killed when five coaches left the tracks.", [(6, "killed"), (5, "")]),
        ("About 180,000 were evacuated.", [(180_000, "displaced")]),
        ("The plant costs US$7.2b.", [(7.2e9, "money dollar")]),
        ("The plant costs 900 million euros.", [(9e8, "money euro")]),
        ("Exports fell by 6.4 per cent.", [(6.4, "percent")]),
        ("Prices rose 3%.", [(3, "percent")]),
        ("地震造成17人死亡。", [(17, "killed")]),
        ("死亡人数升至十七人。", [(17, "killed")]),
        ("三十二万人提前转移。", [(320_000, "displaced")]),
        ("三千二百名官兵受伤。", [(3_200, "hurt")]),
        ("工厂投资九亿欧元。", [(9e8, "money euro")]),
        ("出口下降百分之六。", [(6, "percent")]),
        ("利率下调0.1个百分点。", [(0.1, "percent")]),
        ("物价上涨3%。", [(3, "percent")]),
    ],
)
def test_a_figure_knows_what_it_counts(sentence: str, found: list[tuple[float, str]]) -> None:
    assert kinds(sentence) == found


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("North Korea fired three short-range ballistic missiles.", [3]),
        ("They dug along 11km of the line.", [11]),
        ("发射两枚短程弹道导弹。", [2]),
        ("二〇二四年的计划", []),
        ("两国发表声明。", []),
        ("一名发言人说。", [1]),
        ("第3。", []),
    ],
)
def test_other_figures_count_their_nouns(sentence: str, values: list[float]) -> None:
    assert [figure.value for figure in figures(sentence) if not figure.kind and figure.nouns] == values


@pytest.mark.parametrize(
    "sentence",
    [
        "The first crash since 1959, when rails were new.",
        "It began on 22 October at 18:00.",
        "Royal Navy veteran Kevin Snow, 57, was one of those injured.",
        "A 34-year-old driver waited for 18 minutes.",
        "The team won 3-2 in the final.",
        "The Falcon 9 rockets stood ready.",
        "It opened in 2019.",
    ],
)
def test_dates_times_ages_scores_and_names_are_no_figures(sentence: str) -> None:
    assert kinds(sentence) == []


def pairs(one: str, other: str) -> list[tuple[str, str]]:
    return [(its.one, its.other) for its in differing(figures(one), figures(other))]


def test_different_tolls_stand_side_by_side_word_for_word() -> None:
    one = "An earthquake shook the valley on Monday. At least 12 people were killed, the governor said."
    other = "The quake in the valley left 17 dead. Roads are cut."
    assert pairs(one, other) == [
        ("At least 12 people were killed, the governor said.", "The quake in the valley left 17 dead.")
    ]


def test_different_counts_of_the_same_thing_differ_only_in_the_same_context() -> None:
    fired = "North Korea fired two short-range missiles into the sea off its east coast on Tuesday."
    more = "North Korea sent three short-range ballistic missiles into the sea off its east coast."
    assert pairs(fired, more) == [(fired, more)]
    assert pairs(fired, "The navy bought three missiles from Norway years ago.") == []
    assert pairs(fired, "Seven ferries waited in the harbour of the town.") == []
    assert pairs(fired, more.replace("three", "ninety")) == []
    assert pairs("工厂投资九亿欧元，明年在西班牙开工。", "工厂投资八亿欧元，明年在西班牙开工。") != []


def test_figures_agree_when_either_article_has_the_others_too() -> None:
    assert pairs("At least 12 people were killed.", "Police say 12 died. Doctors counted 17 dead.") == []
    assert pairs("Some 180,000 people were evacuated.", "About 182,000 people were evacuated.") == []
    assert pairs("It prevented 81% of all cases in the trial.", "It prevented 80.9% of all cases in the trial.") == []


def test_a_sentence_is_shown_once_and_two_pairs_at_most() -> None:
    one = "The quake killed 12 people and 30 were injured. Some 400 were evacuated. Nine are missing."
    other = "The quake killed 17 people and 45 were injured. Some 900 were evacuated. Four are missing."
    assert pairs(one, other) == [
        (one.split(". ")[0] + ".", other.split(". ")[0] + "."),
        ("Some 400 were evacuated.", "Some 900 were evacuated."),
    ]


def test_only_the_first_casualties_count_and_what_stands_far_down_is_of_earlier_events() -> None:
    one = "The flood killed 12 people. In a flood of last spring 40 people were killed."
    assert pairs(one, "The flood killed 14 people.") == [("The flood killed 12 people.", "The flood killed 14 people.")]
    padded = "Rain fell. " * READ + "A storm killed 30 people."
    assert kinds(padded) == []
    assert kinds("The flood " + "came and went and " * 40 + "killed 12 people.") == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(12, 17, False), (12, 12, True), (80.9, 81, True), (80.4, 80.9, False), (1000, 1030, True)],
)
def test_rounded_values_are_the_same(one: float, other: float, same: bool) -> None:
    assert same_value(one, other) is same
