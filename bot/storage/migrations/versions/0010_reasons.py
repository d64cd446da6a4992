"""Beside a summary stands why its query was met, so that a rush of readers does not look for it again and again."""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import Json

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("summaries", sa.Column("reasons", Json, nullable=True))
