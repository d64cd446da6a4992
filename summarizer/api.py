"""The library's functions: what goes in is checked here, the rest is done by the modules that each names."""

from collections.abc import Iterable

from summarizer.budget import Selection
from summarizer.documents import build_document
from summarizer.errors import BudgetError, TextError
from summarizer.focus import carries
from summarizer.languages import guess_language, language_code
from summarizer.rankers import METHODS, ranker
from summarizer.sentences import split_sentences
from summarizer.types import Sentence, Summary

__all__ = ["METHODS", "split_sentences", "summarize"]

DEFAULT_METHOD = "news"


def summarize(
    text: str,
    *,
    title: str = "",
    language: str | None = None,
    sentences: int | None = 3,
    words: int | None = None,
    focus: Iterable[str] = (),
    method: str = DEFAULT_METHOD,
) -> Summary:
    """Chooses the sentences of an article that say what it says, word for word and in their order.

    Args:
        text: the article as plain text, without its title.
        title: its headline.
        language: a code such as `en` or `zh-Hans`; guessed from the text where it is None.
        sentences: how many sentences at most; None for no limit but `words`.
        words: how many words at most (characters / 1.7 in Chinese, Japanese and Thai); None for no limit.
        focus: what the reader looks for, as literals such as `north korea`; sentences that carry one come first.
        method: the ranker, one of `METHODS`.

    Returns:
        A summary whose sentences are exact slices of `text`; empty for an empty text.

    Raises:
        TextError: `text` or `title` is no string.
        BudgetError: neither `sentences` nor `words` is given, or one is below 1.
        MethodError: no ranker has that name.
    """
    _check_text(text, title)
    _check_budget(sentences, words)
    code = guess_language(text) if language is None else language_code(language)
    summarizer = ranker(method, code, title)
    literals = tuple(focus)
    selection = Selection(code, sentences, words, carries(literals) if literals else None)
    chosen = summarizer(build_document(text, code, title), selection)
    return Summary(tuple(Sentence(each.text, each.start, each.end) for each in chosen), code, method)


def _check_text(*texts: object) -> None:
    for text in texts:
        if not isinstance(text, str):
            raise TextError("not_a_text", given=type(text).__name__)


def _check_budget(sentences: int | None, words: int | None) -> None:
    if sentences is None and words is None:
        raise BudgetError("no_budget")
    for name, value in (("sentences", sentences), ("words", words)):
        if value is not None and value < 1:
            raise BudgetError("budget_too_small", budget=name, given=value)
