"""Public Telegram channels as sources: what is posted there comes in as articles, what is edited is edited."""

from dataclasses import dataclass
from datetime import datetime

from bot.actions.fetching import MAX_TEXT, detect_languages
from bot.errors import BadInput
from bot.model import Edit, NewArticle, Source, SourceKind, SourceState
from bot.ports import Workers
from bot.rules.rendering import shorten
from bot.rules.urls import url_key
from bot.storage import articles, sources
from bot.storage.database import Database

TITLE_UNITS = 120  # of the first line, which is the title


@dataclass(frozen=True, slots=True)
class ChannelPost:
    """A message in a channel. `username`: the public channel's, without @; empty for a private one."""

    telegram_chat_id: int
    username: str
    channel: str
    message_id: int
    text: str
    posted_at: datetime
    is_edit: bool = False

    @property
    def url(self) -> str:
        """The post's own address."""
        return f"https://t.me/{self.username}/{self.message_id}"


def address(telegram_chat_id: int) -> str:
    """What stands in place of a source's URL: usernames change, ids do not."""
    return f"telegram:{telegram_chat_id}"


async def add_channel(db: Database, telegram_chat_id: int, username: str, title: str, now: datetime) -> Source:
    """Makes a channel a source: what it posts from now on comes in.

    Raises BadInput `private_channel` or `known_source`.
    """
    if not username:
        raise BadInput("private_channel")
    async with db.write() as tx:
        source = await sources.add(
            tx,
            kind=SourceKind.CHANNEL,
            url=address(telegram_chat_id),
            title=title,
            site_url=f"https://t.me/{username}",
            now=now,
        )
    if source is None:
        raise BadInput("known_source", url=f"https://t.me/{username}")
    return source


async def receive_post(db: Database, workers: Workers, post: ChannelPost, now: datetime) -> bool:
    """Stores a post of a channel that is an active source, or what was changed in it; tells whether it did either."""
    title, _, _ = post.text.strip().partition("\n")
    if not title or not post.username:
        return False
    async with db.read() as tx:
        source = await sources.by_url(tx, address(post.telegram_chat_id))
    if source is None or source.state is not SourceState.ACTIVE:
        return False
    [language] = await detect_languages(workers, [("", post.text)])
    article = NewArticle(
        url=post.url,
        url_key=url_key(post.url),
        title=shorten(title.strip(), TITLE_UNITS),
        text=post.text.strip()[:MAX_TEXT],
        source_id=source.id,
        received_at=now,
        published_at=post.posted_at,
        language=language,
    )
    async with db.write() as tx:
        stored = await articles.by_url_key(tx, article.url_key) if post.is_edit else None
        if stored is not None:
            if (stored.title, stored.text) != (article.title, article.text):
                await articles.edit(tx, [Edit(stored.id, article.title, article.text, is_whole=True)], now)
            return True
        added = await articles.add_articles(tx, [article], now)
        if added:
            await sources.note_article(tx, source.id, now)
    return bool(added)
