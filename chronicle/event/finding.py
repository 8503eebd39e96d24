"""What a verification finds."""

from __future__ import annotations

from typing import NamedTuple

FINDINGS = (
    "database", "head", "missing", "order", "header", "payload", "redaction", "tree", "index", "answer",
    "signature", "shrunk", "fork",
)  # fmt: skip
"""What can be wrong: the database itself; the head row; a record that is not there; positions, times or versions out of
order; a header, a payload or a redaction that is not what was hashed; hashes of the tree; rows that are made from the
log; an answer kept for an idempotency key; a checkpoint's signature; a log that is shorter than a checkpoint; one that
is another than that of a checkpoint."""


class Finding(NamedTuple):
    """One thing that is wrong, and where; position 0 is of no single record."""

    position: int
    kind: str
    message: str

    def __str__(self) -> str:
        place = f"position {self.position}: " if self.position else ""
        return f"{place}{self.message} [{self.kind}]"
