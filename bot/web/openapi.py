"""The description of the HTTP API in OpenAPI 3.1: the item's schema comes from its model, the rest stands here."""

from typing import Any

from pydantic import BaseModel

from bot.web.problems import PROBLEM_JSON

_TEXT, _NUMBER = {"type": "string"}, {"type": "integer"}
_TEXTS = {"type": "array", "items": _TEXT}
_NULLABLE_NUMBER = {"type": ["integer", "null"]}
_PROBLEM = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {"title": _TEXT, "status": _NUMBER, "detail": _TEXT},
}
_RESULT = {
    "type": "object",
    "required": ["index", "status"],
    "properties": {
        "index": _NUMBER | {"description": "place in the request, from 0"},
        "status": {"enum": ["added", "duplicate", "invalid"]},
        "id": _NULLABLE_NUMBER | {"description": "of the stored article"},
        "url": _TEXT,
        "field": _TEXT | {"description": "what is wrong with an invalid one"},
        "reason": _TEXT,
    },
}
_RESULTS = {
    "type": "object",
    "required": ["added", "duplicate", "invalid", "results"],
    "properties": {
        "added": _NUMBER,
        "duplicate": _NUMBER,
        "invalid": _NUMBER,
        "results": {"type": "array", "items": {"$ref": "#/components/schemas/Result"}},
    },
}
_ARTICLE = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("url", "title", "text", "source", "section", "language", "page"), _TEXT),
        **dict.fromkeys(("authors", "tags", "keywords"), _TEXTS),
        "id": _NUMBER,
        "published": {"type": ["string", "null"], "description": "only a day where the source gave only a day"},
        "received": {"type": "string", "format": "date-time"},
        "story": _NULLABLE_NUMBER | {"description": "equal for articles about the same event"},
    },
}
_ARTICLES = {
    "type": "object",
    "required": ["articles", "next"],
    "properties": {
        "articles": {"type": "array", "items": {"$ref": "#/components/schemas/Article"}},
        "next": {"type": ["string", "null"], "description": "where the older ones are"},
    },
}


def description(pushed: type[BaseModel], *, version: str, url: str, limit: int) -> dict[str, Any]:
    """The whole document. `pushed` is the model of a pushed article, `limit` the most articles in one answer."""
    schema = pushed.model_json_schema(ref_template="#/components/schemas/{model}")
    parts = schema.pop("$defs", {})
    return {
        "openapi": "3.1.0",
        "info": {"title": "Briefwire", "version": version or "0", "license": {"name": "MIT", "identifier": "MIT"}},
        "servers": [{"url": url or "/"}],
        "paths": {"/api/v1/articles": {"post": _push(), "get": _latest(limit)}},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": parts
            | {
                "PushedArticle": schema,
                "Result": _RESULT,
                "Results": _RESULTS,
                "Article": _ARTICLE,
                "Articles": _ARTICLES,
                "Problem": _PROBLEM,
            },
        },
    }


def _push() -> dict[str, Any]:
    item = {"$ref": "#/components/schemas/PushedArticle"}
    return {
        "summary": "Push articles",
        "operationId": "pushArticles",
        "security": [{"token": []}],
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "a repeat with the same key within a day gets the first answer, whatever happened to it",
                "schema": {"type": "string", "minLength": 1, "maxLength": 255},
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {"schema": {"oneOf": [item, {"type": "array", "items": item, "minItems": 1}]}},
                "application/x-ndjson": {"schema": _TEXT},
            },
        },
        "responses": {
            "200": _answer("What became of each article", "Results"),
            "400": _problem("The body can't be read"),
            "401": _problem("The token is missing or unknown"),
            "409": _problem("A request with this Idempotency-Key is being answered"),
            "413": _problem("The body is too large"),
            "415": _problem("The content type is none of these"),
            "422": {
                "description": "Every article is invalid, or the Idempotency-Key was used for another body",
                "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/Results"}},
                    PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}},
                },
            },
        },
    }


def _latest(limit: int) -> dict[str, Any]:
    return {
        "summary": "The latest articles",
        "operationId": "latestArticles",
        "parameters": [
            {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": limit}},
            {
                "name": "before",
                "in": "query",
                "description": "the id of the last article seen",
                "schema": {"type": "integer", "minimum": 1},
            },
        ],
        "responses": {
            "200": _answer("Articles, newest first", "Articles"),
            "400": _problem("A parameter can't be read"),
        },
    }


def _answer(text: str, schema: str, media: str = "application/json") -> dict[str, Any]:
    return {"description": text, "content": {media: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


def _problem(text: str) -> dict[str, Any]:
    return _answer(text, "Problem", PROBLEM_JSON)
