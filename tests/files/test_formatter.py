"""`check --fix`: fields in one order, comments kept, nothing else changed."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chronicle.authoring import fix
from chronicle.files.check import check
from chronicle.files.formatter import fix_files, formatted
from chronicle.files.yaml_reader import read_yaml
from tests.files.reading import CURATED, write

# ruff: noqa: S311 - chance is for choosing examples here

FILES = sorted(CURATED.glob("*.yaml"))

MIXED = """\
# yaml-language-server: $schema=../schema.json
# About the whole file.
title: T  # at the end of a line
# about the id,
# in two lines
id: e
occurred: 1994   \t


facts:
  # about the first fact
  - value: {unit: USD, amount: "16"}  # sixteen
    period: 2020
    attribute: a
    # about the subject
    subject: s
  - {value: x, subject: s, attribute: a}
summary: >-
  Two lines\u0020\u0020

  of text.
type: any.thing
sources: [{locator: p. 3, source: s}]
# the end
"""

ORDERED = """\
# yaml-language-server: $schema=../schema.json
# About the whole file.
# about the id,
# in two lines
id: e
type: any.thing
occurred: 1994

title: T  # at the end of a line
summary: >-
  Two lines\u0020\u0020

  of text.
facts:
  # about the first fact
    # about the subject
  - subject: s
    attribute: a
    value: {amount: "16", unit: USD}  # sixteen
    period: 2020
  - {subject: s, attribute: a, value: x}
sources: [{source: s, locator: p. 3}]
# the end
"""


def plain(text: str) -> list[object]:
    """The documents of a text."""
    return [document.plain for document in read_yaml(text)]


def test_a_file_in_disorder() -> None:
    """Fields move with their comments, values stay as written, text of several lines stays to the letter."""
    assert ORDERED == formatted(MIXED)


@pytest.mark.parametrize("text", [MIXED, ORDERED, *(path.read_text(encoding="utf-8") for path in FILES)])
def test_a_second_run_changes_nothing(text: str) -> None:
    """What was put in order is in order."""
    once = formatted(text)
    assert once == formatted(once)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_curated_files_are_in_order(path: Path) -> None:
    """The files that teach the format are written in it."""
    text = path.read_text(encoding="utf-8")
    assert text == formatted(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@given(seed=st.integers(0, 2**32))
def test_a_shuffled_file_is_put_in_order(path: Path, seed: int) -> None:
    """Whatever the order of its fields, the same file comes out, but for where comments at the top belong."""
    text = path.read_text(encoding="utf-8")
    mixed = shuffled(text, random.Random(seed))
    assert plain(text) == plain(mixed)
    assert sorted(text.splitlines()) == sorted(mixed.splitlines())
    assert without_comments(text) == without_comments(formatted(mixed))
    assert sorted(comments(text)) == sorted(comments(formatted(mixed)))


def shuffled(text: str, chance: random.Random) -> str:
    """The fields of every document that is a mapping of its own file, each with its lines, in any order."""
    lines = text.splitlines(keepends=True)
    starts = [row for row, line in enumerate(lines) if line[:1].isalpha()]
    if not starts or any(line.startswith(("- ", "---")) for line in lines):
        return text
    blocks = ["".join(lines[start:end]) for start, end in zip(starts, [*starts[1:], len(lines)], strict=True)]
    chance.shuffle(blocks)
    return "".join(lines[: starts[0]]) + "".join(blocks)


def without_comments(text: str) -> list[str]:
    """The lines that are no comments."""
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def comments(text: str) -> list[str]:
    """The lines that are."""
    return [line.strip() for line in text.splitlines() if line.lstrip().startswith("#")]


WORDS = st.sampled_from(["x", "1994", '"16"', "a: b", "# no", "é", "true", "it's", "- x", "{", "[", "e f"])


@st.composite
def documents(draw: st.DrawFn) -> str:
    """An event with its fields in any order, in block or flow style, with comments and blank lines between."""
    fields = {
        "id": "e",
        "type": "any.thing",
        "occurred": draw(st.sampled_from(["1994", '"1994"', "1994-09", "'[1994, 1996]'"])),
        "title": quoted(draw(WORDS)),
        "tags": draw(st.sampled_from(["[a, b]", "\n- a\n- b", "\n  - a\n  # between\n  - b"])),
        "summary": draw(st.sampled_from(["|\n  one\n\n  two  \n", ">-\n  one\n  two", quoted("a  b")])),
        "sources": draw(st.sampled_from(["[{locator: x, source: s}]", "\n- locator: x\n  source: s  # why", "[]"])),
        "facts": draw(facts()),
    }
    names = draw(st.permutations(list(fields)))
    parts = []
    for name in names:
        above = draw(
            st.sampled_from(["", "", f"# above {name}\n", f"\n# apart from {name}\n\n", f"  # deeper {name}\n"])
        )
        value = fields[name]
        parts.append(f"{above}{name}:{'' if value.startswith(chr(10)) else ' '}{value.rstrip(chr(10))}\n")
    return (
        draw(st.sampled_from(["", "# top\n", "---\n"]))
        + "".join(parts)
        + draw(st.sampled_from(["", "# end\n", "\n\n"]))
    )


@st.composite
def facts(draw: st.DrawFn) -> str:
    """Facts in either style, their fields in any order."""
    lines = []
    for index in range(draw(st.integers(1, 3))):
        value = draw(
            st.sampled_from(["x", "16", "{unit: USD, amount: '1'}", "{entity: e}", "{high: 8, low: 7, unit: GW}"])
        )
        fields = {"subject": "s", "attribute": "a", "value": value, "at": "2020", "dimensions": "{z: 1, a: 2}"}
        names = draw(st.permutations(list(fields)))
        if draw(st.booleans()):
            lines.append(f"  - {{{', '.join(f'{name}: {fields[name]}' for name in names)}}}")
        else:
            entries = [f"{name}: {fields[name]}  # {name} {index}" for name in names]
            lines.append("  - " + "\n    # above\n    ".join(entries))
    return "\n" + "\n".join(lines)


def quoted(text: str) -> str:
    """Text that is safe in YAML."""
    return "'" + text.replace("'", "''") + "'"


@given(documents())
def test_any_document(text: str) -> None:
    """The document stays the same, its fields come in order, no comment is lost, and a second run changes nothing."""
    once = formatted(text)
    assert plain(text) == plain(once)
    assert once == formatted(once)
    top = [line.split(":")[0] for line in once.splitlines() if line[:1].isalpha()]
    assert [name for name in top if name != "---"] == [
        "id",
        "type",
        "occurred",
        "title",
        "summary",
        "facts",
        "sources",
        "tags",
    ]
    assert sorted(words(text)) == sorted(words(once))


def words(text: str) -> list[str]:
    """All there is but for spaces and the order of things."""
    return [
        part for part in text.replace("\n", " ").replace(",", " ").replace("{", " ").replace("}", " ").split() if part
    ]


def test_what_is_left_alone(tmp_path: Path) -> None:
    """A file with an error, one of JSON Lines, and what is no sound document: they are told, and stay as they are."""
    bad = write(tmp_path, "title: T\nid: e\noccurred: 1994-13\ntype: a.b\n", "c/bad.yaml")
    lines = write(tmp_path, '{"title":"T","id":"f","type":"a.b","occurred":"1994"}', "c/x.jsonl")
    good = write(tmp_path, "title: T\nid: e\noccurred: 1994\ntype: a.b\n", "c/good.yaml")
    before = [Path(path).read_bytes() for path in (bad, lines)]

    assert (good,) == fix(str(tmp_path / "c"))
    assert before == [Path(path).read_bytes() for path in (bad, lines)]
    assert "id: e\ntype: a.b\noccurred: 1994\ntitle: T\n" == Path(good).read_text(encoding="utf-8")


def test_line_ends_and_a_byte_order_mark(tmp_path: Path) -> None:
    """They become line feeds, and none."""
    path = write(tmp_path, "\ufeffid: e\r\ntype: a.b\r\noccurred: 1994\r\ntitle: T\r\n")
    assert [path] == list(fix_files([path]))
    assert b"id: e\ntype: a.b\noccurred: 1994\ntitle: T\n" == Path(path).read_bytes()
    assert [] == list(fix_files([path]))


def test_permissions_stay(tmp_path: Path) -> None:
    """A file keeps its mode, and nothing is left beside it."""
    path = write(tmp_path, "type: a.b\nid: e\noccurred: 1994\ntitle: T\n")
    Path(path).chmod(0o640)
    assert [path] == list(fix_files([path]))
    assert 0o640 == Path(path).stat().st_mode & 0o777
    assert [Path(path)] == list(tmp_path.iterdir())


@pytest.mark.parametrize("end", ["\u2028", "\u0085"])
def test_rare_line_ends(end: str) -> None:
    """A text whose lines are counted differently by different programs is left as it is."""
    text = f"type: a.b\nid: e\ntitle: 'a{end}b'\n"
    assert text == formatted(text)


def test_a_file_named_twice_is_read_once() -> None:
    """A folder and a file in it: nothing stands there again."""
    both: list[Any] = [str(CURATED), str(FILES[0])]
    assert () == check(both)
