"""How much of what is told is on the topic that was meant, by verdicts of somebody who read it.

    python tests/benchmarks/bench_judged.py [--data ../shared/data/articles] [--unjudged]

All subscriptions of `judged_queries` are matched with all articles; of what they are told, 300 items are drawn, in an
order that a hash decides, from every query in turn, and of each query from every language in turn. `judged.jsonl` holds
a verdict on each: whether the article is on the topic that somebody who subscribed to this query means. With a name it
is, even where it is only mentioned; with another sense it is not, nor with a common word in passing. The file names
articles and places in them, and has none of their text. Beside the matcher, in the same run and drawn in the same way,
stands a plain `in` of every keyword in lower case.

"risky" are queries with a second meaning or that stand in other words, a third of all. This draw gives each query the
same weight, so that a third of it is risky, too. A second draw takes 300 of everything that is told, each with the same
chance: what the readers of these queries get.

`--unjudged` prints drawn items that have no verdict yet, with the text around, to be judged.
"""

import argparse
import hashlib
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.adapters.jobs import detect_languages
from bot.rules.matching import Document, Hit, Matcher, explain_match
from bot.rules.matching_strength import IN_PASSING
from bot.rules.queries import Query, parse_query
from bot.rules.query_tree import All, Either, Node, Not, Term
from tests.benchmarks.judged_queries import JUDGED_QUERIES, RISKY_QUERIES

VERDICTS = Path(__file__).with_name("judged.jsonl")
ITEMS = 300
DRAW = "third "  # another word draws another sample: two were read before, and what was wrong in them put right
PLAIN_DRAW = ""
WELL_REPRESENTED = 10  # items of a language from which on it has a line of its own
UNKNOWN = "xx"  # language of a few articles; found out as the bot does
AROUND = 90  # characters shown each side of a hit


@dataclass(frozen=True, slots=True)
class Item:
    """What somebody is told: an article for a query."""

    query: str
    article: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found by reading: `reason` says of what kind the hit is, see `REASONS`."""

    field: str
    start: int
    end: int
    is_on_topic: bool
    reason: str


REASONS = {
    "subject": "the article is about it",
    "part": "the article says something of it",
    "mention": "it is named in passing",
    "namesake": "another person, place, team or thing of that name",
    "sense": "another sense of the word",
    "straddle": "no word: the end of one and the beginning of the next",
    "inside": "a part of another word",
    "links": "in an address or a list of other articles",
    "aside": "a word of the topic, meant so, in an article that says nothing of it",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/articles"))
    parser.add_argument("--unjudged", action="store_true", help="print the drawn items that lack a verdict")
    options = parser.parse_args()
    articles = _read_articles(options.data)
    if not articles:
        print(f"Skipped: no articles in {options.data}.")
        return
    queries = {text: parse_query(text) for text in JUDGED_QUERIES}
    verdicts = _read_verdicts()
    told = _told(queries, articles)
    plain = _told_by_plain_search(queries, articles)
    if options.unjudged:
        queries_by_turns = [*_drawn(told, articles, DRAW), *_drawn(plain, articles, PLAIN_DRAW)]
        drawn = dict.fromkeys([*queries_by_turns, *_at_random(told)])
        for item in drawn:
            if item not in verdicts:
                _print_item(item, queries[item.query], articles[item.article])
        return
    _report("the matcher, query by query", told, _drawn(told, articles, DRAW), articles, verdicts)
    _report("the matcher, of everything told", told, _at_random(told), articles, verdicts)
    _report("plain `in`", plain, _drawn(plain, articles, PLAIN_DRAW), articles, verdicts)
    print(f"\n{len(told & plain):,} items are told by both, {len(told - plain):,} by the matcher alone.")
    _report_verdicts(verdicts, told, queries, articles)


def _report(
    name: str, told: set[Item], drawn: list[Item], articles: dict[str, Document], verdicts: dict[Item, Verdict]
) -> None:
    judged = [item for item in drawn if item in verdicts]
    print(f"\n{name}: {len(told):,} items told, {len(judged)} of {ITEMS} that are drawn of them judged")
    by_language: dict[str, list[Item]] = defaultdict(list)
    for item in judged:
        by_language[articles[item.article].language].append(item)
    for language in [*by_language]:
        if len(by_language[language]) < WELL_REPRESENTED:
            by_language["others"] += by_language.pop(language)
    for language, items in sorted(by_language.items(), key=lambda entry: -len(entry[1])):
        _print_share(language, items, verdicts)
    risky = [item for item in judged if item.query in RISKY_QUERIES]
    _print_share("risky", risky, verdicts)
    _print_share("plain", [item for item in judged if item not in risky], verdicts)
    _print_share("all", judged, verdicts)
    if drawn != _at_random(told):
        _print_share_of_told(told, judged, articles, verdicts)


def _print_share(name: str, items: list[Item], verdicts: dict[Item, Verdict]) -> None:
    right = sum(verdicts[item].is_on_topic for item in items)
    wrong = Counter(verdicts[item].reason for item in items if not verdicts[item].is_on_topic)
    reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(wrong.items()))
    print(f"  {name:7} {right:3} of {len(items):3} on topic, {_interval(right / len(items), len(items))}  {reasons}")


def _print_share_of_told(
    told: set[Item], judged: list[Item], articles: dict[str, Document], verdicts: dict[Item, Verdict]
) -> None:
    """Of everything that is told, by giving each judged item the weight of those of its query and language."""

    def stratum(item: Item) -> tuple[str, str]:
        return item.query, articles[item.article].language

    there, taken = Counter(map(stratum, told)), Counter(map(stratum, judged))
    weights = {item: there[stratum(item)] / taken[stratum(item)] for item in judged}
    total = sum(weights.values())
    size = total**2 / sum(weight**2 for weight in weights.values())
    for name, kinds in {"on topic": (), "in the sense that was meant": ("aside", "links")}.items():
        right = sum(weights[item] for item in judged if verdicts[item].is_on_topic or verdicts[item].reason in kinds)
        print(f"  of all that is told {name}: {_interval(right / total, size)}, {size:.0f} items' worth")


def _interval(share: float, count: float) -> str:
    low, high = wilson(share, count)
    return f"{share:6.1%} ({low:.1%} to {high:.1%})"


def _report_verdicts(
    verdicts: dict[Item, Verdict], told: set[Item], queries: dict[str, Query], articles: dict[str, Document]
) -> None:
    """Whether the matcher does what it did when the verdicts were given."""
    good = [item for item, verdict in verdicts.items() if verdict.is_on_topic]
    bad = [item for item, verdict in verdicts.items() if not verdict.is_on_topic]
    moved = sum(
        _first_hit(queries[item.query], articles[item.article]) != _place(verdicts[item])
        for item in verdicts
        if item in told
    )
    print(
        f"Of all {len(good)} items judged on topic {sum(item in told for item in good)} are told,"
        f" of {len(bad)} off topic {sum(item in told for item in bad)};"
        f" {moved} hits are in another place than when they were judged."
    )


def wilson(share: float, count: float) -> tuple[float, float]:
    """The interval, 95 %, in which a share lies that so many items gave."""
    z = 1.96
    middle = share + z * z / (2 * count)
    margin = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    return (middle - margin) / (1 + z * z / count), (middle + margin) / (1 + z * z / count)


def _read_articles(folder: Path) -> dict[str, Document]:
    """All articles of the folder, and some more Chinese ones that stand beside it, by their id."""
    found = {}
    for path in [*sorted(folder.glob("*.jsonl")), folder.parent / "summaries" / "clts_zh.dev.jsonl"]:
        if path.is_file():
            for line in path.read_text(encoding="utf-8").splitlines():
                row = json.loads(line)
                language = row["lang"] if row["lang"] != UNKNOWN else detect_languages([row["text"]])[0]
                found[str(row["id"])] = Document(title=row["title"], text=row["text"], language=language)
    return found


def _read_verdicts() -> dict[Item, Verdict]:
    rows = [json.loads(line) for line in VERDICTS.read_text(encoding="utf-8").splitlines()] if VERDICTS.exists() else []
    return {
        Item(row["query"], row["article"]): Verdict(
            row["field"], row["start"], row["end"], row["on_topic"], row["reason"]
        )
        for row in rows
    }


def _told(queries: dict[str, Query], articles: dict[str, Document]) -> set[Item]:
    matcher = Matcher()
    texts = list(queries)
    for number, text in enumerate(texts):
        matcher.add(number, queries[text])
    return {
        Item(texts[match.query_id], key)
        for key, article in articles.items()
        for match in matcher.match(article)
        if match.strength > IN_PASSING
    }


def _told_by_plain_search(queries: dict[str, Query], articles: dict[str, Document]) -> set[Item]:
    conditions = {text: _condition(query.root) for text, query in queries.items()}
    lower = {key: f"{article.title}\n{article.text}".lower() for key, article in articles.items()}
    return {
        Item(text, key) for text, condition in conditions.items() for key, words in lower.items() if condition(words)
    }


def _condition(node: Node) -> Callable[[str], bool]:
    match node:
        case Term(written=written):
            keyword = written.lower()
            return lambda text: keyword in text
        case All(parts):
            conditions = [_condition(part) for part in parts]
            return lambda text: all(condition(text) for condition in conditions)
        case Either(parts):
            conditions = [_condition(part) for part in parts]
            return lambda text: any(condition(text) for condition in conditions)
        case Not(part):
            condition = _condition(part)
            return lambda text: not condition(text)
        case _:
            raise ValueError(f"no plain search for {node}")


def _drawn(told: Iterable[Item], articles: dict[str, Document], draw: str) -> list[Item]:
    """`ITEMS` of them: the first of every query, the second of every query …; a query's languages take turns, too."""
    turns: dict[str, dict[str, list[Item]]] = defaultdict(lambda: defaultdict(list))
    lots = {item: _lot(item, draw) for item in told}
    for item in sorted(told, key=lots.__getitem__):
        turns[item.query][articles[item.article].language].append(item)
    ranked: list[tuple[int, str, Item]] = []
    for query, languages in turns.items():
        in_turn = sorted((place, lots[item], item) for items in languages.values() for place, item in enumerate(items))
        ranked.extend((turn, query, item) for turn, (_, _, item) in enumerate(in_turn))
    return [item for _, _, item in sorted(ranked, key=lambda entry: (entry[0], lots[entry[2]]))[:ITEMS]]


def _at_random(told: Iterable[Item]) -> list[Item]:
    return sorted(told, key=lambda item: _lot(item, DRAW))[:ITEMS]


def _lot(item: Item, draw: str) -> bytes:
    """Decides who is drawn first, by itself alone, so that a change of the matcher leaves the others in their order."""
    return hashlib.sha256(f"{draw}{item.query}|{item.article}".encode()).digest()


def _first_hit(query: Query, article: Document) -> tuple[str, int, int]:
    hits = explain_match(query, article)
    return _place(hits[0]) if hits else ("", 0, 0)


def _place(found: Hit | Verdict) -> tuple[str, int, int]:
    return found.field, found.start, found.end


def _print_item(item: Item, query: Query, article: Document) -> None:
    """For the eyes of whoever judges; a hit of the plain search alone is shown where its first keyword stands."""
    field, start, end = _first_hit(query, article)
    if not field:
        keyword = query.terms[0].lower()
        field = "title" if keyword in article.title.lower() else "text"
        start = max(0, getattr(article, field).lower().find(keyword))
        end = start + len(keyword)
    text = getattr(article, field)
    around = f"{text[max(0, start - AROUND) : start]}[[{text[start:end]}]]{text[end : end + AROUND]}"
    print(f"{item.query} | {item.article} {article.language} {field} {start} {end} | {article.title[:70]} | {around!r}")


if __name__ == "__main__":
    main()
