"""How stories share messages."""

import pytest

from bot.actions.alerts import Wordings, messages
from bot.model import Html
from bot.rules.plans import Line
from bot.texts import words


def _lines(number: int) -> list[Line]:
    return [Line(story, story, 1) for story in range(1, number + 1)]


def _wordings(lines: list[Line], *lengths: int) -> dict[Line, Wordings]:
    return {line: tuple(Html(str(line.story_id) + "x" * (length - 1)) for length in lengths) for line in lines}


@pytest.mark.parametrize(
    ("number", "sizes"),
    [
        (0, []),
        (4, [4 * 1000 + 6]),
        (5, [5 * 500 + 8]),  # with a sentence each instead of two
        (9, [9 * 200 + 16]),  # … with none
        (30, [4 * 1000 + 6] * 7 + [2 * 1000 + 2]),  # too many for one message: whole, then
    ],
)
def test_stories_are_one_message_shortened_where_they_must_be(number: int, sizes: list[int]) -> None:
    lines = _lines(number)
    rendered = _wordings(lines[:9], 1000, 500, 200) | _wordings(lines[9:], 999, 499, 199)
    told = messages(lines, rendered, words("en"), silent=False)
    assert [line for part, _ in told for line in part] == lines
    assert [len(message.text) for _, message in told] == pytest.approx(sizes, abs=9)


def test_a_story_whose_article_was_forgotten_is_left_out() -> None:
    one, other = _lines(2)
    [(part, message)] = messages([one, other], _wordings([other], 9, 9, 9), words("en"), silent=True)
    assert (part, message.silent) == ((other,), True)
