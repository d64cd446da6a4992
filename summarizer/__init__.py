"""A library of its own: text in, summary out. It knows no bot, no database and no network.

The names below load what they need when they are first used: `import summarizer` alone brings in neither sumy nor
nltk nor numpy, so a process that wants only the light modules stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from summarizer.api import DEFAULT_METHOD, METHODS, extract_keywords, split_sentences, summarize, summarize_story
    from summarizer.errors import BudgetError, MethodError, SummarizerError, TextError
    from summarizer.types import Keyword, Sentence, StorySentence, StorySummary, Summary

__all__ = [
    "DEFAULT_METHOD",
    "METHODS",
    "BudgetError",
    "Keyword",
    "MethodError",
    "Sentence",
    "StorySentence",
    "StorySummary",
    "SummarizerError",
    "Summary",
    "TextError",
    "extract_keywords",
    "split_sentences",
    "summarize",
    "summarize_story",
]

_HOMES = {
    "summarizer.api": (
        "DEFAULT_METHOD",
        "METHODS",
        "extract_keywords",
        "split_sentences",
        "summarize",
        "summarize_story",
    ),
    "summarizer.errors": ("BudgetError", "MethodError", "SummarizerError", "TextError"),
    "summarizer.types": ("Keyword", "Sentence", "StorySentence", "StorySummary", "Summary"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)
