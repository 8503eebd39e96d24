"""What is asked as requests, and what comes back as answers; both clients send these."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypedDict, TypeVar
from urllib.parse import quote

import msgspec

from chronicle.client import answers
from chronicle.client.calling import Parameters, Reply, Request
from chronicle.errors import InputError, QuestionError, StoreError
from chronicle.event.canonical import to_plain
from chronicle.event.value import written
from chronicle.feed.filter import Filter
from chronicle.proof.checkpoint import Checkpoint, open_note
from chronicle.proof.evidence import Consistency, Entries, Inclusion
from chronicle.proof.key import Verifier

T = TypeVar("T")

PAGE = 500
"""Records that a page of the log has at most."""

Documents = Iterable[Mapping[str, Any] | msgspec.Struct]
"""Documents as event files have them, or those of `event.model`. Numbers are int, Decimal or text."""

_encoder = msgspec.json.Encoder(decimal_format="number")


class Seen(TypedDict, total=False):
    """How far a question sees: dates are EDTF, read in `zone` to their ends; see DESIGN section 5."""

    known: str | None
    recorded: str | None
    position: int | None
    zone: str


class Bounds(Seen, total=False):
    """The same, and the date that is asked about."""

    as_of: str | None
    resolution: str | None


class Within(Bounds, total=False):
    """The same, within a chronicle; `dimensions` keeps the facts that have at least these."""

    chronicle: str | None
    dimensions: Mapping[str, str] | None


class Scope(Within, total=False):
    """The same, and which facts are asked about."""

    subject: str | None
    attribute: str | None


class Page(Bounds, total=False):
    """Bounds, and how much of the answer: `limit` rows, `after` those of the answer whose `next` it was.

    The parts are one answer if they have the same basis, named by its `position` and its dates.
    """

    after: str | None
    limit: int | None


class Series(Within, Page, total=False):
    """The same within a chronicle; of histories the rows are segments, and the last may go on in the next answer."""


class Part(Scope, Page, total=False):
    """Which facts are asked about, and how much of the answer."""


class Ordered(Bounds, total=False):
    """The same, and what is ordered of a report; see `reporting.Ordered`."""

    kind: str
    format: str
    lang: str | None
    since: str | None
    entity: Sequence[str]
    types: Sequence[str]
    tags: Sequence[str]
    from_: str | None
    to: str | None


@dataclass(frozen=True, slots=True)
class Ask(Generic[T]):
    """A request, and how its answer is read. `read` raises StoreError for what is no such answer."""

    request: Request
    read: Callable[[Reply], T]


def state(question: Part) -> Ask[answers.State]:
    """`Archive.state`."""
    return _get("/api/state", question, answers.State)


def history(subject: str, attribute: str, question: Mapping[str, Any]) -> Ask[answers.Histories]:
    """`Archive.history`."""
    return _get("/api/history", {**question, "subject": subject, "attribute": attribute}, answers.Histories)


def diff(before: str | Mapping[str, Any], after: str | Mapping[str, Any], question: Scope) -> Ask[answers.Diff]:
    """`Archive.diff`."""
    return _get("/api/diff", {**question, "from": _basis(before), "to": _basis(after)}, answers.Diff)


def events(chronicle: str | None, type_: str | None, question: Page) -> Ask[answers.Occurrences]:
    """`Archive.events`."""
    return _get("/api/events", {**question, "chronicle": chronicle, "type": type_}, answers.Occurrences)


def conflicts(question: Part) -> Ask[answers.Conflicts]:
    """`Archive.conflicts`."""
    return _get("/api/conflicts", question, answers.Conflicts)


def search(query: str, question: Mapping[str, Any]) -> Ask[answers.Hits]:
    """`Archive.search`."""
    return _get("/api/search", {**question, "q": query}, answers.Hits)


def show(id_: str, question: Mapping[str, Any]) -> Ask[answers.Versions]:
    """`Archive.show`, with its basis."""
    return _get("/api/show", {**question, "id": id_}, answers.Versions)


def documents(kind: str, question: Mapping[str, Any]) -> Ask[answers.Documents]:
    """`Archive.documents`, a page of them."""
    return _get(f"/api/documents/{_segment(kind)}", question, answers.Documents)


def report(chronicle: str, order: Ordered) -> Ask[str | bytes]:
    """`Archive.report`: text, or the bytes of a PDF or DOCX."""
    asked: dict[str, Any] = dict(order)
    for ours, theirs in (("types", "type"), ("tags", "tag"), ("from_", "from")):
        asked[theirs] = asked.pop(ours, None)
    return Ask(Request("GET", f"/api/report/{_segment(chronicle)}", _parameters(asked)), _text_or_bytes)


def log(after: int | str, wanted: Filter) -> Ask[answers.Page]:
    """A page of what is wanted of the log after a position or a cursor."""
    narrowed = {
        "chronicle": wanted.chronicles,
        "type": wanted.types,
        "entity": wanted.entities,
        "attribute": wanted.attributes,
        "tag": wanted.tags,
        "from": wanted.since,
        "to": wanted.until,
    }
    return _get("/api/log", {"after": after, "limit": PAGE, **narrowed}, answers.Page)


def entries(after: int | str, most: int) -> Ask[Entries]:
    """`Archive.entries`."""
    return _get("/api/entries", {"after": after, "limit": most}, Entries)


def append(
    documents: Documents, chronicle: str | None, expected: int | Mapping[str, int] | None, key: str | None
) -> Ask[answers.Appended]:
    """`Archive.append`. Without a key of the caller's one is drawn, so that a second try appends nothing twice."""
    body = {"documents": [_document(one) for one in documents], "chronicle": chronicle, "expected": expected}
    key = secrets.token_hex(16) if key is None else key
    if not key or not all(32 < ord(letter) < 127 for letter in key) or len(key) > 200:
        raise QuestionError("an idempotency key is made of 1 to 200 characters of ASCII, without spaces")
    try:
        encoded = _encoder.encode(body)
    except (TypeError, ValueError, OverflowError) as error:
        raise QuestionError(f"append: the documents cannot be sent: {error}") from error
    headers = {"content-type": "application/json", "idempotency-key": key}
    return Ask(Request("POST", "/api/append", (), headers, encoded), _reader(answers.Appended))


def prove(id_: str, chronicle: str | None, version: int | None) -> Ask[Inclusion]:
    """`Archive.prove`."""
    return _get("/api/prove", {"id": id_, "chronicle": chronicle, "version": version}, Inclusion)


def prove_since(size: int) -> Ask[Consistency]:
    """`Archive.prove_since`."""
    return _get("/api/prove", {"since": size}, Consistency)


def checkpoint(verifiers: Sequence[Verifier]) -> Ask[tuple[Checkpoint, str]]:
    """`Archive.checkpoint`, and its note; signed by one of the verifiers, where any is named."""

    def opened(reply: Reply) -> tuple[Checkpoint, str]:
        note = _text(reply)
        return (open_note(note, verifiers) if verifiers else _unverified(note)), note

    return Ask(Request("GET", "/api/checkpoint"), opened)


def _get(path: str, question: Mapping[str, Any], kind: type[T]) -> Ask[T]:
    return Ask(Request("GET", path, _parameters(question)), _reader(kind))


def _reader(kind: type[T]) -> Callable[[Reply], T]:
    def read(reply: Reply) -> T:
        try:
            return msgspec.json.decode(reply.body, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise StoreError(
                f"the server's answer cannot be read: {error}: is it a Chronicle of this release?"
            ) from None

    return read


def _parameters(question: Mapping[str, Any]) -> Parameters:
    """Names and values in the order of names; what is None is left out, and a list is said one by one."""
    found: list[tuple[str, str]] = []
    for name, value in sorted(question.items()):
        if name == "dimensions":
            found += (("dimension", f"{key}={one}") for key, one in sorted((value or {}).items()))
        elif isinstance(value, str | int):
            found.append((name, str(value)))
        elif value is not None:
            found += ((name, str(one)) for one in value)
    return tuple(found)


def _basis(basis: str | Mapping[str, Any]) -> str:
    """A basis as the server reads it. Raises QuestionError for one that cannot be said so."""
    if isinstance(basis, str):
        return basis
    said = {name: str(value) for name, value in basis.items() if value is not None}
    if not said or any("," in value for value in said.values()):
        raise QuestionError("a basis is a date, or bounds without commas in them")
    return ",".join(f"{name}={value}" for name, value in said.items())


def _document(document: Mapping[str, Any] | msgspec.Struct) -> Any:
    return written(to_plain(document)) if isinstance(document, msgspec.Struct) else document


def _segment(text: str) -> str:
    """A part of a path; a name that is only dots would be taken for a folder above."""
    if not text.strip("."):
        raise QuestionError("a name is needed here: letters, digits and . _ : ~ -")
    return quote(text, safe="")


def _text(reply: Reply) -> str:
    try:
        return reply.body.decode()
    except UnicodeDecodeError:
        raise StoreError("the server's answer is no text") from None


def _text_or_bytes(reply: Reply) -> str | bytes:
    kind = reply.headers.get("content-type", "").partition(";")[0]
    is_text = kind.startswith("text/") or kind.endswith("json")
    return _text(reply) if is_text else reply.body


def _unverified(note: str) -> Checkpoint:
    text, found, _ = note.partition("\n\n")
    if not found:
        raise InputError("this is no signed note: a blank line and signatures are missing")
    return Checkpoint.parse(f"{text}\n")
