"""The literals that a term is met by: its words in all their forms, with the ends where words must end.

A query is expanded, once, so that articles need no stemming. The forms are plurals, tenses and cases, never
derivations; possessives are folded away. What is written onto a word without a space counts as a form too: Arabic and
Hebrew prefixes, Korean particles.
"""

from functools import lru_cache
from itertools import product
from math import prod

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


@lru_cache(maxsize=4_096)
def patterns(leaf: Term | Hashtag) -> tuple[str, ...]:
    """Substrings of a folded text, any of which meets the leaf; the words themselves first."""
    if isinstance(leaf, Hashtag):
        return (f" # {leaf.words.replace('_', ' ')} ",)
    phrases = [leaf.words] if leaf.exact or leaf.prefix else _phrases(leaf.words)
    return tuple(dict.fromkeys(_pattern(phrase, leaf) for phrase in phrases))


def _pattern(phrase: str, leaf: Term) -> str:
    """Korean may go on behind a word of two syllables, because particles and compounds are written onto it."""
    pattern = search_pattern(phrase)
    word = phrase.rpartition(" ")[2]
    is_open = leaf.prefix or (len(word) > 1 and is_hangul(word[-1]))
    return pattern.rstrip(" ") if is_open else pattern


def _phrases(words: str) -> list[str]:
    """The phrase in all combinations of its words' forms, in fewer where they would be too many."""
    parts = words.split(" ")
    if len(parts) == 1:
        return word_forms(words)
    choices = [_forms_in_phrase(part, first=number == 0) for number, part in enumerate(parts[:-1])]
    choices.append([parts[-1]] if _takes_prefixes(parts[-1]) else word_forms(parts[-1]))
    if words.isascii() and len(parts) >= LONG_PHRASE:
        return _one_at_a_time(parts, choices)
    limit = MAX_LITERALS if words.isascii() else MAX_CASE_LITERALS // max(1, len(parts) - 1)
    for number in range(len(choices) - 1):
        if prod(map(len, choices)) > limit:
            choices[number] = choices[number][:1]
    choices[-1] = choices[-1][:limit]
    return [" ".join(choice) for choice in product(*choices)]


def _one_at_a_time(parts: list[str], choices: list[list[str]]) -> list[str]:
    """The last word's other forms first, as they are the likeliest."""
    phrases = [" ".join(parts)]
    for number in range(len(parts) - 1, -1, -1):
        phrases += [" ".join([*parts[:number], form, *parts[number + 1 :]]) for form in choices[number][1:]]
    return phrases[:MAX_LITERALS]


def word_forms(word: str) -> list[str]:
    """A folded word and its other forms, without repetition."""
    if word in LETTERS_APART:
        return [word, " ".join(word)]
    return list(dict.fromkeys([word, *_other_forms(word)]))


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


def _forms_in_phrase(word: str, *, first: bool) -> list[str]:
    """The forms of a word that another follows: 북한의 미사일; Arabic and Hebrew prefixes stand on the first only."""
    if is_hangul(word[0]):
        return [word, *[f"{word}{particle}" for particle in _PARTICLES]]
    if not first and _takes_prefixes(word):
        return [word]
    return word_forms(word)


def _prefixed(word: str) -> list[str]:
    """An Arabic or Hebrew word with the little words that are written onto it."""
    if word[0] <= "ת":
        return [f"{prefix}{word}" for prefix in _BEFORE_HEBREW]
    if word.startswith(_ARTICLE) and len(word) > MIN_LENGTH + 1:
        return [f"{prefix}{word.removeprefix(_ARTICLE)}" for prefix in _WITH_ARTICLE]
    return [f"{prefix}{word}" for prefix in (*_BEFORE_ARABIC, *_WITH_ARTICLE)]
