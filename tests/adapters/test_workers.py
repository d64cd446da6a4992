"""Worker processes: light outside, killable, gone when there is nothing to do."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import psutil
import pytest

from bot.adapters import jobs
from bot.adapters.workers import ProcessWorkers
from bot.errors import FeedError, PageError, WorkerError
from bot.rules.matching import build_automata
from tests.conftest import NOON

FEED = b"<rss><channel><title>Harbour Post</title></channel></rss>"
URL = "https://post.example/feed"


@pytest.fixture
async def workers() -> AsyncIterator[ProcessWorkers]:
    pool = ProcessWorkers(processes=1, deadline=20, memory=1024**3)
    yield pool
    await pool.close()


async def title(workers: ProcessWorkers) -> str:
    return (await workers.parse_feed(FEED, url=URL, content_type="")).title


async def test_every_job_is_done(workers: ProcessWorkers) -> None:
    assert await title(workers) == "Harbour Post"
    html = f"<html><head><title>Ferries</title></head><body><article><p>{'The ferries stop. ' * 9}</p></article></body>"
    assert (await workers.extract_page(html.encode(), url=URL, latest=NOON)).title == "Ferries"
    assert await workers.detect_languages(["The ferries stop on Tuesday."]) == ["en"]
    assert await workers.detect_languages([]) == []
    [excerpt] = await workers.summarize("The ferries stop on Tuesday.", title="", language="en", sentences=1)
    assert excerpt.text == "The ferries stop on Tuesday."


async def test_what_is_wrong_with_the_input_is_told_with_its_facts(workers: ProcessWorkers) -> None:
    with pytest.raises(FeedError) as caught:
        await workers.parse_feed(b"<html></html>", url=URL, content_type="")
    assert (caught.value.key, caught.value.facts) == ("web_page", {"feed": ""})
    with pytest.raises(PageError, match="no_article"):
        await workers.extract_page(b"", url=URL, latest=NOON)


async def test_a_job_that_hangs_is_killed_and_the_next_one_runs() -> None:
    workers = ProcessWorkers(processes=1, deadline=0.5)
    with pytest.raises(WorkerError) as caught:
        await workers._run(time.sleep, 600)
    assert (caught.value.key, caught.value.facts) == ("worker_timeout", {"job": "sleep", "seconds": 0.5})
    workers._deadline = 20
    assert await title(workers) == "Harbour Post"
    await workers.close()


async def test_a_job_that_wants_too_much_memory_fails_alone(workers: ProcessWorkers) -> None:
    with pytest.raises(WorkerError, match="worker_memory"):
        await workers._run(bytearray, 8 * 1024**3)
    assert await title(workers) == "Harbour Post"


async def test_a_process_that_dies_is_replaced(workers: ProcessWorkers) -> None:
    with pytest.raises(WorkerError, match="worker_died"):
        await workers._run(os._exit, 3)
    assert await title(workers) == "Harbour Post"


async def test_a_pool_that_cannot_start_fails_by_name_and_recovers(
    workers: ProcessWorkers, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(jobs, "prepare", os._exit)
        broken.setattr(workers, "_memory", 1)  # which is the status that the process exits with
        with pytest.raises(WorkerError, match="worker_failed"):
            await title(workers)
    assert await title(workers) == "Harbour Post"


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


def _wait_for_the_end_of(processes: set[int]) -> None:
    while processes & _children():
        time.sleep(0.05)


async def test_closing_again_changes_nothing(workers: ProcessWorkers) -> None:
    await workers.close()
    await workers.close()


async def test_a_pool_ends_while_another_of_the_same_program_works(workers: ProcessWorkers) -> None:
    other = ProcessWorkers(processes=1)
    assert await title(workers) == await title(other) == "Harbour Post"
    await other.close()
    assert await title(workers) == "Harbour Post"


async def test_a_job_that_comes_after_the_end_begins_nothing(workers: ProcessWorkers) -> None:
    await workers.close()
    before = _children()
    with pytest.raises(WorkerError, match="worker_failed"):
        await title(workers)
    assert _children() == before


async def test_the_processes_end_when_there_is_nothing_to_do() -> None:
    workers = ProcessWorkers(processes=2, idle=0.05)
    before = _children()
    assert set(await asyncio.gather(title(workers), title(workers))) == {"Harbour Post"}
    await asyncio.to_thread(_wait_for_the_end_of, _children() - before)
    assert await title(workers) == "Harbour Post"
    await workers.close()


async def test_a_pool_with_work_is_not_reaped(workers: ProcessWorkers) -> None:
    assert await title(workers) == "Harbour Post"
    pool = workers._pool
    job = asyncio.create_task(workers._run(time.sleep, 0.3))
    await asyncio.sleep(0)
    workers._stop_if_idle()
    await job
    assert workers._pool is pool


OUTSIDE = """
import asyncio, sys
from bot.adapters import jobs
from bot.adapters.workers import ProcessWorkers

async def main():
    workers = ProcessWorkers()
    body = b"<rss><channel><title>a & b</title></channel></rss>"
    feed = await workers.parse_feed(body, url="https://post.example/", content_type="")
    assert feed.title == "a & b", feed
    await workers.summarize("The ferries stop on Tuesday.", title="", language="en", sentences=1)
    await workers.close()

asyncio.run(main())
heavy = {"sumy", "nltk", "numpy", "lxml", "trafilatura", "feedparser", "htmldate", "py3langid", "selectolax", "rjieba"}
print(sorted(heavy & set(sys.modules)))
"""


def test_the_main_process_stays_light_and_ends_without_a_word() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", OUTSIDE], capture_output=True, text=True, timeout=60, check=True
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


async def test_an_automaton_is_built_in_a_worker_and_finds_the_same() -> None:
    texts = [*(f"word{number}" for number in range(500)), "朝鲜", "?\U00040000\U00040001\n\U00040002\U00040003"]
    parts = [f"{text}\0".encode() for text in texts]
    workers = ProcessWorkers(processes=1)
    try:
        assert await workers.build_automata(parts, bytes) == list(build_automata(b"".join(parts)))
        assert await workers.build_automata([], bytes) == []
    finally:
        await workers.close()
