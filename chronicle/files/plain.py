"""What both readers give, plain documents with their places, and the limits that both keep to."""

from __future__ import annotations

from typing import NamedTuple

from chronicle.files.place import Locate

DEEPEST = 24
"""Lists and fields within each other."""
MOST_NODES = 50_000
"""Values in one document, those within others counted too."""
LARGEST_DOCUMENT = 4 * 1024 * 1024
"""Bytes of a document that is a line of JSON, characters of the names and values of one in YAML."""

TOO_DEEP = "is nested too deeply"
TOO_MANY = f"holds more than {MOST_NODES} values: make several documents of it"
TOO_LARGE = f"is a document of more than {LARGEST_DOCUMENT >> 20} MB: make several of it"


class SyntaxFault(Exception):  # noqa: N818 - it is a Fault that ends the reading of a document, or of a file
    """What stands here cannot be read as a document. `line` and `column` count from 1; 0 means the whole file."""

    def __init__(self, line: int, column: int, message: str, code: str = "syntax") -> None:
        self.line = line
        self.column = column
        self.message = message
        self.code = code
        super().__init__(message)


class PlainDocument(NamedTuple):
    """One document before its fields are checked: its plain form and where they stand."""

    plain: object
    locate: Locate
