"""What an article says in passing: an everyday word, not in the headline, and seldom for the text's length.

Such an article is met and found by a search, but nobody is told of it: of what it says hardly anything is on the topic.
A name counts wherever it stands, and so does what a reader puts in quotes.
"""

from collections.abc import Sequence

from bot.rules.matching_documents import LEAD, Document
from bot.rules.matching_hits import Hit, is_met, strength_of
from bot.rules.matching_strength import IN_PASSING, ONCE_IN_LEAD, late_places
from bot.rules.query_forms import word_forms
from bot.rules.query_tree import All, Either, Fact, Node, Not, Term
from summarizer.common_words import is_common_german, is_common_word
from summarizer.folding import is_unspaced

FEW = 3  # places
APART = 1_200  # characters of the text to a place that make it rare, a third in scripts without spaces
LONG = 4  # times as many, where it is a phrase, or in the lead

_TEXT = ("", "title")


def strength(root: Node, hits: Sequence[Hit], document: Document) -> float:
    """How much an article is about a query that it was met by in these places, 0..1; 0 where it is so in passing."""
    found = strength_of(hits, document)
    return IN_PASSING if is_rare(found, document) and is_in_passing(root, document) else found


def is_rare(strength: float, document: Document) -> bool:
    """Whether an article that meets a query so strongly has it not in its title, and few times for its length."""
    apart = APART if document.lead_length == LEAD else APART // 3
    if strength == ONCE_IN_LEAD:
        return LONG * apart < len(document.text)
    places = late_places(strength)
    return 0 < places <= FEW and places * apart < len(document.text)


def is_in_passing(node: Node, document: Document) -> bool:
    """Whether a query that the article meets, rarely, is met by nothing but everyday words."""
    match node:
        case Term():
            return node.field in _TEXT and _is_everyday(node, document)
        case All(parts):
            topics = [part for part in parts if not _is_condition(part)]
            return bool(topics) and all(is_in_passing(part, document) for part in topics)
        case Either(parts):
            return all(is_in_passing(part, document) for part in parts if is_met(part, document))
        case _:
            return False


def _is_everyday(term: Term, document: Document) -> bool:
    """Whether it is a word of the language, no name: written small in this article, or known for one where none is."""
    if term.exact or term.prefix or term.name:
        return False
    if " " in term.words:
        return _is_everyday_phrase(term, document)
    forms = word_forms(term.words)
    if any(f"tag:{form}" in document.facts for form in forms):
        return False
    if is_unspaced(term.words[0]):
        return is_common_word(term.words)
    if document.language == "de" and any(map(is_common_german, forms)):
        return True
    return not document.spelling.small.isdisjoint(forms)


def _is_everyday_phrase(term: Term, document: Document) -> bool:
    """Whether all words of a phrase are so, in a text so long that one place of it says nothing."""
    words = term.words.split()
    return len(document.text) > APART * LONG and all(
        not document.spelling.small.isdisjoint(word_forms(word)) for word in words
    )


def _is_condition(node: Node) -> bool:
    """Whether it says which articles, not what they are to be about."""
    match node:
        case Term(field=field):
            return field not in _TEXT
        case Fact(name):
            return name != "tag"
        case _:
            return isinstance(node, Not)
