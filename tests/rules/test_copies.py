"""Copies of one text are told apart from reports of one event."""

from datetime import timedelta

from bot.rules.copies import CopyIndex, containment, runs
from bot.rules.stories import KEPT
from tests.conftest import NOON

WIRE = (
    "Water broke into the harbour tunnel of Marrow Bay on Monday night and closed the only road to the ferry port. "
    "Engineers of the Tidewatch Agency expect to pump for three days before drivers can use the tunnel again. "
    "The mayor called the damage the worst in forty years and asked the council for two million to repair the gates. "
    "Fishermen carried stranded travellers across the bay in their own boats until the first buses came at dawn."
)
REPORT = (
    "The harbour tunnel of Marrow Bay stays shut for three days, the Tidewatch Agency said, after water broke in on "
    "Monday night. Pumps from three counties are on their way, and ferries will leave from the old pier meanwhile."
)
CHINESE = (
    "周一夜间海水涌入马罗湾码头隧道，通往渡口的唯一道路封闭。潮汐局工程人员预计排水需要三天，"
    "之后车辆才能重新通行。市长说这是四十年来最严重的一次。"
)


def test_a_text_that_another_outlet_runs_is_a_copy_of_the_first() -> None:
    index = CopyIndex()
    assert index.add(1, WIRE, NOON) is None
    assert index.add(2, f"Saltmere. {WIRE} All rights reserved.", NOON) == 1
    assert index.add(3, WIRE[:260], NOON) == 1
    assert index.add(4, REPORT, NOON) is None


def test_scripts_without_spaces_have_copies_too() -> None:
    index = CopyIndex()
    assert index.add(1, CHINESE, NOON) is None
    assert index.add(2, "本报讯 " + CHINESE, NOON) == 1
    assert index.add(3, "新市长在市政厅宣誓就职，承诺降低公交票价，并新建两所学校和一座医院。", NOON) is None


def test_headlines_alone_are_no_copies() -> None:
    index = CopyIndex()
    assert [index.add(number, "", NOON) for number in (1, 2)] == [None, None]


def test_a_text_of_last_week_is_forgotten() -> None:
    index = CopyIndex()
    index.add(1, WIRE, NOON)
    index.add(2, REPORT, NOON)
    assert index.add(3, WIRE, NOON + KEPT + timedelta(hours=1)) is None


def test_containment_is_that_of_the_shorter_text() -> None:
    assert containment(runs(WIRE), runs(WIRE)) == 1
    assert containment(runs(WIRE), runs(WIRE[:260])) > 0.8
    assert containment(runs(WIRE), runs(REPORT)) == 0
    assert containment(runs(""), runs(WIRE)) == 0
