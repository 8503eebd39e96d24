"""Every problem has the line and column of its fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from chronicle.files.folder import read_paths
from tests.files.reading import SOUND, SOUND_JSON, Told, places, read, write

FACT = "facts:\n  - subject: a\n    attribute: b\n    value: x\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SOUND.replace("2020", "1994-13"), [(3, 1, "date")]),
        (f"# a comment\n\n{SOUND}".replace("2020", "1994-13"), [(5, 1, "date")]),
        (f"{SOUND}{FACT}    until: soon\n", [(10, 5, "date")]),
        (f"{SOUND}{FACT}  - {{subject: a, attribute: b, value: x, at: soon}}\n", [(10, 42, "date")]),
        (f"{SOUND}{FACT}    sources:\n      - source: s\n      - source: t\n", [(12, 9, "fact-source")]),
        (f"{SOUND}{FACT}    dimensions: {{a: b, c: no name}}\n", [(10, 24, "name")]),
        (f"{SOUND}{FACT}  - subject: a\n    attribute: b\n", [(10, 5, "no-value")]),
        (f"{SOUND}tags: [a, ' ', b]\n", [(6, 11, "blank")]),
        (f"{SOUND}participants:\n  - a\n  - {{entity: no name}}\n", [(8, 6, "name")]),
        (SOUND.replace("{source: s}", "{source: no name}"), [(5, 12, "name")]),
        (f"---\n{SOUND}---\n{SOUND}---\n{SOUND}colour: red\n", [(19, 1, "unknown-field")]),
        (
            "- kind: entity\n  id: e\n  label: L\n- kind: entity\n  id: f\n  labels: {x: L}\n  label: L\n",
            [(6, 12, "language")],
        ),
        (
            "- kind: entity\n  id: e\n- kind: entity\n  id: f\n  label: L\n  lable: L\n",
            [(1, 3, "missing"), (6, 3, "unknown-field")],
        ),
        (f"{SOUND}note: \u0259\u0259\nsummary: \u0259\n\u0259: x\n", [(8, 1, "unknown-field")]),
        (SOUND.replace("\n", "\r\n").replace("2020", "1994-13"), [(3, 1, "date")]),
        (f"\ufeff{SOUND.replace('id: e', 'id: no name')}", [(1, 1, "name")]),
    ],
)
def test_yaml(tmp_path: Path, text: str, expected: Told) -> None:
    """In YAML a fault stands where its field's name does, or the item of a list."""
    assert expected == places(read(tmp_path, text).problems)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (',"note":""}', [(1, 94, "blank")]),
        (' ,  "note" :  "" }', [(1, 100, "blank")]),
        (',"tags":["a" , " "]}', [(1, 101, "blank")]),
        (',"facts":[{"subject":"a","attribute":"b","value":"x","at":"soon"}]}', [(1, 144, "date")]),
        (
            ',"facts":[1.5,{"subject":"a","attribute":"b","value":"x","at":"soon"}]}',
            [(1, 96, "shape"), (1, 148, "date")],
        ),
        (',"facts":[{"subject":"a","attribute":"b","value":{"a":[1,{"b":"]"}],"c":2}}]}', [(1, 135, "shape")]),
        (',"summary":"\\"}],{","note":""}', [(1, 113, "blank")]),
        (',"dimensions":{}}', [(1, 100, "unknown-field")]),
        ("}\n\n" + SOUND_JSON + ',"note":""}\n', [(3, 94, "blank")]),
        ("}\r\n" + SOUND_JSON + ',"note":""}\r\n', [(2, 94, "blank")]),
    ],
)
def test_json_lines(tmp_path: Path, more: str, expected: Told) -> None:
    """In JSON Lines a fault stands where the value of its field does."""
    assert expected == places(read(tmp_path, SOUND_JSON + more, "x.jsonl").problems)


def test_missing_in_json(tmp_path: Path) -> None:
    """A field that is not there is told at what should hold it."""
    text = SOUND_JSON + ',"facts":[{"attribute":"b","value":"x"}]}'
    assert [(1, 96, "missing")] == places(read(tmp_path, text, "x.jsonl").problems)


def test_file_as_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A problem names its file as it was given."""
    write(tmp_path, "id: e\n")
    monkeypatch.chdir(tmp_path)
    assert {"./x.yaml"} == {problem.file for problem in read_paths(["./x.yaml"], "c").problems}
