"""Which sentences carry what a reader looks for, found as matching finds it."""

from collections.abc import Callable, Iterable

from summarizer.folding import fold, search_pattern


def carries(focus: Iterable[str]) -> Callable[[str], int]:
    """A function that counts how many of the literals a sentence carries.

    Args:
        focus: literals such as `North Korea`, folded or not: whole words in scripts with spaces, anywhere in others.
    """
    patterns = {search_pattern(fold(literal)) for literal in focus} - {""}

    def count(sentence: str) -> int:
        folded = fold(sentence)
        return sum(pattern in folded for pattern in patterns)

    return count
