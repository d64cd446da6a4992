"""Misfortunes on demand: a fault meets the next calls that fit it, instead of or besides what they would have done."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox import refusals
from bot.sandbox.refusals import Refusal, bad_request, cannot_parse, forbidden


@dataclass(slots=True, eq=False)
class Fault:
    """One misfortune.

    Attributes:
        kind: a key of KINDS.
        method: the method it meets, or None for any but getUpdates.
        chat_id: the chat it meets, or None for any.
        times: how many calls it still meets, or None for all.
        refusal: the answer instead of doing anything.
        bad_gateway: answer 502 with a page of HTML, as a proxy does.
        drop: close the connection before or after doing it, without an answer.
        delay: seconds to wait before doing it.
        late: seconds to wait after doing it, before the answer.
        met: how many calls it has met.
    """

    kind: str
    method: str | None = None
    chat_id: int | None = None
    times: int | None = 1
    refusal: Refusal | None = None
    bad_gateway: bool = False
    drop: str = ""  # "", "before", "after"
    delay: float = 0.0
    late: float = 0.0
    met: int = 0
    _first: asyncio.Event = field(default_factory=asyncio.Event)
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    def fits(self, method: str, chat_id: int | str | None) -> bool:
        """Whether it meets this call."""
        if self.times == 0:
            return False
        if self.method is None and method == "getUpdates":
            return False
        return self.method in (None, method) and self.chat_id in (None, chat_id)

    def meet(self) -> None:
        """Counts one call."""
        self.met += 1
        if self.times is not None:
            self.times -= 1
        self._first.set()

    async def reached(self) -> None:
        """Waits until it has met a call."""
        await self._first.wait()

    def release(self) -> None:
        """Lets go what `hold` holds."""
        self._released.set()

    async def wait_before(self) -> None:
        """Spends the time that the call is to be late by."""
        if self.kind == "hold":
            await self._released.wait()
        elif self.delay:
            await asyncio.sleep(self.delay)


def _refusing(make: Callable[[], Refusal]) -> Callable[[Fault, float], None]:
    def apply(fault: Fault, _seconds: float) -> None:
        fault.refusal = make()

    return apply


def _flood(fault: Fault, seconds: float) -> None:
    fault.refusal = refusals.flood(int(seconds) or 1)


def _setting(name: str, value: object = None) -> Callable[[Fault, float], None]:
    def apply(fault: Fault, seconds: float) -> None:
        setattr(fault, name, seconds if value is None else value)

    return apply


# What can be asked for; seconds are those of retry_after or of the delay.
KINDS: dict[str, Callable[[Fault, float], None]] = {
    "flood": _flood,
    "blocked": _refusing(lambda: forbidden("bot was blocked by the user")),
    "kicked": _refusing(lambda: forbidden("bot was kicked from the group chat")),
    "deactivated": _refusing(lambda: forbidden("user is deactivated")),
    "chat_not_found": _refusing(lambda: bad_request("chat not found")),
    "cannot_parse": _refusing(lambda: cannot_parse('Unsupported start tag "x" at byte offset 0')),
    "too_long": _refusing(lambda: bad_request("message is too long")),
    "not_modified": _refusing(lambda: bad_request("message is not modified")),
    "edit_not_found": _refusing(lambda: bad_request("message to edit not found")),
    "undeletable": _refusing(lambda: bad_request("message can't be deleted for everyone")),
    "no_rights": _refusing(lambda: bad_request("not enough rights to send text messages to the chat")),
    "topic_closed": _refusing(lambda: bad_request("TOPIC_CLOSED")),
    "thread_not_found": _refusing(lambda: bad_request("message thread not found")),
    "bad_request": _refusing(lambda: bad_request("wrong parameter")),
    "unauthorized": _refusing(lambda: Refusal(401, "Unauthorized")),
    "conflict": _refusing(lambda: refusals.conflict("terminated by other getUpdates request")),
    "server_error": _refusing(lambda: Refusal(500, "Internal Server Error")),
    "bad_gateway": _setting("bad_gateway", True),
    "drop_before": _setting("drop", "before"),
    "drop_after": _setting("drop", "after"),
    "slow": _setting("delay"),
    "late": _setting("late"),
    "hold": _setting("kind", "hold"),
    "migrated": lambda _fault, _seconds: None,  # its refusal needs the new chat
}


class Faults:
    """The misfortunes that wait for calls, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(
        self,
        kind: str,
        *,
        method: str | None = None,
        chat_id: int | None = None,
        times: int | None = 1,
        seconds: float = 0.0,
        new_chat_id: int | None = None,
    ) -> Fault:
        """Plans one; see Sandbox.fail. Raises LookupError for an unknown kind."""
        if kind not in KINDS:
            raise LookupError(f"no fault {kind!r}; there are {sorted(KINDS)}")
        fault = Fault(kind, method, chat_id, times)
        KINDS[kind](fault, seconds)
        if kind == "migrated":
            if new_chat_id is None:
                raise LookupError("a migrated chat needs the id of the new one")
            fault.refusal = refusals.migrated(new_chat_id)
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        """Forgets all, and lets go what is held."""
        for fault in self._waiting:
            fault.release()
        self._waiting.clear()

    def take(self, method: str, chat_id: int | str | None) -> Fault | None:
        """The fault that meets this call, counted."""
        for fault in self._waiting:
            if fault.fits(method, chat_id):
                fault.meet()
                return fault
        return None
