"""Deliveries that edit, delete or reply to an earlier message, and the stories that each tells."""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import Id, Json

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("operation", sa.String(8), nullable=False, server_default="send"))
    op.add_column("deliveries", sa.Column("target_id", Id, nullable=True))
    op.add_column("deliveries", sa.Column("story_ids", Json, nullable=True))
    aimed = sa.text("target_id IS NOT NULL")
    op.create_index("ix_deliveries_target", "deliveries", ["target_id"], sqlite_where=aimed, postgresql_where=aimed)
