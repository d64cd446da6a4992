"""What is offered beside a query: a tap takes it, and it stays one topic."""

from datetime import timedelta

from bot.app import App
from bot.model import NewArticle, SourceKind
from bot.sandbox.server import Sandbox
from bot.storage import articles, sources
from tests.app.conftest import Start, settled


async def publish(app: App, *titles: str, language: str = "en", keywords: tuple[str, ...] = (), text: str = "") -> None:
    """Stores articles of the last minutes, as if they had come in."""
    now = app.clock.now()
    async with app.db.write() as tx:
        source = (await sources.ensure_push_source(tx, "Harbour Post", now, kind=SourceKind.PUSH)).id
        new = [
            NewArticle(
                url=f"https://harbour.example/{hash(title)}",
                url_key=f"harbour.example/{hash(title)}",
                title=title,
                text=text,
                source_id=source,
                received_at=now - timedelta(minutes=number),
                keywords=keywords,
                language=language,
            )
            for number, title in enumerate(titles)
        ]
        await articles.add_articles(tx, new, now)
    app.wake("group")
    await settled(app)


async def test_a_name_is_followed_in_other_languages_with_one_tap_as_one_topic(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await publish(app, "North Korea tests an engine", "Troops of North Korea at sea")
    followed = await sandbox.ask("李娜", "/subscribe 朝鲜", "0 篇")
    also = followed.buttons[0]
    assert "North Korea · " in also
    await sandbox.tap("李娜", also)
    joined = await sandbox.wait_for("李娜", "2 篇")
    assert joined.id == followed.id
    assert "North Korea tests an engine" in joined.text
    assert not any("North Korea" in button for button in joined.buttons)
    listed = await sandbox.ask("李娜", "/list")
    assert [button for button in listed.buttons if "朝鲜" in button] == ["朝鲜"]
    await publish(app, "북한 미사일 발사", language="ko")
    await sandbox.ask("李娜", "/brief", "북한")


async def test_a_name_in_plain_text_can_be_followed_in_other_languages(sandbox: Sandbox, start: Start) -> None:
    await start()
    offer = await sandbox.ask("You", "Russia => Moscow", "Follow Russia")
    await sandbox.tap("You", next(button for button in offer.buttons if "俄罗斯" in button), message=offer)
    followed = await sandbox.wait_for("You", "Following Moscow")
    assert "more, all sources" in followed.text


async def test_a_typing_error_is_pointed_out_and_put_right_with_a_tap(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await publish(app, *[f"United Nations meet on day {number}" for number in range(5)])
    followed = await sandbox.ask("You", "/subscribe Untied Nations", "Following Untied Nations")
    assert "Did you mean United Nations?" in followed.text
    await sandbox.tap("You", "Use", message=followed)
    await sandbox.wait_for("You", "Following United Nations")
    listed = await sandbox.ask("You", "/list", "You follow 1 topic")
    assert "Untied" not in listed.text
    right = await sandbox.ask("You", "/subscribe United Nations", "You follow this already")
    assert "Did you mean" not in right.text


async def test_words_that_stand_apart_are_offered_apart(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await publish(app, *[f"Sensing number {number} in the quantum age" for number in range(4)])
    offer = await sandbox.ask("You", "quantum sensing", "Follow quantum sensing?")
    assert "Not side by side, quantum AND sensing: 4 more." in offer.text
    await sandbox.tap("You", "Use", message=offer)
    await sandbox.wait_for("You", "Following quantum AND sensing")


async def test_a_flood_can_be_narrowed_and_keeps_its_label_and_mode(sandbox: Sandbox, start: Start) -> None:
    app = await start()
    await publish(app, *[f"AI opinion {number}" for number in range(18)], keywords=("opinion",))
    await publish(app, *[f"AI on chips {number}" for number in range(6)], keywords=("AI", "chips"))
    await publish(app, *[f"Ferry {number} is late" for number in range(9)])
    followed = await sandbox.ask("You", "/subscribe AI => Machines", "24 articles")
    narrow = "Narrow: AI AND chips, ~6 a day"
    assert narrow in followed.buttons
    await sandbox.tap("You", "Alerts", message=followed)
    alerted = await sandbox.wait_for("You", lambda message: "Alerts ✓" in message.buttons)
    assert narrow in alerted.buttons
    await sandbox.tap("You", narrow, message=alerted)
    narrowed = await sandbox.wait_for("You", "6 articles")
    assert "Following Machines" in narrowed.text
    assert "Alerts ✓" in narrowed.buttons
