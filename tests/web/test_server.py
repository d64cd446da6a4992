"""What every answer carries, how errors leave, and the server itself."""

from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
import structlog

from bot.errors import AccessDenied, BadInput, BriefwireError, SettingsError, WorkerError
from bot.rules.rendering import BriefingView
from bot.storage.database import Database
from bot.texts import Catalogue
from bot.web.deps import WebDeps
from bot.web.server import WebServer
from tests.web.conftest import Serve, Site


def failing(error: Exception) -> "RaisesFor":
    """A reader of briefings that fails like this."""
    return RaisesFor(error)


class RaisesFor:
    def __init__(self, error: Exception) -> None:
        self.error = error

    async def __call__(self, _public_id: str, _words: Catalogue) -> BriefingView:
        raise self.error


@pytest.mark.parametrize("path", ["/", "/nowhere", "/healthz", "/api/v1/articles", "/static/style.css"])
async def test_every_answer_carries_the_security_headers(sqlite_site: Site, path: str) -> None:
    headers = (await sqlite_site.get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Server"] == "briefwire"


@pytest.mark.parametrize(
    ("error", "status", "heading"),
    [
        (AccessDenied("admins_only"), 403, "You may not do this"),
        (BadInput("odd"), 400, "That cannot be answered"),
        (WorkerError("died"), 503, "No answer just now"),
        (BriefwireError("odd"), 500, "That went wrong"),
    ],
)
async def test_an_error_is_a_page_in_words(
    sqlite_deps: WebDeps, serve: Serve, error: BriefwireError, status: int, heading: str
) -> None:
    site = await serve(replace(sqlite_deps, read_briefing=failing(error)))
    response = await site.get("/briefings/abc")
    assert response.status == status
    assert heading in await response.text()


async def test_a_crash_shows_a_reference_and_no_traceback(sqlite_deps: WebDeps, serve: Serve) -> None:
    site = await serve(replace(sqlite_deps, read_briefing=failing(RuntimeError("secret detail"))))
    with structlog.testing.capture_logs() as lines:
        response = await site.get("/briefings/abc")
    body = await response.text()
    assert response.status == 500
    assert "secret detail" not in body
    assert "Traceback" not in body
    failed = next(line for line in lines if line["event"] == "request failed")
    assert failed["reference"] in body


async def test_a_database_that_is_away_is_said_with_when_to_come_back(
    sqlite_deps: WebDeps, serve: Serve, tmp_path: Path
) -> None:
    empty = Database(f"sqlite:///{tmp_path / 'empty.db'}")  # without any table
    site = await serve(replace(sqlite_deps, db=empty))
    page, answer = await site.get("/"), await site.get("/api/v1/articles")
    assert (page.status, answer.status) == (503, 503)
    assert "Try again" in await page.text()
    assert page.headers["Retry-After"] == answer.headers["Retry-After"] == "30"
    assert (await answer.json(content_type="application/problem+json"))["status"] == 503
    await empty.close()


async def test_programs_get_their_errors_as_problem_documents(sqlite_site: Site) -> None:
    missing, wrong = await sqlite_site.get("/api/v2"), await sqlite_site.delete("/api/v1/articles")
    assert missing.content_type == wrong.content_type == "application/problem+json"
    assert (await missing.json(content_type=None))["status"] == 404
    assert wrong.status == 405
    assert "GET" in wrong.headers["Allow"]


async def test_a_page_is_only_read(sqlite_site: Site) -> None:
    response = await sqlite_site.post("/")
    assert response.status == 405
    assert response.content_type == "text/html"


async def test_a_request_is_one_line_without_its_path(sqlite_deps: WebDeps, serve: Serve) -> None:
    site = await serve(sqlite_deps)
    with structlog.testing.capture_logs() as lines:
        await site.get("/briefings/topsecret")
        await site.get("/healthz")
    assert [(line["log_level"], line["route"], line["status"]) for line in lines] == [
        ("info", "/briefings/{public_id}", 404),
        ("debug", "/healthz", 200),
    ]
    assert "topsecret" not in str(lines)


async def test_the_style_is_kept_for_as_long_as_it_is_the_same(sqlite_site: Site) -> None:
    body = await (await sqlite_site.get("/")).text()
    url = body.split('rel="stylesheet" href="')[1].split('"')[0]
    kept, plain = await sqlite_site.get(url), await sqlite_site.get("/static/style.css")
    assert "immutable" in kept.headers["Cache-Control"]
    assert plain.headers["Cache-Control"] == "no-cache"
    assert kept.content_type == "text/css"
    again = await sqlite_site.get("/static/style.css", headers={"If-None-Match": plain.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")
    changed = await sqlite_site.get("/static/style.css", headers={"If-None-Match": '"other"'})
    assert changed.status == 200


@pytest.mark.parametrize("name", ["nothing.css", "..%2Fserver.py", "server.py"])
async def test_only_our_own_files_are_served(sqlite_site: Site, name: str) -> None:
    assert (await sqlite_site.get(f"/static/{name}")).status == 404


async def test_the_server_listens_where_it_says(sqlite_deps: WebDeps) -> None:
    server = WebServer(sqlite_deps)
    await server.start("127.0.0.1", 0)
    async with aiohttp.ClientSession() as client, client.get(server.url + "/healthz") as response:
        assert await response.text() == "ok\n"
    await server.stop()


async def test_a_server_on_every_address_is_reached_on_this_machine(sqlite_deps: WebDeps) -> None:
    server = WebServer(sqlite_deps)
    await server.start("0.0.0.0", 0)  # noqa: S104 - that is what this test is about
    assert server.url.startswith("http://127.0.0.1:")
    await server.stop()


async def test_a_taken_address_is_a_wrong_setting(sqlite_deps: WebDeps) -> None:
    first, second = WebServer(sqlite_deps), WebServer(sqlite_deps)
    await first.start("127.0.0.1", 0)
    port = int(first.url.rpartition(":")[2])
    with pytest.raises(SettingsError) as caught:
        await second.start("127.0.0.1", port)
    assert caught.value.problems[0].startswith(f"BRIEFWIRE_LISTEN: can't listen on 127.0.0.1:{port}:")
    await first.stop()
