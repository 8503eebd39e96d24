"""Records as events of CloudEvents 1.0 (cloudevents.io, structured mode), for whoever is sent them."""

from __future__ import annotations

import msgspec

from chronicle.event.record import Record
from chronicle.state.answer import record_json, recorded_text

CONTENT_TYPE = "application/cloudevents+json"


def envelope(record: Record) -> bytes:
    """One JSON document: the record as `data`, and around it what routers and consumers look at.

    `id` is the record's cursor: it is unique, stays the same however often the record is sent, and says where to go on.
    `sequence` is the position, padded so that it sorts as text (extension "sequence"; without its `sequencetype`, whose
    Integer has 32 bits).
    """
    header = record.header
    kind = header.kind if header.type is None else f"{header.kind}.{header.type}"
    told = {
        "specversion": "1.0",
        "id": record.cursor.text,
        "source": f"urn:chronicle:{header.archive}",
        "type": f"chronicle.{kind}",
        "subject": f"{header.chronicle}/{header.kind}/{header.id}",
        "time": recorded_text(header.recorded),
        "sequence": f"{record.position:020d}",
        "datacontenttype": "application/json",
        "data": record_json(record),
    }
    return msgspec.json.encode(told)
