"""What binds the questions to each other: history, diff, events and conflicts say nothing that the state does not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chronicle.service import Archive
from chronicle.state.answer import State
from chronicle.state.held import HeldSegment, Histories
from chronicle.when import instant_text
from tests.state.histories import ATTRIBUTES, BEFORE, LAST_DAY, Append, day_text, histories

CHRONICLE = "c"
DAY = 86_400

Key = tuple[str, ...]
Said = tuple[tuple[str, ...], bool]
"""Possible values, and whether there may be none."""

several = settings(max_examples=30, suppress_health_check=list(HealthCheck))
instants = st.integers((BEFORE - 1) * DAY, (LAST_DAY + 3) * DAY)
days = st.integers(BEFORE + 1, LAST_DAY + 1).map(day_text)
known = st.one_of(st.none(), st.integers(0, LAST_DAY).map(day_text))
resolutions = st.sampled_from([None, None, "latest-from", "latest-reported"])


@contextmanager
def kept(appends: list[Append]) -> Iterator[Archive]:
    """An archive with a history, each append recorded at noon of its day."""
    clock = [0]
    with Archive.open("sqlite://", recorded_by="law", now=lambda: clock[0]) as archive:
        for day, documents in appends:
            clock[0] = ((day - 1) * DAY + DAY // 2) * 1_000_000
            archive.append([one if isinstance(one, dict) else one.document for one in documents], chronicle=CHRONICLE)
        yield archive


@st.composite
def bases(draw: st.DrawFn, last: int) -> dict[str, Any]:
    """A date, and perhaps a state of knowledge."""
    return {
        "as_of": draw(st.one_of(days, instants.map(instant_text))),
        "known": draw(known),
        "position": draw(st.integers(1, last)),
        "resolution": draw(resolutions),
    }


def snapshot(state: State) -> dict[Key, Said]:
    """The state by key."""
    found: dict[Key, Said] = {}
    for fact in state.facts:
        key = fact.row.key
        name = (key.subject, key.attribute, key.dimensions, key.shape, text(fact.value) if key.value else "")
        values, _ = found.get(name, ((), False))
        found[name] = tuple(sorted((*values, text(fact.value)))), fact.row.may_be_absent
    return found


def text(value: Any) -> str:
    """A value as text."""
    return json.dumps(value.plain())


def name_of(key: dict[str, Any]) -> Key:
    """The same name from a key as the answers tell it."""
    dimensions = json.dumps(key["dimensions"], separators=(",", ":")) if key["dimensions"] else ""
    value = json.dumps(key["value"]) if "value" in key else ""
    return key["subject"], key["attribute"], dimensions, key.get("shape", ""), value


def said(held: Any) -> Said:
    """What is held as a state says it."""
    return tuple(sorted(map(text, held.values))), held.may_be_absent


@several
@given(histories(), st.data())
def test_a_snapshot_and_the_difference_are_the_other_snapshot(appends: list[Append], data: st.DataObject) -> None:
    """Whatever the two bases differ in, the changes lead from the one state to the other, and back."""
    with kept(appends) as archive:
        for _ in range(8):
            one, other = (data.draw(bases(archive.position())) for _ in range(2))
            was, now = snapshot(archive.state(**one)), snapshot(archive.state(**other))
            diff, back = archive.diff(one, other), archive.diff(other, one)
            for change in diff.changes:
                name = name_of(change.key)
                assert was.pop(name, None) == (None if change.before is None else said(change.before))
                if change.after is not None:
                    was[name] = said(change.after)
            assert was == now
            turned = [(change.key, change.after, change.before) for change in back.changes]
            assert [(change.key, change.before, change.after) for change in diff.changes] == turned


@several
@given(histories(), st.data())
def test_nothing_differs_from_itself(appends: list[Append], data: st.DataObject) -> None:
    """A basis and the same basis have no difference, given as bounds or as an answer's own basis."""
    with kept(appends) as archive:
        basis = data.draw(bases(archive.position()))
        assert () == archive.diff(basis, basis).changes
        assert () == archive.diff(basis, archive.state(**basis).basis).changes


@several
@given(histories(), st.data())
def test_every_change_has_a_cause(appends: list[Append], data: st.DataObject) -> None:
    """Read alike, two states differ because of events, and each named one states or stated something of the key."""
    with kept(appends) as archive:
        ids = {one.header.id for one in archive.follow(wait=False) if one.header.kind == "event"}
        for _ in range(8):
            one, other = (data.draw(bases(archive.position())) for _ in range(2))
            alike = {"resolution": "latest-from"}
            for change in archive.diff({**one, **alike}, {**other, **alike}).changes:
                assert change.caused_by
                assert set(change.caused_by) <= ids


@several
@given(histories(), st.data())
def test_a_history_at_any_instant_is_the_state_there(appends: list[Append], data: st.DataObject) -> None:
    """For every key, at instants within days as at their ends, and nothing where the state has nothing."""
    with kept(appends) as archive:
        for _ in range(3):
            bounds = data.draw(bases(archive.position()))
            del bounds["as_of"]
            told = {name: archive.history("s", name, **bounds) for name in ATTRIBUTES}
            for second in data.draw(st.lists(instants, min_size=4, max_size=4)):
                state = archive.state(as_of=instant_text(second), subject="s", **bounds)
                assert snapshot(state) == around(told, second)


def around(told: dict[str, Histories], second: int) -> dict[Key, Said]:
    """What histories say of an instant."""
    return {
        name_of(history.key): said(segment.held)
        for histories in told.values()
        for history in histories
        for segment in history.segments
        if covers(segment, second)
    }


def covers(segment: HeldSegment, second: int) -> bool:
    """The segment has the second."""
    return (segment.start is None or segment.start <= second) and (segment.end is None or second < segment.end)


@several
@given(histories(), st.data())
def test_a_conflict_is_won_by_what_the_state_names(appends: list[Append], data: st.DataObject) -> None:
    """The winner's value is in the state (unless it denies), no loser says the same, and what may win may hold."""
    with kept(appends) as archive:
        for _ in range(8):
            basis = data.draw(bases(archive.position()))
            state = snapshot(archive.state(**basis))
            for conflict in archive.conflicts(**basis).conflicts:
                values, may_be_absent = state.get(name_of(conflict.key), ((), True))
                winner = conflict.winner
                assert (winner.fact.holds and text(winner.value) in values) or (not winner.fact.holds and not values)
                for loser, _, may_win in conflict.losers:
                    assert loser.candidate.value != winner.candidate.value
                    if loser.fact.holds:
                        assert may_win == (text(loser.value) in values)
                    elif may_win:
                        assert may_be_absent
