"""Whether a short term in Chinese or Japanese is a word where it was found, or only the characters of one.

京东 is no word in 北京东城, 京都 none in 东京都, パン none in ジャパン. Scripts without spaces need a look at the
characters around: where a dictionary word reaches over an end of the term, the best way to cut the neighbourhood into
words that has the term in it is compared with the best that cuts it elsewhere. Words are scored by how common they are.

The dictionary is a small one of our own (`summarizer.han_words`, 2 MB of memory, loaded when first needed), because
rjieba's takes 34 MB and 0.16 s in a process that must stay light. Against rjieba's cuts of Chinese court rulings and
news it keeps 99.9 % of the words and drops 83 % of what straddles two, of nouns 89 %.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

from summarizer.han_words import WORDS

SHORT = 3  # characters of a term in Han up to which it may straddle words
SHORT_KANA = 2  # … in katakana, where a longer one is hardly ever a part of another word
REACH = 4  # characters looked at on each side
SEEN = 26  # bits: the characters that the dictionary's words were counted in
UNKNOWN = 3  # bits, of a character that is in no list
ASKED = 9  # bits, at least, of a term, because somebody knows it for a word

_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_HIRAGANA = re.compile("[ぁ-ゖ]")
_DOUBTFUL = re.compile(f"[{_HAN}]{{2,{SHORT}}}|[ァ-ヺー]{{1,{SHORT_KANA}}}")

_ALONE = UNKNOWN - SEEN  # score of a character that is in no list
_NOTHING = -1_000  # gained where no word reaches over an end: less than any score
_CLOSER = 1_000  # gained at most where words of three characters may reach over an end: more than any score

# Names of which no part is meant: no 印度 in 印度尼西亚, no 和平 in the districts called 和平区.
NAMES = frozenset(
    """
    印度尼西亚 印度洋 西印度 罗马尼亚 马来西亚 尼日利亚 尼日尔 马里兰 马里乌波尔 塞拉里昂 毛里塔尼亚 坦桑尼亚
    白俄罗斯 俄罗斯 内蒙古 巴布亚新几内亚 赤道几内亚 几内亚比绍 南苏丹 阿尔巴尼亚 阿尔及利亚 爱沙尼亚 立陶宛
    澳大利亚 利比里亚 新西兰 新加坡 新德里 加拿大 加利福尼亚 西伯利亚 西雅图 阿拉伯 塞浦路斯 多米尼加 玻利维亚
    哥伦比亚 不列颠 约旦河 和平区 和平路 和平街 河北区 新华区 新华路 解放区 解放路 建设路 友好区 前进区 朝阳区
    向阳区 东风区 青山区 太平区 西湖区 白云区 黄山区 新城区 红旗区 光明区 光明路 胜利路 中山区 中山路 长安区 长安街
    南京路 北京路 上海路 人民路 青年路 三星级 平安夜 平安县 中国地方 中国四国 日本桥 中国语 韩国语 朝鲜语 朝鲜族 蒙古族
    联想到
    """.split()
)

# Districts that are called like something greater: where an article names the district, all of these are the district.
DISTRICTS = frozenset(name[:-1] for name in NAMES if name.endswith("区"))

# Chinese provinces that are Japanese names, too: where a Japanese text means the province, it adds 省.
ALSO_JAPANESE = frozenset({"河北", "河南", "江北", "江东"})

# What begins with the term and is of it, though the commoner cut is another (大 学院).
COMPOUNDS = ("大学院",)


class _Tables(NamedTuple):
    """The dictionary: what words of one, two and three characters score, their bits beyond those of everything.

    Apart by length, so that a slice which an end of the text cut short is found in none.

    Attributes:
        starts: by two characters, what a word that reaches over the start of a term between them gains at most: it
            takes the first from what stands before, and the second from the term. `_CLOSER`: see `_gains_before`.
        ends: the same of the end of a term. What is in neither straddles nothing.
    """

    ones: dict[str, int]
    twos: dict[str, int]
    threes: dict[str, int]
    starts: dict[str, int]
    ends: dict[str, int]


class _Limits(NamedTuple):
    """What a term scores beyond what is left of it when characters are taken off its ends: more must be gained."""

    first: int
    last: int
    both: int
    two_first: int = _CLOSER
    two_last: int = _CLOSER
    all: int = _CLOSER  # of a term of three characters


def is_doubtful(literal: str) -> bool:
    """Whether a folded literal is so short that its characters may stand in a text without being the word."""
    return _DOUBTFUL.fullmatch(literal) is not None


def words_at(term: str, text: str) -> Iterator[int]:
    """Where a doubtful term begins in a folded text as a word, or words, or in a compound."""
    if (term in DISTRICTS or term in ALSO_JAPANESE) and _is_district(term, text):
        return
    names = _names_around(term)
    start = text.find(term)
    while start >= 0:
        if is_word_at(text, start, start + len(term)) and not (names and _is_in_name(text, start, names)):
            yield start
        start = text.find(term, start + 1)


def is_word_in(term: str, text: str) -> bool:
    """Whether a doubtful term stands in a folded text as `words_at` says."""
    if is_far_reaching(term):
        return next(words_at(term, text), -1) >= 0
    start = text.find(term)
    while start >= 0:
        if is_word_at(text, start, start + len(term)):
            return True
        start = text.find(term, start + 1)
    return False


def is_far_reaching(term: str) -> bool:
    """Whether more of a text than a doubtful term's neighbourhood tells where it is a word: names do."""
    return term in _parts_of_names()


def is_word_at(text: str, start: int, end: int) -> bool:
    """Whether a doubtful term that stands there is a word by its neighbourhood; far-reaching ones need more to be.

    One in katakana, of which the dictionary has no words, is a word if it is a whole run of it.
    """
    straddled = _tables().starts
    if text[start - 1 : start + 1] not in straddled and text[end - 1 : end + 1] not in straddled:
        return not ("ァ" <= text[start] <= "ー") or not (
            "ァ" <= text[start - 1 : start] <= "ー" or "ァ" <= text[end : end + 1] <= "ー"
        )
    before = min(start, REACH)
    return _is_cut_out(text[start - before : end + REACH], before, end - start)


def _is_district(term: str, text: str) -> bool:
    """Whether a text means a district, alone or in a list of them, or a Japanese name, and no province."""
    if f"{term}省" in text:
        return False
    if term in ALSO_JAPANESE and _HIRAGANA.search(text):
        return True
    return f"{term}区" in text or f"{term}分局" in text or re.search(f"{term}(?: ..){{0,9}} ..区", text) is not None


def _is_in_name(text: str, start: int, names: tuple[tuple[str, int], ...]) -> bool:
    return any(start >= place and text.startswith(name, start - place) for name, place in names)


@lru_cache(maxsize=16_384)
def _is_cut_out(text: str, start: int, length: int) -> bool:
    """Whether the best cut of the neighbourhood has the term in it; remembered, because news repeats itself.

    A cut elsewhere has words that reach over an end of the term, what is left of the term between them, and the best
    that there is beyond. A word around the term (国会议员, 东京都) says nothing of what it is made of.
    """
    if text.startswith(COMPOUNDS, start):
        return True
    end = start + length
    limits = _limits(text[start:end])
    before, two_before = _gains_before(text, start, end)
    if before > limits.first or two_before > limits.two_first:
        return False
    after, two_after = _gains_after(text, start, end)
    return (
        after <= limits.last
        and two_after <= limits.two_last
        and before + after <= limits.both
        and before + two_after <= limits.all
        and two_before + after <= limits.all
    )


@lru_cache(maxsize=65_536)
def _limits(term: str) -> _Limits:
    """Written out, because most of what an article doubts is met for the first time."""
    ones, twos, threes, _, _ = _tables()
    first, last = ones.get(term[0], _ALONE), ones.get(term[-1], _ALONE)
    least = ASKED - SEEN
    if len(term) == 2:
        own = max(least, first + last, twos.get(term, _NOTHING))
        return _Limits(own - last, own - first, own)
    middle = ones.get(term[1], _ALONE)
    head = max(first + middle, twos.get(term[:2], _NOTHING))
    tail = max(middle + last, twos.get(term[1:], _NOTHING))
    own = max(least, head + last, first + tail, threes.get(term, _NOTHING))
    return _Limits(own - tail, own - head, own - middle, own - last, own - first, own)


def _gains_before(text: str, start: int, end: int) -> tuple[int, int]:
    """What words that reach over the start of a term gain, at best, if they take one character of it, and two.

    What they take of the characters before is lost: the best cut of those is then that of fewer.
    """
    ones, twos, threes, starts, _ = _tables()
    pair = text[start - 1 : start + 1]
    most = starts.get(pair, _NOTHING)
    is_joined = most > _NOTHING and text[start - 2 : start] in starts
    if most < _CLOSER and not is_joined:
        return most, _NOTHING
    longer = threes.get(text[start - 2 : start + 1])
    scores = (
        _scores(text[max(0, start - REACH) : start])
        if is_joined or longer is not None
        else [0, 0, ones.get(pair[0], _ALONE)]
    )
    loss = scores[-1] - scores[-2]
    one = twos[pair] - loss if pair in twos else _NOTHING
    if longer is not None:
        one = max(one, longer - scores[-1] + scores[-3])
    two = threes.get(text[start - 1 : start + 2]) if end - start > 2 else None
    return one, _NOTHING if two is None else two - loss


def _gains_after(text: str, start: int, end: int) -> tuple[int, int]:
    """The same of its end."""
    ones, twos, threes, _, ends = _tables()
    pair = text[end - 1 : end + 1]
    most = ends.get(pair, _NOTHING)
    is_joined = most > _NOTHING and text[end : end + 2] in ends
    if most < _CLOSER and not is_joined:
        return most, _NOTHING
    longer = threes.get(text[end - 1 : end + 2])
    scores = (
        _scores_to_end(text[end : end + REACH])
        if is_joined or longer is not None
        else [0, 0, ones.get(pair[1], _ALONE)]
    )
    loss = scores[-1] - scores[-2]
    one = twos[pair] - loss if pair in twos else _NOTHING
    if longer is not None:
        one = max(one, longer - scores[-1] + scores[-3])
    two = threes.get(text[end - 2 : end + 1]) if end - start > 2 else None
    return one, _NOTHING if two is None else two - loss


@lru_cache(maxsize=16_384)
def _scores(text: str) -> list[int]:
    """The scores of the best ways to cut the beginnings of a text into words; written out, because it is short."""
    ones, twos, threes, _, _ = _tables()
    scores = [0]
    for last, character in enumerate(text, 1):
        best = scores[-1] + ones.get(character, _ALONE)
        pair = twos.get(text[last - 2 : last])
        if pair is not None and scores[-2] + pair > best:
            best = scores[-2] + pair
        triple = threes.get(text[last - 3 : last])
        if triple is not None and scores[-3] + triple > best:
            best = scores[-3] + triple
        scores.append(best)
    return scores


@lru_cache(maxsize=16_384)
def _scores_to_end(text: str) -> list[int]:
    """The same of its ends, the shortest first."""
    ones, twos, threes, _, _ = _tables()
    scores = [0]
    for first in range(len(text) - 1, -1, -1):
        best = scores[-1] + ones.get(text[first], _ALONE)
        pair = twos.get(text[first : first + 2])
        if pair is not None and scores[-2] + pair > best:
            best = scores[-2] + pair
        triple = threes.get(text[first : first + 3])
        if triple is not None and scores[-3] + triple > best:
            best = scores[-3] + triple
        scores.append(best)
    return scores


@cache
def _tables() -> _Tables:
    ones, twos, threes = (
        {
            words[place : place + length]: bits - SEEN
            for bits, words in WORDS[length].items()
            for place in range(0, len(words), length)
        }
        for length in (1, 2, 3)
    )
    starts = {pair: score - ones.get(pair[0], _ALONE) for pair, score in twos.items()}
    ends = {pair: score - ones.get(pair[1], _ALONE) for pair, score in twos.items()}
    for pairs in (starts, ends):
        pairs.update(dict.fromkeys((pair for word in threes for pair in (word[:2], word[1:])), _CLOSER))
    return _Tables(ones, twos, threes, starts, ends)


@cache
def _parts_of_names() -> frozenset[str]:
    """Every term so short that stands in a name, or is called like a district: to be looked at with more care."""
    parts = {
        name[place : place + length]
        for name in NAMES
        for length in range(2, SHORT + 1)
        for place in range(len(name) - length + 1)
    }
    return frozenset(parts) | DISTRICTS | ALSO_JAPANESE


@lru_cache(maxsize=65_536)
def _names_around(term: str) -> tuple[tuple[str, int], ...]:
    """The names that are longer than the term and hold it, and where in them it stands."""
    return tuple((name, name.index(term)) for name in sorted(NAMES) if term in name and term != name)
