"""The command line as an operator uses it: every command on a database of its own, and every mistake in clear words."""

import asyncio
import json
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.commands import bench
from bot.errors import FetchError
from bot.model import Access, Role
from bot.storage import polling
from bot.storage.database import Database
from summarizer import METHODS
from tests.conftest import NOON
from tests.make import a_chat, a_user

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


HARBOUR = (
    "The harbour opens on Monday. Two ships left the channel on Sunday night. "
    "Fishermen had waited for nine days in the cold. A crane was damaged by the ice. The lighthouse stayed dark."
)


def test_a_summary_keeps_to_the_words_the_focus_and_the_method_asked_for(briefwire: Briefwire, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text(HARBOUR, encoding="utf-8")
    assert len(briefwire("summarize", "text.txt").splitlines()) == 3
    told = briefwire("summarize", "text.txt", "--words", "17", "--focus", "crane", "--focus", "lighthouse")
    assert set(told.splitlines()) & {"A crane was damaged by the ice.", "The lighthouse stayed dark."}
    assert len(told.split()) <= 17
    told = briefwire("summarize", "text.txt", "--words", "60", "--sentences", "1", "--method", "lexrank")
    assert len(told.splitlines()) == 1


def test_a_method_that_there_is_not_is_named_with_those_that_there_are(briefwire: Briefwire, tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text(HARBOUR, encoding="utf-8")
    said = briefwire("summarize", "text.txt", "--method", "magic", exits=1)
    assert said.startswith("briefwire: There is no method “magic”")
    shown = briefwire("summarize", "--help")
    assert all(method in said and method in shown for method in METHODS)


@pytest.mark.parametrize("option", ["--words", "--sentences"])
def test_a_summary_of_nothing_is_refused(briefwire: Briefwire, option: str) -> None:
    assert option in briefwire("summarize", "text.txt", option, "0", exits=2)


def test_what_holds_no_text_is_named(briefwire: Briefwire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty.txt").write_text(" \n", encoding="utf-8")
    assert "empty.txt holds no text" in briefwire("summarize", "empty.txt", exits=1)
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"\xff\xfe"), encoding="utf-8"))
    assert "- can't be read" in briefwire("summarize", "-", exits=1)


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


FEED = """<rss version="2.0"><channel><title>Harbour Post</title><link>https://harbour.example/</link>
<item><title>Ferries wait at sea</title><link>https://harbour.example/1</link><description>Ships.</description></item>
</channel></rss>"""
PAGE = """<html><head><title>Ferries are late again</title></head><body><article><h1>Ferries are late again</h1>
<p>The ferries of Marrow Bay were late for the ninth day in a row on Monday, the harbour office said.</p>
<p>Two engines are being repaired, and spare parts come from abroad. Passengers waited for three hours.</p>
<p>The operator promised to pay back every ticket that was sold for the morning, and to add buses.</p>
</article></body></html>"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An outlet on this machine that may be fetched from: its address."""
    monkeypatch.setenv("BRIEFWIRE_ALLOWED_NETWORKS", "127.0.0.0/8")
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "feed.xml").write_text(FEED, encoding="utf-8")
    (folder / "ferries.html").write_text(PAGE, encoding="utf-8")

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments, directory=str(folder))

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_source_is_added_and_listed_with_what_ails_it(briefwire: Briefwire, site: str, tmp_path: Path) -> None:
    assert "Added Harbour Post: 1 article imported." in briefwire("source", "add", f"{site}/feed.xml")
    listed = briefwire("source", "list")
    assert "Harbour Post" in listed
    assert "1 article in the last day" in listed
    assert f"{site}/feed.xml" in listed

    async def fall_ill() -> None:
        db = Database(f"sqlite:///{tmp_path / 'data' / 'briefwire.db'}")
        async with db.write() as tx:
            ill = FetchError("http_status", host="127.0.0.1", status=503)
            await polling.record_failure(tx, 1, now=NOON, next_fetch_at=NOON, error_key=ill.key, error_facts=ill.facts)
        await db.close()

    asyncio.run(fall_ill())
    assert "127.0.0.1 answered with status 503." in briefwire("source", "list")


def test_a_page_is_added_as_an_article_and_summarised(
    briefwire: Briefwire, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Ferries are late again" in briefwire("article", "add", f"{site}/ferries.html")
    said = briefwire("match", "ferries AND zeppelins")
    assert "Meets 0 articles of the last 7 days." in said
    assert "Ferries are late again  (127.0.0.1)" not in said.split("Narrowly missed:")[0]
    assert "has “ferries”, not “zeppelins”" in said
    assert "has “ferries”, which the query excludes" in briefwire("match", "harbour -ferries")
    (sentence,) = briefwire("summarize", f"{site}/ferries.html", "--sentences", "1").strip().splitlines()
    assert sentence in PAGE
    monkeypatch.setattr(sys, "stdin", StringIO("The harbour opens on Monday. Two ships left the channel."))
    assert briefwire("summarize", "-", "--language", "en", "--sentences", "1").strip()


def test_an_article_that_cannot_be_used_is_named_with_the_reason(briefwire: Briefwire, tmp_path: Path) -> None:
    good = {"url": "https://e.example/1", "title": "Ships at sea", "text": "Ships."}
    (tmp_path / "two.json").write_text(json.dumps([good, {"url": "nowhere", "title": "A title"}]), encoding="utf-8")
    assert "article 2, url: must be an http or https address" in briefwire("article", "add", "two.json", exits=1)


def test_people_are_listed_and_given_roles(briefwire: Briefwire, tmp_path: Path) -> None:
    briefwire("migrate")

    async def come() -> None:
        db = Database(f"sqlite:///{tmp_path / 'data' / 'briefwire.db'}")
        async with db.write() as tx:
            await a_user(tx, 5, name="Ann Lee", access=Access.STRANGER)
        await db.close()

    asyncio.run(come())
    assert "Ann Lee is admin now." in briefwire("user", "role", "5", "admin")
    assert briefwire("user", "list").split() == ["5", "admin", "allowed", "Ann", "Lee"]


def test_posts_are_counted_sent_and_stopped(briefwire: Briefwire, tmp_path: Path) -> None:
    briefwire("migrate")
    assert "no admin yet" in briefwire("post", "list", exits=1)

    async def come() -> None:
        db = Database(f"sqlite:///{tmp_path / 'data' / 'briefwire.db'}")
        async with db.write() as tx:
            await a_user(tx, 5, name="Ann Lee", role=Role.ADMIN)
            await a_chat(tx, 6)
            await a_chat(tx, 7, language="zh")
        await db.close()

    asyncio.run(come())
    assert briefwire("post", "list") == "No post yet.\n"
    counted = briefwire("post", "add", "The fair is on Monday.", "--language", "zh")
    assert counted == "Post 1: 1 chat; 0 more take no posts.\nNot sent: add --send.\n"
    assert "0 chats" in briefwire("post", "add", "Hello", "--query", "Seoul", "--group", "groups")
    assert "private, groups or channels" in briefwire("post", "add", "Hello", "--group", "all", exits=2)
    assert "On its way" in briefwire("post", "add", "The fair is on Monday.", "--send")
    assert "Sending 0 of 2   The fair is on Monday." in briefwire("post", "list")
    assert briefwire("post", "pause", "3") == "Post 3 is paused now.\n"
    assert briefwire("post", "resume", "3") == "Post 3 is sending now.\n"
    assert briefwire("post", "stop", "3") == "Post 3 is cancelled now.\n"
    assert "Stopped 0 of 2; 2 chats were left out" in briefwire("post", "list")


def test_a_benchmark_gets_what_stands_behind_its_name(
    briefwire: Briefwire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bench_echo.py").write_text('"""Says what it was given."""\nimport sys\nprint(sys.argv[1:])')
    monkeypatch.setattr(bench, "BENCHMARKS", tmp_path)
    assert "echo          Says what it was given." in briefwire("bench")
    assert "['--size', '3']" in briefwire("bench", "echo", "--size", "3")


def test_lists_of_feeds_go_in_and_out_and_a_source_is_named_by_what_one_knows_of_it(
    briefwire: Briefwire, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: str
) -> None:
    (tmp_path / "in.txt").write_text(f"{site}/feed.xml\n{site}/none.xml\n")
    said = briefwire("source", "import", "in.txt")
    assert "added    Harbour Post: 1 article" in said
    assert f"refused  {site}/none.xml: 127.0.0.1 answered with status 404." in said
    tested = briefwire("source", "test", "1")
    assert "This is the source Harbour Post." in tested
    assert "It would be fetched next at" in tested
    assert "status 404" in briefwire("source", "test", f"{site}/none.xml", exits=1)
    assert briefwire("source", "export", "out.opml") == "Wrote out.opml.\n"
    assert f'xmlUrl="{site}/feed.xml"' in briefwire("source", "export")
    assert "known    Harbour Post: This source has been added already." in briefwire("source", "import", "out.opml")
    assert "There is no file none.opml." in briefwire("source", "import", "none.opml", exits=1)
    assert "can't be read" in briefwire("source", "import", ".", exits=1)
    assert "can't be written" in briefwire("source", "export", ".", exits=1)
    assert briefwire("source", "pause", "harbour post") == "Paused Harbour Post.\n"
    assert "paused" in briefwire("source", "list")
    assert briefwire("source", "resume", f"{site}/feed.xml") == "Resumed Harbour Post.\n"
    assert "There is no source “9”." in briefwire("source", "remove", "9", exits=1)
    monkeypatch.setattr(sys, "stdin", StringIO("n\n"))
    briefwire("source", "remove", "1", exits=1)
    assert briefwire("source", "remove", "--yes", "1") == "Removed Harbour Post.\n"
    assert "There is no feed to export yet." in briefwire("source", "export", exits=1)


def test_a_folder_of_articles_is_added_and_a_wrong_file_stops_no_other(briefwire: Briefwire, tmp_path: Path) -> None:
    folder = tmp_path / "in" / "deeper"
    folder.mkdir(parents=True)
    assert "has no article files (.json, .jsonl, .ndjson, .txt)" in briefwire("article", "add", "in", exits=1)
    (folder / "a.txt").write_text(SEED, encoding="utf-8")
    (folder / "b.json").write_text("{", encoding="utf-8")
    (folder / "c.json").write_text(json.dumps({"url": "https://e.com/1", "title": "One"}), encoding="utf-8")
    (folder / "d.png").write_bytes(b"\x89PNG")
    lines = briefwire("article", "add", "in", exits=1).splitlines()
    assert [line.split()[0] for line in lines] == ["added", "invalid", "added"]
    assert "b.json" in lines[1]
