"""What a server measures of itself, in the text format of Prometheus.

Several processes write into files of the folder PROMETHEUS_MULTIPROC_DIR, which the library itself looks for; any of
them tells the sums.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from chronicle.feed.standing import SinkStanding

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

DOORS = {"log": "log", "follow": "events", "stream": "stream", "entries": "replica"}
"""Of each part of a path after /api that those who follow the log ask: through which door they come."""

OTHER = "other"
"""Those who ask something else."""


class Measures:
    """The requests of a process: how many, how long, and how many of them are being answered."""

    media_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "chronicle_http_requests", "Requests answered.", ("method", "route", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "chronicle_http_request_seconds",
            "From the head of a request to the end of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self.kept = Counter("chronicle_http_kept_answers", "Requests answered from memory.", registry=self._registry)
        self.under_way = Gauge(
            "chronicle_http_requests_under_way",
            "Requests being answered.",
            registry=self._registry,
            multiprocess_mode="livesum",
        )

        self.waiting = Gauge(
            "chronicle_http_requests_waiting",
            "Requests that wait for news of the log, streams among them.",
            ("door",),
            registry=self._registry,
            multiprocess_mode="livesum",
        )
        self.records = Counter(
            "chronicle_http_records", "Records sent to those who follow the log.", ("door",), registry=self._registry
        )
        self.stalled = Counter(
            "chronicle_http_stalled",
            "Clients let go because they took nothing for too long.",
            ("door",),
            registry=self._registry,
        )
        for door in (*DOORS.values(), OTHER):  # what has not happened yet is told as 0
            for one in (self.waiting, self.records, self.stalled):
                one.labels(door)

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def text(self, position: int, sinks: Sequence[SinkStanding] = ()) -> bytes:
        """All of them, those of the other processes too, where the log ends, and how far its sinks are."""
        registry = self._registry
        if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the library has no types there
        return generate_latest(registry) + _position(position) + _told(sinks)


class _Sinks(Collector):
    """The figures of sinks, for one telling."""

    def __init__(self, sinks: Sequence[SinkStanding]) -> None:
        self._sinks = sinks

    def collect(self) -> Iterator[Metric]:
        for name, about, measure in SINKS:
            family = CounterMetricFamily if name == "delivered" else GaugeMetricFamily
            metric = family(f"chronicle_sink_{name}", about, labels=("sink", "kind", "status"))
            for one in self._sinks:
                metric.add_metric((one.name, one.kind, one.status), float(measure(one)))
            yield metric


SINKS: tuple[tuple[str, str, Callable[[SinkStanding], float]], ...] = (
    ("position", "The last position of the log that the sink is done with.", lambda one: one.position),
    ("lag_records", "Records of the log that are still to be looked at.", lambda one: one.behind),
    ("lag_seconds", "For how long the oldest of them has been waiting.", lambda one: one.seconds),
    ("delivered", "Records delivered.", lambda one: one.delivered),
    ("parked_records", "Records given up, which can be sent again.", lambda one: len(one.dead)),
    ("attempts", "How often the next record has failed.", lambda one: one.attempts),
    ("failed", "1 if the last delivery failed; `chronicle sinks lag` says why.", lambda one: one.error is not None),
    ("updated_timestamp_seconds", "When that was last looked at.", lambda one: one.updated / 1_000_000),
)


def _told(sinks: Sequence[SinkStanding]) -> bytes:
    registry = CollectorRegistry()
    registry.register(_Sinks(sinks))
    return generate_latest(registry) if sinks else b""


def _position(position: int) -> bytes:
    return (
        "# HELP chronicle_log_position The last position of the log.\n"
        "# TYPE chronicle_log_position gauge\n"
        f"chronicle_log_position {position}\n"
    ).encode()
