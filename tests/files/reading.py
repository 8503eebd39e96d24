"""Texts to what is read from them."""

from __future__ import annotations

import re
from pathlib import Path

from chronicle.errors import Problem
from chronicle.event.canonical import canonical
from chronicle.files.folder import Reading, read_paths

CURATED = Path(__file__).parents[2] / "events" / "azerbaijan-us"
SOUND = "id: e\ntype: any.thing\noccurred: 2020\ntitle: T\nsources: [{source: s}]\n"
"""An event in YAML of five lines, to which a test adds what it is about."""
SOUND_JSON = '{"id":"e","type":"any.thing","occurred":"2020","title":"T","sources":[{"source":"s"}]'
"""The same in JSON, without its closing brace."""

Told = list[tuple[int, int, str]]


def write(folder: Path, text: str | bytes, name: str = "x.yaml") -> str:
    """Write a file and give its path."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def read(folder: Path, text: str | bytes, name: str = "x.yaml") -> Reading:
    """What is read from one file."""
    return read_paths([write(folder, text, name)], "c")


def as_json_lines(folder: Path) -> list[bytes]:
    """The documents of a folder, each a line of JSON with its kind and its numbers as numbers."""
    return [
        b'{"kind":"%s",%s'
        % (draft.document.kind.encode(), re.sub(rb'\{"\$number":"([^"]*)"\}', rb"\1", canonical(draft.document)[1:]))
        for draft in read_paths([str(folder)]).drafts
    ]


def places(problems: list[Problem]) -> Told:
    """Problems as (line, column, code)."""
    return [(problem.line, problem.column, problem.code) for problem in problems]
