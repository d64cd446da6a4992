"""Errors as answers: problem details (RFC 9457) for programs, and the sentences of error pages for people."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.errors import AccessDenied, BadInput, BriefwireError, NotFound, StorageError, WorkerError
from bot.ports import Words

PROBLEM_JSON = "application/problem+json"
RETRY_SECONDS = 30  # what a client is asked to wait when the database or a worker is away
_STATUS: tuple[tuple[type[BriefwireError], int], ...] = (
    (NotFound, 404),
    (AccessDenied, 403),
    (BadInput, 400),
    (StorageError, 503),
    (WorkerError, 503),
)


def status_of(error: BriefwireError) -> int:
    """The HTTP status that says the same as the error; 500 for those that no request should meet."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def problem(
    status: int, title: str, detail: str, *, headers: Mapping[str, str] | None = None, **facts: Any
) -> web.Response:
    """An answer to a program: what is wrong, where (in the facts), and what would be right."""
    body = {"title": title, "status": status, "detail": detail} | facts
    return web.Response(
        status=status,
        text=json.dumps(body, ensure_ascii=False) + "\n",
        content_type=PROBLEM_JSON,
        headers=headers,
    )


def refuse(
    kind: type[web.HTTPError], detail: str, *, headers: Mapping[str, str] | None = None, **facts: Any
) -> web.HTTPError:
    """The same to be raised, with the status of its kind: `raise refuse(web.HTTPBadRequest, "…", line=3)`."""
    answer = problem(kind.status_code, HTTPStatus(kind.status_code).phrase, detail, **facts)
    return kind(text=answer.text, content_type=PROBLEM_JSON, headers=headers)


def heading(status: int, words: Words) -> str:
    """What an error page says first."""
    match status:
        case 404:
            return words("There is nothing here")
        case 405 | 400 | 413 | 415:
            return words("That cannot be answered")
        case 403:
            return words("You may not do this")
        case 503:
            return words("No answer just now")
    return words("That went wrong")


def explanation(status: int, words: Words) -> str:
    """What happened, and what to do next."""
    match status:
        case 404:
            return words("No page has this address. Old articles are forgotten after a while.")
        case 405:
            return words("This address does not take such requests.")
        case 413:
            return words("What was sent is too large.")
        case 400 | 415:
            return words("What was sent cannot be read.")
        case 403:
            return words("This needs a right that you were not given.")
        case 503:
            return words("Nothing is lost. Try again in half a minute.")
    return words("The fault is ours, and it is in the log. Trying again may help.")
