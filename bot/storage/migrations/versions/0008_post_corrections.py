"""When a post that was sent was edited; a pause needs no time."""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("broadcasts", sa.Column("edited_at", UtcDateTime, nullable=True))
    op.drop_column("broadcasts", "paused_at")
