"""`briefwire migrate` and `briefwire check`."""

from bot.commands.common import blocking, database, settings
from bot.storage import articles, chats, sources, subscriptions
from bot.storage.database import Database
from bot.storage.migrate import migrate as apply


@blocking
async def migrate() -> None:
    """Bring the database up to date. Starting the bot does the same."""
    db = Database(settings().database)
    try:
        done = await apply(db)
    finally:
        await db.close()
    print(f"Applied {', '.join(done)}." if done else "The database is up to date.")


@blocking
async def check() -> None:
    """Check the settings and the database, and say what is there."""
    loaded = settings()
    async with database() as db, db.read() as tx:
        counts = {
            "sources": await sources.count_active(tx),
            "articles": await articles.count_all(tx),
            "chats": await chats.count(tx),
            "subscriptions": await subscriptions.count(tx),
        }
    print("Settings  right" + ("" if loaded.token.get_secret_value() else ", but BRIEFWIRE_TOKEN is not set"))
    print(f"Database  {db.url.render_as_string(hide_password=True)}")
    for name, count in counts.items():
        print(f"{name.capitalize():<14}{count:>8,}")
