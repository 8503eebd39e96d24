"""What cannot be read at all is a problem with a place, and never anything worse."""

from __future__ import annotations

from pathlib import Path

import pytest

from chronicle.files.plain import DEEPEST
from tests.files.reading import SOUND, SOUND_JSON, Told, places, read

NESTED = "a: " + "[" * 100_000
YAML: list[tuple[str | bytes, int, int, str]] = [
    ("id: e\nnote: *a\n", 2, 7, "uses an alias"),
    ("id: e\n*a : b\n", 2, 1, "uses an alias"),
    ("id: &a e\n", 1, 5, "uses an anchor"),
    ("&a id: e\n", 1, 1, "uses an anchor"),
    ("&a\nid: e\n", 1, 1, "uses an anchor"),
    ("tags: [a, &a b]\n", 1, 11, "uses an anchor"),
    ("<<: *a\n", 1, 5, "uses an alias"),
    ("id: !!str e\n", 1, 5, "uses the tag 'tag:yaml.org,2002:str'"),
    ("!!str id: e\n", 1, 1, "uses the tag"),
    ("id: !x e\n", 1, 5, "uses the tag '!x'"),
    ("--- !!python/object/apply:os.system [ls]\n", 1, 5, "uses the tag"),
    ("id: e\nid: f\n", 2, 1, "has the field 'id' twice"),
    ("facts:\n  - subject: a\n    subject: b\n", 3, 5, "has the field 'subject' twice"),
    ("id: e\n? [a]\n: b\n", 2, 3, "has a field name that is not plain text"),
    ("$number: 5\n", 1, 1, "names do not begin with $"),
    ("tags:\n  - a\n  -\n", 3, 4, "is an empty list item"),
    (NESTED, 1, 4 + DEEPEST, "is nested too deeply"),
    ("a: " + "{a: " * 100_000, 1, 4 + 4 * DEEPEST, "is nested too deeply"),
    ("\n".join(" " * depth + "a:" for depth in range(1000)) + " b\n", 2 + DEEPEST, 2 + DEEPEST, "is nested too deeply"),
    (b"id: e\nnote: \xff\n", 2, 7, "is no UTF-8 here: byte 0xff"),
    (b"note: \xc9\x99\xc3\n", 1, 8, "is no UTF-8 here: byte 0xc3"),
    (b"\xef\xbb\xbfid: e\nnote: \xff", 2, 7, "is no UTF-8 here: byte 0xff"),
    ("id: e\n".encode("utf-16"), 1, 1, "is no UTF-8 here: byte 0xff"),
    (b"note: \xed\xa0\x80\n", 1, 7, "is no UTF-8 here: byte 0xed"),
    ("id: e\nnote: a\x00\n", 2, 8, "holds the character U+0000"),
    ("note: \u0259\u0259\nsummary: \u0259\x07\n", 2, 11, "holds the character U+0007"),
    ("note: \U0001f6e2\x1b[31m\n", 1, 8, "holds the character U+001B"),
    ("\u0259\u0259\u0259\u0259\x00", 1, 5, "holds the character U+0000"),
    ("note: a\ufffe\n", 1, 8, "holds the character U+FFFE"),
    ("id: e\nfacts:\n\t- subject: a\n", 3, 1, "is no YAML here"),
    ("id: e\n  type: x\n", 2, 7, "is no YAML here"),
    ("id: [e\n", 2, 1, "is no YAML here"),
    ("id: e\ntags: [a,,b]\n", 2, 10, "is no YAML here"),
    ('id: "e\n', 2, 1, "is no YAML here"),
    ('id: "\\ud800"\n', 1, 8, "is no YAML here"),
    ("id: @e\n", 1, 5, "is no YAML here"),
    ("%YAML 3.0\n---\nid: e\n", 1, 1, "is no YAML here"),
]
JSON: list[tuple[str | bytes, int, int, str]] = [
    ('{"a":NaN}', 1, 6, "holds NaN, which is no JSON number"),
    ('{"a":[1,-Infinity]}', 1, 9, "holds -Infinity"),
    ('{"id":"a","id":"b"}', 1, 11, "has the field 'id' twice"),
    ('{"facts":[{"at":"1","b":2,"at":"2"}]}', 1, 27, "has the field 'at' twice"),
    ('{"value":{"$number":"5"}}', 1, 11, "names do not begin with $"),
    ('{"a":1,,"b":2}', 1, 8, "is no JSON here"),
    ('{"a":[1,,2]}', 1, 9, "is no JSON here"),
    ('{"a":1,}', 1, 8, "is no JSON here"),
    ('{"a":[1,]}', 1, 9, "is no JSON here"),
    ("{'a':1}", 1, 2, "is no JSON here"),
    ('{"a":1} {"b":2}', 1, 9, "is no JSON here"),
    ('{"a":01}', 1, 7, "is no JSON here"),
    ('{"a":1.}', 1, 7, "is no JSON here"),
    ('{"a":"\t"}', 1, 7, "is no JSON here"),
    ('{"a":"\x00"}', 1, 7, "is no JSON here"),
    ('{"a":"\\x"}', 1, 7, "is no JSON here"),
    ('{"a":', 1, 6, "is no JSON here"),
    ("\u0259", 1, 1, "is no JSON here"),
    ('{"note":"\\ud800"}', 1, 10, "holds half of a surrogate pair"),
    ('{"a":{"\\uDC00\\uD800":1}}', 1, 8, "holds half of a surrogate pair"),
    (b'{"a":"\xff"}', 1, 7, "is no UTF-8 here: byte 0xff"),
    *(
        (opening * depth + "1" + closing * depth, 1, column, "is nested too deeply")
        for depth in (DEEPEST + 2, 300, 900, 5_000, 100_000)
        for opening, closing, column in (("[", "]", 26), ('{"a":', "}", 126), ('[{"a":', "}]", 74))
    ),
]


@pytest.mark.parametrize(("text", "line", "column", "message"), YAML)
def test_yaml(tmp_path: Path, text: str | bytes, line: int, column: int, message: str) -> None:
    """YAML that is refused is one problem, where reading stopped."""
    (problem,) = read(tmp_path, text).problems
    code = "encoding" if "UTF-8" in message else "syntax"
    assert (line, column, code, True) == (problem.line, problem.column, problem.code, message in problem.message)


@pytest.mark.parametrize(("text", "line", "column", "message"), JSON)
def test_json(tmp_path: Path, text: str | bytes, line: int, column: int, message: str) -> None:
    """JSON that is refused is one problem with a place."""
    (problem,) = read(tmp_path, text, "x.jsonl").problems
    code = "encoding" if "UTF-8" in message else "syntax"
    assert (line, column, code, True) == (problem.line, problem.column, problem.code, message in problem.message)


def test_yaml_stops(tmp_path: Path) -> None:
    """What stands before a syntax fault is read; what stands after it is not."""
    reading = read(tmp_path, f"{SOUND}---\nid: [\n---\n{SOUND}colour: red\n")
    assert (1, ["syntax"]) == (len(reading.drafts), [problem.code for problem in reading.problems])


def test_json_lines_go_on(tmp_path: Path) -> None:
    """A line that is no JSON does not keep the others from being read."""
    text = f'{SOUND_JSON}}}\n{{"id":\n[]\n{SOUND_JSON}}}\n{SOUND_JSON},"note":""}}\n'
    expected: Told = [(2, 7, "syntax"), (3, 1, "shape"), (5, 94, "blank")]
    reading = read(tmp_path, text, "x.jsonl")
    assert (2, expected) == (len(reading.drafts), places(reading.problems))


@pytest.mark.parametrize("text", ["\U0001f6e2", "\\ud83d\\udee2", "\\\\ud800"])
def test_whole_pairs(tmp_path: Path, text: str) -> None:
    """Whole surrogate pairs in JSON are characters, and an escaped backslash begins none."""
    assert [] == read(tmp_path, f'{SOUND_JSON},"note":"{text}"}}', "x.jsonl").problems


@pytest.mark.parametrize(("name", "text"), [("x.yaml", SOUND), ("x.jsonl", SOUND_JSON + "}\n")])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_other_editors(tmp_path: Path, name: str, text: str, mark: bytes, newline: str) -> None:
    """A byte order mark and CRLF are accepted and leave no trace."""
    reading = read(tmp_path, mark + text.replace("\n", newline).encode(), name)
    assert ([], [("c", "event", "e")]) == (reading.problems, [draft.id for draft in reading.drafts])


def test_crlf_in_prose(tmp_path: Path) -> None:
    """Prose from a CRLF file is the prose of the LF file."""
    text = f"{SOUND}summary: |\n  a\n  b\n"
    one, other = read(tmp_path, text), read(tmp_path, text.replace("\n", "\r\n"))
    assert one.drafts[0].document == other.drafts[0].document


def test_long_lists_are_quick(tmp_path: Path) -> None:
    """Thousands of documents in one list are read, each with its own places."""
    items = "".join(f"- {{kind: entity, id: e{number}, label: L}}\n" for number in range(5_000))
    assert [(5_001, 3, "missing")] == places(read(tmp_path, f"{items}- {{kind: entity, id: f}}\n").problems)
