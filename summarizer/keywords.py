"""The keywords of an article: names before common terms, variants of a name told once.

A candidate counts as often as it stands in the text, names twice as much as terms, more in the title and the first
sentences. Then, in order:
1. A surname counts for the one full name before it that ends or begins with it (`Mr Venn` for `Orla Venn`).
2. Names that differ by an ending only count for the commonest of them (`Tarnian` for `Tarnia`).
3. The best are taken one by one; what shares a word with a better one loses, what is part of it is dropped.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from summarizer.phrases import find_phrases
from summarizer.types import Keyword
from summarizer.words import stemmer

NAME = 2.0
TERM = 1.0
PAIR = 1.6  # a term of two words says more than either
NAME_IN_TITLE = 1.5
TERM_IN_TITLE = 1.2
EARLY = 1.2
EARLY_SENTENCES = 3
SHARED_WORD = 0.6
ENDINGS = ("n", "an", "ian", "s", "es", "i", "ese", "ish", "e")
MIN_ROOT = 4  # letters that two names must share


@dataclass(slots=True)
class _Candidate:
    """A name or term with its words in lower case (stems, for terms), its spellings, and what one of it counts."""

    words: tuple[str, ...]
    spellings: Counter[str]
    worth: float

    @property
    def text(self) -> str:
        return max(self.spellings, key=lambda spelling: self.spellings[spelling])

    def score(self, title: str, beginning: str) -> float:
        spelled = self.text.lower()
        score = self.worth * self.spellings.total()
        if spelled in title:
            score *= NAME_IN_TITLE if self.worth == NAME else TERM_IN_TITLE
        return score * (EARLY if spelled in beginning else 1)


def rank_keywords(sentences: list[str], title: str, language: str, limit: int) -> list[Keyword]:
    """The keywords of a text given as its sentences, best first; fewer than `limit` where there are no more."""
    found = find_phrases(sentences or [title], language)
    names = [_Candidate(words, spellings, NAME) for words, spellings in found.names.items()]
    terms = [_Candidate(words, found.terms[words], TERM if len(words) == 1 else PAIR) for words in found.terms]
    candidates = _merge_endings(_merge_surnames(names), stemmer(language)) + terms
    beginning = " ".join(islice(sentences, EARLY_SENTENCES)).lower()
    scores = [(candidate.score(title.lower(), beginning), candidate) for candidate in candidates]
    return _take_best(scores, limit)


def _merge_surnames(names: list[_Candidate]) -> list[_Candidate]:
    """Single words that begin or end exactly one longer name, and stand after it in the text, are added to that."""
    longer: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        if len(name.words) > 1:
            for word in {name.words[0], name.words[-1]}:
                longer.setdefault(word, []).append(place)
    kept = []
    for place, name in enumerate(names):
        wholes = longer.get(name.words[0], []) if len(name.words) == 1 else []
        if len(wholes) == 1 and wholes[0] < place:
            whole = names[wholes[0]]
            whole.spellings[whole.text] += name.spellings.total()
        else:
            kept.append(name)
    return kept


def _merge_endings(names: list[_Candidate], stem: Callable[[str], str]) -> list[_Candidate]:
    """Names that differ by an ending of the last word only become the commonest of them."""
    kept: dict[tuple[str, ...], _Candidate] = {}
    for name in sorted(names, key=lambda name: (-name.spellings.total(), len(name.text))):
        roots = [(*name.words[:-1], root) for root in _roots(name.words[-1], stem)]
        known = next((kept[root] for root in roots if root in kept), name)
        if known is not name:
            known.spellings[known.text] += name.spellings.total()
        for root in roots:
            kept.setdefault(root, known)
    return list({id(name): name for name in kept.values()}.values())


def _roots(word: str, stem: Callable[[str], str]) -> list[str]:
    """The word, its stem, and what is left of it without one of the endings of names."""
    cuts = [word[: -len(ending)] for ending in ENDINGS if word.endswith(ending) and len(word) - len(ending) >= MIN_ROOT]
    return [word, stem(word), *cuts]


def _take_best(scores: Iterable[tuple[float, _Candidate]], limit: int) -> list[Keyword]:
    left = sorted(scores, key=lambda entry: (-entry[0], entry[1].words))
    taken: list[tuple[float, _Candidate]] = []
    while left and len(taken) < limit:
        best = max(left, key=lambda entry: entry[0] * _novelty(entry[1], taken))
        left.remove(best)
        novelty = _novelty(best[1], taken)
        if novelty:
            taken.append((best[0] * novelty, best[1]))
    top = taken[0][0] if taken else 1.0
    return [Keyword(candidate.text, round(score / top, 4)) for score, candidate in taken]


def _novelty(candidate: _Candidate, taken: list[tuple[float, _Candidate]]) -> float:
    """1 for a keyword that shares no word with those taken, 0 for a part of one or a repetition of it."""
    words = set(candidate.text.lower().split())
    novelty = 1.0
    for _, other in taken:
        shared = words & set(other.text.lower().split())
        if shared == words:
            return 0.0
        if shared:
            novelty *= SHARED_WORD
    return novelty
