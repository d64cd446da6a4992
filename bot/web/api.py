"""The HTTP API: programs push articles with a token, and anybody reads the latest.

A push is one article, a JSON list of them, or NDJSON with one a line. Each item is answered for itself and a wrong one
stops no other; what can't be read at all is refused whole, with the place of the mistake.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pydantic_core
from aiohttp import web
from pydantic import ValidationError

from bot.actions.articles import PushedArticle
from bot.actions.idempotency import Answer, once
from bot.actions.intake import Intake
from bot.errors import BadInput
from bot.model import Article
from bot.storage import articles
from bot.web.auth import require_token
from bot.web.deps import DEPS, deps_of
from bot.web.openapi import description
from bot.web.problems import refuse

IDEMPOTENCY_KEY = "Idempotency-Key"
MAX_ITEMS = 500  # articles in one push
MAX_LIMIT = 100  # articles in one answer
DEFAULT_LIMIT = 20
JSON, NDJSON = "application/json", "application/x-ndjson"
STEP_AFTER_PUSH = "group"
INTAKE = web.AppKey("intake", Intake)
BOM = b"\xef\xbb\xbf"

Raw = tuple[Any, str]  # an item as parsed, or why its line is no JSON
Result = dict[str, Any]


async def push(request: web.Request) -> web.Response:
    """Stores pushed articles; the answer says of each, in the order given, what became of it.

    With an Idempotency-Key a repeat within a day gets the answer of the first time.
    """
    token = await require_token(request)
    items = await _read_items(request)
    deps = deps_of(request)

    async def work() -> Answer:
        results = await _store(request.app[INTAKE], items)
        counts = Counter(result["status"] for result in results)
        if counts["added"]:
            deps.wake(STEP_AFTER_PUSH)
        summary = {status: counts[status] for status in ("added", "duplicate", "invalid")}
        return Answer(422 if counts["invalid"] == len(results) else 200, summary | {"results": results})

    key, body = request.headers.get(IDEMPOTENCY_KEY, "").strip(), await request.read()
    try:
        answer = await once(deps.db, token.id, key, body, deps.clock.now(), work)
    except BadInput as error:
        raise _refused_key(error) from error
    headers = {"Idempotent-Replayed": "true"} if answer.replayed else {}
    return web.json_response(answer.body, status=answer.status, headers=headers)


def _refused_key(error: BadInput) -> web.HTTPError:
    match error.key:
        case "key_reused":
            detail = "This Idempotency-Key was used for another body. Take a new key for a new request."
            return refuse(web.HTTPUnprocessableEntity, detail, header=IDEMPOTENCY_KEY)
        case "key_in_use":
            detail = "A request with this Idempotency-Key is being answered. Ask again in a moment."
            return refuse(web.HTTPConflict, detail, headers={"Retry-After": "1"}, header=IDEMPOTENCY_KEY)
    detail = f"Idempotency-Key must be 1 to {error.facts['limit']} printable ASCII characters."
    return refuse(web.HTTPBadRequest, detail, header=IDEMPOTENCY_KEY)


async def _read_items(request: web.Request) -> list[Raw]:
    if request.content_type not in (JSON, NDJSON):
        given = request.headers.get("Content-Type", "none")
        raise refuse(
            web.HTTPUnsupportedMediaType, f"Content-Type must be {JSON} or {NDJSON}, not {given}.", given=given
        )
    body = (await request.read()).removeprefix(BOM)
    items = list(_lines(body)) if request.content_type == NDJSON else _document(body)
    if not items:
        raise refuse(web.HTTPBadRequest, "There is no article in the body.")
    if len(items) > MAX_ITEMS:
        raise refuse(
            web.HTTPBadRequest,
            f"At most {MAX_ITEMS} articles fit into one request; these are {len(items)}.",
            limit=MAX_ITEMS,
            given=len(items),
        )
    return items


def _document(body: bytes) -> list[Raw]:
    try:
        parsed = pydantic_core.from_json(body, allow_inf_nan=False)
    except ValueError as error:
        raise refuse(web.HTTPBadRequest, f"The body is not JSON: {error}.") from error
    return [(item, "") for item in parsed] if isinstance(parsed, list) else [(parsed, "")]


def _lines(body: bytes) -> Iterator[Raw]:
    for number, line in enumerate(body.split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            yield pydantic_core.from_json(line, allow_inf_nan=False), ""
        except ValueError as error:
            yield None, f"line {number} is not JSON: {str(error).replace('at line 1 column', 'at column')}"


async def _store(intake: Intake, items: list[Raw]) -> list[Result]:
    results: list[Result] = [{"index": index} for index in range(len(items))]
    valid: list[tuple[int, PushedArticle]] = []
    for index, (item, unreadable) in enumerate(items):
        if unreadable:
            results[index] |= {"status": "invalid", "reason": unreadable}
            continue
        try:
            valid.append((index, PushedArticle.model_validate(item)))
        except ValidationError as error:
            results[index] |= {"status": "invalid", **_mistake(error)}
    stored = await intake.add([item for _, item in valid])
    for (index, _), result in zip(valid, stored, strict=True):
        results[index] |= {"status": str(result.status), "id": result.id, "url": result.url}
        if result.reason:
            results[index]["reason"] = result.reason
    return results


def _mistake(error: ValidationError) -> Result:
    """The first mistake of an item: where, and what is wrong there."""
    first = error.errors(include_url=False, include_context=False)[0]
    field = ".".join(str(part) for part in first["loc"])
    message = first["msg"].removeprefix("Value error, ")
    if not field:
        return {"reason": "an article must be a JSON object"} if first["type"] == "model_type" else {"reason": message}
    return {"field": field, "reason": f"{field}: {message}"}


async def latest(request: web.Request) -> web.Response:
    """The latest articles, newest first; `next` leads to the older ones."""
    deps = deps_of(request)
    limit = _number(request, "limit", low=1, high=MAX_LIMIT) or DEFAULT_LIMIT
    before = _number(request, "before", low=1, high=10**18)
    async with deps.db.read() as tx:
        found = await articles.latest(tx, limit + 1, before)
    shown = found[:limit]
    older = f"{deps.public_url}/api/v1/articles?limit={limit}&before={shown[-1].id}" if len(found) > limit else None
    return web.json_response({"articles": [_article(one, deps.public_url) for one in shown], "next": older})


def _number(request: web.Request, name: str, *, low: int, high: int) -> int | None:
    text = request.query.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 19 and low <= int(text) <= high):
        raise refuse(
            web.HTTPBadRequest, f"{name} must be a whole number from {low} to {high}.", parameter=name, given=text
        )
    return int(text)


def _article(article: Article, public_url: str) -> dict[str, Any]:
    published = article.published_at
    return {
        "id": article.id,
        "url": article.url,
        "title": article.title,
        "text": article.text,
        "source": article.source_title,
        "section": article.section,
        "authors": article.authors,
        "tags": article.tags,
        "keywords": article.keywords,
        "published": published and (published.date() if article.published_is_day else published).isoformat(),
        "received": article.received_at.isoformat(),
        "language": article.language,
        "story": article.story_id,
        "page": f"{public_url}/articles/{article.id}",
    }


async def openapi(request: web.Request) -> web.Response:
    """This API, described for tools."""
    deps = deps_of(request)
    return web.json_response(description(PushedArticle, version=deps.version, url=deps.public_url, limit=MAX_LIMIT))


def add_routes(app: web.Application) -> None:
    """Adds `/api/…`."""
    deps = app[DEPS]
    app[INTAKE] = Intake(deps.db, deps.workers, deps.clock)
    app.router.add_post("/api/v1/articles", push)
    app.router.add_get("/api/v1/articles", latest)
    app.router.add_get("/api/openapi.json", openapi)
