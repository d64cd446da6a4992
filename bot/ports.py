"""The doors to the outside, as protocols: one small interface each, implemented in bot.adapters, faked in tests."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from bot.model import Excerpt, Feed, Html, Message, Page

T = TypeVar("T")


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """A GET, or with `form` a POST of it. `etag` and `last_modified` make it conditional.

    `max_bytes` caps the body after decompression.

    `gap`: seconds at least between this and the request before it to the same host, where more than usual is asked for.
    """

    url: str
    etag: str = ""
    last_modified: str = ""
    accept: str = "*/*"
    max_bytes: int = 10 * 1024 * 1024
    gap: float = 0.0
    form: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Hop:
    """One request of a fetch: its URL, the status it got, and the address that was connected to, where one was made."""

    url: str
    status: int
    address: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `body` is empty with `not_modified`; `url` is where redirects ended, `hops` the way there.

    `permanent_url` is where only permanent redirects (301, 308) led, else the requested URL. `headers` have names in
    lower case.
    """

    url: str
    status: int
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    not_modified: bool = False
    permanent_url: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    hops: tuple[Hop, ...] = ()


class Fetcher(Protocol):
    """Fetches from the web."""

    async def fetch(self, request: Request) -> Response:
        """Returns the response of a 2xx or 304. Raises FetchError for anything else."""
        ...


class Workers(Protocol):
    """Heavy work in killable processes. Every call raises WorkerError when its worker dies, hangs or needs too much."""

    async def parse_feed(self, body: bytes, *, url: str, content_type: str) -> Feed:
        """Reads a feed. Raises FeedError."""
        ...

    async def extract_page(self, html: bytes, *, url: str, latest: datetime) -> Page:
        """Reads an article's page; no day in it after `latest` is taken for the article's. Raises PageError."""
        ...

    async def detect_languages(self, texts: Sequence[str]) -> list[str]:
        """The ISO 639-1 code of each text, or an empty string where it is too short to tell."""
        ...

    async def summarize(
        self,
        text: str,
        *,
        title: str,
        language: str,
        sentences: int | None,
        words: int | None = None,
        focus: Sequence[str] = (),
        method: str = "",
    ) -> tuple[Excerpt, ...]:
        """Sentences of the text, word for word, in its order.

        At most so many sentences and words, at least one of which is given; `method` names a ranker, an empty one the
        default. Raises BadInput for a ranker that there is not.
        """
        ...

    async def find_zone(self, latitude: float, longitude: float) -> str:
        """The IANA time zone of a place on earth; an empty string where none is known."""
        ...


class Builder(Protocol):
    """Builds large indexes aside, so that the event loop does not pause."""

    async def build_automata(self, parts: Sequence[bytes], unpack: Callable[[bytes], T]) -> list[T]:
        """The automata of a packed snapshot, given in parts, each unpacked aside: see `bot.rules.matching`."""
        ...


class SendStatus(StrEnum):
    """How Telegram answered, by what is to be done next."""

    SENT = "sent"
    RETRY = "retry"  # not delivered: connection refused, pool timeout
    FLOOD = "flood"  # 429: not before `retry_after`
    UNCERTAIN = "uncertain"  # read timeout, dropped connection, 5xx: perhaps delivered
    GONE = "gone"  # blocked, kicked, deactivated, chat not found
    MIGRATED = "migrated"  # the group is a supergroup now, with `new_chat_id`
    SHUT = "shut"  # the bot has no right to write in this chat
    CLOSED = "closed"  # this topic of the chat is closed or deleted
    UNREADABLE = "unreadable"  # can't parse entities, or too long: once more as plain text
    MISSING = "missing"  # the message to edit or delete is not there any more
    LASTING = "lasting"  # the message can't be deleted: it is too old, or somebody else's
    REFUSED = "refused"  # any other 400: permanent


@dataclass(frozen=True, slots=True)
class SendResult:
    """Telegram's answer to one message."""

    status: SendStatus
    message_id: int | None = None
    retry_after: float = 0.0  # seconds
    new_chat_id: int | None = None
    detail: str = ""


class Messenger(Protocol):
    """Sends messages. What concerns one chat is a result; MessengerError means that the bot itself is refused."""

    async def send(
        self,
        telegram_chat_id: int,
        message: Message,
        *,
        thread_id: int = 0,
        reply_to: int | None = None,
        plain: bool = False,
    ) -> SendResult:
        """Sends one message; `plain` drops its markup. One that replies to a message that is gone is sent without."""
        ...

    async def edit(
        self, telegram_chat_id: int, message_id: int, message: Message, *, plain: bool = False
    ) -> SendResult:
        """Replaces a sent message in place, or only its buttons where there is no text. An unchanged one is sent."""
        ...

    async def delete(self, telegram_chat_id: int, message_id: int) -> SendResult:
        """Takes a sent message away."""
        ...

    async def administrators(self, telegram_chat_id: int) -> list[int]:
        """Telegram's ids of the people who administer a group or channel; none where Telegram does not tell."""
        ...


class Words(Protocol):
    """The sentences of one language, see bot.texts. The English template is the key; facts are named: `{name}`."""

    language: str

    def __call__(self, sentence: str, /, **facts: object) -> str:
        """The sentence in this language as plain text, with its facts filled in."""
        ...

    def html(self, sentence: str, /, **facts: object) -> Html:
        """The same as Telegram HTML: the template's tags stay, facts are escaped unless they are Html."""
        ...

    def count(self, one: str, many: str, n: int, /, **facts: object) -> str:
        """The form of the sentence that `n` takes; `{n}` is filled in too."""
        ...

    def day(self, day: date, *, today: date) -> str:
        """A day, short: `22 Oct`; with its year where that is not today's."""
        ...

    def moment(self, moment: datetime, *, now: datetime) -> str:
        """A local time, short: `14:05` today, else `Mon 22 Oct 14:05`."""
        ...

    def weekday(self, moment: datetime) -> str:
        """A local time with its day, also today: `Tue 22 Oct 08:00`."""
        ...
