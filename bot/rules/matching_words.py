"""Words as codes, for phrases whose words have so many forms that their combinations are too many to look for.

A Russian phrase of two words stands in a hundred combinations of cases. So forms are put into classes, and the phrase
becomes a sequence of classes: one literal. A class holds forms that came together with a word, and those of them only
that were in no class before; it never changes, so what was coded stays right whatever is added. A word whose forms are
in several classes gives several literals; one that has strangers in its classes is unsure, and the words found in its
place are looked at again.

A code is two characters, because an automaton over a small alphabet is built ten times as fast as over one character
for each word. They are of a plane that no text has.
"""

import re
from array import array
from functools import lru_cache
from itertools import repeat
from typing import NamedTuple

from bot.rules.query_forms import Choices, combine

_SECONDS = 512  # second characters of codes
_SECOND = 0x40000
_FIRST = _SECOND + _SECONDS
CODE = 2  # characters
REMEMBERED = 65_536  # words
_UNKNOWN = "\n\n"  # the code of a word that is in no class; no literal has line ends


class Coded(NamedTuple):
    """What is looked for in place of a phrase, and whether that is enough to know that the phrase is there."""

    literals: tuple[str, ...]
    sure: bool


class WordCodes:
    """The class of each form of each query word. They are never taken back: there are as many as words, not queries."""

    def __init__(self) -> None:
        self._code_of: dict[str, str] = {}
        self._sizes = array("H")  # by number of the class
        self._blocks: set[int] = set()  # of 256 characters, of which words have one if they have not plain letters only
        self._letters: re.Pattern[str] | None = None
        # What forms were coded as once, they are for ever.
        self._codes = lru_cache(maxsize=REMEMBERED)(self._find_codes)

    def code(self, chosen: Choices) -> Coded:
        """Classes for the forms that each word of a phrase may stand in."""
        choices, sure, varied, several = [], True, 0, False
        for forms in chosen.forms:
            codes, complete = self._codes(forms)
            choices.append(codes)
            sure = sure and complete
            varied += len(forms) > 1
            several = several or len(codes) > 1
        sure = sure and not (chosen.one_at_a_time and varied > 1)
        if not several:
            return Coded(("".join([codes[0] for codes in choices]),), sure)
        return Coded(tuple("".join(one) for one in combine(choices, one_at_a_time=chosen.one_at_a_time)), sure)

    def encode(self, folded: str) -> str:
        """The codes of a folded text's words, two characters each; nothing where it can't have a phrase with codes."""
        if folded.isascii() or not self._letters or not self._letters.search(folded):
            return ""
        return "".join(map(self._code_of.get, folded.split(" "), repeat(_UNKNOWN)))

    def _find_codes(self, forms: tuple[str, ...]) -> tuple[list[str], bool]:
        """The classes of the forms, that of the first one first, and whether they hold nothing else."""
        single = [form for form in forms if " " not in form]
        fresh = [form for form in single if form not in self._code_of]
        if fresh:
            code = self._new_code(len(fresh))
            self._code_of.update(dict.fromkeys(fresh, code))
            self._expect({ord(max(form)) >> 8 for form in fresh if not form.isascii()})
        codes = list(dict.fromkeys([self._code_of[form] for form in single]))
        complete = sum(map(self._size, codes)) == len(single)
        for form in forms:
            if " " in form:
                parts = [self._codes((part,)) for part in form.split(" ")]
                codes.append("".join(part[0] for part, _ in parts))
                complete = complete and all(sure for _, sure in parts)
        return codes, complete

    def _expect(self, blocks: set[int]) -> None:
        """From now on texts with letters of these blocks are encoded."""
        if not blocks <= self._blocks:
            self._blocks |= blocks
            self._letters = re.compile(f"[{''.join(f'{chr(n << 8)}-{chr(n << 8 | 255)}' for n in self._blocks)}]")

    def _new_code(self, size: int) -> str:
        first, second = divmod(len(self._sizes), _SECONDS)
        self._sizes.append(size)
        return chr(_FIRST + first) + chr(_SECOND + second)

    def _size(self, code: str) -> int:
        return self._sizes[(ord(code[0]) - _FIRST) * _SECONDS + ord(code[1]) - _SECOND]
