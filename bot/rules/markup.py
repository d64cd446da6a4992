"""HTML to plain text: what a reader would see, paragraphs apart by a blank line.

Light at import, for `tidy` is wanted everywhere; what reads HTML runs in worker processes and imports selectolax there.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_UNSEEN = frozenset(
    "script style template noscript iframe svg math head title object audio video select button".split()
)
_PARAGRAPHS = frozenset(
    """
    p div section article header footer main aside nav blockquote pre ul ol dl table figure figcaption h1 h2 h3 h4 h5 h6
    form fieldset address hr center
    """.split()
)
_LINES = frozenset("li dt dd tr caption".split())
_CELLS = frozenset(("td", "th"))
_TEXT = "-text"  # the tag of selectolax's text nodes
_LINE, _PARAGRAPH = "\n", "\n\n"
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&(?:#\d|#[xX][0-9a-fA-F]|[a-zA-Z])")


def html_to_text(html: str) -> str:
    """The text of an HTML fragment or document: entities decoded, no markup left, blank lines between paragraphs."""
    if not _MARKUP.search(html):
        return tidy(html)
    from selectolax.lexbor import LexborHTMLParser

    root = LexborHTMLParser(html).root
    return tidy("".join(_pieces(root))) if root else ""


def one_line(text: str, *, is_html: bool = True) -> str:
    """A title on one line; markup and entities in it are resolved unless `is_html` is false."""
    return " ".join((html_to_text(text) if is_html else text).split())


def tidy(text: str) -> str:
    """The text with single spaces, no space at the ends of lines, and at most one blank line in a row."""
    lines = [" ".join(line.split()) for line in re.split(r"\r\n?|\n|\u2028|\u2029", text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _pieces(root: "LexborNode") -> list[str]:
    pieces: list[str] = []
    # A stack of our own: feeds nest a thousand elements deep, and recursion would end there.
    stack: list[LexborNode | str] = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            pieces.append(item)
        elif item.tag == _TEXT:
            pieces.append(re.sub(r"\s+", " ", item.text_content or ""))
        elif item.tag == "br":
            pieces.append(_LINE)
        elif item.tag not in _UNSEEN:
            edge = _edge(item.tag or "")
            pieces.append(edge)
            stack.append(edge)
            stack.extend(reversed(list(item.iter(include_text=True))))
    return pieces


def _edge(tag: str) -> str:
    if tag in _PARAGRAPHS:
        return _PARAGRAPH
    if tag in _LINES:
        return _LINE
    return " " if tag in _CELLS else ""
