"""What a log holds, as two logs can be compared; and files made of exports, to be loaded again."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from chronicle.event.canonical import canonical
from chronicle.service import Archive
from tests.builders import CHRONICLE, IN_MEMORY, Clock

Row = tuple[Any, ...]


def rows(archive: Archive) -> list[Row]:
    """Every record without its times, salt and hashes."""
    found = []
    for record in archive.follow(wait=False):
        header = record.header
        named = (record.position, header.chronicle, header.kind, header.id, header.version, header.type)
        found.append((*named, record.first, canonical(record.document)))
    return found


def exported(archive: Archive, to: str, **bounds: Any) -> bytes:
    """The whole of an export."""
    return b"".join(archive.export(to=to, **bounds).chunks)


@contextmanager
def an_empty_archive() -> Iterator[Archive]:
    """An archive that holds nothing."""
    with Archive.open(IN_MEMORY, recorded_by="another", now=Clock("2031-01-01")) as archive:
        yield archive


def load_text(archive: Archive, text: bytes, suffix: str = ".jsonl") -> list[str]:
    """Load a text as a file of its own, and say what became of each document."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"exported{suffix}"
        path.write_bytes(text)
        loaded = archive.load(str(path), chronicle=CHRONICLE)
    return [receipt.outcome for receipt in loaded.appended.receipts]
