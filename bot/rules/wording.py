"""Words of a text by which articles of one story are compared: cheap, in any language, without heavy libraries."""

from bot.rules.story_terms import STOP
from summarizer.folding import fold, is_unspaced

ENDINGS = ("ings", "ing", "ed", "es", "s")
STEM = 6  # letters: long words are alike when their beginnings are
SHORT_STEM = 3


def terms(text: str) -> list[str]:
    """Its folded words, roughly stemmed, without common ones; pairs of neighbouring characters where no spaces are."""
    found: list[str] = []
    for token in fold(text).split():
        if is_unspaced(token[0]):
            found += [token[place : place + 2] for place in range(len(token) - 1)]
        elif len(token) > 1 and token not in STOP:
            found.append(_stem(token))
    return found


def _stem(word: str) -> str:
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORT_STEM:
            word = word[: -len(ending)]
            break
    return word.rstrip("e")[:STEM] if len(word) > SHORT_STEM else word
