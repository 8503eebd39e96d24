"""A row of the log as its readers see it."""

from __future__ import annotations

import msgspec

from chronicle.event.canonical import Header
from chronicle.event.cursor import Cursor
from chronicle.event.model import LogDocument


class Record(msgspec.Struct, frozen=True, gc=False):
    """A header, its document and its place in the log.

    `first` is the position of the id's first version. `reported` is the last second at which the version counts as
    reported, None if undated (or if it is no event); `visible` is the first second from which `known` sees it: that of
    the report, or for what is undated that of the record.
    """

    position: int
    header: Header
    document: LogDocument
    first: int
    reported: int | None = None
    visible: int | None = None
    epoch: int = 1

    @property
    def cursor(self) -> Cursor:
        """Where a reader is that has read this record."""
        return Cursor(self.header.archive, self.epoch, self.position)
