"""Spans of projections, as the SDK of OpenTelemetry gets them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar
from unittest import mock

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from chronicle import Archive, Moment, Projection, ProjectionError, on, tracing
from chronicle.event.model import Event
from tests.builders import CHRONICLE, an_archive, an_event, url_of


class Ids(Projection):
    """The ids of all events."""

    name = "ids"
    version = 3
    columns: ClassVar = {"id": str}

    @on("*")
    def hear(self, state: Any, event: Event, moment: Moment) -> None:  # noqa: ARG002
        state[event.id] = True

    def rows(self, state: Any, part: str, last_second: int | None) -> Any:  # noqa: ARG002
        return [(id_,) for id_ in sorted(state)]


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What is exported while an SDK is set up."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    yield exporter
    provider.shutdown()


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """Three events."""
    with an_archive(*(an_event(id_) for id_ in "abc"), url=url_of(tmp_path / "x.db")) as archive:
        yield archive


def attributes(span: ReadableSpan) -> dict[str, Any]:
    """What a span says, without the prefix of the names."""
    return {name.removeprefix("chronicle.projection."): value for name, value in (span.attributes or {}).items()}


def test_a_rebuild_is_a_span_with_its_filling_within(spans: InMemorySpanExporter, archive: Archive) -> None:
    """Each says which projection it is of."""
    with archive.tables() as tables:
        tables.run(Ids)

    fill, rebuild = spans.get_finished_spans()
    assert ("chronicle.projection.fill", "chronicle.projection.rebuild") == (fill.name, rebuild.name)
    assert {"name": "ids", "version": 3} == attributes(rebuild)
    assert {"name": "ids", "version": 3, "generation": 1, "shard": 0} == attributes(fill)
    assert rebuild.context is not None
    assert fill.parent is not None
    assert rebuild.context.span_id == fill.parent.span_id


def test_gathering_from_segments_is_a_span_within_the_rebuild(
    spans: InMemorySpanExporter, archive: Archive, tmp_path: Path
) -> None:
    """In the place of the filling; it says from which folder."""

    class Gathered(Ids):
        name = "ids"
        columnar = "SELECT '', json_group_object(event, true) FROM events"

    archive.seal(tmp_path / "sealed")
    with archive.tables() as tables:
        tables.rebuild(Gathered, sealed=tmp_path / "sealed")

    gather, rebuild = spans.get_finished_spans()
    assert ("chronicle.projection.gather", "chronicle.projection.rebuild") == (gather.name, rebuild.name)
    assert {"name": "ids", "version": 3, "sealed": str(tmp_path / "sealed")} == attributes(gather)
    assert rebuild.context is not None
    assert gather.parent is not None
    assert rebuild.context.span_id == gather.parent.span_id


def test_a_page_that_is_taken_is_a_span(spans: InMemorySpanExporter, archive: Archive) -> None:
    """Which says from where on, and how many events changed."""
    with archive.tables() as tables:
        tables.run(Ids)
        archive.append([an_event(id_) for id_ in "def"], chronicle=CHRONICLE)
        spans.clear()
        with mock.patch("chronicle.building.PAGE", 2):
            tables.run(Ids)

    pages = spans.get_finished_spans()
    about = {"name": "ids", "version": 3, "generation": 1}
    assert ["chronicle.projection.page"] * 2 == [one.name for one in pages]
    assert [{**about, "after": 3, "events": 2}, {**about, "after": 5, "events": 1}] == [
        attributes(one) for one in pages
    ]


def test_a_run_without_news_leaves_no_span(spans: InMemorySpanExporter, archive: Archive) -> None:
    """Following would leave one each second."""
    with archive.tables() as tables:
        tables.run(Ids)
        spans.clear()
        tables.run(Ids)

    assert () == spans.get_finished_spans()


def test_an_error_is_recorded_in_its_span(spans: InMemorySpanExporter, archive: Archive) -> None:
    """With its message."""
    older = type("Older", (Ids,), {"name": "ids", "version": 2})
    with archive.tables() as tables:
        tables.run(Ids)
        spans.clear()
        with pytest.raises(ProjectionError):
            tables.rebuild(older)

    [rebuild] = spans.get_finished_spans()
    assert not rebuild.status.is_ok
    [failure] = rebuild.events
    assert "the table is of version 3" in str((failure.attributes or {})["exception.message"])


def test_without_opentelemetry_all_goes_as_before(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra."""
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    tracing._trace.cache_clear()  # noqa: SLF001 - as in a new process
    try:
        with archive.tables() as tables:
            assert 3 == tables.run(Ids).position
    finally:
        tracing._trace.cache_clear()  # noqa: SLF001 - as above
