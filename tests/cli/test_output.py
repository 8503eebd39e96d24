"""What people see: help, tables, terminals that cannot show everything, and readers that go away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from chronicle.cli.main import app
from chronicle.cli.output import harmless, print_json, print_json_rows
from tests.builders import a_fact, a_source, an_event, url_of
from tests.cli.shell import COMMAND, EVENTS, chronicle, digest, environment

GROUP: Any = typer.main.get_command(app)
COMMANDS = GROUP.list_commands(typer.Context(GROUP))


def load(archive: Path, folder: Path, *documents: dict[str, object]) -> subprocess.CompletedProcess[bytes]:
    """Load documents into the chronicle `c`."""
    file = folder / "documents.jsonl"
    file.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
    return chronicle(archive, "load", str(file), "--chronicle", "c")


@pytest.mark.parametrize("count", [0, 1, 3])
def test_rows_are_printed_like_a_whole_document(capfdbinary: pytest.CaptureFixture[bytes], count: int) -> None:
    """Byte for byte, whatever is in them."""
    rows = [{"number": number, "none": [], "deep": {"text": 'a\n]}" b', "list": [1, {}]}} for number in range(count)]
    head = {"basis": {"position": 1}, "text": "]"}
    print_json({**head, "facts": rows})
    whole = capfdbinary.readouterr().out
    print_json_rows(head, "facts", iter(rows))

    assert whole.decode() == capfdbinary.readouterr().out.decode()


def test_a_row_is_printed_before_the_next_is_made(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """However many there are, one is held in memory."""
    seen = []

    def rows() -> Iterator[str]:
        for number in range(2):
            yield f"row {number}"
            sys.stdout.flush()
            seen.append(capfdbinary.readouterr().out)

    print_json_rows({}, "rows", rows())
    assert [True, True] == [f"row {number}".encode() in out for number, out in enumerate(seen)]


def test_the_commands_are_there() -> None:
    """The commands of the first release."""
    assert {"load", "check", "when", "state", "show", "report"} <= set(COMMANDS)


def test_a_date_needs_no_database(tmp_path: Path) -> None:
    """A command loads what it needs: what explains a date loads neither a database nor a telling of reports."""
    program = (
        "import sys; sys.argv = ['chronicle', 'when', '1994']; from chronicle.cli.main import app; "
        "app(standalone_mode=False); sys.exit(sum(name in sys.modules for name in ('sqlalchemy', 'yaml', 'babel')))"
    )
    run = subprocess.run([*COMMAND[:1], "-c", program], capture_output=True, cwd=tmp_path, check=False)

    assert (0, b"") == (run.returncode, run.stderr)


def test_without_a_command(archive: Path) -> None:
    """`chronicle` alone is a misuse, and lists what there is."""
    run = chronicle(archive)

    assert 2 == run.returncode
    assert b"load" in run.stdout + run.stderr


def test_the_archive_of_the_environment(archive: Path, tmp_path: Path) -> None:
    """CHRONICLE_DB names the archive, and --db wins over it."""
    other = tmp_path / "other.db"
    assert 0 == chronicle(archive, "load", EVENTS, "--db", url_of(other)).returncode

    assert other.is_file()
    assert 0 == chronicle(tmp_path / "none.db", "state", "--db", url_of(other)).returncode
    assert 3 == chronicle(tmp_path / "none.db", "state").returncode


def test_a_file_that_is_no_archive(tmp_path: Path) -> None:
    """Something else where the archive should be ends with 3 and one line that says so."""
    (tmp_path / "notes.txt").write_text("notes " * 1000)
    run = chronicle(tmp_path / "notes.txt", "state")

    assert (3, b"") == (run.returncode, run.stdout)
    assert ["chronicle: the database failed: file is not a database"] == run.stderr.decode().splitlines()


def test_a_dry_run_moves_nothing(archive: Path, tmp_path: Path) -> None:
    """`--dry-run` says what would be and leaves every row as it was."""
    (tmp_path / "x.jsonl").write_text(json.dumps(an_event("x")))
    before = digest(archive)
    run = chronicle(archive, "load", str(tmp_path / "x.jsonl"), "--chronicle", "c", "--dry-run")

    assert "would be: 1 new; the log is at position 68" == run.stdout.decode().strip()
    assert before == digest(archive)


def test_what_the_folder_no_longer_has(archive: Path, tmp_path: Path) -> None:
    """Loading a folder names what the log has of its chronicle and the folder has not."""
    folder = tmp_path / "azerbaijan-us"
    folder.mkdir()
    sources = (Path(EVENTS) / "sources.yaml").read_bytes()
    (folder / "sources.yaml").write_bytes(sources)

    said = chronicle(archive, "load", str(folder)).stderr.decode()
    assert "in the log but no longer in the folder:" in said
    assert "trade-2025" in said


@pytest.mark.parametrize("command", [("state", "--as-of", "2026"), ("report", "c"), ("show", "x")])
def test_text_cannot_command_the_terminal(archive: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    """Bidirectional overrides in titles, values and sources reach no terminal, whichever command prints them."""
    odd = "a\u202eb\u2066c"
    event = an_event("x", a_fact(odd, at="2025"), title=odd, summary=odd, sources=["s"])
    assert 0 == load(archive, tmp_path, a_source("s", title=odd), event).returncode

    said = chronicle(archive, *command).stdout.decode()
    assert "a" in said
    assert not {"\u202e", "\u2066", "\x1b"} & set(said)


def test_who_records_cannot_command_the_terminal(archive: Path, tmp_path: Path) -> None:
    """The name of who recorded comes from an environment, and is made harmless too."""
    (tmp_path / "x.jsonl").write_text(json.dumps(an_event("x")))
    arguments = ("load", str(tmp_path / "x.jsonl"), "--chronicle", "c")
    assert 0 == chronicle(archive, *arguments, CHRONICLE_RECORDED_BY="\x1b[31mred").returncode

    assert "\\u001b[31mred" in chronicle(archive, "show", "x").stdout.decode()


@pytest.mark.parametrize("command", ["check", "load"])
def test_a_file_name_cannot_command_the_terminal(archive: Path, tmp_path: Path, command: str) -> None:
    """Problems name files, and a file may be called as it likes."""
    (tmp_path / "\x1b[31m.yaml").write_text("id: [\n")
    run = chronicle(archive, command, str(tmp_path))

    assert 1 == run.returncode
    assert b"\x1b" not in run.stdout + run.stderr


def test_markup_is_not_obeyed(archive: Path, tmp_path: Path) -> None:
    """Text in brackets is text, not a style."""
    load(archive, tmp_path, an_event("x", a_fact("[bold red]x[/]", at="2025")))

    assert "[bold red]x[/]" in chronicle(archive, "state", "--as-of", "2026", "--chronicle", "c").stdout.decode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Bakı – 7\u00a0GW", "Bakı – 7\u00a0GW"),  # noqa: RUF001 - this is how it is written
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\x1b]0;title\x07", "\\u001b]0;title\\u0007"),
        ("\x9b31m", "\\u009b31m"),
        ("carriage\rreturn", "carriage\\u000dreturn"),
        ("\u200bzero\u2028line", "\\u200bzero\\u2028line"),
    ],
)
def test_harmless(text: str, shown: str) -> None:
    """Letters of all scripts and the spaces within figures stay; what commands or deceives is shown as its number."""
    assert shown == harmless(text)


def test_a_terminal_without_the_letters(archive: Path) -> None:
    """Where the output cannot hold a letter it shows its number; nothing breaks off."""
    run = chronicle(archive, "state", "--as-of", "2026-03-01", PYTHONIOENCODING="ascii")

    assert (0, b"") == (run.returncode, run.stderr)
    assert b"7\\u20138" in run.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("state", "--as-of", "2026-03-01", "--json"),
        ("state", "--as-of", "2026-03-01"),
        ("report", "azerbaijan-us"),
        ("when", "1994"),
        ("show", "trade-2025"),
        ("check", EVENTS, "--json"),
    ],
    ids=" ".join,
)
def test_a_reader_that_goes_away(archive: Path, arguments: tuple[str, ...]) -> None:
    """Output into a closed pipe ends quietly, as a success."""
    reading, writing = os.pipe()
    os.close(reading)
    run = subprocess.run(
        [*COMMAND, *arguments], stdout=writing, stderr=subprocess.PIPE, env=environment(archive), check=False
    )
    os.close(writing)

    assert (0, b"") == (run.returncode, run.stderr)


def test_report_into_a_file(archive: Path, tmp_path: Path) -> None:
    """`-o` writes what stdout would have had, and says where it is."""
    file = tmp_path / "report.md"
    asked = ("report", "azerbaijan-us", "--as-of", "2026-03-01")
    run = chronicle(archive, *asked, "-o", str(file))

    assert (0, b"", f"the report is at {file}") == (run.returncode, run.stdout, run.stderr.decode().strip())
    assert chronicle(archive, *asked).stdout == file.read_bytes()


def test_report_into_a_folder_that_is_not_there(archive: Path, tmp_path: Path) -> None:
    """A file that cannot be written is a misuse, told in one line."""
    run = chronicle(archive, "report", "azerbaijan-us", "-o", str(tmp_path / "none" / "report.md"))

    assert 2 == run.returncode
    assert [f"chronicle: --output: {tmp_path / 'none' / 'report.md'} cannot be written: No such file or directory"] == (
        run.stderr.decode().splitlines()
    )


@pytest.mark.parametrize("given", ["partner", "=usa", "partner="])
def test_a_dimension_needs_both_sides(archive: Path, given: str) -> None:
    """`--dimension` takes KEY=VALUE and says so."""
    run = chronicle(archive, "state", "--dimension", given)

    assert (2, "chronicle: dimension: expected KEY=VALUE, such as partner=usa") == (
        run.returncode,
        run.stderr.decode().strip(),
    )


def test_show_as_text(archive: Path) -> None:
    """`show` prints numbers as they were written."""
    assert "value: 16," in chronicle(archive, "show", "gas-exports-2026").stdout.decode()


def test_a_date_before_our_era(archive: Path) -> None:
    """Dates may begin with a minus sign, in an option and on their own."""
    assert "as of -0752-01-01," in chronicle(archive, "state", "--as-of=-0752-01-01").stdout.decode()
    assert "15 March 45 BC" in chronicle(archive, "when", "-0044-03-15").stdout.decode()


def test_a_date_that_is_none(archive: Path) -> None:
    """Without --json the reason is told on stderr."""
    run = chronicle(archive, "when", "1994-13")

    assert (1, b"", "chronicle: '1994-13' has no month 13") == (run.returncode, run.stdout, run.stderr.decode().strip())
