"""Folding and words, shared with matching: the public door to `summarizer.folding`. Needs no library."""

from summarizer.folding import Folded, fold, fold_with_offsets, fold_words

__all__ = ["Folded", "fold", "fold_with_offsets", "fold_words"]
