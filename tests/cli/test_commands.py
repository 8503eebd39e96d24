"""The shell door as a stranger tries it: output, exit codes, and a log that bad input never moves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.shell import EVENTS, chronicle, digest


def values(archive: Path, *arguments: str) -> list[object]:
    """The values of `state --json`, with their certainty."""
    run = chronicle(archive, "state", "--json", *arguments)
    assert run.returncode == 0, run.stderr
    return [(fact["value"], fact["certainty"]) for fact in json.loads(run.stdout)["facts"]]


def test_loading_again_moves_nothing(archive: Path) -> None:
    """The same folder a second time leaves every table as it was, and says so."""
    before = digest(archive)
    run = chronicle(archive, "load", EVENTS, "--json")
    assert {receipt["outcome"] for receipt in json.loads(run.stdout)["receipts"]} == {"unchanged"}
    assert digest(archive) == before


BAD = {
    "date.yaml": (b"id: x\ntype: a.b\noccurred: 1994-13\ntitle: T\n", "date.yaml:3:1: error: occurred:"),
    "syntax.yaml": (b"id: [\n", "syntax.yaml:2:1: error:"),
    "alias.yaml": (b"a: &x 1\nb: *x\n", "alias.yaml:1:4: error:"),
    "encoding.yaml": (b"id: \xff\n", "encoding.yaml:1:5: error:"),
    "empty.yaml": (b"", "empty.yaml: error: holds no document"),
    "nan.jsonl": (b'{"id": NaN}\n', "nan.jsonl:1:8: error:"),
    "unknown.yaml": (b"id: x\ntype: a.b\noccurred: 1994\ntitel: T\n", "unknown.yaml:4:1: error: unknown field 'titel'"),
    "undeclared.yaml": (
        b"id: x\ntype: a.b\noccurred: 1994\ntitle: T\nparticipants: [nobody]\n",
        "undeclared.yaml:5:16: error: entity 'nobody'",
    ),
    "cited.yaml": (b"kind: source\nid: trend-2026-02-24\nretracted: true\n", "is still cited by"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_with_its_place(archive: Path, tmp_path: Path, name: str) -> None:
    """It exits with 1, names the place on stderr, and a sound document beside it is not written either."""
    content, place = BAD[name]
    (tmp_path / name).write_bytes(content)
    sound = tmp_path / "sound.yaml"
    sound.write_text("id: sound\ntype: a.b\noccurred: 1994\ntitle: T\n", encoding="utf-8")
    before = digest(archive)
    run = chronicle(archive, "load", str(sound), str(tmp_path / name), "--chronicle", "azerbaijan-us")
    assert (1, b"") == (run.returncode, run.stdout)
    assert place in run.stderr.decode()
    assert digest(archive) == before


def test_a_figure_counts_from_the_end_of_its_period(archive: Path) -> None:
    """Half-way through 2025 there is no turnover of 2025, at its end there is, and nobody knew it then."""
    about = ("--attribute", "trade-turnover", "--as-of")
    turnover = ({"amount": "1.55e9", "unit": "USD"}, "certain")
    assert values(archive, *about, "2025-06-30") == []
    assert values(archive, *about, "2025-12-31") == [turnover]
    assert values(archive, *about, "2025-12-31", "--known", "2026-01-31") == []


def test_a_year_without_a_day_is_possible_within_it(archive: Path) -> None:
    """What the contract of 1994 began is possible in June 1994 and certain at the end of the year."""
    began = {"entity": "contract-consortium"}
    about = ("--attribute", "oil-partnership", "--as-of")
    assert values(archive, *about, "1993") == []
    assert values(archive, *about, "1994-06-30") == [(began, "possible")]
    assert values(archive, *about, "1994") == [(began, "certain")]


def test_a_correction_leaves_the_earlier_answer_at_its_position(archive: Path, tmp_path: Path) -> None:
    """After a correction the position before it still gives what was recorded then."""
    trade = Path(EVENTS) / "2025-trade.yaml"
    mended = tmp_path / "trade.yaml"
    mended.write_text(trade.read_text(encoding="utf-8").replace("1.55e9", "1.56e9"), encoding="utf-8")
    run = chronicle(archive, "load", str(mended), "--chronicle", "azerbaijan-us", "--json")
    loaded = json.loads(run.stdout)
    assert [(receipt["outcome"], receipt["version"]) for receipt in loaded["receipts"]] == [("corrected", 2)]
    about = ("--attribute", "trade-turnover", "--as-of", "2025-12-31")
    assert values(archive, *about) == [({"amount": "1.56e9", "unit": "USD"}, "certain")]
    earlier = values(archive, *about, "--position", str(loaded["position"] - 1))
    assert earlier == [({"amount": "1.55e9", "unit": "USD"}, "certain")]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("state", "--as-of=-0752-01-01"), 0),
        (("check", EVENTS), 0),
        (("when", "1994-13"), 1),
        (("show", "nobody"), 1),
        (("report", "nothing"), 1),
        (("show", "trade-2025", "--known", "2026-02-24"), 0),
        (("show", "trade-2025", "--known", "2026-02-23"), 1),
        (("show", "trade-2025", "--position", "10"), 1),
        (("state", "--as-of", "nonsense"), 2),
        (("state", "--position", "99999"), 2),
        (("state", "--nonsense"), 2),
        (("state", "--db", "sqlite:///nowhere/none.db"), 3),
    ],
)
def test_exit_codes(archive: Path, arguments: tuple[str, ...], expected: int) -> None:
    """0 is done, 1 refused by data, 2 misused, 3 no usable archive; never a traceback."""
    run = chronicle(archive, *arguments)
    assert run.returncode == expected, run.stderr
    assert b"Traceback" not in run.stderr


def test_when_reads_lines(tmp_path: Path) -> None:
    """`when -` answers one object a line, strips line ends only, and fails if any line is no date."""
    run = chronicle(tmp_path / "none.db", "when", "-", stdin=b"1994~\r\n 1994\n")
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert [(answer["edtf"], answer["valid"]) for answer in answers] == [("1994~", True), (" 1994", False)]
    assert run.returncode == 1


def test_a_title_cannot_command_the_terminal(archive: Path, tmp_path: Path) -> None:
    """A bidirectional override in a title is shown as an escape."""
    (tmp_path / "odd.yaml").write_text("id: odd\ntype: a.b\noccurred: 1994\ntitle: 'a\u202eb'\n", encoding="utf-8")
    assert chronicle(archive, "load", str(tmp_path / "odd.yaml"), "--chronicle", "c").returncode == 0
    shown = chronicle(archive, "show", "odd").stdout.decode()
    assert "\\u202e" in shown
    assert "\u202e" not in shown
