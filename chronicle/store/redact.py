"""Take the content of an id out of the log, physically; its headers stay, and with them every proof."""

from __future__ import annotations

import secrets
import unicodedata

import msgspec
from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from chronicle.errors import QuestionError, UnknownError
from chronicle.event.canonical import SALT_BYTES, canonical
from chronicle.event.draft import DocumentId
from chronicle.event.model import Redaction
from chronicle.store import bounds, dialect, full_text
from chronicle.store.extents import lanes_at, make_again
from chronicle.store.head import Require, read_head, write_head
from chronicle.store.schema import (
    bound,
    citation,
    extent,
    fact,
    occurrence,
    payload,
    projected,
    record,
    redacted,
    report,
    version,
    words,
)
from chronicle.store.sight import Sight
from chronicle.store.tree import grow
from chronicle.store.versions import Receipt
from chronicle.store.writing import Writing

LONGEST_REASON = 500

REDACTABLE = ("event", "source", "entity")

WITHOUT_CONTENT = (payload, fact, citation, occurrence, report, words)
"""The tables that tell what a document says."""

FORGOTTEN = (*WITHOUT_CONTENT, extent, bound, projected)
"""The tables that something is taken out of."""


def redaction(kind: str, name: str, reason: str) -> Redaction:
    """The document of a redaction. Raises QuestionError for a kind that cannot be redacted, or a bad reason."""
    if kind not in REDACTABLE:
        raise QuestionError(f"{kind} {name} cannot be redacted, for the facts of others are read by it: correct it")
    if not reason.strip() or len(reason) > LONGEST_REASON or not reason.isprintable():
        raise QuestionError(f"--reason: say in one line of at most {LONGEST_REASON} characters why it must go")
    plain = {"id": name, "of": kind, "reason": unicodedata.normalize("NFC", reason.strip())}
    return msgspec.convert(plain, type=Redaction)


def redact(
    writer: Engine,
    id: DocumentId,  # noqa: A002
    reason: str,
    now: int,
    recorded_by: str,
    *,
    require: Require | None = None,
) -> tuple[Receipt, list[int]]:
    """Append a redaction of all versions of an id and remove their payloads, salts and facts, in one transaction.

    The answer is the redaction's receipt, and the positions whose content is gone. Raises UnknownError if no version of
    the id has any; `require` is as for `append`.
    """
    chronicle, kind, name = id
    document = redaction(kind, name, reason)
    with writer.begin() as connection:
        dialect.lock_log(connection)
        gone = [one.position for one in Sight(connection).stored(id) if one.payload is not None]
        if not gone:
            raise UnknownError(f"there is no {kind} {name} in {chronicle} that has any content")
        head = read_head(connection)
        if require is not None:
            require(connection, head)
        writing = Writing(connection, head, max(now, head.recorded + 1), recorded_by)
        receipt = Receipt(chronicle, "redaction", name, 1 + _redactions(connection, chronicle, name), 0, "redacted")
        receipt = writing.take(receipt, document, canonical(document), secrets.token_bytes(SALT_BYTES))
        writing.flush()
        take_out(connection, writing, id, receipt.position, gone)
        grow(connection, head.position, writing.leaves)
        write_head(connection, writing.position, writing.recorded)
    return receipt, gone


def take_out(connection: Connection, writing: Writing, id: DocumentId, redaction: int, gone: list[int]) -> None:  # noqa: A002
    """Remove what the versions of an id at some positions say; the redaction that names them has been flushed."""
    chronicle, kind, name = id
    if gone:
        connection.execute(insert(redacted), [{"position": one, "redaction": redaction} for one in gone])
    lanes = lanes_at(connection, gone)
    bounds.forget(connection, gone)
    for table in WITHOUT_CONTENT:
        connection.execute(delete(table).where(table.c.position.in_(gone)))
    make_again(connection, lanes)
    full_text.forget(connection)
    connection.execute(delete(projected))
    # Only the content said whether a version was a retraction: what cannot be told must not be kept either.
    connection.execute(update(version).where(version.c.position.in_(gone)).values(retracted=False))
    if kind == "source":
        writing.undate(chronicle, name)


def _redactions(connection: Connection, chronicle: str, name: str) -> int:
    """How many redactions of an id there are, of whatever kind it was."""
    rows = select(func.max(record.c.version)).where(
        record.c.chronicle == chronicle, record.c.kind == "redaction", record.c.id == name
    )
    return connection.execute(rows).scalar() or 0
