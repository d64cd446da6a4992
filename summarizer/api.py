"""The library's functions: what goes in is checked here, the rest is done by the modules that each names."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from summarizer.articles import read_article
from summarizer.budget import Selection
from summarizer.errors import BudgetError, TextError
from summarizer.keywords import rank_keywords
from summarizer.languages import guess_language, language_code
from summarizer.rankers import METHODS, ranker
from summarizer.sentences import split_sentences
from summarizer.story import TitledText, choose_sentences, story_language
from summarizer.types import Keyword, Sentence, StorySummary, Summary

__all__ = ["DEFAULT_METHOD", "METHODS", "extract_keywords", "split_sentences", "summarize", "summarize_story"]

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
    choose = ranker(method, code)
    chosen = choose(text, title, Selection(code, sentences, words, _carries(tuple(focus))))
    return Summary(tuple(Sentence(each.text, each.start, each.end) for each in chosen), code, method)


def summarize_story(
    articles: Sequence[TitledText],
    *,
    language: str | None = None,
    sentences: int | None = 3,
    words: int | None = None,
    focus: Iterable[str] = (),
) -> StorySummary:
    """Summarises several articles about the same event, word for word.

    Args:
        articles: anything with a `title` and a `text`, the best first; the first 12 are read, 30 sentences of each.
        language: a code for all of them; None if each is to be read in its own.
        sentences: how many sentences at most; None for no limit but `words`.
        words: how many words at most; None for no limit.
        focus: what the reader looks for, as in `summarize`.

    Returns:
        A summary whose sentences name the place of their article: `articles[s.article].text[s.start:s.end] == s.text`.
        What several articles tell comes first, what two say nearly alike is told once.

    Raises:
        TextError: a title or text is no string.
        BudgetError: neither `sentences` nor `words` is given, or one is below 1.
    """
    for article in articles:
        _check_text(article.text, article.title)
    _check_budget(sentences, words)
    code = None if language is None else language_code(language)
    chosen = choose_sentences(articles, code, sentences, words, _carries(tuple(focus)))
    return StorySummary(chosen, story_language(articles) if code is None else code, DEFAULT_METHOD)


def extract_keywords(text: str, *, title: str = "", language: str | None = None, limit: int = 6) -> list[Keyword]:
    """The names and terms that an article is about, as it writes them, best first.

    Args:
        text: the article as plain text.
        title: its headline; what stands there counts for more.
        language: a code such as `en`; guessed from the text where it is None.
        limit: how many at most.

    Returns:
        Keywords with scores from 1 downwards; none for an empty text.

    Raises:
        TextError: `text` or `title` is no string.
        BudgetError: `limit` is below 1.
    """
    _check_text(text, title)
    if limit < 1:
        raise BudgetError("budget_too_small", budget="limit", given=limit)
    code = guess_language(text or title) if language is None else language_code(language)
    sentences = chain.from_iterable(read_article(text, code, title))
    return rank_keywords([line.text for line in sentences if not line.is_junk], title, code, limit)


def _carries(literals: tuple[str, ...]) -> Callable[[str], int] | None:
    """Counts the reader's words in a sentence; None without any. Folding is loaded only here, as it takes 0.1 s."""
    if not literals:
        return None
    from summarizer.focus import carries

    return carries(literals)


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
