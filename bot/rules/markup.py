"""HTML to plain text: what a reader would see, paragraphs apart by a blank line.

Light at import, for `tidy` is wanted everywhere; what reads HTML runs in worker processes and imports selectolax there.
"""

import re

_UNSEEN = tuple("script style template noscript iframe svg math head title object audio video select button".split())
_PARAGRAPHS = """
    p div section article header footer main aside nav blockquote pre ul ol dl figure figcaption h1 h2 h3 h4 h5 h6
    form fieldset address hr center
    """.split()
_LINES = "li dt dd".split()
# Private marks stand where a reader sees a break; a document's own control characters of that kind mean nothing.
_PARAGRAPH, _LINE = "\x01", "\x02"
_OWN_MARKS = re.compile("[\x01\x02]")
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&(?:#\d|#[xX][0-9a-fA-F]|[a-zA-Z])")
_HAS_UNSEEN = re.compile(f"<(?:{'|'.join(_UNSEEN)})[\\s/>]", re.IGNORECASE)
# A mark stands where such a tag begins, and the tag becomes one of no meaning: text between a table's tags would be
# moved out of it, and HTML's parser looks at all open elements for each paragraph, which takes minutes where they nest.
_TAG = re.compile(
    rf"<(?P<end>/?)(?:(?P<paragraph>{'|'.join(_PARAGRAPHS)}|table)|(?P<line>{'|'.join(_LINES)}|tr|caption)|"
    r"(?P<cell>t[dh])|tbody|thead|tfoot|colgroup|col|(?P<br>br))(?=[\s/>])",
    re.IGNORECASE,
)


def html_to_text(html: str) -> str:
    """The text of an HTML fragment or document: entities decoded, no markup left, blank lines between paragraphs."""
    if not _MARKUP.search(html):
        return tidy(html)
    from selectolax.lexbor import LexborHTMLParser

    html = _TAG.sub(_marked, _OWN_MARKS.sub("", html))
    tree = LexborHTMLParser(html)
    if _HAS_UNSEEN.search(html):
        tree.strip_tags(list(_UNSEEN))
    text = " ".join(tree.text().split()).replace(_PARAGRAPH, "\n\n").replace(_LINE, "\n")
    return re.sub(r" *\n[ \n]*", _break, text).strip()


def one_line(text: str, *, is_html: bool = True) -> str:
    """A title on one line; markup and entities in it are resolved unless `is_html` is false."""
    return " ".join((html_to_text(text) if is_html and _MARKUP.search(text) else text).split())


def tidy(text: str) -> str:
    """The text with single spaces, no space at the ends of lines, and at most one blank line in a row."""
    lines = [" ".join(line.split()) for line in re.split(r"\r\n?|\n|\u2028|\u2029", text)]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _marked(tag: re.Match[str]) -> str:
    if tag["br"]:
        return _LINE + tag[0]
    mark = _PARAGRAPH if tag["paragraph"] else _LINE if tag["line"] else " " if tag["cell"] else ""
    return f"{mark}<{tag['end']}x-block"


def _break(space: re.Match[str]) -> str:
    return "\n\n" if space[0].count("\n") > 1 else "\n"
