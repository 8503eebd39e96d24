"""Columnar queries: they answer what the handlers do, from the segments alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chronicle import Archive, Moment, Projection, on
from chronicle.errors import ProjectionError, QuestionError, StoreError
from chronicle.event.model import Event
from chronicle.event.upcast import LIFTS
from tests.builders import CHRONICLE, a_fact, a_source, an_archive, an_event
from tests.lake.law import breach, breach_of_tables
from tests.projection.law import History, histories

HOSTILE = "'); DROP TABLE events; -- ${x} %s \u202e"


@settings(max_examples=8)
@given(histories(), st.integers(0, 2**32))
def test_a_columnar_query_answers_what_the_handlers_do(history: History, seed: int) -> None:
    """Whatever was corrected, retracted, redacted, reported late or dated anew, under whatever bounds."""
    with tempfile.TemporaryDirectory() as folder:
        assert breach(history, seed, Path(folder)) is None


@settings(max_examples=8)
@given(histories(), st.integers(0, 2**32))
def test_a_table_filled_from_segments_is_that_of_the_log(history: History, seed: int) -> None:
    """To the byte, at once and after whatever was corrected, retracted, redacted, reported late or dated anew."""
    with tempfile.TemporaryDirectory() as folder:
        assert breach_of_tables(history, seed, Path(folder)) is None


class Asks(Projection):
    """A projection whose columnar query a test decides."""

    name = "asks"

    @on("*")
    def count(self, state: Any, event: Event, moment: Moment) -> None:  # noqa: ARG002
        state["count"] = state.get("count", 0) + 1


def asking(query: str) -> type[Projection]:
    """The projection with a query."""
    return type("Asks", (Asks,), {"name": "asks", "columnar": query})


@pytest.fixture
def archive() -> Iterator[Archive]:
    """Two events of which one has a fact that is no harmless text."""
    with an_archive(a_source(), an_event("e1", a_fact(HOSTILE), title=HOSTILE), an_event("e2")) as opened:
        yield opened


COUNTED = "SELECT '', json_object('count', count(*)) FROM events HAVING count(*) > 0"


def test_text_and_paths_are_only_text(archive: Archive, tmp_path: Path) -> None:
    """Whatever a value, a title or the folder is called, it is neither SQL nor a pattern."""
    query = "SELECT event, json_object(title, value) FROM events JOIN facts USING (event)"
    folder = tmp_path / "it's [a] *'); DROP TABLE x; --"
    archive.seal(folder)
    assert {"e1": {HOSTILE: f'"{HOSTILE}"'}} == archive.project(asking(query), sealed=folder).states


@pytest.mark.parametrize(
    "query",
    [
        "SELECT '', content FROM read_text('{file}')",
        "SELECT '', '1' FROM read_csv('{file}')",
        "COPY (SELECT 1) TO '{file}.copy'",
        "ATTACH '{file}.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SELECT '', '1' FROM read_parquet('https://example.org/x.parquet')",
    ],
)
def test_the_engine_reaches_the_segments_and_nothing_else(archive: Archive, tmp_path: Path, query: str) -> None:
    """No other file, to read or to write, no network, no extension, and it stays so."""
    file = tmp_path / "secret.csv"
    file.write_text("a\n1\n", encoding="utf-8")
    archive.seal(tmp_path / "sealed")
    with pytest.raises(ProjectionError, match=r"asks: the columnar query failed: (Permission|Invalid Input|IO) Error"):
        archive.project(asking(query.format(file=file)), sealed=tmp_path / "sealed")
    assert {"secret.csv", "sealed"} == {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELECT count(*) FROM events", "expected a part and a state in JSON"),
        ("SELECT '', NULL", "expected a part and a state in JSON"),
        ("SELECT '', '{{'", "answers for the part '' no JSON"),
        ("SELECT 'a', '1' FROM events", "answers the part 'a' twice"),
        ("SELECT '', nothing FROM events", "Binder Error"),
        ("SELECT '', '1e400'", "not made of plain values|no JSON"),
    ],
)
def test_a_query_that_answers_no_states_is_told_so(archive: Archive, tmp_path: Path, query: str, said: str) -> None:
    """With the name of the projection, and what was expected."""
    archive.seal(tmp_path / "sealed")
    with pytest.raises(ProjectionError, match=f"asks: .*({said})"):
        archive.project(asking(query), sealed=tmp_path / "sealed")


def test_a_check_finds_a_query_that_answers_otherwise(archive: Archive, tmp_path: Path) -> None:
    """It names the part; one that answers the same passes."""
    archive.seal(tmp_path / "sealed")
    assert {"count": 2} == archive.project(asking(COUNTED), sealed=tmp_path / "sealed", check=True).state
    wrong = asking(COUNTED.replace("count(*))", "count(*) + 1)"))
    assert {"count": 3} == archive.project(wrong, sealed=tmp_path / "sealed").state
    with pytest.raises(ProjectionError, match="part '': the columnar query and the handlers disagree"):
        archive.project(wrong, sealed=tmp_path / "sealed", check=True)


def test_what_a_folder_cannot_answer_is_refused(archive: Archive, tmp_path: Path) -> None:
    """With what to do: too little was sealed, no query is declared, handlers are told something else."""
    folder = tmp_path / "sealed"
    with pytest.raises(QuestionError, match="run chronicle seal"):
        archive.project(asking(COUNTED), sealed=folder)
    archive.seal(folder)
    archive.append([an_event("e3")], chronicle=CHRONICLE)
    with pytest.raises(QuestionError, match="ends at position 3, and 4 is asked about: seal again"):
        archive.project(asking(COUNTED), sealed=folder)
    assert {"count": 2} == archive.project(asking(COUNTED), sealed=folder, position=3).state
    with pytest.raises(QuestionError, match="asks declares no columnar query"):
        archive.project(Asks, sealed=folder, position=3)
    with mock.patch.dict(LIFTS, {"any.thing": []}), pytest.raises(QuestionError, match="told some of them lifted"):
        archive.project(asking(COUNTED), sealed=folder, position=3)
    with mock.patch.dict(LIFTS, {"other": []}):
        assert {"count": 2} == archive.project(asking(COUNTED), sealed=folder, position=3).state
    with pytest.raises(QuestionError, match="so it goes with --sealed"):
        archive.project(Asks, check=True)
    [facts] = (folder / "facts").iterdir()
    facts.unlink()
    with pytest.raises(StoreError, match="is damaged: seal again"):
        archive.project(asking(COUNTED), sealed=folder, position=3)


def test_a_new_date_of_a_source_counts_from_its_position_on(tmp_path: Path) -> None:
    """Before it the event is undated, and known from when it was recorded; after it both are of the new date."""
    query = "SELECT event, reported::JSON FROM events"
    second, never = 1735689599, -(2**63)
    with an_archive(a_source(published=None), an_event("e", sources=["s"]), a_source(published="2024")) as archive:
        archive.seal(tmp_path / "sealed")

        def reported(position: int, known: str | None = None) -> dict[str, Any]:
            bounds: dict[str, Any] = {"as_of": "2026", "position": position, "known": known}
            return dict(archive.project(asking(query), sealed=tmp_path / "sealed", **bounds).states)

        assert [{"e": never}, {"e": second}] == [reported(2), reported(3)]
        assert [{}, {"e": second}] == [reported(2, "2025"), reported(3, "2025")]
        assert [{}, {}] == [reported(2, "2024-12-30"), reported(3, "2024-12-30")]
