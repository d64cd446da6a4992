"""/test says what a query meets, where, and what it narrowly misses; nothing is followed by it."""

from bot.sandbox.outlets import Outlets
from bot.sandbox.server import Sandbox
from tests.app.conftest import Start, follow_outlets
from tests.app.test_offers import publish


async def test_a_query_is_tried_on_the_stored_articles(sandbox: Sandbox, outlets: Outlets, start: Start) -> None:
    app = await start()
    await follow_outlets(app, sandbox, outlets)
    tried = await sandbox.ask("You", "/test Seoul AND troops", "Meets")
    assert "<b>" in tried.raw
    assert "Narrowly missed" in tried.text
    assert "not “troops”" in tried.text or "not “Seoul”" in tried.text
    await sandbox.ask("You", "/list", "You follow nothing yet")
    await sandbox.tap("You", "Follow", message=tried)
    await sandbox.wait_for("You", "Following Seoul AND troops")


async def test_a_query_that_cannot_be_read_is_not_tried(sandbox: Sandbox, start: Start) -> None:
    await start()
    await sandbox.ask("You", "/test", "Write the query after it")
    await sandbox.ask("You", "/test (Seoul", "never closed")


async def test_what_a_query_narrowly_misses_is_said_with_the_reason(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await publish(app, "Seoul counts its ships", "Quantum clocks and better sensing", "Seoul moves troops")
    tried = await sandbox.ask("You", "/test Seoul -ships", "Meets 1 article of the last 7 days.")
    assert "Seoul counts its ships\nhas “ships”, which the query excludes" in tried.text
    tried = await sandbox.ask("You", "/test quantum sensing", "Meets 0 articles of the last 7 days.")
    assert "has “quantum” and “sensing”, apart" in tried.text
    tried = await sandbox.ask("You", "/test Seoul AND ferries", "Meets 0 articles")
    assert "has “Seoul”, not “ferries”" in tried.text


async def test_what_has_a_word_in_passing_is_shown_apart_and_can_be_had_too(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    far = "The harbour office counts the ships of the week and writes them down. " * 20
    await publish(app, "Coffee harvest", "Coffee prices", text=far)
    await publish(app, "Ships at sea", text=f"{far}They drank coffee.")
    tried = await sandbox.ask("You", "/test coffee", "Meets 2 articles of the last 7 days.")
    before, _, after = tried.text.partition("In passing, not told: 1.")
    assert "Coffee harvest" in before
    assert "Ships at sea" in after
    assert "They drank coffee" in after
    followed = await sandbox.ask("You", "/subscribe coffee", "2 articles")
    assert "1 more has it in passing and is not told." in followed.text
    await sandbox.tap("You", "Every mention", message=followed)
    assert "3 articles" in (await sandbox.wait_for("You", "Following coffee (exactly")).text
