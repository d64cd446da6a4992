"""The command line as an operator uses it: every command on a database of its own, and every mistake in clear words."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.commands import bench

Briefwire = Callable[..., str]

SEED = """North Korea said to be readying troops for Russia
2024-10-22 00:00:00.0     海峡纪事-亚洲     原网页 https://strait-chronicle.example/1

       SEOUL - Officials in Seoul said that 10,000 troops were seen at two bases. Trains leave at night.

       “We are watching every train that leaves,” said Dr Han Mi-rae.

标签:综合
关键词: Seoul     Russia     North Korea
"""


@pytest.fixture
def briefwire(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Briefwire:
    """Runs `briefwire …` in an empty folder and returns what it prints; the exit code is checked."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BRIEFWIRE_LOG_LEVEL", "ERROR")

    def run(*arguments: str, exits: int = 0) -> str:
        monkeypatch.setattr(sys, "argv", ["briefwire", *arguments])
        code: object = 0
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
        printed = capsys.readouterr()
        assert code == exits, printed.err + printed.out
        return printed.out + printed.err

    return run


def test_all_wrong_settings_are_named_at_once(briefwire: Briefwire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BRIEFWIRE_RATE", "fast")
    monkeypatch.setenv("BRIEFWIRE_TOKEN", "secret-and-wrong")
    monkeypatch.setenv("BRIEFWIRE_TIMEZON", "UTC")
    said = briefwire("check", exits=2)
    assert "BRIEFWIRE_RATE" in said
    assert "BRIEFWIRE_TOKEN" in said
    assert "did you mean BRIEFWIRE_TIMEZONE?" in said
    assert "secret-and-wrong" not in said


def test_running_without_a_token_says_what_to_do(briefwire: Briefwire) -> None:
    assert "@BotFather" in briefwire("run", exits=2)


def test_an_unknown_role_is_named(briefwire: Briefwire) -> None:
    assert "no role 'mail'" in briefwire("run", "--roles", "collect,mail", exits=2)


def test_the_database_is_migrated_once(briefwire: Briefwire, tmp_path: Path) -> None:
    assert briefwire("migrate").startswith("Applied 0001")
    assert "up to date" in briefwire("migrate")
    assert (tmp_path / "data" / "briefwire.db").exists()
    assert "Articles" in briefwire("check")


def test_an_article_from_a_file_is_found_by_a_query_and_why(briefwire: Briefwire, tmp_path: Path) -> None:
    today = SEED.replace("2024-10-22 00:00:00.0", "").replace("     海峡纪事", "2024-10-22     海峡纪事")
    (tmp_path / "seed.txt").write_text(today, encoding="utf-8")
    assert "added" in briefwire("article", "add", "seed.txt")
    assert "duplicate" in briefwire("article", "add", "seed.txt")
    said = briefwire("match", "Seoul AND ships")
    assert "Meets 0 articles" in said
    article = {"url": "https://e.example/2", "title": "Seoul counts its ships", "text": "Ships lie off Seoul."}
    (tmp_path / "two.json").write_text(json.dumps(article), encoding="utf-8")
    briefwire("article", "add", "two.json")
    said = briefwire("match", "Seoul AND ships")
    assert "“Seoul” in title" in said
    assert "Meets 1 article of" in said


def test_files_that_cannot_be_used_are_named(briefwire: Briefwire, tmp_path: Path) -> None:
    assert "nowhere.json" in briefwire("article", "add", "nowhere.json", exits=1)
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    assert "binary" in briefwire("article", "add", "binary", exits=1)
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    briefwire("article", "add", "broken.json", exits=1)


def test_private_addresses_are_no_sources(briefwire: Briefwire) -> None:
    assert "private network" in briefwire("source", "add", "http://127.0.0.1:9/feed", exits=1)
    assert "No sources yet" in briefwire("source", "list")


def test_tokens_are_shown_once(briefwire: Briefwire) -> None:
    secret = briefwire("token", "add", "newsroom").strip()
    assert secret.startswith("bw_")
    listed = briefwire("token", "list")
    assert "newsroom" in listed
    assert secret not in listed
    briefwire("token", "add", "newsroom", exits=1)
    assert "Revoked newsroom" in briefwire("token", "revoke", "newsroom")
    assert "No tokens yet" in briefwire("token", "list")


def test_a_text_is_summarised_word_for_word(briefwire: Briefwire, tmp_path: Path) -> None:
    text = "The harbour opens on Monday. Two ships left the channel. Fishermen had waited for nine days in the cold."
    (tmp_path / "text.txt").write_text(text, encoding="utf-8")
    (sentence,) = briefwire("summarize", "text.txt", "--sentences", "1").strip().splitlines()
    assert sentence in text


def test_nobody_is_there_at_first(briefwire: Briefwire) -> None:
    assert "Nobody yet" in briefwire("user", "list")
    assert "no such person" in briefwire("user", "role", "5", "admin", exits=1)


def test_benchmarks_are_listed_and_unknown_ones_named(briefwire: Briefwire) -> None:
    assert "matching" in briefwire("bench")
    assert "No benchmark “speed”" in briefwire("bench", "speed", exits=1)


def test_outside_a_checkout_there_are_no_benchmarks(
    briefwire: Briefwire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "BENCHMARKS", tmp_path / "tests" / "benchmarks")
    assert "source checkout" in briefwire("bench", exits=1)


def test_the_version_is_told(briefwire: Briefwire) -> None:
    assert briefwire("--version").startswith("briefwire 0.")
