"""Where a literal stands in a folded text: anywhere, but a short one in Chinese or Japanese only where it is a word.

What is found in one pass over an article is looked at again here only if it is such a short literal, so that an article
that has none costs nothing more.
"""

from collections.abc import Iterator

from summarizer.segments import is_doubtful, is_word

__all__ = ["is_doubtful", "is_word_in", "places", "stands_in"]


def stands_in(literal: str, folded: str) -> bool:
    """Whether the literal is met by the text."""
    return literal in folded and (not is_doubtful(literal) or is_word_in(literal, folded))


def is_word_in(literal: str, folded: str) -> bool:
    """Whether a doubtful literal is a word in the text anywhere."""
    start = folded.find(literal)
    while start >= 0:
        if is_word(folded, start, start + len(literal)):
            return True
        start = folded.find(literal, start + 1)
    return False


def places(literal: str, folded: str) -> Iterator[tuple[int, int]]:
    """Where the literal's words stand, without the spaces that mark their ends."""
    doubtful = is_doubtful(literal)
    start = folded.find(literal)
    while start >= 0:
        end = start + len(literal)
        if not doubtful or is_word(folded, start, end):
            yield start + (literal[0] == " "), end - (literal[-1] == " ")
        start = folded.find(literal, start + 1)
