"""Every table, column by column. A queue is a nullable time: NULL means the step has not been there yet."""

import sqlalchemy as sa

from bot.storage.columns import Id as Id
from bot.storage.columns import Json as Json
from bot.storage.columns import UtcDateTime as UtcDateTime
from bot.storage.columns import at_column as _at
from bot.storage.columns import flag_column as _flag
from bot.storage.columns import id_column as _id
from bot.storage.columns import metadata as metadata
from bot.storage.columns import number_column as _number
from bot.storage.columns import ref_column as _ref
from bot.storage.columns import text_column as _text

# People and chats

users = sa.Table(
    "users",
    metadata,
    _id(),
    sa.Column("telegram_user_id", sa.BigInteger, nullable=False, unique=True),
    _text("name"),
    _text("language"),
    sa.Column("role", sa.String(16), nullable=False),
    sa.Column("access", sa.String(16), nullable=False),
    _at("created_at"),
)

chats = sa.Table(
    "chats",
    metadata,
    _id(),
    sa.Column("telegram_chat_id", sa.BigInteger, nullable=False),
    sa.Column("thread_id", sa.BigInteger, nullable=False, server_default="0"),
    sa.Column("kind", sa.String(16), nullable=False),
    _text("title"),
    _text("language"),
    _text("timezone"),
    sa.Column("state", sa.String(16), nullable=False),
    _flag("takes_posts", default=True),
    _flag("tells_when_empty", default=True),
    _at("last_empty_note_at", nullable=True),
    _at("created_at"),
    sa.Column("quiet_from", sa.String(5), nullable=True),  # HH:MM in the chat's time zone, like quiet_until
    sa.Column("quiet_until", sa.String(5), nullable=True),
    _flag("hears_urgent"),
    _at("paused_until", nullable=True),
    _at("next_run_at", nullable=True),
    sa.Column("last_slot", sa.String(16), nullable=True),  # YYYY-MM-DDTHH:MM, local
    sa.UniqueConstraint("telegram_chat_id", "thread_id"),
)
sa.Index(
    "ix_chats_due",
    chats.c.next_run_at,
    sqlite_where=chats.c.state == "active",
    postgresql_where=chats.c.state == "active",
)

schedules = sa.Table(
    "schedules",
    metadata,
    _id(),
    _ref("chat_id", "chats.id"),
    sa.Column("times", sa.Text, nullable=False),  # HH:MM in the chat's time zone, ascending, a space between
    sa.Column("weekdays", sa.String(7), nullable=False),  # of 1234567, Monday is 1
    sa.Column("tells_when_empty", sa.Boolean, nullable=True),  # NULL: as the chat wants it
    sa.UniqueConstraint("chat_id", "times", "weekdays"),
)

# News

sources = sa.Table(
    "sources",
    metadata,
    _id(),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("url", sa.Text, nullable=False, unique=True),  # a feed's address; `push:NAME` for the others
    _text("title"),
    _text("site_url"),
    sa.Column("state", sa.String(16), nullable=False),
    _text("etag"),
    _text("last_modified"),
    _text("body_hash"),
    _at("imported_at", nullable=True),
    sa.Column("next_fetch_at", UtcDateTime, nullable=True, index=True),
    _at("leased_until", nullable=True),
    _at("last_fetch_at", nullable=True),
    _at("last_success_at", nullable=True),
    _at("last_article_at", nullable=True),
    _number("failures"),
    _text("error_key"),
    sa.Column("error_facts", Json, nullable=False),
    _at("created_at"),
    sa.Column("host", sa.Text, nullable=False, server_default="", index=True),  # of the url: what is paced
    sa.Column("hints", Json, nullable=False, server_default="{}"),  # FeedHints
    sa.Column("fetch_reason", sa.String(16), nullable=False, server_default=""),  # a PollReason
    sa.Column("pace", sa.Float, nullable=True),  # usual articles per day
    _text("moved_to"),
    _at("moved_since", nullable=True),
    _at("failing_since", nullable=True),
    _at("ignored_until", nullable=True),
    _at("warned_at", nullable=True),
    _at("pushed_until", nullable=True),  # while its hub tells what is new, polling is only a look behind it
)

hubs = sa.Table(
    "hubs",  # WebSub subscriptions
    metadata,
    sa.Column("source_id", Id, sa.ForeignKey("sources.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("key", sa.String(32), nullable=False, unique=True),  # of the callback's address
    sa.Column("secret", sa.String(64), nullable=False),
    _text("hub"),
    _text("topic"),
    sa.Column("ask_at", UtcDateTime, nullable=False, index=True),  # when the hub is asked (again)
    _at("leased_until", nullable=True),  # verified by the hub until then
    _text("error"),
)

proposals = sa.Table(
    "proposals",  # sources that readers would like to have
    metadata,
    _id(),
    sa.Column("url", sa.Text, nullable=False, unique=True),
    _text("title"),
    _ref("user_id", "users.id"),
    _ref("chat_id", "chats.id"),
    sa.Column("state", sa.String(16), nullable=False),
    _at("created_at"),
)

stories = sa.Table(
    "stories",
    metadata,
    _id(),
    _at("created_at"),
    sa.Column("last_article_at", UtcDateTime, nullable=False, index=True),
    sa.Column("merged_into", Id, nullable=True),  # the story that an admin said this one is
    sa.Column("split_from", Id, nullable=True),  # the story that an admin took its first article out of
)

articles = sa.Table(
    "articles",
    metadata,
    _id(),
    _ref("source_id", "sources.id"),
    _ref("story_id", "stories.id", nullable=True, ondelete="SET NULL"),
    sa.Column("url_key", sa.Text, nullable=False, unique=True),
    _text("url"),
    _text("title"),
    _text("text"),
    sa.Column("folded", sa.Text, nullable=False),  # title and text as the matcher sees them, for the preview's search
    _text("section"),
    sa.Column("authors", Json, nullable=False),
    sa.Column("tags", Json, nullable=False),
    sa.Column("keywords", Json, nullable=False),
    _at("published_at", nullable=True),
    _flag("published_is_day"),
    sa.Column("received_at", UtcDateTime, nullable=False, index=True),
    sa.Column("shown_at", UtcDateTime, nullable=False, index=True),  # published, or received: what windows go by
    _text("language"),
    _text("image_url"),
    _flag("silent"),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    sa.Column("copy_of", Id, nullable=True),  # the earlier article whose text this one has
    sa.Column("guid_key", sa.Text, nullable=True),  # `guid:SOURCE:HASH` of the id that its feed gives it
    sa.Column("content_key", sa.Text, nullable=True),  # `content:SOURCE:HASH` of its title and text
    _at("edited_at", nullable=True),  # when its source last changed it
    _at("matched_at", nullable=True),
    _at("alerted_at", nullable=True),
    _flag("is_update"),  # tells something that the earlier articles of its story do not
    _at("page_at", nullable=True),  # short of text: held until its page was read, or until then
)
sa.Index("ix_articles_story", articles.c.story_id)
sa.Index("ix_articles_guid_key", articles.c.guid_key)
sa.Index("ix_articles_content_key", articles.c.content_key)
sa.Index(
    "ix_articles_to_group",
    articles.c.id,
    sqlite_where=articles.c.story_id.is_(None),
    postgresql_where=articles.c.story_id.is_(None),
)
sa.Index(
    "ix_articles_to_match",
    articles.c.id,
    sqlite_where=articles.c.matched_at.is_(None),
    postgresql_where=articles.c.matched_at.is_(None),
)
sa.Index(
    "ix_articles_to_alert",
    articles.c.id,
    sqlite_where=articles.c.alerted_at.is_(None),
    postgresql_where=articles.c.alerted_at.is_(None),
)

sa.Index(
    "ix_articles_to_complete",
    articles.c.page_at,
    sqlite_where=articles.c.page_at.is_not(None),
    postgresql_where=articles.c.page_at.is_not(None),
)

tombstones = sa.Table(
    "tombstones",  # keys of forgotten articles (URL, guid, content), so that they do not come back as new
    metadata,
    sa.Column("url_key", sa.Text, primary_key=True),
    _at("forgotten_at"),
)

# Queries

queries = sa.Table(
    "queries",
    metadata,
    _id(),
    sa.Column("canonical", sa.Text, nullable=False, unique=True),
    _at("created_at"),
)

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    _id(),
    _ref("chat_id", "chats.id"),
    sa.Column("query_id", Id, sa.ForeignKey("queries.id", ondelete="CASCADE"), nullable=False, index=True),
    _text("text"),
    _text("label"),
    sa.Column("mode", sa.String(16), nullable=False),
    _at("created_at"),
    _flag("silent"),  # alerts without a sound
    _at("rests_until", nullable=True),  # alerts are held back after a flood
    _at("kept_until", nullable=True),  # … which the reader does not want before
    sa.UniqueConstraint("chat_id", "query_id"),
)

query_changes = sa.Table(
    "query_changes",  # which queries may have got their first follower or lost their last, for other processes
    metadata,
    _id(),
    sa.Column("query_id", Id, nullable=False),
    sa.Column("transaction", sa.BigInteger, nullable=True, index=True),  # PostgreSQL's id of it
    sqlite_autoincrement=True,
)

matches = sa.Table(
    "matches",
    metadata,
    sa.Column("query_id", Id, sa.ForeignKey("queries.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("article_id", Id, sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True, index=True),
    sa.Column("strength", sa.Float, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),  # the article's shown_at
)
sa.Index("ix_matches_query_id_at", matches.c.query_id, matches.c.at)

# Briefings

told = sa.Table(
    "told",
    metadata,
    sa.Column("chat_id", Id, sa.ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("story_id", Id, sa.ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True, index=True),
    sa.Column("how", sa.String(16), nullable=False),  # a DeliveryKind
    sa.Column("told_at", UtcDateTime, nullable=False, index=True),
    sa.Column("last_article_id", Id, nullable=False, server_default="0"),  # of the story when it was told last
    _flag("muted"),  # never again
)

alerts = sa.Table(
    "alerts",  # a story in a message: one message may tell several, and an update of a story is a row of its own
    metadata,
    _id(),
    _ref("chat_id", "chats.id"),
    sa.Column("story_id", Id, sa.ForeignKey("stories.id", ondelete="CASCADE"), nullable=False, index=True),
    sa.Column("article_id", Id, nullable=False),  # no reference: it goes with its story
    sa.Column("query_id", Id, nullable=False),
    sa.Column("delivery_id", Id, sa.ForeignKey("deliveries.id", ondelete="CASCADE"), nullable=False, index=True),
    _flag("is_update"),
    _flag("silent"),
    sa.Column("last_article_id", Id, nullable=False),  # later articles of the story are not in the message yet
    _at("told_at"),
    _at("edited_at", nullable=True),
    sa.UniqueConstraint("chat_id", "story_id", "article_id"),
)
sa.Index("ix_alerts_chat_id_told_at", alerts.c.chat_id, alerts.c.told_at)

briefings = sa.Table(
    "briefings",
    metadata,
    _id(),
    sa.Column("public_id", sa.String(32), nullable=False, unique=True),
    _ref("chat_id", "chats.id"),
    _ref("schedule_id", "schedules.id", nullable=True, ondelete="SET NULL"),
    sa.Column("local_date", sa.String(10), nullable=True),  # with slot: the one briefing of that day and time
    sa.Column("slot", sa.String(5), nullable=True),
    sa.Column("ranking", Json, nullable=False),
    sa.Column("recap", Json, nullable=False),
    _number("shown"),
    _at("since"),
    _at("until"),
    _number("read_count"),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("chat_id", "local_date", "slot"),
)
sa.Index("ix_briefings_chat_id_created_at", briefings.c.chat_id, briefings.c.created_at)

summaries = sa.Table(
    "summaries",  # one summary for all readers who ask the same of the same text
    metadata,
    sa.Column("article_id", Id, sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    sa.Column("query_id", Id, primary_key=True),
    sa.Column("budget", sa.Integer, primary_key=True),  # sentences
    sa.Column("method", sa.String(32), primary_key=True),
    sa.Column("excerpts", Json, nullable=False),  # [[start, end], …] into the article's text
    sa.Column("reasons", Json, nullable=True),  # [[term, field], …]: why the query was met; NULL: not noted
)

# Deliveries

broadcasts = sa.Table(
    "broadcasts",
    metadata,
    _id(),
    _text("text"),
    _ref("article_id", "articles.id", nullable=True, ondelete="SET NULL"),
    _ref("created_by", "users.id"),
    sa.Column("state", sa.String(16), nullable=False),
    _at("created_at"),
    sa.Column("progress_chat_id", sa.BigInteger, nullable=True),  # the admin's message that shows the progress
    sa.Column("progress_message_id", sa.BigInteger, nullable=True),
    sa.Column("audience", Json, nullable=False, server_default="{}"),
    sa.Column("urgency", sa.String(16), nullable=False, server_default="considerate"),
    _at("start_at", nullable=True),
    _at("started_at", nullable=True),
    _at("ended_at", nullable=True),
    _at("edited_at", nullable=True),
    _at("withdrawn_at", nullable=True),
    sa.Column("snapshot_after", Id, nullable=False, server_default="0"),  # chats up to here have their delivery
    sa.Column("snapshot_until", Id, nullable=False, server_default="0"),  # the last chat when it was confirmed
    _text("new_text"),  # what would take the text's place, until that is confirmed
    _number("revision"),
    _flag("uncertain_left"),  # the admin decided to leave uncertain messages as they are
)

inserts = sa.Table(
    "inserts",  # posts that go into a chat's next briefing
    metadata,
    sa.Column("broadcast_id", Id, sa.ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("chat_id", Id, sa.ForeignKey("chats.id", ondelete="CASCADE"), primary_key=True),
    _ref("briefing_id", "briefings.id", nullable=True, ondelete="SET NULL"),
    _at("told_at", nullable=True),  # NULL: waits for the briefing
    _at("cancelled_at", nullable=True),
)
_waiting = sa.and_(inserts.c.told_at.is_(None), inserts.c.cancelled_at.is_(None))
sa.Index("ix_inserts_waiting", inserts.c.chat_id, sqlite_where=_waiting, postgresql_where=_waiting)
sa.Index("ix_inserts_briefing_id", inserts.c.briefing_id)

deliveries = sa.Table(
    "deliveries",
    metadata,
    _id(),
    _ref("chat_id", "chats.id"),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("priority", sa.Integer, nullable=False),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    sa.Column("message", Json, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    _flag("uncertain"),
    _number("attempts"),
    _at("created_at"),
    _at("not_before"),
    _at("expires_at", nullable=True),
    _at("sending_at", nullable=True),
    _at("settled_at", nullable=True),
    _ref("briefing_id", "briefings.id", nullable=True, ondelete="SET NULL"),
    _ref("broadcast_id", "broadcasts.id", nullable=True, ondelete="SET NULL"),
    sa.Column("telegram_message_id", sa.BigInteger, nullable=True),
    _text("error"),
    sa.Column("operation", sa.String(8), nullable=False, server_default="send"),
    # Whose message this edits or replies to. It may be forgotten earlier; SQLite adds no reference to a table of old.
    sa.Column("target_id", Id, nullable=True),
    sa.Column("story_ids", Json, nullable=True),  # what it tells
)
_open = deliveries.c.state.in_(["queued", "sending"])
sa.Index("ix_deliveries_open", deliveries.c.chat_id, deliveries.c.id, sqlite_where=_open, postgresql_where=_open)
sa.Index(
    "ix_deliveries_due",
    deliveries.c.priority,
    deliveries.c.not_before,
    sqlite_where=_open,
    postgresql_where=_open,
)
_of_broadcast = deliveries.c.broadcast_id.is_not(None)
sa.Index(
    "ix_deliveries_broadcast",  # how far a broadcast is, without a look at the rows
    deliveries.c.broadcast_id,
    deliveries.c.operation,
    deliveries.c.state,
    deliveries.c.uncertain,
    sqlite_where=_of_broadcast,
    postgresql_where=_of_broadcast,
)
_aimed = deliveries.c.target_id.is_not(None)
sa.Index("ix_deliveries_target", deliveries.c.target_id, sqlite_where=_aimed, postgresql_where=_aimed)

leases = sa.Table(
    "leases",  # who does what only one process may do
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    _text("holder"),
    _number("epoch"),
    _at("until"),
)

# Access

tokens = sa.Table(
    "tokens",
    metadata,
    _id(),
    sa.Column("name", sa.Text, nullable=False, unique=True),
    sa.Column("hash", sa.String(64), nullable=False, unique=True),  # SHA-256, in hex
    _at("created_at"),
    _at("last_used_at", nullable=True),
)

api_answers = sa.Table(
    "api_answers",  # what was answered under an Idempotency-Key, so that a repeat is answered the same
    metadata,
    sa.Column("token_id", Id, sa.ForeignKey("tokens.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("key", sa.String(255), primary_key=True),
    sa.Column("request_hash", sa.String(64), nullable=False),  # SHA-256 of the body, in hex
    sa.Column("status", sa.Integer, nullable=True),  # NULL while it is being answered
    sa.Column("answer", Json, nullable=True),
    sa.Column("created_at", UtcDateTime, nullable=False, index=True),
)
