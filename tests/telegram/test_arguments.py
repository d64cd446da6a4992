"""What stands behind a command is read as people write it."""

from datetime import timedelta

import pytest

from bot.telegram.reading import read_span


@pytest.mark.parametrize(
    ("written", "hours"),
    [("24h", 24), ("3d", 72), ("3", 72), ("1w", 168), ("3天", 72), ("12 小时", 12), ("1周", 168), ("7D", 168)],
)
def test_spans_are_read(written: str, hours: int) -> None:
    assert read_span(written) == timedelta(hours=hours)


@pytest.mark.parametrize("written", ["0d", "8d", "2w", "soon", "3 x", "-3d", "999h"])
def test_other_spans_are_refused(written: str) -> None:
    assert read_span(written) is None
