"""`chronicle report`: types, formats, limits, templates and the audit."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from chronicle.narrative.document import Document
from tests.cli.shell import chronicle
from tests.cli.test_terminal import COLOUR, STYLE, shown

ASKED = ("report", "azerbaijan-us", "--as-of", "2026-03-01")


@pytest.mark.parametrize(
    ("name", "start"),
    [("a.html", b"<!doctype html>"), ("a.PDF", b"%PDF-"), ("a.docx", b"PK"), ("a.json", b"{"), ("a", b"# ")],
)
def test_the_suffix_of_the_file_decides_the_format(archive: Path, tmp_path: Path, name: str, start: bytes) -> None:
    """The suffix of the file decides the format; Markdown where it says none."""
    run = chronicle(archive, *ASKED, "--type", "brief", "-o", str(tmp_path / name))
    assert (0, b"") == (run.returncode, run.stdout)
    assert (tmp_path / name).read_bytes().startswith(start)


def test_the_format_asked_for_comes_first(archive: Path, tmp_path: Path) -> None:
    """`--format` is stronger than a suffix."""
    file = tmp_path / "a.html"
    assert 0 == chronicle(archive, *ASKED, "--type", "brief", "--format", "txt", "-o", str(file)).returncode
    assert file.read_text(encoding="utf-8").splitlines()[1].startswith("=====")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (
            ("--format", "doc"),
            "there is no format 'doc': there are md, html, txt, json, pdf, docx, csl, prov; did you mean docx?",
        ),
        (("--lang", "xx"), "there are no reports in the language 'xx': there are az, de, en, fr, ru, tr"),
        (("--type", "brief", "--type", "timeline"), "--type: timeline and brief are two reports: ask for one"),
        (("--type", "profile"), "a profile is of one entity: name it with entity"),
        (
            ("--type", "changes"),
            "a report of changes needs the earlier of its two bases: give since, such as 2025-12-31",
        ),
        (("--from", "1994-13"), "from: '1994-13' has no month 13"),
        (("--template", "nowhere"), "--template: nowhere is no folder"),
    ],
)
def test_what_cannot_be_told_is_refused(archive: Path, arguments: tuple[str, ...], expected: str) -> None:
    """What cannot be told is a misuse, told in one line."""
    run = chronicle(archive, *ASKED, *arguments)
    assert (2, b"", f"chronicle: {expected}") == (run.returncode, run.stdout, run.stderr.decode().strip())


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--tag", "enrgy"), "no event has the tag 'enrgy'; did you mean energy?"),
        (("--type", "agrement"), "no event has the type 'agrement'; did you mean agreement?"),
        (("--entity", "viza"), "no event has the entity 'viza'; did you mean visa?"),
    ],
)
def test_names_that_are_not_there(archive: Path, arguments: tuple[str, ...], expected: str) -> None:
    """A name that nothing has is no empty report, but an error."""
    run = chronicle(archive, *ASKED, *arguments)
    assert (1, f"chronicle: {expected}") == (run.returncode, run.stderr.decode().strip())


def test_types_keep_events_and_choose_the_report(archive: Path) -> None:
    """`--type` chooses the type of the report, and any other name the type of events."""
    said = chronicle(archive, *ASKED, "--type", "timeline", "--type", "agreement").stdout.decode()
    assert ["**1994**", "**February 2026**"] == re.findall(r"^- (\*\*.*?\*\*)", said, re.MULTILINE)


def test_since_takes_a_basis(archive: Path) -> None:
    """`--since` takes a basis as `diff` does."""
    run = chronicle(archive, *ASKED, "--type", "changes", "--since", "known=2025-12-31,as_of=2025-12-31")
    assert 0 == run.returncode
    assert "Compared with what was told as of 31 December 2025" in run.stdout.decode()


def test_the_audit_finds_nothing(archive: Path) -> None:
    """`--audit` says so where every number, date and name is accounted for, and prints no report."""
    run = chronicle(archive, *ASKED, "--audit")
    assert (0, b"", b"every number, date and name is accounted for\n") == (run.returncode, run.stdout, run.stderr)


def test_the_audit_questions_what_a_template_made_up(archive: Path, tmp_path: Path) -> None:
    """A number that is typed in a template is found, and then nothing is written."""
    (tmp_path / "own" / "events").mkdir(parents=True)
    (tmp_path / "own" / "events" / "agreement.j2").write_text("It was worth 42 million dollars.\n")
    file = tmp_path / "report.html"
    run = chronicle(archive, *ASKED, "--template", str(tmp_path / "own"), "--audit", "--json", "-o", str(file))
    assert 1 == run.returncode
    assert b'"token": "42"' in run.stdout
    assert not file.exists()


def test_a_template_that_is_a_link_is_refused(archive: Path, tmp_path: Path) -> None:
    """A template that is a link is refused, a link to a folder as well."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "report.md.j2").symlink_to("/etc/passwd")
    run = chronicle(archive, *ASKED, "--template", str(tmp_path / "own"))
    assert (2, b"") == (run.returncode, run.stdout)
    assert b"report.md.j2: error: is a symbolic link, which is not followed [link]" in run.stderr


def test_on_a_terminal_it_is_laid_out(archive: Path) -> None:
    """On a terminal a report is laid out in its columns, in colours unless they are refused."""
    coloured = shown(archive, *ASKED, columns=60, more={"NO_COLOR": "unset"})
    plain = shown(archive, *ASKED, columns=60, more={"NO_COLOR": "1"})
    assert COLOUR.search(coloured) is not None
    assert COLOUR.search(plain) is None
    assert STYLE.sub("", plain) == STYLE.sub("", coloured)
    assert 60 >= max(map(len, STYLE.sub("", plain).splitlines()))


def test_bytes_are_nothing_for_a_terminal(archive: Path) -> None:
    """PDF and DOCX are refused on a terminal; into a pipe they go."""
    assert "pdf is nothing for a terminal: name a file with -o" in shown(
        archive, *ASKED, "--format", "pdf", columns=100
    )
    assert chronicle(archive, *ASKED, "--type", "brief", "--format", "pdf").stdout.startswith(b"%PDF-")


def test_a_report_as_json_is_its_document(archive: Path) -> None:
    """A report as JSON is its document, whole."""
    found = msgspec.json.decode(chronicle(archive, *ASKED, "--format", "json").stdout, type=Document)
    assert ("narrative", "en", "azerbaijan-us") == (found.kind, found.lang, found.chronicle)
    root = dict(found.colophon)["root of the log"]
    assert 44 == len(root)


def test_a_fixed_position_has_a_fixed_root(archive: Path, tmp_path: Path) -> None:
    """The root of the log in the colophon is that of the position asked for, whatever comes later."""
    asked = (*ASKED, "--type", "brief", "--position", "60", "--format", "md")
    before = chronicle(archive, *asked).stdout
    assert b"- root of the log: " in before
    file = tmp_path / "later.yaml"
    file.write_text("id: later\ntype: visit.held\noccurred: 2026\ntitle: A visit\n")
    assert 0 == chronicle(archive, "load", str(file), "--chronicle", "azerbaijan-us").returncode
    assert before == chronicle(archive, *asked).stdout
