"""Text into sentences, each an exact slice of the text; nothing but white space is ever left out.

The rules, in order:
1. A line break ends a sentence, unless the lines are wrapped and the sentence plainly goes on.
2. A run of terminators with its closing quotes and brackets ends one, unless
3. … a comma, a lower-case word or a speech verb follows (`"Why?" he asked`), or
4. … the stop belongs to an abbreviation, an initial, an ordinal or a list mark (`summarizer.abbreviations`).
5. Where a stop has no space after it, a sentence ends only if a word ended before it and a capital starts after it.
6. Korean polite endings without a stop and long Thai runs end at a space, because people write them so.
"""

import re
from collections.abc import Iterator

from summarizer.abbreviations import Abbreviations, abbreviations
from summarizer.languages import guess_language, language_code
from summarizer.types import Sentence

OPENING = "\"'“‘«„‚‹（「『【《〈([｢"
CLOSING = "\"'”’“»›）」』】》〉)]｣"
WIDE = "。！？｡"
INDIC = "।॥"
TERMINATORS = f".!?…‽⁇⁈⁉؟۔{WIDE}{INDIC}"
CONTINUING = ",;:，、；：،؛"

CANDIDATE = re.compile(rf"([{TERMINATORS}]+(?:(?: \.){{2,}})?)([{re.escape(CLOSING)}]*)(\s*)")
ASCII_CANDIDATE = re.compile(r"([.!?]+(?:(?: \.){2,})?)([\"')\]]*)(\s*)")  # a faster search for the same
OPENERS = re.compile(rf"[{re.escape(OPENING)}¿¡]*")
INITIAL = re.compile(r"[^\W\d_]\.")
WORD_AFTER = re.compile(r"[^\W\d_]+")
LIST_MARK = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})")
DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
SPEECH = re.compile(
    r"(?:[A-Z][\w.’'-]*\s+){1,4}"
    r"(?:said|says|asked|asks|added|adds|told|wrote|writes|replied|shouted|cried|tweeted|wondered|continued)\b"
)
QUOTING_KANA = re.compile(r"(?:と|って|とか|という|など|の|が|を|は|に|も|で|、)")
NEWLINES = "\n\r\x0b\x0c\x85\u2028\u2029"
ASCII_LINE_BREAK = re.compile(r"[\n\r\x0b\x0c]\s*")
LINE_BREAK = re.compile(rf"[{NEWLINES}]\s*")
KOREAN_END = re.compile(r"(?<=니다|니까|세요|네요|어요|아요|에요|예요|해요|군요|지요|까요|나요)[ ]+(?=[^\s])")
THAI_SPACE = re.compile(r"(?<=[\u0e00-\u0e7f\d\"”)]) +(?=[\u0e00-\u0e7f\"“(])")
THAI_JOINER = re.compile(r"และ|หรือ|ที่|ซึ่ง|ว่า|กับ|ของ|ใน|เพื่อ|จาก|เป็น|ๆ|ให้")

MIN_WRAPPED = 40  # characters; a shorter line that breaks off is a heading, not wrapped text
MAX_WRAPPED = 100
MIN_THAI = 90  # characters of one Thai sentence before a space may end it
MAX_LIST_MARK = 6  # characters
MAX_QUOTATION = 5_000  # characters before a straight quote in which its other end is looked for
LOOK_BACK = 24  # characters in which the word before a stop is looked for


def split_sentences(text: str, language: str | None = None) -> list[Sentence]:
    """Splits a text into its sentences, in order.

    Args:
        text: plain text; line breaks end paragraphs.
        language: a code such as `en` or `zh-Hans`; guessed from the text where it is None.

    Returns:
        Sentences with offsets in characters: `text[s.start:s.end] == s.text`, none empty, none overlapping, and
        only white space between them.
    """
    code = guess_language(text) if language is None else language_code(language)
    return [
        Sentence(text[left:right], left, right)
        for start, end in paragraphs(text)
        for left, right in sentence_bounds(text, start, end, code)
    ]


def paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """The bounds of each paragraph, without white space around it."""
    start = 0
    for found in (ASCII_LINE_BREAK if text.isascii() else LINE_BREAK).finditer(text):
        if _wraps(text, start, found):
            continue
        yield from _trimmed(text, start, found.start())
        start = found.end()
    yield from _trimmed(text, start, len(text))


def sentence_bounds(text: str, start: int, end: int, language: str) -> list[tuple[int, int]]:
    """The bounds of the sentences of a paragraph, which is `text[start:end]` and has no white space at its ends."""
    bounds = []
    for stop in (*_ends(text, start, end, language), end):
        while text[start].isspace():
            start += 1
        bounds.append((start, stop))
        start = stop
    return bounds


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The bounds without white space at either side; nothing where only white space is left."""
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = start + len(piece.rstrip())
    if left < right:
        yield left, right


def _wraps(text: str, start: int, found: re.Match[str]) -> bool:
    """Whether a line break stands inside a sentence, as in mails and old wire copy."""
    before, after = found.start(), found.end()
    if after == len(text) or not text[after].islower() or len(found.group().rstrip(" \t").splitlines()) > 1:
        return False
    line = text[max(start, before - MAX_WRAPPED - 1) : before].splitlines()[-1:] or [""]
    last = line[0].rstrip()
    return MIN_WRAPPED <= len(last) <= MAX_WRAPPED and last[-1] not in f"{TERMINATORS}{CLOSING}:"


def _ends(text: str, start: int, end: int, language: str) -> list[int]:
    """Where sentences end inside a paragraph, in order."""
    rules = abbreviations(language)
    ends: list[int] = []
    for found in (ASCII_CANDIDATE if text[start:end].isascii() else CANDIDATE).finditer(text, start, end):
        if found.group() == ". " and _is_plain_end(text, start, end, found.start(), rules):
            ends.append(found.start() + 1)
        elif found.end() < end and _is_end(text, start, found, rules):
            ends.append(_place(text, start, found))
    if language == "ko":
        ends = sorted({*ends, *(found.start() for found in KOREAN_END.finditer(text, start, end))})
    if language == "th":
        ends = sorted({*ends, *_thai_ends(text, start, end)})
    return ends


def _place(text: str, start: int, found: re.Match[str]) -> int:
    """Where a sentence ends: after its closing marks, but before a quote without a space that opens the next one."""
    if found.group(2) == "“" and "„" not in text[start : found.start()][-MAX_QUOTATION:]:
        return found.end(1)
    straight = found.group(2) == '"' and not found.group(3) and found.group(1)[-1] not in WIDE
    if straight and text.count('"', max(start, found.start() - MAX_QUOTATION), found.start()) % 2 == 0:
        return found.end(1)
    return found.end(2)


def _is_plain_end(text: str, start: int, end: int, place: int, rules: Abbreviations) -> bool:
    """Whether a stop stands between an ordinary word and a capital, as most do; it spares the steps of `_is_end`."""
    if place + 3 >= end or place - start <= MAX_LIST_MARK:
        return False
    if not text[place + 2].isupper() and not (text[place + 2] in '"“‘' and text[place + 3].isupper()):
        return False
    word = text[text.rfind(" ", start, place) + 1 : place]
    return len(word) > 2 and word.isalnum() and word.lower() not in rules.words


def _is_end(text: str, start: int, found: re.Match[str], rules: Abbreviations) -> bool:
    """Whether a run of terminators ends a sentence; something other than white space follows it."""
    marks, closers, space = found.groups()
    if text[found.end()] in CONTINUING:
        return False
    if marks[-1] in WIDE:
        return not (closers and not space and QUOTING_KANA.match(text, found.end()))
    if marks[-1] in INDIC:
        return True
    following = OPENERS.match(text, found.end()).end()  # type: ignore[union-attr]  # an empty match at least
    if not space:
        return _is_end_unspaced(text, start, found, following, rules)
    if _goes_on(text, found, following):
        return False
    return marks != "." or bool(closers) or _is_full_stop(text, start, found, following, rules)


def _goes_on(text: str, found: re.Match[str], following: int) -> bool:
    """Whether what follows a terminator and a space continues the sentence."""
    word = text[following : following + 2]
    if word[:1].islower():
        return not word[1:].isupper()  # iPhone and eBay open sentences
    if word[:1] in "—–-" and text[found.end() : found.end() + 3].strip("—–- ")[:1].islower():
        return True
    if found.group(2) and found.group(1)[-1] in "?!":
        return SPEECH.match(text, following) is not None
    return False


def _is_end_unspaced(text: str, start: int, found: re.Match[str], following: int, rules: Abbreviations) -> bool:
    """Whether a terminator without a space ends a sentence: `in 2012.The`, `했다.그는`."""
    place = found.start()
    before, after = text[max(start, place - 2) : place], text[following : following + 2]
    if not before or not after:
        return False
    if _is_caseless(before[-1]) and _is_caseless(after[0]):
        return found.group(1) != "…"
    if not after[0].isupper() or not (len(after) == 1 or after[1].islower() or after[1].isspace() or after[1] in "'’"):
        return False
    if found.group(1) != "." or found.group(2) or following > found.end():
        return before[-1].isalnum() or before[-1] in CLOSING
    word = _word_before(text, start, place)
    if word[-1] in CLOSING + "%":
        return True
    return "." not in word and (len(word) > 1 or word.isdigit()) and word.lower() not in rules.inner


def _is_full_stop(text: str, start: int, found: re.Match[str], following: int, rules: Abbreviations) -> bool:
    """Whether a single stop before a space ends a sentence rather than an abbreviation."""
    place = found.start()
    if place - start <= MAX_LIST_MARK and LIST_MARK.fullmatch(text, start, place):
        return False
    word = _word_before(text, start, place)
    key = word.lower()
    if key in rules.numbered and text[following : following + 1].isdigit():
        return False
    if key in rules.inner:
        return word.islower() and key in rules.numbered
    ordinal = rules.ordinals and len(word) <= 2 and word.isdigit()
    if ordinal or key in rules.closing or _is_initial(word) or ("." in word and DOTTED.fullmatch(word)):
        return _starts_sentence(text, following, rules)
    return True


def _word_before(text: str, start: int, place: int) -> str:
    """The word that a stop follows, without what opens before it."""
    words = text[max(start, place - LOOK_BACK) : place].replace("—", " ").split()
    return words[-1].lstrip(OPENING) or words[-1] if words else " "


def _starts_sentence(text: str, place: int, rules: Abbreviations) -> bool:
    """Whether the word at a place opens sentences rather than names; a single letter with a stop is an initial."""
    word = WORD_AFTER.match(text, place)
    return word is not None and word.group() in rules.starters and not INITIAL.match(text, place)


def _is_initial(word: str) -> bool:
    return len(word) == 1 and word.isupper() and word != "I"


def _is_caseless(letter: str) -> bool:
    """Whether a letter belongs to a script without capitals: Hangul, Han, Arabic, Thai."""
    return letter.isalpha() and not letter.isupper() and not letter.islower()


def _thai_ends(text: str, start: int, end: int) -> Iterator[int]:
    """Spaces of a Thai paragraph at which a sentence long enough may end."""
    for found in THAI_SPACE.finditer(text, start, end):
        long_enough = found.start() - start >= MIN_THAI and end - found.end() >= MIN_THAI // 3
        if long_enough and THAI_JOINER.match(text, found.end()) is None:
            yield found.start()
            start = found.end()
