"""Names and terms that may be keywords, as a text writes them, with how often they stand in it.

In scripts with capitals a run of capitalised words is a name, less titles (`President`) and the first word of a
sentence where that is an ordinary word; in German that finds all nouns, which is what it should. Other words are terms
where they end their phrase (`troops` in `elite troops to`, not `military` in `military threat`); two that nearly
always stand together are one term. Chinese terms come from the dictionary's parts of speech, Japanese ones from runs of
kanji or katakana.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass, field
from itertools import pairwise

from summarizer.stopwords import stop_words
from summarizer.words import HAN, WORD, stemmer

POSSESSIVE = re.compile(r"['’]s?$|['’]s(?=\s|$)")
JAPANESE_TERM = re.compile(rf"[{HAN}]{{2,}}|[\u30a1-\u30f6ー]{{2,}}|[A-Za-z]{{2,}}")
CHINESE_NOUN = re.compile(r"n|eng|j|vn")
PARTICLES = frozenset("of de del della da das dos di van von der den al bin ibn & Le La Du Al El".split())
# Words that stand before a name without being part of it, and capitalised words that name nothing.
TITLES = frozenset(
    """
    mr mrs ms miss dr sir lord lady dame president minister prime premier chancellor chairman chairwoman chief
    executive director secretary senator governor mayor king queen prince princess pope general colonel captain sergeant
    judge justice professor prof spokesman spokeswoman sen rep gov gen col sgt rev st monday tuesday wednesday thursday
    friday saturday sunday january february march april may june july august september october november december jan feb
    mar apr jun jul aug sept sep oct nov dec mon tue wed thu fri sat sun i monsieur madame herr frau
    señor señora janvier février mars avril mai juin juillet août septembre octobre novembre décembre enero febrero
    marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre gennaio febbraio aprile maggio giugno
    luglio settembre ottobre dicembre januar februar märz juni juli oktober dezember
    """.split()
)
# Titles and months that are surnames where they stand inside a name.
SURNAMES = frozenset({"king", "may", "march", "prince", "judge", "pope", "bishop"})
# Bodies whose names go on with `of`, after however many words.
BODIES = frozenset(
    """academy agency assembly association bank board bureau centre center chamber church college commission committee
    confederation council court department federation house institute institution kingdom league ministry museum office
    organisation organization parliament republic school secretary society state union university""".split()
)
# Words of news that say nothing about its subject, beyond the stop words.
PALE = frozenset(
    """said says say saying told tell tells added adds according year years month months week weeks day days time times
    people man men woman women percent per cent million billion thousand news report reports reported source sources
    today yesterday tomorrow morning night part number group way home end place thing things lot made make making take
    taken took come came going get got give given left right world country government official officials leader leaders
    head members member expected likely believe believes believed called call plan plans put set show shows showed used
    use using work working back long high low big good better best bad old new late later early recent current former
    great small large major key top real full public local national international foreign state states city
    hours minutes point points area case level move bid deal help need want think know look see seen keep start started
    began begin held hold run became become""".split()
)
# What a verb follows in English; `help` after `to` is no term.
BEFORE_VERBS = frozenset(
    """to will would can could may might must should shall cannot did does do not he she they we you i who never
    """.split()
)
MIN_TOGETHER = 2  # times that two words must stand together to be one term …
SHARE_TOGETHER = 0.5  # … and the share of the rarer word's occurrences
MIN_TERM = 3  # letters
VERB_OR_ADVERB = re.compile(r"[a-z]{4,}(?:ed|ly)")  # English; it takes few nouns with it in any language


@dataclass(slots=True)
class Phrases:
    """What was found: for each key the spellings it was met in.

    Attributes:
        names: by the name's words in lower case.
        terms: by the stems of the term's words.
    """

    names: dict[tuple[str, ...], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    terms: dict[tuple[str, ...], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def find_phrases(sentences: Iterable[str], language: str) -> Phrases:
    """The names and terms of a text, given as its sentences."""
    lines = list(sentences)
    if language == "zh":
        return _chinese(lines)
    if language == "ja":
        return _japanese(lines)
    return _spaced(lines, language)


def _spaced(lines: list[str], language: str) -> Phrases:
    found = Phrases()
    runs = [run for line in lines for run in _runs(line)]
    lower = {word for run in runs for word in run if word[0].islower()}
    shouting = sum(word.isupper() for run in runs for word in run) * 2 > sum(map(len, runs))
    ignored = stop_words(language) | PALE | TITLES
    stem = stemmer(language)
    rest: list[list[str]] = []
    for run in runs:
        rest.extend([run] if shouting else _take_names(run, lower, ignored, found))
    if not shouting:
        _settle_first_words(lines, stem, found)
    _take_terms([[word.lower() for word in run] for run in rest], ignored, stem, found)
    return found


def _runs(line: str) -> Iterator[list[str]]:
    """The words of a line in runs that no punctuation interrupts, without possessive endings."""
    run: list[str] = []
    last = 0
    for word in WORD.finditer(line):
        if run and line[last : word.start()].strip(" \t\xa0"):
            yield run
            run = []
        last = word.end()
        bare = POSSESSIVE.sub("", word.group())
        run.append(bare or word.group())
        if bare != word.group():
            yield run
            run = []
    if run:
        yield run


def _take_names(run: list[str], lower: set[str], ignored: frozenset[str], found: Phrases) -> Iterator[list[str]]:
    """Files the names of a run and yields what stands between them."""
    between: list[str] = []
    name: list[str] = []
    for place, word in enumerate([*run, ""]):
        if _is_part_of_name(run, place, bool(name), lower, ignored):
            if between:
                yield between
                between = []
            name.append(word)
            continue
        if name and word in PARTICLES and (word != "of" or len(name) == 1 or name[-1].lower() in BODIES):
            name.append(word)
            continue
        if name:
            _file_name(name, found)
            name = []
        if word:
            between.append(word)
    if between:
        yield between


def _is_part_of_name(run: list[str], place: int, goes_on: bool, lower: Set[str], ignored: Set[str]) -> bool:
    """Whether a word is part of a name: a capitalised word, but no title.

    One that the language has as a common word is part of a name only inside one (`Six Nations`) or before one (`New
    York`), one that the text has in lower case only before one.
    """
    word = run[place] if place < len(run) else ""
    lowered = word.lower()
    if not word[:1].isupper() or lowered in TITLES - SURNAMES:
        return False
    if lowered in SURNAMES:
        return goes_on
    if lowered not in lower and (goes_on or lowered not in ignored):
        return True
    following = run[place + 1] if place + 1 < len(run) else ""
    return place > 0 and following[:1].isupper() and following.lower() not in TITLES


def _file_name(words: list[str], found: Phrases) -> None:
    while words and words[-1] in PARTICLES:
        words = words[:-1]
    if len("".join(words)) > 1:
        found.names[tuple(word.lower() for word in words)][" ".join(words)] += 1


def _settle_first_words(lines: list[str], stem: Callable[[str], str], found: Phrases) -> None:
    """Decides about capitals at the start of a sentence, which every word has there.

    `Defiant Ann Lee` is `Ann Lee` where the text has her without it, and a single word that has its capital nowhere
    else is a term.
    """
    names: dict[tuple[str, ...], Counter[str]] = defaultdict(Counter)
    for words, spellings in found.names.items():
        spare = len(words) > 2 and words[1:] in found.names
        for spelling, times in spellings.items():
            names[words[1:] if spare else words][spelling.split(" ", 1)[1] if spare else spelling] += times
    found.names = names
    starts = Counter(first.group() for line in lines if (first := WORD.search(line)))
    for words in [words for words in names if len(words) == 1]:
        for word, times in names[words].items():
            if times <= starts[word] and len(word) >= MIN_TERM:
                found.terms[(stem(words[0]),)][word] += times
        names[words] = Counter({word: times for word, times in names[words].items() if times > starts[word]})
        if not names[words]:
            del names[words]


def _take_terms(runs: list[list[str]], ignored: frozenset[str], stem: Callable[[str], str], found: Phrases) -> None:
    """Files common words that end a phrase, and pairs that stay together."""
    pairs: Counter[tuple[str, str]] = Counter()
    single: Counter[str] = Counter()
    for run in runs:
        for (before, left), (_, right) in pairwise(pairwise(["", *run, ""])):
            if not _is_term(left, ignored) or before in BEFORE_VERBS:
                continue
            single[stem(left)] += 1
            if _is_term(right, ignored):
                pairs[left, right] += 1
            else:
                found.terms[(stem(left),)][left] += 1
    for (left, right), times in pairs.items():
        rarer = min(single[stem(left)], single[stem(right)])
        if times >= MIN_TOGETHER and times >= SHARE_TOGETHER * rarer:
            found.terms[stem(left), stem(right)][f"{left} {right}"] += times


def _is_term(word: str, ignored: frozenset[str]) -> bool:
    return len(word) >= MIN_TERM and word not in ignored and not VERB_OR_ADVERB.fullmatch(word)


def _chinese(lines: list[str]) -> Phrases:
    import rjieba

    found = Phrases()
    ignored = stop_words("zh")
    for line in lines:
        for word, kind in rjieba.tag(line):
            if len(word) > 1 and CHINESE_NOUN.match(kind) and word not in ignored:
                target = found.names if kind in ("nr", "ns", "nt", "nz", "nrt") else found.terms
                target[(word,)][word] += 1
    return found


def _japanese(lines: list[str]) -> Phrases:
    found = Phrases()
    ignored = stop_words("ja")
    for line in lines:
        for term in JAPANESE_TERM.findall(line):
            if term not in ignored:
                found.terms[(term,)][term] += 1
    return found
