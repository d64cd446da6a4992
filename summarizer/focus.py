"""Which sentences carry what a reader looks for."""

import re
import unicodedata
from collections.abc import Callable, Iterable

UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


def carries(focus: Iterable[str]) -> Callable[[str], int]:
    """A function that counts how many of the literals a sentence carries.

    Args:
        focus: literals such as `north korea`; whole words in scripts with spaces, anywhere in others.
    """
    patterns = [_pattern(literal) for literal in dict.fromkeys(map(_fold, focus)) if literal]

    def count(sentence: str) -> int:
        folded = _fold(sentence)
        return sum(1 for pattern in patterns if pattern.search(folded))

    return count


def _fold(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _pattern(literal: str) -> re.Pattern[str]:
    if UNSPACED.search(literal):
        return re.compile(re.escape(literal))
    return re.compile(rf"(?<!\w){re.escape(literal)}(?!\w)")
