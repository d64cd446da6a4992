"""More ways in: hubs, proposals of readers, pages that complete articles, and answers that can be repeated."""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import Id, Json, UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("sources", sa.Column("pushed_until", UtcDateTime(), nullable=True))
    op.add_column("articles", sa.Column("page_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_articles_to_complete",
        "articles",
        ["page_at"],
        sqlite_where=sa.text("page_at IS NOT NULL"),
        postgresql_where=sa.text("page_at IS NOT NULL"),
    )
    op.create_table(
        "hubs",
        sa.Column("source_id", Id, sa.ForeignKey("sources.id", ondelete="CASCADE", name="fk_hubs_source_id_sources")),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("hub", sa.Text(), server_default="", nullable=False),
        sa.Column("topic", sa.Text(), server_default="", nullable=False),
        sa.Column("ask_at", UtcDateTime(), nullable=False),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("error", sa.Text(), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_hubs")),
        sa.UniqueConstraint("key", name=op.f("uq_hubs_key")),
    )
    op.create_index("ix_hubs_ask_at", "hubs", ["ask_at"])
    op.create_table(
        "proposals",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("user_id", Id, nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE", name="fk_proposals_user_id_users"),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], ondelete="CASCADE", name="fk_proposals_chat_id_chats"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("url", name=op.f("uq_proposals_url")),
    )
    op.create_table(
        "api_answers",
        sa.Column("token_id", Id, nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("request_hash", sa.String(64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("answer", Json, nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["tokens.id"], ondelete="CASCADE", name="fk_api_answers_token_id_tokens"),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_api_answers")),
    )
    op.create_index("ix_api_answers_created_at", "api_answers", ["created_at"])
