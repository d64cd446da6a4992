"""Where a literal stands in a folded text: anywhere, but a short one in Chinese or Japanese only where it is a word.

What is found in one pass over an article is looked at again here only if it is such a short literal, so that an article
that has none costs nothing more.
"""

from collections.abc import Iterator

from summarizer.segments import is_doubtful, is_far_reaching, is_word_at, is_word_in, words_at

__all__ = ["is_doubtful", "is_far_reaching", "is_word_at", "is_word_in", "places", "stands_in", "words_at"]


def stands_in(literal: str, folded: str) -> bool:
    """Whether the literal is met by the text."""
    return is_word_in(literal, folded) if is_doubtful(literal) else literal in folded


def places(literal: str, folded: str) -> Iterator[tuple[int, int]]:
    """Where the literal's words stand, without the spaces that mark their ends."""
    if is_doubtful(literal):
        yield from [(start, start + len(literal)) for start in words_at(literal, folded)]
        return
    start = folded.find(literal)
    while start >= 0:
        yield start + (literal[0] == " "), start + len(literal) - (literal[-1] == " ")
        start = folded.find(literal, start + 1)
