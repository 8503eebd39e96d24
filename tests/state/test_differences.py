"""A diff names the keys whose states differ, whichever way it finds them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from chronicle import Archive
from chronicle.state.held import key_json
from chronicle.store.archive import Store
from chronicle.store.candidates import FEW
from chronicle.store.read import Horizon
from chronicle.store.touched import is_within
from tests.benchmarks import world
from tests.builders import Clock, a_fact, a_source, an_archive, an_event
from tests.state.histories import Append, day_text, histories

DAY = 86_400_000_000
CHRONICLE = "c"
DATES = tuple(map(day_text, (0, 2, 4, 7)))


def states(archive: Archive, **bounds: Any) -> dict[str, Any]:
    """What is said of each key, in words."""
    told: dict[str, Any] = {}
    for fact in archive.state(**bounds).facts:
        values, _ = told.setdefault(str(key_json(fact.row.key, fact)), (set(), None))
        told[str(key_json(fact.row.key, fact))] = ({*values, str(fact.value.plain())}, fact.row.may_be_absent)
    return told


WAYS: dict[str, dict[str, Any]] = {
    "by the days of bounds": {"chronicle.seeking.SCATTERED": 1},
    "place by place": {"chronicle.store.together.cold": lambda *_asked: set()},
    "by going through the facts": {"chronicle.store.bounds.MUCH": -1},
    "by going through both states": {"chronicle.differing.sought": lambda *_asked, **_more: None},
    "by all facts": {
        "chronicle.differing.sought": lambda *_asked, **_more: None,
        "chronicle.differing._are_alike": lambda *_asked: False,
    },
}
"""How differences are found; the last way looks for causes among all facts of a key."""


def every_way(archive: Archive, one: dict[str, Any], other: dict[str, Any], **scope: Any) -> list[dict[str, object]]:
    """The changes from one basis to another, which are the same however they are found."""
    told = {}
    for way, otherwise in WAYS.items():
        with pytest.MonkeyPatch.context() as patch:
            for name, value in otherwise.items():
                patch.setattr(name, value)
            told[way] = archive.diff(one, other, **scope).as_json()
    first, *others = told.values()
    assert [first] * len(others) == others
    return first["changes"]  # type: ignore[return-value] # a list of them


@settings(max_examples=8, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
@given(histories())
def test_it_names_what_differs(appends: list[Append]) -> None:
    """Between two positions, two states of knowledge, both at once, and two dates, also as known or recorded before."""
    clock = [0]
    with Archive.open("sqlite://", recorded_by="tester", now=lambda: clock[0]) as archive:
        for day, documents in appends:
            clock[0] = (day - 1) * DAY + DAY // 2
            archive.append([d if isinstance(d, dict) else d.document for d in documents], chronicle=CHRONICLE)
        head = archive.position()
        bases: list[dict[str, Any]] = [
            {"as_of": DATES[2], "position": position, "known": known}
            for position in (head, head // 2, head // 4)
            for known in (None, DATES[1], DATES[3])
        ]
        bases += [{"as_of": date} for date in DATES]
        bases += [{"as_of": date, "position": head // 2, "known": DATES[3]} for date in DATES[::2]]
        told = [states(archive, **basis) for basis in bases]
        for one, before in zip(bases, told, strict=True):
            for other, after in zip(bases, told, strict=True):
                changed = [str(change["key"]) for change in every_way(archive, one, other)]
                expected = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
                assert expected == set(changed)
                assert len(expected) == len(changed)


def test_of_much_told_keys_it_says_the_same_either_way(tmp_path: Path) -> None:
    """Keys of more facts than are read together, of whose events some were mended, and some withdrawn, in between."""
    url = f"sqlite:///{tmp_path / 'world.db'}"
    store = Store.open(url, create=True)
    world.fill(store, 6_000)
    store.close()
    with Archive.open(url) as archive:
        head = archive.position()
        bases = [{"as_of": "2001-09-08", "position": at} for at in (head // 2, head - 600, head - 20, head)]
        told = [every_way(archive, *pair) for pair in combinations(bases, 2)]
        known = [{"as_of": "2001-09-08", "known": at} for at in ("1950", "1990", None)]
        told += [every_way(archive, *pair) for pair in combinations(known, 2)]
        dates = [{"as_of": at} for at in ("1990-05-01", "2001-07-01", "2001-09-08")]
        told += [every_way(archive, *pair, attribute=one) for pair in combinations(dates, 2) for one in (None, "debt")]
        told += [every_way(archive, dates[1], dates[0])]
        told += [every_way(archive, {**dates[1], "position": head - 600}, date) for date in (dates[0], dates[2])]
        hot = [one for changes in told for one in changes if one["key"]["subject"] == world.subject(0)]  # type: ignore[index]
        assert all(told)
        assert all(one["caused_by"] for one in hot)
        assert {"added", "changed"} <= {one["change"] for changes in told for one in changes}
        [count] = archive.history(world.subject(0), "ruler").histories
        assert len(count.segments) > FEW


@pytest.fixture(params=[0, FEW], ids=["few", "many"])
def hidden(request: pytest.FixtureRequest) -> Iterator[Archive]:
    """An archive in which something changes on 2001-06-03 by a fact that never wins, among few facts or many.

    It says the same as one with a date that may be later still, which is told instead.
    """
    others = [an_event(f"e{n}", a_fact("old"), occurred=f"{1900 + n}-01-01") for n in range(request.param)]
    events = [
        an_event("first", a_fact("one"), occurred="2001-06-01"),
        an_event("some-time", a_fact("two"), occurred="[2000..2010]"),
        an_event("second", a_fact("two"), occurred="2001-06-03"),
    ]
    with an_archive(*others, *events) as archive:
        yield archive


def test_what_hides_another_is_the_cause_though_it_never_wins(hidden: Archive) -> None:
    """For nothing that wins explains the change."""
    [change] = every_way(hidden, {"as_of": "2001-06-02"}, {"as_of": "2001-06-05"})

    assert ["second"] == change["caused_by"]


def test_what_had_ended_explains_nothing(hidden: Archive) -> None:
    """Learned of in between, beside what happened in between."""
    position = hidden.position()
    hidden.append([an_event("over", a_fact("one", until="1991"), occurred="1990-01-01")], chronicle=CHRONICLE)
    [change] = every_way(hidden, {"as_of": "2001-06-02", "position": position}, {"as_of": "2001-06-05"})

    assert ["second"] == change["caused_by"]


def test_a_day_is_over_in_its_last_second() -> None:
    """What ends some time on a day may hold until the second before, so that its last bound lies before the change."""
    with an_archive(an_event("e", a_fact("held", until="2001-06-05"), occurred="2001-06-01")) as archive:
        dates = ({"as_of": f"2001-06-05T23:59:{second}Z"} for second in (57, 58, 59))
        changes = [every_way(archive, *pair) for pair in pairwise(dates)]

    assert [[], ["removed"]] == [[change["change"] for change in some] for some in changes]


def test_a_report_that_is_dated_anew_is_the_cause_of_what_wins_by_it() -> None:
    """Though its event says what it said before: of two that began at once the later report wins."""
    events = [an_event(one, a_fact(one), sources=[f"of-{one}"], occurred="2001-06-01") for one in ("early", "late")]
    with an_archive(a_source("of-early", "2002-01-01"), a_source("of-late", "2002-02-01"), *events) as archive:
        position = archive.position()
        archive.append([a_source("of-early", "2002-03-01")], chronicle=CHRONICLE)
        [change] = every_way(archive, {"position": position}, {})

    assert [["late"], ["early"]] == [change[side]["values"] for side in ("before", "after")]  # type: ignore[index]
    assert ["early"] == change["caused_by"]


def test_over_two_dates_of_one_state_of_knowledge_nothing_is_seen_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that the facts of a subject are not gone through for it."""
    monkeypatch.setattr("chronicle.store.touched.of_place", lambda *_asked: pytest.fail("it is looked for"))
    events = [an_event(f"e{year}", a_fact(year), occurred=f"{year}-07-01") for year in range(1900, 2000)]
    with an_archive(*events) as archive:
        [change] = archive.diff("1941-01-01", "1942-01-01", subject="subject").changes

    assert ("e1941",) == change.caused_by


def test_a_source_that_dates_many_events_anew_changes_much() -> None:
    """Though it is one version: as many events are seen otherwise as it is the source of."""
    clock = Clock()
    with an_archive(
        a_source("s", "2025-01-01"), *(an_event(f"e{n}", sources=["s"]) for n in range(3)), clock=clock
    ) as archive:
        before = archive.position()
        archive.append([a_source("s", "2025-02-01")], chronicle=CHRONICLE)
        with archive._store.reading() as connection:  # noqa: SLF001 - what the hall asks of it
            horizons = Horizon(before), Horizon(archive.position())
            assert [False, True] == [is_within(connection, *horizons, most) for most in (2, 3)]
