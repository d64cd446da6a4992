"""/test says what a query meets, where, and what it narrowly misses; nothing is followed by it."""

from bot.sandbox.outlets import Outlets
from bot.sandbox.server import Sandbox
from tests.app.conftest import Start, follow_outlets


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
