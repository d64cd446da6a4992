"""What runs in the workers, run here."""

import os
import resource

import pytest

from bot.adapters import jobs
from bot.errors import BadInput, FeedError, WorkerError
from tests.conftest import NOON


def test_a_worker_has_one_thread_for_numbers_and_a_limit_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[tuple[int, tuple[int, int]]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda what, limit: limits.append((what, limit)))
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    jobs.prepare(1_000)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (500, 500))
    jobs.prepare(1_000)
    assert limits == [(resource.RLIMIT_AS, (1_000, resource.RLIM_INFINITY)), (resource.RLIMIT_AS, (500, 500))]
    assert os.environ["OMP_NUM_THREADS"] == "1"


def test_entries_leave_as_plain_text() -> None:
    body = b"<rss><channel><item><description>&lt;p>A&lt;/p>&lt;p>B&lt;/p></description></item></channel></rss>"
    [entry] = jobs.parse_feed(body, "https://post.example/feed", "").entries
    assert (entry.text, entry.html) == ("A\n\nB", "")


def test_a_page_is_read() -> None:
    body = f"<html><head><title>Ferries</title></head><body><article><p>{'The ferries stop. ' * 9}</p></article></body>"
    assert jobs.extract_page(body.encode(), "https://post.example/a", NOON).title == "Ferries"


def test_languages_are_told_apart_where_the_text_suffices() -> None:
    texts = ["The ferries stop on Tuesday.", "Die Fähren fahren heute nicht mehr.", "渡轮今天停运", "ok", "", "123 456"]
    assert jobs.detect_languages(texts) == ["en", "de", "zh", "", "", ""]


def test_sentences_are_cut_word_for_word() -> None:
    text = "The ferries stop on Tuesday. Seoul sends more troops to the border. The weather stays fine for now."
    excerpts = jobs.summarize(text, "Troops", "en", 1, focus=("seoul",))
    assert [text[one.start : one.end] for one in excerpts] == [one.text for one in excerpts]
    assert len(excerpts) == 1


def test_a_summary_obeys_words_and_method() -> None:
    text = "The ferries stop on Tuesday. Seoul sends more troops to the border. The weather stays fine for now."
    told = jobs.summarize(text, "Troops", "en", None, words=12, method="lexrank")
    assert sum(len(one.text.split()) for one in told) in range(1, 13)
    with pytest.raises(BadInput) as caught:
        jobs.summarize(text, "", "", 1, method="magic")
    assert (caught.value.key, caught.value.facts["given"]) == ("unknown_method", "magic")


def _refuse() -> None:
    raise FeedError("empty_feed")


def _overflow() -> None:
    raise MemoryError


def _stumble() -> None:
    raise LookupError("deep inside")


def test_only_our_own_errors_leave_a_worker() -> None:
    assert jobs.run(len, "abc") == 3
    with pytest.raises(FeedError):
        jobs.run(_refuse)
    with pytest.raises(WorkerError, match="worker_memory"):
        jobs.run(_overflow)
    with pytest.raises(WorkerError) as caught:
        jobs.run(_stumble)
    assert caught.value.facts == {"job": "_stumble", "reason": "LookupError: deep inside"}
