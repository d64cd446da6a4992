"""Regular expressions: refused where they are not allowed, and a query like any other where they are."""

from bot.sandbox.server import Sandbox
from tests.app.conftest import Start, settled
from tests.app.test_news import ARTICLE, push
from tests.app.test_offers import publish


async def test_a_regular_expression_is_refused_where_it_is_not_allowed(sandbox: Sandbox, start: Start) -> None:
    await start()
    for command in ("/subscribe", "/test", "/mute"):
        refused = await sandbox.ask("You", f"{command} /Kims?/", "not allowed here")
        assert "^" in refused.text
    await sandbox.ask("You", "troops /Kims?/", "not allowed here")


async def test_a_regular_expression_is_tried_followed_muted_and_ended(sandbox: Sandbox, start: Start) -> None:
    app = await start(regex="true")
    await publish(app, "Launch of KX-250 delayed", "Launch of KX-9 delayed", "Ferries count ships")
    tried = await sandbox.ask("You", r"/test /kx-\d{2,3}\b/", "Meets 1 article of the last 7 days.")
    assert "Launch of KX-250 delayed" in tried.text
    assert "<b>KX-250</b>" in tried.raw
    followed = await sandbox.ask("You", r"/subscribe /kx-\d+/ => Rockets", "Following")
    assert r"text that fits /kx-\d+/" in followed.text
    assert "2 articles" in followed.text
    await sandbox.tap("You", "Alerts")
    await sandbox.wait_for("You", lambda message: "Alerts ✓" in message.buttons)
    await push(app, {**ARTICLE, "url": "https://strait-chronicle.example/9", "title": "KX-77 lands"})
    told = await sandbox.wait_for("You", "KX-77 lands")
    assert "“KX-77” in title" in told.text
    await sandbox.ask("You", r"/mute title:/kx-78/", "Muted")
    mark = sandbox.mark()
    lands = {**ARTICLE, "url": "https://strait-chronicle.example/10", "title": "KX-78 lands"}
    await push(app, lands, {**lands, "url": "https://strait-chronicle.example/11"})
    await settled(app)
    assert not [message for message in sandbox.sent("You") if message.revision > mark]
    await sandbox.ask("You", r"/unsubscribe /kx-\d+/", "Rockets")


async def test_a_bad_regular_expression_is_answered_with_the_place(sandbox: Sandbox, start: Start) -> None:
    await start(regex="true")
    await sandbox.ask("You", r"/test /(?=Kim)troops/", "(?= can't be used")
    await sandbox.ask("You", r"/test /ab[c/", "can't be read (missing ])")
    await sandbox.ask("You", f"/test /{'ab' * 101}/", "202 characters long; the limit is 200")
    await sandbox.ask("You", r"/test /(\w{9} ){9}/", "repeats too much")
    for number in range(5):
        await sandbox.ask("You", f"/subscribe /kx-{number}/", "Following")
    await sandbox.ask("You", "/subscribe /kx-9/", "A chat can follow 5 regular expressions")
    await sandbox.ask("You", "/subscribe /kx-0/", "/kx-0/")
