"""Updates that Telegram brings: only with the secret, and only whole ones."""

from dataclasses import replace
from typing import Any

import pytest

from bot.web.deps import WebDeps
from tests.web.conftest import Serve, Site

URL = "/telegram/webhook"
SECRET = {"X-Telegram-Bot-Api-Secret-Token": "s3cret"}


class Inbox(list[dict[str, Any]]):
    """Keeps the updates that came."""

    async def take(self, update: dict[str, Any]) -> None:
        self.append(update)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def door(sqlite_deps: WebDeps, serve: Serve, inbox: Inbox) -> Site:
    return await serve(replace(sqlite_deps, on_update=inbox.take, webhook_secret="s3cret"))


async def test_an_update_with_the_secret_is_taken(door: Site, inbox: Inbox) -> None:
    assert (await door.post(URL, json={"update_id": 7}, headers=SECRET)).status == 200
    assert inbox == [{"update_id": 7}]


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "wrong"}])
async def test_an_update_without_the_secret_is_refused(door: Site, inbox: Inbox, headers: dict[str, str]) -> None:
    response = await door.post(URL, json={"update_id": 7}, headers=headers)
    assert response.status == 403
    assert inbox == []


async def test_a_door_without_a_secret_opens_to_nobody(sqlite_deps: WebDeps, serve: Serve, inbox: Inbox) -> None:
    site = await serve(replace(sqlite_deps, on_update=inbox.take))
    empty = {"X-Telegram-Bot-Api-Secret-Token": ""}
    assert (await site.post(URL, json={"update_id": 7}, headers=empty)).status == 403


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b""])
async def test_what_is_no_update_is_refused(door: Site, inbox: Inbox, body: bytes) -> None:
    response = await door.post(URL, data=body, headers=SECRET)
    assert response.status == 400
    assert inbox == []


async def test_where_updates_are_polled_there_is_no_door(sqlite_site: Site) -> None:
    assert (await sqlite_site.post(URL, json={}, headers=SECRET)).status == 404


async def test_an_update_that_could_not_be_handled_is_asked_for_again(sqlite_deps: WebDeps, serve: Serve) -> None:
    async def fail(_update: dict[str, Any]) -> None:
        raise RuntimeError

    site = await serve(replace(sqlite_deps, on_update=fail, webhook_secret="s3cret"))
    assert (await site.post(URL, json={"update_id": 7}, headers=SECRET)).status == 500
