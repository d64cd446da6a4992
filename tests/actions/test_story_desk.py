"""What admins correct in the grouping stays, and nobody is told twice for it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.actions import story_desk
from bot.actions.account import Visitor
from bot.errors import AccessDenied, BadInput, NotFound
from bot.model import DeliveryKind, Role
from bot.pipeline.group import Grouper
from bot.rules.urls import url_key
from bot.storage import articles, stories, told
from bot.storage.database import Database
from tests.conftest import NOON
from tests.make import DAY, a_chat, a_source, a_user, an_article, stored

FLOOD = "Water broke into the harbour tunnel of Marrow Bay on Monday night and closed the only road to the ferry port."
OPERA = "The opera of Saltmere has a new roof at last, and the first night is sold out, the director said on Sunday."
VOTE = "Ines Calder won the mayoral vote in Marrow Bay with 54 per cent and promised cheaper buses and two new schools."


class Desk:
    """Three stories, one of them of two articles, an admin, and a chat that was told the first."""

    def __init__(self, db: Database, admin: Visitor, chat: int, ids: list[int], urls: list[str]) -> None:
        self.db, self.admin, self.chat, self.ids, self.urls = db, admin, chat, ids, urls
        self.grouper = Grouper()

    async def story_of(self, article_id: int) -> int | None:
        async with self.db.read() as tx:
            return (await articles.get(tx, article_id)).story_id

    async def publish(self, title: str, text: str) -> int:
        async with self.db.write() as tx:
            [article_id] = await stored(tx, an_article(await a_source(tx, title), title, text, at=NOON))
        await self.grouper.run(self.db, NOON)
        return article_id


async def a_desk(db: Database) -> Desk:
    async with db.write() as tx:
        chat = await a_chat(tx)
        user = replace(await a_user(tx), role=Role.ADMIN)
        new = [
            an_article(await a_source(tx, name), title, text, at=NOON)
            for name, title, text in (
                ("Harbour Post", "Flood closes the harbour tunnel in Marrow Bay", FLOOD),
                ("Lantern Daily", "Harbour tunnel in Marrow Bay closed by flood", FLOOD),
                ("Opera News", "A new roof for the opera", OPERA),
                ("Vote Watch", "Ines Calder wins in Marrow Bay", VOTE),
            )
        ]
        new = [replace(one, url_key=url_key(one.url)) for one in new]
        ids = await stored(tx, *new)
    desk = Desk(db, Visitor(user, chat), chat.id, ids, [one.url for one in new])
    await desk.grouper.run(db, NOON)
    assert [await desk.story_of(one) for one in ids] == [ids[0], ids[0], ids[2], ids[3]]
    async with db.write() as tx:
        await told.tell(tx, chat.id, {ids[0]: ids[1]}, DeliveryKind.ALERT, NOON)
    return desk


async def test_two_stories_become_one_with_all_who_know_either(db: Database) -> None:
    desk = await a_desk(db)
    first, second, opera, _ = desk.ids
    shown = await story_desk.show(db, desk.admin, [desk.urls[2], desk.urls[1]], NOON)
    assert (shown.id, [one.id for one in shown.articles]) == (first, [first, second, opera])
    assert await desk.publish("The opera has a new roof", OPERA) in [
        one.id for one in (await story_desk.show(db, desk.admin, [desk.urls[0]], NOON)).articles
    ]
    async with db.write() as tx:
        assert (desk.chat, first) in await told.of(tx, [desk.chat], [first])
        assert await stories.forget_empty(tx) == 0
        await articles.forget_before(tx, NOON + DAY, NOON)
        assert await stories.forget_empty(tx) > 0


async def test_an_article_leaves_its_story_and_later_ones_like_it_follow(db: Database) -> None:
    desk = await a_desk(db)
    first, second, *_ = desk.ids
    rest = await story_desk.split(db, desk.admin, second, NOON)
    assert [one.id for one in rest.articles] == [first]
    assert await desk.story_of(second) == second
    async with db.read() as tx:
        assert set(await told.of(tx, [desk.chat], [first, second])) == {(desk.chat, first), (desk.chat, second)}
    with pytest.raises(BadInput, match="story_of_one"):
        await story_desk.split(db, desk.admin, second, NOON)
    await story_desk.show(db, desk.admin, desk.urls[:2], NOON)
    assert await desk.story_of(second) == first
    await story_desk.split(db, desk.admin, second, NOON)
    assert await desk.story_of(second) == second


async def test_when_the_first_article_leaves_the_others_get_a_story_of_their_own(db: Database) -> None:
    desk = await a_desk(db)
    first, second, *_ = desk.ids
    rest = await story_desk.split(db, desk.admin, first, NOON + timedelta(hours=1))
    assert (rest.id, [one.id for one in rest.articles]) == (second, [second])
    assert await desk.story_of(first) == first


async def test_what_is_not_known_or_not_allowed_is_refused(db: Database) -> None:
    desk = await a_desk(db)
    with pytest.raises(BadInput, match="unknown_article"):
        await story_desk.show(db, desk.admin, ["https://nowhere.example/a"], NOON)
    with pytest.raises(BadInput, match="bad_url"):
        await story_desk.show(db, desk.admin, ["flood"], NOON)
    with pytest.raises(NotFound):
        await story_desk.split(db, desk.admin, 999, NOON)
    reader = replace(desk.admin, user=replace(desk.admin.user, role=Role.READER))
    with pytest.raises(AccessDenied):
        await story_desk.show(db, reader, desk.urls, NOON)
    async with db.write() as tx:
        [lone] = await stored(tx, an_article(await a_source(tx, "Late"), "Not grouped yet", at=NOON))
    with pytest.raises(NotFound):
        await story_desk.split(db, desk.admin, lone, NOON)
