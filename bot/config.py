"""Settings from the environment and `.env`: the only reader of the environment. All mistakes are reported at once."""

import difflib
import os
import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from bot.errors import SettingsError

PREFIX = "BRIEFWIRE_"
LANGUAGES = ("en", "zh")
ENV_FILE = ".env"


class AccessPolicy(StrEnum):
    """Who may use the bot."""

    INVITE = "invite"
    OPEN = "open"


class Settings(BaseSettings):
    """What the operator may set. Field names in upper case behind `BRIEFWIRE_` are the variables' names."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=ENV_FILE, env_ignore_empty=True, frozen=True, extra="ignore"
    )

    token: Annotated[SecretStr, Field(description="Telegram bot token from @BotFather")] = SecretStr("")
    api_url: Annotated[str, Field(description="Bot API root")] = "https://api.telegram.org"
    proxy: Annotated[str, Field(description="Proxy to Telegram: http, https or socks5")] = ""
    fetch_proxy: Annotated[str, Field(description="Proxy to the sources: http, https or socks5")] = ""
    database_url: Annotated[str, Field(description="sqlite:///PATH or postgresql://…; default: a file in DATA_DIR")] = (
        ""
    )
    data_dir: Annotated[Path, Field(description="Where the SQLite file lies")] = Path("data")
    admins: Annotated[tuple[int, ...], NoDecode, Field(description="Telegram user ids of admins, comma separated")] = ()
    access: Annotated[AccessPolicy, Field(description="invite: people ask and an admin lets them in; or open")] = (
        AccessPolicy.INVITE
    )
    listen: Annotated[str, Field(description="HOST:PORT of portal and API")] = "127.0.0.1:8080"
    public_url: Annotated[str, Field(description="Where readers reach the portal")] = ""
    webhook: Annotated[bool, Field(description="Get updates by webhook; needs PUBLIC_URL")] = False
    rate: Annotated[float, Field(gt=0, le=1000, description="Messages per second, over all chats")] = 28
    allowed_networks: Annotated[
        tuple[IPv4Network | IPv6Network, ...],
        NoDecode,
        Field(description="Private networks (CIDR, comma separated) that sources may be fetched from"),
    ] = ()
    language: Annotated[Literal["en", "zh"], Field(description="Language where a user's is unknown")] = "en"
    regex: Annotated[bool, Field(description="Queries may have regular expressions, /like this/")] = False
    timezone: Annotated[str, Field(description="IANA time zone of new chats")] = "UTC"
    log_level: Annotated[Literal["DEBUG", "INFO", "WARNING", "ERROR"], Field(description="Least level logged")] = "INFO"
    log_format: Annotated[Literal["auto", "console", "json"], Field(description="auto: JSON unless on a terminal")] = (
        "auto"
    )

    @field_validator("token")
    @classmethod
    def _token_shape(cls, value: SecretStr) -> SecretStr:
        token = value.get_secret_value()
        if token and not re.fullmatch(r"\d+:[A-Za-z0-9_-]{20,}", token):
            raise ValueError("is not a bot token; @BotFather gives one like 123456:ABC-DEF…")
        return value

    @field_validator("admins", mode="before")
    @classmethod
    def _split_admins(cls, value: Any) -> Any:
        return _split(value)

    @field_validator("allowed_networks", mode="before")
    @classmethod
    def _split_networks(cls, value: Any) -> Any:
        return tuple(ip_network(part) if isinstance(part, str) else part for part in _split(value))

    @field_validator("api_url", "public_url")
    @classmethod
    def _http_url(cls, value: str) -> str:
        if value and not re.match(r"https?://[^/\s]+", value):
            raise ValueError("must begin with http:// or https://")
        return value.rstrip("/")

    @field_validator("proxy", "fetch_proxy")
    @classmethod
    def _proxy_url(cls, value: str) -> str:
        if value and not re.match(r"(https?|socks5)://[^/\s]+", value):
            raise ValueError("must begin with http://, https:// or socks5://")
        return value

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, value: str) -> str:
        if value and not re.match(r"(sqlite|postgres|postgresql)(\+\w+)?://", value):
            raise ValueError("must begin with sqlite:// or postgresql://")
        return value

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        host, _, port = value.rpartition(":")
        if not host or not port.isdigit() or not 0 <= int(port) < 65536:
            raise ValueError("must be HOST:PORT, like 127.0.0.1:8080")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is not an IANA time zone, like Europe/Berlin")
        return value

    @field_validator("webhook")
    @classmethod
    def _webhook_needs_url(cls, value: bool, info: ValidationInfo) -> bool:
        if value and not info.data.get("public_url"):
            raise ValueError("needs BRIEFWIRE_PUBLIC_URL, where Telegram can reach this program")
        return value

    @property
    def database(self) -> str:
        """The database's URL, the SQLite file in the data directory by default."""
        return self.database_url or f"sqlite:///{self.data_dir / 'briefwire.db'}"

    @property
    def address(self) -> tuple[str, int]:
        """Host and port to listen on."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def contact(self) -> str:
        """Where those whose sites are fetched reach the operator; empty where the settings name nobody."""
        return self.public_url or (f"tg://user?id={self.admins[0]}" if self.admins else "")

    @property
    def portal_url(self) -> str:
        """Where readers reach the portal, without a trailing slash."""
        return self.public_url or f"http://{self.listen}"


class _Given(Settings):
    """Settings from arguments alone."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)


def load(environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
    """The settings of this process.

    Args:
        environment: stands in for the process's own environment (and `.env` is not read then).
        overrides: settings by field name that win over the environment.

    Raises:
        SettingsError: with one line for every mistake.
    """
    names = os.environ if environment is None else environment
    # In `.env` a misspelt name is as likely as in the environment, and pydantic passes over it.
    problems = _unknown([*names, *(dotenv_values(ENV_FILE) if environment is None else ())])
    try:
        if environment is None:
            settings = Settings(**overrides)
        else:
            given = {
                name.removeprefix(PREFIX).lower(): value
                for name, value in names.items()
                if value and name.startswith(PREFIX)
            }
            settings = _Given(**{**given, **overrides})
    except ValidationError as error:
        problems += [_line(problem) for problem in error.errors()]
    if problems:
        raise SettingsError(problems)
    return settings


def _split(value: Any) -> Any:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _unknown(names: Iterable[str]) -> list[str]:
    known = [name.upper() for name in Settings.model_fields]
    lines = []
    for name in dict.fromkeys(names):
        own = name.removeprefix(PREFIX)
        if name.startswith(PREFIX) and own not in known:
            near = difflib.get_close_matches(own, known, n=1)
            lines.append(f"{name}: no such setting" + (f"; did you mean {PREFIX}{near[0]}?" if near else ""))
    return lines


def _line(problem: Any) -> str:
    name = PREFIX + "_".join(str(part) for part in problem["loc"][:1]).upper() if problem["loc"] else ""
    message = problem["msg"].removeprefix("Value error, ")
    return f"{name}: {message}" if name else PREFIX + message
