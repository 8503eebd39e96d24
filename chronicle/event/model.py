"""The documents of DESIGN section 3: one definition for files, HTTP and the log.

A Struct says which fields there are and of what shape; `event.validate` says what they must mean. Dates stay the text
the author wrote. Field order here is the order in which documents are written.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chronicle.event.value import Value

NAME_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}$"

Name = Annotated[str, Meta(description="letters, digits and . _ : ~ -, at most 200, beginning with a letter or digit")]
DateText = Annotated[str, Meta(description="an EDTF date: 1994, 1994-09, 1994-09-20, 1994~, 2025-01/2025-09 …")]
Labels = dict[str, str]


class Document(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """What all documents share. `chronicle` says where it belongs, if neither the command nor the folder does."""


class Citation(Document, frozen=True, kw_only=True):
    """Where a source says it. `quote` is verbatim and short."""

    source: Name
    locator: str | None = None
    quote: str | None = None


class Participant(Document, frozen=True, kw_only=True):
    """An entity that took part, and as what."""

    entity: Name
    role: str | None = None


class Relation(Document, frozen=True, kw_only=True):
    """How this event relates to another of the same chronicle: builds-on, led-to, part-of, revises and so on."""

    event: Name
    relation: Name


class Fact(Document, frozen=True, kw_only=True):
    """`subject . attribute [dimensions] = value`, and the time for which it holds (DESIGN section 3, fact times)."""

    subject: Name
    attribute: Name
    dimensions: dict[str, str] = {}
    value: Value | None = None
    holds: bool = True
    from_: DateText | None = msgspec.field(default=None, name="from")
    at: DateText | None = None
    until: DateText | None = None
    through: DateText | None = None
    period: DateText | None = None
    due: DateText | None = None
    sources: list[Citation] = []


class Event(Document, frozen=True, kw_only=True):
    """Something that happened, is planned, was stated or was measured."""

    kind: Literal["event"] = "event"
    chronicle: Name | None = None
    id: Name
    type: str
    occurred: DateText
    title: str
    summary: str | None = None
    participants: list[str | Participant] = []
    facts: list[Fact] = []
    related: list[Relation] = []
    sources: list[Citation] = []
    tags: list[str] = []
    stated_by: Name | None = None
    note: str | None = None


class Source(Document, frozen=True, kw_only=True):
    """A publication."""

    kind: Literal["source"] = "source"
    chronicle: Name | None = None
    id: Name
    title: str
    publisher: str | None = None
    author: str | None = None
    published: DateText | None = None
    url: str | None = None
    language: str | None = None
    note: str | None = None


class Entity(Document, frozen=True, kw_only=True):
    """Who or what events and facts are about."""

    kind: Literal["entity"] = "entity"
    chronicle: Name | None = None
    id: Name
    label: str
    labels: Labels = {}
    type: str | None = None
    description: str | None = None
    note: str | None = None


class Share(Document, frozen=True, kw_only=True):
    """The attribute is the share of `part` in `whole`."""

    part: Name
    whole: Name


class Balance(Document, frozen=True, kw_only=True):
    """The attribute is `exports` less `imports`."""

    exports: Name
    imports: Name


class Attribute(Document, frozen=True, kw_only=True):
    """What is said of subjects, and how its facts are read."""

    kind: Literal["attribute"] = "attribute"
    chronicle: Name | None = None
    id: Name
    label: str | None = None
    labels: Labels = {}
    description: str | None = None
    cardinality: Literal["one", "many"] = "one"
    measures: Literal["state", "period", "target"] = "state"
    unit: str | None = None
    resolution: Literal["latest-from", "latest-reported"] = "latest-from"
    sum_of: list[Name] = []
    share_of: Share | None = None
    balance_of: Balance | None = None
    growth_of: Name | None = None
    note: str | None = None


class Chronicle(Document, frozen=True, kw_only=True):
    """A named set of events with its own glossary and bibliography."""

    kind: Literal["chronicle"] = "chronicle"
    chronicle: Name | None = None
    id: Name
    title: str
    description: str | None = None
    languages: list[str] = []
    note: str | None = None


class Retraction(Document, frozen=True, kw_only=True):
    """Withdraws an id: from this version on it is absent. The earlier versions stay in the log."""

    kind: Literal["event", "source", "entity", "attribute", "chronicle"] = "event"
    chronicle: Name | None = None
    id: Name
    retracted: Literal[True]
    note: str | None = None
    sources: list[Citation] = []


class Redaction(Document, frozen=True, kw_only=True):
    """Says that the content of all versions of an id that come before it has been removed, and why.

    `of` is the kind of the id. Only `redact` makes one: it cannot be loaded.
    """

    kind: Literal["redaction"] = "redaction"
    id: Name
    of: Literal["event", "source", "entity"]
    reason: str


class Redacted(Document, frozen=True, kw_only=True):
    """Stands where a version's content was; `reason` is that of the redaction, `redaction` its position."""

    kind: str
    id: Name
    redacted: Literal[True]
    reason: str
    redaction: int


AnyDocument = Event | Source | Entity | Attribute | Chronicle | Retraction
"""What is written and loaded."""

LogDocument = AnyDocument | Redaction | Redacted
"""What the log holds, and what stands where it held something."""

KINDS: dict[str, type[AnyDocument]] = {
    "chronicle": Chronicle,
    "source": Source,
    "entity": Entity,
    "attribute": Attribute,
    "event": Event,
}
"""Document kinds, in the order in which a folder is loaded."""
