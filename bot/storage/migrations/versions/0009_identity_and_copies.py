"""What tells that an article is known or a copy, when it was edited, and stories that admins merged or split."""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import Id, UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("articles", sa.Column("copy_of", Id, nullable=True))
    op.add_column("articles", sa.Column("guid_key", sa.Text(), nullable=True))
    op.add_column("articles", sa.Column("content_key", sa.Text(), nullable=True))
    op.add_column("articles", sa.Column("edited_at", UtcDateTime(), nullable=True))
    op.create_index("ix_articles_guid_key", "articles", ["guid_key"])
    op.create_index("ix_articles_content_key", "articles", ["content_key"])
    op.add_column("stories", sa.Column("merged_into", Id, nullable=True))
    op.add_column("stories", sa.Column("split_from", Id, nullable=True))
