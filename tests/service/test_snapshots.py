# ruff: noqa: SLF001 - what is kept is looked at from within
"""Snapshots of projections: gone on from where they hold, never where something late has come, and nowhere needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from sqlalchemy import text

from chronicle import Archive, Moment, Projection, on
from chronicle.event.model import Event
from chronicle.projection.replay import Replay
from tests.builders import CHRONICLE, Clock, a_retraction, a_source, an_event, url_of


class Heard(Projection):
    """The titles of the events it is told, in order."""

    name = "heard"

    def initial(self) -> list[str]:
        return []

    @on("*")
    def hear(self, state: list[str], event: Event, moment: Moment) -> None:  # noqa: ARG002
        state.append(event.title)


class Edited(Heard):
    name = "heard"

    @on("*")
    def hear(self, state: list[str], event: Event, moment: Moment) -> None:  # noqa: ARG002
        state.append(event.title.upper())


@pytest.fixture
def archive(url: str) -> Iterator[Archive]:
    """An archive of three events, in which even the shortest replay is worth a snapshot."""
    with mock.patch("chronicle.replaying.WORTH", 1), Archive.open(url, recorded_by="tester", now=Clock()) as archive:
        add(archive, a_source("s", "2010"), a("x", "2001"), a("y", "2002", sources=["s"]), a("z", "2003"))
        yield archive


def a(id_: str, occurred: str, **more: Any) -> dict[str, Any]:
    """An event whose title is its id, unless it is told otherwise."""
    return an_event(id_, **{"occurred": occurred, "title": id_, **more})


def add(archive: Archive, *documents: dict[str, Any]) -> None:
    """Append to the chronicle of these tests."""
    archive.append(documents, chronicle=CHRONICLE)


def told_of(archive: Archive, projection: type[Projection] = Heard, **bounds: Any) -> tuple[Any, list[str]]:
    """The answer, and the ids that had to be told for it."""
    told: list[str] = []
    tell = Replay.tell

    def telling(self: Replay, rows: Any) -> int:
        told.extend(row[3] for row in rows)
        return tell(self, rows)

    with mock.patch.object(Replay, "tell", telling):
        return archive.project(projection, **bounds).state, told


def kept(archive: Archive) -> int:
    """How many snapshots there are."""
    with archive._store.reading() as connection:
        return int(connection.execute(text("SELECT count(*) FROM projected")).scalar_one())


def test_what_was_told_is_not_told_again(archive: Archive) -> None:
    """Neither at the same date nor at a later one, nor when the log has grown by what is later."""
    assert (["x", "y"], ["x", "y"]) == told_of(archive, as_of="2002")
    assert (["x", "y"], []) == told_of(archive, as_of="2002")
    assert (["x", "y", "z"], ["z"]) == told_of(archive, as_of="2003")
    add(archive, a("w", "2004"))
    assert (["x", "y", "z", "w"], ["w"]) == told_of(archive, as_of="2004")


@pytest.mark.parametrize(
    ("late", "expected"),
    [
        ([a("w", "2002-06")], (["x", "w", "y", "z"], ["w", "y", "z"])),
        ([a("y", "2002", title="y2", sources=["s"])], (["x", "y2", "z"], ["y", "z"])),
        ([a("y", "2004", sources=["s"])], (["x", "z"], ["z"])),
        ([a_retraction("y")], (["x", "z"], ["z"])),
        ([a("y", "2002", title="y2"), a("y", "2002", sources=["s"])], (["x", "y", "z"], ["y", "z"])),
    ],
)
def test_what_comes_late_is_told_from_the_last_snapshot_before_it(
    archive: Archive, late: list[dict[str, Any]], expected: tuple[list[str], list[str]]
) -> None:
    """A backdated event, a correction of what or when, a retraction, and a version that changes nothing."""
    for date in ("2001", "2002", "2003"):
        archive.project(Heard, as_of=date)
    add(archive, *late)

    assert expected == told_of(archive, as_of="2003")


def test_a_new_date_of_a_source_makes_snapshots_stale(archive: Archive) -> None:
    """For the report is a part of the moment that handlers are told."""

    class Reported(Heard):
        name = "reported"

        @on("*")
        def hear(self, state: list[Any], event: Event, moment: Moment) -> None:
            state.append([event.id, moment.reported])

    before, _ = told_of(archive, Reported, as_of="2003")
    add(archive, a_source("s", "2011"))
    after, told = told_of(archive, Reported, as_of="2003")

    assert (before[0], before[2]) == (after[0], after[2])
    assert before[1] != after[1]
    assert ["x", "y", "z"] == told


def test_the_axes_are_kept_apart(archive: Archive) -> None:
    """Another `known` is another question, and an earlier position is answered from a later one where that holds."""
    before = archive.position()
    add(archive, a("w", "2002-06"))
    assert (["x", "w", "y", "z"], ["x", "w", "y", "z"]) == told_of(archive, as_of="2003")
    assert ([], []) == told_of(archive, as_of="2003", known="2009")
    assert (["y"], ["y"]) == told_of(archive, as_of="2003", known="2010")
    assert (["x", "y", "z"], ["x", "y", "z"]) == told_of(archive, as_of="2003", position=before)
    archive.project(Heard, as_of="2001")
    assert (["x", "y"], ["y"]) == told_of(archive, as_of="2002", position=before)


def test_a_redaction_leaves_no_snapshot(archive: Archive) -> None:
    """What was told of what is to be forgotten is forgotten with it; at any position."""
    before = archive.position()
    archive.project(Heard, as_of="2003")
    archive.redact("y", reason="a person asked")

    assert 0 == kept(archive)
    assert ["x", "z"] == told_of(archive, as_of="2003", position=before)[0]


def test_a_redaction_while_it_is_asked_lets_nothing_be_kept(archive: Archive) -> None:
    """The snapshot would be of a log that is no more."""
    keep = type(archive)._keep

    def late(self: Archive, replaying: Any) -> None:
        archive.redact("y", reason="a person asked")
        keep(self, replaying)

    with mock.patch.object(type(archive), "_keep", late):
        archive.project(Heard, as_of="2003")

    assert 0 == kept(archive)


def test_edited_code_goes_on_from_nothing_of_the_old(archive: Archive) -> None:
    """Even if nobody has raised the version; and the snapshots of the old code are gone."""
    archive.project(Heard, as_of="2003")

    assert (["X", "Y", "Z"], ["x", "y", "z"]) == told_of(archive, Edited, as_of="2003")
    assert 1 == kept(archive)


def test_there_are_never_many_snapshots(archive: Archive) -> None:
    """The oldest make room."""
    with mock.patch("chronicle.store.projected.KEPT", 2):
        for date in ("2001", "2002", "2003"):
            archive.project(Heard, as_of=date)

    assert 2 == kept(archive)


def test_short_replays_leave_nothing(archive: Archive) -> None:
    """Asking of a small archive writes nothing."""
    with mock.patch("chronicle.replaying.WORTH", 1_000):
        archive.project(Heard, as_of="2003")

    assert 0 == kept(archive)


def test_an_archive_that_cannot_be_written_is_asked_all_the_same(tmp_path: Path) -> None:
    """Nothing is kept then. A writer that holds the file is as good as a file that is read-only."""
    file = tmp_path / "chronicle.db"
    with Archive.open(url_of(file), now=Clock()) as made:
        add(made, a("x", "2001"))
    with (
        mock.patch("chronicle.replaying.WORTH", 1),
        mock.patch("chronicle.store.dialect.LOCK_MILLISECONDS", 10),
        Archive.open(url_of(file), create=False) as archive,
        Archive.open(url_of(file), create=False) as other,
        other._store.writer.begin(),
    ):
        assert ["x"] == archive.project(Heard, as_of="2003").state
        assert 0 == kept(archive)
