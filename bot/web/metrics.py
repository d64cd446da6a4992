"""What this process has done, and how the database stands, in Prometheus's text format."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from bot.ports import Clock
from bot.rules.rush import Rush
from bot.storage import figures

STEP_SILENCE = timedelta(minutes=5)  # a step ticks every few seconds, or is at work for at most its own deadlines
STEP_SECONDS = (0.005, 0.025, 0.1, 0.5, 1, 5, 15, 60)


class Metrics:
    """What this process did, in a registry of its own; nothing is global, so tests and several apps do not meet."""

    def __init__(self, clock: Clock, *, version: str = "") -> None:
        self.registry = CollectorRegistry()
        self._clock = clock
        self._last: dict[str, datetime] = {}
        self._started = clock.now()
        self._items = Counter("briefwire_step_items", "What a step worked on", ["step"], registry=self.registry)
        self._seconds = Histogram(
            "briefwire_step_seconds",
            "How long a step's run took",
            ["step"],
            buckets=STEP_SECONDS,
            registry=self.registry,
        )
        self._requests = Counter(
            "briefwire_http_requests", "Requests answered", ["route", "status"], registry=self.registry
        )
        ProcessCollector(registry=self.registry)
        info = Gauge("briefwire_info", "The running version", ["version"], registry=self.registry)
        info.labels(version).set(1)

    def observe_step(self, name: str, n: int, seconds: float) -> None:
        """Notes one run of a pipeline step that worked on n items for so many seconds."""
        self._last[name] = self._clock.now()
        self._items.labels(name).inc(n)
        self._seconds.labels(name).observe(seconds)

    def observe_request(self, route: str, status: int) -> None:
        """Notes one answered request by its route's pattern, never by its path."""
        self._requests.labels(route, str(status)).inc()

    def stalled(self, steps: Iterable[str]) -> list[str]:
        """Those of the steps that have not run for STEP_SILENCE."""
        now = self._clock.now()
        return [step for step in steps if now - self._last.get(step, self._started) > STEP_SILENCE]


class _Snapshot(Collector):
    """The database's figures as metric families, for one scrape."""

    def __init__(self, seen: figures.Figures, rush: Rush | None) -> None:
        self._seen = seen
        self._rush = rush

    def collect(self) -> Iterator[GaugeMetricFamily]:
        yield _family("briefwire_rows", "Rows stored", "table", self._seen.totals)
        yield _family("briefwire_deliveries", "Deliveries by state", "state", self._seen.deliveries)
        yield _family("briefwire_sources", "Sources by state", "state", self._seen.sources)
        waiting = {name: number for name, (number, _) in self._seen.queues.items()}
        yield _family("briefwire_queue_items", "What waits for a step", "step", waiting)
        ages = {name: age for name, (_, age) in self._seen.queues.items()}
        yield _family("briefwire_queue_age_seconds", "How long the oldest has waited for a step", "step", ages)
        at, briefings, lateness = (
            (0.0, 0, 0.0)
            if self._rush is None
            else (self._rush.at.timestamp(), self._rush.briefings, self._rush.lateness)
        )
        yield GaugeMetricFamily("briefwire_rush_start_timestamp_seconds", "When the next rush begins; 0: none", at)
        yield GaugeMetricFamily("briefwire_rush_briefings", "Briefings of the next rush", briefings)
        yield GaugeMetricFamily("briefwire_rush_lateness_seconds", "How late the last of them will be", lateness)


def _family(name: str, text: str, label: str, values: dict[str, int] | dict[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value_label, value in values.items():
        family.add_metric([value_label], value)
    return family


def exposition(metrics: Metrics, seen: figures.Figures | None, rush: Rush | None = None) -> bytes:
    """All metrics in Prometheus's text format; `seen` is None while the database is away, and the answer says so."""
    snapshot = CollectorRegistry()
    up = Gauge("briefwire_database_up", "1 while the database answers", registry=snapshot)
    up.set(seen is not None)
    if seen is not None:
        snapshot.register(_Snapshot(seen, rush))
    return generate_latest(metrics.registry) + generate_latest(snapshot)
