"""Logging: one line per unit of work, on standard error; JSON where nobody watches a terminal. Secrets never appear."""

import logging
import re
import sys
from typing import Any, Literal

import structlog

SECRETS = (
    (re.compile(r"(?<!\d)\d{5,}:[A-Za-z0-9_-]{20,}"), "<token>"),  # the shape of a Telegram bot token; in URLs too
    (re.compile(r"\bbw_[A-Za-z0-9_-]{20,}"), "<token>"),  # of the HTTP API
    (re.compile(r"(?<=://)[^/\s@]+(?=@)"), "<login>"),  # of a proxy or a database
)


def configure(*, level: str, style: Literal["auto", "console", "json"]) -> None:
    """Sets up structlog and the standard library's logging for the whole process."""
    json = style == "json" or (style == "auto" and not sys.stderr.isatty())
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _hide_secrets,
    ]
    # Loggers aren't cached on first use: one that was used before would keep to the configuration of then.
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("apscheduler", "aiohttp.access", "telegram", "alembic", "aiosqlite", "asyncio"):
        logging.getLogger(chatty).setLevel(max(logging.WARNING, root.level))
    # Of a refused poll the program says itself what there is to say, once and without a traceback.
    logging.getLogger("telegram.ext.Updater").setLevel(logging.CRITICAL)


def get(name: str) -> structlog.stdlib.BoundLogger:
    """The logger of a module: `log = get(__name__)`."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger


def _hide_secrets(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    return {key: value if key.startswith("_") else _hidden(value) for key, value in event.items()}


def _hidden(value: Any) -> Any:
    """The value without secrets, also deep inside; what is no plain value is logged as its text."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, dict):
        return {str(key): _hidden(its) for key, its in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_hidden(its) for its in value]
    text = str(value)
    for secret, shown in SECRETS:
        text = secret.sub(shown, text)
    return text
