"""The sealing part of the hall: the log as columns in a folder of segments."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from chronicle.errors import ChronicleError, ConflictError, QuestionError, StoreError
from chronicle.event.canonical import decode
from chronicle.event.model import Event, Retraction
from chronicle.event.tree import root
from chronicle.files.whole import whole_file
from chronicle.lake.folder import Folder
from chronicle.lake.manifest import Manifest, Range, Segment, ranges
from chronicle.lake.rows import EVENTS, FACTS, Revision, Version
from chronicle.store import dialect, sealed, tree
from chronicle.store.archive import Store
from chronicle.store.head import Head, read_head

PAGE = 1_000
"""How many positions are read at a time."""

FORMAT = 1
"""Of the manifest and of the columns: another one is another folder."""

HOST = socket.gethostname()

Tell = Callable[[int, int], None]
Files = Mapping[str, Sequence[Path]]


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a folder holds now: up to which position, in which segments, and how many of them are new.

    The remark says what is to be done because the archive could not note where the folder is.
    """

    position: int
    segments: int
    written: int
    events: int
    facts: int
    remark: str | None = None

    def as_json(self) -> dict[str, object]:
        """The document that `seal --json` prints; a remark is for people."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "remark"}


def seal(store: Store, path: Path, *, check: bool = False, tell: Tell | None = None) -> Sealed:
    """Bring a folder up to the head of the log, and remember it, so that redactions reach it.

    A segment that holds something that was redacted since, or of which a file is damaged, is written anew; `check`
    reads all files to find those. `tell` gets how many positions are done, and of how many. Raises QuestionError for an
    empty log and for a folder of something else, ConflictError for a folder of another log, MissingExtraError without
    pyarrow.
    """
    folder = Folder(path, _write)
    written = 0
    while True:
        before = _comparable(store, folder)
        with folder.locked():
            done = _seal(store, folder, before, check=check, tell=tell)
            written += done.written
            remark = _remembered(store, path)
            with store.reading() as connection:
                is_clean = sealed.last_redaction(connection) <= done.position
        if is_clean:  # else something was redacted meanwhile, and by whom could not seal for us
            return replace(done, written=written, remark=remark)


def _comparable(store: Store, folder: Folder) -> Manifest | None:
    """What was sealed into a folder, of this log. Raises as `seal`."""
    with store.reading() as connection:
        head = read_head(connection)
        before = folder.manifest()
        if before is not None:
            _require_same(connection, head, before, folder.path)
    if not head.position:
        raise QuestionError("the log is empty: there is nothing to seal")
    return before


def _seal(store: Store, folder: Folder, before: Manifest | None, *, check: bool, tell: Tell | None) -> Sealed:
    if folder.manifest() != before:
        raise StoreError(f"{folder.path}: another process has sealed into it meanwhile: try again")
    with store.reading() as connection:
        head = read_head(connection)
        hashed = _root(connection, head.position)
        gone = set() if before is None else set(sealed.redacted_after(connection, before.position))
    there = [] if before is None else before.segments
    kept = {one.range: one for one in there if folder.is_sound(one, read=check) and not _holds(folder, one, gone)}
    segments = list[Segment]()
    for of in ranges([one.range for one in there], head.position):
        segments.append(kept.get(of) or _segment(store, folder, of))
        if tell is not None:
            tell(of[1], head.position)
    manifest = Manifest(FORMAT, head.archive, head.epoch, head.position, hashed, segments)
    folder.take(manifest)
    events, facts = (sum(one.rows for one in manifest.files(table)) for table in (EVENTS, FACTS))
    return Sealed(head.position, len(segments), sum(one not in kept.values() for one in segments), events, facts)


def _remembered(store: Store, path: Path) -> str | None:
    """Note where is sealed; what to do where that cannot be noted."""
    try:
        with store.reading() as connection:
            if (HOST, str(path.absolute())) in sealed.folders(connection):
                return None
        with store.writing() as engine, engine.begin() as connection:
            sealed.note_folder(connection, HOST, str(path.absolute()))
    except UnicodeEncodeError:
        return f"the path of {path!a} is no text, so that redactions cannot find it: seal again after each"
    except StoreError as error:
        if not dialect.cannot_write(error.__cause__):
            raise
        return f"the archive cannot note where {path} is, so that redactions do not reach it: seal again after each"
    return None


def cleaned(store: Store, positions: Sequence[int]) -> list[str]:
    """Take what was redacted out of all folders that were sealed into: remarks on those where that is still to be done.

    Where a folder cannot be sealed anew, the files that may hold what stood at the positions are removed.
    """
    with store.reading() as connection:
        found = sealed.folders(connection)
        archive = read_head(connection).archive
    remarks = []
    for host, name in found:
        if host != HOST:
            remarks.append(f"{name} on {host} may hold what was sealed: run chronicle seal there")
            continue
        folder = Folder(Path(name), _write)
        try:
            manifest = folder.manifest()
            if manifest is None and Path(name).exists():
                continue  # whoever is sealing into it looks again before it ends
            if manifest is None or manifest.archive != archive:
                with store.writing() as engine, engine.begin() as connection:
                    sealed.forget_folder(connection, host, name)
                continue
        except ChronicleError as error:
            remarks.append(f"{error}: look whether {name} holds what was sealed")
            continue
        try:
            seal(store, Path(name))
        except ChronicleError as error:
            remarks.append(f"{error}: {_withdrawn(folder, positions)}")
    return remarks


def _withdrawn(folder: Folder, positions: Sequence[int]) -> str:
    again = f"run chronicle seal {folder.path}"
    try:
        manifest = folder.manifest()
        if manifest is not None:
            folder.withdraw(manifest, positions)
    except ChronicleError as error:
        return f"{error}: the content is still in {folder.path}: {again}"
    return f"the files that held the content are removed: {again}"


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
