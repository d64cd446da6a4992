"""A piece of an article around what was met there, as it stands in the original, with the hits in bold."""

from collections.abc import Sequence
from html import escape

from bot.model import Html
from bot.rules.matching import Hit

WIDTH = 160  # characters, about two lines on a phone
LEAD_IN = 50  # characters before the first hit


def snippet(title: str, text: str, hits: Sequence[Hit], *, width: int = WIDTH) -> Html:
    """The place of the first hit in the text, or in the title where the text has none; empty where neither has.

    Args:
        width: characters of the original that it shows.
    """
    for field, original in (("text", text), ("title", title)):
        places = sorted((hit.start, hit.end) for hit in hits if hit.field == field and hit.start < hit.end)
        if places:
            return _around(original, places, width)
    return Html("")


def _around(original: str, places: Sequence[tuple[int, int]], width: int) -> Html:
    first, end_of_first = places[0]
    start = _word_start(original, max(0, first - LEAD_IN), first)
    end = _word_end(original, max(end_of_first, min(len(original), start + width)))
    pieces, at = [], start
    for hit_start, hit_end in places:
        if at <= hit_start and hit_end <= end:
            pieces += [_shown(original[at:hit_start]), f"<b>{_shown(original[hit_start:hit_end])}</b>"]
            at = hit_end
    pieces.append(_shown(original[at:end]))
    return Html(("…" if start else "") + "".join(pieces).strip() + ("…" if end < len(original) else ""))


def _word_start(original: str, start: int, limit: int) -> int:
    """The start of a word at or after `start`, so that none is cut; `start` where there is no space before the hit."""
    if start == 0:
        return 0
    space = max(original.find(" ", start, limit), original.find("\n", start, limit))
    return space + 1 if space >= 0 else start


def _word_end(original: str, end: int) -> int:
    if end >= len(original):
        return len(original)
    space = original.rfind(" ", max(0, end - 20), end)
    return space if space > 0 else end


def _shown(piece: str) -> str:
    return escape(piece.replace("\n\n", " ").replace("\n", " "), quote=False)
