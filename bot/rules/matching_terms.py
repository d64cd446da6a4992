"""What is looked for in place of a term: its literals as they may be written, or its words' codes."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.rules.query_forms import patterns
from bot.rules.query_names import is_name_text, word_of
from bot.rules.query_reader import plain_words
from bot.rules.query_tree import Term
from summarizer.folding import fold_words

SURE = "="  # before a term's codes
UNSURE = "?"  # … which do not prove it, because other words have them too
BETWEEN_CODES = "\n"


class Sought(NamedTuple):
    """What is looked for in place of a term.

    Attributes:
        term: its id.
        literals: any of them is enough.
        sure: whether they prove the term, or the words in their place are to be looked at.
    """

    term: int
    literals: Sequence[str]
    sure: bool


def sought(term: int, text: str) -> Sought:
    """What is looked for in place of a term, given its canonical text, or its codes with their mark."""
    if text[0] in (SURE, UNSURE):
        return Sought(term, text[1:].split(BETWEEN_CODES), text[0] == SURE)
    return Sought(term, patterns(term_of(text)), True)


def term_of(text: str) -> Term:
    """The term of a canonical text without a field."""
    words, exact, prefix = read_term(text)
    return Term(words, exact=exact, prefix=prefix)


def read_term(text: str) -> tuple[str, bool, bool]:
    """A term's words, whether they are exact, and whether the last may go on. Folding what was spelled gives them."""
    if is_name_text(text):
        return word_of(text), False, False
    words = plain_words(text) or " ".join(fold_words(text.strip('"').removesuffix("*")))
    return words, text[0] == '"', text[-1] == "*"
