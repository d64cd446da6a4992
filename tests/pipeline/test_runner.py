"""The runner: ticks, wakes, failures and the end."""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest

from bot.errors import StorageError, TokenRejected
from bot.pipeline import runner as module
from bot.pipeline.runner import Runner, Step

NEVER = 3_600.0  # seconds


class Work:
    """A step's work: returns or raises what was laid out, then 0; remembers its runs."""

    def __init__(self, *results: int | Exception) -> None:
        self._results = list(results)
        self.runs = 0
        self.ran = asyncio.Event()

    async def __call__(self) -> int:
        self.runs += 1
        self.ran.set()
        await asyncio.sleep(0)
        result = self._results.pop(0) if self._results else 0
        if isinstance(result, Exception):
            raise result
        return result

    async def again(self) -> None:
        """Waits for the next run."""
        self.ran.clear()
        await asyncio.wait_for(self.ran.wait(), 10)


@pytest.fixture
async def start() -> AsyncIterator[Callable[..., Awaitable[Runner]]]:
    started: list[Runner] = []

    async def start(steps: Sequence[Step], **options: object) -> Runner:
        running = Runner(steps, **options)  # type: ignore[arg-type]
        started.append(running)
        running.start()
        return running

    yield start
    for running in started:
        await running.stop()


async def idle(*work: Work) -> None:
    """Waits until nothing runs any more."""
    before = [-1]
    while before != [one.runs for one in work]:
        before = [one.runs for one in work]
        for _ in range(20):
            await asyncio.sleep(0)


async def test_every_step_looks_at_once_when_the_program_starts(start: Callable[..., Awaitable[Runner]]) -> None:
    first, second = Work(), Work()
    await start([Step("first", first, NEVER), Step("second", second, NEVER)])
    await idle(first, second)
    assert (first.runs, second.runs) == (1, 1)


async def test_a_step_is_ticked(start: Callable[..., Awaitable[Runner]]) -> None:
    work = Work()
    await start([Step("work", work, 0.02)])
    await work.again()
    await work.again()
    assert work.runs >= 2


async def test_a_step_that_did_something_runs_again_and_wakes_the_next(
    start: Callable[..., Awaitable[Runner]],
) -> None:
    collect, match, aside = Work(0, 3, 2, 0), Work(), Work()
    steps = [Step("collect", collect, NEVER, then=("match",)), Step("match", match, NEVER), Step("aside", aside, NEVER)]
    running = await start(steps)
    await idle(collect, match, aside)
    running.wake("collect")
    await idle(collect, match, aside)
    assert collect.runs == 4
    assert match.runs >= 2
    assert aside.runs == 1


async def test_a_step_runs_one_at_a_time_and_a_wake_meanwhile_is_not_lost(
    start: Callable[..., Awaitable[Runner]],
) -> None:
    gate, at_once, most, runs = asyncio.Event(), 0, 0, 0

    async def work() -> int:
        nonlocal at_once, most, runs
        runs, at_once = runs + 1, at_once + 1
        most = max(most, at_once)
        await gate.wait()
        at_once -= 1
        return 0

    running = await start([Step("work", work, NEVER)])
    for _ in range(5):
        running.wake("work")
        await asyncio.sleep(0)
    gate.set()
    for _ in range(20):
        await asyncio.sleep(0)
    assert (most, runs) == (1, 2)


@pytest.mark.parametrize("failure", [StorageError("database"), ZeroDivisionError("a bug")])
async def test_a_step_that_fails_goes_on_at_its_next_tick(
    start: Callable[..., Awaitable[Runner]], failure: Exception
) -> None:
    seen: list[tuple[str, int]] = []
    work, other = Work(failure, 0), Work()
    steps = [Step("work", work, NEVER), Step("other", other, NEVER)]
    running = await start(steps, on_run=lambda name, done, seconds: seen.append((name, done)))
    await idle(work, other)
    assert not running.failed.done()
    running.wake("work")
    await idle(work, other)
    assert work.runs == 2
    assert sorted(seen) == [("other", 0), ("work", -1), ("work", 0)]


async def test_when_telegram_refuses_the_bot_everything_stops_and_the_caller_learns_why(
    start: Callable[..., Awaitable[Runner]],
) -> None:
    refused, other = Work(0, TokenRejected("token_rejected"), TokenRejected("token_rejected")), Work()
    running = await start([Step("deliver", refused, 0.01), Step("other", other, 0.01)])
    with pytest.raises(TokenRejected):
        await asyncio.wait_for(running.failed, 10)
    await idle(other, refused)
    before = (refused.runs, other.runs)
    running.wake("other")
    await asyncio.sleep(0.05)
    assert (refused.runs, other.runs) == before


async def test_stopping_waits_for_what_runs_and_asks_long_runs_to_end() -> None:
    asked, ended = asyncio.Event(), False

    async def long() -> int:
        nonlocal ended
        await asked.wait()
        await asyncio.sleep(0.01)
        ended = True
        return 5

    running = Runner([Step("long", long, NEVER, stop=asked.set)])
    running.start()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await running.stop()
    assert ended
    await asyncio.wait_for(running.failed, 1)
    await running.stop()


async def test_what_does_not_end_in_time_is_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "DRAIN", 0.05)
    cancelled = asyncio.Event()

    async def stuck() -> int:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return 0

    running = Runner([Step("stuck", stuck, NEVER)])
    running.start()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await running.stop()
    assert cancelled.is_set()


async def test_a_runner_that_was_never_started_can_be_stopped_but_not_watched() -> None:
    running = Runner([])
    with pytest.raises(RuntimeError):
        _ = running.failed
    await running.stop()


async def test_a_step_that_runs_in_another_process_may_be_named_and_woken(
    start: Callable[..., Awaitable[Runner]],
) -> None:
    work = Work(1)
    running = await start([Step("work", work, NEVER, then=("elsewhere",))])
    running.wake("elsewhere")
    await idle(work)
    assert work.runs == 2


async def test_two_refusals_at_once_are_one_failure(start: Callable[..., Awaitable[Runner]]) -> None:
    one, two = Work(TokenRejected("token_rejected")), Work(TokenRejected("token_rejected"))
    running = await start([Step("one", one, NEVER), Step("two", two, NEVER)])
    with pytest.raises(TokenRejected):
        await asyncio.wait_for(running.failed, 10)
    await idle(one, two)


async def test_what_comes_in_a_stream_is_done_together_and_the_first_of_it_at_once(
    start: Callable[..., Awaitable[Runner]],
) -> None:
    loop = asyncio.get_running_loop()
    began: list[float] = []

    async def work() -> int:
        began.append(loop.time())
        return 0

    runner = await start([Step("stream", work, NEVER, rest=0.05)])
    while len(began) < 4:
        runner.wake("stream")
        await asyncio.sleep(0.001)
    assert all(later - earlier >= 0.05 for earlier, later in itertools.pairwise(began))


async def test_a_resting_step_keeps_the_program_from_nothing(start: Callable[..., Awaitable[Runner]]) -> None:
    work = Work()
    runner = await start([Step("stream", work, NEVER, rest=NEVER)])
    await work.ran.wait()
    await asyncio.wait_for(runner.stop(), 5)


async def test_what_ails_a_step_is_said_once_and_its_recovery_too(
    start: Callable[..., Awaitable[Runner]], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[tuple[str, str]] = []

    class Log:
        def error(self, event: str, *, error: str, **_: str) -> None:
            said.append((event, error))

        def info(self, event: str, **_: str) -> None:
            said.append((event, ""))

    monkeypatch.setattr(module, "logger", Log())
    full, away = StorageError("database", detail="full"), StorageError("database", detail="away")
    work = Work(0, full, full, full, away, 0, 0)
    running = await start([Step("work", work, NEVER)])
    for _ in range(7):
        await idle(work)
        running.wake("work")
    assert [(event, error.partition("detail=")[2]) for event, error in said] == [
        ("step failed", "'full')"),
        ("step failed", "'away')"),
        ("step works again", ""),
    ]
