"""The tables of projections as Prometheus metrics: as text, or asked for over HTTP (the extra `telemetry`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from chronicle.errors import ChronicleError, QuestionError
from chronicle.projection.standing import Standing

if TYPE_CHECKING:  # an extra, and slow to load
    from prometheus_client import CollectorRegistry
    from prometheus_client.metrics_core import Metric

LOOPBACK = "127.0.0.1"
LABELS = ("projection", "status")
"""`status` is live for the table that readers see, filling or building for one that is made beside it."""


GAUGES: tuple[tuple[str, str, Callable[[Standing], float]], ...] = (
    ("position", "The last position of the log that the table has taken.", lambda one: one.position),
    ("lag_records", "Records of the log that are still to be taken.", lambda one: one.behind),
    ("lag_seconds", "For how long the oldest of them has been waiting.", lambda one: one.seconds),
    (
        "progress_ratio",
        "The share of the log that is in the table, or was told for it.",
        lambda one: one.progress,
    ),
    (
        "records_per_second",
        "The speed of the last run that took anything.",
        lambda one: one.records_per_second or 0,
    ),
    ("parked_events", "Events left out because a handler failed on them.", lambda one: len(one.parked)),
    ("parked_effects", "Events whose effects failed and wait to be tried again.", lambda one: len(one.effects)),
    ("failed", "1 if the last run ended with an error.", lambda one: one.error is not None),
    ("updated_timestamp_seconds", "When records were last taken.", lambda one: one.updated / 1_000_000),
)

Standings = Callable[[], Sequence[Standing]]


def check_installed(option: str) -> None:
    """Raise QuestionError unless the extra is there."""
    if find_spec("prometheus_client") is None:
        raise QuestionError(f"{option}: needs the telemetry extra: pip install 'chronicle-service[telemetry]'")


def exposition(standings: Standings) -> str:
    """The metrics in the text format of Prometheus 0.0.4, for a textfile collector or a scrape."""
    from prometheus_client import generate_latest  # noqa: PLC0415 - as above

    return generate_latest(_registry(standings)).decode()


@contextmanager
def served(port: int, standings: Standings) -> Iterator[tuple[int, Callable[[str, int], None]]]:
    """Serve the metrics on loopback until the end; the port, and what counts records taken by this process.

    Port 0 is any that is free. Raises QuestionError for one that cannot be had.
    """
    from prometheus_client import Counter, start_http_server  # noqa: PLC0415 - as above

    registry = _registry(standings)
    taken = Counter(
        "chronicle_projection_records", "Records of the log taken by this process.", LABELS[:1], registry=registry
    )
    try:
        server, thread = start_http_server(port, addr=LOOPBACK, registry=registry)
    except (OSError, OverflowError) as error:
        raise QuestionError(f"--metrics: port {port} of {LOOPBACK} cannot be had: {error}") from None
    try:
        yield server.server_port, lambda name, records: taken.labels(name).inc(records)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _registry(standings: Standings) -> CollectorRegistry:
    from prometheus_client import CollectorRegistry  # noqa: PLC0415 - as above
    from prometheus_client.registry import Collector  # noqa: PLC0415 - as above

    class Tables(Collector):
        """Asks anew each time; an archive that cannot be asked is down, and says nothing else."""

        def collect(self) -> Iterable[Metric]:
            try:
                found = standings()
            except ChronicleError:
                return [_up(up=False)]
            return [_up(up=True), *_metrics(found)]

        def describe(self) -> Iterable[Metric]:
            return []  # so that nothing is asked before somebody asks

    registry = CollectorRegistry()
    registry.register(Tables())
    return registry


def _up(*, up: bool) -> Metric:
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - as above

    return GaugeMetricFamily("chronicle_up", "1 if the archive and the tables could be asked.", value=up)


def _metrics(standings: Sequence[Standing]) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily  # noqa: PLC0415 - as above

    info = InfoMetricFamily("chronicle_projection", "What a table is of.", labels=LABELS)
    for one in standings:
        info.add_metric((one.name, one.status), {"version": str(one.version), "generation": str(one.generation)})
    yield info
    for name, about, measure in GAUGES:
        gauge = GaugeMetricFamily(f"chronicle_projection_{name}", about, labels=LABELS)
        for one in standings:
            gauge.add_metric((one.name, one.status), float(measure(one)))
        yield gauge
