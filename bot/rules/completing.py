"""Which articles are short of text, and whether what their page says is more of it."""

from datetime import datetime, timedelta

SHORT = 400  # characters; a teaser is a sentence or two
LEAST_GAIN = 1.5  # times the teaser's length that the page's text must have
FRESH = timedelta(days=2)  # older articles of a first import are not worth a request each
AFTER_IMPORT = timedelta(minutes=1)  # nobody waits for the pages of a first import, but somebody for its articles
WIDE = 3  # a Chinese, Japanese or Korean character says as much as so many letters


def is_short(text: str) -> bool:
    """Whether a feed's text is only a teaser."""
    return _weight(text) < SHORT


def page_time(text: str, published_at: datetime | None, now: datetime, *, silent: bool) -> datetime | None:
    """From when on the article's page is to be read; None where the feed gave enough, or it is old."""
    if not is_short(text) or (published_at is not None and now - published_at > FRESH):
        return None
    return now + AFTER_IMPORT if silent else now


def adds_text(teaser: str, text: str) -> bool:
    """Whether the page's text is so much more that it takes the teaser's place."""
    return _weight(text) >= max(_weight(teaser) * LEAST_GAIN, 1)


def _weight(text: str) -> int:
    return sum(WIDE if character >= "\u3000" else 1 for character in text)
