"""Terms of one word, looked up by the word's code: no automaton holds them, so they come and go at once."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import compress

from bot.rules.matching_segments import CAREFUL

Proof = Callable[[int, str], bool]  # whether a term is met by a word of its class


class SingleWords:
    """Which terms the words of a class meet: nearly always one, and surely."""

    def __init__(self, is_proved: Proof) -> None:
        self._is_proved = is_proved
        self._terms: dict[str, int] = {}  # by code: a term, or from `CAREFUL` on a place in `_several`
        self._several: list[tuple[int, ...]] = []  # terms to be looked at one by one
        self._free: list[int] = []

    def add(self, term: int, codes: Iterable[str], *, sure: bool) -> None:
        """A term that words of these classes meet; unless it is sure, each of those words is looked at."""
        for code in codes:
            known = self._terms.get(code)
            if known is None and sure:
                self._terms[code] = term
            elif known is None:
                self._terms[code] = self._place((term,))
            elif known < CAREFUL:
                self._terms[code] = self._place((known, term))
            else:
                self._several[known - CAREFUL] += (term,)

    def remove(self, term: int, codes: Iterable[str]) -> None:
        """A term that was added with these classes is found no more."""
        for code in codes:
            known = self._terms[code]
            left = () if known < CAREFUL else tuple([one for one in self._several[known - CAREFUL] if one != term])
            if left:
                self._several[known - CAREFUL] = left
                continue
            del self._terms[code]
            if known >= CAREFUL:
                self._free.append(known - CAREFUL)

    def find(self, codes: Sequence[str], words: Sequence[str]) -> set[int]:
        """The terms that words, given with their codes, meet."""
        terms = self._terms
        met = terms.keys() & set(codes)
        found = {terms[code] for code in met}
        if self._several and max(found, default=0) >= CAREFUL:
            found = {term for term in found if term < CAREFUL}
            careful = {code for code in met if terms[code] >= CAREFUL}
            for code, word in set(compress(zip(codes, words, strict=True), map(careful.__contains__, codes))):
                found.update(self._careful(terms[code], word))
        return found

    def count(self, codes: Sequence[str], words: Sequence[str]) -> Counter[int]:
        """How often each term is met."""
        counts: Counter[int] = Counter()
        for (word, code), number in Counter(zip(words, codes, strict=True)).items():
            known = self._terms.get(code)
            if known is not None:
                for term in (known,) if known < CAREFUL else self._careful(known, word):
                    counts[term] += number
        return counts

    def _careful(self, place: int, word: str) -> list[int]:
        return [term for term in self._several[place - CAREFUL] if self._is_proved(term, word)]

    def _place(self, terms: tuple[int, ...]) -> int:
        if self._free:
            place = self._free.pop()
            self._several[place] = terms
        else:
            place = len(self._several)
            self._several.append(terms)
        return CAREFUL + place
