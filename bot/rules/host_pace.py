"""Who may ask a host next, and when: each request gets a turn, a gap after the one before it."""

KEPT = 10_000  # hosts remembered; those whose gap is over are forgotten first


class HostPace:
    """The turns of every host. Times are seconds of one clock that only goes forward."""

    def __init__(self) -> None:
        self._free_at: dict[str, float] = {}

    def delay(self, host: str, now: float, gap: float) -> float:
        """Takes the host's next turn, and returns the seconds until it; the one after it is `gap` later."""
        turn = max(now, self._free_at.get(host, now))
        self._free_at[host] = turn + gap
        if len(self._free_at) > KEPT:
            self._free_at = {one: free for one, free in self._free_at.items() if free > now}
        return turn - now
