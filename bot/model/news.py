"""Sources, articles, and what feeds and pages say before it is stored."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class SourceKind(StrEnum):
    """How a source's articles come in."""

    FEED = "feed"
    PUSH = "push"  # the HTTP API or `briefwire article add`
    CHANNEL = "channel"  # a public Telegram channel that the bot is a member of
    ADMIN = "admin"  # posts


class SourceState(StrEnum):
    """Whether a source is polled."""

    ACTIVE = "active"
    PAUSED = "paused"


class PollReason(StrEnum):
    """Why a source is fetched next when it is (`bot.rules.polling`)."""

    LEAST = "least"  # as often as is polite
    PACE = "pace"  # half the usual gap between its articles
    SILENCE = "silence"  # an eighth of its present silence
    MOST = "most"  # seldom, but not more seldom than this
    EVEN = "even"  # every source as often as the others
    MAX_AGE = "max_age"  # Cache-Control
    EXPIRES = "expires"
    TTL = "ttl"
    UPDATE_PERIOD = "update_period"  # sy:updatePeriod
    SKIP_HOURS = "skip_hours"
    SKIP_DAYS = "skip_days"
    BACK_OFF = "back_off"  # it failed
    RETRY_AFTER = "retry_after"
    PUSHED = "pushed"  # a WebSub hub tells what is new; this is the look behind it
    ASKED = "asked"  # somebody asked for it


@dataclass(frozen=True, slots=True)
class NextFetch:
    """When a source is fetched next, and why."""

    at: datetime
    reason: PollReason


@dataclass(frozen=True, slots=True)
class FeedHints:
    """What a feed says about itself; 0, empty where it says nothing. Seconds; hours and days (0 is Monday) in UTC."""

    ttl: float = 0.0
    period: float = 0.0
    skip_hours: tuple[int, ...] = ()
    skip_days: tuple[int, ...] = ()
    hub: str = ""  # a WebSub hub
    topic: str = ""  # what the hub calls this feed


@dataclass(frozen=True, slots=True)
class Source:
    """Where articles come from. `imported_at` is None until the first fetch succeeded: that import is silent."""

    id: int
    kind: SourceKind
    url: str
    title: str
    site_url: str
    state: SourceState
    etag: str
    last_modified: str
    body_hash: str
    imported_at: datetime | None
    next_fetch_at: datetime | None
    last_fetch_at: datetime | None
    last_success_at: datetime | None
    last_article_at: datetime | None
    failures: int
    error_key: str
    error_facts: dict[str, Any]
    created_at: datetime
    host: str = ""
    hints: FeedHints = FeedHints()
    fetch_reason: str = ""  # a PollReason: why next_fetch_at is when it is
    pace: float | None = None  # usual articles per day
    moved_to: str = ""  # where permanent redirects lead, not believed yet
    moved_since: datetime | None = None
    failing_since: datetime | None = None
    ignored_until: datetime | None = None  # no warnings before
    warned_at: datetime | None = None  # of the present silence
    pushed_until: datetime | None = None  # while its hub tells what is new


@dataclass(frozen=True, slots=True)
class SourceCount:
    """A source with how many of its articles are stored, and how many of them came in lately."""

    source: Source
    articles: int
    recent: int


@dataclass(frozen=True, slots=True)
class NewArticle:
    """An article before it is stored. `published_is_day`: the source gave only a day, so only the day is shown."""

    url: str
    url_key: str
    title: str
    text: str
    source_id: int
    received_at: datetime
    section: str = ""
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    published_at: datetime | None = None
    published_is_day: bool = False
    language: str = ""
    image_url: str = ""
    silent: bool = False
    page_at: datetime | None = None  # short of text: its page is read from then on
    guid: str = ""  # the id that its feed gives it


@dataclass(frozen=True, slots=True)
class Edit:
    """What a source now says instead, in a stored article. `is_whole`: its text is no teaser, however short."""

    article_id: int
    title: str
    text: str
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Article:
    """One text at one URL. `silent`: came with the first import of its source, so no alert tells it."""

    id: int
    source_id: int
    source_title: str
    section: str
    url: str
    title: str
    text: str
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    keywords: tuple[str, ...]
    published_at: datetime | None
    published_is_day: bool
    received_at: datetime
    language: str
    image_url: str
    silent: bool
    revision: int  # one more each time its title or text changes
    story_id: int | None
    copy_of: int | None = None  # the id of the earlier article that has the same text
    edited_at: datetime | None = None  # when its source last changed it

    @property
    def source_label(self) -> str:
        """Source and section as the source gave them: `海峡时报-亚洲`."""
        return f"{self.source_title}-{self.section}" if self.section else self.source_title


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry of a feed; empty strings and None where the feed says nothing."""

    id: str
    title: str
    link: str
    published: datetime | None = None
    published_is_day: bool = False
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    html: str = ""
    image_url: str = ""
    text: str = ""  # the html as plain text, paragraphs apart by a blank line


@dataclass(frozen=True, slots=True)
class Feed:
    """What `bot.rules.feeds.parse_feed` reads from a body."""

    title: str
    site_url: str
    entries: tuple[FeedEntry, ...]
    language: str = ""
    hints: FeedHints = FeedHints()


@dataclass(frozen=True, slots=True)
class Page:
    """What `bot.rules.pages.extract_page` reads from an article's page."""

    title: str
    text: str
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    published_is_day: bool = False
    canonical_url: str = ""
    site_name: str = ""
    image_url: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence of an article, word for word: `article.text[start:end] == text`."""

    text: str
    start: int
    end: int
