"""An admin sets right what was told as one, in the chat."""

from bot.model import NewArticle
from bot.sandbox import cast
from bot.sandbox.server import Sandbox
from bot.storage import articles, sources
from tests.app.conftest import Start, settled

TEXT = "Water broke into the harbour tunnel of Marrow Bay on Monday night and closed the only road to the ferry port."


async def test_an_admin_takes_an_article_out_of_a_story_and_joins_it_again(sandbox: Sandbox, start: Start) -> None:
    app = await start(admins=(cast.ADA_ID,))
    now = app.clock.now()
    async with app.db.write() as tx:
        for name in ("Harbour Post", "Copy Wire"):
            source = (await sources.ensure_push_source(tx, name, now)).id
            key = f"{name.split()[0].lower()}.example/flood"
            new = NewArticle(f"https://{key}", f"https://{key}", f"{name}: flood in Marrow Bay", TEXT, source, now)
            await articles.add_articles(tx, [new], now)
    app.wake("group")
    await settled(app)
    await sandbox.ask("Ada", "/story", "Write an article's address after it")
    shown = await sandbox.ask("Ada", "/story https://copy.example/flood", "2 articles tell this")
    assert "2. Copy Wire: flood in Marrow Bay · Copy Wire · a copy" in shown.text
    await sandbox.tap("Ada", "2 is another event", message=shown)
    alone = await sandbox.wait_for("Ada", "1 article tells this")
    assert not alone.buttons
    both = "/story https://copy.example/flood https://harbour.example/flood"
    await sandbox.ask("Ada", both, "2 articles tell this")
    await sandbox.ask("You", "/story https://copy.example/flood", "This is for the bot's admins.")
