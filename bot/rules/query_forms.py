"""The literals that a term is met by: its words in all their forms, with the ends where words must end.

A query is expanded, once, so that articles need no stemming. The forms are plurals, tenses and cases, never
derivations; possessives are folded away. What is written onto a word without a space counts as a form too: Arabic and
Hebrew prefixes, Korean particles.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product
from math import prod
from typing import NamedTuple

from bot.rules.query_forms_english import english_forms
from bot.rules.query_forms_latin import latin_forms
from bot.rules.query_forms_slavic import slavic_forms
from bot.rules.query_tree import Hashtag, Term
from summarizer.folding import LETTERS_APART, is_hangul, is_unspaced, search_pattern

MAX_LITERALS = 12  # of one term in Latin letters
MAX_CASE_LITERALS = 256  # … in others, because the words of a Russian phrase change together
LONG_PHRASE = 3  # words from which on only one at a time has another form, in Latin letters
MIN_LENGTH = 3  # letters of a word that has forms

_ARTICLE = "ال"
_WITH_ARTICLE = ("ال", "وال", "فال", "بال", "كال", "لل", "ولل", "وبال")
_BEFORE_ARABIC = ("", "و", "ف", "ب", "ك", "ل", "ول", "وب")
_BEFORE_HEBREW = ("", "ה", "ו", "וה", "ב", "ל", "מ", "מה", "ש", "שה", "כ", "וב", "ול", "ומ")
_PARTICLES = (
    "은 는 이 가 을 를 의 에 도 만 과 와 로 으로 에서 에게 까지 부터 보다 처럼 이나 이라 라고 이라고"
    " 에는 에도 에서는 으로는 과의 와의"
).split()


class Choices(NamedTuple):
    """The forms that stand for each word of a phrase, the word itself first."""

    forms: tuple[tuple[str, ...], ...]
    one_at_a_time: bool  # only one word may stand in another form

    @property
    def combinations(self) -> int:
        """How many phrases the forms make."""
        sizes = [len(forms) for forms in self.forms]
        return 1 + sum(sizes) - len(sizes) if self.one_at_a_time else prod(sizes)


@lru_cache(maxsize=4_096)
def patterns(leaf: Term | Hashtag) -> tuple[str, ...]:
    """Substrings of a folded text, any of which meets the leaf; the words themselves first."""
    if isinstance(leaf, Hashtag):
        return (f" # {leaf.words.replace('_', ' ')} ",)
    found = (leaf.words,) if leaf.exact or leaf.prefix else phrases(leaf.words)
    if leaf.words.isascii() and not leaf.prefix:  # the most, and words in plain letters always have ends
        return tuple(dict.fromkeys([f" {phrase} " for phrase in found]))
    return tuple(dict.fromkeys([_pattern(phrase, leaf) for phrase in found]))


def is_open(words: str, *, prefix: bool) -> bool:
    """Whether the last word may go on. Korean of two syllables may: particles and compounds are written onto it."""
    word = words.rpartition(" ")[2]
    return prefix or (len(word) > 1 and is_hangul(word[-1]))


def _pattern(phrase: str, leaf: Term) -> str:
    pattern = search_pattern(phrase)
    return pattern.rstrip(" ") if is_open(phrase, prefix=leaf.prefix) else pattern


@lru_cache(maxsize=16_384)
def phrases(words: str) -> tuple[str, ...]:
    """A phrase in all combinations of its words' forms, in fewer where they would be too many; itself first."""
    forms, one_at_a_time = choices(words)
    return tuple(" ".join(phrase) for phrase in combine(forms, one_at_a_time=one_at_a_time))


def combine(choices: Sequence[Sequence[str]], *, one_at_a_time: bool) -> Iterator[tuple[str, ...]]:
    """Every way to choose one of each, or the first of each but for one; the first of each first."""
    if not one_at_a_time:
        yield from product(*choices)
        return
    first = tuple([choice[0] for choice in choices])
    yield first
    for number in range(len(choices) - 1, -1, -1):
        for other in choices[number][1:]:
            yield *first[:number], other, *first[number + 1 :]


def choices(words: str) -> Choices:
    """What each word of a phrase may stand in, within the limits."""
    parts = words.split(" ")
    if len(parts) == 1:
        return Choices((word_forms(words),), one_at_a_time=False)
    if words.isascii():
        return _ascii_choices(parts)
    last = parts[-1]
    found = [_forms_in_phrase(part, first=number == 0) for number, part in enumerate(parts[:-1])]
    found.append((last,) if _takes_prefixes(last) else word_forms(last))
    return _product(found, MAX_CASE_LITERALS // (len(parts) - 1))


def _ascii_choices(parts: list[str]) -> Choices:
    found = [word_forms(part) for part in parts]
    if len(parts) < LONG_PHRASE:
        return _product(found, MAX_LITERALS)
    if sum(map(len, found)) - len(found) >= MAX_LITERALS:
        found = _within_budget(found)
    return Choices(tuple(found), one_at_a_time=True)


def _product(found: list[tuple[str, ...]], limit: int) -> Choices:
    for number in range(len(found) - 1):
        if prod(map(len, found)) > limit:
            found[number] = found[number][:1]
    found[-1] = found[-1][:limit]
    return Choices(tuple(found), one_at_a_time=False)


def _within_budget(found: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The last word's other forms first, as they are the likeliest."""
    left = MAX_LITERALS - 1
    for number in range(len(found) - 1, -1, -1):
        found[number] = found[number][: left + 1]
        left -= len(found[number]) - 1
    return found


@lru_cache(maxsize=65_536)
def word_forms(word: str) -> tuple[str, ...]:
    """A folded word and its other forms, without repetition."""
    if word in LETTERS_APART:
        return word, " ".join(word)
    return tuple(dict.fromkeys([word, *_other_forms(word)]))


@lru_cache(maxsize=1_024)
def name_forms(word: str) -> tuple[str, ...]:
    """A folded name and its cases in other languages: die Grünen, Известиях; a name has no English plural."""
    return word, *(slavic_forms(word) if "а" <= word[0] <= "ӿ" else latin_forms(word))


def _other_forms(word: str) -> list[str]:
    first = word[0]
    if is_hangul(first):
        return [f"{word}{particle}" for particle in _PARTICLES] if len(word) == 1 else []
    if len(word) < MIN_LENGTH or is_unspaced(first) or not word.isalpha():
        return []
    if word.isascii():
        return [*english_forms(word), *latin_forms(word)]
    if "а" <= first <= "ӿ":
        return slavic_forms(word)
    return _prefixed(word) if _takes_prefixes(word) else []


def _takes_prefixes(word: str) -> bool:
    return "א" <= word[0] <= "ي"


def _forms_in_phrase(word: str, *, first: bool) -> tuple[str, ...]:
    """The forms of a word that another follows: 북한의 미사일; Arabic and Hebrew prefixes stand on the first only."""
    if is_hangul(word[0]):
        return word, *[f"{word}{particle}" for particle in _PARTICLES]
    if not first and _takes_prefixes(word):
        return (word,)
    return word_forms(word)


def _prefixed(word: str) -> list[str]:
    """An Arabic or Hebrew word with the little words that are written onto it."""
    if word[0] <= "ת":
        return [f"{prefix}{word}" for prefix in _BEFORE_HEBREW]
    if word.startswith(_ARTICLE) and len(word) > MIN_LENGTH + 1:
        return [f"{prefix}{word.removeprefix(_ARTICLE)}" for prefix in _WITH_ARTICLE]
    return [f"{prefix}{word}" for prefix in (*_BEFORE_ARABIC, *_WITH_ARTICLE)]
