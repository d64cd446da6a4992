"""What admins do with sources and posts, and what the bot tells them of its own accord."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import web

from bot.app import App, Part
from bot.errors import WorkerError
from bot.model import Feed, NewArticle, SourceKind
from bot.sandbox import cast
from bot.sandbox.server import Sandbox
from bot.storage import articles, deliveries, sources
from tests.app.conftest import Start, settled

FEED = """<rss version="2.0"><channel><title>Harbour Post</title><link>https://harbour.example/</link>
<item><title>{title}</title><link>https://harbour.example/{number}</link><description>Ships wait.</description></item>
</channel></rss>"""
PAGE = """<html><head><title>Ferries are late again</title></head><body><article><h1>Ferries are late again</h1>
<p>The ferries of Marrow Bay were late for the ninth day in a row on Monday, the harbour office said.</p>
<p>Two engines are being repaired, and spare parts come from abroad. Passengers waited for three hours.</p>
<p>The operator promised to pay back every ticket that was sold for the morning, and to add buses.</p>
</article></body></html>"""


class Site:
    """An outlet that a test makes well or ill."""

    def __init__(self) -> None:
        self.status = 200
        self.number = 1
        self.root = ""

    async def feed(self, _: web.Request) -> web.Response:
        text = FEED.format(title=f"Ships at sea, day {self.number}", number=self.number)
        return web.Response(status=self.status, text=text, content_type="application/rss+xml")

    async def page(self, _: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    its = Site()
    app = web.Application()
    app.router.add_get("/feed", its.feed)
    app.router.add_get("/ferries", its.page)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    its.root = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield its
    await runner.cleanup()


async def make_due(app: App) -> None:
    """The sources' time has come."""
    now = app.clock.now()
    async with app.db.write() as tx:
        for its in await sources.list_counted(tx, now):
            await sources.resume(tx, its.source.id, now)
    app.wake("collect")
    await settled(app)


async def test_a_source_is_added_opened_paused_resumed_tested_and_removed(
    sandbox: Sandbox, start: Start, site: Site
) -> None:
    app = await start(admins=(cast.ADA_ID,))
    await sandbox.ask("Ada", "/source", "/source list shows every source")
    await sandbox.tap("Ada", "List the sources")
    await sandbox.wait_for("Ada", "No sources yet.")
    await sandbox.ask("Ada", f"/source {site.root}/feed", "Added Harbour Post: 1 article imported silently.")
    await sandbox.ask("Ada", f"/source add {site.root}/feed", "This source has been added already.")
    listed = await sandbox.ask("Ada", "/source list", "1 source")
    assert "1. Harbour Post\n1 article in the last day · well, read " in listed.text
    await sandbox.tap("Ada", "Harbour Post", message=listed)
    opened = await sandbox.wait_for("Ada", f"{site.root}/feed")
    assert opened.buttons == ["Test now", "Pause", "Step by step", "Remove", "List the sources"]
    await sandbox.tap("Ada", "Pause", message=opened)
    paused = await sandbox.wait_for("Ada", "paused")
    assert paused.id == opened.id
    await sandbox.tap("Ada", "Resume", message=opened)
    await sandbox.wait_for("Ada", lambda message: "Pause" in message.buttons)
    await settled(app)
    site.number = 2
    await sandbox.tap("Ada", "Test now", message=opened)
    await sandbox.wait_for("Ada", "Tested: it can be read; 1 new article.")
    site.status = 503
    await sandbox.tap("Ada", "Test now", message=opened)
    await sandbox.wait_for("Ada", "Tested: 127.0.0.1 answered with status 503.")
    await sandbox.tap("Ada", "Remove", message=opened)
    await sandbox.wait_for("Ada", "Remove Harbour Post with its 2 articles?")
    await sandbox.tap("Ada", "Keep", message=opened)
    await sandbox.wait_for("Ada", "2 articles in the last day")
    await sandbox.tap("Ada", "Remove", message=opened)
    question = await sandbox.wait_for("Ada", "Remove Harbour Post")
    again = question.button("Remove it")["callback_data"]
    await sandbox.tap("Ada", "Remove it", message=opened)
    await sandbox.wait_for("Ada", "Harbour Post is removed.")
    for data in (again, "source:1", "srcdo:pause:1", "srcdo:sell:1"):
        tap = await sandbox.answer_to(sandbox.world.tap(opened, data, sandbox.world.user("Ada")))
        assert tap.alert, data
    await sandbox.tap("Ada", "List the sources", message=opened)
    await sandbox.wait_for("Ada", "No sources yet.")


async def test_a_source_that_falls_ill_is_told_to_the_admins_with_its_reason_once_a_day(
    sandbox: Sandbox, start: Start, site: Site
) -> None:
    app = await start(admins=(cast.ADA_ID,))
    await sandbox.ask("You", "/start")
    await sandbox.ask("Ada", f"/source add {site.root}/feed", "Added Harbour Post")
    mark = sandbox.mark()
    site.status = 503
    for _ in range(3):
        await make_due(app)
    alarm = await sandbox.wait_for("Ada", "can't be read", since=mark)
    assert alarm.text.startswith("Harbour Post can't be read: 127.0.0.1 answered with status 503. It is tried again")
    listed = await sandbox.ask("Ada", "/source list", "can't be read: 127.0.0.1 answered with status 503.")
    mark = sandbox.mark()
    site.status, site.number = 200, 2
    await make_due(app)
    site.status = 503  # well for a while, and ill again on the same day
    for _ in range(3):
        await make_due(app)
    async with app.db.read() as tx:
        assert len(await deliveries.of_chat(tx, 2)) == 1
    assert not [message for message in sandbox.sent("Ada") if message.revision > mark]
    assert not [message for message in sandbox.sent("You") if "can't be read" in message.text]
    await sandbox.tap("Ada", "Pause source", message=alarm)
    await sandbox.wait_for("Ada", "paused")
    site.status = 200
    await sandbox.tap("Ada", "Test now", message=alarm)
    await sandbox.wait_for("Ada", "Tested: it can be read; 0 new articles.")
    await sandbox.tap("Ada", "Harbour Post", message=listed)
    await sandbox.wait_for("Ada", "2 articles in the last day · paused")


async def test_a_source_whose_reading_fails_is_said_to_be_not_added(
    sandbox: Sandbox, start: Start, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = await start(admins=(cast.ADA_ID,))

    async def die(*_: object, **__: object) -> Feed:
        raise WorkerError("worker_died")

    monkeypatch.setattr(app.workers, "parse_feed", die)
    answer = await sandbox.ask("Ada", f"/source add {site.root}/feed", "Not added")
    assert "List the sources" in answer.buttons


async def test_a_post_of_an_article_is_previewed_tested_and_sent(sandbox: Sandbox, start: Start, site: Site) -> None:
    app = await start(admins=(cast.ADA_ID,))
    for name in ("You", "李娜", "Ada"):
        await sandbox.ask(name, "/start")
    await sandbox.ask("李娜", "/settings")
    await sandbox.tap("李娜", "不收公告")
    await sandbox.wait_for("李娜", "否")
    await sandbox.ask("Ada", "/post", "Write the post, or an article's address, after it")
    await sandbox.ask("Ada", "/post http://127.0.0.1:1/nothing", "Not read: http://127.0.0.1:1/nothing")
    question = await sandbox.ask("Ada", f"/post {site.root}/ferries", "Not sent.")
    assert "2 chats; 1 more takes no posts." in question.text
    preview = sandbox.sent("Ada")[-2]
    assert preview.text.startswith("Ferries are late again\n127.0.0.1 · ")
    assert f"{site.root}/ferries" in preview.links
    await settled(app)
    mark = sandbox.mark()
    tap = await sandbox.tap("Ada", "Test to me", message=question)
    test = await sandbox.wait_for("Ada", "Ferries are late again")
    assert test.raw == preview.raw
    assert (await sandbox.answer_to(tap)).answer == "Sent to you alone"
    assert not [message for message in sandbox.sent("You") if message.revision > mark]
    tap = await sandbox.tap("Ada", "Send", message=question)
    await sandbox.wait_for("You", "Ferries are late again", since=mark)
    assert (await sandbox.answer_to(tap)).answer == "Sending"
    await sandbox.wait_for("Ada", "Sent 2 of 2")
    assert not [message for message in sandbox.sent("李娜") if "Ferries" in message.text]
    again = await sandbox.ask("Ada", f"/post {site.root}/ferries", "Not sent.")
    assert "2 already had this story" in again.text
    stop = again.button("Cancel")["callback_data"]
    send = again.button("Send")["callback_data"]
    await sandbox.tap("Ada", "Cancel", message=again)
    await sandbox.wait_for("Ada", "Cancelled. Nobody got it.")
    tap = await sandbox.answer_to(sandbox.world.tap(again, send, sandbox.world.user("Ada")))
    assert (tap.answer, tap.alert) == ("This post was cancelled. Send /post again to make a new one.", True)
    forged = await sandbox.answer_to(sandbox.world.tap(again, stop, sandbox.world.user("You")))
    assert forged.answer == "Only admins and editors post."


async def test_the_rest_of_a_post_is_stopped_while_it_goes_out(sandbox: Sandbox, start: Start) -> None:
    await start(admins=(cast.ADA_ID,), rate=1)
    for number in range(4):
        sandbox.add_user(f"Reader{number}")
        await sandbox.ask(f"Reader{number}", "/start")
    question = await sandbox.ask("Ada", "/post Low water at noon", "Not sent.")
    held = sandbox.fail("hold", "sendMessage", times=None)
    await sandbox.tap("Ada", "Send", message=question)
    await sandbox.wait_for("Ada", "Sending 0 of 5")
    await held.reached()
    tap = await sandbox.tap("Ada", "Stop the rest", message=question)
    assert (await sandbox.answer_to(tap)).answer == "Stopped"
    held.release()
    sandbox.recover()
    # What was on its way has arrived and can be changed; there is nothing left to stop.
    await sandbox.wait_for("Ada", lambda message: "Stopped" in message.text and message.buttons == ["Edit", "Withdraw"])
    got = [n for n in range(4) if any("Low water" in message.text for message in sandbox.sent(f"Reader{n}"))]
    assert len(got) < 4


async def test_every_kind_of_source_is_listed_with_what_it_brings(sandbox: Sandbox, start: Start) -> None:
    app = await start(admins=(cast.ADA_ID,), parts={Part.SEND, Part.WEB})
    now = app.clock.now()
    async with app.db.write() as tx:
        await sources.add(tx, kind=SourceKind.FEED, url="http://127.0.0.1:1/", title="", now=now, next_fetch_at=now)
        pushed = (await sources.ensure_push_source(tx, "Agency <A>", now)).id
        for number, days in enumerate((0, 3)):
            url = f"agency.example/{number}"
            at = now - timedelta(days=days)
            await articles.add_articles(tx, [NewArticle(f"https://{url}", url, "Ships", "", pushed, at)], at)
    listed = await sandbox.ask("Ada", "/source list", "2 sources")
    assert "Agency <A>\n2 articles · 1 in the last day · sends its own articles" in listed.text
    assert "http://127.0.0.1:1/\n0 articles · not read yet" in listed.text
    await sandbox.tap("Ada", "Agency <A>", message=listed)
    opened = await sandbox.wait_for("Ada", "push:Agency <A>")
    assert opened.buttons == ["Remove", "List the sources"]
    assert "can't be read" not in opened.text


async def test_an_admin_sees_how_the_bot_stands(sandbox: Sandbox, start: Start) -> None:
    await start(admins=(cast.ADA_ID,))
    await sandbox.ask("You", "/schedule 8", "daily at 08:00")
    shown = await sandbox.ask("Ada", "/stats", "Next rush: ")
    assert "Chats: 2, 0 gone, 1 on schedule." in shown.text
    assert "1 briefing; the last comes 0 s late, at 28 a second" in shown.text
    assert "Sources: 0 well" in shown.text
    tap = await sandbox.tap("Ada", "Refresh", message=shown)
    assert (await sandbox.answer_to(tap)).answer == "Up to date"
    await sandbox.ask("You", "/stats", "This is for the bot's admins.")
