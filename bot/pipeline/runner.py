"""The runner: steps that are ticked by a scheduler and woken by each other.

The tables are the queues, so a missed tick loses nothing: a tick only says "look again". APScheduler keeps no jobs
beyond these few, in memory.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot import log
from bot.errors import MessengerError

DRAIN = 8.0  # seconds that running steps have to come to an end when the program stops

logger = log.get(__name__)
OnRun = Callable[[str, int, float], None]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the pipeline.

    Args:
        run: does what there is to do and returns how much it did; safe to repeat, safe to kill.
        every_seconds: how often it looks, even when nobody wakes it.
        then: names of the steps that have something to do after this one did; those run elsewhere are ignored.
        stop: asks a long run to end soon; without it the step is waited for.
        rest: seconds from the beginning of a run to the next at least. The first piece of work after a quiet time is
            done at once, and what comes in a stream is done together: a run costs much the same for one as for many.
    """

    name: str
    run: Callable[[], Awaitable[int]]
    every_seconds: float
    then: tuple[str, ...] = ()
    stop: Callable[[], None] | None = None
    rest: float = 0.0


class Runner:
    """Runs every step at its time, each one run at a time.

    Args:
        on_run: told of every run by name, what it did, and how long it took in seconds; -1 for one that failed.
    """

    def __init__(self, steps: Sequence[Step], *, on_run: OnRun | None = None) -> None:
        self._steps = {step.name: step for step in steps}
        self._on_run = on_run
        self._events = {name: asyncio.Event() for name in self._steps}
        self._scheduler = AsyncIOScheduler()
        self._tasks: list[asyncio.Task[None]] = []
        self._ailing: dict[str, str] = {}  # steps whose last run failed, with what was said of it
        self._stopping = asyncio.Event()
        self._failed: asyncio.Future[None] | None = None

    @property
    def failed(self) -> asyncio.Future[None]:
        """Done when the runner stopped; with the MessengerError that ended it, if one did. After `start`."""
        if self._failed is None:
            raise RuntimeError("the runner was not started")
        return self._failed

    def start(self) -> None:
        """Starts all steps, in the running event loop; each looks at once."""
        self._failed = asyncio.get_running_loop().create_future()
        for step in self._steps.values():
            self._tasks.append(asyncio.create_task(self._keep_running(step), name=f"step {step.name}"))
            self._scheduler.add_job(
                self._tick,
                "interval",
                args=[step.name],
                seconds=step.every_seconds,
                coalesce=True,
                misfire_grace_time=None,
            )
            self.wake(step.name)
        self._scheduler.start()

    def wake(self, name: str) -> None:
        """Lets a step look as soon as it can; one that another process runs looks there at its next tick."""
        if name in self._events:
            self._events[name].set()

    async def stop(self) -> None:
        """Lets running steps come to an end, for DRAIN seconds at most; what is still running then is cancelled."""
        self._halt()
        if self._tasks:
            _, running = await asyncio.wait(self._tasks, timeout=DRAIN)
            for task in running:
                logger.warning("step did not end in time", step=task.get_name())
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._tasks.clear()
        if self._failed is not None and not self._failed.done():
            self._failed.set_result(None)

    def _halt(self) -> None:
        self._stopping.set()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        for step in self._steps.values():
            if step.stop is not None:
                step.stop()
            self.wake(step.name)

    async def _tick(self, name: str) -> None:
        self.wake(name)

    async def _keep_running(self, step: Step) -> None:
        event, loop = self._events[step.name], asyncio.get_running_loop()
        while True:
            await event.wait()
            event.clear()
            if self._stopping.is_set():
                return
            began = loop.time()
            if await self._run(step) > 0:
                for name in (step.name, *step.then):
                    self.wake(name)
            await self._rest(began + step.rest - loop.time())

    async def _rest(self, seconds: float) -> None:
        """Until so many seconds have passed, or the program stops."""
        if seconds > 0:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._stopping.wait()

    async def _run(self, step: Step) -> int:
        loop = asyncio.get_running_loop()
        started, done = loop.time(), -1
        try:
            done = await step.run()
            if self._ailing.pop(step.name, ""):
                logger.info("step works again", step=step.name)
        except MessengerError as error:
            logger.error("Telegram refuses the bot", step=step.name, error=str(error))
            self._fail(error)
        except Exception as error:  # whatever it is, the other steps go on, and this one at its next tick
            self._note(step.name, error)
        if self._on_run is not None:
            self._on_run(step.name, done, loop.time() - started)
        return done

    def _note(self, step: str, error: Exception) -> None:
        """Says once what ails a step: a full disk would say it with every tick."""
        what = f"{type(error).__name__}: {error}"
        if self._ailing.get(step) != what:
            logger.error("step failed", step=step, error=what, at=_place(error))
        self._ailing[step] = what

    def _fail(self, error: MessengerError) -> None:
        if not self.failed.done():
            self.failed.set_exception(error)
            self.failed.exception()  # marks it as seen: the program may be on its way out already
        self._halt()


def _place(error: Exception) -> str:
    """Where it was raised, as `file:line`."""
    last = error.__traceback__
    while last is not None and last.tb_next is not None:
        last = last.tb_next
    return f"{last.tb_frame.f_code.co_filename}:{last.tb_lineno}" if last is not None else ""
