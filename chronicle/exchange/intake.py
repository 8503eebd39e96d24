"""What an import makes of a foreign file: documents that are sound, and a problem for each item that is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from chronicle.errors import Problem, shown
from chronicle.event.canonical import from_plain
from chronicle.event.model import AnyDocument, Attribute
from chronicle.event.references import reference_faults
from chronicle.event.validate import faults
from chronicle.exchange.documents import to_json_line, to_yaml
from chronicle.exchange.identity import Ids

_ORDER = ("chronicle", "source", "entity", "attribute", "event")
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Imported:
    """Documents in the order in which they load, and what is to be said of the file.

    A problem that is an error stands for one item that was refused, a warning for one that lost something, or that was
    left out because it is nothing that is kept here.
    """

    chronicle: str
    documents: tuple[AnyDocument, ...]
    problems: tuple[Problem, ...]

    def as_jsonl(self) -> bytes:
        """The documents as JSON Lines."""
        return b"".join(to_json_line(document, self.chronicle) for document in self.documents)

    def as_yaml(self) -> bytes:
        """The documents as one YAML text."""
        return to_yaml(self.documents, self.chronicle)


class Intake:
    """Takes documents, all of one chronicle, as their plain form; numbers are `{"$number": digits}`.

    `file` is how problems name the file.
    """

    def __init__(self, file: str, chronicle: str) -> None:
        self.file = file
        self.chronicle = chronicle
        self.ids = Ids()
        self._problems: list[Problem] = []
        self._documents: dict[tuple[str, str], AnyDocument] = {}
        self._sources: dict[tuple[tuple[str, str], ...], str | None] = {}
        self._source_ids = Ids()

    def take(self, kind: str, plain: Plain, line: int) -> bool:
        """Keep a document, unless something is wrong with it, which is then told. Fields that are empty are left out.

        What an event needs has to be taken before it. Of all other documents the first of an id counts.
        """
        name = str(plain.get("id"))
        if (kind, name) in self._documents:
            if kind == "event":
                self.refuse(line, "id", f"event {shown(name)} is already there: give it an id of its own")
            return kind != "event"
        given = {field: item for field, item in plain.items() if item not in (None, "", [], {})}
        try:
            document = from_plain(kind, {"chronicle": self.chronicle, **given})
        except (msgspec.ValidationError, ValueError) as error:
            self.refuse(line, "shape", f"{kind} {shown(name)}: {error}")
            return False
        found = (*faults(document), *reference_faults(document, self._declared, self._attribute))
        wrong = [fault for fault in found if fault.severity == "error"]
        if wrong:
            reasons = "; ".join(fault.message for fault in wrong[:5])
            self.refuse(line, wrong[0].code, f"{kind} {shown(name)}: {reasons}")
            return False
        self._documents[kind, name] = document
        return True

    def source(self, line: int, **fields: str) -> str | None:
        """The id of the source of these fields, the same for the same ones; None if it cannot be one.

        `id` is the id it should have; if there is none, its title gives it.
        """
        told = tuple(sorted((name, text) for name, text in fields.items() if text))
        if told not in self._sources:
            plain = dict(told)
            plain["id"] = self._source_ids.take(plain.get("title", ""), plain.get("url", ""), own=plain.get("id", ""))
            self._sources[told] = plain["id"] if self.take("source", plain, line) else None
        return self._sources[told]

    def _declared(self, kind: str, name: str) -> bool:
        return (kind, name) in self._documents

    def _attribute(self, name: str) -> Attribute | None:
        found = self._documents.get(("attribute", name))
        return found if isinstance(found, Attribute) else None

    def refuse(self, line: int, code: str, message: str) -> None:
        """Say that an item was left out, and why. `line` counts from 1; 0 is the whole file."""
        self._problems.append(Problem(self.file, line, 0, code, message))

    def remark(self, line: int, code: str, message: str) -> None:
        """Say what an item lost on the way, or what was passed over on purpose."""
        self._problems.append(Problem(self.file, line, 0, code, message, "warning"))

    def done(self) -> Imported:
        """What was taken: the chronicle, sources, entities, attributes, then events, each as they came."""
        found: Sequence[AnyDocument] = sorted(self._documents.values(), key=lambda one: _ORDER.index(one.kind))
        return Imported(self.chronicle, tuple(found), tuple(self._problems))
