"""The manifest of a folder of segments: which files there are, what is in them, and of which log they are."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from chronicle.errors import InputError

SPAN = 100_000
"""How many positions a full segment has; none crosses a multiple of it."""

SMALL = 10
"""How many segments the tail of a log may be in before they are written again as one."""

Range = tuple[int, int]
"""The first and the last position of a segment."""

_FILE = re.compile(r"(events|facts|revisions)/[0-9]{12,19}-[0-9]{12,19}-[0-9a-f]{16}\.parquet", re.ASCII)


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file, relative to the folder, of which nothing changes any more."""

    file: str
    rows: int
    bytes: int
    sha256: str


class Segment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the records from `first` to `last` say: of revisions, those that these records made."""

    first: int
    last: int
    events: Table
    facts: Table
    revisions: Table

    @property
    def range(self) -> Range:
        """The positions."""
        return self.first, self.last

    @property
    def tables(self) -> tuple[Table, Table, Table]:
        """Its files, in the order of `rows.TABLES`."""
        return self.events, self.facts, self.revisions


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All segments, one after another from position 1 to `position`, and the root (RFC 6962) of the log there, in hex.

    What was redacted up to that position is in none of them.
    """

    format: int
    archive: str
    epoch: int
    position: int
    root: str
    segments: list[Segment]

    def encode(self) -> bytes:
        """As JSON."""
        return msgspec.json.format(msgspec.json.encode(self), indent=1) + b"\n"

    def files(self, table: str) -> list[Table]:
        """The files of one of the tables, in the order of positions."""
        found: list[Table] = [getattr(one, table) for one in self.segments]
        return found


def read_manifest(content: bytes) -> Manifest:
    """The manifest of a file's content. Raises InputError for what cannot be one of ours."""
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except (msgspec.DecodeError, RecursionError) as error:
        raise InputError(f"manifest.json cannot be read: {error}") from None
    ends = [0, *(one.last for one in manifest.segments)]
    follows = all(
        before < one.first == before + 1 <= one.last for before, one in zip(ends, manifest.segments, strict=False)
    )
    named = all(_FILE.fullmatch(table.file) for one in manifest.segments for table in one.tables)
    if manifest.format != 1 or not follows or ends[-1] != manifest.position or not named:
        raise InputError("manifest.json is not one that this program has written: seal into a new folder")
    return manifest


def is_ours(file: str) -> bool:
    """A file, relative to the folder, has the name of a table."""
    return _FILE.fullmatch(file) is not None


def ranges(there: Sequence[Range], position: int) -> list[Range]:
    """The segments that a log of so many positions is to have, where those of a shorter one are there.

    Full ones never change. The tail grows by small ones, which become one when they are many or it is full.
    """
    wanted: list[Range] = []
    for begin in range(0, position, SPAN):
        end = min(begin + SPAN, position)
        tail = [one for one in there if begin < one[0] <= end]
        done = tail[-1][1] if tail else begin
        if end == begin + SPAN or (done < end and len(tail) >= SMALL):
            tail, done = [], begin
        wanted += [*tail, *([(done + 1, end)] if done < end else [])]
    return wanted
