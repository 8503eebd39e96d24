"""The canonical form of documents, their salted digest, and the record header (DESIGN sections 3 and 6).

Canonical form: RFC 8785 JSON, numbers as `{"$number": digits}`, absent and default fields left out, text in NFC, the
chronicle left to the header. Digest: SHA-256(salt ‖ canonical payload). Header: RFC 8785 JSON, the leaf of an RFC 6962
tree (leaf hash SHA-256(0x00 ‖ header)); it holds no position, for the leaf's index is the position.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from typing import Any, Self

import msgspec
import rfc8785

from chronicle.errors import InputError
from chronicle.event.model import KINDS, AnyDocument, Citation, Event, LogDocument, Redaction, Retraction
from chronicle.event.tree import leaf_hash
from chronicle.event.upcast import RELEASED, current
from chronicle.event.value import Value, read_value

SALT_BYTES = 32
_SAID_ANYWAY: dict[type[msgspec.Struct], dict[str, str]] = {
    model: {
        field.encode_name: field.default for field in msgspec.structs.fields(model) if isinstance(field.default, str)
    }
    for model in (*KINDS.values(), Redaction, Retraction)
}
"""The defaults that are text: msgspec leaves them out only where they are the very same object."""


class Header(msgspec.Struct, frozen=True, gc=False):
    """What is hashed of a record. `recorded` is microseconds since 1970-01-01T00:00:00Z; only events have a `type`."""

    archive: str
    chronicle: str
    kind: str
    id: str
    version: int
    type: str | None
    recorded: int
    recorded_by: str
    digest: bytes

    def columns(self) -> dict[str, Any]:
        """The fields but for the archive, by name."""
        return {name: getattr(self, name) for name in self.__struct_fields__ if name != "archive"}

    def encode(self) -> bytes:
        """The bytes that are the leaf."""
        return msgspec.json.encode(
            _EncodedHeader(
                archive=self.archive,
                chronicle=self.chronicle,
                digest=self.digest.hex(),
                id=self.id,
                kind=self.kind,
                recorded=str(self.recorded),
                recorded_by=self.recorded_by,
                type=self.type,
                version=self.version,
            )
        )

    def leaf(self) -> bytes:
        """The hash of the leaf."""
        return leaf_hash(self.encode())

    @classmethod
    def decode(cls, encoded: bytes) -> Self:
        """The header of a leaf's bytes. Raises InputError for bytes that `encode` does not make."""
        try:
            plain = msgspec.json.decode(encoded, type=_EncodedHeader)
            fields = {**msgspec.structs.asdict(plain), "recorded": int(plain.recorded)}
            header = cls(**{**fields, "digest": bytes.fromhex(plain.digest)})
            is_ours = header.encode() == encoded
        except (ValueError, RecursionError, msgspec.DecodeError):
            is_ours = False
        if not is_ours:
            raise InputError("the header cannot be read")
        return header


class _EncodedHeader(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A header as JSON has it; the fields stand in the order of RFC 8785, so that encoding needs no sorting."""

    archive: str
    chronicle: str
    digest: str
    id: str
    kind: str
    recorded: str
    recorded_by: str
    type: str | None = None
    version: int


def to_plain(document: msgspec.Struct) -> dict[str, Any]:
    """The document as text, booleans, lists and mappings, in field order, defaults left out."""
    plain: dict[str, Any] = msgspec.to_builtins(document)
    for name, default in _SAID_ANYWAY.get(type(document), {}).items():
        if plain.get(name) == default:
            del plain[name]
    if isinstance(document, Event):
        # msgspec writes the value types field by field, which is not their form in documents
        for fact, stated in zip(plain.get("facts", ()), document.facts, strict=False):
            if stated.value is not None:
                fact["value"] = stated.value.plain()
    if participants := plain.get("participants"):
        plain["participants"] = [p["entity"] if isinstance(p, dict) and len(p) == 1 else p for p in participants]
    return plain


def canonical(document: LogDocument) -> bytes:
    """The canonical payload. Two documents have the same content if and only if these bytes are equal."""
    plain = to_plain(document)
    plain.pop("chronicle", None)
    encoded = msgspec.json.encode(plain, order="sorted")
    # Text in ASCII is in NFC, and is sorted by UTF-16 as by any other code; then msgspec writes what RFC 8785 asks for.
    return encoded if encoded.isascii() else rfc8785.dumps(_nfc(plain))


def digest(payload: bytes, salt: bytes) -> bytes:
    """The payload digest that the header carries."""
    return hashlib.sha256(salt + payload).digest()


def decode(kind: str, payload: bytes) -> LogDocument:
    """The document of a canonical payload, of whatever release; the inverse of `canonical` but for the chronicle."""
    if kind == "redaction":
        return msgspec.json.decode(payload, type=Redaction)
    if RELEASED:
        return from_plain(kind, current(kind, json.loads(payload)))
    return decode_document(kind, payload)


def decode_document(kind: str, payload: bytes) -> AnyDocument:
    """The document of a canonical payload of this release. Raises msgspec.DecodeError."""
    return (_RETRACTIONS if _RETRACTED in payload else _DECODERS[kind]).decode(payload)


def from_plain(kind: str, plain: dict[str, Any]) -> AnyDocument:
    """A document from its plain form. Raises msgspec.ValidationError, its message ending in the path of the fault."""
    model: type[AnyDocument] = Retraction if plain.get("retracted") is True else KINDS[kind]
    return msgspec.convert(plain, type=model, dec_hook=_read_value)


def type_of(document: LogDocument) -> str | None:
    """The event's type; None for any other document, retractions and redactions included."""
    return document.type if isinstance(document, Event) else None


def cited(document: AnyDocument) -> tuple[str, ...]:
    """The ids of the sources a document cites, in order, each once."""
    citations: list[Citation] = document.sources if isinstance(document, Event | Retraction) else []
    return tuple(dict.fromkeys(citation.source for citation in citations))


def _read_value(kind: type, plain: object) -> Value:
    assert kind is Value, "all other types of the documents are msgspec's own"
    return read_value(plain)


_RETRACTED = b'"retracted":true'  # within text its quotation marks would be escaped
_RETRACTIONS: msgspec.json.Decoder[AnyDocument] = msgspec.json.Decoder(Retraction)
_DECODERS: dict[str, msgspec.json.Decoder[AnyDocument]] = {
    kind: msgspec.json.Decoder(model, dec_hook=_read_value) for kind, model in KINDS.items()
}


def _nfc(plain: Any) -> Any:
    """All text, keys included, in Unicode normal form C."""
    if isinstance(plain, str):
        return unicodedata.normalize("NFC", plain)
    if isinstance(plain, dict):
        return {_nfc(key): _nfc(item) for key, item in plain.items()}
    if isinstance(plain, list):
        return [_nfc(item) for item in plain]
    return plain
