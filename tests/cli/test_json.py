"""`--json`: one document on stdout, as DESIGN section 7 says, and nothing else there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chronicle.service import Archive
from tests.builders import a_fact, an_event, url_of
from tests.cli.shell import EVENTS, chronicle

FACT_FIELDS = set(
    "chronicle subject attribute dimensions value certainty may_be_absent foreseen from until period event version "
    "sources".split()
)


def answer(archive: Path, *arguments: str, code: int = 0) -> Any:
    """The JSON that a command prints."""
    run = chronicle(archive, *arguments, "--json")
    assert code == run.returncode, run.stderr
    return json.loads(run.stdout)


def test_state(archive: Path) -> None:
    """`state` prints the basis and the facts, each with all its fields."""
    said = answer(archive, "state", "--as-of", "2025-12-31")

    assert {"basis", "facts"} == said.keys()
    assert {"position", "as_of", "known", "zone", "resolution", "schema"} == said["basis"].keys()
    assert [set()] * len(said["facts"]) == [FACT_FIELDS - fact.keys() for fact in said["facts"]]


def test_state_is_what_the_archive_says(archive: Path) -> None:
    """The shell door prints the answer that Python gets."""
    asked = ("--as-of", "2025", "--known", "2026-03-01", "--zone", "Asia/Baku", "--dimension", "partner=usa")
    said = answer(archive, "state", *asked)

    with Archive.open(url_of(archive), create=False) as opened:
        expected = opened.state(
            as_of="2025", known="2026-03-01", zone="Asia/Baku", dimensions={"partner": "usa"}
        ).as_json()
    assert expected["basis"] == said["basis"]
    assert [fact["event"] for fact in expected["facts"]] == [fact["event"] for fact in said["facts"]]


@pytest.mark.parametrize("digits", ["16", "1.550", "1.55e9", "-0.10"])
def test_digits_are_kept(archive: Path, tmp_path: Path, digits: str) -> None:
    """Plain numbers are JSON numbers with the digits of the file."""
    (tmp_path / "x.jsonl").write_text(json.dumps(an_event("x", a_fact(0))).replace('"value": 0', f'"value": {digits}'))
    assert 0 == chronicle(archive, "load", str(tmp_path / "x.jsonl"), "--chronicle", "c").returncode

    run = chronicle(archive, "state", "--as-of", "2026", "--chronicle", "c", "--json")
    assert f'"value": {digits},' in run.stdout.decode()


def test_load(tmp_path: Path) -> None:
    """`load` prints the position, a receipt for each document and what is missing."""
    said = answer(tmp_path / "a.db", "load", EVENTS)

    assert {"position", "receipts", "missing"} == said.keys()
    assert {"chronicle", "kind", "id", "version", "position", "outcome"} == said["receipts"][0].keys()
    assert said["position"] == len(said["receipts"])


def test_check(archive: Path, tmp_path: Path) -> None:
    """`check` prints every problem with its place."""
    file = tmp_path / "bad.yaml"
    file.write_text("id: x\ntype: a.b\noccurred: 1994-13\ntitle: T\n")

    said = answer(archive, "check", str(file), "--chronicle", "c", code=1)
    [error] = [problem for problem in said["problems"] if problem["severity"] == "error"]
    assert (str(file), 3, 1, "date") == (error["file"], error["line"], error["column"], error["code"])
    assert "has no month 13" in error["message"]


def test_show(archive: Path) -> None:
    """`show` prints every version with its header and its document, numbers as numbers."""
    said = answer(archive, "show", "gas-exports-2026")

    [version] = said["versions"]
    assert ("gas-exports-2026", "tester", 1) == (said["id"], version["recorded_by"], version["version"])
    assert "2026-02-24T23:59:59Z" == version["reported"]
    assert 16 in [fact["value"] for fact in version["document"]["facts"]]


def test_when(archive: Path) -> None:
    """`when` prints what a date means, as section 7 writes it."""
    expected = {
        "edtf": "1994~",
        "valid": True,
        "level": 1,
        "earliest": "1994-01-01",
        "latest": "1994-12-31",
        "lo": 725846400,
        "hi": 820454400,
        "precision": "year",
        "qualifier": "approximate",
        "phrase": "about 1994",
    }
    assert expected == answer(archive, "when", "1994~")


def test_when_of_what_is_no_date(archive: Path) -> None:
    """For bad input it says what is wrong and at which character, and exits with 1."""
    expected = {"edtf": "1994-13", "valid": False, "error": "'1994-13' has no month 13", "column": 6}

    assert expected == answer(archive, "when", "1994-13", code=1)


def test_when_of_several(archive: Path) -> None:
    """Several dates give one object a line."""
    run = chronicle(archive, "when", "1994", "-0044-03-15", "--json")

    assert ["1994", "-0044-03-15"] == [json.loads(line)["edtf"] for line in run.stdout.splitlines()]


@pytest.mark.parametrize(
    ("given", "edtf"),
    [
        (b"1994\r\n1995\r\n", ["1994", "1995"]),
        (b"1994\n\n1995", ["1994", "", "1995"]),
        (b"\xff1994\n", ["\ufffd1994"]),
        (b"\t1994 \n", ["\t1994 "]),
        (b"", []),
    ],
)
def test_when_of_lines(archive: Path, given: bytes, edtf: list[str]) -> None:
    """Every line has its answer, the empty and the unreadable too; only line ends are stripped."""
    run = chronicle(archive, "when", "-", stdin=given)
    said = [json.loads(line) for line in run.stdout.splitlines()]

    assert edtf == [one["edtf"] for one in said]
    assert (0 if all(one["valid"] for one in said) else 1) == run.returncode


def test_a_question_refused_prints_nothing(archive: Path) -> None:
    """What is refused is told on stderr; stdout stays empty."""
    run = chronicle(archive, "state", "--as-of", "1994-13", "--json")

    assert (2, b"", b"chronicle: '1994-13' has no month 13") == (run.returncode, run.stdout, run.stderr.strip())


def test_warnings_are_on_stderr(tmp_path: Path) -> None:
    """What is worth a warning does not get among the JSON."""
    (tmp_path / "x.jsonl").write_text(json.dumps(an_event("x", a_fact(1))))
    run = chronicle(tmp_path / "a.db", "load", str(tmp_path / "x.jsonl"), "--chronicle", "c", "--json")

    assert 1 == json.loads(run.stdout)["position"]
    assert b"warning: attribute 'attribute' is not declared" in run.stderr
