"""An admin brings the feeds of another reader along, and takes them away again."""

import pytest

from bot.rules.opml import Outline, read_opml, write_opml
from bot.sandbox import cast
from bot.sandbox.outlets import Outlets
from bot.sandbox.server import Sandbox
from tests.app.conftest import Start
from tests.conftest import NOON


@pytest.fixture
def opml(sandbox: Sandbox, outlets: Outlets) -> bytes:
    """All outlets, and two addresses that lead nowhere."""
    feeds = [Outline(feed.url, feed.title) for feed in outlets.feeds(sandbox.url)]
    ill = [Outline(f"{sandbox.url}/outlets/nobody/feed.xml", "Nobody"), Outline("http://127.0.0.1:1/", "Down")]
    return write_opml([*feeds, *ill], title="Mine", now=NOON)


async def test_a_file_of_feeds_is_added_with_what_became_of_each(sandbox: Sandbox, start: Start, opml: bytes) -> None:
    await start(admins=(cast.ADA_ID,))
    await sandbox.ask("Ada", "/source export", "There is no feed to export yet.")
    await sandbox.ask("Ada", "/source import", "Send the OPML file of your reader here")
    await sandbox.send_file("Ada", "mine.opml", opml, caption="/source import")
    done = await sandbox.wait_for("Ada", "sources added")
    assert done.text.startswith("10 sources added, ")
    assert "1 can't be read now and are tried again, 1 not added." in done.text
    assert "• Nobody: 127.0.0.1 answered with status 404." in done.text
    assert "• Down: " in done.text
    listed = await sandbox.ask("Ada", "/source list", "11 sources · 1 can't be read")
    assert listed.text.splitlines()[1] == "1. Down"
    await sandbox.ask("Ada", "/source export", lambda message: bool(message.document))
    sent = sandbox.last("Ada")
    assert (sent.document["file_name"], sent.text) == ("briefwire.opml", "Your feeds, for any reader that takes OPML.")
    body = sandbox.world.files[f"documents/{sent.document['file_id']}"]
    assert len(read_opml(body)) == 11
    again = await sandbox.send_file("Ada", "again.opml", body)
    await sandbox.wait_for("Ada", "0 sources added, 0 articles imported silently, 11 known before.")
    assert again.document


async def test_a_readers_file_is_not_read(sandbox: Sandbox, start: Start, opml: bytes) -> None:
    await start(admins=(cast.ADA_ID,))
    await sandbox.ask("You", "/start")
    await sandbox.send_file("You", "mine.opml", opml)
    await sandbox.wait_for("You", "I read no files.")
    await sandbox.send_file("李娜", "mine.opml", opml)
    await sandbox.wait_for("李娜", "我不读取文件")


async def test_a_list_by_address_that_is_none_says_why(sandbox: Sandbox, start: Start) -> None:
    await start(admins=(cast.ADA_ID,))
    await sandbox.ask("Ada", f"/source import {sandbox.url}/outlets/none", "answered with status 404")
    await sandbox.send_file("Ada", "x.opml", b"<opml><body>")
    await sandbox.wait_for("Ada", "This is no list of feeds (OPML) that can be read")


async def test_a_source_is_tested_step_by_step_and_named_by_its_title(
    sandbox: Sandbox, start: Start, outlets: Outlets
) -> None:
    await start(admins=(cast.ADA_ID,))
    feed = outlets.feeds(sandbox.url)[0]
    tested = await sandbox.ask("Ada", f"/source test {feed.url.removesuffix('feed.xml')}", "It would be fetched next")
    assert "which leads to this feed" in tested.text
    assert "at 127.0.0.1: status 200" in tested.text
    await sandbox.ask("Ada", f"/source add {feed.url}", "Added")
    await sandbox.ask("Ada", f"/source pause {feed.title}", "paused")
    await sandbox.ask("Ada", f"/source resume {feed.title.upper()}", "next at")
    await sandbox.ask("Ada", "/source remove 1", f"Remove {feed.title} with its")
    opened = await sandbox.ask("Ada", f"/source test {feed.title}", "This is the source")
    await sandbox.tap("Ada", "Open", message=opened)
    shown = await sandbox.wait_for("Ada", feed.url)
    await sandbox.tap("Ada", "Step by step", message=shown)
    await sandbox.wait_for("Ada", "It would be fetched next")
    await sandbox.ask("Ada", "/source pause Nobody", "There is no source “Nobody”.")
