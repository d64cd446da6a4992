"""Matching: articles against 10,000 to a million queries, beside a loop over them, `in`, and pyahocorasick, in one run.

    python tests/benchmarks/bench_matching.py [--data ../shared/data/articles] [--sizes 10000,100000] [--bare]

Queries are 80 % single keywords and 20 % of two to four terms, drawn from articles that are not matched (query_sets).
Times are CPU time of this process, the median of three interleaved rounds; read the ratios. The loop folds the article
and evaluates every query, compiled beforehand, and is the oracle: whatever it finds is to be found, nothing else.
"""

import argparse
import gc
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import ahocorasick
import psutil

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.rules.matching import Document, Matcher, build_automaton, open_automaton
from bot.rules.matching_literals import Literals
from bot.rules.queries import Query, parse_query
from bot.rules.query_forms import patterns
from bot.rules.query_tree import All, Either, Node, Not, Term
from summarizer.folding import fold
from tests.benchmarks.query_sets import queries, read_articles

ROUNDS = 3
NAIVE_WORK = 2_000_000  # evaluations of one query a round: the loop gets fewer articles the more queries there are
CHANGES = 50


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/articles"))
    parser.add_argument("--sizes", default="10000,100000", help="numbers of queries")
    parser.add_argument("--articles", type=int, default=200, help="matched articles")
    parser.add_argument("--bare", action="store_true", help="keywords without quotes, so with their inflections")
    options = parser.parse_args()
    articles = read_articles(options.data) if options.data.is_dir() else []
    if not articles:
        print(f"Skipped: no articles in {options.data}.")
        return
    matched, others = articles[: options.articles], articles[options.articles :]
    _report_folding(matched)
    sizes = [int(size) for size in options.sizes.split(",")]
    texts = queries(others, max(sizes), exact=not options.bare)
    _report_parsing(texts[:5_000])
    for size in sizes:
        _report(size, [parse_query(text) for text in texts[:size]], matched)


def _report(size: int, followed: list[Query], articles: Sequence[Document]) -> None:
    before = psutil.Process().memory_info().rss
    start = time.process_time()
    matcher = Matcher()
    for query_id, query in enumerate(followed):
        matcher.add(query_id, query)
    loaded = time.process_time() - start
    snapshot = matcher.snapshot()
    automaton = build_automaton(snapshot.literals)
    matcher.adopt(snapshot, open_automaton(automaton))
    memory = psutil.Process().memory_info().rss - before
    gc.collect()
    gc.freeze()
    few = articles[: max(5, min(len(articles), NAIVE_WORK // size))]
    compiled = [_compiled(query.root) for query in followed]
    times = _interleaved(
        {
            "matcher": lambda: [matcher.match_ids(_fresh(article)) for article in few],
            "folded": lambda: [matcher.match_ids(article) for article in few],
            "loop": lambda: [_loop(compiled, _fresh(article)) for article in few],
        }
    )
    found = [matcher.match_ids(article) for article in few]
    truth = [_loop(compiled, article) for article in few]
    missing = sum(len(true - met) for true, met in zip(truth, found, strict=True))
    extra = sum(len(met - true) for true, met in zip(truth, found, strict=True))
    print(f"\n{size:,} queries, {len(snapshot.literals):,} literals, {len(few)} articles")
    print(f"  one article        {times['folded'] / len(few) * 1e6:10,.0f} us, folding too {_us(times, few):,.0f} us")
    print(f"  against a loop     {times['loop'] / times['folded']:10,.0f} times (folding too {_ratio(times):,.0f})")
    print(f"  matches            {sum(map(len, truth)) / len(few):10.1f} an article, missing {missing}, extra {extra}")
    _report_plain(followed, few, matcher)
    _report_literals(list(filter(None, snapshot.literals)), few)
    _report_changes(matcher, articles[0])
    print(
        f"  load               {loaded:10.2f} s, {memory / size:,.0f} bytes a query, automaton {len(automaton):,} bytes"
    )


def _us(times: dict[str, float], articles: Sequence[Document]) -> float:
    return times["matcher"] / len(articles) * 1e6


def _ratio(times: dict[str, float]) -> float:
    return times["loop"] / times["matcher"]


def _report_plain(followed: list[Query], articles: Sequence[Document], matcher: Matcher) -> None:
    """Against what bots do: every keyword with `in`, for the queries of one word."""
    words = [
        (query_id, query)
        for query_id, query in enumerate(followed)
        if isinstance(query.root, Term) and " " not in query.root.words
    ]
    keywords = [query.terms[0].lower() for _, query in words]
    own = Matcher()
    for query_id, query in words:
        own.add(query_id, query)
    own.match_ids(articles[0])
    times = _interleaved(
        {
            "own": lambda: [own.match_ids(_fresh(article)) for article in articles],
            "plain": lambda: [_plain(keywords, article) for article in articles],
        }
    )
    print(
        f"  against plain `in` {times['plain'] / times['own']:10,.0f} times ({len(keywords):,} words, folding included)"
    )


def _report_literals(literals: list[str], articles: Sequence[Document]) -> None:
    """Literal search alone, beside the usual Aho-Corasick library."""
    ours = Literals()
    theirs = ahocorasick.Automaton()
    for literal in literals:
        theirs.add_word(literal, ours.ask(literal))
    theirs.make_automaton()
    texts = [article.folded for article in articles]
    ours.find(texts[0])
    assert all(ours.find(text) == {number for _, number in theirs.iter(text)} for text in texts)
    times = _interleaved(
        {
            "ours": lambda: [ours.find(text) for text in texts],
            "theirs": lambda: [{number for _, number in theirs.iter(text)} for text in texts],
        }
    )
    characters = sum(map(len, texts))
    print(
        f"  pyahocorasick      {times['theirs'] / times['ours']:10.2f} times slower than our literal search"
        f" ({times['ours'] / characters * 1e9:.0f} ns a character)"
    )


def _report_changes(matcher: Matcher, article: Document) -> None:
    """How long until a new query is matched, and a removed one is not."""
    extra = [parse_query(f'"brandnew{number} thing"') for number in range(CHANGES)]
    alone = _median_time(lambda: matcher.match_ids(article))
    added, removed = [], []
    for number, query in enumerate(extra):
        start = time.process_time()
        matcher.add(10_000_000 + number, query)
        matcher.match_ids(article)
        added.append(time.process_time() - start - alone)
    for number in range(CHANGES):
        start = time.process_time()
        matcher.discard(10_000_000 + number)
        removed.append(time.process_time() - start)
    print(
        f"  add, until matched {statistics.median(added) * 1e3:10.2f} ms,"
        f" remove {statistics.median(removed) * 1e3:.3f} ms"
    )


def _report_parsing(texts: list[str]) -> None:
    start = time.process_time()
    for text in texts:
        parse_query(text)
    print(f"parsing {(time.process_time() - start) / len(texts) * 1e6:.1f} us a query")


def _report_folding(articles: Sequence[Document]) -> None:
    texts = [article.text for article in articles]
    times = _interleaved(
        {"fold": lambda: [fold(text) for text in texts], "lower": lambda: [" ".join(t.lower().split()) for t in texts]}
    )
    characters = sum(map(len, texts))
    print(
        f"folding {times['fold'] / characters * 1e9:.0f} ns a character, {times['fold'] / times['lower']:.1f} lower()s"
    )


def _fresh(article: Document) -> Document:
    """The article without what was folded of it before."""
    return Document(article.title, article.text, article.language)


_Condition = Callable[[str], bool]


def _compiled(node: Node) -> _Condition:
    match node:
        case Term():
            literals = patterns(node)
            if len(literals) == 1:
                (only,) = literals
                return lambda text: only in text
            return lambda text: any(literal in text for literal in literals)
        case All(parts):
            conditions = [_compiled(part) for part in parts]
            return lambda text: all(condition(text) for condition in conditions)
        case Either(parts):
            conditions = [_compiled(part) for part in parts]
            return lambda text: any(condition(text) for condition in conditions)
        case Not(part):
            condition = _compiled(part)
            return lambda text: not condition(text)
        case _:
            raise ValueError(f"no benchmark for {node}")


def _loop(compiled: list[_Condition], article: Document) -> set[int]:
    text = article.folded
    return {query_id for query_id, condition in enumerate(compiled) if condition(text)}


def _plain(keywords: list[str], article: Document) -> list[str]:
    text = f"{article.title}\n{article.text}".lower()
    return [keyword for keyword in keywords if keyword in text]


def _interleaved(tasks: dict[str, Callable[[], object]]) -> dict[str, float]:
    """CPU seconds of each task: the median of a few rounds in which they take turns."""
    times: dict[str, list[float]] = {name: [] for name in tasks}
    for _ in range(ROUNDS):
        for name, task in tasks.items():
            times[name].append(_time(task))
    return {name: statistics.median(found) for name, found in times.items()}


def _median_time(task: Callable[[], object]) -> float:
    return statistics.median(_time(task) for _ in range(5))


def _time(task: Callable[[], object]) -> float:
    start = time.process_time()
    task()
    return time.process_time() - start


if __name__ == "__main__":
    main()
