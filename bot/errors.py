"""Every error that Briefwire raises on purpose.

    BriefwireError                 key and facts, put into words by bot.texts at the edge
    ├── SettingsError              one or more settings are wrong; carries a line per mistake
    ├── BadInput                   a person or program gave something that can't be used
    │   ├── QueryError             a keyword query: carries the position of the mistake
    │   └── ScheduleError          a schedule, a span of time or a place: carries the position
    ├── AccessDenied               somebody may not do this
    ├── NotFound                   no such article, source, subscription, …
    ├── SourceError                a source or page could not be read
    │   ├── FetchError             … because it could not be fetched
    │   ├── FeedError              … because it is no feed that we understand
    │   └── PageError              … because no article was found in the page
    ├── WorkerError                a worker process failed, hung, or ran out of memory
    ├── StorageError               the database refused or is away
    └── MessengerError             Telegram refuses the bot itself
        ├── TokenRejected          401: the token is wrong
        └── OtherInstanceRunning   409: another process reads this bot's updates

A key is a short stable word (`"unclosed_group"`); facts are the values that its sentence needs. Nothing here knows a
language: `bot.texts` has the sentences.
"""

from typing import Any


class BriefwireError(Exception):
    """Root of the tree.

    Args:
        key: stable name of what happened, the key of its sentence in `bot.texts`.
        facts: values for that sentence; plain strings and numbers.
    """

    def __init__(self, key: str, **facts: str | int | float) -> None:
        super().__init__(key)
        self.key = key
        self.facts = facts

    def __str__(self) -> str:
        if not self.facts:
            return self.key
        return f"{self.key} ({', '.join(f'{name}={value!r}' for name, value in self.facts.items())})"


class SettingsError(BriefwireError):
    """Wrong settings, all of them: `problems` holds one `NAME: what is wrong` line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("wrong_settings")
        self.problems = problems


class BadInput(BriefwireError):
    """Something given can't be used; the facts say what and where."""


class QueryError(BadInput):
    """A query can't be read.

    Attributes:
        position: offset into the query's text, in characters, where the mistake is.
        reason: the key, e.g. `"unclosed_group"`.
        suggestion: a query that would be right, or an empty string.
    """

    def __init__(self, reason: str, position: int, *, suggestion: str = "", **facts: str | int | float) -> None:
        super().__init__(reason, **facts)
        self.reason = reason
        self.position = position
        self.suggestion = suggestion


class ScheduleError(BadInput):
    """A schedule, a span of time or a place can't be read.

    Attributes:
        position: offset into what was written, in characters, where the mistake is.
    """

    def __init__(self, key: str, position: int = 0, **facts: str | int | float) -> None:
        super().__init__(key, **facts)
        self.position = position


class AccessDenied(BriefwireError):
    """The person may not do this."""


class NotFound(BriefwireError):
    """There is no such thing (any more)."""


class SourceError(BriefwireError):
    """A source or page could not be read."""


class FetchError(SourceError):
    """A URL could not be fetched; `status` is the HTTP status, or 0 where there was no answer.

    Attributes:
        retry_after: seconds that the server asked us to wait, or None.
        hops: the requests that were made until then (`bot.ports.Hop`).
    """

    hops: tuple[Any, ...] = ()

    def __init__(
        self, key: str, *, status: int = 0, retry_after: float | None = None, **facts: str | int | float
    ) -> None:
        super().__init__(key, status=status, **facts)
        self.status = status
        self.retry_after = retry_after


class FeedError(SourceError):
    """The body is no feed that we understand."""


class PageError(SourceError):
    """No article was found in the page."""


class WorkerError(BriefwireError):
    """A worker process failed, hung, or ran out of memory."""


class StorageError(BriefwireError):
    """The database refused or is away."""


class MessengerError(BriefwireError):
    """Telegram refuses the bot itself."""


class TokenRejected(MessengerError):
    """401: the token is wrong."""


class OtherInstanceRunning(MessengerError):
    """409: another process reads this bot's updates."""
