"""Articles that are pushed: by the HTTP API, from files, from pages. They come in like any other, and not silently."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

from bot.actions.fetching import MAX_TAGS, MAX_TEXT, detect_languages
from bot.errors import BadInput
from bot.model import Article, NewArticle, Page
from bot.ports import Fetcher, Request, Workers
from bot.rules.dates import Moment, parse_date
from bot.rules.markup import tidy
from bot.rules.urls import display_host, is_http_url, url_key
from bot.storage import articles, sources
from bot.storage.database import Database

MAX_PAGE = 5 * 1024 * 1024  # bytes
PAGE_TYPES = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"

# How a portal shows an article as text: title; day, source-section and the words "original page"; text; tag; keywords.
_BYLINE = re.compile(
    r"(?P<published>\d{4}-\d\d-\d\d(?:[ T][\d:.]+)?)(?:\s{2,}|\t+)(?P<source>.+?)(?:\s{2,}|\t+|$)(?P<rest>.*)"
)
_LABELLED = re.compile(
    r"(?P<label>标签|关键词|作者|原网页|链接|tags?|keywords|authors?|url|link)\s*[:：]\s*(?P<value>.*)", re.IGNORECASE
)
_FIELDS = {
    **dict.fromkeys(("标签", "tag", "tags"), "tags"),
    **dict.fromkeys(("关键词", "keywords"), "keywords"),
    **dict.fromkeys(("作者", "author", "authors"), "authors"),
    **dict.fromkeys(("原网页", "链接", "url", "link"), "url"),
}
_LIST_BREAK = re.compile(r"\s{2,}|\t|[,，、;；|]")
_ADDRESS = re.compile(r"https?://\S+")
_MISSING_URL = "the address of the original is missing; write it on a line of its own"


def _web_address(text: str) -> str:
    if not is_http_url(text):
        raise ValueError("must be an http or https address")
    return text


def _date(text: str) -> str:
    if text and parse_date(text) is None:
        raise ValueError("must be a day (2024-10-22) or an instant (2024-10-22T08:30:00Z)")
    return text


def _optional_address(text: str) -> str:
    return _web_address(text) if text else ""


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Lines = Annotated[tuple[Line, ...], BeforeValidator(_listed), Field(max_length=50)]


class PushedArticle(BaseModel):
    """An article as somebody pushes it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    url: Annotated[
        str,
        StringConstraints(strip_whitespace=True),
        AfterValidator(_web_address),
        Field(description="link to the original"),
    ]
    title: Annotated[Line, Field(min_length=1)]
    text: Annotated[str, Field(max_length=MAX_TEXT, description="plain text, a blank line between paragraphs")] = ""
    source: Annotated[Line, Field(description="the source's name; the host of the address where it is missing")] = ""
    section: Line = ""
    published: Annotated[
        Line, AfterValidator(_date), Field(description="an instant in ISO 8601, or only a day where only that is known")
    ] = ""
    authors: Lines = ()
    tag: Line = ""
    tags: Lines = ()
    keywords: Lines = ()
    language: Annotated[Line, Field(description="ISO 639-1; told from the text where it is missing")] = ""
    image_url: Annotated[str, AfterValidator(_optional_address)] = ""

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: Any) -> Any:
        return {name: one for name, one in value.items() if one is not None} if isinstance(value, dict) else value


class PushStatus(StrEnum):
    """What became of a pushed article."""

    ADDED = "added"
    DUPLICATE = "duplicate"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class PushResult:
    """What became of one pushed article; `id` is that of the stored one, None where it was forgotten."""

    status: PushStatus
    url: str
    id: int | None = None
    reason: str = ""


async def add_articles(
    db: Database, workers: Workers, items: Sequence[PushedArticle], now: datetime
) -> list[PushResult]:
    """Stores pushed articles in one write, and returns what became of each, in their order.

    An article whose address means a stored one changes nothing. Raises WorkerError.
    """
    keys = [url_key(item.url) for item in items]
    unsure = {key: (item.title, item.text) for key, item in zip(keys, items, strict=True) if not item.language}
    codes = dict(zip(unsure, await detect_languages(workers, list(unsure.values())), strict=True))
    async with db.write() as tx:
        ids = await sources.ensure_push_sources(tx, {_source_of(item) for item in items}, now)
        new = [
            _new(item, key, ids[_source_of(item)], codes.get(key, ""), now)
            for key, item in zip(keys, items, strict=True)
        ]
        added = await articles.add_by_key(tx, new, now)
        stored = await articles.ids_by_key(tx, keys)
    return list(_results(items, keys, added, stored))


async def article_from_url(db: Database, fetcher: Fetcher, workers: Workers, url: str, now: datetime) -> Article:
    """The article of a page, stored if it was not there yet.

    Raises:
        BadInput: `bad_url`.
        SourceError: it could not be fetched, or has no article.
        WorkerError: it could not be read.
    """
    url = url.strip()
    if not is_http_url(url):
        raise BadInput("bad_url", url=url[:200])
    response = await fetcher.fetch(Request(url, accept=PAGE_TYPES, max_bytes=MAX_PAGE))
    page = await workers.extract_page(response.body, url=response.url, latest=now)
    item = _of_page(page, response.url)
    async with db.write() as tx:
        await articles.unforget(tx, url_key(item.url))  # somebody wants it now
    [result] = await add_articles(db, workers, [item], now)
    async with db.read() as tx:
        return await articles.get(tx, result.id or 0)


def articles_from_file(text: str, *, url: str = "") -> list[PushedArticle]:
    """Reads articles from a file: one JSON object, a list of them, one per line, or one as plain text.

    Plain text is what a portal shows: the title on a line; then the day, the source with its section and the words
    "original page", wide spaces between them; the paragraphs; a line `标签:` (tag) and a line `关键词:` (keywords).
    The original's address stands behind those words, on a line of its own, or is given.

    Args:
        url: the original's address, where a plain text does not say it.

    Raises:
        BadInput: `bad_article` with the `place` and the `reason`.
    """
    text = text.lstrip("\ufeff").strip()
    if not text:
        raise BadInput("bad_article", place="file", reason="it is empty")
    if text[0] not in "[{":
        return [_valid(_from_text(text, url), "text")]
    return [_valid(item, place) for place, item in _json_items(text)]


def _json_items(text: str) -> Iterator[tuple[str, Any]]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        if not re.match(r"\{.*\}\s*\n\s*\{", text):
            raise BadInput("bad_article", place="file", reason=str(error)) from error
        yield from _json_lines(text)
        return
    several = isinstance(document, list)
    for number, item in enumerate(document if several else [document], 1):
        yield f"article {number}" if several else "article", item


def _json_lines(text: str) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield f"line {number}", json.loads(line)
            except (ValueError, RecursionError) as error:
                raise BadInput("bad_article", place=f"line {number}", reason=str(error)) from error


def _valid(item: Any, place: str) -> PushedArticle:
    try:
        return PushedArticle.model_validate(item)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        field = ".".join(map(str, first["loc"]))
        reason = first["msg"].removeprefix("Value error, ")
        raise BadInput("bad_article", place=f"{place}, {field}" if field else place, reason=reason) from error


def _from_text(text: str, url: str) -> dict[str, Any]:
    lines = [line.strip() for line in text.splitlines()]
    place, byline = next(
        ((place, match) for place, line in enumerate(lines) if (match := _BYLINE.fullmatch(line))), (0, None)
    )
    found: dict[str, Any] = {}
    if byline:
        above = [line for line in _unlabelled(lines[:place], found) if line]
        title, body = above[-1] if above else "", _unlabelled(lines[place + 1 :], found)
        source, _, section = byline["source"].partition("-")
        found |= {"published": byline["published"], "source": source.strip(), "section": section.strip()}
        address = _ADDRESS.search(byline["rest"])
        found |= {"url": address[0]} if address and "url" not in found else {}
    else:
        title, _, rest = "\n".join(_unlabelled(lines, found)).strip().partition("\n")
        body = [rest]
    for name in ("tags", "keywords", "authors"):
        found[name] = [part for part in _LIST_BREAK.split(found.get(name, "")) if part]
    found["url"] = found.get("url") or url
    if not found["url"]:
        raise BadInput("bad_article", place="text, url", reason=_MISSING_URL)
    return found | {"title": title, "text": tidy("\n".join(body))}


def _unlabelled(lines: Iterable[str], found: dict[str, Any]) -> list[str]:
    """The lines that are text; what others say of the article goes to `found`."""
    kept = []
    for line in lines:
        label = _LABELLED.fullmatch(line)
        if label:
            found[_FIELDS[label["label"].lower()]] = label["value"].strip()
        elif _ADDRESS.fullmatch(line):
            found.setdefault("url", line)
        elif "keywords" not in found:  # behind the keywords a portal goes on to other news
            kept.append(line)
    return kept


def _of_page(page: Page, url: str) -> PushedArticle:
    return PushedArticle(
        url=_original(page, url),
        title=page.title[:500],
        text=page.text[:MAX_TEXT],
        source=(page.site_name or display_host(url))[:500],
        published=_written(page.published, is_day=page.published_is_day),
        authors=page.authors[:10],
        tags=page.tags[:MAX_TAGS],
        image_url=page.image_url,
    )


def _original(page: Page, url: str) -> str:
    """The address that the page calls its own, unless that is another site or merely the front page."""
    own = page.canonical_url
    is_front = url_key(own).count("/") <= 3 if own else True
    return own if own and not is_front and display_host(own) == display_host(url) else url


def _written(moment: datetime | None, *, is_day: bool) -> str:
    if moment is None:
        return ""
    return moment.date().isoformat() if is_day else moment.isoformat()


def _source_of(item: PushedArticle) -> str:
    return item.source or display_host(item.url)


def _new(item: PushedArticle, key: str, source_id: int, language: str, now: datetime) -> NewArticle:
    moment = parse_date(item.published) or Moment(now, False)
    return NewArticle(
        url=item.url,
        url_key=key,
        title=" ".join(item.title.split()),
        text=tidy(item.text),
        source_id=source_id,
        received_at=now,
        section=item.section,
        authors=_distinct(item.authors),
        tags=_distinct([item.tag, *item.tags]),
        keywords=_distinct(item.keywords),
        published_at=moment.at if item.published else None,
        published_is_day=moment.is_day,
        language=item.language.lower()[:2] or language,
        image_url=item.image_url,
    )


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))[:MAX_TAGS]


def _results(
    items: Sequence[PushedArticle], keys: Sequence[str], added: dict[str, int], stored: dict[str, int]
) -> Iterator[PushResult]:
    told: set[str] = set()
    for item, key in zip(items, keys, strict=True):
        status = PushStatus.ADDED if key in added and key not in told else PushStatus.DUPLICATE
        told.add(key)
        yield PushResult(status, item.url, stored.get(key))
