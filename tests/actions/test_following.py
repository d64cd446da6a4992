"""Two processes on one database: each comes to know what the other takes up and lets go, in whatever order."""

import random

from bot.actions.matching import LiveMatcher
from bot.actions.subscriptions import unsubscribe
from bot.pipeline.match import follow
from bot.storage import articles, subscriptions
from bot.storage.database import Database
from tests.make import Newsroom, a_source, an_article, stored

TOPICS = ["Seoul", "Busan votes", '"snow"', "首尔", "Seoul AND snow", "(Busan OR 首尔) -football", "title:snow", "Kim*"]


async def test_every_process_follows_what_the_others_change(db: Database) -> None:
    chance = random.Random(4)
    here = Newsroom(db)
    there = Newsroom(db, matcher=LiveMatcher())
    people = [await here.chat(number) for number in range(1, 4)]
    async with db.write() as tx:
        source = await a_source(tx)
        (article_id,) = await stored(tx, an_article(source, "Snow in Seoul", "Busan votes, 首尔 too. Kims."))
        article = await articles.get(tx, article_id)
    for round_number in range(40):
        one, process = chance.choice(people), chance.choice([here, there])
        own = await subscriptions_of(db, one.id)
        if own and chance.random() < 0.5:
            await unsubscribe(db, process.matcher, one, chance.choice(own))
        else:
            await process.follow(one, chance.choice(TOPICS))
        if round_number % 3 == 0:
            for newsroom in (here, there):
                await follow(db, newsroom.matcher)
            anew = LiveMatcher()
            await follow(db, anew)
            assert len(here.matcher) == len(there.matcher) == len(anew)
            expected = anew.match([article])
            assert here.matcher.match([article]) == expected
            assert there.matcher.match([article]) == expected


async def subscriptions_of(db: Database, chat_id: int) -> list[int]:
    """The ids of a chat's subscriptions."""
    async with db.read() as tx:
        return [its.id for its in await subscriptions.of_chat(tx, chat_id)]
