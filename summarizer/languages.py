"""Which language a text is read in: a code as given, or a guess from its script and its commonest words."""

import re
from collections import Counter
from functools import cache

from summarizer.stopwords import LATIN_LANGUAGES, common_words

SAMPLE = 4_000  # characters that a guess looks at: enough for a sure one, and it keeps long texts cheap
UNKNOWN = ""

SCRIPTS = {
    "zh": re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"),
    "ja": re.compile(r"[\u3041-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7a3]"),
    "ru": re.compile(r"[\u0400-\u052f]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "latin": re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}
CHARACTER_WEIGHT = {"zh": 3, "ja": 3, "ko": 2}  # a Chinese character says as much as several letters
KANA_SHARE = 0.1  # Japanese shows kana in every sentence; a Chinese text at most quotes a name
UKRAINIAN = re.compile("[іїєґІЇЄҐ]")
PERSIAN = re.compile("[پچژگیک]")
LATIN_WORD = re.compile(r"[^\W\d_]+")

# Languages whose writing puts no spaces between words.
UNSPACED = frozenset({"zh", "ja", "th"})


def language_code(language: str) -> str:
    """The two-letter code in what a caller gave: `en` of `en-GB`, `zh` of `ZH_hans`."""
    return language.strip().lower().replace("_", "-").partition("-")[0]


def guess_language(text: str) -> str:
    """The likely language of a text as a two-letter code, or an empty string where nothing tells.

    The script decides; among Latin languages the one whose commonest words stand most often in the text.
    """
    sample = text[:SAMPLE]
    counts = {name: CHARACTER_WEIGHT.get(name, 1) * len(found.findall(sample)) for name, found in SCRIPTS.items()}
    if counts["ja"] > KANA_SHARE * counts["zh"]:
        counts["ja"] += counts["zh"]
    script = max(counts, key=lambda name: counts[name])
    if not counts[script]:
        return UNKNOWN
    if script == "latin":
        return _guess_latin(sample)
    if script == "ru" and UKRAINIAN.search(sample):
        return "uk"
    if script == "ar" and len(PERSIAN.findall(sample)) > counts["ar"] // 100:
        return "fa"
    return script


def _guess_latin(sample: str) -> str:
    """The Latin language with most of the sample's words among its commonest; none without a single one."""
    votes: Counter[str] = Counter()
    owners = _owners()
    for word in LATIN_WORD.findall(sample.lower()):
        for language in owners.get(word, ()):
            votes[language] += 1
    return votes.most_common(1)[0][0] if votes else UNKNOWN


@cache
def _owners() -> dict[str, tuple[str, ...]]:
    """Each common word with the Latin languages that have it."""
    owners: dict[str, tuple[str, ...]] = {}
    for language in LATIN_LANGUAGES:
        for word in common_words(language):
            owners[word] = (*owners.get(word, ()), language)
    return owners
