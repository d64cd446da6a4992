"""Settings come from the environment, and every mistake is named at once."""

from ipaddress import ip_network
from pathlib import Path

import pytest

from bot.config import AccessPolicy, Settings, load
from bot.errors import SettingsError

TOKEN = "123456789:AAExample-Example_Example-Example_Ex"


def problems(environment: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load(environment)
    return caught.value.problems


def test_without_any_setting_all_have_their_defaults() -> None:
    settings = load({})
    assert settings.database == "sqlite:///data/briefwire.db"
    assert settings.address == ("127.0.0.1", 8080)
    assert settings.portal_url == "http://127.0.0.1:8080"
    assert (settings.access, settings.admins, settings.rate) == (AccessPolicy.INVITE, (), 28)
    assert settings.token.get_secret_value() == ""


def test_every_setting_is_read_by_its_name() -> None:
    given = {
        "TOKEN": TOKEN,
        "API_URL": "http://127.0.0.1:8081/",
        "PROXY": "socks5://proxy.example:1080",
        "FETCH_PROXY": "http://proxy.example:3128",
        "DATABASE_URL": "postgresql://db/briefwire",
        "DATA_DIR": "/var/lib/briefwire",
        "ADMINS": "1, 22,",
        "ACCESS": "open",
        "LISTEN": "[::1]:9000",
        "PUBLIC_URL": "https://news.example/",
        "WEBHOOK": "on",
        "RATE": "10.5",
        "ALLOWED_NETWORKS": "10.0.0.0/8, fd00::/8",
        "LANGUAGE": "zh",
        "TIMEZONE": "Asia/Shanghai",
        "LOG_LEVEL": "DEBUG",
        "LOG_FORMAT": "json",
        "REGEX": "on",
    }
    assert {name.lower() for name in given} == set(Settings.model_fields)
    settings = load({f"BRIEFWIRE_{name}": value for name, value in given.items()})
    assert settings.token.get_secret_value() == TOKEN
    assert TOKEN not in repr(settings)
    assert settings.api_url == "http://127.0.0.1:8081"
    assert settings.database == "postgresql://db/briefwire"
    assert settings.data_dir == Path("/var/lib/briefwire")
    assert settings.admins == (1, 22)
    assert settings.address == ("::1", 9000)
    assert settings.portal_url == "https://news.example"
    assert settings.webhook
    assert settings.allowed_networks == (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def test_all_mistakes_are_reported_at_once_by_name() -> None:
    wrong = {
        "TOKEN": "123:abc",
        "API_URL": "api.telegram.org",
        "PROXY": "ftp://proxy",
        "DATABASE_URL": "mysql://db",
        "ADMINS": "1,ann",
        "ACCESS": "closed",
        "LISTEN": "8080",
        "WEBHOOK": "on",
        "RATE": "0",
        "ALLOWED_NETWORKS": "10.0.0.0/8, home",
        "LANGUAGE": "fr",
        "TIMEZONE": "Mars/Phobos",
        "LOG_LEVEL": "LOUD",
        "LOGLEVEL": "INFO",
    }
    found = problems({f"BRIEFWIRE_{name}": value for name, value in wrong.items()})
    assert {line.split(":")[0].removeprefix("BRIEFWIRE_") for line in found} == set(wrong)
    assert len(found) == len(wrong)
    assert "BRIEFWIRE_LOGLEVEL: no such setting; did you mean BRIEFWIRE_LOG_LEVEL?" in found
    assert "BRIEFWIRE_WEBHOOK: needs BRIEFWIRE_PUBLIC_URL, where Telegram can reach this program" in found
    assert "BRIEFWIRE_TIMEZONE: is not an IANA time zone, like Europe/Berlin" in found


@pytest.mark.parametrize("listen", ["127.0.0.1:", ":8080", "localhost:70000", "localhost:http", "localhost:-1"])
def test_an_address_needs_a_host_and_a_port(listen: str) -> None:
    assert problems({"BRIEFWIRE_LISTEN": listen}) == ["BRIEFWIRE_LISTEN: must be HOST:PORT, like 127.0.0.1:8080"]


def test_a_wrong_token_is_not_repeated() -> None:
    secret = "123456789:not-quite-a-token!"
    assert all(secret not in line for line in problems({"BRIEFWIRE_TOKEN": secret}))


def test_what_is_set_to_nothing_is_not_set_and_other_programs_settings_do_not_matter() -> None:
    settings = load({"BRIEFWIRE_RATE": "", "BRIEFWIRE_LISTEN": "", "HOME": "/root", "LANGUAGE": "fr"})
    assert (settings.rate, settings.language) == (28, "en")


def test_a_setting_that_resembles_no_other_is_named_all_the_same() -> None:
    assert problems({"BRIEFWIRE_ZZZ": "1"}) == ["BRIEFWIRE_ZZZ: no such setting"]


def test_an_override_wins_over_the_environment() -> None:
    assert load({"BRIEFWIRE_ACCESS": "invite"}, access=AccessPolicy.OPEN).access is AccessPolicy.OPEN


def test_the_process_reads_its_environment_over_its_env_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"BRIEFWIRE_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("BRIEFWIRE_LANGUAGE=zh\nBRIEFWIRE_RATE=5\nOTHER=1\n")
    monkeypatch.setenv("BRIEFWIRE_RATE", "7")
    settings = load()
    assert (settings.language, settings.rate) == ("zh", 7)


def test_a_misspelt_name_in_the_env_file_is_reported_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("# mine\nexport BRIEFWIRE_TOKN=x\nBRIEFWIRE_RATE=5\nRATE=9\n")
    with pytest.raises(SettingsError) as caught:
        load()
    assert caught.value.problems == ["BRIEFWIRE_TOKN: no such setting; did you mean BRIEFWIRE_TOKEN?"]
