"""What the log and a load together must satisfy before anything is written: references, citers, attributes in use."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from sqlalchemy import Connection, select

from chronicle.errors import Problem
from chronicle.event.draft import DocumentId
from chronicle.event.fault import Fault
from chronicle.event.model import AnyDocument, Attribute, Retraction
from chronicle.event.references import attribute_fits, reference_faults
from chronicle.store.schema import citation, fact, record, version
from chronicle.store.sight import Sight
from chronicle.store.versions import Step


class Whole(Protocol):
    """What a load as a whole would leave behind, and whether it declares an id on the way there."""

    def last(self, id: DocumentId, /) -> AnyDocument | None:  # noqa: A002
        """The last document of an id that would be appended, or is there already; None if the load has none."""

    def asserts(self, id: DocumentId, /) -> bool:  # noqa: A002
        """Some document of the id is no retraction."""

    def is_last(self, step: Step, /) -> bool:
        """No other document of the id comes later, but for one of the same content."""


class Together:
    """A load that is appended as a whole."""

    def __init__(self, steps: Sequence[Step]) -> None:
        self._last: dict[DocumentId, AnyDocument] = {step.draft.id: step.draft.document for step in steps}
        self._asserted = {step.draft.id for step in steps if not isinstance(step.draft.document, Retraction)}

    def last(self, id: DocumentId, /) -> AnyDocument | None:  # noqa: A002
        return self._last.get(id)

    def asserts(self, id: DocumentId, /) -> bool:  # noqa: A002
        return id in self._asserted

    def is_last(self, step: Step, /) -> bool:
        return self._last[step.draft.id] is step.draft.document


class Admission:
    """Checks against the state in which the whole load would leave the log.

    What a load itself supersedes, as the history in an export, need not fit that state: what it cites must have been
    declared at some time, and may be retracted by now.
    """

    def __init__(self, connection: Connection, sight: Sight, steps: Sequence[Step], whole: Whole | None = None) -> None:
        self._connection = connection
        self._sight = sight
        self._steps = [step for step in steps if step.appends]
        self._whole = whole or Together(self._steps)

    def problems(self) -> list[Problem]:
        """Errors and warnings of every document that would be appended, in load order."""
        found: list[Problem] = []
        for step in self._steps:
            faults = self._last(step) if self._whole.is_last(step) else self._superseded(step)
            found += map(step.draft.problem, faults)
        return found

    def _last(self, step: Step) -> list[Fault]:
        """All that is wrong with a document that will be the latest of its id."""
        where = step.draft.chronicle
        faults = reference_faults(
            step.draft.document,
            lambda kind, name: self._declared((where, kind, name)),
            lambda name: self._attribute((where, "attribute", name)),
        )
        return [*faults, *self._retraction(step), *self._attribute_in_use(step)]

    def _superseded(self, step: Step) -> list[Fault]:
        """What a document cites that nothing has ever declared, for one that this load itself supersedes."""
        where = step.draft.chronicle
        faults = reference_faults(
            step.draft.document,
            lambda kind, name: self._whole.asserts((where, kind, name)) or self._declared((where, kind, name)),
            lambda name: self._attribute((where, "attribute", name)),
        )
        return [fault for fault in faults if fault.code == "undeclared"]

    def _declared(self, id: DocumentId) -> bool:  # noqa: A002
        document = self._whole.last(id) or self._sight.latest(id)
        return document is not None and not isinstance(document, Retraction)

    def _attribute(self, id: DocumentId) -> Attribute | None:  # noqa: A002
        document = self._whole.last(id) or self._sight.latest(id)
        return document if isinstance(document, Attribute) else None

    def _retraction(self, step: Step) -> list[Fault]:
        """A source or entity cannot go while a latest version cites it."""
        chronicle, kind, name = step.draft.id
        if not isinstance(step.draft.document, Retraction) or kind not in ("source", "entity"):
            return []
        rows = self._connection.execute(
            select(record.c.kind, record.c.id)
            .join(citation, citation.c.position == record.c.position)
            .join(version, version.c.position == record.c.position)
            .where(citation.c.kind == kind, citation.c.id == name, record.c.chronicle == chronicle)
            .where(version.c.superseded.is_(None))
            .order_by(record.c.position)
        )
        citers = [row.id for row in rows if self._whole.last((chronicle, row.kind, row.id)) is None]
        if not citers:
            return []
        named = ", ".join(citers[:10]) + (f" and {len(citers) - 10} more" if len(citers) > 10 else "")
        return [Fault(("id",), "still-cited", f"{kind} {name} is still cited by {named}: correct those first")]

    def _attribute_in_use(self, step: Step) -> list[Fault]:
        """A new cardinality must suit the facts that are already there; a retracted attribute is of one value."""
        attribute = step.draft.document
        if isinstance(attribute, Retraction) and attribute.kind == "attribute":
            attribute = Attribute(id=attribute.id)
        if not isinstance(attribute, Attribute):
            return []
        rows = self._connection.execute(
            select(record.c.id, fact.c.holds, fact.c.value.is_not(None), fact.c.shape != "")
            .join(record, record.c.position == fact.c.position)
            .join(version, version.c.position == fact.c.position)
            .where(fact.c.chronicle == step.draft.chronicle, fact.c.attribute == attribute.id)
            .where(version.c.superseded.is_(None))
        )
        chronicle = step.draft.chronicle
        unfit = {
            name
            for name, *use in rows
            if self._whole.last((chronicle, "event", name)) is None and not attribute_fits(attribute, [tuple(use)])
        }
        if not unfit:
            return []
        named = ", ".join(sorted(unfit)[:10])
        if isinstance(step.draft.document, Retraction):
            message = f"attribute {attribute.id} cannot go: without it, facts of {named} would be read as one value"
            return [Fault(("id",), "attribute-in-use", message)]
        message = f"cardinality: {attribute.cardinality} does not fit facts of {named}"
        return [Fault(("cardinality",), "attribute-in-use", message)]
