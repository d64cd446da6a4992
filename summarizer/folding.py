"""One fold for articles and queries, after which a plain substring search respects words.

`fold("North Korea's 朝鮮軍隊")` is `" north korea 朝鲜军队 "`: words of scripts with spaces stand between single
spaces, so `" korea "` is found and `" kore "` is not; runs of Chinese, Japanese and Thai are one token each, in which
any substring may be found.

The rules, in order:
1. Canonical composition (NFC); the whole text to NFKC only where half-width kana carry their marks apart.
2. A dot between parts of a foreign name in Chinese or Japanese is dropped: ウラジーミル・プーチン.
3. The ending of an English possessive is dropped: Korea's is `korea`.
4. Dotted initials become one word: U.S.A. is `usa`.
5. An abbreviation that reads like a common word keeps its letters apart: `US` and `U.S.` are `u s`, which `us` is not;
   but not in a text that is all capitals.
6. Signs that belong to a word become tokens: C++ is `c ++`, C# `c ##`, AT&T `at & t`, $TSLA `$ tsla`, #tag `# tag`.
7. Case folding, then each character by itself: NFKC; accents of Latin, Greek, Arabic and Hebrew off (й stays a letter);
   ł ø đ ı and their like to plain letters; Traditional to Simplified Chinese; digits of all scripts to 0-9; invisible
   characters vanish; vowel signs of India and Thailand stay; anything else that is neither letter nor digit is a space.
8. A space between scripts with spaces and scripts without, and around Korean.
"""

import re
import unicodedata
from codecs import charmap_build, charmap_decode, charmap_encode
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

CODE = 12  # characters before an abbreviation that may make it the end of a product's code

_ANY = "[^\\W_]"  # a letter or digit of any script
_SPACED = f"[^\\W_{UNSPACED}{HANGUL}]"  # … of a script with spaces
_LETTER = f"[^\\W\\d_{UNSPACED}{HANGUL}]"
_NAME_DOTS = "・･·‧•"
# These begin with the sign, not with what stands before it, because such patterns are searched ten times as fast.
_NAME_DOT = re.compile(f"[{_NAME_DOTS}](?<=[{UNSPACED}].)(?=[{UNSPACED}])")
_POSSESSIVE = re.compile(rf"['’][sS](?<={_LETTER}..)(?!{_SPACED})")
_INITIALS = re.compile(rf"\.(?<={_LETTER}\.)(?<!{_SPACED}.\.)((?:{_LETTER}\.)*{_LETTER})(?!{_SPACED})")
_CAPITALS = {
    word.upper(): re.compile(f"{word.upper()}(?!{_SPACED})(?<!{_SPACED}{word.upper()})(?<!{_LETTER}['’]{word.upper()})")
    for word in sorted(LETTERS_APART)
}
_SHOUT = re.compile(f"{_LETTER}{{5}}")  # no abbreviation is so long
_SIGN = re.compile(
    rf"\+(?<={_ANY}\+)(?:\+|(?!{_SPACED}|\+))"
    rf"|[#♯](?<={_LETTER}.)(?<!{_SPACED}{_ANY}.)(?!{_SPACED})()"
    rf"|[$#@](?<!{_SPACED}.)(?=[^\W\d_])"
    rf"|&(?:(?<={_ANY}&)|(?<={_ANY} &))(?= ?{_ANY})"
)
_SIGNS = "+&$#@♯"
SHORT = 100  # characters of a text that is folded as keywords are
# What a rule may say more of than its small letters; as above, a pattern that begins with one set is fast.
_AFTER = "(?:(?<![A-Z])|(?<=[A-Z]{2}))"  # a single capital is nothing special
_SPECIAL = re.compile(f"[^a-z0-9 ]{_AFTER}")
_RULED = re.compile(f"[A-Z.'’＋＆＄＃＠．{_SIGNS}{_NAME_DOTS}\uff9e\uff9f]{_AFTER}")
_WIDE_SIGNS = str.maketrans("＋＆＄＃＠．", "+&$#@.")
# While characters are replaced, a sign that stays is a control character.
_HOLD = str.maketrans("+&$#@", "\x01\x02\x03\x04\x05")
_HELD = frozenset(map(chr, _HOLD.values()))
_RELEASE = {held: sign for sign, held in _HOLD.items()}
_RUN = re.compile(f"[{UNSPACED}]+|[{HANGUL}]+|[^ {UNSPACED}{HANGUL}]+")
_SAFE_RUN = re.compile("[々-〇ぁ-ゖァ-ヺー一-\u9fff]+|[가-힣]+|[a-z0-9]+")
# The alphabets' code pages by a character that is in none before; the Polish and Czech one holds the Turkish by half.
_PAGES = (
    ("\x80", "ÿ", "cp1252"),
    ("ğ", "ğ", "cp1254"),
    ("İ", "ı", "cp1254"),
    ("ş", "ş", "cp1254"),
    ("Ā", "ſ", "cp1250"),
    ("Ͱ", "Ͽ", "cp1253"),
    ("Ѐ", "ӿ", "cp1251"),
    ("֐", "׿", "cp1255"),
    ("؀", "ۿ", "cp1256"),
)
_PAGE_OF = {
    chr(number): encoding for first, last, encoding in reversed(_PAGES) for number in range(ord(first), ord(last) + 1)
}
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
    if text.isascii():
        if not _SPECIAL.search(text):
            return text.lower().split()
    elif len(text) < SHORT and not _RULED.search(text):
        return _words_by_last(text)
    text = _prepare(_compose(text), _substitute)
    if text.isascii():
        return text.lower().translate(_ASCII).split()
    words = _words_by_page(text, "cp1252")
    return _words_by_character(text.casefold()) if words is None else words


def _words_by_last(text: str) -> list[str]:
    """Those of a keyword that no rule of `_prepare` is for; its last letter tells the alphabet sooner than trying."""
    last = text[-1]
    likely = _PAGE_OF.get(last) or ("cp1252" if last.isascii() else None)
    words = _words_by_page(text, likely) if likely else None
    if words is None and _run().fullmatch(text):
        return [text]
    return _words_by_character(_compose(text).casefold()) if words is None else words


def fold_with_offsets(text: str) -> Folded:
    """As `fold`, and where each character comes from. About ten times as slow: for texts that are shown."""
    tracer = _Tracer(text)
    prepared = _prepare(tracer.text, tracer.substitute)
    characters, origins = [], []
    for index, character in enumerate(prepared):
        for part in character.casefold():
            replacement = _folded_part(part)
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
    if "'" in text or "’" in text:
        text = substitute(_POSSESSIVE, lambda _: "", text)
    if "." in text:
        text = substitute(_INITIALS, _join_initials, text)
    for capitals, pattern in _CAPITALS.items():
        if capitals in text and not (text.isupper() and _SHOUT.search(text)):
            text = substitute(pattern, _letters_apart, text)
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


def _letters_apart(match: re.Match[str]) -> str:
    """`U S` of `US`, but not in the code of a product: WN-DS/US."""
    code = match.string[: match.start()].rpartition(" ")[2][-CODE:]
    return match[0] if code.endswith("/") and "-" in code else " ".join(match[0])


def _hold_sign(match: re.Match[str]) -> str:
    sign = "##" if match[1] is not None else match[0]  # C#, else #tag
    return f" {sign.translate(_HOLD)} "


def _words_by_page(text: str, likely: str) -> list[str] | None:
    """By way of an alphabet's 8-bit code page, in which a text is folded by one table; None where none holds it.

    It takes 20 ns a character, where characters one by one take 100.
    """
    encoding: str | None = likely
    for _ in range(2):
        if encoding is None:
            return None
        try:
            return _page(encoding).words(text)
        except UnicodeEncodeError as error:
            encoding = _PAGE_OF.get(text[error.start])
    return None


class _Page:
    """An 8-bit encoding with what each of its characters is folded to."""

    def __init__(self, encoding: str) -> None:
        characters = bytes(range(256)).decode(encoding, "replace")
        self._codes = charmap_build(characters)
        self._folded = ""
        self._expanded: list[tuple[bytes, bytes]] = []
        vanishing = b""
        for number, character in enumerate(characters):
            byte = bytes([number])
            folded = "".join(map(_folded_part, character.casefold()))
            if not folded:
                vanishing += byte
            elif folded.strip() and len(folded) > 1:
                self._expanded.append((byte, folded.encode()))  # letters of ASCII, which stay as they are below
            self._folded += folded[:1] or " "
        self._vanishing = vanishing
        self._resized = frozenset(vanishing).union(*[byte for byte, _ in self._expanded])

    def words(self, text: str) -> list[str]:
        """The folded words of a text. Raises UnicodeEncodeError where the encoding has not all of its characters."""
        data, _ = charmap_encode(text, "strict", self._codes)
        if len(data) >= SHORT or not self._resized.isdisjoint(data):
            data = data.translate(None, self._vanishing)
            for byte, letters in self._expanded:
                data = data.replace(byte, letters)
        return charmap_decode(data, "strict", self._folded)[0].split()


_page = cache(_Page)


def _words_by_character(text: str) -> list[str]:
    if _unsafe().search(text):
        return _RUN.findall(text.translate(_codes))
    return _SAFE_RUN.findall(text)


@cache
def _unsafe() -> re.Pattern[str]:
    """Finds what folding changes into anything but a space; not much else in simplified Chinese and Korean."""
    return re.compile(f"[^\t\n\r -~‐-‧、-〄〈-〟ぁ-ゖァ-ヺー가-힣，。！？：；（）{_simplified()}]")


@cache
def _run() -> re.Pattern[str]:
    """What is one token and stays as it is."""
    return re.compile(f"[ぁ-ゖァ-ヺー{_simplified()}]+")


def _simplified() -> str:
    """The ranges of Chinese characters that no traditional one is in."""
    traditional = sorted(character for character in TRADITIONAL if "\u4e00" <= character <= "\u9fff")
    edges = [chr(0x4E00 - 1), *traditional, chr(0xA000)]
    return "".join(f"{chr(ord(a) + 1)}-{chr(ord(b) - 1)}" for a, b in pairwise(edges) if ord(b) - ord(a) > 1)


class _Table(dict[str, str]):
    """What each case-folded character becomes, worked out when it is first seen."""

    def __missing__(self, character: str) -> str:
        replacement = self[character] = _fold_character(character)
        return replacement


class _Codes(dict[int, str]):
    """The same by code point, and the signs that were held, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        replacement = self[code] = _folded_part(chr(code))
        return replacement


_table = _Table()
_codes = _Codes()


def _folded_part(character: str) -> str:
    """What a case-folded character becomes, or the sign that was held."""
    return chr(_RELEASE[ord(character)]) if character in _HELD else _table[character]


def _fold_character(character: str) -> str:
    if character in _OWN_LETTERS:
        return character
    if character in "™℠":  # not letters written onto the name
        return " "
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
