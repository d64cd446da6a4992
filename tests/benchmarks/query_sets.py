"""Articles and queries for the matching benchmark: keywords drawn from articles that are not matched themselves."""

import json
import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from bot.errors import QueryError
from bot.rules.matching import Document
from bot.rules.queries import parse_query

WORD = re.compile(r"[^\W\d_]{2,}")
RUN = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]{2,}")
SYNTHETIC = 0.15  # share of keywords that stand in no article
UNSPACED = 0.20  # … that are Chinese or Japanese
BOOLEAN = 0.20  # share of queries of several terms
RELATED = 0.60  # share of those whose terms come from one article
LENGTHS = (1, 1, 1, 2, 2, 2, 3, 4)  # words of a keyword

SHAPES = {
    2: ("{} AND {}", "{} OR {}", "{} AND NOT {}"),
    3: ("{} AND ({} OR {})", "{} AND {} AND NOT {}", "{} OR {} OR {}", "{} AND {} AND {}"),
    4: ("({} OR {}) AND ({} OR {})", "{} AND {} AND NOT ({} OR {})", "({} AND {}) OR ({} AND {})"),
}


def read_articles(folder: Path) -> list[Document]:
    """Every article of the `*.jsonl` files, in a fixed random order."""
    found = []
    for path in sorted(folder.glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                found.append(Document(title=row["title"], text=row["text"], language=row["lang"]))
    random.Random(1).shuffle(found)
    return found


def queries(articles: list[Document], count: int, *, exact: bool) -> list[str]:
    """So many different queries; with `exact` every keyword stands in quotes and so has no inflections."""
    chance = random.Random(2)
    found: dict[str, None] = {}
    keywords = _keywords(articles, chance)
    while len(found) < count:
        source, keyword = next(keywords)
        text = _quoted(keyword) if exact else keyword
        if chance.random() < BOOLEAN:
            number = chance.randint(2, 4)
            terms = [keyword, *(_other(articles, keywords, source, chance) for _ in range(number - 1))]
            text = chance.choice(SHAPES[number]).format(*[_quoted(term) if exact else f"({term})" for term in terms])
        if _is_query(text):
            found[text] = None
    return list(found)


def single_words(articles: list[Document], count: int) -> list[str]:
    """So many different words as queries, from articles as far as those have them, the others made up."""
    chance = random.Random(3)
    found: dict[str, None] = {}
    for article in articles:
        spaced = article.language not in ("zh", "ja")
        words = WORD.findall(article.text) if spaced else [run[:4] for run in RUN.findall(article.text)]
        found.update(dict.fromkeys(f'"{word}"' for word in words if len(word) > 1))
        if len(found) >= 4 * count:
            break
    kept = dict.fromkeys(word for word in chance.sample(list(found), min(len(found), count)) if _is_query(word))
    while len(kept) < count:
        kept[f'"{_synthetic(chance)}"'] = None
    return list(kept)


def _is_query(text: str) -> bool:
    try:
        parse_query(text)
    except QueryError:
        return False
    return True


def _quoted(keyword: str) -> str:
    return f'"{keyword}"'


def _other(
    articles: list[Document], keywords: Iterator[tuple[Document, str]], source: Document, chance: random.Random
) -> str:
    if chance.random() < RELATED:
        keyword = _keyword(source, chance)
        if keyword:
            return keyword
    return next(keywords)[1]


def _keywords(articles: list[Document], chance: random.Random) -> Iterator[tuple[Document, str]]:
    spaced = [article for article in articles if article.language not in ("zh", "ja")]
    unspaced = [article for article in articles if article.language in ("zh", "ja")]
    while True:
        source = chance.choice(unspaced if chance.random() < UNSPACED else spaced)
        keyword = _synthetic(chance) if chance.random() < SYNTHETIC else _keyword(source, chance)
        if keyword:
            yield source, keyword


def _keyword(article: Document, chance: random.Random) -> str:
    if article.language in ("zh", "ja"):
        runs = _runs(article.text)
        run = chance.choice(runs) if runs else ""
        length = chance.randint(2, 6)
        start = chance.randrange(max(1, len(run) - length + 1))
        return run[start : start + length]
    text = article.text
    match = WORD.search(text, chance.randrange(max(1, len(text))))
    if not match:
        return ""
    words = WORD.findall(text[match.start() : match.start() + 80])
    return " ".join(words[: chance.choice(LENGTHS)])


@cache
def _runs(text: str) -> list[str]:
    """Remembered, because of a million keywords a fifth is drawn from a few hundred articles."""
    return RUN.findall(text)


def _synthetic(chance: random.Random) -> str:
    return (
        "".join(chance.choice("bcdfghklmnprstvz") + chance.choice("aeiou") for _ in range(chance.randint(2, 5))) + "x"
    )
