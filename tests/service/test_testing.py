"""The kit for tests of projections: what holds passes in silence, and what does not is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from chronicle import Moment, Projection, RefusedError, on
from chronicle.event.model import Event
from chronicle.testing import given


class Signings(Projection):
    """How many agreements were signed in each year."""

    name = "signings"
    columns: ClassVar = {"year": str, "signed": int}

    @on("agreement.signed")
    def signed(self, state: Any, event: Event, moment: Moment) -> None:
        if event.title == "Bad":
            raise ValueError("cannot be")
        state[moment.year] = state.get(moment.year, 0) + 1

    def rows(self, state: Any, part: str, last_second: int | None) -> Iterable[Any]:  # noqa: ARG002
        return sorted(state.items())


class ByTag(Signings):
    """The same by tag."""

    name = "by_tag"

    def parts(self, event: Event, moment: Moment) -> Iterable[str]:  # noqa: ARG002
        return event.tags


def signing(occurred: str, **more: Any) -> dict[str, Any]:
    """An agreement signed then."""
    return {"type": "agreement.signed", "occurred": occurred, **more}


def test_a_state_is_expected_at_dates() -> None:
    """One after the other; before the first event it is the initial one."""
    given(Signings, signing("1994"), signing("1996"), signing("1996-05")).at("1993").expect({}).at("1995").expect(
        {"1994": 1}
    ).at("1996").expect({"1994": 1, "1996": 2}).expect_rows(("1994", 1), ("1996", 2))


def test_nothing_given_is_the_initial_state() -> None:
    """At the end of time where no date is named."""
    given(Signings).expect({}).expect_rows()
    given(Signings, signing("1994")).expect({"1994": 1})


def test_states_of_parts_are_expected_by_name() -> None:
    """Where there are parts."""
    given(ByTag, signing("1994", tags=["oil"]), signing("1995", tags=["oil", "gas"])).expect(
        {"oil": {"1994": 1, "1995": 1}, "gas": {"1995": 1}}
    )


def test_what_is_named_needs_no_declaration() -> None:
    """Entities and sources, wherever they are named; a date of a source is given by declaring it."""
    source = {"kind": "source", "id": "s", "title": "S", "published": "2001"}
    event = signing(
        "1994",
        participants=["a", {"entity": "b", "role": "party"}],
        stated_by="c",
        facts=[{"subject": "a", "attribute": "x", "value": {"entity": "d"}, "sources": [{"source": "s"}]}],
        sources=[{"source": "s"}, {"source": "t"}],
    )
    given(Signings, source, event).at("2002", known="2000").expect({}).at("2002", known="2001").expect({"1994": 1})


def test_the_same_id_again_is_a_correction() -> None:
    """And a retraction takes it away."""
    first, second = signing("1994", id="x"), signing("1995", id="x")
    given(Signings, first, second).expect({"1995": 1})
    given(Signings, first, {"id": "x", "retracted": True, "note": "no"}).expect({})


def test_a_failure_shows_what_is_different() -> None:
    """The expected line behind a minus, the actual one behind a plus, and what was asked above."""
    with pytest.raises(AssertionError) as failure:
        given(Signings, signing("1994")).at("2000", known="2001").expect({"1994": 2})

    assert [
        "signings, given 1, at 2000, as reported by 2001: state expected (-) and told (+)",
        "- {'1994': 2}",
        "+ {}",
    ] == str(failure.value).splitlines()
    with pytest.raises(AssertionError, match=re.escape("rows (year, signed) expected")):
        given(Signings, signing("1994")).expect_rows(("1994", 2))


def test_a_failing_handler_can_be_expected() -> None:
    """By what it says; that it says something else, or does not fail, is a failure of the test."""
    bad = given(Signings, signing("1994", title="Bad"))
    bad.expect_failure("ValueError: cannot be")
    with pytest.raises(AssertionError, match="expected a failure that says 'other', and it says: signings"):
        bad.expect_failure("other")
    with pytest.raises(AssertionError, match="and there was none"):
        given(Signings, signing("1994")).expect_failure("cannot be")


def test_a_bad_document_is_refused_as_in_a_load() -> None:
    """With its place."""
    with pytest.raises(RefusedError, match="has no month 13"):
        given(Signings, signing("1994-13")).expect({})


def test_no_file_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is in memory."""
    monkeypatch.chdir(tmp_path)
    given(Signings, signing("1994")).expect({"1994": 1})

    assert [] == list(tmp_path.iterdir())
