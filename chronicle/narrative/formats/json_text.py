"""A document as JSON: the document itself, its fields by the names of `narrative/document.py`."""

from __future__ import annotations

import msgspec

from chronicle.narrative.document import Document


def write(document: Document) -> str:
    """The document as indented JSON and a line end; `msgspec.json.decode(text, type=Document)` gives it back."""
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"
