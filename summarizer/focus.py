"""Which sentences carry what a reader looks for, found as matching finds it."""

from collections.abc import Callable, Iterable

from summarizer.folding import fold, search_pattern
from summarizer.segments import is_doubtful, words_at


def carries(focus: Iterable[str]) -> Callable[[str], int]:
    """A function that counts how many of the literals a sentence carries.

    Args:
        focus: literals such as `North Korea`, folded or not: whole words in scripts with spaces, anywhere in
            others, but for short terms only where they are words (京东, but not in 北京东城).
    """
    patterns = {search_pattern(fold(literal)) for literal in focus} - {""}

    def count(sentence: str) -> int:
        folded = fold(sentence)
        return sum(_stands_in(pattern, folded) for pattern in patterns)

    return count


def _stands_in(pattern: str, folded: str) -> bool:
    return next(words_at(pattern, folded), -1) >= 0 if is_doubtful(pattern) else pattern in folded
