"""Where two articles of a story give different figures for the same thing: 12 dead in one, 17 in the other.

Nothing is reckoned or merged: what comes out are the two sentences, word for word, for the reader to compare.

1. A figure is a number with what it counts: people killed, hurt, missing or held; money of one currency; per cent; or
   the nouns behind it. Years, dates, times, ages and scores are none.
2. Two figures are about the same thing when they count the same and their sentences share enough of their words; of
   casualties the first of each article counts, because those further down are often of earlier events.
3. They differ when neither article has the other's value anywhere for that thing, beyond rounding.

Numbers in digits and in words, English and Chinese; digits in every language.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.rules.wording import terms
from summarizer.folding import is_unspaced
from summarizer.sentences import split_sentences

READ = 12  # sentences of an article: further down stand the figures of earlier events
LONGEST = 400  # characters of a sentence that is shown beside another
PAIRS = 2  # shown of one story
ROUNDING = 0.04  # relative difference up to which "180,000" and "about 182,000" are one figure
SHARED_TERMS = 3  # that two sentences about the same thing have in common at least
SHARED_PART = 0.45  # … of the terms of the shorter one
MOST_APART = 3  # times: figures further apart are of different things
MOST_APART_CASUALTIES = 10  # they grow while rescuers search
NEAR = 7  # words around a number in which the word that says what it counts stands
NEAR_HAN = 12  # characters

CASUALTIES = {
    "killed": "killed dead died die deaths death fatalities fatality lives toll perished kills killing 死亡 遇难 丧生 "
    "身亡 罹难 死者 遇害 死傷 罹難 遇難 喪生",
    "hurt": "injured injuries wounded hurt injuring wounding 受伤 伤者 负伤 受傷 傷者 轻伤 重伤",
    "missing": "missing unaccounted 失踪 失联 失蹤 失聯 下落不明",
    "held": "arrested detained arrests 被捕 逮捕 拘留 拘捕",
    "displaced": "evacuated displaced homeless evacuees 撤离 转移 疏散 撤離 轉移",
}
_KIND_OF = {word: kind for kind, words in CASUALTIES.items() for word in words.split()}
CURRENCIES = {
    "$": "dollar",
    "dollar": "dollar",
    "dollars": "dollar",
    "美元": "dollar",
    "€": "euro",
    "euro": "euro",
    "euros": "euro",
    "欧元": "euro",
    "歐元": "euro",
    "£": "pound",
    "pounds": "pound",
    "英镑": "pound",
    "¥": "yen",
    "yen": "yen",
    "日元": "yen",
    "日圆": "yen",
    "yuan": "yuan",
    "人民币": "yuan",
    "元": "yuan",
    "₩": "won",
    "won": "won",
    "韩元": "won",
    "港元": "hkd",
}
SIGNS = "$€£¥₩"  # before the number; words such as "won" stand behind it
_CLAUSES = frozenset("when while after because before where whose".split())  # a new one begins behind them
_ACTIVE = frozenset("killing injuring wounding hurting displacing".split())  # they tell of the number behind them
_WORDS = dict(
    zip(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(),
        range(2, 21),
        strict=True,
    )
) | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12}
_MAGNITUDES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
}
_TOKEN = re.compile(r"[$€£¥₩]|\d+(?:,\d{3})*(?:\.\d+)?|%|[^\W\d_]+|[.,;:!?()–—/-]")
_TIMES = frozenset(
    "january february march april june july august september october november december jan feb mar apr jun jul aug sep "
    "sept oct nov dec year years month months week weeks day days hour hours minute minutes second seconds am pm old "
    "gmt st nd rd th".split()
)
_HAN_DIGITS = dict(zip("〇零一二两兩三四五六七八九", (0, 0, 1, 2, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_MYRIADS = {"万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8}
_HAN_NUMBER = re.compile(r"(百分之)?([\d,]+(?:\.\d+)?|[〇零一二两兩三四五六七八九十百千]+)([万萬亿億]*)[多余餘]?")
_HAN_TIME = re.compile(r"[年月日号號时時点點分秒岁歲届届期周週天度世代]|小时|小時|个月|個月|季度")
_HAN_MEASURE = re.compile(
    r"百分点|百分點|个百分点|基点|基點|[个個名人位枚艘架辆輛起座家吨噸项項条條件套台]|公里|平方米|米"
)
_HAN_PEOPLE = frozenset("人名位")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of a sentence: what it counts as a kind (`killed`, `money dollar`, `percent`) or as nouns."""

    value: float
    kind: str
    nouns: frozenset[str]
    sentence: str
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Differing:
    """Two sentences of two articles, each word for word, whose figures for the same thing differ."""

    one: str
    other: str
    kind: str
    values: tuple[float, float]


def figures(text: str, language: str | None = None) -> list[Figure]:
    """The figures of an article's text, in order."""
    found: list[Figure] = []
    for sentence in split_sentences(text[: READ * LONGEST], language)[:READ]:
        if len(sentence.text) > LONGEST:
            continue
        own = frozenset(term for term in terms(sentence.text) if not term[0].isdigit())
        for value, kind, nouns in _counted(sentence.text):
            found.append(Figure(value, kind, nouns, sentence.text, own))
    return found


def differing(one: Sequence[Figure], other: Sequence[Figure]) -> list[Differing]:
    """The sentences of two articles whose figures for the same thing differ, at most PAIRS of them, in order."""
    found: list[Differing] = []
    seen: set[str] = set()
    for mine in _first_of_kinds(one):
        for theirs in _first_of_kinds(other):
            if mine.sentence in seen or theirs.sentence in seen or not _same_thing(mine, theirs):
                continue
            if _is_told(mine, other) or _is_told(theirs, one):
                continue
            seen |= {mine.sentence, theirs.sentence}
            found.append(Differing(mine.sentence, theirs.sentence, mine.kind, (mine.value, theirs.value)))
    return found[:PAIRS]


def is_casualty(kind: str) -> bool:
    """Whether a figure counts people that something happened to."""
    return kind in CASUALTIES


def _first_of_kinds(all_figures: Iterable[Figure]) -> Iterator[Figure]:
    """Every figure, but of casualties only the first of a kind."""
    seen: set[str] = set()
    for figure in all_figures:
        if is_casualty(figure.kind):
            if figure.kind in seen:
                continue
            seen.add(figure.kind)
        yield figure


def _same_thing(one: Figure, other: Figure) -> bool:
    if one.kind != other.kind or (not one.kind and not one.nouns & other.nouns):
        return False
    most = MOST_APART_CASUALTIES if is_casualty(one.kind) else MOST_APART
    if max(one.value, other.value) > most * min(one.value, other.value):
        return False
    if is_casualty(one.kind):
        return True
    shared = one.terms & other.terms
    return len(shared) >= max(SHARED_TERMS, SHARED_PART * min(len(one.terms), len(other.terms)))


def _is_told(figure: Figure, others: Sequence[Figure]) -> bool:
    """Whether an article gives this value for the same kind or nouns, wherever."""
    return any(
        same_value(figure.value, other.value)
        and figure.kind == other.kind
        and (bool(figure.kind) or bool(figure.nouns & other.nouns))
        for other in others
    )


def same_value(one: float, other: float) -> bool:
    """Whether two values are one but for rounding: 81 and 80.9, or about 182,000; small ones are counted exactly."""
    if (one != int(one)) != (other != int(other)):
        return round(one) == round(other)
    return one == other or (min(one, other) >= 100 and abs(one - other) <= ROUNDING * max(one, other))


def _counted(sentence: str) -> Iterator[tuple[float, str, frozenset[str]]]:
    if any(is_unspaced(letter) for letter in sentence[:200]):
        yield from _counted_unspaced(sentence)
    else:
        yield from _counted_spaced(sentence)


def _counted_spaced(sentence: str) -> Iterator[tuple[float, str, frozenset[str]]]:
    written = _TOKEN.findall(sentence.replace("per cent", "%").replace("percent", "%"))
    tokens = [token.lower() for token in written]
    place = 0
    while place < len(tokens):
        value, end = _number(tokens, place)
        if value is None:
            place += 1
            continue
        kind, nouns = _what_is_counted(tokens, place, end, value)
        is_name = 1 < place < len(written) and written[place - 1].istitle()  # Falcon 9, Game 7
        if kind or (nouns and not is_name):
            yield value, kind, nouns
        place = end


def _number(tokens: Sequence[str], place: int) -> tuple[float | None, int]:
    """The number that begins at a place, and where it ends."""
    token = tokens[place]
    value = float(token.replace(",", "")) if token[0].isdigit() else _WORDS.get(token)
    if value is None:
        return None, place
    end = place + 1
    if token in _WORDS and end + 1 < len(tokens) and tokens[end] == "-" and _WORDS.get(tokens[end + 1], 99) < 10:
        value, end = value + _WORDS[tokens[end + 1]], end + 2
    while end < len(tokens) and tokens[end] in _MAGNITUDES:
        value, end = value * _MAGNITUDES[tokens[end]], end + 1
    return value, end


def _what_is_counted(tokens: Sequence[str], start: int, end: int, value: float) -> tuple[str, frozenset[str]]:
    before = tokens[start - 1] if start else ""
    after = tokens[end] if end < len(tokens) else ""
    if after == "%":
        return "percent", frozenset()
    sign = before if before and before in SIGNS else after
    if currency := CURRENCIES.get(sign):
        return f"money {currency}", frozenset()
    is_year = end == start + 1 and tokens[start].isdigit() and 1900 <= value < 2100
    joined = before in (":", "-", "–", "/") or after in (":", "-", "–", "/")
    if is_year or joined or before in _TIMES or after in _TIMES:
        return "", frozenset()
    if kind := _casualty(tokens, start, end):
        return kind, frozenset()
    nouns = [token for token in _until_stop(tokens[end : end + 4]) if len(token) > 3]
    return "", frozenset(terms(" ".join(nouns)))


def _casualty(tokens: Sequence[str], start: int, end: int) -> str:
    """The nearest word within the clause that says what happened to so many; behind the number goes first."""
    behind, before = tokens[end : end + NEAR], tokens[max(0, start - NEAR) : start][::-1]
    for part, is_behind in ((behind, True), (before, False)):
        for word in _until_stop(part):
            if word[0].isdigit() or word in _WORDS or (is_behind and word in _ACTIVE):
                break
            if not is_behind and word in _CLAUSES:
                break
            if word in _KIND_OF:
                return _KIND_OF[word]
    return ""


def _until_stop(tokens: Iterable[str]) -> Iterator[str]:
    for written in tokens:
        if written in ".,;:!?()":
            return
        yield written


def _counted_unspaced(sentence: str) -> Iterator[tuple[float, str, frozenset[str]]]:
    for found in _HAN_NUMBER.finditer(sentence):
        value = _han_value(found[2]) * _product(found[3])
        behind = sentence[found.end() : found.end() + NEAR_HAN]
        if _HAN_TIME.match(behind) or (found[2] in "一二两兩三" and not found[3] and not _HAN_MEASURE.match(behind)):
            continue
        kind, nouns = _what_is_counted_unspaced(sentence, found, behind)
        if kind or nouns:
            yield value, kind, nouns


def _what_is_counted_unspaced(sentence: str, found: re.Match[str], behind: str) -> tuple[str, frozenset[str]]:
    if found[1] or behind[:1] in ("%", "％"):
        return "percent", frozenset()
    for name, currency in CURRENCIES.items():
        if behind.startswith(name):
            return f"money {currency}", frozenset()
    measure = _HAN_MEASURE.match(behind)
    if measure and "点" in measure[0].replace("點", "点"):
        return "percent", frozenset()
    near = (
        re.split("[。，；！？]", behind)[0],
        re.split("[。，；！？]", sentence[max(0, found.start() - 8) : found.start()])[-1],
    )
    if measure and measure[0] in _HAN_PEOPLE:
        for part in near:
            for word, kind in _KIND_OF.items():
                if not word.isascii() and word in part:
                    return kind, frozenset()
    noun = behind[len(measure[0]) :] if measure else behind
    return "", frozenset(terms(re.split(r"[\W\d]", noun)[0][:4]))


def _product(magnitudes: str) -> float:
    value = 1.0
    for one in magnitudes:
        value *= _HAN_MYRIADS[one]
    return value


def _han_value(text: str) -> float:
    """三千二百 as 3,200; digits as they stand."""
    if text[0].isdigit() or text[0] == ",":
        return float(text.replace(",", "") or 0)
    total, digit = 0, 0
    for letter in text:
        if letter in _HAN_UNITS:
            total, digit = total + (digit or 1) * _HAN_UNITS[letter], 0
        else:
            digit = digit * 10 + _HAN_DIGITS[letter]  # 二〇二四: digit by digit
    return float(total + digit)
