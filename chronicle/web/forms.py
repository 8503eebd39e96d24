"""How records are written for whoever follows the log: as `show` has them, or as events of CloudEvents."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from chronicle.errors import QuestionError, near, shown
from chronicle.event.record import Record
from chronicle.feed.envelope import envelope
from chronicle.state.answer import record_json

_LINE_ENDS = re.compile(rb"\r\n|\r|\n")


class Form(NamedTuple):
    """How one record is written, and what stands before, between and after several of them."""

    name: str
    media_type: str
    write: Callable[[Record], bytes]
    opening: bytes = b"["
    between: bytes = b","
    closing: bytes = b"]"

    def together(self, written: Iterable[bytes]) -> bytes:
        """Records that are written already, as one body."""
        return self.opening + self.between.join(written) + self.closing


def with_cursor(record: Record) -> bytes:
    """A record as `show` has it, and where a reader is that has read it."""
    return msgspec.json.encode({**record_json(record), "cursor": record.cursor.text})


RECORDS = Form("records", "application/json", with_cursor)
BATCH = Form("cloudevents", "application/cloudevents-batch+json", envelope)
LINES = Form("cloudevents-lines", "application/x-ndjson", lambda record: envelope(record) + b"\n", b"", b"", b"")

FORMS = {one.name: one for one in (RECORDS, BATCH, LINES)}


def form_of(name: str) -> Form:
    """The form of a name. Raises QuestionError."""
    if name not in FORMS:
        raise QuestionError(f"format: {shown(name)} is none of {', '.join(FORMS)}{near(name, FORMS)}")
    return FORMS[name]


class Line:
    """A record that many are sent; it is written once in each form that any of them wants."""

    __slots__ = ("_events", "_written", "record")

    def __init__(self, record: Record) -> None:
        self.record = record
        self._written: dict[str, bytes] = {}
        self._events: dict[str, bytes] = {}

    def written(self, form: Form) -> bytes:
        """The record in a form."""
        found = self._written.get(form.name)
        if found is None:
            found = self._written[form.name] = form.write(self.record)
        return found

    def event(self, form: Form) -> bytes:
        """The record in a form as a server-sent event, whose id is its cursor."""
        found = self._events.get(form.name)
        if found is None:
            cursor = self.record.cursor.text.encode()
            found = self._events[form.name] = b"id: %b\n%b\n" % (cursor, data_lines(self.written(form)))
        return found


def data_lines(content: bytes) -> bytes:
    """Content as the `data` of a server-sent event: no line end in it can begin a field or an event of its own."""
    if b"\n" not in content and b"\r" not in content:
        return b"data:" + content + b"\n"
    return b"".join(b"data:" + line + b"\n" for line in _LINE_ENDS.split(content))
