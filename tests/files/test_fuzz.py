"""Whatever is in a file, it gives drafts or problems, and never any other exception."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from chronicle.event.canonical import canonical, decode
from chronicle.files.check import check
from chronicle.files.folder import read_paths
from chronicle.files.mapping import read_mappings
from tests.files.reading import CURATED, SOUND, SOUND_JSON, as_json_lines, write

TEXTS = [path.read_bytes() for path in sorted(CURATED.glob("*.yaml"))]
EXPORTED = as_json_lines(CURATED)
PIECES = (
    "\t|&a |*a|!!x |[|{|]|}|: |- |\n|\"|'|~|? |> |%|@|`|---\n|...\n|ə|\u2028|\x85|\ufeff|..|unknown|1e400|NaN|"
    'true|null|holds: |value: |retracted: true\n|kind: source\n|\r|from: |until: |period: |\x00|\\ud800|\\"'
).encode()
SNIPPETS = st.one_of(st.binary(max_size=4), st.sampled_from(PIECES.split(b"|")))
MUTATIONS = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), SNIPPETS), min_size=1, max_size=4)
FIELDS = """kind id type occurred title facts subject attribute value amount unit low high entity qualifier dimensions
    labels label sources source participants role related event relation period at from until through due holds
    retracted cardinality measures resolution share_of part whole url published tags chronicle"""
NAMES = st.one_of(st.sampled_from(FIELDS.split()), st.text(max_size=4))
WORDS = ["event", "entity", "attribute", "1994", "..", "unknown", "a - at `$.x`", "\ud800", "\x00", "one"]
PLAIN = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(WORDS)),
    lambda items: st.one_of(st.lists(items, max_size=3), st.dictionaries(NAMES, items, max_size=5)),
    max_leaves=12,
)


def mutated(content: bytes, mutations: list[tuple[float, int, bytes]]) -> bytes:
    """Content with some pieces replaced by others."""
    for where, length, snippet in mutations:
        at = round(where * len(content))
        content = content[:at] + snippet + content[at + length :]
    return content


def holds(content: bytes, name: str) -> None:
    """Reading and checking give drafts that have a canonical form, or problems that have a place and can be printed."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), content, name)
        reading = read_paths([path], "c")
        checked = check([path], "c")
    assert reading.drafts or reading.problems
    for draft in reading.drafts:
        payload = canonical(draft.document)
        assert payload == canonical(decode(draft.document.kind, payload))
    for problem in (*reading.problems, *checked):
        assert problem.line > 0 < problem.column or problem.code == "empty"
        assert problem.message.isprintable()


@given(content=st.binary())
@example(b"")
@example(b"\xef\xbb\xbf")
@example(b"\x00")
@example(b"- - - -\n")
def test_bytes_as_yaml(content: bytes) -> None:
    """Any bytes can be read as YAML."""
    holds(content, "x.yaml")


@given(content=st.binary())
@example(b"\n\x0c\n")
@example(b'"\\ud800"')
def test_bytes_as_json(content: bytes) -> None:
    """Any bytes can be read as JSON Lines."""
    holds(content, "x.jsonl")


@given(content=st.sampled_from(TEXTS), mutations=MUTATIONS)
@settings(max_examples=300)
def test_mutated_yaml(content: bytes, mutations: list[tuple[float, int, bytes]]) -> None:
    """So can curated files with anything done to them."""
    holds(mutated(content, mutations), "x.yaml")


@given(content=st.sampled_from(EXPORTED), mutations=MUTATIONS)
@settings(max_examples=300)
def test_mutated_json(content: bytes, mutations: list[tuple[float, int, bytes]]) -> None:
    """And their documents as lines of JSON."""
    holds(mutated(content, mutations), "x.jsonl")


@given(more=st.dictionaries(NAMES, PLAIN, max_size=4))
@settings(max_examples=300)
@example({"kind": ["event"]})
@example({"kind": 5})
@example({"facts": [{"subject": "a", "attribute": "b", "value": {"entity": "\ud800"}}]})
@example({"kind": "attribute", "cardinality": "\ud800"})
@example({"x` - at `$.facts[0].a": "b"})
@example({"labels": {"q": {"x": "1"}}, "x` - at `$.labels.q": "1"})
def test_fields(more: dict[str, Any]) -> None:
    """Any fields can be given, in a file and by a program."""
    holds(json.dumps({**json.loads(SOUND_JSON + "}"), **more}).encode(), "x.jsonl")
    reading = read_mappings([more], "c")
    assert reading.drafts or reading.problems


@given(text=st.text(max_size=40))
@example("\x85")
@example("\u2028a: b")
def test_any_field_of_yaml(text: str) -> None:
    """Any text can stand as a field of a sound event."""
    holds(f"{SOUND}note: {text}\n".encode(errors="replace"), "x.yaml")
