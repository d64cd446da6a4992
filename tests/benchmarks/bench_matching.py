"""Matching: articles against 10,000 to a million queries, beside a loop over them, `in`, and pyahocorasick, in one run.

    python tests/benchmarks/bench_matching.py [--data ../shared/data/articles] [--sizes 10000,100000] [--bare]

A million queries take some ten minutes, most of them to draw the queries and to compile them for the loop.

Queries are 80 % single keywords and 20 % of two to four terms, drawn from articles that are not matched (query_sets).
Times are CPU time of this process, interleaved; read the ratios. The loop evaluates every query, compiled beforehand,
against the folded article, and is the oracle: whatever it finds is to be found, nothing else. Both meet each article
once, so that nothing is remembered of it; what folding in the same run adds to both is said beside. Hostile queries are
the dearest that the query language lets through.
"""

import argparse
import gc
import math
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import ahocorasick
import psutil
from luqum.exceptions import ParseError as LuqumError
from luqum.parser import parser as luqum

sys.path.insert(0, str(Path(__file__).parents[2]))

from bot.actions.matching import SAMPLE
from bot.rules.matching import Document, Matcher, build_automata, open_automaton
from bot.rules.matching_frequencies import Frequencies
from bot.rules.matching_literals import Literals
from bot.rules.matching_places import is_doubtful, stands_in
from bot.rules.matching_terms import term_of
from bot.rules.queries import Query, parse_query
from bot.rules.query_forms import patterns
from bot.rules.query_names import LONGER_NAMES
from bot.rules.query_texts import term_text
from bot.rules.query_tree import All, Either, Node, Not, Term
from summarizer.folding import fold
from tests.benchmarks.query_sets import queries, read_articles, single_words
from tests.make import packed, rebuild

ROUNDS = 3
NAIVE_WORK = 2_000_000  # evaluations of one query a round: the loop gets fewer articles the more queries there are
LEAST = 15  # articles, however many queries
LEARNED = 1_000  # articles that taught how often words are, as in a process that has been running
WARMING = 50  # … and of those, articles matched before
CHANGES = 50
SINGLE_WORDS = 100_000
PLAIN_ARTICLES = 50
GROWTH_TERMS = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000)
GROWTH_LENGTHS = (250, 1_000, 4_000, 16_000)


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
        _report(size, [parse_query(text) for text in texts[:size]], matched, others[:LEARNED])
    like = [article.folded for article in others[:SAMPLE]]
    _report_plain(single_words(others, SINGLE_WORDS), matched[:PLAIN_ARTICLES], like)
    _report_hostile(matched[:PLAIN_ARTICLES])


def _report(size: int, followed: list[Query], articles: Sequence[Document], earlier: Sequence[Document]) -> None:
    frequencies = Frequencies()
    for article in earlier:
        frequencies.learn(article.folded)
    before = psutil.Process().memory_info().rss
    start = time.process_time()
    matcher = Matcher(frequencies.of)
    for query_id, query in enumerate(followed):
        matcher.add(query_id, query)
    loaded = time.process_time() - start
    like = [article.folded for article in earlier[:SAMPLE]]
    snapshot = packed(matcher, like)
    automata = list(build_automata(b"".join(snapshot.parts)))
    matcher.adopt(snapshot, [open_automaton(automaton) for automaton in automata])
    terms = sorted({term_text(leaf) for query in followed for leaf in every_leaf(query.root)})
    memory = psutil.Process().memory_info().rss - before
    gc.collect()
    gc.freeze()
    for article in earlier[:WARMING]:
        matcher.match_ids(article)
    few = articles[: max(LEAST, min(len(articles), NAIVE_WORK // size))]
    compiled = [_compiled(query.root) for query in followed]
    found: list[set[int]] = []
    truth: list[set[int]] = []
    times = dict.fromkeys(("folding", "folded", "loop"), 0.0)
    for part in [few[number::ROUNDS] for number in range(ROUNDS)]:
        fresh = [_fresh(article) for article in part]
        times["folding"] += _time(lambda: [article.folded for article in fresh])  # noqa: B023 - used at once
        folded = [Document(one.title, one.text, one.language, prefolded=one.folded) for one in part]
        times["folded"] += _time(lambda: found.extend([matcher.match_ids(one) for one in folded]))  # noqa: B023
        times["loop"] += _time(lambda: truth.extend([_loop(compiled, one) for one in part]))  # noqa: B023
    asked = {10_000: 110, 100_000: 180, 1_000_000: 280}.get(size, "-")
    missing = sum(len(true - met) for true, met in zip(truth, found, strict=True))
    extra = sum(len(met - true) for true, met in zip(truth, found, strict=True))
    print(f"\n{size:,} queries, {len(terms):,} terms, {len(few)} articles")
    both = (times["loop"] + times["folding"]) / (times["folded"] + times["folding"])
    print(
        f"  one article        {times['folded'] / len(few) * 1e6:10,.0f} us,"
        f" folding {times['folding'] / len(few) * 1e6:,.0f} us more"
    )
    print(f"  against a loop     {times['loop'] / times['folded']:10,.0f} times, asked {asked}; both fold: {both:,.0f}")
    print(f"  matches            {sum(map(len, truth)) / len(few):10.1f} an article, missing {missing}, extra {extra}")
    _report_literals(terms, articles, like)
    if len(terms) > GROWTH_TERMS[1]:
        _report_growth(terms, articles, like)
    _report_changes(matcher, articles[0])
    print(
        f"  load               {loaded:10.2f} s, {memory / 2**20:,.0f} MB, {memory / size:,.0f} bytes a query,"
        f" the automaton {sum(map(len, automata)) / len(terms):,.0f} bytes a term, asked 600"
    )


def _report_hostile(articles: Sequence[Document]) -> None:
    """What a chat's worth of the dearest queries adds to an article, beside as many ordinary ones."""
    common = "year people time world company government million state report market week minister country money".split()
    wide = " OR ".join(common)
    deep = "Seoul"
    for number in range(9):
        deep = f"({common[number % len(common)]} AND ({deep} OR {common[-number % len(common)]}{number}))"
    kinds = {
        "ordinary": [f"{one} {number}" for one in common for number in range(15)],
        "NEAR": [f"({wide}) NEAR/{n % 50 + 1} ({' OR '.join(c + 'x' * (n % 9) for c in common)})" for n in range(200)],
        "prefixes": [" OR ".join(f"{one[:4]}*" for one in common[n % 9 :]) + f" OR x{n}" for n in range(200)],
        "deep": [f"{deep} OR y{number}" for number in range(200)],
        "wide": [f"({wide}) AND (z{number} OR {wide}) -q{number}" for number in range(200)],
        "expressions": [rf"/[a-z]*{'aeiou'[n % 5]}[a-z ]{{{20 + n % 10}}}{'xyzqj'[n // 5 % 5]}/" for n in range(5)],
    }
    for name, texts in kinds.items():
        matcher = Matcher()
        for query_id, text in enumerate(texts):
            matcher.add(query_id, parse_query(text, regexes=True))
        rebuild(matcher)
        spent = _median_time(lambda: [matcher.match_ids(_fresh(article)) for article in articles])  # noqa: B023
        print(
            f"{len(texts):>4} hostile queries, {name:<12} {spent / len(articles) * 1e3:8.2f} ms an article, folding too"
        )


def _report_plain(words: list[str], articles: Sequence[Document], like: Sequence[str]) -> None:
    """Against what bots do: every keyword with `in`, for queries of one word."""
    parsed = [parse_query(word) for word in words]
    keywords = [query.terms[0].lower() for query in parsed]
    own = Matcher()
    for query_id, query in enumerate(parsed):
        own.add(query_id, query)
    rebuild(own, like)
    times = _interleaved(
        {
            "own": lambda: [own.match_ids(_fresh(article)) for article in articles],
            "folded": lambda: [own.match_ids(article) for article in articles],
            "plain": lambda: [_plain(keywords, article) for article in articles],
        }
    )
    print(
        f"\nplain `in` over {len(words):,} words takes {times['plain'] / times['own']:,.0f} times as long, asked 150,"
        f" folding included ({times['plain'] / times['folded']:,.0f} without)"
    )


def _report_literals(terms: list[str], articles: Sequence[Document], like: Sequence[str]) -> None:
    """The search for terms alone, beside the usual Aho-Corasick library, which is given each form of each term.

    Without terms that are segmented where they are found, which no such library does.
    """
    terms = [text for text in terms if not any(map(is_doubtful, patterns(term_of(text))))]
    ours, owners = Literals(), dict[str, list[int]]()
    for text in terms:
        number = ours.ask(text)
        for literal in patterns(term_of(text)):
            owners.setdefault(literal, []).append(number)
    theirs = ahocorasick.Automaton()
    for literal, numbers in owners.items():
        theirs.add_word(literal, tuple(numbers))
    theirs.make_automaton()
    texts = [article.folded for article in articles]
    rebuild(ours, like)
    for text in texts:
        assert ours.find(text) == {number for _, numbers in theirs.iter(text) for number in numbers}
    times = _interleaved(
        {
            "ours": lambda: [ours.find(text) for text in texts],
            "theirs": lambda: [{number for _, numbers in theirs.iter(text) for number in numbers} for text in texts],
        }
    )
    characters = sum(map(len, texts))
    print(
        f"  pyahocorasick      {times['theirs'] / times['ours']:10.2f} times slower than our search, asked 2.5"
        f" ({times['ours'] / characters * 1e9:.0f} ns a character, {len(owners):,} literals)"
    )


def _report_growth(terms: list[str], articles: Sequence[Document], like: Sequence[str]) -> None:
    """How the cost of searching grows with the number of terms, and with an article's length."""
    texts = [article.folded for article in articles]
    whole = " ".join(texts)
    by_terms, by_length = [], []
    sizes = [size for size in GROWTH_TERMS if size <= len(terms)]
    for size in sizes:
        literals = Literals()
        for text in random.Random(size).sample(terms, size):
            literals.ask(text)
        rebuild(literals, like)
        by_terms.append(_median_time(lambda: [literals.find(text) for text in texts]))  # noqa: B023 - used at once
    for length in GROWTH_LENGTHS:
        pieces = [whole[start : start + length] for start in range(0, min(len(whole), 64_000) - length + 1, length)]
        by_length.append(_median_time(lambda: [literals.find(text) for text in pieces]) / len(pieces))  # noqa: B023
    print(
        f"  grows with exponent {_slope(sizes, by_terms):.2f} in terms ({sizes[0]:,} to {sizes[-1]:,}), asked 0.6;"
        f" {_slope(GROWTH_LENGTHS, by_length):.2f} in an article's length, asked 1.05"
    )


def _slope(sizes: Sequence[int], times: Sequence[float]) -> float:
    return statistics.linear_regression([math.log(size) for size in sizes], [math.log(t) for t in times]).slope


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
        f"  add, until matched {statistics.median(added) * 1e3:10.2f} ms, asked 2;"
        f" remove {statistics.median(removed) * 1e3:.3f} ms, asked 0.1"
    )


def _report_parsing(texts: list[str]) -> None:
    """Beside luqum, which reads Lucene's language and knows nothing of folding, canonical texts or inflections."""
    lucene = [text for text in texts if _reads(text)]
    luqum.parse(lucene[0])
    times = _interleaved(
        {
            "own": lambda: [parse_query(text) for text in lucene],
            "luqum": lambda: [luqum.parse(text) for text in lucene],
        }
    )
    print(
        f"parsing {times['own'] / len(lucene) * 1e6:.1f} us a query, folded and canonical,"
        f" {times['own'] / times['luqum']:.2f} times that of luqum, asked 0.5"
    )


def _reads(text: str) -> bool:
    try:
        luqum.parse(text)
    except LuqumError:
        return False
    return True


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


def every_leaf(node: Node) -> Iterator[Term]:
    """The terms of a query of the benchmark, excluded ones too."""
    match node:
        case Term():
            yield node
        case All(parts) | Either(parts):
            for part in parts:
                yield from every_leaf(part)
        case Not(part):
            yield from every_leaf(part)


_Condition = Callable[[str], bool]


def _compiled(node: Node) -> _Condition:
    match node:
        case Term() if node.words in LONGER_NAMES and not node.exact:
            literals, longer = patterns(node), LONGER_NAMES[node.words]
            return lambda text: sum(map(text.count, literals)) > sum(text.count(f" {name} ") for name in longer)
        case Term():
            literals = patterns(node)
            if len(literals) == 1:
                (only,) = literals
                return (lambda text: stands_in(only, text)) if is_doubtful(only) else (lambda text: only in text)
            if any(map(is_doubtful, literals)):
                return lambda text: any(stands_in(literal, text) for literal in literals)
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
