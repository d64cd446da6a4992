"""What polite polling and the health of sources need to know."""

import sqlalchemy as sa
from alembic import op

from bot.rules.urls import display_host
from bot.storage.tables import Json, UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for column in (
        sa.Column("host", sa.Text(), server_default="", nullable=False),
        sa.Column("hints", Json, server_default="{}", nullable=False),
        sa.Column("fetch_reason", sa.String(16), server_default="", nullable=False),
        sa.Column("pace", sa.Float(), nullable=True),
        sa.Column("moved_to", sa.Text(), server_default="", nullable=False),
        sa.Column("moved_since", UtcDateTime(), nullable=True),
        sa.Column("failing_since", UtcDateTime(), nullable=True),
        sa.Column("ignored_until", UtcDateTime(), nullable=True),
        sa.Column("warned_at", UtcDateTime(), nullable=True),
    ):
        op.add_column("sources", column)
    op.create_index("ix_sources_host", "sources", ["host"])
    sources = sa.table("sources", sa.column("id", sa.BigInteger), sa.column("url", sa.Text), sa.column("host", sa.Text))
    connection = op.get_bind()
    for row in connection.execute(sa.select(sources.c.id, sources.c.url)).all():
        connection.execute(sources.update().where(sources.c.id == row.id).values(host=display_host(row.url)))
