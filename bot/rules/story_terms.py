"""What an article says, as grouping counts it: folded, stemmed words of its title and the beginning of its text."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from bot.rules.matching import Document
from summarizer.folding import fold, is_unspaced
from summarizer.languages import UNSPACED

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
_UNKNOWN = "en"  # what its stemmer does to other languages in Latin letters is as good as nothing


def terms(document: Document) -> Counter[str]:
    """How often each term stands in title and lead; the title counts twice.

    Words of spaced scripts are stemmed by the document's language, so that an outlet's tense or plural is no other
    word; scripts without spaces give pairs of neighbouring characters.
    """
    stem = _stemmer(document.language or _UNKNOWN)
    lead = LEAD_UNSPACED if document.language in UNSPACED else LEAD
    counts: Counter[str] = Counter()
    for text, weight in ((document.title, TITLE_WEIGHT), (document.text[:lead], 1)):
        for term in _terms(text, stem):
            counts[term] += weight
    return counts


def _terms(text: str, stem: "Stemmer | None") -> Iterator[str]:
    for token in fold(_POSSESSIVE.sub("", text)).split():
        if is_unspaced(token[0]):
            yield from (token[place : place + 2] for place in range(len(token) - 1))
        elif len(token) > 1 and token not in STOP:
            yield stem.stemWord(token) if stem else token


@cache
def _stemmer(language: str) -> "Stemmer | None":
    from Stemmer import Stemmer  # a megabyte, wanted only where articles are grouped

    name = _STEMMERS.get(language)
    return Stemmer(name) if name else None
