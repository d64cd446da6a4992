"""Regular expressions in queries: RE2, which takes no longer than the text is long, whatever the pattern."""

import re
from functools import lru_cache
from typing import Any

import re2

from bot.errors import QueryError

MAX_LENGTH = 200  # characters
MAX_SIZE = 250  # RE2 instructions, which a hostile text costs 3 ns each and byte

_UNSUPPORTED = re.compile(r"\(\?[=!<>]|\\[1-9k]")  # look-around, atomic groups, backreferences
_ANYTHING = ("", *"aeiou1 -的")  # what a pattern that is met by it alone would be met by nearly everywhere


def options() -> Any:
    """As everywhere in queries, case does not matter."""
    chosen = re2.Options()
    chosen.case_sensitive = False
    chosen.log_errors = False
    return chosen


@lru_cache(maxsize=1_024)
def compiled(pattern: str) -> Any:
    """The pattern, ready to search texts. Raises re2.error."""
    return re2.compile(pattern, options())


def check_regex(pattern: str, start: int) -> None:
    """Raises QueryError where a pattern, which begins at a place of the query, can't be taken."""
    if len(pattern) > MAX_LENGTH:
        raise QueryError("regex_too_long", start + MAX_LENGTH, limit=MAX_LENGTH, length=len(pattern))
    try:
        size = compiled(pattern).programsize
    except re2.error as error:
        # RE2 says what is wrong, and in which part of the pattern: `invalid escape sequence: \\1`.
        detail, _, part = error.args[0].decode().partition(": ")
        place = start + max(0, pattern.find(part))
        if _UNSUPPORTED.match(part):
            raise QueryError("regex_unsupported", place, part=part) from error
        raise QueryError("regex_invalid", place, detail=detail) from error
    except UnicodeEncodeError as error:
        raise QueryError("regex_invalid", start + error.start, detail="no character") from error
    if size > MAX_SIZE:
        raise QueryError("regex_too_big", start, limit=MAX_SIZE, size=size)


def meets_anything(pattern: str) -> bool:
    """Whether nearly every article would meet the pattern: nothing, or one common character, does."""
    return any(compiled(pattern).search(text) for text in _ANYTHING)
