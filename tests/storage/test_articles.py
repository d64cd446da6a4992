"""Articles on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.errors import NotFound
from bot.model import NewArticle, SourceKind
from bot.storage import articles, sources
from bot.storage.database import Database, Tx
from bot.storage.tables import stories
from tests.conftest import NOON

HOUR = timedelta(hours=1)


async def source_id(tx: Tx) -> int:
    return (await sources.ensure_push_source(tx, "Harbour Post", NOON, kind=SourceKind.PUSH)).id


def article(source: int, n: int = 1, **more: object) -> NewArticle:
    base = NewArticle(f"https://e.com/{n}?utm_source=x", f"e.com/{n}", f"Title {n}", "Some text.", source, NOON)
    return replace(base, **more)  # type: ignore[arg-type]


async def test_an_article_comes_back_as_it_was_given(db: Database) -> None:
    async with db.write() as tx:
        source = await source_id(tx)
        new = article(
            source,
            section="亚洲",
            authors=("Ann Example", "Bo"),
            tags=("综合",),
            keywords=("Seoul", "troops"),
            published_at=NOON - HOUR,
            published_is_day=True,
            language="en",
            image_url="https://e.com/i.png",
        )
        [key] = await articles.add_articles(tx, [new], NOON)
        stored = await articles.get(tx, key)
        assert await articles.by_url_key(tx, "e.com/1") == stored
        assert await articles.by_url_key(tx, "e.com/9") is None
    assert (stored.source_title, stored.source_label) == ("Harbour Post", "Harbour Post-亚洲")
    assert (stored.story_id, stored.revision) == (None, 1)
    for name in ("url", "title", "text", "section", "authors", "tags", "keywords", "published_at", "published_is_day"):
        assert getattr(stored, name) == getattr(new, name), name


async def test_the_same_article_again_changes_nothing(db: Database) -> None:
    async with db.write() as tx:
        source = await source_id(tx)
        first = await articles.add_articles(tx, [article(source, 1), article(source, 2)], NOON)
        again = await articles.add_by_key(
            tx, [article(source, 2, title="Changed"), article(source, 3), article(source, 3, title="Twin")], NOON
        )
        stored = await articles.by_ids(tx, [*first, *again.values(), 999])
    assert first == sorted(first)
    assert len(first) == 2
    assert list(again) == ["e.com/3"]
    assert [one.title for one in stored.values()] == ["Title 1", "Title 2", "Title 3"]


async def test_many_articles_are_stored_at_once(db: Database) -> None:
    async with db.write() as tx:
        source = await source_id(tx)
        ids = await articles.add_articles(tx, [article(source, n) for n in range(1_203)], NOON)
        assert await articles.add_articles(tx, [], NOON) == []
        assert len(await articles.by_ids(tx, ids)) == len(ids) == len(set(ids)) == 1_203
        await articles.mark_matched(tx, ids, NOON)
        assert await articles.unmatched(tx, 5) == []


async def test_what_no_database_keeps_is_left_out(db: Database) -> None:
    async with db.write() as tx:
        name = "Post\0"
        ids = await sources.ensure_push_sources(tx, [name], NOON)
        new = article(ids[name], title="a\0b", text="half \ud83d pair", tags=("x\0",))
        [key] = await articles.add_articles(tx, [new], NOON)
        stored = await articles.get(tx, key)
    assert (stored.title, stored.text, stored.tags, stored.source_title) == ("ab", "half  pair", ("x",), "Post")


async def test_keys_are_known_once_stored_or_forgotten(db: Database) -> None:
    async with db.write() as tx:
        source = await source_id(tx)
        await articles.add_articles(tx, [article(source, 1, received_at=NOON - 48 * HOUR), article(source, 2)], NOON)
        await articles.forget_before(tx, NOON - 24 * HOUR, NOON)
        assert await articles.known(tx, ["e.com/1", "e.com/2", "e.com/3"]) == {"e.com/1", "e.com/2"}
        assert list(await articles.ids_by_key(tx, ["e.com/1", "e.com/2", "e.com/3"])) == ["e.com/2"]


async def test_an_unknown_article_is_not_found(db: Database) -> None:
    async with db.read() as tx:
        with pytest.raises(NotFound):
            await articles.get(tx, 7)


async def test_readers_see_an_article_at_its_time_but_never_in_the_future(db: Database) -> None:
    async with db.write() as tx:
        source = await source_id(tx)
        ids = await articles.add_articles(
            tx,
            [
                article(source, 1, published_at=NOON - 3 * HOUR),
                article(source, 2, published_at=NOON + 900 * HOUR),
                article(source, 3, published_at=NOON - 2 * HOUR),
                article(source, 4, published_at=NOON - 2 * HOUR),
            ],
            NOON,
        )
        newest = await articles.latest(tx, 2)
        rest = await articles.latest(tx, 9, before=newest[-1].id)
    assert [one.id for one in newest + rest] == [ids[1], ids[3], ids[2], ids[0]]


async def test_the_latest_of_one_source_or_one_story(db: Database) -> None:
    async with db.write() as tx:
        source = await source_id(tx)
        other = await sources.ensure_push_source(tx, "Other", NOON)
        first, second, third = await articles.add_articles(
            tx, [article(source, 1), article(source, 2), article(other.id, 3)], NOON
        )
        story = await new_story(tx)
        await articles.set_story(tx, {first: story, third: story})
        assert [one.id for one in await articles.latest(tx, 9, source_id=source)] == [second, first]
        assert [one.id for one in await articles.latest(tx, 9, story_id=story)] == [third, first]


async def new_story(tx: Tx) -> int:
    statement = stories.insert().values(created_at=NOON, last_article_at=NOON).returning(stories.c.id)
    story: int = (await tx.execute(statement)).scalar_one()
    return story


async def test_what_came_in_is_counted_by_when_it_came(db: Database) -> None:
    async with db.write() as tx:
        source = await source_id(tx)
        await articles.add_articles(
            tx, [article(source, n, received_at=NOON + n * HOUR, published_at=NOON) for n in range(4)], NOON
        )
        assert await articles.count_received(tx, NOON + HOUR, NOON + 3 * HOUR) == 2
        assert await articles.count_all(tx) == 4


async def test_every_step_finds_what_it_has_not_seen(db: Database) -> None:
    async with db.write() as tx:
        source = await source_id(tx)
        ids = await articles.add_articles(tx, [article(source, n) for n in range(3)], NOON)
        assert [one.id for one in await articles.ungrouped(tx, 2, NOON)] == ids[:2]
        one, two = await new_story(tx), await new_story(tx)
        await articles.set_story(tx, {ids[0]: one, ids[1]: two})
        assert [one.id for one in await articles.ungrouped(tx, 9, NOON)] == ids[2:]
        assert [one.story_id for one in (await articles.by_ids(tx, ids)).values()] == [one, two, None]

        assert await articles.unalerted(tx, 9) == []
        await articles.mark_matched(tx, [ids[0], ids[2]], NOON)
        assert [one.id for one in await articles.unmatched(tx, 9)] == [ids[1]]
        assert [one.id for one in await articles.unalerted(tx, 9)] == [ids[0]]
        await articles.mark_alerted(tx, [ids[0]], NOON)
        assert await articles.unalerted(tx, 9) == []
        await articles.set_story(tx, {})


async def test_a_silent_article_is_matched_but_never_alerted(db: Database) -> None:
    async with db.write() as tx:
        source = await source_id(tx)
        ids = await articles.add_articles(tx, [article(source, silent=True)], NOON)
        await articles.set_story(tx, {ids[0]: await new_story(tx)})
        assert [one.id for one in await articles.unmatched(tx, 9)] == ids
        await articles.mark_matched(tx, ids, NOON)
        assert await articles.unalerted(tx, 9) == []


async def test_a_search_wants_a_literal_of_every_group(db: Database) -> None:
    async with db.write() as tx:
        source = await source_id(tx)
        texts = ("seoul sends troops", "seoul rests", "pyongyang sends troops", "a hundred", "100 of aab")
        ids = await articles.add_articles(
            tx,
            [article(source, n, title="t", text=text, published_at=NOON - n * HOUR) for n, text in enumerate(texts)],
            NOON,
        )

        async def found(*groups: tuple[str, ...], since: int = 99, limit: int | None = None) -> list[int]:
            some = await articles.search_folded(tx, groups, NOON - since * HOUR, limit)
            return [ids.index(one.id) for one in some]

        assert await found(("seoul", "pyongyang"), ("troops",)) == [0, 2]
        assert await found(("seoul", "pyongyang"), ("troops",), limit=1) == [0]
        assert await found(("seoul", "pyongyang"), ("troops",), since=1) == [0]
        assert await found(("100",)) == [4]
        assert await found(("1_0",)) == await found(("1%0",)) == []  # no wildcards
        assert await found(("nowhere",)) == []
        assert await found(("seoul",), tuple(f"w{n}" for n in range(1_500))) == [0, 1]


async def test_a_forgotten_article_does_not_come_back_as_new(db: Database) -> None:
    async with db.write() as tx:
        source = await source_id(tx)
        old, new = article(source, 1, received_at=NOON - 48 * HOUR), article(source, 2)
        await articles.add_articles(tx, [old, new], NOON)
        assert await articles.forget_before(tx, NOON - 24 * HOUR, NOON) == 1
        assert await articles.forget_before(tx, NOON - 24 * HOUR, NOON) == 0
        assert await articles.add_articles(tx, [old, new], NOON) == []
        assert await articles.count_all(tx) == 1


async def test_what_is_said_lately_is_read_as_the_matcher_sees_it(db: Database) -> None:
    async with db.write() as tx:
        source = await source_id(tx)
        new = [
            article(source, 1, title="Chips", text="Zürich", published_at=NOON - 2 * HOUR, language="de"),
            article(source, 2, title="Ships", text="", published_at=NOON - HOUR, language="en"),
            article(source, 3, title="Quips", text="", published_at=NOON - 3 * HOUR, language="en"),
            article(source, 4, title="Nips", text="", published_at=NOON - HOUR),
        ]
        await articles.add_articles(tx, new, NOON)
        assert (await articles.latest_folded(tx, 3))[-1] == " chips \n zurich "
        assert await articles.languages_since(tx, NOON - 5 * HOUR) == ["en", "de"]
        assert await articles.languages_since(tx, NOON - HOUR) == ["en"]
