"""From the words of a query to its terms: bare words side by side, and words in quotes."""

import re

from bot.errors import QueryError
from bot.rules.query_names import is_name
from bot.rules.query_texts import spell
from bot.rules.query_tokens import Token, place, tokens, with_plain_signs
from bot.rules.query_tree import Term
from summarizer.folding import LETTERS_APART, fold_words, is_unspaced

MIN_PREFIX = 3  # letters
ABBREVIATIONS = LETTERS_APART - {"ice", "aids"}  # nobody follows the words that they read like

_SIMPLE = re.compile(r"[^\W_]+(?: [^\W_]+)*")
_OPERATORS = frozenset({"AND", "OR", "NOT", "NEAR"})
_HAS_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u9fff\uf900-\ufaff\uff66-\uff9d]")
_AROUND = " ,，、;；:：=＝*＊/／"  # what a term may be written between


def quoted_term(text: str, start: int, end: int) -> Term:
    """The term of what stands between quotes, from the first to behind the last. Raises QueryError."""
    written = " ".join(text[start + 1 : end - 1].split())
    words = " ".join(fold_words(written))
    check_searchable(words, written, start)
    return Term(words, written, start, True)


def check_searchable(words: str, written: str, start: int) -> None:
    """Raises QueryError where folding leaves no letter and no digit of what is written there."""
    if not words.isalnum() and not any(map(str.isalnum, words)):
        raise QueryError("nothing_searchable", start, text=written)


def is_one_phrase(text: str) -> bool:
    """Whether a text is surely that of one bare term: letters and digits with single spaces, no Chinese or Japanese."""
    return (
        text[:1].isalnum()
        and _SIMPLE.fullmatch(text) is not None
        and (text.isascii() or not _HAS_UNSPACED.search(text))
        and _OPERATORS.isdisjoint(text.split(" "))
    )


def phrase(text: str, start: int) -> Term:
    """The term of a text that is one phrase and stands there in the query. Raises QueryError."""
    words = " ".join(fold_words(text))
    check_searchable(words, text, start)
    if words in ABBREVIATIONS:
        words = " ".join(words)
    return Term(words, text, start, name=" " not in words and is_name(text, words))


def run_of_words(run: list[Token], text: str) -> list[Term]:
    """The terms of bare words side by side: one phrase, or several where Chinese or Japanese words are spaced."""
    start = place(run[0])
    written = text[start : run[-1].end()]
    if is_one_phrase(written):
        return [phrase(written, start)]
    joined = " ".join([token["word"] for token in run])
    prefix = joined.endswith("*")
    if "*" in joined[:-1]:
        raise QueryError("prefix_only_at_end", _place_of("*", run), suggestion=text.replace("*", "").strip())
    if joined.isascii() or not _HAS_UNSPACED.search(joined):
        groups = [(run, _bare_words(joined))]
    else:
        groups = _spaced_groups(run)
    return [
        _bare_term(tokens, words, text, prefix=prefix and tokens is groups[-1][0], whole=len(groups) <= len(run))
        for tokens, words in groups
    ]


def _bare_words(text: str) -> list[str]:
    """Folded; without the sign of a hashtag, which is a term of its own."""
    return [word for word in fold_words(text) if word != "#"]


def _place_of(character: str, run: list[Token]) -> int:
    return next(place(token) + token["word"].index(character) for token in run if character in token["word"])


def _spaced_groups(run: list[Token]) -> list[tuple[list[Token], list[str]]]:
    """Cuts a run of words at each gap beside Chinese or Japanese, inside a word too: 朝鲜/军队, but not iPhone手机."""
    groups: list[tuple[list[Token], list[str]]] = []
    before: str | None = None
    for token in run:
        for number, word in enumerate(_bare_words(token["word"])):
            if before is not None and _continues(before, word, same_token=number > 0):
                tokens, words = groups[-1]
                words.append(word)
                if tokens[-1] is not token:
                    tokens.append(token)
            else:
                groups.append(([token], [word]))
            before = word
    return groups or [(run, [])]


def _continues(before: str, word: str, *, same_token: bool) -> bool:
    unspaced = is_unspaced(before[-1]) + is_unspaced(word[0])
    return unspaced == 0 or (unspaced == 1 and same_token)


def _bare_term(run: list[Token], words: list[str], text: str, *, prefix: bool, whole: bool) -> Term:
    start = place(run[0])
    written = " ".join(text[start : run[-1].end()].split()).strip(_AROUND)
    check_searchable("".join(words), written or run[0]["word"], start)
    if not _says(written, words, whole=whole):
        written = spell(" ".join(words))
    if prefix and len(words[-1]) < MIN_PREFIX and not is_unspaced(words[-1][-1]):
        raise QueryError("prefix_too_short", start, limit=MIN_PREFIX, text=written, suggestion=written)
    if len(words) == 1 and words[0] in ABBREVIATIONS and not prefix:
        words = list(words[0])
    name = len(words) == 1 and not prefix and is_name(written, words[0])
    return Term(" ".join(words), written, start, prefix=prefix, name=name)


def _says(written: str, words: list[str], *, whole: bool) -> bool:
    """Whether what was written, alone, is read as these words and nothing else."""
    if _SIMPLE.fullmatch(written):
        return (whole or fold_words(written) == words) and _OPERATORS.isdisjoint(written.split(" "))
    kinds = {token.lastgroup for token in tokens(with_plain_signs(f"{written}*"))}
    return kinds == {"word", "end"} and _bare_words(written) == words
