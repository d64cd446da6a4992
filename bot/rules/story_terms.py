"""What an article says, as grouping counts it: folded, stemmed words of its title and the beginning of its text."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from bot.rules.matching import Document
from summarizer.folding import fold, is_unspaced
from summarizer.languages import UNSPACED
from summarizer.stopwords import stop_words

if TYPE_CHECKING:
    from Stemmer import Stemmer

LEAD = 1_000  # characters of the text that count beside the title
LEAD_UNSPACED = 200  # … of Chinese, Japanese and Thai, where so many are a lead already: the rest is background
TITLE_WEIGHT = 2
STOP = frozenset(
    """
    a about after against all also amid an and are as at back be been before but by can could day days did do does first
    for from get gets got had has have he her here his how i if in into is it its just last latest live make makes may
    might month more most must my new news no not now of off on one or our out over report reports said say says see set
    she should so still take takes than that the their them then there these they this those time to today top two
    under up update us via video vs was watch we week weeks were what when where which who why will with would year
    years you your
    """.split()
)
_STEMMERS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}
_POSSESSIVE = re.compile(r"['’]s\b")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"\b(?=[\djfmasondtw])(?:(?:{_DAY} )?{_MONTH} {_DAY}(?:,? \d{{4}})?|{_DAY} {_MONTH}(?:,? \d{{4}})?"
    r"|\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d\d-\d\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:19|20)\d\d)\b"
    r"|(?:\d{4}年)?\d{1,2}月\d{1,2}日",
    re.IGNORECASE,
)
_UNKNOWN = "en"  # what its stemmer does to other languages in Latin letters is as good as nothing
_ALL_NOUNS = "de"  # where every noun has a capital, it tells no name
_HIRAGANA = re.compile("[\u3041-\u309f]{2}")  # endings and particles


@dataclass(frozen=True, slots=True)
class Terms:
    """How often each term stands in an article, and which of them are plain: not always written with a capital.

    `is_headline`: there is no text beside the title.
    """

    counts: Counter[str]
    plain: frozenset[str]
    is_headline: bool


def terms(document: Document) -> Terms:
    """The terms of title and lead; those of the title count twice.

    Words of spaced scripts are stemmed by the document's language, so that an outlet's tense or plural is no other
    word; scripts without spaces give pairs of neighbouring characters. Dates are none: they say when, not what.
    """
    language = document.language or _UNKNOWN
    stem, stop = _stemmer(language), _stop_words(language)
    lead = LEAD_UNSPACED if language in UNSPACED else LEAD
    counts: Counter[str] = Counter()
    plain: set[str] = set()
    for text, weight in ((document.title, TITLE_WEIGHT), (document.text[:lead], 1)):
        written: dict[bool, list[str]] = {True: [], False: []}
        for word in _POSSESSIVE.sub("", _DATE.sub(" ", text)).split():
            written[_has_capital(word)].append(word)
        for has_capital, words in written.items():
            for term in _terms(" ".join(words), stem, stop):
                counts[term] += weight
                if not has_capital or language == _ALL_NOUNS or is_unspaced(term[0]):
                    plain.add(term)
    return Terms(counts, frozenset(plain), not document.text.strip())


def _has_capital(word: str) -> bool:
    """Whether the first letter or digit of a word is a capital letter."""
    first = word[0]
    return first.isupper() or (
        not first.isalnum() and next((character.isupper() for character in word if character.isalnum()), False)
    )


def _terms(text: str, stem: "Stemmer | None", stop: frozenset[str]) -> Iterator[str]:
    for token in fold(text).split():
        if is_unspaced(token[0]):
            pairs = (token[place : place + 2] for place in range(len(token) - 1))
            yield from (pair for pair in pairs if not _HIRAGANA.match(pair))
        elif len(token) > 1 and token not in stop:
            yield stem.stemWord(token) if stem else token


@cache
def _stop_words(language: str) -> frozenset[str]:
    return STOP.union(*(fold(word).split() for word in stop_words(language)))


@cache
def _stemmer(language: str) -> "Stemmer | None":
    from Stemmer import Stemmer  # a megabyte, wanted only where articles are grouped

    name = _STEMMERS.get(language)
    return Stemmer(name) if name else None
