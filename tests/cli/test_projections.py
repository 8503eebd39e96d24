"""`chronicle projections …` as a shell sees it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
import typer.main
from prometheus_client.parser import text_string_to_metric_families

from chronicle.cli.main import app
from chronicle.service import Archive
from tests.builders import an_event, url_of
from tests.cli.shell import COMMAND, chronicle, environment

OWN = '''
from helping import YEARS
from chronicle import Projection, on


class Own(Projection):
    """The first letters of titles."""

    name, columns = "own", {"letter": str, "events": int}

    @on("*")
    def hear(self, state, event, moment):
        if event.title in BAD:
            raise ValueError("cannot take it")
        state[event.title[0]] = state.get(event.title[0], 0) + 1

    def rows(self, state, part, last_second):
        return sorted(state.items())


BAD = ["Contract of the Century signed"]
'''


@pytest.fixture
def own(tmp_path: Path) -> str:
    """A projection in a file, with what it imports beside it; it fails on one event."""
    (tmp_path / "helping.py").write_text("YEARS = 1\n", encoding="utf-8")
    (tmp_path / "mine.py").write_text(OWN, encoding="utf-8")
    return f"{tmp_path / 'mine.py'}:Own"


def projections(archive: Path, *arguments: str, code: int = 0) -> tuple[str, str]:
    """What `chronicle projections` prints, on stdout and on stderr."""
    run = chronicle(archive, "projections", *arguments)
    assert code == run.returncode, run.stderr
    assert b"Traceback" not in run.stderr
    return run.stdout.decode(), run.stderr.decode()


def answer(archive: Path, *arguments: str, code: int = 0) -> Any:
    """The JSON that it prints."""
    return json.loads(projections(archive, *arguments, "--json", code=code)[0])


def metrics(text: str) -> dict[tuple[str, ...], float]:
    """Samples by name and the values of their labels, as Prometheus reads them."""
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_each_command_has_help_with_an_example() -> None:
    """One that can be pasted."""
    group: Any = typer.main.get_command(app)
    commands = group.get_command(typer.Context(group), "projections").commands

    assert {"list", "show", "run", "rebuild", "reset", "lag"} == set(commands)
    assert [] == [name for name, one in commands.items() if f"Example: chronicle projections {name}" not in one.help]


def test_list_names_what_there_is(archive: Path) -> None:
    """With its columns, and the table where there is one."""
    projections(archive, "run", "event_counts")
    listed = {one["name"]: one for one in answer(archive, "list")["projections"]}

    assert {"chronicle": "str", "type": "str", "year": "str", "events": "int"} == listed["event_counts"]["columns"]
    assert ("live", 68) == (listed["event_counts"]["table"]["status"], listed["event_counts"]["table"]["position"])
    assert listed["trade_balance"]["table"] is None
    assert "at position 68 of 68" in projections(archive, "list")[0]


def test_show_asks_as_of_a_date(archive: Path) -> None:
    """And keeps the digits of figures."""
    shown = answer(archive, "show", "trade_balance", "--as-of", "2026-03-01")

    assert ("2026-03-01", 68) == (shown["basis"]["as_of"], shown["basis"]["position"])
    assert [(-1428200000, 3.14, 3.15)] == [
        (row["balance"], row["share_percent"], row["stated_share_percent"]) for row in shown["rows"]
    ]
    assert "no rows" in projections(archive, "show", "trade_balance", "--as-of", "2024")[0]
    assert "trade-2025#3" in projections(archive, "show", "trade_balance")[0]


def test_run_says_how_much_it_took(archive: Path) -> None:
    """In records, seconds and records a second; the second time there was nothing to take."""
    first = answer(archive, "run", "event_counts")
    assert (68, 0, 68) == (first["position"], first["behind"], first["run"]["records"])
    assert first["run"]["records_per_second"] > 0
    assert 0 == answer(archive, "run", "event_counts")["run"]["records"]

    out, err = projections(archive, "rebuild", "event_counts")
    assert "event_counts: generation 2 at position 68\n" == out
    assert re.fullmatch(r"event_counts: 68 records in [\d.]+ s, [\d,]+ records/s\n", err)


def test_a_table_is_filled_from_segments(archive: Path, tmp_path: Path) -> None:
    """As of the seal, then from the log; from the log alone where something came late, which is said."""
    sealed = str(tmp_path / "sealed")
    assert 0 == chronicle(archive, "seal", sealed).returncode
    rebuilt = answer(archive, "rebuild", "event_counts", "--sealed", sealed, "--check")
    assert (68, 68, 0) == (rebuilt["gathered"], rebuilt["position"], rebuilt["behind"])

    with Archive.open(url_of(archive)) as opened:
        opened.append([an_event("late", occurred="1900")], chronicle="c")
    out, err = projections(archive, "rebuild", "event_counts", "--sealed", sealed)
    assert "event_counts: generation 3 at position 69\n" == out
    assert f"something came after {sealed} was sealed that belongs before its end: made from the log" in err
    assert answer(archive, "lag")["projections"][0]["gathered"] is None


def test_tables_may_lie_elsewhere(archive: Path, tmp_path: Path) -> None:
    """In another database, of which each command is told."""
    into = ("--into", url_of(tmp_path / "tables.db"))
    projections(archive, "run", "event_counts", *into)

    assert ["event_counts"] == [one["name"] for one in answer(archive, "lag", *into)["projections"]]
    assert [] == answer(archive, "lag")["projections"]


def test_lag_is_told_in_records_and_seconds(archive: Path) -> None:
    """As of now; one table or all."""
    projections(archive, "run", "event_counts")
    projections(archive, "run", "signatures")
    with Archive.open(url_of(archive)) as opened:
        opened.append([an_event("late"), an_event("later")], chronicle="c")

    told = {one["name"]: one for one in answer(archive, "lag")["projections"]}
    assert {"event_counts", "signatures"} == set(told)
    assert (2, 70) == (told["signatures"]["behind"], told["signatures"]["head"])
    assert told["signatures"]["seconds"] >= 0
    assert ["signatures"] == [one["name"] for one in answer(archive, "lag", "signatures")["projections"]]
    assert "did you mean signatures?" in projections(archive, "lag", "signature", code=2)[1]


def test_what_is_parked_is_told_and_tried_again(archive: Path, own: str) -> None:
    """With its position and why; commands exit with 1 until it is told after a fix."""
    out, err = projections(archive, "run", own, code=1)
    assert "own: generation 1 at position 68, 1 parked\n" == out
    parked = "own: event 'contract-of-the-century': ValueError: cannot take it"
    assert re.search(rf"^own: parked: position \d+: {re.escape(parked)}$", err, re.MULTILINE)
    assert "run … --retry" in err

    told = answer(archive, "lag", code=1)["projections"][0]["parked"]
    assert [("contract-of-the-century", parked)] == [(one["event"], one["error"]) for one in told]
    with Archive.open(url_of(archive)) as opened:
        assert [one.position for one in opened.show("contract-of-the-century")] == [told[0]["position"]]
    assert "1" in projections(archive, "lag", code=1)[0]
    assert 1 == len(answer(archive, "run", own, "--retry", code=1)["parked"])

    file = Path(own.rpartition(":")[0])
    file.write_text(OWN.replace("Contract of", "Nothing of"), encoding="utf-8")
    assert [] == answer(archive, "run", own, "--retry")["parked"]
    projections(archive, "lag")


EFFECT = """
from chronicle import Projection, effect, on


class Acting(Projection):
    name = "acting"

    @on("*")
    def hear(self, state, event, moment):
        state[event.id] = True

    @effect("*")
    def call(self, event, moment, key):
        raise OSError("nobody answers")
"""


def test_an_effect_that_fails_is_parked(archive: Path, tmp_path: Path) -> None:
    """And told like an event; it is caused again after a fix. Several processes may fill a table."""
    file = tmp_path / "acting.py"
    file.write_text(EFFECT, encoding="utf-8")
    acting = f"{file}:Acting"
    assert 68 == answer(archive, "rebuild", acting, "--workers", "2")["run"]["records"]
    with Archive.open(url_of(archive)) as opened:
        opened.append([an_event("late")], chronicle="c")

    out, err = projections(archive, "run", acting, code=1)
    assert "acting: generation 1 at position 69, 1 parked\n" == out
    assert "acting: parked: position 69: acting: effect of event 'late': OSError: nobody answers" in err
    assert [69] == [one["position"] for one in answer(archive, "lag", code=1)["projections"][0]["effects"]]
    file.write_text(EFFECT.replace("raise OSError", "repr"), encoding="utf-8")
    assert [] == answer(archive, "run", acting, "--retry")["effects"]
    projections(archive, "lag")


def test_reset_removes_a_table(archive: Path) -> None:
    """And says so; there is none to remove a second time."""
    projections(archive, "run", "event_counts")

    assert {"removed": "event_counts"} == answer(archive, "reset", "event_counts")
    assert "no projection has a table here\n" == projections(archive, "lag")[0]
    projections(archive, "reset", "event_counts", code=2)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("show", "trade_balanc"), 2, "did you mean trade_balance?"),
        (("run", "event_counts", "--metrics", "0"), 2, "it goes with --follow"),
        (("lag", "--json", "--prometheus"), 2, "cannot go with --json"),
        (("run", "event_counts", "--into", "sqlite:///no/such/folder/x.db"), 3, "chronicle: "),
    ],
)
def test_exit_codes(archive: Path, arguments: tuple[str, ...], code: int, message: str) -> None:
    """2 is misused, 3 no usable database; never a traceback."""
    assert message in projections(archive, *arguments, code=code)[1]


def test_lag_is_told_to_prometheus(archive: Path, own: str) -> None:
    """As its own parser reads it; parked events do not make the command fail there."""
    projections(archive, "run", own, code=1)
    projections(archive, "run", "event_counts")
    with Archive.open(url_of(archive)) as opened:
        opened.append([an_event("late")], chronicle="c")

    found = metrics(projections(archive, "lag", "--prometheus")[0])
    assert 1 == found["chronicle_up",]
    assert (68, 68) == tuple(found["chronicle_projection_position", name, "live"] for name in ("own", "event_counts"))
    assert 1 == found["chronicle_projection_lag_records", "own", "live"]
    assert 1 == found["chronicle_projection_parked_events", "own", "live"]
    assert 0 == found["chronicle_projection_parked_events", "event_counts", "live"]
    assert 0 == found["chronicle_projection_failed", "own", "live"]
    assert 1 == found["chronicle_projection_info", "1", "own", "live", "1"]
    assert found["chronicle_projection_updated_timestamp_seconds", "own", "live"] > 1_700_000_000
    one = metrics(projections(archive, "lag", "own", "--prometheus")[0])
    assert {"own"} == {key[1] for key in one if key[0] == "chronicle_projection_position"}


@contextmanager
def following(archive: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A runner that follows the log until it is terminated; it ends well."""
    command = [*COMMAND, "projections", "run", *arguments, "--follow"]
    with subprocess.Popen(
        command, env=environment(archive), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as runner:
        try:
            yield runner
        finally:
            runner.send_signal(signal.SIGTERM)
            assert (0, "") == (runner.wait(60), "" if runner.stderr is None else runner.stderr.read())


def test_a_follower_says_what_it_takes(archive: Path) -> None:
    """A JSON object a line, as soon as it is taken; and Prometheus can ask it."""
    with following(archive, "event_counts", "--json", "--metrics", "0") as runner:
        assert runner.stdout is not None
        assert runner.stderr is not None
        place = runner.stderr.readline().split()[-1]
        first = json.loads(runner.stdout.readline())
        assert (68, 0, 68) == (first["position"], first["behind"], first["run"]["records"])
        with Archive.open(url_of(archive)) as opened:
            opened.append([an_event("late")], chronicle="c")
        second = json.loads(runner.stdout.readline())
        assert (69, 69) == (second["position"], second["run"]["records"])

        assert place.startswith("http://127.0.0.1:")
        with urlopen(place) as response:  # noqa: S310 - the address that it told
            found = metrics(response.read().decode())
        assert 69 == found["chronicle_projection_position", "event_counts", "live"]
        assert 69 == found["chronicle_projection_records_total", "event_counts"]
    assert answer(archive, "lag")["projections"][0]["owner"] is None


def test_a_follower_says_it_to_people(archive: Path) -> None:
    """In one line."""
    with following(archive, "event_counts") as runner:
        assert runner.stdout is not None
        assert "event_counts: generation 1 at position 68\n" == runner.stdout.readline()
