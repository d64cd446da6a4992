"""The log of queries that came to be followed or ceased to be."""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import Id

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "query_changes",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("query_id", Id, nullable=False),
        sa.Column("transaction", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_query_changes")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_query_changes_transaction"), "query_changes", ["transaction"])
