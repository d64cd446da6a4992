"""Heavy work in worker processes: killed at a deadline, limited in memory, gone after a minute without work.

This process never imports what they import (`bot.adapters.jobs`). A pool is made when it is needed and stopped when it
was idle, with the helper process that multiprocessing starts beside it.
"""

import asyncio
import gc
import multiprocessing
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import datetime
from multiprocessing import resource_tracker
from pathlib import Path
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from bot.adapters import jobs
from bot.errors import BriefwireError, WorkerError
from bot.model import Excerpt, Feed, Page

T = TypeVar("T")

PROCESSES = 2
DEADLINE = 30.0  # seconds a job may take
BUILD_DEADLINE = 600.0  # … and the building of an automaton; one of a million queries takes a minute
FEED_DEADLINE = 4.5  # … and the reading of a feed, of which thousands wait behind it
MEMORY = 2 * 1024**3  # bytes of address space; numpy and lxml reserve far more than they use
IDLE = 60.0  # seconds without work after which the processes end
LANGUAGE_SAMPLE = 1_000  # characters of a text that tell its language
_POOLS_LOCK = threading.Lock()  # held while a pool of this process is begun or ended
_pools: set["ProcessWorkers"] = set()  # that have one


class ProcessWorkers:
    """Implements `bot.ports.Workers` with a pool of processes.

    Args:
        processes: how many jobs run at a time.
        deadline: seconds after which a job's process is killed, or `FEED_DEADLINE` where it reads a feed.
        memory: bytes of address space that a process may have.
        idle: seconds without work after which the processes end.
    """

    def __init__(
        self, *, processes: int = PROCESSES, deadline: float = DEADLINE, memory: int = MEMORY, idle: float = IDLE
    ) -> None:
        self._processes = processes
        self._deadline = deadline
        self._feed_deadline = min(deadline, FEED_DEADLINE)
        self._memory = memory
        self._idle = idle
        self._pool: Any = None  # a ProcessPool, whose methods have no types
        self._is_closed = False
        self._running = 0
        self._reaper: asyncio.TimerHandle | None = None
        self._reaping: set[asyncio.Task[None]] = set()

    async def parse_feed(self, body: bytes, *, url: str, content_type: str) -> Feed:
        """Reads a feed; its entries have `text`, not `html`. Raises FeedError or WorkerError."""
        feed: Feed = await self._run(jobs.parse_feed, body, url, content_type, deadline=self._feed_deadline)
        return feed

    async def extract_page(self, html: bytes, *, url: str, latest: datetime) -> Page:
        """Reads an article's page, in which no day after `latest` is its day. Raises PageError or WorkerError."""
        page: Page = await self._run(jobs.extract_page, html, url, latest)
        return page

    async def detect_languages(self, texts: Sequence[str]) -> list[str]:
        """The ISO 639-1 code of each text, or an empty string where it is too short to tell. Raises WorkerError."""
        if not texts:
            return []
        codes: list[str] = await self._run(jobs.detect_languages, [text[:LANGUAGE_SAMPLE] for text in texts])
        return codes

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
        """Sentences of the text, word for word, in its order. Raises BadInput or WorkerError."""
        excerpts: tuple[Excerpt, ...] = await self._run(
            jobs.summarize, text, title, language, sentences, words, tuple(focus), method
        )
        return excerpts

    async def build_automata(self, parts: Sequence[bytes], unpack: Callable[[bytes], T]) -> list[T]:
        """The automata of a packed snapshot, given in parts, each unpacked in a thread. Raises WorkerError."""
        # By way of files, part by part: what is joined or piped is copied while nothing else runs here.
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp))
        try:
            await asyncio.to_thread(_write, folder / "terms", parts)
            names: list[str] = await self._run(jobs.build_automata, str(folder / "terms"), deadline=BUILD_DEADLINE)
            return [await asyncio.to_thread(lambda file: unpack(file.read_bytes()), folder / name) for name in names]
        finally:
            await asyncio.to_thread(shutil.rmtree, folder)

    async def find_zone(self, latitude: float, longitude: float) -> str:
        """The IANA time zone of a place on earth; an empty string where none is known."""
        zone: str = await self._run(jobs.find_zone, latitude, longitude)
        return zone

    async def close(self) -> None:
        """Ends the processes; what they were doing is lost, and a job that comes later fails."""
        self._is_closed = True
        self._cancel_reaper()
        await asyncio.gather(*self._reaping)
        await asyncio.to_thread(self._stop)

    async def _run(self, job: Callable[..., Any], *args: Any, deadline: float | None = None) -> Any:
        deadline = deadline or self._deadline
        self._cancel_reaper()
        self._running += 1
        try:
            # In a thread: starting a pool forks and waits.
            future = await asyncio.to_thread(self._schedule, job, args, deadline)
            return await asyncio.wrap_future(future)
        except BriefwireError:
            raise
        except TimeoutError as error:
            raise WorkerError("worker_timeout", job=job.__name__, seconds=deadline) from error
        except ProcessExpired as error:
            raise WorkerError("worker_died", job=job.__name__) from error
        except RuntimeError as error:  # a pool that can't start its processes, or lost them all
            raise WorkerError("worker_failed", job=job.__name__, reason=str(error)[:300]) from error
        finally:
            self._running -= 1
            self._wait_for_work()

    def _schedule(self, job: Callable[..., Any], args: tuple[Any, ...], deadline: float) -> Future[Any]:
        with _POOLS_LOCK:
            if self._pool is not None and not self._pool.active:
                self._discard()
            if self._is_closed:  # nobody would end what began now
                raise RuntimeError("closed")
            if self._pool is None:
                _pools.add(self)
                self._pool = ProcessPool(
                    max_workers=self._processes,
                    initializer=jobs.prepare,
                    initargs=(self._memory,),
                    context=multiprocessing.get_context("spawn"),
                )
            future: Future[Any] = self._pool.schedule(jobs.run, args=(job, *args), timeout=deadline)
            return future

    def _wait_for_work(self) -> None:
        self._cancel_reaper()
        if not self._running:
            self._reaper = asyncio.get_running_loop().call_later(self._idle, self._reap)

    def _cancel_reaper(self) -> None:
        if self._reaper is not None:
            self._reaper.cancel()
            self._reaper = None

    def _reap(self) -> None:
        task = asyncio.create_task(asyncio.to_thread(self._stop_if_idle))
        self._reaping.add(task)
        task.add_done_callback(self._reaping.discard)

    def _stop_if_idle(self) -> None:
        with _POOLS_LOCK:
            if not self._running:
                self._discard()

    def _stop(self) -> None:
        with _POOLS_LOCK:
            self._discard()

    def _discard(self) -> None:
        if self._pool is None:
            return
        self._pool.stop()
        self._pool.join()
        self._pool = None
        _pools.discard(self)
        gc.collect()  # the pool's semaphores leave the tracker when they are collected
        if not _pools:
            _stop_resource_tracker()


def _stop_resource_tracker() -> None:
    """Ends multiprocessing's helper process, which else stays for good; it starts again with the next pool.

    It ends when nobody holds its pipe any longer, which every process of a pool does: with a pool of somebody else in
    this process, waiting for that end could last for ever.
    """
    tracker: Any = resource_tracker._resource_tracker
    if hasattr(tracker, "_stop"):  # pragma: no branch - not part of Python's public interface
        tracker._stop()


def _write(file: Path, parts: Sequence[bytes]) -> None:
    with file.open("wb") as opened:
        opened.writelines(parts)
