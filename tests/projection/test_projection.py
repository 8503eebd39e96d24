from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, ClassVar, Literal

import msgspec
import pytest

from chronicle import Moment, Projection, ProjectionError, on
from chronicle.event.model import Event
from chronicle.projection.plain import from_bytes, to_bytes
from chronicle.projection.projection import moment_of
from chronicle.projection.replay import Projected
from tests.builders import a_source, an_archive, an_event


class Heard(Projection):
    """The ids of the events it is told, in order."""

    name = "heard"

    def initial(self) -> list[str]:
        return []

    @on("*")
    def hear(self, state: list[str], event: Event, moment: Moment) -> None:  # noqa: ARG002
        state.append(event.id)


def asked(projection: type[Projection], *documents: dict[str, Any], **bounds: Any) -> Projected:
    """A projection of events, recorded in the order in which they stand."""
    with an_archive(*documents) as archive:
        return archive.project(projection, **bounds)


def dated(id_: str, occurred: str, type_: str = "thing.happened", **more: Any) -> dict[str, Any]:
    """An event that happened then."""
    return an_event(id_, occurred=occurred, type=type_, **more)


def test_events_are_told_in_the_order_of_occurrence() -> None:
    """The order of recording does not count."""
    assert ["a", "b", "c"] == asked(Heard, dated("c", "2003"), dated("a", "2001"), dated("b", "2002")).state


def test_what_is_later_than_the_date_is_not_told() -> None:
    """The end of the date is included."""
    documents = dated("a", "2001-05-31"), dated("b", "2001-06-01")

    assert ["a"] == asked(Heard, *documents, as_of="2001-05").state


def test_a_projection_of_nothing_is_its_initial_state() -> None:
    """No event is no error."""
    assert [] == asked(Heard, as_of="2000").state


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        (("plan.announced",), ["plan.announced"]),
        (("plan",), ["plan.announced", "plan.fulfilled"]),
        (("plan.announced", "planet"), ["plan.announced", "planet.found"]),
        (("*",), ["plan.announced", "plan.fulfilled", "planet.found"]),
        (("pla",), []),
    ],
)
def test_a_handler_hears_a_type_and_those_below_it(heard: tuple[str, ...], expected: list[str]) -> None:
    """A prefix ends at a dot."""

    class Types(Projection):
        name = "types"

        @on(*heard)
        def hear(self, state: Any, event: Event, moment: Moment) -> Any:  # noqa: ARG002
            return [*(state or []), event.type]

    types = ("plan.announced", "plan.fulfilled", "planet.found")

    assert expected == (asked(Types, *(dated(one, "2001", one) for one in types)).state or [])


@pytest.mark.parametrize("heard", [("plan.announced",), ("plan",), ("plan.announced", "planet"), ("*",), ("pla",)])
def test_a_handler_without_a_moment_hears_the_same(heard: tuple[str, ...]) -> None:
    """In the same order, from the database that is told which types to look for."""

    class Moments(Heard):
        name = "types"

        @on(*heard)
        def hear(self, state: Any, event: Event, moment: Moment) -> Any:  # noqa: ARG002
            return [*(state or []), [event.type, event.id]]

    class Briefly(Heard):
        name = "types"

        @on(*heard)
        def hear(self, state: Any, event: Event) -> Any:
            return [*(state or []), [event.type, event.id]]

    types = ("plan.fulfilled", "plan", "planet.found", "plan.announced", "plan-b", "plan.announced.twice")
    documents = [dated(f"e{9 - at}", f"200{at % 3}", one) for at, one in enumerate(types)]

    assert (False, True) == (Moments.is_brief(), Briefly.is_brief())
    assert asked(Moments, *documents).states == asked(Briefly, *documents).states


def test_a_handler_without_a_moment_is_told_parts_too() -> None:
    """Where the state has parts, or something is asked of the Moment elsewhere, it is told as any other."""

    class Parts(Projection):
        name = "in_parts"

        def parts(self, event: Event, moment: Moment) -> Any:  # noqa: ARG002
            return (moment.year,)

        @on("*")
        def hear(self, state: Any, event: Event) -> None:
            state[event.id] = state.get(event.id, 0) + 1

    assert not Parts.is_brief()
    assert {"2001": {"a": 1}, "2002": {"b": 1}} == asked(Parts, dated("b", "2002"), dated("a", "2001")).states


def test_a_handler_without_a_moment_that_fails_is_named_with_its_event() -> None:
    """Whether it raises, or `reads` does not fit what it is told."""

    class Title(msgspec.Struct):
        id: str
        type: str
        title: int

    class Failing(Projection):
        name = "failing"

        @on("*")
        def hear(self, state: Any, event: Event) -> None:
            state[event.id] = state["nothing"]

    class Misread(Failing):
        name = "misread"
        reads = Title

    with pytest.raises(ProjectionError, match="failing: event 'a': KeyError: 'nothing'"):
        asked(Failing, dated("b", "2002"), dated("a", "2001"))
    with pytest.raises(ProjectionError, match=r"misread: event 'a': ValidationError: .*\$\.title"):
        asked(Misread, dated("b", "2002"), dated("a", "2001"))


@pytest.mark.parametrize(
    ("dating", "occurred", "year"),
    [
        ("latest", "1994", "1994"),
        ("latest", "[1994, 1996]", "1996"),
        ("earliest", "[1994, 1996]", "1994"),
        ("latest", "[..1996]", "1996"),
        ("earliest", "[..1996]", ""),
        ("latest", "1994/1996", "1996"),
        ("earliest", "1994/1996", "1994"),
        ("latest", "1994/..", "1994"),
        ("latest", "../..", ""),
        ("latest", "1994~", "1994"),
        ("latest", "-0044", "-0044"),
        ("latest", "Y-10000", "Y-10000"),
    ],
)
def test_an_imprecise_date_stands_where_the_policy_says(
    dating: Literal["earliest", "latest"], occurred: str, year: str
) -> None:
    """By the strict bounds; an interval with its end under `latest`, or with its start if it has no end."""
    with an_archive(dated("a", occurred)) as archive:
        [record] = archive.follow(wait=False)
    assert isinstance(record.document, Event)

    assert year == moment_of(record, record.document, dating).year


def test_both_answers_what_may_have_and_what_has_certainly_occurred() -> None:
    """The one by the earliest dates, the other by the latest."""

    class Both(Heard):
        name = "both"
        dating = "both"

    answer = asked(Both, dated("a", "2001-01"), dated("b", "2001"), as_of="2001-06")

    assert (["a", "b"], ["a"]) == (answer.state, (answer.before or {})[""])
    assert {"": ["a"]} == answer.as_json()["certain"]


def test_ties_are_broken_by_the_report_then_by_the_id() -> None:
    """Not by the order of recording; what is undated comes first."""
    documents = (
        a_source("late", "2009"),
        a_source("soon", "2008"),
        dated("a", "2001", sources=["late"]),
        dated("d", "2001", sources=["soon"]),
        dated("c", "2001", sources=["soon"]),
        dated("z", "2001"),
    )

    assert ["z", "c", "d", "a"] == asked(Heard, *documents).state


def test_each_part_is_told_only_of_its_events() -> None:
    """An event may be in several parts, or in none."""

    class Tagged(Heard):
        name = "tagged"

        def parts(self, event: Event, moment: Moment) -> Iterable[str]:  # noqa: ARG002
            return event.tags

    answer = asked(Tagged, dated("a", "2001", tags=["x", "y"]), dated("b", "2002", tags=["y"]), dated("c", "2003"))

    assert {"x": ["a"], "y": ["a", "b"]} == answer.states


def test_a_handler_that_fails_is_named_with_its_event() -> None:
    """An answer that lacks an event would be wrong."""

    class Failing(Heard):
        name = "failing"

        @on("thing")
        def fail(self, state: list[str], event: Event, moment: Moment) -> None:  # noqa: ARG002
            raise KeyError(event.id)

    with pytest.raises(ProjectionError, match="failing: event 'a': KeyError: 'a'"):
        asked(Failing, dated("a", "2001"))


@pytest.mark.parametrize("state", [(1, 2), {1: 2}, {"a": {1}}, object(), 2**70, Decimal(1)])
def test_a_state_of_other_than_plain_values_is_refused(state: object) -> None:
    """It would not come back from a snapshot as it was."""
    with pytest.raises(ProjectionError, match="not made of plain values"):
        to_bytes(state)


def test_equal_states_have_equal_bytes() -> None:
    """The order in which keys were added does not count."""
    assert to_bytes({"a": 1, "b": [None, True, "x"]}) == to_bytes({"b": [None, True, "x"], "a": 1})
    assert {"a": 1, "b": 2} == from_bytes(to_bytes({"b": 2, "a": 1}))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": "Bad Name"}, "name: expected lower case"),
        ({"name": "x", "version": 0}, "version: expected"),
        ({"name": "x", "dating": "middle"}, "dating: expected"),
        ({"name": "x", "columns": {"drop table": str}}, "column 'drop table': expected"),
        ({"name": "x", "columns": {"when": float}}, "column when: expected str, int, bool or Decimal"),
    ],
)
def test_what_is_declared_wrongly_is_refused_at_once(fields: dict[str, Any], message: str) -> None:
    """Names become those of tables: they are checked, not quoted."""
    with pytest.raises(ProjectionError, match=message):
        type("Wrong", (Heard,), fields)


@pytest.mark.parametrize("name", ["act", "fold", "rows", "parts"])
def test_a_handler_takes_no_name_of_a_method_that_is_there(name: str) -> None:
    """It would be called in the place of that."""
    handler = on("*")(lambda *_: None)
    with pytest.raises(ProjectionError, match=f"taken: {name}: is a method of every projection"):
        type("Taken", (Projection,), {"name": "taken", name: handler})


def test_a_projection_without_a_handler_is_refused() -> None:
    """It could only ever say nothing."""
    with pytest.raises(ProjectionError, match="no handler"):
        type("Deaf", (Projection,), {"name": "deaf"})


@pytest.mark.parametrize("row", [("a",), ("a", "1"), ("a", True), ("a", 1, 2)])
def test_a_row_that_does_not_fit_its_columns_is_refused(row: tuple[Any, ...]) -> None:
    """In number and in type."""

    class Rowed(Heard):
        name = "rowed"
        columns: ClassVar = {"id": str, "count": int}

        def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[tuple[Any, ...]]:  # noqa: ARG002
            return [row]

    with pytest.raises(ProjectionError, match="rows of part ''"):
        asked(Rowed, dated("a", "2001")).rows()
