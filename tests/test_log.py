"""A line of log per unit of work, without secrets."""

import json
import logging

import pytest
import structlog

from bot.errors import FetchError
from bot.log import configure, get

TOKEN = "123456789:AAExample-Example_Example-Example_Ex"


def lines(captured: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in captured.splitlines()]


def test_a_line_is_one_json_object_with_its_facts(capsys: pytest.CaptureFixture[str]) -> None:
    configure(level="INFO", style="json")
    get("bot.test").info("fetched", source="海峡时报", articles=3, took=0.5, fresh=True, error=None)
    get("bot.test").debug("not this")
    [line] = lines(capsys.readouterr().err)
    assert line.pop("timestamp")
    assert line == {
        "event": "fetched",
        "level": "info",
        "logger": "bot.test",
        "source": "海峡时报",
        "articles": 3,
        "took": 0.5,
        "fresh": True,
        "error": None,
    }


@pytest.mark.parametrize(
    "secret",
    [TOKEN, f"https://api.telegram.org/bot{TOKEN}/getMe", "bw_" + "x" * 43, "socks5://ann:hunter2@proxy.example:1080"],
)
def test_a_secret_never_appears(secret: str, capsys: pytest.CaptureFixture[str]) -> None:
    configure(level="INFO", style="json")
    log = get("bot.test")
    log.info(f"says {secret}", text=secret, error=FetchError("http_status", url=secret))
    log.info("deep", facts={"list": [secret, (secret, 1)], secret[:3]: {"more": secret}})
    logging.getLogger("library").warning("calls %s", secret)
    try:
        raise ValueError(secret)
    except ValueError:
        log.exception("failed")
    written = capsys.readouterr().err
    assert len(lines(written)) == 4
    assert "ValueError" in written
    for part in (TOKEN, "x" * 20, "hunter2"):
        assert part not in written


def test_a_person_at_a_terminal_reads_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure(level="INFO", style="console")
    try:
        raise ValueError(TOKEN)
    except ValueError:
        get("bot.test").exception("failed", token=TOKEN)
    written = capsys.readouterr().err
    assert "failed" in written
    assert "ValueError: <token>" in written
    assert TOKEN not in written


def test_nobody_at_a_terminal_means_json(capsys: pytest.CaptureFixture[str]) -> None:
    configure(level="INFO", style="auto")
    get("bot.test").info("fetched")
    assert lines(capsys.readouterr().err)[0]["event"] == "fetched"


def test_libraries_are_quiet_and_all_is_as_quiet_as_asked(capsys: pytest.CaptureFixture[str]) -> None:
    configure(level="ERROR", style="json")
    logging.getLogger("apscheduler").warning("chatter")
    get("bot.test").warning("not this")
    logging.getLogger("apscheduler.x").error("this")
    assert [line["event"] for line in lines(capsys.readouterr().err)] == ["this"]


def test_a_logger_follows_a_later_configuration(capsys: pytest.CaptureFixture[str]) -> None:
    log = get("bot.test")
    configure(level="INFO", style="json")
    log.info("fetched")
    configure(level="INFO", style="console")
    log.info("fetched")
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("{")
    assert not second.startswith("{")
    structlog.reset_defaults()
    with structlog.testing.capture_logs() as captured:
        log.info("fetched")
    assert captured == [{"event": "fetched", "log_level": "info"}]
