"""The sealing part of the hall: the log as columns in a folder of segments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from chronicle.errors import ConflictError, QuestionError, StoreError
from chronicle.event.canonical import decode
from chronicle.event.model import Event, Retraction
from chronicle.event.tree import root
from chronicle.files.whole import whole_file
from chronicle.lake.folder import Folder
from chronicle.lake.manifest import Manifest, Range, Segment, ranges
from chronicle.lake.rows import EVENTS, FACTS, Revision, Version
from chronicle.store import sealed, tree
from chronicle.store.archive import Store
from chronicle.store.head import Head, read_head

PAGE = 1_000
"""How many positions are read at a time."""

FORMAT = 1
"""Of the manifest and of the columns: another one is another folder."""

Tell = Callable[[int, int], None]
Files = Mapping[str, Sequence[Path]]


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a folder holds now: up to which position, in which segments, and how many of them are new."""

    position: int
    segments: int
    written: int
    events: int
    facts: int

    def as_json(self) -> dict[str, object]:
        """The document that `seal --json` prints."""
        return {name: getattr(self, name) for name in self.__slots__}


def seal(store: Store, path: Path, *, check: bool = False, tell: Tell | None = None) -> Sealed:
    """Bring a folder up to the head of the log.

    A segment that holds something that was redacted since, or of which a file is damaged, is written anew; `check`
    reads all files to find those. `tell` gets how many positions are done, and of how many. Raises QuestionError for an
    empty log and for a folder of something else, ConflictError for a folder of another log, MissingExtraError without
    pyarrow.
    """
    folder = Folder(path, _write)
    with store.reading() as connection:
        head = read_head(connection)
        hashed = _root(connection, head.position)
        before = folder.manifest()
        gone: set[int] = set()
        if before is not None:
            _require_same(connection, head, before, path)
            gone = set(sealed.redacted_after(connection, before.position))
    if not head.position:
        raise QuestionError("the log is empty: there is nothing to seal")
    with folder.locked():
        if folder.manifest() != before:
            raise StoreError(f"{path}: another process has sealed into it meanwhile: try again")
        there = [] if before is None else before.segments
        kept = {one.range: one for one in there if folder.is_sound(one, read=check) and not _holds(folder, one, gone)}
        segments = list[Segment]()
        for of in ranges([one.range for one in there], head.position):
            segments.append(kept.get(of) or _segment(store, folder, of))
            if tell is not None:
                tell(of[1], head.position)
        manifest = Manifest(FORMAT, head.archive, head.epoch, head.position, hashed, segments)
        folder.take(manifest)
    rows = {table: sum(one.rows for one in manifest.files(table)) for table in (EVENTS, FACTS)}
    return Sealed(head.position, len(segments), sum(one not in kept.values() for one in segments), **rows)


def opened(connection: Any, path: Path, position: int | None = None) -> tuple[Manifest, Files]:
    """What was sealed into a folder, and its files by table, where they can be asked of the log.

    Raises QuestionError for a folder that ends before a position, or may hold what was redacted since, ConflictError
    for one of another log, StoreError for one that is damaged.
    """
    folder = Folder(path, _write)
    manifest = folder.manifest()
    if manifest is None:
        raise QuestionError(f"--sealed: nothing was sealed into {path}: run chronicle seal")
    _require_same(connection, read_head(connection), manifest, path)
    if position is not None and manifest.position < position:
        raise QuestionError(
            f"--sealed: {path} ends at position {manifest.position}, and {position} is asked about: seal again"
        )
    if sealed.last_redaction(connection) > manifest.position:
        raise QuestionError(f"--sealed: {path} may hold what was redacted since: seal again")
    return manifest, folder.files(manifest)


def _segment(store: Store, folder: Folder, of: Range) -> Segment:
    first, last = of
    with store.reading() as connection:
        pages = sealed.versions(connection, first - 1, last, step=PAGE)
        later = sealed.revisions(connection, first - 1, last)
        return folder.write(of, map(_versions, pages), (Revision(*one) for one in later))


def _versions(rows: list[sealed.VersionRow]) -> list[Version]:
    return [Version._make((*row[:-1], _document(row[0], row[-1]))) for row in rows]


def _document(position: int, payload: bytes) -> Event | Retraction:
    try:
        document = decode("event", payload)
    except (ValueError, TypeError, KeyError, AttributeError, msgspec.ValidationError) as error:
        raise StoreError(f"the content of position {position} cannot be read: run chronicle verify") from error
    assert isinstance(document, Event | Retraction), "decoded as an event"
    return document


def _holds(folder: Folder, segment: Segment, positions: set[int]) -> bool:
    """A segment has something of what stood at some positions."""
    if not positions:
        return False
    return any(segment.first <= one <= segment.last for one in positions) or bool(folder.revised(segment) & positions)


def _require_same(connection: Any, head: Head, manifest: Manifest, path: Path) -> None:
    """The log goes on from what was sealed. Raises ConflictError."""
    same = manifest.archive == head.archive and manifest.position <= head.position
    if not same or _root(connection, manifest.position) != manifest.root:
        message = f"{path} holds the segments of another log, or of one that has lost records since: name a new folder"
        raise ConflictError("foreign-log", message)


def _root(connection: Any, position: int) -> str:
    return root(position, partial(tree.tile, connection)).hex()


def _write(path: Path, content: bytes) -> None:
    with whole_file(str(path)) as file:
        file.write(content)
