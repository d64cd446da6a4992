"""An article as queries see it, folded once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate

from bot.rules.matching_body import body
from bot.rules.matching_spelling import Spelling, spelling
from summarizer.folding import Folded, fold, fold_with_offsets, fold_words, is_unspaced

LEAD = 400  # characters of the text in which a hit counts more, a third in scripts without spaces
CHARACTERS_PER_WORD = 2  # about, in scripts without spaces
BARRIER = "\n"  # between folded fields, so that no phrase reaches from one into the next


@dataclass(frozen=True)
class Document:
    """What queries are held against.

    Attributes:
        title: as the source gave it.
        text: the article's body.
        language: ISO 639-1, or empty where it is not known.
        source: what readers see as the source, section included.
        authors: names.
        url: the link to the original, for `site:`.
        tags: section, categories, keywords.
        prefolded: what `fold_document` gave for title and text, where it is at hand.
    """

    title: str = ""
    text: str = ""
    language: str = ""
    source: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    tags: tuple[str, ...] = ()
    prefolded: str = field(default="", compare=False, repr=False)

    @cached_property
    def folded(self) -> str:
        """Folded title and text."""
        return self.prefolded or f"{fold(self.title)}{BARRIER}{fold(self.body)}"

    @cached_property
    def folded_fields(self) -> dict[str, str]:
        """Each field that terms look in by itself, folded."""
        title, _, text = self.folded.partition(BARRIER)
        authors = BARRIER.join(fold(author) for author in self.authors)
        return {"title": title, "text": text, "author": authors, "source": fold(self.source)}

    @cached_property
    def body(self) -> str:
        """What of the text says something, at the same places: see `matching_body`."""
        return body(self.text)

    @cached_property
    def spelling(self) -> Spelling:
        """How title and text write their words."""
        return spelling(self.title, self.body, language=self.language)

    @cached_property
    def lead_length(self) -> int:
        """How many characters of the text are its lead."""
        return LEAD // 3 if sum(map(is_unspaced, self.text[:LEAD])) > LEAD // 4 else LEAD

    @cached_property
    def lead(self) -> str:
        """The beginning of the folded text, up to the end of a word."""
        text, length = self.folded_fields["text"], self.lead_length
        if len(text) <= length:
            return text
        return text[:length] if is_unspaced(text[length]) else text[: text.index(" ", length) + 1]

    @cached_property
    def tag_facts(self) -> frozenset[str]:
        """Those of the facts that are tags."""
        return frozenset(fact for fact in self.facts if fact.startswith("tag:"))

    @cached_property
    def traced_fields(self) -> dict[str, tuple[Folded, ...]]:
        """The same with offsets into the originals, for explanations: one text, or one per author."""
        return {
            "title": (fold_with_offsets(self.title),),
            "text": (fold_with_offsets(self.body),),
            "author": tuple(fold_with_offsets(author) for author in self.authors),
            "source": (fold_with_offsets(self.source),),
        }

    @cached_property
    def word_counts(self) -> dict[str, list[float]]:
        """For title and text, how many words begin before each place of the folded text."""
        return {field: [0.0, *accumulate(_weights(self.folded_fields[field]))] for field in ("title", "text")}

    @cached_property
    def facts(self) -> frozenset[str]:
        """What the article is, as queries ask for it: `tag:politics`, `lang:ko`, `site:` its host and all above it."""
        tags = {f"tag:{' '.join(fold_words(tag))}" for tag in self.tags}
        labels = _host(self.url).split(".")
        sites = {f"site:{'.'.join(labels[start:])}" for start in range(len(labels))}
        language = self.language.lower().replace("_", "-").partition("-")[0]
        return frozenset(tags | sites | {f"lang:{language}"})


def fold_document(title: str, text: str) -> str:
    """Title and body folded for the matcher, a barrier between them."""
    return f"{fold(title)}{BARRIER}{fold(body(text))}"


def _weights(folded: str) -> Iterator[float]:
    before = " "
    for character in folded:
        if is_unspaced(character):
            yield 1 / CHARACTERS_PER_WORD
        else:
            yield float(before == " " and character != " ")
        before = character


def _host(url: str) -> str:
    rest = url.partition("://")[2] or url
    for end in "/?#":
        rest = rest.partition(end)[0]
    return rest.rpartition("@")[2].partition(":")[0].lower().removeprefix("www.")
