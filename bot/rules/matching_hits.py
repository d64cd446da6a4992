"""One query against one article: whether it is met, where, how strongly, and what it misses narrowly.

This is the slow and plain way that defines what the matcher must find; it searches the folded text for each literal.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter

from bot.rules.matching_documents import Document
from bot.rules.matching_places import places, stands_in
from bot.rules.matching_regexes import regex_places
from bot.rules.matching_strength import weigh
from bot.rules.queries import Query
from bot.rules.query_forms import name_forms, patterns, phrases
from bot.rules.query_names import COMPANIES, GIVEN_NAMES, LONGER_NAMES, PLACES
from bot.rules.query_tree import All, Either, Fact, Hashtag, Leaf, Near, Node, Not, Regex, Term, leaves, tag_of
from summarizer.folding import is_unspaced, search_pattern

MAX_HITS = 20  # of one term in one field

_ORDER = {field: place for place, field in enumerate(("title", "text", "tag", "source", "author", "site", "lang"))}


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a term was met.

    Attributes:
        term: as the query has it.
        field: `title`, `text`, `source`, `author`, `tag`, `site` or `lang`.
        start: with `end` the place in the original field; for an author or a tag in that one name.
    """

    term: str
    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class NearMiss:
    """What an unmet query has in an article.

    Attributes:
        present: its words and terms that are there, as the person wrote them.
        missing: those that are not.
        unwanted: what the query excludes and the article has.
        nearness: share of its words that are there, 0..1.
    """

    present: tuple[str, ...]
    missing: tuple[str, ...]
    unwanted: tuple[str, ...]
    nearness: float

    @property
    def is_apart(self) -> bool:
        """Everything is there, but not together as the query asks."""
        return not self.missing and not self.unwanted


def is_met(node: Node, document: Document) -> bool:
    """Whether the article meets the query."""
    match node:
        case Term():
            folded = document_field(document, node.field)
            return any(stands_in(pattern, folded) for pattern in patterns(node)) and _is_meant(node, document)
        case Regex():
            return next(regex_places(node, document), None) is not None
        case Fact(name, value):
            return f"{name}:{value}" in document.facts
        case Hashtag():
            return tag_of(node) in document.facts or any(pattern in document.folded for pattern in patterns(node))
        case All(parts):
            return all(is_met(part, document) for part in parts)
        case Either(parts):
            return any(is_met(part, document) for part in parts)
        case Not(part):
            return not is_met(part, document)
        case _:
            return is_near(node, document)


def _is_meant(term: Term, document: Document) -> bool:
    """Whether a term that is there stands for what the query means by it."""
    if term.exact or term.prefix:
        return True
    return is_meant(term.words, document, name=term.name)


def is_meant(words: str, document: Document, *, name: bool) -> bool:
    """Whether bare words that are there are what a query means: no part of a longer name, no word instead of a name."""
    if name and not (_is_there(words, document) and document.spelling.means_name(name_forms(words))):
        return False
    if name and words in PLACES and _is_of_somebody(words, document):
        return False
    longer = LONGER_NAMES.get(words)
    if longer is None:
        return True
    folded = document.folded
    return sum(folded.count(one) for one in map(search_pattern, phrases(words))) > sum(
        folded.count(search_pattern(one)) for one in longer
    )


def _is_there(name: str, document: Document) -> bool:
    return any(search_pattern(form) in document.folded for form in name_forms(name))


def _is_of_somebody(word: str, document: Document) -> bool:
    """Whether the article has a person or a company by this name: where one of its places is, all are."""
    tokens = document.folded.split(" ")
    return any(
        word == token and (before in GIVEN_NAMES or after in COMPANIES)
        for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )


def document_field(document: Document, field: str) -> str:
    """The folded text in which a term of this field is looked for."""
    return document.folded_fields[field] if field else document.folded


def is_near(node: Near, document: Document) -> bool:
    """Whether both sides stand in one field with no more than so many words between them."""
    for field in ("title", "text"):
        left, right = (list(_side_places(side, field, document)) for side in (node.left, node.right))
        counts = document.word_counts[field] if left and right else []
        if _follows(left, right, counts, node.distance) or _follows(right, left, counts, node.distance):
            return True
    return False


def explain_match(query: Query, document: Document) -> tuple[Hit, ...] | None:
    """Where the query was met, title first; None where it was not. Terms that it excludes have no hits."""
    return hits_of(query.root, document) if is_met(query.root, document) else None


def hits_of(root: Node, document: Document) -> tuple[Hit, ...]:
    """Every place of every term that the query asks for, at most `MAX_HITS` of a term in a field."""
    found = {hit for leaf in leaves(root) for hit in _leaf_hits(leaf, document)}
    return tuple(sorted(found, key=lambda hit: (_ORDER[hit.field], hit.start, -hit.end, hit.term)))


def strength_of(hits: Sequence[Hit], document: Document) -> float:
    """How much an article is about what it was met by, 0..1: hits in the title, early in the text, and many.

    Half is for the title, a quarter for the lead, and a quarter for the number of places, which soon stops growing.
    """
    places = {(hit.field, hit.start) for hit in hits if hit.field in ("title", "text")}
    in_title = any(hit.field in ("title", "tag") for hit in hits)
    in_lead = any(field == "text" and start < document.lead_length for field, start in places)
    return weigh(max(1, len(places)), in_title=in_title, in_lead=in_lead or (in_title and not document.text))


def near_miss(query: Query, document: Document) -> NearMiss | None:
    """What of the query is in the article; None where it is met, or nothing of it is there."""
    if is_met(query.root, document):
        return None
    units = _units(query.root, document)
    present = tuple(dict.fromkeys(name for name, there in units if there))
    if not present:
        return None
    missing = tuple(dict.fromkeys(name for name, there in units if not there))
    return NearMiss(
        present, missing, tuple(_unwanted(query.root, document)), len(present) / (len(present) + len(missing))
    )


def _side_places(side: Node, field: str, document: Document) -> Iterator[tuple[int, int]]:
    for part in side.parts if isinstance(side, Either) else (side,):
        if isinstance(part, Term) and part.field in ("", field) and _is_meant(part, document):
            for pattern in patterns(part):
                yield from places(pattern, document.folded_fields[field])


def _follows(first: list[tuple[int, int]], second: list[tuple[int, int]], counts: list[float], distance: int) -> bool:
    """Whether one of the second begins after the end of one of the first, with at most so many words between."""
    ends = sorted(end for _, end in first)
    for start, _ in second:
        nearest = bisect_right(ends, start) - 1
        if nearest >= 0 and counts[start] - counts[ends[nearest]] <= distance:
            return True
    return False


def _leaf_hits(leaf: Leaf, document: Document) -> Iterator[Hit]:
    match leaf:
        case Term():
            fields = (leaf.field,) if leaf.field else ("title", "text")
            for field in fields:
                if _is_meant(leaf, document):
                    yield from _text_hits(leaf, field, document)
        case Regex():
            for field, places_there in groupby(regex_places(leaf, document), key=itemgetter(0)):
                for _, start, end in islice(places_there, MAX_HITS):
                    if end > start:
                        yield Hit(leaf.written, field, start, end)
        case Fact(name, value):
            yield from _fact_hits(f"{name}:{value}", leaf.written, document)
        case _:
            yield from _fact_hits(tag_of(leaf), leaf.written, document)
            for field in ("title", "text"):
                yield from _text_hits(leaf, field, document)


def _text_hits(leaf: Term | Hashtag, field: str, document: Document) -> Iterator[Hit]:
    name = isinstance(leaf, Term) and leaf.name
    original = document.title if field == "title" else document.text
    for folded in document.traced_fields[field]:
        found = sorted({place for pattern in patterns(leaf) for place in places(pattern, folded.text)})
        for start, end in found[:MAX_HITS]:
            if isinstance(leaf, Term) and leaf.prefix and not is_unspaced(leaf.words[-1]):
                end = folded.text.index(" ", end)  # the whole word is what was met
            hit = Hit(leaf.written, field, *folded.original(start, end))
            if not name or original[hit.start].isupper():
                yield hit


def _fact_hits(fact: str, written: str, document: Document) -> Iterator[Hit]:
    if fact not in document.facts:
        return
    field, _, value = fact.partition(":")
    start = document.url.lower().find(value) if field == "site" else 0
    yield Hit(written, field, start, start + len(value))


def _units(node: Node, document: Document) -> list[tuple[str, bool]]:
    """The words and terms that the query asks for, and whether each is there; of alternatives the nearest."""
    match node:
        case Term():
            return _words_of(node, document)
        case Hashtag() | Fact() | Regex():
            return [(node.written, is_met(node, document))]
        case All(parts):
            return [unit for part in parts for unit in _units(part, document)]
        case Near(left, right):
            return _units(left, document) + _units(right, document)
        case Either(parts):
            return max((_units(part, document) for part in parts), key=_share)
        case _:
            return []


def _share(units: list[tuple[str, bool]]) -> float:
    return sum(there for _, there in units) / max(1, len(units))


def _words_of(term: Term, document: Document) -> list[tuple[str, bool]]:
    if term.name and not is_met(term, document) and is_met(term._replace(name=False), document):
        return [(term.words, True), (term.written, False)]  # has “turkey”, not “Turkey”
    words, written = term.words.split(), term.written.split()
    if len(words) != len(written):
        return [(term.written, is_met(term, document))]
    return [
        (shown, is_met(term._replace(words=word, prefix=False), document))
        for word, shown in zip(words, written, strict=True)
    ]


def _unwanted(node: Node, document: Document) -> list[str]:
    match node:
        case All(parts):
            return [text for part in parts for text in _unwanted(part, document)]
        case Not(part):
            return [leaf.written for leaf in leaves(part) if is_met(leaf, document)]
        case _:
            return []
