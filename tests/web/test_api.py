"""Pushing articles with a token, and reading the latest ones."""

import gzip
import json
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa

from bot.actions import tokens
from bot.storage import tables
from bot.storage.database import Database
from bot.web.api import MAX_ITEMS
from bot.web.deps import WebDeps
from bot.web.server import MAX_BODY
from tests.conftest import NOON
from tests.web.conftest import Serve, Site, add_article, add_source, bearer

URL = "/api/v1/articles"
NDJSON = {"Content-Type": "application/x-ndjson"}


def pushed(slug: str = "ferry", **fields: Any) -> dict[str, Any]:
    """An article as a program sends it."""
    return {
        "url": f"https://post.example/{slug}",
        "title": "Night ferry agreed",
        "text": "The council voted for a night ferry. It starts in March, with two boats.",
        "source": "Harbour Post",
    } | fields


async def count(db: Database) -> int:
    async with db.read() as tx:
        return (await tx.scalar(sa.select(sa.func.count()).select_from(tables.articles))) or 0


async def test_one_article_is_stored_and_answered_with_its_id(site: Site, db: Database) -> None:
    response = await site.post(URL, json=pushed(), headers=await bearer(db))
    body = await response.json()
    assert response.status == 200, body
    assert (body["added"], body["duplicate"], body["invalid"]) == (1, 0, 0)
    page = await site.get(f"/articles/{body['results'][0]['id']}")
    assert "Night ferry agreed" in await page.text()


async def test_an_article_like_the_seed_page_comes_out_whole(site: Site, db: Database) -> None:
    item = pushed(
        title="Coast guard doubles its patrols off the northern islands: Observers",
        source="海峡时报",
        section="亚洲",
        published="2024-10-22",
        tags=["综合"],
        keywords=["Seoul", "troops"],
    )
    await site.post(URL, json=item, headers=await bearer(db))
    (article,) = (await (await site.get(URL)).json())["articles"]
    assert article["source"] == "海峡时报"
    assert article["section"] == "亚洲"
    assert article["published"] == "2024-10-22"
    assert article["tags"] == ["综合"]
    assert article["keywords"] == ["Seoul", "troops"]
    page = await (await site.get(f"/articles/{article['id']}", headers={"Accept-Language": "en"})).text()
    for shown in ("海峡时报-亚洲", "22 Oct", "综合", "Seoul", "troops", item["url"], item["title"]):
        assert shown in page


async def test_the_same_article_again_changes_nothing(site: Site, db: Database) -> None:
    headers = await bearer(db)
    first = (await (await site.post(URL, json=pushed(), headers=headers)).json())["results"][0]
    second = (await (await site.post(URL, json=pushed(title="Other"), headers=headers)).json())["results"][0]
    assert (first["status"], second["status"]) == ("added", "duplicate")
    assert second["id"] == first["id"]
    assert await count(db) == 1


async def test_each_of_a_list_is_answered_for_itself_in_order(site: Site, db: Database) -> None:
    items = [pushed("a"), pushed("b", title=None), pushed("a"), "no article", {}, pushed("c")]
    response = await site.post(URL, json=items, headers=await bearer(db))
    body = await response.json()
    assert response.status == 200
    assert [result["index"] for result in body["results"]] == [0, 1, 2, 3, 4, 5]
    states = ["added", "invalid", "duplicate", "invalid", "invalid", "added"]
    assert [result["status"] for result in body["results"]] == states
    assert body["results"][1]["field"] == "title"
    assert body["results"][1]["reason"].startswith("title: ")
    assert body["results"][3]["reason"] == "an article must be a JSON object"
    assert (body["added"], body["duplicate"], body["invalid"]) == (2, 1, 3)
    assert await count(db) == 2


async def test_lines_are_articles_and_a_broken_one_is_named(site: Site, db: Database) -> None:
    lines = [json.dumps(pushed("a")), "", '{"url": ', json.dumps(pushed("b"))]
    data = "\r\n".join(lines).encode()
    response = await site.post(URL, data=data, headers=await bearer(db) | NDJSON)
    results = (await response.json())["results"]
    assert [result["status"] for result in results] == ["added", "invalid", "added"]
    assert results[1]["reason"].startswith("line 3 is not JSON: ")
    assert "at column" in results[1]["reason"]


async def test_a_push_wakes_the_pipeline_only_for_what_is_new(deps: WebDeps, db: Database, serve: Serve) -> None:
    woken: list[str] = []
    site = await serve(replace(deps, wake=woken.append))
    headers = await bearer(db)
    for _ in range(2):
        await site.post(URL, json=pushed(), headers=headers)
    assert woken == ["group"]


async def test_a_push_of_nothing_valid_is_refused_whole(sqlite_site: Site, sqlite_db: Database) -> None:
    response = await sqlite_site.post(URL, json=[{"title": "x"}], headers=await bearer(sqlite_db))
    assert response.status == 422
    assert (await response.json())["results"][0]["field"] == "url"


@pytest.mark.parametrize(
    ("header", "challenge"),
    [
        (None, 'Bearer realm="briefwire"'),
        ("Basic eDp5", 'Bearer realm="briefwire"'),
        ("Bearer ", 'Bearer realm="briefwire"'),
        ("Bearer bw_wrong", 'Bearer realm="briefwire", error="invalid_token"'),
        ("Bearer bw_ünicode", 'Bearer realm="briefwire", error="invalid_token"'),
    ],
)
async def test_without_a_known_token_nothing_is_taken(
    sqlite_site: Site, sqlite_db: Database, header: str | None, challenge: str
) -> None:
    response = await sqlite_site.post(URL, json=pushed(), headers={"Authorization": header} if header else {})
    assert response.status == 401
    assert response.headers["WWW-Authenticate"] == challenge
    assert (await response.json(content_type="application/problem+json"))["detail"]
    assert await count(sqlite_db) == 0


async def test_a_revoked_token_ends_at_once(site: Site, db: Database) -> None:
    headers = await bearer(db)
    assert (await site.post(URL, json=pushed(), headers=headers)).status == 200
    await tokens.revoke(db, "wire")
    assert (await site.post(URL, json=pushed("b"), headers=headers)).status == 401


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b"", "The body is not JSON: EOF while parsing a value at line 1 column 0."),
        (b'[{"url": "https://e.com",\n "title": }]', "The body is not JSON: expected value at line 2 column 11."),
        (b'{"title": "\xff"}', "The body is not JSON: invalid unicode code point at line 1 column 12."),
        (b'{"title": NaN}', "The body is not JSON: expected value at line 1 column 11."),
        (b"[" * 5_000, "The body is not JSON: recursion limit exceeded at line 1 column 202."),
        (b"[]", "There is no article in the body."),
        (b"[" + b",".join([b"{}"] * 501) + b"]", "At most 500 articles fit into one request; these are 501."),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused_with_the_place(
    sqlite_site: Site, sqlite_db: Database, body: bytes, detail: str
) -> None:
    headers = await bearer(sqlite_db) | {"Content-Type": "application/json"}
    response = await sqlite_site.post(URL, data=body, headers=headers)
    answer = await response.json(content_type="application/problem+json")
    assert (response.status, answer["status"], answer["detail"]) == (400, 400, detail)


async def test_a_full_request_is_taken(site: Site, db: Database) -> None:
    items = [pushed(str(number), title=f"Ferry {number}") for number in range(MAX_ITEMS)]
    response = await site.post(URL, json=items, headers=await bearer(db))
    assert (await response.json())["added"] == MAX_ITEMS == await count(db)


async def test_a_byte_order_mark_does_no_harm(sqlite_site: Site, sqlite_db: Database) -> None:
    headers = await bearer(sqlite_db) | {"Content-Type": "application/json; charset=utf-8"}
    body = b"\xef\xbb\xbf" + json.dumps(pushed()).encode()
    assert (await sqlite_site.post(URL, data=body, headers=headers)).status == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", None])
async def test_another_content_type_is_refused_by_name(
    sqlite_site: Site, sqlite_db: Database, kind: str | None
) -> None:
    headers = await bearer(sqlite_db) | ({"Content-Type": kind} if kind else {})
    response = await sqlite_site.post(URL, data=b"{}", headers=headers)
    assert response.status == 415
    assert "application/x-ndjson" in (await response.json(content_type=None))["detail"]


@pytest.mark.parametrize("packed", [False, True])
async def test_a_body_that_is_too_large_is_refused(sqlite_site: Site, sqlite_db: Database, packed: bool) -> None:
    body = b" " * (MAX_BODY + 1)
    headers = await bearer(sqlite_db) | {"Content-Type": "application/json"}
    headers |= {"Content-Encoding": "gzip"} if packed else {}
    response = await sqlite_site.post(URL, data=BytesIO(gzip.compress(body) if packed else body), headers=headers)
    assert response.status == 413
    assert (await response.json(content_type=None))["detail"] == "What was sent is too large."


async def test_a_packed_body_is_read(sqlite_site: Site, sqlite_db: Database) -> None:
    headers = await bearer(sqlite_db) | {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    body = gzip.compress(json.dumps(pushed()).encode())
    assert (await sqlite_site.post(URL, data=body, headers=headers)).status == 200


@pytest.mark.parametrize("field", ["title", "text", "source", "section"])
async def test_characters_that_no_database_keeps_do_not_break_the_push(site: Site, db: Database, field: str) -> None:
    response = await site.post(URL, json=[pushed(**{field: "a\0b"}), pushed("b")], headers=await bearer(db))
    body = await response.json()
    assert response.status == 200
    assert body["results"][1]["status"] == "added"


async def test_the_latest_articles_are_read_page_by_page(site: Site, db: Database) -> None:
    source = await add_source(db)
    for number in range(5):
        await add_article(db, source, str(number), title=f"N{number}", published_at=NOON - timedelta(hours=number))
    seen, path = [], f"{URL}?limit=2"
    while path:
        body = await (await site.get(path)).json()
        seen += [article["title"] for article in body["articles"]]
        path = body["next"] and body["next"].removeprefix("https://news.example")
    assert seen == ["N0", "N1", "N2", "N3", "N4"]


async def test_an_article_is_given_with_everything_known(site: Site, db: Database) -> None:
    day = datetime.fromisoformat("2024-10-22T00:00:00+00:00")
    number = await add_article(
        db,
        await add_source(db),
        section="City",
        authors=("Ada",),
        tags=("politics",),
        keywords=("ferry",),
        published_at=day,
        published_is_day=True,
    )
    assert (await (await site.get(URL)).json())["articles"] == [
        {
            "id": number,
            "url": "https://post.example/ferry",
            "title": "Night ferry agreed",
            "text": "The council voted for a night ferry.\n\nIt starts in March.",
            "source": "Harbour Post",
            "section": "City",
            "authors": ["Ada"],
            "tags": ["politics"],
            "keywords": ["ferry"],
            "published": "2024-10-22",
            "received": "2024-10-22T12:00:00+00:00",
            "language": "en",
            "story": None,
            "page": f"https://news.example/articles/{number}",
        }
    ]


@pytest.mark.parametrize("published", [None, NOON])
async def test_a_time_is_given_as_exactly_as_the_source_did(
    site: Site, db: Database, published: datetime | None
) -> None:
    await add_article(db, await add_source(db), published_at=published)
    (article,) = (await (await site.get(URL)).json())["articles"]
    assert article["published"] == (published and "2024-10-22T12:00:00+00:00")


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("limit=0", "limit must be a whole number from 1 to 100."),
        ("limit=101", "limit must be a whole number from 1 to 100."),
        ("limit=ten", "limit must be a whole number from 1 to 100."),
        ("before=-1", "before must be a whole number from 1 to 1000000000000000000."),
        ("before=" + "9" * 5_000, "before must be a whole number from 1 to 1000000000000000000."),
    ],
)
async def test_a_wrong_parameter_is_named_with_what_would_be_right(sqlite_site: Site, query: str, detail: str) -> None:
    response = await sqlite_site.get(f"{URL}?{query}")
    answer = await response.json(content_type="application/problem+json")
    assert (response.status, answer["detail"]) == (400, detail)
    assert answer["parameter"] == query.partition("=")[0]


def references(document: Any) -> list[str]:
    """Every $ref in a JSON document."""
    if isinstance(document, dict):
        here = [document["$ref"]] if "$ref" in document else []
        return here + [ref for value in document.values() for ref in references(value)]
    return [ref for value in document for ref in references(value)] if isinstance(document, list) else []


async def test_the_api_describes_itself(sqlite_site: Site) -> None:
    document = await (await sqlite_site.get("/api/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert document["info"]["version"] == "1.2.3"
    schemas = document["components"]["schemas"]
    assert {"url", "title"} <= set(schemas["PushedArticle"]["required"])
    for ref in references(document):
        assert ref.removeprefix("#/components/schemas/") in schemas


async def test_the_description_has_every_field_of_an_answer(sqlite_site: Site, sqlite_db: Database) -> None:
    await add_article(sqlite_db, await add_source(sqlite_db))
    schemas = (await (await sqlite_site.get("/api/openapi.json")).json())["components"]["schemas"]
    (article,) = (await (await sqlite_site.get(URL)).json())["articles"]
    assert set(article) == set(schemas["Article"]["properties"])


async def test_a_repeat_under_the_same_key_gets_the_same_answer(site: Site, db: Database) -> None:
    headers = await bearer(db) | {"Idempotency-Key": "a-1"}
    first = await site.post(URL, json=pushed(), headers=headers)
    again = await site.post(URL, json=pushed(), headers=headers)
    assert (first.status, again.status) == (200, 200)
    assert await first.json() == await again.json()
    assert (await again.json())["added"] == 1
    assert ("Idempotent-Replayed" in first.headers, again.headers["Idempotent-Replayed"]) == (False, "true")
    other = await site.post(URL, json=pushed(), headers=headers | {"Idempotency-Key": "a-2"})
    assert (await other.json())["duplicate"] == 1
    wrong = await site.post(URL, json={"url": "x"}, headers=headers | {"Idempotency-Key": "a-3"})
    replayed = await site.post(URL, json={"url": "x"}, headers=headers | {"Idempotency-Key": "a-3"})
    assert (wrong.status, replayed.status, await wrong.json()) == (422, 422, await replayed.json())


async def test_a_key_for_another_body_and_a_key_that_is_none_are_refused(site: Site, db: Database) -> None:
    headers = await bearer(db) | {"Idempotency-Key": "a-1"}
    await site.post(URL, json=pushed(), headers=headers)
    other = await site.post(URL, json=pushed("boats"), headers=headers)
    assert (other.status, other.content_type) == (422, "application/problem+json")
    assert "another body" in (await other.json())["detail"]
    assert await count(db) == 1
    bad = await site.post(URL, json=pushed(), headers=headers | {"Idempotency-Key": "x" * 256})
    assert bad.status == 400


async def test_keys_belong_to_their_token(site: Site, db: Database) -> None:
    first = await site.post(URL, json=pushed(), headers=await bearer(db) | {"Idempotency-Key": "a"})
    _, secret = await tokens.create(db, "another", NOON)
    second = await site.post(
        URL, json=pushed("b"), headers={"Authorization": f"Bearer {secret}", "Idempotency-Key": "a"}
    )
    assert [(await one.json())["added"] for one in (first, second)] == [1, 1]
