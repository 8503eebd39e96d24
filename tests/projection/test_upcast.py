"""Upcasting: what was written in an older form is told in today's, and stays in the log as it was written."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest
from sqlalchemy import text

from chronicle import Archive, Moment, Projection, ProjectionError, StoreError, on, upcast
from chronicle.event import upcast as registry
from chronicle.event.canonical import Header, canonical, digest
from chronicle.event.model import Event
from chronicle.event.upcast import LIFTS, RELEASED
from chronicle.projection.code import code_of
from tests.builders import CHRONICLE, Clock, a_fact, an_archive, an_event, url_of
from tests.forgery import forging

Plain = dict[str, Any]


class Figures(Projection):
    """The attributes of what was published."""

    name = "figures_published"
    columns: ClassVar = {"event": str, "attribute": str}

    @on("statistic.reported")
    def hear(self, state: Any, event: Event, moment: Moment) -> None:  # noqa: ARG002
        state[event.id] = [fact.attribute for fact in event.facts]

    def rows(self, state: Any, part: str, last_second: int | None) -> Any:  # noqa: ARG002
        return [(event, attribute) for event in sorted(state) for attribute in state[event]]


OLD = an_event("old", a_fact("x", attribute="turnover"), type="figure.published")
NEW = an_event("new", a_fact("y", attribute="trade-turnover"), type="statistic.reported")


def register() -> None:
    """A type that has another name now, and in that an attribute."""

    @upcast("figure.published")
    def retype(event: Plain) -> Plain:
        return {**event, "type": "statistic.reported"}

    @upcast("statistic.reported")
    def rename(event: Plain) -> Plain:
        names = {"turnover": "trade-turnover"}
        facts = [{**fact, "attribute": names.get(fact["attribute"], fact["attribute"])} for fact in event["facts"]]
        return {**event, "facts": facts}


LIFTED = {"old": ["trade-turnover"], "new": ["trade-turnover"]}


def test_projections_are_told_lifted_events() -> None:
    """The lifts of the type that a lift leads to follow it; what is of the new form already stays."""
    with an_archive(OLD, NEW) as archive:
        assert {"new": ["trade-turnover"]} == archive.project(Figures).state
        register()
        assert LIFTED == archive.project(Figures).state


def test_tables_are_made_of_lifted_events(tmp_path: Path) -> None:
    """And are what a replay makes."""
    register()
    with an_archive(OLD, url=url_of(tmp_path / "x.db")) as archive, archive.tables() as tables:
        tables.run(Figures)
        archive.append([NEW], chronicle=CHRONICLE)
        tables.run(Figures)
        tables.check(Figures)
        with archive._store.reader.connect() as connection:  # noqa: SLF001 - as somebody else would
            rows = connection.execute(text("SELECT * FROM figures_published ORDER BY event")).all()

    assert [("new", "trade-turnover"), ("old", "trade-turnover")] == [tuple(row) for row in rows]


class Read(msgspec.Struct):
    """No more of an event than its title."""

    id: str
    type: str
    title: str


class Titles(Projection):
    """The titles of what was published, of events that are read in part."""

    name = "titles_published"
    reads = Read

    @on("statistic.reported")
    def hear(self, state: Any, event: Read, moment: Moment) -> None:  # noqa: ARG002
        state[event.id] = event.title


def test_events_that_are_read_in_part_are_lifted_too(tmp_path: Path) -> None:
    """As of a date and in a table."""
    register()
    with an_archive(OLD, url=url_of(tmp_path / "x.db")) as archive, archive.tables() as tables:
        assert {"old": "Event old"} == archive.project(Titles).state
        tables.run(Titles)
        archive.append([NEW, {**OLD, "title": "Mended"}], chronicle=CHRONICLE)
        tables.run(Titles)
        tables.check(Titles)
        assert {"new": "Event new", "old": "Mended"} == archive.project(Titles).state


def test_a_lift_makes_snapshots_of_other_code() -> None:
    """What was kept without it is not gone on from."""
    before = code_of(Figures)
    register()
    registered = code_of(Figures)

    assert before != registered
    assert registered == code_of(Figures)


def test_what_is_not_a_projection_is_about_what_was_recorded(tmp_path: Path) -> None:
    """State, log, export and verification are the same with lifts as without."""

    def told(archive: Archive) -> Any:
        exported = b"".join(archive.export(to="jsonl").chunks)
        records = [(one.header.leaf(), one.document) for one in archive.follow(wait=False)]
        return archive.state().as_json(), exported, records, archive.verify().findings

    with an_archive(OLD, NEW, url=url_of(tmp_path / "x.db")) as archive:
        before = told(archive)
        register()
        assert before == told(archive)
        assert () == before[-1]


def test_lifts_of_one_type_follow_each_other_as_they_were_registered() -> None:
    """The second is told what the first answers."""

    @upcast("any.thing")
    def first(event: Plain) -> Plain:
        return {**event, "tags": ["one"]}

    @upcast("any.thing")
    def second(event: Plain) -> Plain:
        return {**event, "tags": [*event["tags"], "two"]}

    assert ["one", "two"] == registry.lifted(an_event("x"))["tags"]


@pytest.mark.parametrize(
    ("lift", "message"),
    [
        (lambda event: {**event, "id": "other"}, "another document"),
        (lambda event: {**event, "kind": "retraction", "nonsense": 1}, "ValidationError"),
        (lambda event: {"type": event["missing"]}, "KeyError: 'missing'"),
        (lambda event: {**event, "type": "figure.published"}, "lead round, from 'figure.published' to 'statistic"),
    ],
)
def test_a_lift_that_fails_is_named_with_its_event(lift: Any, message: str) -> None:
    """And in a table its event is parked, like one that a handler fails on."""
    upcast("figure.published")(lambda event: {**event, "type": "statistic.reported"})
    upcast("statistic.reported")(lift)
    with an_archive(OLD) as archive, pytest.raises(ProjectionError, match=f"upcast of event 'old': .*{message}"):
        archive.project(Figures)


def test_an_event_whose_lift_fails_is_parked(tmp_path: Path) -> None:
    """The others are told; after a fix it is told, too."""
    upcast("figure.published")(lambda event: {"type": event["missing"]})
    with an_archive(OLD, NEW, url=url_of(tmp_path / "x.db")) as archive, archive.tables() as tables:
        [parked] = tables.run(Figures).parked
        assert ("old", 1) == (parked["event"], parked["position"])
        LIFTS.clear()
        register()
        assert () == tables.run(Figures, retry=True).parked


def test_a_lift_of_no_type_is_refused() -> None:
    """It would never be asked."""
    with pytest.raises(ProjectionError, match="name the event types"):
        upcast()


def forge_older_form(archive: Archive) -> None:
    """Make the one event of an archive what a release would have left that said `happened` instead of `occurred`."""
    [record] = archive.follow(wait=False)
    older = canonical(record.document).replace(b'"occurred"', b'"happened"')
    salt = bytes(32)
    fields = {name: getattr(record.header, name) for name in Header.__struct_fields__}
    header = Header(**{**fields, "digest": digest(older, salt)})
    with forging(archive._store) as connection:  # noqa: SLF001 - a log that no program of today writes
        connection.execute(text("UPDATE payload SET payload = :p, salt = :s"), {"p": older, "s": salt})
        connection.execute(text("UPDATE record SET digest = :d"), {"d": header.digest})
        connection.execute(text("UPDATE node SET hash = :h"), {"h": header.leaf()})


def test_documents_of_an_earlier_release_are_lifted_wherever_they_are_read(tmp_path: Path) -> None:
    """Not one byte of the log changes, and it verifies."""
    event = an_event("x", a_fact("v"))
    with an_archive(event, clock=Clock(), url=url_of(tmp_path / "x.db")) as archive:
        expected = archive.state().as_json(), archive.project(EveryTitle).state
        forge_older_form(archive)
        archive.new_epoch()  # accepts the forgery for what was signed
        with pytest.raises(StoreError, match="position 1 cannot be read"):
            archive.state().as_json()

        def lift(plain: Plain) -> Plain:
            return {"occurred": plain.pop("happened"), **plain} if "happened" in plain else plain

        RELEASED["event"] = [lift]
        assert () == archive.verify().findings
        assert expected == (archive.state().as_json(), archive.project(EveryTitle).state)
        assert b'"occurred":"2025"' in b"".join(archive.export(to="jsonl").chunks)


class EveryTitle(Projection):
    """All titles."""

    name = "every_title"

    @on("*")
    def hear(self, state: Any, event: Event, moment: Moment) -> None:  # noqa: ARG002
        state[event.id] = event.title
