"""`history`, `diff`, `events` and `conflicts` as typed in a shell: their JSON, their tables, their refusals."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from chronicle.paging import ROWS
from chronicle.service import Archive
from tests.builders import a_fact, a_source, an_archive, an_attribute, an_event
from tests.cli.shell import chronicle


def answer(archive: Path, *arguments: str) -> Any:
    """The JSON document that a command prints."""
    run = chronicle(archive, *arguments, "--json")
    assert (0, b"") == (run.returncode, run.stderr)
    return json.loads(run.stdout)


@pytest.fixture
def rivals(tmp_path: Path) -> Path:
    """Two reports of one figure, a value for ever, one that ends, and two values side by side."""
    path = tmp_path / "rivals.db"
    an_archive(
        a_source("a", "2026-02-01"),
        a_source("b", "2026-05-01"),
        an_attribute("many", cardinality="many"),
        an_event("first", a_fact(100, period="2025"), sources=["a"]),
        an_event("second", a_fact(103, period="2025"), sources=["b"]),
        an_event("ever", a_fact("x", attribute="ever", **{"from": ".."}), sources=["a"]),
        an_event(
            "term", a_fact("y", attribute="term", **{"from": "-0752-04-21", "until": "0476-09-04"}), sources=["a"]
        ),
        an_event("side", a_fact("p", attribute="many"), a_fact("q", attribute="many"), sources=["a"]),
        url=f"sqlite:///{path}",
    ).close()
    return path


def test_a_history_as_json(rivals: Path) -> None:
    """Basis, key and segments; what has no bound is null, and days long past are days."""
    assert {
        "basis": {"position": 8, "as_of": None, "known": None, "zone": "UTC", "resolution": None, "schema": 1},
        "key": {"chronicle": "c", "subject": "subject", "attribute": "ever", "dimensions": {}},
        "segments": [
            {
                "start": None,
                "end": None,
                "certainty": "certain",
                "values": ["x"],
                "may_be_absent": False,
                "events": ["ever"],
            }
        ],
    } == answer(rivals, "history", "subject", "ever")
    segments = answer(rivals, "history", "subject", "term")["segments"]
    assert [("-0752-04-21", "-0752-04-21T23:59:59Z"), ("-0752-04-21T23:59:59Z", "0476-09-04")] == [
        (one["start"], one["end"]) for one in segments[:2]
    ]
    assert ["possible", "certain", "possible"] == [one["certainty"] for one in segments]


def test_several_keys_are_a_line_each(rivals: Path) -> None:
    """The values of a many attribute have a history each, told by the key."""
    lines = chronicle(rivals, "history", "subject", "many", "--json").stdout.splitlines()
    assert ["p", "q"] == [json.loads(line)["key"]["value"] for line in lines]


def test_no_history(rivals: Path) -> None:
    """Of what was never stated there is no segment; a person is told what was not found."""
    found = json.loads(chronicle(rivals, "history", "nobody", "nothing", "--json").stdout)
    assert ("nobody", []) == (found["key"]["subject"], found["segments"])
    run = chronicle(rivals, "history", "nobody", "nothing")
    assert (0, True) == (run.returncode, b"no fact has the subject 'nobody'" in run.stderr)


def test_a_difference_as_json(rivals: Path) -> None:
    """Two states of knowledge over a date: what was learned, and from which event."""
    found = answer(rivals, "diff", "known=2026-02", "known=2026-05", "--as-of", "2025", "--attribute", "attribute")
    assert ("2026-02", "2026-05", "2025", "2025") == (
        found["from"]["known"],
        found["to"]["known"],
        found["from"]["as_of"],
        found["to"]["as_of"],
    )
    held = {"certainty": "certain", "may_be_absent": False}
    assert [
        {
            "key": {
                "chronicle": "c",
                "subject": "subject",
                "attribute": "attribute",
                "dimensions": {},
                "shape": "P12M",
            },
            "change": "changed",
            "before": {**held, "values": [100], "events": ["first"]},
            "after": {**held, "values": [103], "events": ["second"]},
            "caused_by": ["second"],
        }
    ] == found["changes"]


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [("0470", "0480", "removed"), ("as_of=-0800", "0001", "added"), ("0001", "as-of=0400,position=8", None)],
)
def test_two_dates(rivals: Path, before: str, after: str, change: str | None) -> None:
    """A date alone, or bounds by name; nothing before or after is null."""
    changes = answer(rivals, "diff", before, after, "--attribute", "term")["changes"]
    assert ([] if change is None else [change]) == [one["change"] for one in changes]
    assert all(one["before" if change == "added" else "after"] is None for one in changes)
    assert all(one["caused_by"] == ["term"] for one in changes)


def test_conflicts_as_json(rivals: Path) -> None:
    """The winner, and who lost to it by what, each with its report and its sources."""
    [conflict] = answer(rivals, "conflicts", "--as-of", "2026")["conflicts"]
    loser = conflict["losers"][0]
    assert ("P12M", 103, "second", [{"source": "b"}]) == (
        conflict["key"]["shape"],
        *(conflict["winner"][name] for name in ("value", "event", "sources")),
    )
    assert (100, "first", "2026-02-01T23:59:59Z", "reported", False, [{"source": "a"}]) == tuple(
        loser[name] for name in ("value", "event", "reported", "lost_by", "may_win", "sources")
    )
    assert [] == answer(rivals, "conflicts", "--as-of", "2026", "--known", "2026-02")["conflicts"]


def test_events_as_json(rivals: Path) -> None:
    """Every event with its status, in order of occurrence."""
    found = answer(rivals, "events", "--as-of", "2025-12-31", "--type", "any")
    assert {"happened"} == {one["status"] for one in found["events"]}
    assert ["first", "second", "ever", "term", "side"] == [one["id"] for one in found["events"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("diff", "nope", "2025"), b"'nope' is no EDTF date"),
        (("diff", "known=", "2025"), b"a basis is a date, or NAME=VALUE"),
        (("diff", "when=2025", "2025"), b"'when' is no part of a basis: expected as_of, known"),
        (("diff", "position=x", "2025"), b"position: expected the number of a record"),
        (("diff", "position=9", "2025"), b"position: 9 is not within the log, which ends at 8"),
        (("diff", "recorded=2025,position=1", "2025"), b"give one"),
        (("history", "subject"), b"Missing argument 'ATTRIBUTE'"),
        (("events", "--as-of", "[1994, 1996]"), b"is no definite date"),
        (("conflicts", "--zone", "Mars"), b"is no time zone"),
    ],
)
def test_misuse(rivals: Path, arguments: tuple[str, ...], said: bytes) -> None:
    """What cannot be read exits with 2 and says what to write instead."""
    run = chronicle(rivals, *arguments)
    assert (2, b"") == (run.returncode, run.stdout)
    assert said in run.stderr


@pytest.mark.parametrize("command", [("history", "s", "a"), ("diff", "1994", "1995"), ("events",), ("conflicts",)])
def test_an_empty_archive(tmp_path: Path, command: tuple[str, ...]) -> None:
    """There is nothing to tell, which is no error; without an archive there is, and none is made."""
    assert 3 == chronicle(tmp_path / "none.db", *command).returncode
    assert not (tmp_path / "none.db").exists()
    an_archive(url=f"sqlite:///{tmp_path / 'empty.db'}").close()
    assert 0 == chronicle(tmp_path / "empty.db", *command).returncode


def test_the_table_of_a_history_speaks_of_days(rivals: Path) -> None:
    """A change within a day is told as of its end, as --as-of reads it."""
    lines = chronicle(rivals, "history", "subject", "term").stdout.decode().splitlines()
    assert "-0752-04-21 0476-09-03 y certain term" == " ".join(lines[-1].split())


@pytest.fixture(scope="module")
def long(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six hundred days of two subjects, one of whose attributes has two partners."""
    path = tmp_path_factory.mktemp("long") / "long.db"
    days = [(date(2020, 1, 1) + timedelta(days=2 * number)).isoformat() for number in range(600)]
    an_archive(
        a_source("a", "2026-02-01"),
        *(
            an_event(
                f"day-{number}",
                a_fact(number, subject="one", **{"from": day}),
                a_fact(number, subject="two", dimensions={"partner": "p"}, **{"from": day}),
                sources=["a"],
            )
            for number, day in enumerate(days)
        ),
        an_event("once", a_fact(1, subject="two", dimensions={"partner": "q"}), sources=["a"]),
        url=f"sqlite:///{path}",
    ).close()
    return path


@pytest.mark.parametrize("subject", ["one", "two"])
def test_a_long_history_is_told_in_pages(long: Path, subject: str) -> None:
    """And is the same document for one key, and the same lines for several."""
    with Archive.open(f"sqlite:///{long}") as archive:
        found = archive.history(subject, "attribute")
    run = chronicle(long, "history", subject, "attribute", "--json")
    assert sum(len(one.segments) for one in found) > ROWS
    told = [json.loads(line) for line in run.stdout.splitlines()] if len(found) > 1 else [json.loads(run.stdout)]
    assert [one.as_json() for one in found] == told
    assert len(found) == (1 if subject == "one" else 2)
