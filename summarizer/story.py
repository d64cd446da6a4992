"""One summary of several articles about the same event.

Each sentence is scored within its own article, and raised by what other articles say, too. Of sentences that say nearly
the same only the best is told. Budgets, focus and care for readers are those of a single article.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Protocol

from summarizer.articles import ReadSentence, read_article
from summarizer.budget import Selection
from summarizer.importance import score_sentences
from summarizer.languages import guess_language
from summarizer.stems import stem_finder
from summarizer.terms import weigh
from summarizer.types import StorySentence

MAX_ARTICLES = 12
MAX_SENTENCES = 30  # of each article
MAX_READ = 20_000  # … which is read so far, because its whole tells what its sentences are worth
AGREEMENT = 0.8  # what being told by all others counts, where the first place in an article counts 1
SAME_TERMS = 0.5  # share of the shorter sentence's terms from which one of two is enough
RANKED = 60  # sentences of a story that a summary may choose from


class TitledText(Protocol):
    """What a story is made of: anything with a title and a text."""

    @property
    def title(self) -> str: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class _Told:
    """A sentence of the story, as a `Selection` wants it."""

    sentence: ReadSentence
    order: int
    article: int
    rating: float


def story_language(articles: Sequence[TitledText]) -> str:
    """The language of the first article that tells one."""
    return next((code for article in articles if (code := guess_language(article.text or article.title))), "")


def choose_sentences(
    articles: Sequence[TitledText],
    language: str | None,
    sentences: int | None,
    words: int | None,
    carries: Callable[[str], int] | None,
) -> tuple[StorySentence, ...]:
    """The story's sentences, article by article; `language` None means each article's own."""
    read: list[tuple[int, ReadSentence]] = []
    stems: list[list[str]] = []
    scores: list[float] = []
    for number, article in enumerate(articles[:MAX_ARTICLES]):
        code = language or guess_language(article.text or article.title)
        stems_of = stem_finder(code)
        placed = list(islice(chain.from_iterable(read_article(article.text, code, article.title)), MAX_READ))
        lines = [stems_of(sentence.text) for sentence in placed]
        texts = [sentence.text for sentence in placed]
        scores += score_sentences(weigh(lines), texts, set(stems_of(article.title)))[:MAX_SENTENCES]
        stems += lines[:MAX_SENTENCES]
        read += [(number, sentence) for sentence in placed[:MAX_SENTENCES]]
    if not read:
        return ()
    agreement = _agreement(stems, [number for number, _ in read])
    told = [
        _Told(sentence, order, number, score + AGREEMENT * said)
        for order, ((number, sentence), score, said) in enumerate(zip(read, scores, agreement, strict=True))
    ]
    ranked = _rank(told, stems)
    selection = Selection(language or story_language(articles), sentences, words, carries)
    chosen = [told[info.order] for info in selection(ranked)]
    # Article by article, and first the one whose sentence stands nearest to its beginning.
    begins = {info.article: info.sentence.start for info in sorted(chosen, key=lambda info: -info.sentence.start)}
    chosen.sort(key=lambda info: (begins[info.article], info.order))
    return tuple(
        StorySentence(info.sentence.text, info.sentence.start, info.sentence.end, info.article) for info in chosen
    )


def _rank(told: list[_Told], stems: list[list[str]]) -> list[_Told]:
    """The best sentences, best first, each only once in its words."""
    ranked: list[_Told] = []
    terms = [frozenset(line) for line in stems]
    for info in sorted(told, key=lambda info: -info.rating):
        if not any(_says_the_same(terms[info.order], terms[other.order]) for other in ranked):
            ranked.append(info)
        if len(ranked) == RANKED:
            break
    return ranked


def _says_the_same(left: frozenset[str], right: frozenset[str]) -> bool:
    """Whether most terms of the shorter of two sentences stand in the other, however common they are in the story."""
    shorter = min(len(left), len(right))
    return shorter > 0 and len(left & right) >= SAME_TERMS * shorter


def _agreement(stems: list[list[str]], owners: list[int]) -> list[float]:
    """For each sentence the mean over the other articles of its best likeness there; zeros for a single article."""
    terms = weigh(stems)
    others = max(1, len(set(owners)) - 1)
    agreement: list[float] = []
    for place, owner in enumerate(owners):
        best: dict[int, float] = {}
        for other, cosine in zip(owners, terms.likeness(place), strict=True):
            best[other] = max(best.get(other, 0.0), cosine)
        best.pop(owner, None)
        agreement.append(sum(best.values()) / others)
    return agreement
