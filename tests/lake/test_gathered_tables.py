"""Tables filled from sealed segments: by the query alone, as long as nothing belongs among what was sealed."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, ClassVar
from unittest import mock

import pytest
from sqlalchemy import text

from chronicle import Archive, Moment, Projection, on
from chronicle.errors import ProjectionError, QuestionError
from chronicle.event.model import Event
from chronicle.projection.standing import Standing
from tests.builders import CHRONICLE, Clock, a_retraction, a_source, an_event


class Years(Projection):
    """How many plans there are of each year."""

    name = "years"
    columns: ClassVar = {"year": str, "plans": int}
    told: ClassVar[list[str]] = []
    columnar: ClassVar[str] = """
        SELECT year, json_object('plans', count(*)) FROM events WHERE type LIKE 'plan.%' GROUP BY year
    """

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:  # noqa: ARG002
        return (moment.year,)

    @on("plan")
    def count(self, state: Any, event: Event, moment: Moment) -> None:  # noqa: ARG002
        self.told.append(event.id)
        state["plans"] = state.get("plans", 0) + 1

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[Sequence[Any]]:  # noqa: ARG002
        return [(part, state["plans"])]


class Wrong(Years):
    name = "years"
    columnar = Years.columnar.replace("count(*)", "count(*) + 1")


@pytest.fixture
def archive(url_on_disk: str, tmp_path: Path) -> Iterator[Archive]:
    """Three plans and something else, sealed."""
    with Archive.open(url_on_disk, now=Clock()) as archive:
        add(archive, a_source(), plan("a", "2001"), plan("b", "2002", sources=["s"]), plan("c", "2002"))
        add(archive, an_event("other", occurred="2009"))
        archive.seal(tmp_path / "sealed")
        yield archive


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where it is sealed."""
    return tmp_path / "sealed"


def add(archive: Archive, *documents: dict[str, Any]) -> None:
    """Append to the one chronicle."""
    archive.append(documents, chronicle=CHRONICLE)


def plan(id_: str, occurred: str, **more: Any) -> dict[str, Any]:
    """A plan of then."""
    return an_event(id_, occurred=occurred, type="plan.announced", **more)


def told(archive: Archive, how: str = "run", projection: type[Projection] = Years, **more: Any) -> tuple[Any, Standing]:
    """The ids that handlers were told while a table was brought along, which a replay then confirms; its standing."""
    with archive.tables() as tables:
        Years.told.clear()
        standing = getattr(tables, how)(projection, **more)
        told = list(Years.told)
        tables.check(projection)
    return told, standing


def seen(archive: Archive) -> list[tuple[Any, ...]]:
    """What somebody sees who knows only the database."""
    with archive._store.reading() as connection:  # noqa: SLF001 - as said
        return sorted(tuple(row) for row in connection.execute(text('SELECT * FROM "years"')))


def test_no_event_is_told(archive: Archive, folder: Path) -> None:
    """The query answers all states, and rows are made of those."""
    found, standing = told(archive, "rebuild", sealed=folder)
    assert ([], 5, 0) == (found, standing.gathered, standing.behind)
    assert [("2001", 1), ("2002", 2)] == seen(archive)


def test_what_was_recorded_after_the_seal_is_taken_from_the_log(archive: Archive, folder: Path) -> None:
    """Each event once, by the handlers; also by later runs."""
    add(archive, plan("d", "2003-01"), plan("e", "2003"))
    found, standing = told(archive, "rebuild", sealed=folder)
    assert (["d", "e"], 5, 7) == (found, standing.gathered, standing.position)
    add(archive, plan("f", "2003"), an_event("late", occurred="1990"))
    assert (["f"], 5) == ((run := told(archive))[0], run[1].gathered)
    assert [("2001", 1), ("2002", 2), ("2003", 3)] == seen(archive)


def test_what_comes_late_among_later_ones_is_put_where_it_occurred(archive: Archive, folder: Path) -> None:
    """The states that were gathered stay to be gone on from."""
    told(archive, "rebuild", sealed=folder)
    add(archive, plan("e", "2003-02"))
    told(archive)
    add(archive, plan("f", "2003-01"))
    assert (["f", "e"], 5) == ((run := told(archive))[0], run[1].gathered)


@pytest.mark.parametrize(
    "late",
    [
        [plan("d", "2002-06")],
        [plan("a", "2004", title="Mended")],
        [an_event("a", occurred="2001", title="No plan any more")],
        [a_retraction("a")],
        [a_source(published="1999")],
    ],
)
def test_what_belongs_among_the_sealed_makes_the_table_from_the_log(
    archive: Archive, folder: Path, late: list[dict[str, Any]]
) -> None:
    """An event told late, a correction, a retraction and a new date of a source; after the table was made or before."""
    told(archive, "rebuild", sealed=folder)
    add(archive, *late)
    assert told(archive)[1].gathered is None
    before = seen(archive)
    assert told(archive, "rebuild", sealed=folder)[1].gathered is None
    assert before == seen(archive)


def test_what_no_handler_hears_makes_nothing_late(archive: Archive, folder: Path) -> None:
    """It may be mended at will."""
    told(archive, "rebuild", sealed=folder)
    add(archive, an_event("other", occurred="1999"), a_retraction("other"), an_event("more", occurred="1998"))
    assert 5 == told(archive)[1].gathered


def test_the_last_event_is_found_however_far_from_the_end(archive: Archive, folder: Path) -> None:
    """Behind many that no handler hears; what stands after it is not late, what stands before it is."""
    add(archive, *(an_event(f"o{number}", occurred=f"20{10 + number}") for number in range(9)))
    archive.seal(folder)
    with mock.patch("chronicle.store.occurrences.SLICE", 1):
        told(archive, "rebuild", sealed=folder)
    add(archive, plan("d", "2003"))
    assert (["d"], 14) == ((run := told(archive))[0], run[1].gathered)
    add(archive, plan("e", "2001"))
    assert told(archive)[1].gathered is None


def test_what_is_redacted_leaves_the_table(archive: Archive, folder: Path) -> None:
    """And segments that hold it fill none, while those that were sealed anew do."""
    told(archive, "rebuild", sealed=folder)
    shutil.copytree(folder, copy := folder.with_name("copy"))
    archive.redact("a", reason="a person asked")
    assert told(archive)[1].gathered is None
    assert [("2002", 2)] == seen(archive)
    with archive.tables() as tables, pytest.raises(QuestionError, match="may hold what was redacted since"):
        tables.rebuild(Years, sealed=copy)
    assert ([], 6) == ((made := told(archive, "rebuild", sealed=folder))[0], made[1].gathered)
    assert [("2002", 2)] == seen(archive)


def test_a_check_refuses_a_query_that_answers_otherwise(archive: Archive, folder: Path) -> None:
    """Before anybody sees the table; the one that is there stays."""
    told(archive, "rebuild")
    with archive.tables() as tables:
        with pytest.raises(ProjectionError, match="is not what a replay makes"):
            tables.rebuild(Wrong, sealed=folder, check=True)
        assert [("2001", 1), ("2002", 2)] == seen(archive)
        tables.rebuild(Wrong, sealed=folder)
        assert [("2001", 2), ("2002", 3)] == seen(archive)
        with pytest.raises(ProjectionError, match="is not what a replay makes"):
            tables.check(Wrong)


def test_a_rebuild_that_was_cut_off_is_begun_anew(archive: Archive, folder: Path) -> None:
    """From the segments again or from the log; nothing of it is left."""
    with archive.tables() as tables:
        for sealed in (folder, None):
            with (
                mock.patch("chronicle.gathering.AT_ONCE", 1),
                mock.patch("chronicle.gathering.parts.add_rows", side_effect=[None, RuntimeError("cut off")]),
                pytest.raises(RuntimeError, match="cut off"),
            ):
                tables.rebuild(Years, sealed=folder)
            tables.rebuild(Years, sealed=sealed)
            tables.check(Years)
    with archive._store.reading() as connection:  # noqa: SLF001 - as said
        kept = connection.execute(text("SELECT count(*) FROM projection_gathered")).scalar_one()
        generations = connection.execute(text("SELECT DISTINCT generation FROM projection_snapshot")).scalars().all()
    assert (0, 1) == (kept, len(generations))


def test_an_empty_table_is_filled_too(archive: Archive, folder: Path) -> None:
    """What comes first then is late for nothing."""

    class Feasts(Years):
        name = "feasts"
        columnar = Years.columnar.replace("plan", "feast")

        @on("feast")
        def count(self, state: Any, event: Event, moment: Moment) -> None:  # noqa: ARG002
            state["plans"] = state.get("plans", 0) + 1

    assert 5 == told(archive, "rebuild", Feasts, sealed=folder)[1].gathered
    add(archive, an_event("f", occurred="[..1000]", type="feast.held"))
    assert 5 == told(archive, "run", Feasts)[1].gathered


def test_what_cannot_be_gathered_is_refused(archive: Archive, folder: Path) -> None:
    """With what to do."""

    class Both(Years):
        name = "both"
        dating = "both"

    class Plain(Years):
        name = "plain"
        columnar = ""

    with archive.tables() as tables:
        for projection, how, said in (
            (Years, {"sealed": folder.with_name("none")}, "run chronicle seal"),
            (Plain, {"sealed": folder}, "plain declares no columnar query"),
            (Both, {"sealed": folder}, "a table needs one order of events"),
            (Years, {"sealed": folder, "workers": 2}, "cannot go with --sealed"),
            (Years, {"check": True}, "goes with --sealed"),
        ):
            with pytest.raises(QuestionError, match=said):
                tables.rebuild(projection, **how)
        assert [] == tables.standings()
