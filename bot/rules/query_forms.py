"""The literals that a term is met by: its words in all their forms, with the ends where words must end."""

from functools import lru_cache

from bot.rules.query_tree import Hashtag, Term
from summarizer.folding import search_pattern


@lru_cache(maxsize=4_096)
def patterns(leaf: Term | Hashtag) -> tuple[str, ...]:
    """Substrings of a folded text, any of which meets the leaf; the words themselves first."""
    if isinstance(leaf, Hashtag):
        return (f" # {leaf.words.replace('_', ' ')} ",)
    pattern = search_pattern(leaf.words)
    return (pattern.rstrip(" ") if leaf.prefix else pattern,)
