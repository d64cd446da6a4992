"""An article's page: its text by trafilatura, what describes it by `bot.rules.page_metadata`. Runs in worker processes.

A page without a title or without text is no article.
"""

from datetime import datetime

from htmldate import find_date
from trafilatura import extract
from w3lib.encoding import html_to_unicode

from bot.errors import PageError
from bot.model import Page
from bot.rules.dates import Moment, parse_date
from bot.rules.markup import html_to_text
from bot.rules.page_metadata import PageMetadata

LEAST_TEXT = 40  # characters; less is a caption or a notice about cookies
FAR_LONGER = 1.5  # so much longer than what was found, the body that a page states is more than its teaser


def extract_page(html: bytes, *, url: str, latest: datetime | None = None) -> Page:
    """Reads an article's page.

    Args:
        html: the document as it came, decompressed; its encoding is found in it.
        url: its address.
        latest: no day in the page that is later is taken for the article's (default: today).

    Returns:
        The page: text with a blank line between paragraphs, an instant in UTC (or a day, where the page gives only
        that), absolute addresses.

    Raises:
        PageError: `no_article`.
    """
    document = _decoded(html)
    described = PageMetadata(document, url)
    text = _body(document, url, described)
    if not described.title or len(text) < LEAST_TEXT:
        raise PageError("no_article", url=url[:200])
    moment = described.moment or _day_in_page(document, latest)
    return Page(
        title=described.title,
        text=text,
        authors=described.authors,
        published=moment.at if moment else None,
        published_is_day=moment is not None and moment.is_day,
        canonical_url=described.canonical_url,
        site_name=described.site_name,
        image_url=described.image_url,
        language=described.language,
        tags=described.tags,
    )


def _decoded(html: bytes) -> str:
    try:
        return html.decode()  # what is valid UTF-8 is nothing else, whatever the page claims
    except UnicodeDecodeError:
        return str(html_to_unicode(None, html)[1])


def _body(document: str, url: str, described: PageMetadata) -> str:
    found = extract(document, url=url, fast=True, include_comments=False) or ""
    stated = html_to_text(described.stated_body)
    # trafilatura takes a stated body too, but loses its paragraphs.
    if found.split() == stated.split() or len(stated) > FAR_LONGER * len(found):
        found = stated
    lines = [" ".join(line.split()).strip("| ") for line in found.splitlines()]  # a page laid out as a table has bars
    lines = [line for line in lines if line.strip("-| ")]
    if lines and lines[0] == described.title:
        del lines[0]
    return "\n\n".join(lines)


def _day_in_page(document: str, latest: datetime | None) -> Moment | None:
    return parse_date(find_date(document, original_date=True, max_date=latest) or "")
