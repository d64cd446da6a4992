"""Brings any older database up to date: Alembic revisions, applied under a lock so that two starts don't collide."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.storage.database import Database

LOCK = 0x62726965_66  # "brief": the key of the advisory lock on PostgreSQL


def config() -> Config:
    """Alembic's configuration, without a file."""
    settings = Config()
    settings.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    settings.set_main_option("path_separator", "os")
    return settings


async def migrate(db: Database) -> list[str]:
    """Applies the revisions that are missing, and returns their ids in order."""
    async with db.write() as tx:
        return await tx.run_sync(_upgrade)


def _upgrade(connection: sa.Connection) -> list[str]:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    settings = config()
    script = ScriptDirectory.from_config(settings)
    before = MigrationContext.configure(connection).get_current_revision()
    missing = [revision.revision for revision in script.iterate_revisions("head", before or "base")]
    if missing:
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
    return missing[::-1]
