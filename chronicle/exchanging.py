"""The exchanging part of the hall: events out in foreign formats, foreign files in as documents."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike, fspath
from pathlib import Path

from chronicle.asking import Asked, Question
from chronicle.errors import InputError, QuestionError, shown
from chronicle.event.draft import DocumentId
from chronicle.event.record import Record
from chronicle.event.validate import is_name
from chronicle.exchange.formats import EXPORTS, IMPORTS, JSONL, check_format
from chronicle.exchange.intake import Imported, Intake
from chronicle.exchange.selection import Export, Selection
from chronicle.exchange.to_jsonl import to_jsonl
from chronicle.files.content import LARGEST_YAML, read_text
from chronicle.files.place import printable
from chronicle.files.plain import SyntaxFault
from chronicle.files.walk import LINES, YAML
from chronicle.state.occurrence import Status, acts_of
from chronicle.store import read
from chronicle.store.archive import Store
from chronicle.store.standing import Events

PAGE = 500
"""How many records are in memory at a time while a log is exported."""


def export(store: Store, to: str, chronicle: str | None, question: Question, now: int) -> Export:
    """What a question selects in a format. Raises QuestionError, or UnknownError for a chronicle that is not there."""
    check_format("--to", to, (JSONL, *EXPORTS))
    if to == JSONL and not question.as_of is question.known is None:
        raise QuestionError("--to jsonl: is the log as it stands, so it takes a position and neither as_of nor known")
    with store.reading() as connection:
        asked = Asked(connection, question, now)
        if to != JSONL:
            recorded = read.recorded_at(connection, asked.horizon.position)
            made = EXPORTS[to](_selection(asked, chronicle, recorded))
            return Export(made.chunks, (*made.left_out, *_redacted(asked, chronicle)))
        if chronicle is not None:
            asked.require_chronicle(chronicle)
        return Export(to_jsonl(_records(store, asked.basis.position, chronicle)), _redacted(asked, chronicle))


def _selection(asked: Asked, chronicle: str | None, recorded: int) -> Selection:
    """What a foreign format is told: the events of `occurrences`, and of their standing what calendars can say."""
    occurrences, _ = asked.occurrences(Events(chronicle))
    statuses: dict[DocumentId, str] = {
        (one.record.header.chronicle, "event", one.event.id): "planned"
        for one in occurrences
        if one.status in (Status.PLANNED, Status.OVERDUE)
    }
    statuses |= {
        (one.record.header.chronicle, "event", plan): "cancelled"
        for one in occurrences
        if one.status in (Status.HAPPENED, Status.ONGOING)
        for plan, act in acts_of(one.event)
        if act == "cancels"
    }
    documents = {
        (one.header.chronicle, kind, one.header.id): one.document
        for kind in ("chronicle", "source", "entity", "attribute")
        for one in asked.documents(kind, chronicle, 0, None)
    }
    return Selection(chronicle, recorded, tuple(one.record for one in occurrences), documents, statuses)


def _redacted(asked: Asked, chronicle: str | None) -> tuple[tuple[DocumentId, str], ...]:
    """What cannot be exported any more."""
    return tuple((id, "redacted") for id in asked.basis.redacted if chronicle in (None, id[0]))  # noqa: A001


def _records(store: Store, position: int, chronicle: str | None) -> Iterator[Record]:
    """All records up to a position; page by page, for the log does not change and nobody should wait for a reader."""
    after = 0
    while True:
        with store.reading() as connection:
            page = read.records_after(connection, after, PAGE, until=position, chronicle=chronicle)
        if not page:
            return
        yield from page
        after = page[-1].position


def import_file(path: str | PathLike[str], *, from_: str, chronicle: str) -> Imported:
    """What a foreign file (timelinejs, ics, csv, wikidata) holds, as documents of a chronicle to look at and load.

    Its problems name each item that was left out (errors) or lost something (warnings). Raises QuestionError for an
    unknown format or what is no name of a chronicle, InputError, naming the place, for a file that is none of it.
    """
    check_format("--from", from_, IMPORTS)
    if not is_name(chronicle):
        raise QuestionError(f"--chronicle: {shown(chronicle)} is no name: letters, digits and . _ : ~ -")
    path = fspath(path)
    file = printable(path)
    if Path(path).is_dir():
        raise InputError(f"{file}: is a folder: name a file")
    try:
        text = read_text(path)
    except SyntaxFault as fault:
        place = ":".join(str(part) for part in (file, fault.line, fault.column) if part)
        raise InputError(f"{place}: {fault.message}") from None
    intake = Intake(file, chronicle)
    IMPORTS[from_](text, intake)
    return intake.done()


def written(imported: Imported, name: str | None) -> bytes:
    """The documents as the name of a file asks for them; without one, as YAML. Raises QuestionError."""
    if name is not None and name.endswith(LINES):
        return imported.as_jsonl()
    if name is not None and not name.endswith(YAML):
        raise QuestionError(f"--output: {shown(name)} must end in one of {', '.join(YAML + LINES)}, as load reads them")
    text = imported.as_yaml()
    if len(text) > LARGEST_YAML:
        raise QuestionError("--output: is more than one YAML file may hold: name a file that ends in .jsonl")
    return text
