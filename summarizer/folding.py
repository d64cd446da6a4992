"""One fold for articles and queries, after which a plain substring search respects words.

`fold("North Korea's 朝鮮軍隊")` is `" north korea s 朝鲜军队 "`: words of scripts with spaces stand between single
spaces, so `" korea "` is found and `" kore "` is not; runs of Chinese, Japanese and Thai are one token each, in which
any substring may be found.

The rules, in order:
1. Canonical composition (NFC); the whole text to NFKC only where half-width kana carry their marks apart.
2. A dot between parts of a foreign name in Chinese or Japanese is dropped: ウラジーミル・プーチン.
3. Dotted initials become one word: U.S.A. is `usa`.
4. An abbreviation that reads like a common word keeps its letters apart: `US` and `U.S.` are `u s`, which `us` is not;
   but not in a text that is all capitals.
5. Signs that belong to a word become tokens: C++ is `c ++`, C# `c ##`, AT&T `at & t`, $TSLA `$ tsla`, #tag `# tag`.
6. Case folding, then each character by itself: NFKC; accents of Latin, Greek, Arabic and Hebrew off (й stays a letter);
   ł ø đ ı and their like to plain letters; Traditional to Simplified Chinese; digits of all scripts to 0-9; invisible
   characters vanish; vowel signs of India and Thailand stay; anything else that is neither letter nor digit is a space.
7. A space between scripts with spaces and scripts without, and around Korean.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from summarizer.hanzi import SIMPLIFIED, TRADITIONAL

# Scripts without spaces between words: Thai, Lao, Burmese, Khmer, kana, bopomofo, Han.
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3100-\u312f\u31a0-\u31bf\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9d\U00020000-\U0003ffff"
)
HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff"

# Abbreviations that are common words in one of the languages when their case is lost.
LETTERS_APART = frozenset({"us", "un", "eu", "ai", "it", "who", "la", "ice", "aids"})

_ANY = "[^\\W_]"  # a letter or digit of any script
_SPACED = f"[^\\W_{UNSPACED}{HANGUL}]"  # … of a script with spaces
_LETTER = f"[^\\W\\d_{UNSPACED}{HANGUL}]"
_NAME_DOTS = "・･·‧•"
_NAME_DOT = re.compile(f"(?<=[{UNSPACED}])[{_NAME_DOTS}](?=[{UNSPACED}])")
# Begins with the dot, not with the letter before it, because a pattern with a literal at its start is searched fast.
_INITIALS = re.compile(rf"\.(?<={_LETTER}\.)(?<!{_SPACED}.\.)((?:{_LETTER}\.)*{_LETTER})(?!{_SPACED})")
_CAPITALS = {
    word.upper(): re.compile(f"{word.upper()}(?!{_SPACED})(?<!{_SPACED}{word.upper()})")
    for word in sorted(LETTERS_APART)
}
_SHOUT = re.compile(f"{_LETTER}{{5}}")  # no abbreviation is so long
_SIGN = re.compile(
    rf"(?<={_ANY})\+(?:\+|(?!{_SPACED}|\+))"
    rf"|(?<={_LETTER})(?<!{_SPACED}{_ANY})([#♯])(?!{_SPACED})"
    rf"|(?<!{_SPACED})[$#@](?=[^\W\d_])"
    rf"|(?:(?<={_ANY})|(?<={_ANY} ))&(?= ?{_ANY})"
)
_SIGNS = "+&$#@♯"
_WIDE_SIGNS = str.maketrans("＋＆＄＃＠．", "+&$#@.")
# While characters are replaced, a sign that stays is a control character.
_HOLD = str.maketrans("+&$#@", "\x01\x02\x03\x04\x05")
_HELD = frozenset(map(chr, _HOLD.values()))
_RELEASE = {held: sign for sign, held in _HOLD.items()}
_RUN = re.compile(f"[{UNSPACED}]+|[{HANGUL}]+|[^ {UNSPACED}{HANGUL}]+")
_NARROW_RUN = re.compile(f"[{UNSPACED}{HANGUL}]")
_UNSPACED_CHARACTER = re.compile(f"[{UNSPACED}]")
_HANGUL_CHARACTER = re.compile(f"[{HANGUL}]")
_HALF_WIDTH_MARKS = "\uff9e\uff9f"

_LETTERS = dict(
    zip(
        "łøđħŧıæœðþŋĸəىیکة" + TRADITIONAL,
        ["l", "o", "d", "h", "t", "i", "ae", "oe", "d", "th", "n", "k", "e", *"ييكه", *SIMPLIFIED],
        strict=True,
    )
)
_OWN_LETTERS = frozenset("йїўѓќ")  # Unicode can take their mark off, readers can not
_APOSTROPHES = frozenset("ʹʺʻʼʽˈˊˋ՚׳״ߴߵ")  # Unicode calls some of them letters
_ASCII = "".join(chr(n) if chr(n).isalnum() else chr(_RELEASE.get(n, 32)) for n in range(128))

_Substitute = Callable[[re.Pattern[str], Callable[[re.Match[str]], str], str], str]


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that knows where each of its characters comes from.

    `starts[i]:ends[i]` is the place in the original of `text[i]`.
    """

    text: str
    starts: list[int]
    ends: list[int]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The place in the original of `text[start:end]`, without the spaces at its ends."""
        while start < end and self.text[start] == " ":
            start += 1
        while end > start and self.text[end - 1] == " ":
            end -= 1
        return (self.starts[start], self.ends[end - 1]) if end > start else (self.starts[start], self.starts[start])


def fold(text: str) -> str:
    """The text as the matcher sees it: tokens between single spaces, `" "` where nothing is left."""
    tokens = fold_words(text)
    return f" {' '.join(tokens)} " if tokens else " "


def fold_words(text: str) -> list[str]:
    """The tokens of the folded text: words, signs, and whole runs of scripts without spaces."""
    text = _prepare(_compose(text), _substitute)
    if text.isascii():
        return text.lower().translate(_ASCII).split()
    text = text.casefold()
    distinct = set(text)
    for character in distinct - _table.unchanged - _HELD:
        text = text.replace(character, _table[character])
    if not distinct.isdisjoint(_HELD):
        text = text.translate(_RELEASE)
    return text.split() if distinct.isdisjoint(_table.breaking) else _RUN.findall(text)


def fold_with_offsets(text: str) -> Folded:
    """As `fold`, and where each character comes from. About ten times as slow: for texts that are shown."""
    tracer = _Tracer(text)
    prepared = _prepare(tracer.text, tracer.substitute)
    characters, origins = [], []
    for index, character in enumerate(prepared):
        for part in character.casefold():
            replacement = chr(_RELEASE[ord(part)]) if part in _HELD else _table[part]
            characters.append(replacement)
            origins.extend([index] * len(replacement))
    folded, starts, ends = [" "], [0], [0]
    for run in _RUN.finditer("".join(characters)):
        places = origins[run.start() : run.end()]
        starts.extend([tracer.starts[place] for place in places])
        ends.extend([tracer.ends[place] for place in places])
        starts.append(ends[-1])
        ends.append(ends[-1])
        folded.append(f"{run[0]} ")
    return Folded("".join(folded), starts, ends)


def is_unspaced(character: str) -> bool:
    """Whether the character's script has no spaces between words, so that a word may stand anywhere in a run."""
    return _UNSPACED_CHARACTER.match(character) is not None


def is_hangul(character: str) -> bool:
    """Whether it is Korean: words have spaces, but particles are written onto them."""
    return _HANGUL_CHARACTER.match(character) is not None


def search_pattern(words: str) -> str:
    """What to look for in a folded text: folded words with a space at each end where a word must begin or end there.

    Empty where the words hold nothing but signs, or nothing.
    """
    if not any(character.isalnum() for character in words):
        return ""
    words = words.strip(" ")
    start = "" if is_unspaced(words[0]) else " "
    end = "" if is_unspaced(words[-1]) else " "
    return f"{start}{words}{end}"


def _compose(text: str) -> str:
    if text.isascii():
        return text
    if any(mark in text for mark in _HALF_WIDTH_MARKS):
        return unicodedata.normalize("NFKC", text)
    return text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)


def _prepare(text: str, substitute: _Substitute) -> str:
    """The rules that look at more than one character, each only where a cheap test says that it may apply."""
    if not text.isascii():
        text = text.translate(_WIDE_SIGNS) if any(map(text.__contains__, "＋＆＄＃＠．")) else text
        if any(map(text.__contains__, _NAME_DOTS)):
            text = substitute(_NAME_DOT, lambda _: "", text)
    if "." in text:
        text = substitute(_INITIALS, _join_initials, text)
    for capitals, pattern in _CAPITALS.items():
        if capitals in text and not (text.isupper() and _SHOUT.search(text)):
            text = substitute(pattern, lambda match: " ".join(match[0]), text)
    if any(map(text.__contains__, _SIGNS)):
        text = substitute(_SIGN, _hold_sign, text)
    return text


def _substitute(pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str], text: str) -> str:
    return pattern.sub(replacement, text)


def _join_initials(match: re.Match[str]) -> str:
    """What follows the first letter of dotted initials: `S` of `U.S`, spaced where the word would read as another."""
    rest = match[1].replace(".", "")
    first = match.string[match.start() - 1]
    return f" {' '.join(rest)}" if (first + rest).lower() in LETTERS_APART else rest


def _hold_sign(match: re.Match[str]) -> str:
    sign = "##" if match[1] else match[0]  # C#, else #tag
    return f" {sign.translate(_HOLD)} "


class _Table(dict[str, str]):
    """What each case-folded character becomes, worked out when it is first seen.

    Attributes:
        unchanged: characters seen that stay as they are.
        breaking: characters seen that are, or become, of a script around which spaces are set.
    """

    def __init__(self) -> None:
        super().__init__()
        self.unchanged: set[str] = set()
        self.breaking: set[str] = set()

    def __missing__(self, character: str) -> str:
        replacement = self[character] = _fold_character(character)
        if replacement == character:
            self.unchanged.add(character)
        if _NARROW_RUN.search(replacement):
            self.breaking.add(character)
        return replacement


_table = _Table()


def _fold_character(character: str) -> str:
    if character in _OWN_LETTERS:
        return character
    whole = unicodedata.normalize("NFKC", character).casefold()
    bare = "".join(part for part in unicodedata.normalize("NFD", whole) if not _is_accent(part))
    return "".join(map(_plain, unicodedata.normalize("NFC", bare)))


def _is_accent(character: str) -> bool:
    """Whether it is a mark of Latin, Greek, Hebrew or Arabic, which readers leave out; never a vowel sign of India."""
    if "\u0300" <= character <= "\u036f" or character == "ـ":
        return True
    return "\u0591" <= character <= "\u06ed" and unicodedata.category(character) == "Mn"


def _plain(character: str) -> str:
    if character in _LETTERS:
        return str(_LETTERS[character])
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category in ("Cf", "Me") or "\ufe00" <= character <= "\ufe0f":
        return ""
    keeps = character.isalnum() or category in ("Mn", "Mc")
    return character if keeps and character not in _APOSTROPHES else " "


class _Tracer:
    """Does substitutions and remembers for each character of the text which place of the original it stands for."""

    def __init__(self, original: str) -> None:
        self.text = _compose(original)
        self.starts = list(range(len(original)))
        self.ends = list(range(1, len(original) + 1))
        if self.text != original:
            self._compose_clusters(original)

    def _compose_clusters(self, original: str) -> None:
        normal: Literal["NFC", "NFKC"] = "NFKC" if any(mark in original for mark in _HALF_WIDTH_MARKS) else "NFC"
        parts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        edges = [n for n, character in enumerate(original) if n == 0 or not _composes(character)] + [len(original)]
        for start, end in pairwise(edges):
            part = unicodedata.normalize(normal, original[start:end])
            parts.append(part)
            starts.extend([start] * len(part))
            ends.extend([end] * len(part))
        self.text, self.starts, self.ends = "".join(parts), starts, ends

    def substitute(self, pattern: re.Pattern[str], replacement: Callable[[re.Match[str]], str], text: str) -> str:
        parts: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        done = 0
        for match in pattern.finditer(text):
            parts.append(text[done : match.start()])
            starts.extend(self.starts[done : match.start()])
            ends.extend(self.ends[done : match.start()])
            new = replacement(match)
            parts.append(new)
            if new:
                starts.extend([self.starts[match.start()]] * len(new))
                ends.extend([self.ends[match.end() - 1]] * len(new))
            done = match.end()
        self.starts = starts + self.starts[done:]
        self.ends = ends + self.ends[done:]
        return "".join(parts) + text[done:]


def _composes(character: str) -> bool:
    """Whether normalisation may join it to what stands before it."""
    return unicodedata.combining(character) > 0 or character in _seconds() or character in _HALF_WIDTH_MARKS


@cache
def _seconds() -> frozenset[str]:
    """Every character that is the second part of a composed one."""
    decompositions = (unicodedata.normalize("NFD", chr(number)) for number in range(0x20000))
    return frozenset(part for decomposition in decompositions for part in decomposition[1:])
