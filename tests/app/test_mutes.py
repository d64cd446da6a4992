"""A mute wins over everything that a chat follows."""

from bot.sandbox.outlets import Outlets
from bot.sandbox.server import Sandbox
from tests.app.conftest import Start, follow_outlets
from tests.app.test_news import ARTICLE, push
from tests.app.test_offers import publish


async def test_muted_words_and_sources_are_told_by_nothing(sandbox: Sandbox, outlets: Outlets, start: Start) -> None:
    app = await start()
    await follow_outlets(app, sandbox, outlets)
    await sandbox.ask("You", "/subscribe North Korea", "Following")
    await sandbox.ask("You", "/mute Kestrel Asia", "Muted Kestrel Asia")
    await sandbox.ask("You", "/mute football", "Muted football")
    briefing = await sandbox.ask("You", "/brief 7d", "North Korea")
    assert "\nKestrel Asia" not in briefing.text
    assert "football" not in briefing.text
    assert "Averline" in briefing.text
    listed = await sandbox.ask("You", "/list", "You follow 1 topic")
    assert "football" not in listed.text


async def test_a_muted_alert_does_not_come_and_an_unmuted_one_does(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await sandbox.ask("You", "/mute", "Nothing is muted")
    await sandbox.ask("You", "/subscribe North Korea", "Following")
    await sandbox.tap("You", "Alerts")
    await sandbox.wait_for("You", lambda message: "Alerts ✓" in message.buttons)
    await sandbox.ask("You", "/mute troops", "Muted troops")
    mark = sandbox.mark()
    await push(app, ARTICLE)
    assert not [message for message in sandbox.sent("You") if message.revision > mark]
    await sandbox.tap("You", "Unmute")
    await sandbox.wait_for("You", "Nothing is muted")
    await push(
        app,
        {**ARTICLE, "url": "https://strait-chronicle.example/2", "title": "North Korea counts its ferries"},
        ARTICLE,
    )
    await sandbox.wait_for("You", "counts its ferries")


async def test_mutes_are_listed_and_ended_with_a_tap(sandbox: Sandbox, start: Start) -> None:
    await start()
    await sandbox.ask("You", "/mute (football", "never closed")
    await sandbox.ask("You", "/mute football", "Muted football")
    await sandbox.ask("You", "/mute opinion => Opinions", "Muted Opinions")
    listed = await sandbox.ask("You", "/mute", "Muted\n• football\n• Opinions")
    tap = await sandbox.tap("You", "Unmute football", message=listed)
    rest = await sandbox.wait_for("You", "Muted\n• Opinions")
    assert rest.id == listed.id
    assert (await sandbox.answer_to(tap)).answer == "Unmuted football"
    assert rest.buttons == ["Unmute Opinions"]


async def test_a_mute_hides_what_has_its_word_in_passing_too(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    far = "The harbour office counts the ships of the week and writes them down. " * 20
    await publish(app, "Ships at sea", text=f"{far}They drank coffee.")
    assert "1 article" in (await sandbox.ask("You", "/mute coffee", "Muted coffee")).text
    await sandbox.ask("You", "/subscribe ships", "Following")
    assert "Ships at sea" not in (await sandbox.ask("You", "/brief")).text
