"""More ways in: channels, proposals of readers, and packs of well-known feeds."""

from datetime import UTC, datetime

import pytest

from bot.actions import catalogue
from bot.actions.catalogue import Pack
from bot.rules.opml import Outline
from bot.sandbox import cast
from bot.sandbox.outlets import Outlets
from bot.sandbox.server import Sandbox
from bot.storage import articles, matches, sources
from tests.app.conftest import Start, settled

CHANNEL = "Morning headlines"


async def test_a_channel_becomes_a_source_when_the_admin_who_added_the_bot_says_so(
    sandbox: Sandbox, start: Start
) -> None:
    app = await start(admins=(cast.ADA_ID,))
    await sandbox.ask("Ada", "/start")
    await sandbox.ask("You", "/start")
    followed = await sandbox.ask("You", "/subscribe ferries", "Following")
    await sandbox.tap("You", "Alerts", message=followed)
    await sandbox.heard()
    mark = sandbox.mark()
    sandbox.add_bot(CHANNEL, by="Ada")
    asked = await sandbox.wait_for("Ada", "You added me to Morning headlines.", since=mark)
    await sandbox.say(CHANNEL, "Too early\nNobody reads this yet.")
    await sandbox.tap("Ada", "Read it", message=asked)
    await sandbox.wait_for("Ada", "Morning headlines is a source now")
    post = await sandbox.say(CHANNEL, "Ferries stop at noon\nThe crews of Marrow Bay went on strike at noon on Monday.")
    alert = await sandbox.wait_for("You", "Ferries stop at noon", since=mark)
    assert "Morning headlines" in alert.text
    assert f"https://t.me/morning_headlines/{post.id}" in alert.links
    sandbox.world.edit_own(post, "Boats sail again\nThe strike of Marrow Bay is over, said the crews on Monday.")
    await sandbox.say(CHANNEL, "New ferries come\nTwo of them, in March.")
    await sandbox.wait_for("You", "New ferries come", since=mark)  # later than the edit
    async with app.db.read() as tx:
        [later, article] = await articles.latest(tx, 9)
        met = await matches.of_articles(tx, [later.id, article.id])
    assert (article.title, article.revision, article.source_title) == ("Boats sail again", 2, "Morning headlines")
    assert [match.article_id for match in met] == [later.id]  # what the post said before is met no more
    assert article.published_at == datetime.fromtimestamp(post.date, UTC)
    listed = await sandbox.ask("Ada", "/source list", "1 source")
    assert "sends its own articles" in listed.text
    await sandbox.tap("Ada", "Morning headlines", message=listed)
    await sandbox.wait_for("Ada", "telegram:-100")


async def test_a_channel_is_not_read_unasked_and_not_by_strangers(sandbox: Sandbox, start: Start) -> None:
    app = await start(admins=(cast.ADA_ID,))
    await sandbox.ask("Ada", "/start")
    mark = sandbox.mark()
    sandbox.add_bot(CHANNEL, by="Ada")
    asked = await sandbox.wait_for("Ada", "You added me", since=mark)
    read = asked.button("Read it")["callback_data"]
    forged = await sandbox.answer_to(sandbox.world.tap(asked, read, sandbox.world.user("You")))
    assert forged.answer == "This is for the bot's admins."
    await sandbox.tap("Ada", "No", message=asked)
    await sandbox.wait_for("Ada", "Its posts are not read.")
    await sandbox.say(CHANNEL, "Nobody reads this.")
    await sandbox.heard()
    sandbox.world.chat(CHANNEL).username = ""
    tap = await sandbox.answer_to(sandbox.world.tap(asked, read, sandbox.world.user("Ada")))
    assert "Only public channels" in (tap.answer or "")
    async with app.db.read() as tx:
        assert await articles.latest(tx, 9) == []


async def test_a_reader_proposes_a_site_and_an_admin_adds_it_with_one_tap(
    sandbox: Sandbox, start: Start, outlets: Outlets
) -> None:
    app = await start(admins=(cast.ADA_ID,))
    await sandbox.ask("Ada", "/start")
    await sandbox.ask("李娜", "/start")
    feed = outlets.feeds(sandbox.url)[0]
    site = feed.url.removesuffix("feed.xml")
    await sandbox.ask("李娜", site, "要请管理员收录这个网站吗")
    mark = sandbox.mark()
    await sandbox.tap("李娜", "推荐为来源")
    await sandbox.wait_for("李娜", "已推荐")
    asked = await sandbox.wait_for("Ada", "proposes", since=mark)
    assert asked.text.startswith(f"李娜 proposes {feed.title} as a source.")
    assert feed.url in asked.text
    await sandbox.ask("李娜", site)
    await sandbox.tap("李娜", "推荐为来源")
    await sandbox.wait_for("李娜", "已有人推荐")
    mark = sandbox.mark()
    await sandbox.tap("Ada", "Add it", message=asked)
    await sandbox.wait_for("Ada", f"Added {feed.title}")
    await sandbox.wait_for("李娜", f"你推荐的 {feed.title} 已开始收录", since=mark)
    async with app.db.read() as tx:
        [source] = await sources.feeds(tx)
    assert source.url == feed.url
    again = await sandbox.answer_to(sandbox.world.tap(asked, "proposal:no:1", sandbox.world.user("Ada")))
    assert again.answer == "This was decided already."
    await sandbox.ask("李娜", site)
    await sandbox.tap("李娜", "推荐为来源")
    await sandbox.wait_for("李娜", "已经添加过")


async def test_a_proposal_that_is_no_feed_bothers_no_admin_and_a_refused_one_is_told(
    sandbox: Sandbox, start: Start, outlets: Outlets
) -> None:
    await start(admins=(cast.ADA_ID,))
    await sandbox.ask("Ada", "/start")
    await sandbox.ask("You", "/start")
    before = len(sandbox.sent("Ada"))
    await sandbox.ask("You", "http://127.0.0.1:1/feed", "Shall I ask the admins to read this site?")
    await sandbox.tap("You", "Propose as a source")
    await sandbox.wait_for("You", "can't be reached")
    assert len(sandbox.sent("Ada")) == before
    feed = outlets.feeds(sandbox.url)[1]
    await sandbox.ask("You", feed.url)
    mark = sandbox.mark()
    await sandbox.tap("You", "Propose as a source")
    asked = await sandbox.wait_for("Ada", "proposes", since=mark)
    await sandbox.wait_for("You", "Proposed:")
    mark = sandbox.mark()
    await sandbox.tap("Ada", "No", message=asked)
    await sandbox.wait_for("Ada", f"Not added: {feed.title}.")
    await sandbox.wait_for("You", f"The admins decided against {feed.title}", since=mark)


async def test_an_admin_pastes_an_address_and_adds_it(sandbox: Sandbox, start: Start, outlets: Outlets) -> None:
    await start(admins=(cast.ADA_ID,))
    await sandbox.ask("Ada", outlets.feeds(sandbox.url)[0].url, "What shall become of this address?")
    await sandbox.tap("Ada", "Add as a source")
    await sandbox.wait_for("Ada", "imported silently")
    article = outlets.articles()[0]
    await sandbox.ask("Ada", f"{sandbox.url}{article.path}", "What shall become of this address?")
    await sandbox.tap("Ada", "Post it")
    await sandbox.wait_for("Ada", "Not sent.")


async def test_an_owner_whose_bot_reads_nothing_is_offered_packs_and_gets_a_briefing(
    sandbox: Sandbox, start: Start, outlets: Outlets, monkeypatch: pytest.MonkeyPatch
) -> None:
    feeds = tuple(Outline(feed.url, feed.title) for feed in outlets.feeds(sandbox.url)[:3])
    packs = (Pack("en", "world", feeds), Pack("zh", "world", feeds[:1]))
    monkeypatch.setattr(catalogue, "packs", lambda: packs)
    app = await start(admins=(cast.ADA_ID,))
    greeting = await sandbox.ask("Ada", "/start", "Tap a pack of well-known feeds")
    assert greeting.buttons == ["English: World 3", "All languages and topics"]
    await sandbox.tap("Ada", "All languages and topics")
    shown = await sandbox.wait_for("Ada", "Well-known feeds in English.")
    assert shown.buttons == ["World 3", "Chinese"]
    await sandbox.tap("Ada", "Chinese", message=shown)
    await sandbox.wait_for("Ada", "Well-known feeds in Chinese.")
    mark = sandbox.mark()
    await sandbox.tap("Ada", "English: World 3", message=greeting)
    added = await sandbox.wait_for("Ada", "3 sources added", since=mark)
    assert added.buttons == ["First briefing", "List the sources"]
    await settled(app)
    again = await sandbox.ask("Ada", "/source catalogue", "Well-known feeds in English.")
    await sandbox.tap("Ada", "World 3", message=again)
    known = await sandbox.wait_for("Ada", "0 sources added")
    assert known.buttons == ["List the sources"]
    stale = await sandbox.answer_to(sandbox.world.tap(again, "pack:xx-none", sandbox.world.user("Ada")))
    assert stale.alert
