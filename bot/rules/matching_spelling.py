"""How an article writes its words: with capitals, which tell the country from the bird, or in small letters."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from summarizer.folding import fold_words

HEADLINE = 0.6  # share of a sentence's words with capitals from which on a capital tells nothing
LONG_WORD = 4  # letters: headlines write shorter words small

_SENTENCE = re.compile(r"[^.!?…;:\n。]+")
_WORD = re.compile(r"[^\W\d_]+")
_INSIDE = re.compile(r"[\w,)’'”\"]\s+\Z|[\w][-/’']\Z")  # what stands before a word in the middle of a sentence
_BEFORE = 3  # characters before a word that tell whether it is there


class Spelling(NamedTuple):
    """Folded words of an article.

    Attributes:
        small: those that it writes in small letters, at least once.
        names: those that it writes with a capital where neither a sentence begins nor a headline asks for one.
    """

    small: frozenset[str]
    names: frozenset[str]

    def means_name(self, forms: Iterable[str]) -> bool:
        """Whether a word that is there, in one of these forms, is the name: surely so, or never in small letters."""
        return not self.names.isdisjoint(forms) or self.small.isdisjoint(forms)


def spelling(*texts: str, language: str = "") -> Spelling:
    """How some texts write their words; German writes so many with capitals that it has no headlines in them."""
    small: set[str] = set()
    names: set[str] = set()
    for text in texts:
        for sentence in _SENTENCE.finditer(text):
            words = list(_WORD.finditer(sentence[0]))
            small.update(match[0] for match in words if match[0][0].islower())
            if language == "de" or not _is_headline(match[0] for match in words):
                names.update(_names(sentence[0], words))
    return Spelling(_folded(small), _folded(names))


def _names(sentence: str, words: Iterable[re.Match[str]]) -> Iterator[str]:
    for match in words:
        word, start = match[0], match.start()
        if word[0].isupper() and not word.isupper() and _INSIDE.search(sentence[max(0, start - _BEFORE) : start]):
            yield word


def _is_headline(words: Iterable[str]) -> bool:
    long = [word for word in words if len(word) >= LONG_WORD]
    return sum(word[0].isupper() for word in long) >= HEADLINE * len(long)


def _folded(words: set[str]) -> frozenset[str]:
    return frozenset(fold_words(" ".join(words)))
