"""What is a real update of a story, what is one more report of it, and when alerts are held."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.rules.alerting import (
    ALERTS_AN_HOUR,
    BURST,
    EDIT_PAUSE,
    REST,
    Report,
    edit_at,
    floods,
    is_update,
    joins,
    new_sentences,
    rest_until,
)
from tests.conftest import NOON

MINUTE = timedelta(minutes=1)
QUAKE = Report(
    1,
    "Earthquake shakes the Arlen valley, killing 12",
    "An earthquake shook the Arlen valley early on Monday and killed at least 12 people, the governor said. "
    "Houses fell in the villages of Morne and Tessin. Rescue teams from the capital are on their way. "
    "The seismological office gave its strength as 6.1.",
    NOON,
)
SAME_QUAKE = Report(
    2,
    "Twelve killed as quake hits Arlen valley",
    "At least 12 people died when an earthquake hit the Arlen valley on Monday. The villages of Tessin and Morne were "
    "hit hardest, the governor said, and houses collapsed. Rescue teams from the capital are expected soon.",
    NOON + 10 * MINUTE,
)
TOLL = Report(
    2,
    "Arlen valley quake toll rises to 17",
    "The death toll of the earthquake in the Arlen valley rose to 17 on Monday. Houses fell in Morne and Tessin.",
    NOON + 20 * MINUTE,
)
DAM = Report(
    3,
    "Dam above Tessin cracks, thousands told to leave",
    "Engineers found a crack in the concrete dam above Tessin hours after the quake and opened its gates. "
    "Police with loudspeakers told four thousand residents downstream to leave at once. "
    "The reservoir holds thirty million tonnes of water, the power company said. "
    "Helicopters will measure the wall again before nightfall.",
    NOON + 20 * MINUTE,
)


def test_a_second_report_of_the_same_event_is_no_update() -> None:
    assert not is_update(SAME_QUAKE, [QUAKE])
    assert not is_update(replace(SAME_QUAKE, at=NOON + 5 * timedelta(hours=1)), [QUAKE])


def test_a_risen_toll_is_an_update_until_somebody_has_told_it() -> None:
    assert is_update(TOLL, [QUAKE, SAME_QUAKE])
    assert not is_update(replace(TOLL, at=TOLL.at + MINUTE), [QUAKE, TOLL])


def test_another_figure_alone_is_an_update_only_later_or_by_the_same_source() -> None:
    counted = replace(
        TOLL, source_id=4, title="Seventeen dead in Arlen valley", text="The quake left 17 dead in Morne."
    )
    assert not is_update(counted, [QUAKE])
    assert is_update(replace(counted, source_id=1), [QUAKE])
    assert is_update(replace(counted, at=NOON + timedelta(hours=2)), [QUAKE])


def test_what_a_headline_is_the_first_to_count_is_an_update() -> None:
    hurt = replace(SAME_QUAKE, title="40 hurt in Arlen valley quake")
    assert is_update(hurt, [QUAKE])
    assert not is_update(replace(hurt, at=hurt.at + MINUTE), [QUAKE, hurt])
    told_otherwise = replace(QUAKE, text=QUAKE.text + " Forty were taken to hospitals.")
    assert not is_update(hurt, [told_otherwise])


def test_a_source_that_says_its_headline_again_with_another_number_corrects_itself() -> None:
    first = Report(1, "Magnitude 6.8 quake off Morne", "A quake struck off Morne on Friday, the office said.", NOON)
    revised = replace(first, title="Magnitude 7.1 quake off Morne", at=NOON + MINUTE)
    assert is_update(revised, [first])
    assert not is_update(replace(revised, source_id=2), [first])
    assert not is_update(replace(first, title="Magnitude 6.8 QUAKE off Morne"), [first])


def test_figures_of_other_things_make_no_update() -> None:
    report = replace(
        SAME_QUAKE, text="The strength now was 6.4 in Arlen valley. At least 12 people died, 40 are missing now."
    )
    assert not is_update(report, [QUAKE])


def test_new_events_of_the_story_are_an_update() -> None:
    assert is_update(DAM, [QUAKE, SAME_QUAKE])
    assert new_sentences(DAM, [QUAKE]) != []
    assert all(sentence in DAM.text for sentence in new_sentences(DAM, [QUAKE]))


def test_an_hour_later_less_has_to_be_new() -> None:
    follow = Report(
        2,
        "Arlen valley quake: schools shut for a week",
        "Schools and offices stay shut for a week, education officials announced after a meeting. "
        "Buses bring pupils of distant hamlets to tents near the stadium. "
        "Rescue teams from the capital searched the villages of Morne and Tessin after the earthquake.",
        NOON + 30 * MINUTE,
    )
    assert not is_update(follow, [QUAKE])
    assert is_update(replace(follow, at=NOON + 2 * timedelta(hours=1)), [QUAKE])


def test_the_first_report_and_one_that_comes_in_late_are_none() -> None:
    assert not is_update(QUAKE, [])
    assert is_update(replace(DAM, at=NOON - MINUTE), [QUAKE])
    assert not is_update(replace(DAM, at=NOON - timedelta(hours=1)), [QUAKE])


def test_a_report_without_a_text_or_a_headline_is_none() -> None:
    assert not is_update(replace(DAM, text=""), [QUAKE])
    assert not is_update(replace(DAM, title=""), [QUAKE])


def test_a_chinese_update_is_told_from_a_second_report() -> None:
    flood = Report(
        1,
        "洪水冲垮青河大桥 12人死亡",
        "周一清晨洪水冲垮了青河大桥，造成至少12人死亡，县长说。救援队正从省城赶来。",
        NOON,
        "zh",
    )
    again = Report(
        2,
        "青河大桥被洪水冲垮 致12人死亡",
        "青河大桥周一清晨被洪水冲垮，造成至少12人死亡。救援队正从省城赶来，县长说。",
        NOON + MINUTE,
        "zh",
    )
    toll = Report(2, "青河大桥垮塌死亡人数升至17人", "青河大桥被洪水冲垮，死亡人数升至17人。", NOON + 2 * MINUTE, "zh")
    inquiry = Report(
        3,
        "检方拘留三名工程师 质疑钢材偷工减料",
        "检察机关当晚宣布拘留三名负责设计的工程师。调查人员怀疑承包商使用劣质钢材并伪造检验报告。"
        "承包商律师否认全部指控，表示将提起上诉。",
        NOON + 3 * MINUTE,
        "zh",
    )
    assert not is_update(again, [flood])
    assert is_update(toll, [flood, again])
    assert is_update(inquiry, [flood, again])


def test_a_story_joins_a_message_of_the_last_seconds_or_one_that_still_waits() -> None:
    near, later = NOON + BURST / 2, NOON + BURST
    assert joins(NOON, near, is_queued=False, was_silent=False, silent=False)
    assert not joins(NOON, later, is_queued=False, was_silent=False, silent=False)
    assert joins(NOON, later, is_queued=True, was_silent=False, silent=False)
    assert joins(NOON, near, is_queued=False, was_silent=True, silent=True)
    assert not joins(NOON, near, is_queued=False, was_silent=True, silent=False)


def test_a_message_is_edited_at_once_and_then_after_a_pause() -> None:
    assert edit_at(None, NOON) == NOON
    assert edit_at(NOON, NOON + EDIT_PAUSE / 2) == NOON + EDIT_PAUSE
    assert edit_at(NOON, NOON + 2 * EDIT_PAUSE) == NOON + 2 * EDIT_PAUSE


@pytest.mark.parametrize(
    ("told", "waiting", "flood"),
    [(0, ALERTS_AN_HOUR, False), (0, ALERTS_AN_HOUR + 1, True), (ALERTS_AN_HOUR, 1, True), (3, 4, False)],
)
def test_more_stories_in_an_hour_than_anybody_wants_are_a_flood(told: int, waiting: int, flood: bool) -> None:
    assert floods(told, waiting) is flood


def test_a_topic_rests_up_to_a_full_hour() -> None:
    assert rest_until(NOON) == NOON + REST
    assert rest_until(NOON + MINUTE) == NOON + REST + timedelta(hours=1)
