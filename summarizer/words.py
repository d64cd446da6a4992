"""Sentences into words, for any language: with spaces, without them, and mixed."""

import re
from collections.abc import Callable
from functools import cache, lru_cache
from itertools import pairwise

# Combining marks that stand inside words: accents, Hebrew and Arabic points, vowel signs of India and Thailand, and the
# joiners of Persian and Hindi. Python's \w knows none of them.
MARKS = (
    "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f"
    "\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a3c-\u0a4d\u0b3c-\u0b4d\u0bbe-\u0bcd\u0c3e-\u0c4d"
    "\u0cbc-\u0ccd\u0d3e-\u0d4d\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u200c\u200d"
)
WORD = re.compile(rf"[^\W\d_][\w{MARKS}]*(?:['’-][\w{MARKS}]+)*")
HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff々"
JAPANESE_RUN = re.compile(rf"[{HAN}]+|[\u30a1-\u30ff]+|[^\W\d_{HAN}\u3041-\u30ff]+")
THAI_CLUSTER = re.compile(r"[\u0e40-\u0e44]?[\u0e01-\u0e2e][\u0e2f-\u0e3a\u0e45\u0e47-\u0e4e]*")
KOREAN_PARTICLE = re.compile(
    r"(?<=..)(?:에서는|에게서|으로는|이라고|에서|에게|으로|까지|부터|라고|처럼|보다|했다|한다|된다|하는|했던|하고|은|는|이|가|을|를|의|에|로|와|과|도|만|다)$"
)

REMEMBERED_STEMS = 20_000  # words per language, about 3 MB

PYSTEMMER_NAMES = {
    "ar": "arabic",
    "ca": "catalan",
    "cs": "czech",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "et": "estonian",
    "eu": "basque",
    "fa": "persian",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}


def split_words(text: str, language: str) -> list[str]:
    """The words of a text in order, as they are written; numbers and punctuation are none.

    Chinese is cut by a dictionary; Japanese into runs of one script, the kanji ones into overlapping pairs, and
    Thai into overlapping pairs of syllables, because pairs compare well where nobody marks words.
    """
    if language == "zh":
        return _chinese_words(text)
    if language == "ja":
        return _japanese_words(text)
    if language == "th":
        return _thai_words(text)
    return WORD.findall(text)


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """A function from a lower-case word to its stem; the word itself for a language without a stemmer.

    It remembers the stems of the words seen last, because news repeats its words and stemming them was a third of
    the time of a summary.
    """
    return lru_cache(maxsize=REMEMBERED_STEMS)(_stemmer(language))


def _stemmer(language: str) -> Callable[[str], str]:
    if language == "uk":
        from sumy.nlp.stemmers.ukrainian import stem_word

        return stem_word  # type: ignore[no-any-return]
    if language == "ko":
        return _without_particle
    if language not in PYSTEMMER_NAMES:
        return str
    from Stemmer import Stemmer

    # Its own memory (10,000 words) is slower than its stemming.
    return Stemmer(PYSTEMMER_NAMES[language], 0).stemWord  # type: ignore[no-any-return]


def _without_particle(word: str) -> str:
    return KOREAN_PARTICLE.sub("", word)


def _chinese_words(text: str) -> list[str]:
    return [word for word in _chinese_cutter()(text) if word[0].isalpha()]


@cache
def _chinese_cutter() -> Callable[[str], list[str]]:
    """Loads the dictionary, once in a process: about 0.2 s."""
    import rjieba

    return rjieba.cut


def _japanese_words(text: str) -> list[str]:
    words: list[str] = []
    for run in JAPANESE_RUN.findall(text):
        words.extend(_pairs(list(run)) if run[0] > "\u33ff" and run[0] < "\ufb00" else [run])
    return words


def _thai_words(text: str) -> list[str]:
    words: list[str] = []
    for run in WORD.findall(text):
        words.extend(_pairs(THAI_CLUSTER.findall(run)) or [run])
    return words


def _pairs(parts: list[str]) -> list[str]:
    """Neighbours joined, overlapping; a single part alone."""
    return [left + right for left, right in pairwise(parts)] or parts
