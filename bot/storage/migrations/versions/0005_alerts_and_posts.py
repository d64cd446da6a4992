"""Alerts that live in their messages, updates of stories, and posts with an audience, a time and an urgency."""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import Id, Json, UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "inserts",
        sa.Column("broadcast_id", Id, nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("briefing_id", Id, nullable=True),
        sa.Column("told_at", UtcDateTime, nullable=True),
        sa.Column("cancelled_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(
            ["briefing_id"], ["briefings.id"], name=op.f("fk_inserts_briefing_id_briefings"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["broadcast_id"], ["broadcasts.id"], name=op.f("fk_inserts_broadcast_id_broadcasts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_inserts_chat_id_chats"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("broadcast_id", "chat_id", name=op.f("pk_inserts")),
    )
    op.create_index("ix_inserts_briefing_id", "inserts", ["briefing_id"])
    op.create_index(
        "ix_inserts_waiting",
        "inserts",
        ["chat_id"],
        sqlite_where=sa.text("told_at IS NULL AND cancelled_at IS NULL"),
        postgresql_where=sa.text("told_at IS NULL AND cancelled_at IS NULL"),
    )
    op.create_table(
        "alerts",
        sa.Column("id", Id, autoincrement=True, nullable=False),
        sa.Column("chat_id", Id, nullable=False),
        sa.Column("story_id", Id, nullable=False),
        sa.Column("article_id", Id, nullable=False),
        sa.Column("query_id", Id, nullable=False),
        sa.Column("delivery_id", Id, nullable=False),
        sa.Column("is_update", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("silent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("last_article_id", Id, nullable=False),
        sa.Column("told_at", UtcDateTime, nullable=False),
        sa.Column("edited_at", UtcDateTime, nullable=True),
        sa.ForeignKeyConstraint(["chat_id"], ["chats.id"], name=op.f("fk_alerts_chat_id_chats"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["deliveries.id"], name=op.f("fk_alerts_delivery_id_deliveries"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["story_id"], ["stories.id"], name=op.f("fk_alerts_story_id_stories"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
        sa.UniqueConstraint("chat_id", "story_id", "article_id", name=op.f("uq_alerts_chat_id_story_id_article_id")),
    )
    op.create_index("ix_alerts_chat_id_told_at", "alerts", ["chat_id", "told_at"])
    op.create_index(op.f("ix_alerts_delivery_id"), "alerts", ["delivery_id"])
    op.create_index(op.f("ix_alerts_story_id"), "alerts", ["story_id"])
    op.add_column("articles", sa.Column("is_update", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("broadcasts", sa.Column("audience", Json, server_default="{}", nullable=False))
    op.add_column(
        "broadcasts", sa.Column("urgency", sa.String(length=16), server_default="considerate", nullable=False)
    )
    op.add_column("broadcasts", sa.Column("start_at", UtcDateTime, nullable=True))
    op.add_column("broadcasts", sa.Column("started_at", UtcDateTime, nullable=True))
    op.add_column("broadcasts", sa.Column("ended_at", UtcDateTime, nullable=True))
    op.add_column("broadcasts", sa.Column("paused_at", UtcDateTime, nullable=True))
    op.add_column("broadcasts", sa.Column("withdrawn_at", UtcDateTime, nullable=True))
    op.add_column("broadcasts", sa.Column("snapshot_after", Id, server_default="0", nullable=False))
    op.add_column("broadcasts", sa.Column("snapshot_until", Id, server_default="0", nullable=False))
    op.add_column("broadcasts", sa.Column("new_text", sa.Text(), server_default="", nullable=False))
    op.add_column("broadcasts", sa.Column("revision", sa.Integer(), server_default="0", nullable=False))
    op.add_column("broadcasts", sa.Column("uncertain_left", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.drop_index(op.f("ix_deliveries_broadcast"), table_name="deliveries")
    op.create_index(
        "ix_deliveries_broadcast",
        "deliveries",
        ["broadcast_id", "operation", "state", "uncertain"],
        sqlite_where=sa.text("broadcast_id IS NOT NULL"),
        postgresql_where=sa.text("broadcast_id IS NOT NULL"),
    )
    op.add_column("subscriptions", sa.Column("silent", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("subscriptions", sa.Column("rests_until", UtcDateTime, nullable=True))
    op.add_column("subscriptions", sa.Column("kept_until", UtcDateTime, nullable=True))
    op.add_column("told", sa.Column("last_article_id", Id, server_default="0", nullable=False))
    op.add_column("told", sa.Column("muted", sa.Boolean(), server_default=sa.false(), nullable=False))
