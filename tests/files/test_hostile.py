"""Files made to do harm: each is refused within seconds and in little memory, with a place and what is wrong."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.files.reading import SOUND, SOUND_JSON
from tests.project.checkout import ROOT

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="limits on a process are set as POSIX has them")

MEGA = 1_000_000
SECONDS = 10
"""Of the processor. Each takes one or less; what grows faster than the file does takes minutes."""
EVENT = SOUND.encode()
JSON_EVENT = SOUND_JSON.encode()
FACTS = EVENT + b"facts:\n"
JSON_FACT = b'{"subject":"a","attribute":"b","value":1'

Attack = Callable[[], tuple[bytes, int, int, str, str]]
"""Gives the content, and the line, column, code and a part of the message of the first error."""

YAML: dict[str, Attack] = {
    "alias bomb": lambda: (
        b"a: &a [x]\n" + b"".join(b"b%d: &b%d [*a, *a, *a]\n" % (n, n) for n in range(99)), 1, 4, "syntax", "anchor"
    ),
    "lists in lists": lambda: (b"a: " + b"[" * MEGA, 1, 28, "syntax", "nested too deeply"),
    "fields in fields": lambda: (b"a: " + b"{a: " * MEGA, 1, 100, "syntax", "nested too deeply"),
    "items in items": lambda: (b"- " * MEGA, 1, 53, "syntax", "nested too deeply"),
    "ever more indented": lambda: (
        b"".join(b" " * n + b"-\n" for n in range(3000)), 27, 27, "syntax", "nested too deeply"
    ),
    "names that are no text": lambda: (b"? " * MEGA, 1, 3, "syntax", "field name"),
    "tags for objects": lambda: (b"!!python/object/apply:os.system [ls]\n", 1, 1, "syntax", "tag"),
    "tag directives": lambda: (
        b"".join(b"%%TAG !e%d! x\n" % n for n in range(100_000)) + b"--- a\n", 1, 1, "syntax", "%TAG"
    ),
    "a directive further down": lambda: (EVENT + b"...\n%TAG ! x\n---\na: b\n", 7, 1, "syntax", "%TAG"),
    "a scalar too long": lambda: (EVENT + b"note: " + b"a" * 15 * MEGA + b"\n", 6, 7, "size", "more than 4 MB"),
    "a name too long": lambda: (b'? "' + b"a" * 5 * MEGA + b'"\n: b\n', 1, 3, "size", "more than 4 MB"),
    "a file too large": lambda: (b"#" * 100 * MEGA, 0, 0, "size", "larger than 16 MB"),
    "a comment of one line": lambda: (b"#" + b"a" * 15 * MEGA, 0, 0, "empty", "no document"),
    "a million documents": lambda: (b"---\na\n" * MEGA, 2, 1, "shape", "expected a document"),
    "a million items": lambda: (b"- a\n" * MEGA, 1, 3, "shape", "expected a document"),
    "a million items in a line": lambda: (b"[" + b"a," * MEGA + b"a]", 1, 2, "shape", "expected a document"),
    "empty documents": lambda: (b"---\n" * 3 * MEGA, 100_002, 1, "size", "more than 100000 documents"),
    "fields without end": lambda: (
        b"".join(b"a%d: b\n" % n for n in range(500_000)), 50_000, 9, "size", "more than 50000 values"
    ),
    "fields in one line": lambda: (
        b"{" + b",".join(b"a%d: b" % n for n in range(500_000)) + b"}", 1, 488_890, "size", "more than 50000 values"
    ),
    "many faults in many facts": lambda: (
        FACTS + b"- {subject: a, attribute: b, value: c}\n" * 9000 + b"- {subject: a}\n" * 100,
        9007, 3, "missing", "attribute is missing",
    ),
    "a date of a million digits": lambda: (
        EVENT.replace(b"2020", b"Y" + b"9" * MEGA), 3, 1, "date", "longer than 200"
    ),
    "a date of a million dates": lambda: (
        EVENT.replace(b"2020", b"'[" + b"1994," * (MEGA // 2) + b"1995-13]'"), 3, 1, "date", "occurred"
    ),
    "a number of a million digits": lambda: (
        FACTS + b"- {subject: a, attribute: b, value: " + b"9" * MEGA + b"}\n", 7, 30, "shape", "more than 100 digits"
    ),
    "an exponent of a million digits": lambda: (
        FACTS + b"- {subject: a, attribute: b, value: 1e" + b"9" * MEGA + b"}\n", 7, 30, "shape", "more than 100 digits"
    ),
    "a number beyond all": lambda: (
        FACTS + b"- {subject: a, attribute: b, value: 1e400}\n", 7, 30, "shape", "beyond 1e"
    ),
    "NaN for an amount": lambda: (
        FACTS + b"- {subject: a, attribute: b, value: {amount: NaN, unit: m}}\n", 7, 30, "shape", "decimal number"
    ),
    "a doubled field": lambda: (EVENT + b"id: f\n", 6, 1, "syntax", "'id' twice"),
    "bad UTF-8 at the end": lambda: (b"a: b\n" * 2 * MEGA + b"\xff", 2 * MEGA + 1, 1, "encoding", "byte 0xff"),
    "UTF-16": lambda: (("a: b\n" * MEGA).encode("utf-16"), 1, 1, "encoding", "save it as UTF-8"),
    "UTF-16 without a mark": lambda: ("a: b\n".encode("utf-16-le"), 1, 2, "syntax", "U+0000"),
    "nothing but NUL": lambda: (b"\0" * 10 * MEGA, 1, 1, "syntax", "U+0000"),
    "half a surrogate pair": lambda: (b'a: "\\ud800"\n', 1, 7, "syntax", "no YAML"),
    "an escape sequence": lambda: (b"a: \x1b[2J\n", 1, 4, "syntax", "U+001B"),
    "a name of a million letters": lambda: (b'? "' + b"a" * MEGA + b'"\n: b\n', 1, 1, "missing", "id is missing"),
    "an address without end": lambda: (
        b"kind: source\nid: s\ntitle: T\npublished: 2020\nurl: 'http://[" + b":" * MEGA + b"'\n", 5, 1, "url", "url"
    ),
    "a type without end": lambda: (EVENT.replace(b"any.thing", b"a.a" * MEGA + b"!"), 2, 1, "type", "is no type"),
    "carriage returns": lambda: (b"a: b\r" * MEGA, 2, 1, "syntax", "'a' twice"),
    "a field that seems a comment": lambda: (EVENT + "# a\u2028note: b\n".encode(), 6, 5, "syntax", "U+2028"),
}  # fmt: skip

JSON: dict[str, Attack] = {
    "lists in lists": lambda: (b"[" * 4 * MEGA, 1, 26, "syntax", "nested too deeply"),
    "fields in fields": lambda: (b'{"a":' * (MEGA // 2), 1, 126, "syntax", "nested too deeply"),
    "a line too long": lambda: (b'"' + b"a" * 100 * MEGA + b'"', 1, 1, "size", "more than 4 MB"),
    "a line too long of wide letters": lambda: (
        b'{"note":"' + "\U0001f6e2".encode() * 2 * MEGA, 1, 1, "size", "more than 4 MB"
    ),
    "a line of blanks": lambda: (b" " * 100 * MEGA, 1, 1, "size", "more than 4 MB"),
    "blank lines": lambda: (b"\n" * 100 * MEGA, 100_001, 1, "size", "blank lines"),
    "a million lines": lambda: (b"1\n" * 10 * MEGA, 1, 1, "shape", "expected a document"),
    "a million bad lines": lambda: (b"{\n" * 10 * MEGA, 1, 2, "syntax", "no JSON"),
    "numbers without end": lambda: (b"[" + b"1," * MEGA + b"1]", 1, 1, "size", "more than 50000 values"),
    "a number of a million digits": lambda: (
        JSON_EVENT + b',"facts":[{"subject":"a","attribute":"b","value":' + b"9" * MEGA + b"}]}",
        1, 135, "shape", "more than 100 digits",
    ),
    "a number for a title": lambda: (
        JSON_EVENT.replace(b'"T"', b"9" * MEGA) + b"}", 1, 56, "shape", "write 999"
    ),
    "a number beyond all": lambda: (
        JSON_EVENT + b',"facts":[{"subject":"a","attribute":"b","value":1e400}]}', 1, 135, "shape", "beyond 1e"
    ),
    "an exponent beyond all": lambda: (
        JSON_EVENT + b',"facts":[{"subject":"a","attribute":"b","value":1e999999999}]}', 1, 135, "shape", "beyond 1e"
    ),
    "NaN": lambda: (JSON_EVENT + b',"facts":[NaN]}', 1, 96, "syntax", "NaN"),
    "Infinity": lambda: (JSON_EVENT + b',"facts":[-Infinity]}', 1, 96, "syntax", "-Infinity"),
    "a doubled field at the end": lambda: (
        b"{" + b",".join(b'"a%d":1' % n for n in range(49_000)) + b',"a48999":1}', 1, 527_892, "syntax", "twice"
    ),
    "many faults in many facts": lambda: (
        JSON_EVENT + b',"facts":[' + (JSON_FACT + b"},") * 9000 + b",".join([JSON_FACT + b',"at":"199"}'] * 99) + b"]}",
        1, 378_142, "date", "at:",
    ),
    "pairs and then half of one": lambda: (
        b'{"a":"' + b"\\ud83d\\udee2" * 300_000 + b'\\ud800"}', 1, 3_600_007, "syntax", "surrogate"
    ),
    "backslashes": lambda: (b'{"a":"' + b"\\\\" * 2 * MEGA + b"\\", 1, 6, "syntax", "no JSON"),
    "escaped quotes and commas": lambda: (b'{"a":"' + b'\\",' * MEGA, 1, 6, "syntax", "no JSON"),
    "bad UTF-8": lambda: (b"{}\n" * 9 + b'{"a":"\xff"}', 1, 1, "missing", "id is missing"),
    "UTF-16": lambda: (('{"a":1}\n' * MEGA).encode("utf-16"), 1, 1, "encoding", "save it as UTF-8"),
    "nothing but NUL": lambda: (b"\0" * 3 * MEGA, 1, 1, "syntax", "no JSON"),
}  # fmt: skip


@pytest.fixture(scope="module")
def checking() -> Iterator[Callable[[Path], Any]]:
    """Checks a file within limits on memory and time."""
    command = [sys.executable, "-m", "tests.files.limited"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        asking, answers = program.stdin, program.stdout

        def check(path: Path) -> Any:
            print(path, file=asking, flush=True)
            return json.loads(answers.readline())

        yield check
        asking.close()


def attack(folder: Path, name: str, content: bytes, checking: Callable[[Path], Any]) -> tuple[Any, int, float]:
    """The first error, the number of problems, and the seconds it took to find them."""
    path = folder / name
    path.write_bytes(content)
    found = checking(path)
    path.unlink()
    assert found is not None, "killed, or failed"
    ((line, column, code, message),) = found["first"]
    return (line, column, code, message), found["count"], found["took"]


@pytest.mark.parametrize("name", YAML)
def test_yaml(tmp_path: Path, checking: Callable[[Path], Any], name: str) -> None:
    """YAML that is made to do harm does none."""
    content, *place, expected = YAML[name]()
    (*found, message), count, took = attack(tmp_path, "x.yaml", content, checking)
    assert (place, True) == (found, expected in message), message
    assert len(message) < 400
    assert count <= 1001
    assert took < SECONDS


@pytest.mark.parametrize("name", JSON)
def test_json(tmp_path: Path, checking: Callable[[Path], Any], name: str) -> None:
    """JSON Lines that are made to do harm do none."""
    content, *place, expected = JSON[name]()
    (*found, message), count, took = attack(tmp_path, "x.jsonl", content, checking)
    assert (place, True) == (found, expected in message), message
    assert len(message) < 400
    assert count <= 1001
    assert took < SECONDS
