"""Lines are counted as editors count them, whatever the YAML parser takes for a line end."""

from __future__ import annotations

from pathlib import Path

import pytest

from chronicle.files.place import Lines
from tests.files.reading import SOUND, places, read

FALSE = ["\u0085", "\u2028", "\u2029"]


@pytest.mark.parametrize("character", FALSE)
def test_within_text(tmp_path: Path, character: str) -> None:
    """In quoted text and at the end of a comment they begin no line."""
    text = f"# a{character}\n{SOUND}note: \"a{character}b\"\nsummary: 'a{character}b'\ncolour: red\n"
    assert [(9, 1, "unknown-field")] == places(read(tmp_path, text).problems)


@pytest.mark.parametrize("character", FALSE)
@pytest.mark.parametrize("before", ["# a comment", "note: text # and a comment"])
def test_hidden_fields(tmp_path: Path, character: str, before: str) -> None:
    """A field that begins after one is refused: whoever reads the file takes it for a part of the comment."""
    (problem,) = read(tmp_path, f"{SOUND}{before}{character}summary: s\n").problems
    assert (6, len(before) + 2, "syntax") == (problem.line, problem.column, problem.code)
    assert f"U+{ord(character):04X}" in problem.message


@pytest.mark.parametrize(
    ("text", "line"), [("note: a\u2028b\nsummary: s\n", 6), ("note: |\n  a\u2028b\nsummary: s\n", 7)]
)
def test_plain_text(tmp_path: Path, text: str, line: int) -> None:
    """Unquoted text that one breaks off is refused with the character that did it."""
    (problem,) = read(tmp_path, SOUND + text).problems
    assert (line, "syntax", True) == (problem.line, problem.code, "U+2028" in problem.message)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("wide", ["", "\U0001f6e2\u0259"])
def test_line_ends(tmp_path: Path, newline: str, wide: str) -> None:
    """LF, CRLF and CR end a line, and columns count characters."""
    text = f"{SOUND}tags: [{wide}a, ' ']\n---\n{SOUND}colour: red\n".replace("\n", newline)
    assert [(6, 11 + len(wide), "blank"), (13, 1, "unknown-field")] == places(read(tmp_path, text).problems)


@pytest.mark.parametrize("text", ["", "a", "a\nbc\r\nd\re\n\nf", "\r\n\r\n\n\r", "\n\n"])
def test_counting_from_anywhere(text: str) -> None:
    """It makes no difference where counting begins."""
    for at in range(len(text) + 1):
        before = text[:at].replace("\r\n", "\n").replace("\r", "\n")
        if text[at - 1 : at + 1] == "\r\n":
            continue  # no field begins within a line end
        expected = before.count("\n") + 1, len(before) - before.rfind("\n")
        for start in range(at + 1):
            if text[start - 1 : start + 1] != "\r\n":
                assert expected == Lines(text).since(start).place(at)
