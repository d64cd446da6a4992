"""A text's words as rankers count them: their stems, without the words that say nothing about its subject."""

from functools import cache
from itertools import chain

from summarizer.languages import UNSPACED
from summarizer.stopwords import stop_words
from summarizer.words import split_words, stemmer

REMEMBERED = 50_000  # pieces per language, about 10 MB
LONGEST_REMEMBERED = 40  # characters
PUNCTUATION = ".,;:!?\"'()“”‘’"  # around most words that have any


class StemFinder:
    """Finds the stems of a language's texts: `stems_of(text)`.

    No word goes across white space, so a text is cut there, and of each piece, such as `“Monday,`, the stems are
    remembered: news repeats itself, and to find and stem its words anew took most of a summary's time.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._spaced = language not in UNSPACED
        self._pieces = _Pieces(language)

    def __call__(self, text: str) -> list[str]:
        """The stems in order."""
        pieces = text.split() if self._spaced else split_words(text, self._language)
        return list(chain.from_iterable(map(self._pieces.__getitem__, pieces)))


class _Pieces(dict[str, tuple[str, ...]]):
    """The stems of a text's pieces, worked out when they are first met; all are forgotten when they become many."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language
        self._ignored = stop_words(language)
        self._stem = stemmer(language)

    def __missing__(self, piece: str) -> tuple[str, ...]:
        bare = piece.strip(PUNCTUATION)
        if bare.isalpha() or self._language in UNSPACED:
            stems = self._stems_of_word(bare)
        else:
            stems = tuple(chain.from_iterable(map(self._stems_of_word, split_words(piece, self._language))))
        if len(piece) <= LONGEST_REMEMBERED:
            if len(self) >= REMEMBERED:
                self.clear()
            self[piece] = stems
        return stems

    def _stems_of_word(self, word: str) -> tuple[str, ...]:
        """The word's stem, if it has one and is no stop word."""
        word = word.lower()
        if word in self._ignored:
            return ()
        stem = self._stem(word)
        return (stem,) if stem else ()


stem_finder = cache(StemFinder)
