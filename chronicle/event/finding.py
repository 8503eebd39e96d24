"""What a verification finds."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One thing that is wrong, and where; position 0 is of no single record.

    `kind` says what: `database` (its own pages), `head`, `missing` (a record), `order` (of positions, times, versions),
    `header`, `payload`, `redaction`, `tree` (a hash), `index` (a row made from the log), `answer` (to an idempotency
    key), `signature`, `shrunk` (shorter than a checkpoint), `fork` (another log than that of a checkpoint).
    """

    position: int
    kind: str
    message: str

    def __str__(self) -> str:
        place = f"position {self.position}: " if self.position else ""
        return f"{place}{self.message} [{self.kind}]"
