"""Ten thousand damaged files: each gives drafts or problems within a second, and what is refused moves no log."""

from __future__ import annotations

import random
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from chronicle.errors import InputError
from chronicle.event.canonical import canonical, decode
from chronicle.files.check import check
from chronicle.service import Archive
from tests.builders import IN_MEMORY
from tests.files.reading import CURATED, as_json_lines

CHUNKS = 40
EACH = 250
SECONDS = 1.0

YAML = [path.read_bytes() for path in sorted(CURATED.glob("*.yaml"))]
JSON = [line + b"\n" for line in as_json_lines(CURATED)]
Mutate = Callable[[random.Random, bytes, bytes], bytes]


def spot(chance: random.Random, content: bytes) -> int:
    """Somewhere in the content, its end included."""
    return chance.randint(0, len(content))


def flip(chance: random.Random, content: bytes, _: bytes) -> bytes:
    """Some bits of some bytes are turned."""
    damaged = bytearray(content or b"x")
    for _count in range(chance.randint(1, 4)):
        damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def delete(chance: random.Random, content: bytes, _: bytes) -> bytes:
    """A piece is gone."""
    at = spot(chance, content)
    return content[:at] + content[at + chance.randint(1, 40) :]


def insert(chance: random.Random, content: bytes, _: bytes) -> bytes:
    """Some bytes too many, of those that mean something or of any."""
    pieces = [b"\t", b": ", b"- ", b"&a ", b"*a", b"!!x ", b"[", b"}", b"|", b"'", b'"', b"#", b"%", b"\r", b"\x00"]
    pieces += [
        b"\xff",
        b"\xc2\x85",
        b"\xe2\x80\xa8",
        b"\xef\xbb\xbf",
        b"\n---\n",
        b"\n...\n",
        b"\\ud800",
        b"1e400",
        b"NaN",
    ]
    at = spot(chance, content)
    return content[:at] + chance.choice([*pieces, chance.randbytes(chance.randint(1, 8))]) + content[at:]


def duplicate(chance: random.Random, content: bytes, _: bytes) -> bytes:
    """A piece stands twice."""
    at = spot(chance, content)
    piece = content[at : at + chance.randint(1, 400)]
    return content[:at] + piece + content[at:]


def swap(chance: random.Random, content: bytes, _: bytes) -> bytes:
    """Two lines have changed places."""
    lines = content.splitlines(keepends=True) or [b""]
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def splice(chance: random.Random, content: bytes, other: bytes) -> bytes:
    """The beginning of one file and the end of another."""
    return content[: spot(chance, content)] + other[spot(chance, other) :]


def truncate(chance: random.Random, content: bytes, _: bytes) -> bytes:
    """The end is gone."""
    return content[: spot(chance, content)]


MUTATIONS: list[Mutate] = [flip, delete, insert, duplicate, swap, splice, truncate]


def mutant(seed: int) -> tuple[str, bytes]:
    """The name and content of a damaged file; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - it has to be the same every time
    name, originals = chance.choice([("x.yaml", YAML), ("x.yaml", YAML), ("x.jsonl", JSON)])
    content = chance.choice(originals)
    if name == "x.jsonl":
        content += chance.choice(originals)
    for _ in range(chance.choice([1, 1, 1, 2, 4])):
        content = chance.choice(MUTATIONS)(chance, content, chance.choice(originals))
    return name, content


@contextmanager
def in_time(seed: int) -> Iterator[None]:
    """Fail after a second of this process's time, also in the middle of a loop without end."""

    def late(_signal: int, _frame: Any) -> None:
        raise AssertionError(f"seed {seed} takes longer than {SECONDS} s")

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    began = time.process_time()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    assert time.process_time() - began < SECONDS, seed


def rows(archive: Archive) -> bytes:
    """The database in memory as it would be on disk: every row of every table, and every page."""
    with archive._store.reading() as connection:  # noqa: SLF001 - nothing but the database itself tells its pages
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        return bytes(driver.serialize())


@pytest.fixture
def archive() -> Iterator[Archive]:
    """A real archive with the curated chronicle in it."""
    with Archive.open(IN_MEMORY, recorded_by="tester") as opened:
        opened.load(str(CURATED))
        yield opened


@pytest.mark.skipif(sys.platform == "win32", reason="has no interval timers")
@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_damaged_files(tmp_path: Path, archive: Archive, chunk: int) -> None:
    """Check tells problems that have a place; load takes the file or refuses it, and then the log is as it was."""
    folder = tmp_path / "azerbaijan-us"
    folder.mkdir()
    before, taken = rows(archive), 0
    for seed in range(chunk * EACH, (chunk + 1) * EACH):
        name, content = mutant(seed)
        path = folder / name
        path.write_bytes(content)
        with in_time(seed):
            problems = check([str(path)])
        for problem in problems:
            assert problem.line > 0 < problem.column or problem.code == "empty", seed
            assert problem.message.isprintable(), seed
        with in_time(seed):
            is_refused = refused(archive, path)
        if is_refused:
            assert before == rows(archive), seed
        else:
            before, taken = rows(archive), taken + 1
        path.unlink()
    assert 0 < taken < EACH


def refused(archive: Archive, path: Path) -> bool:
    """Whether a load refuses the file, and nothing but InputError comes of it."""
    try:
        receipts = archive.load(str(path)).appended.receipts
    except InputError:
        return True
    for receipt in receipts:
        last = archive.show(receipt.id, chronicle=receipt.chronicle)[-1]
        payload = canonical(last.document)
        assert payload == canonical(decode(last.header.kind, payload))
    return False
