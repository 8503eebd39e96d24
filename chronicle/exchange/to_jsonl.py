"""Records as JSON Lines documents: loaded into an empty archive, they make the same records again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chronicle.event.model import Redacted, Redaction
from chronicle.event.record import Record
from chronicle.exchange.documents import to_json_line


def to_jsonl(records: Iterable[Record]) -> Iterator[bytes]:
    """One line for each record, in the order given; nothing is kept. What is redacted, and redactions, are left out."""
    for record in records:
        if not isinstance(record.document, Redaction | Redacted):
            yield to_json_line(record.document, record.header.chronicle)
