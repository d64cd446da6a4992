"""Other queries that a reader may have meant: rightly spelled, its words apart, or narrower.

They are offered beside a query, never taken for it. Whoever offers them checks by a search that they meet what they
promise; here is decided which are worth that search.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from math import log

from bot.errors import QueryError
from bot.model import PopularQuery
from bot.rules.queries import Query, parse_query
from bot.rules.query_checks import STOP_WORDS
from bot.rules.query_forms import phrases, word_forms
from bot.rules.query_texts import written_text
from bot.rules.query_tree import Term
from summarizer.folding import fold_words, is_hangul, is_unspaced, search_pattern

NEARLY_NOTHING = 1  # articles: only who meets no more has perhaps mistyped
FEW = 3  # articles that a suggestion meets at least
FAR_MORE = 3  # times as many articles as the query itself
POPULAR = 2  # followers of a query at least, to be what another mistyped
FLOOD = 20  # articles a day: nobody reads more of one topic
CALM = (1, 12)  # articles a day that a narrowed query may bring
SHORT_WORD = 5  # letters: of shorter words too many are one letter apart (Iran, Iraq)
LONG_WORD = 9  # letters, from which on two typing errors are likely
NARROWING_TERMS = 40  # looked at, those of most articles


def corrections(
    query: Query, frequency: Mapping[str, int], popular: Iterable[PopularQuery], limit: int = 3
) -> tuple[str, ...]:
    """What somebody may have meant to type: what others follow, then words that are far more frequent.

    Args:
        query: one that met nearly nothing.
        frequency: in how many recent articles a folded word is.
        popular: what others follow.
    """
    term = _words_of(query)
    if term is None:
        return ()
    near = [its for its in popular if its.followers >= POPULAR and _is_near(query.canonical, its.canonical)]
    found = [its.text for its in sorted(near, key=lambda its: (-its.followers, its.canonical))]
    respelled = _respelled(term, frequency)
    if respelled:
        found.append(respelled)
    return tuple(islice(dict.fromkeys(filter(_is_right, found)), limit))


def apart(query: Query) -> str | None:
    """The words of a phrase anywhere in an article, `quantum AND sensing`; None for what is no phrase of bare words."""
    term = _words_of(query)
    if term is None or term.exact:
        return None
    words = [word for word in term.written.split() if fold_words(word) and fold_words(word)[0] not in STOP_WORDS]
    if len(words) < 2 or any(is_unspaced(character) for character in term.words):
        return None
    text = " AND ".join(words)
    return text if _is_right(text) else None


def every_mention(query: Query, folded: Sequence[str]) -> str:
    """A query that is told in passing, too: the word in quotes, in each of its forms that recent articles have.

    Empty for all but one bare word.
    """
    term = _words_of(query)
    if term is None or term.exact or term.name or " " in term.words:
        return ""
    said = [form for form in phrases(term.words)[1:] if any(search_pattern(form) in article for article in folded)]
    return " OR ".join(f'"{form}"' for form in (term.words, *said)) + f" => {query.label or term.written}"


def narrowed(
    query: Query,
    terms: Iterable[Sequence[str]],
    met: Sequence[str],
    others: Sequence[str],
    a_day: float,
    most: float = CALM[1],
) -> tuple[str, int] | None:
    """A narrower query, `AI AND chips`, and about how many articles a day it would have met.

    Of the terms that leave a number one can read, the one that is most typical of what the query met: with the highest
    count times log of how much more often it is there than elsewhere.

    Args:
        terms: keywords and tags of each article that the query met.
        met: those articles, folded; at least one. Or the latest of them.
        others: recent articles that it did not meet, folded.
        a_day: how many articles a day it meets.
        most: how many articles a day the narrower one may meet.
    """
    counts: dict[str, int] = {}
    for own in terms:
        for term in dict.fromkeys(own):
            counts[term] = counts.get(term, 0) + 1
    frequent = sorted(counts, key=lambda term: (-counts[term], term))
    asked = {form for leaf in query.terms for word in fold_words(leaf) for form in word_forms(word)}
    best: tuple[float, str, int] | None = None
    for term in frequent[:NARROWING_TERMS]:
        words = fold_words(term)
        text = f"{_operand(query)} AND {_quoted(term)}"
        if not words or asked.intersection(words) or not _is_right(text):
            continue
        pattern = search_pattern(" ".join(words))
        inside, outside = (sum(pattern in article for article in articles) for articles in (met, others))
        share = inside / len(met)
        left = round(share * a_day)
        if CALM[0] <= left <= most and share < 1:
            lift = share / ((outside + 1) / (len(others) + 1))
            rank = (inside * log(max(lift, 1)), text, left)
            best = max(best, rank) if best else rank
    return (best[1], best[2]) if best and best[0] > 0 else None


def in_title(query: Query) -> str | None:
    """The words of a query in the headline, `title:AI`; None for what is more than words."""
    term = _words_of(query)
    if term is None:
        return None
    written = written_text(term)
    return f"title:({written})" if " " in written and not term.exact else f"title:{written}"


def is_flood(articles: int, days: int) -> bool:
    """Whether so many articles in so many days are more than anybody reads of a topic."""
    return articles > FLOOD * days


def is_far_more(articles: int, than: int) -> bool:
    """Whether a suggestion meets so many more articles than the query that it is worth the reader's time."""
    return articles >= max(FEW, FAR_MORE * than)


def word_frequency(folded: Iterable[str]) -> dict[str, int]:
    """In how many of the folded articles each word is. Runs of Chinese, Japanese and Thai count as they stand."""
    counts: dict[str, int] = {}
    for article in folded:
        for word in set(article.split()):
            counts[word] = counts.get(word, 0) + 1
    return counts


def distance(one: str, other: str, most: int) -> int:
    """Letters inserted, left out, exchanged or swapped with their neighbour (Damerau-Levenshtein, optimal alignment).

    Anything beyond `most` is `most + 1`.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, row = [0] * (len(other) + 1), list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def _words_of(query: Query) -> Term | None:
    """The term of a query that is nothing but words."""
    root = query.root
    return root if isinstance(root, Term) and not root.field and not root.prefix else None


def _typing_errors(text: str) -> int:
    if len(text) < SHORT_WORD or any(is_unspaced(character) or is_hangul(character) for character in text):
        return 0
    return 2 if len(text) >= LONG_WORD else 1


def _is_near(written: str, other: str) -> bool:
    """Whether one may be a slip for the other: not a plural of it, nor another number."""
    most = _typing_errors(written)
    if not most or written == other or _digits(written) != _digits(other) or distance(written, other, most) > most:
        return False
    return other not in word_forms(written)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _respelled(term: Term, frequency: Mapping[str, int]) -> str:
    """The term with rare words exchanged for far more frequent ones, a letter or two apart; else empty."""
    words = term.words.split()
    likely = [_likely(word, frequency) for word in words]
    if not any(likely):
        return ""
    written = term.written.split()
    if len(written) != len(words):
        written = words
    text = " ".join([_capital_as(own, found) if found else own for own, found in zip(written, likely, strict=True)])
    return f'"{text}"' if term.exact else text


def _capital_as(written: str, word: str) -> str:
    return word.capitalize() if written[0].isupper() else word


def _likely(word: str, frequency: Mapping[str, int]) -> str:
    if not word.isalpha() or not _typing_errors(word) or frequency.get(word, 0) > NEARLY_NOTHING:
        return ""
    least = max(FEW, FAR_MORE * frequency.get(word, 0))
    near = list(_near_words(word, (other for other, count in frequency.items() if count >= least)))
    return min(near, key=lambda found: (found[0], -frequency[found[1]], found[1]))[1] if near else ""


def _near_words(word: str, others: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Words near enough, with their distance. What only goes on is another form, in languages whose forms we lack."""
    most = _typing_errors(word)
    for other in others:
        begins = other[0] == word[0] or other[:2] == word[1::-1]  # hardly anybody mistypes the first letter alone
        if begins and not other.startswith(word) and not word.startswith(other) and _is_near(word, other):
            yield distance(word, other, most), other


def _operand(query: Query) -> str:
    text = written_text(query.root)
    return text if isinstance(query.root, Term) else f"({text})"


def _quoted(term: str) -> str:
    """A keyword as words of a query: bare where it is nothing but letters."""
    return term if all(part.isalnum() for part in term.split()) else f'"{term.replace(chr(34), "")}"'


def _is_right(text: str) -> bool:
    try:
        parse_query(text)
    except QueryError:
        return False
    return True
