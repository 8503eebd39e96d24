"""A document on its way to the log: sound in itself, its references not yet checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chronicle.errors import Problem
from chronicle.event.fault import Fault
from chronicle.event.model import AnyDocument

DocumentId = tuple[str, str, str]
"""(chronicle, kind, id): what versions are versions of."""


@dataclass(frozen=True, slots=True)
class Draft:
    """`chronicle` is settled here, whatever the document says. `problem` gives a fault the document's place."""

    chronicle: str
    document: AnyDocument
    problem: Callable[[Fault], Problem]

    @property
    def id(self) -> DocumentId:
        """What this is a version of."""
        return self.chronicle, self.document.kind, self.document.id
