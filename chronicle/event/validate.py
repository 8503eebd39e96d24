"""What a document must mean, beyond its shape: names, dates, fact times, values (DESIGN section 3).

Pure: it sees one document. What it says of other documents is checked by `event.references`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from chronicle.errors import WhenError, shown
from chronicle.event.fault import Fault, Path, field_of, warning
from chronicle.event.known_types import lacks
from chronicle.event.model import (
    NAME_PATTERN,
    AnyDocument,
    Attribute,
    Chronicle,
    Citation,
    Entity,
    Event,
    Fact,
    Participant,
    Source,
)
from chronicle.event.span import span_of, when_of
from chronicle.event.value import EntityValue, Quantity, Range, Text, Value
from chronicle.when import When

_NAME = re.compile(NAME_PATTERN, re.ASCII)
_PLACEHOLDER = re.compile(r"<[^<>]*>")  # as `chronicle new` leaves them
_TYPE = re.compile(r"[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_HTML = re.compile(r"<[A-Za-z/!?]")


def faults(document: AnyDocument) -> Iterator[Fault]:
    """Every fault of a document, in document order; a sound one has none."""
    yield from _name(("id",), document.id)
    if document.chronicle is not None:
        yield from _name(("chronicle",), document.chronicle)
    yield from _line(("note",), document.note, one_line=False)
    match document:
        case Event():
            yield from _event(document)
        case Source():
            yield from _source(document)
        case Entity():
            yield from _line(("label",), document.label)
            yield from _labels(document.labels)
            yield from _line(("type",), document.type)
            yield from _line(("description",), document.description, one_line=False)
        case Attribute():
            yield from _attribute(document)
        case Chronicle():
            yield from _line(("title",), document.title)
            yield from _line(("description",), document.description, one_line=False)
            for index, language in enumerate(document.languages):
                yield from _language(("languages", index), language)
        case _:
            yield from _citations((), document.sources)


def _event(event: Event) -> Iterator[Fault]:
    if not is_type(event.type):
        yield Fault(("type",), "type", f"type: {shown(event.type)} is no type: expected dotted lower case")
    yield from _line(("title",), event.title)
    yield from _line(("summary",), event.summary, one_line=False)
    for index, participant in enumerate(event.participants):
        if isinstance(participant, Participant):
            yield from _name(("participants", index, "entity"), participant.entity)
            yield from _line(("participants", index, "role"), participant.role)
        else:
            yield from _name(("participants", index), participant)
    for index, relation in enumerate(event.related):
        yield from _name(("related", index, "event"), relation.event)
        yield from _name(("related", index, "relation"), relation.relation)
    yield from _citations((), event.sources)
    if not event.sources:
        yield warning((), "unsourced", "cites no source, so it counts as reported when it is recorded")
    for index, tag in enumerate(event.tags):
        yield from _line(("tags", index), tag)
    if event.stated_by is not None:
        yield from _name(("stated_by",), event.stated_by)

    occurred = None
    try:
        occurred = when_of(event.occurred)
    except WhenError as error:
        yield Fault(("occurred",), "date", f"occurred: {error}")
    known = {citation.source for citation in event.sources}
    for index, fact in enumerate(event.facts):
        yield from _fact(("facts", index), fact, occurred, known)
    yield from (warning(path, "known-type", message) for path, message in lacks(event))


def _fact(path: Path, fact: Fact, occurred: When | None, known: set[str]) -> Iterator[Fault]:
    yield from _name((*path, "subject"), fact.subject)
    yield from _name((*path, "attribute"), fact.attribute)
    for key, value in fact.dimensions.items():
        yield from _name((*path, "dimensions", key), key)
        yield from _name((*path, "dimensions", key), value)
    yield from _value((*path, "value"), fact.value)
    yield from _citations(path, fact.sources)
    for index, citation in enumerate(fact.sources):
        if citation.source not in known:
            message = f"{shown(citation.source)} is not among the sources of the event: add it there"
            yield Fault((*path, "sources", index, "source"), "fact-source", message)
    if fact.holds and fact.value is None:
        yield Fault(path, "no-value", "has no value: give one, or holds: false to deny it")
    found = list(_times(path, fact))
    yield from found
    if not found and occurred is not None and not span_of(fact, occurred).is_possible:
        yield Fault(path, "never-holds", "would end before it begins: no from lies before its until")


def _value(path: Path, value: Value | None) -> Iterator[Fault]:
    match value:
        case Text():
            yield from _control(path, value.text)
            yield from _placeholder(path, value.text)
        case EntityValue():
            yield from _name(path, value.entity)
        case Quantity() | Range():
            yield from _line(path, value.unit)
        case _:
            pass


def _times(path: Path, fact: Fact) -> Iterator[Fault]:
    given = {
        name: text
        for name, text in (
            ("from", fact.from_),
            ("at", fact.at),
            ("until", fact.until),
            ("through", fact.through),
            ("period", fact.period),
        )
        if text is not None
    }
    for first, second in (("from", "at"), ("until", "through")):
        if first in given and second in given:
            yield Fault((*path, second), "fact-times", f"{second}: cannot be combined with {first}; keep one")
    if "period" in given and len(given) > 1:
        others = ", ".join(name for name in given if name != "period")
        yield Fault((*path, "period"), "fact-times", f"period: cannot be combined with {others}")
    for name, text in given.items():
        if (name == "from" and text in ("..", "unknown")) or (name in ("until", "through") and text == "unknown"):
            continue
        yield from _date((*path, name), name, text, _definite if name == "period" else _no_interval)
    if fact.due is not None and fact.due != "unknown":
        yield from _date((*path, "due"), "due", fact.due)


def _no_interval(when: When) -> str | None:
    if when.kind == "interval":
        return "is an interval: expected a date or a set; an observation over a time takes period"
    return None


def _definite(when: When) -> str | None:
    if not when.is_definite or when.kind == "datetime":
        return "is not a definite period: expected whole days, months or years, closed and without ~ ? % or X"
    return None


def _date(path: Path, name: str, text: str, refuse: Callable[[When], str | None] | None = None) -> Iterator[Fault]:
    try:
        when = when_of(text)
    except WhenError as error:
        yield Fault(path, "date", f"{name}: {error}")
        return
    if refuse is not None and (reason := refuse(when)) is not None:
        yield Fault(path, "fact-times", f"{name}: {shown(text)} {reason}")


def _source(source: Source) -> Iterator[Fault]:
    yield from _line(("title",), source.title)
    yield from _line(("publisher",), source.publisher)
    yield from _line(("author",), source.author)
    if source.published is None:
        yield warning((), "undated-source", "has no published date, so known cannot place what it reports")
    else:
        yield from _date(("published",), "published", source.published)
    if source.url is not None and not _is_address(source.url):
        yield Fault(("url",), "url", f"url: {shown(source.url)} is no http, https, urn or doi address")
    yield from _line(("url",), source.url)
    if source.language is not None:
        yield from _language(("language",), source.language)


def _is_address(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("http", "https", "urn", "doi")
    except ValueError:
        return False


def _attribute(attribute: Attribute) -> Iterator[Fault]:
    yield from _line(("label",), attribute.label)
    yield from _labels(attribute.labels)
    yield from _line(("description",), attribute.description, one_line=False)
    if attribute.cardinality == "many" and attribute.measures == "period":
        yield Fault(("measures",), "attribute", "measures: an attribute of many values cannot measure periods")
    yield from _line(("unit",), attribute.unit)
    for index, part in enumerate(attribute.sum_of):
        yield from _name(("sum_of", index), part)
    if attribute.share_of is not None:
        yield from _name(("share_of", "part"), attribute.share_of.part)
        yield from _name(("share_of", "whole"), attribute.share_of.whole)
    if attribute.balance_of is not None:
        yield from _name(("balance_of", "exports"), attribute.balance_of.exports)
        yield from _name(("balance_of", "imports"), attribute.balance_of.imports)
    if attribute.growth_of is not None:
        yield from _name(("growth_of",), attribute.growth_of)


def _citations(path: Path, citations: list[Citation]) -> Iterator[Fault]:
    for index, citation in enumerate(citations):
        at = (*path, "sources", index)
        yield from _name((*at, "source"), citation.source)
        yield from _line((*at, "locator"), citation.locator)
        yield from _line((*at, "quote"), citation.quote, one_line=False)


def _labels(labels: dict[str, str]) -> Iterator[Fault]:
    for language, label in labels.items():
        yield from _language(("labels", language), language)
        yield from _line(("labels", language), label)


def _language(path: Path, text: str) -> Iterator[Fault]:
    if not _LANGUAGE.fullmatch(text):
        yield Fault(
            path, "language", f"{path[0]}: {shown(text)} is no language tag: expected one such as en or az-Latn"
        )


def _name(path: Path, text: str) -> Iterator[Fault]:
    if not _NAME.fullmatch(text):
        field = field_of(path)
        message = f"{field}: {shown(text)} is no name: expected a letter or digit, then letters, digits and . _ : ~ -"
        yield Fault(path, "name", message)


def _line(path: Path, text: str | None, *, one_line: bool = True) -> Iterator[Fault]:
    """Text is not blank, has no control characters, and spreads over lines only where it may."""
    if text is None:
        return
    field = field_of(path)
    if not text.strip():
        yield Fault(path, "blank", f"{field}: is blank: leave the field out or say something")
    if one_line and "\n" in text.strip():
        yield Fault(path, "one-line", f"{field}: must stay on one line")
    yield from _control(path, text)
    if not one_line and _HTML.search(text):
        yield Fault(path, "html", f"{field}: holds raw HTML: write plain prose or light CommonMark")
    else:
        yield from _placeholder(path, text)


def _control(path: Path, text: str) -> Iterator[Fault]:
    """No terminal and no database can be made to stumble over text; half a surrogate pair is no character at all."""
    if _CONTROL.search(text):
        yield Fault(path, "control", f"{field_of(path)}: holds a control character: remove it")


def _placeholder(path: Path, text: str) -> Iterator[Fault]:
    if _PLACEHOLDER.fullmatch(text):
        yield Fault(path, "placeholder", f"{field_of(path)}: {shown(text)} is still to be filled in")


def is_type(text: str) -> bool:
    """The text is a type of event: dotted, lower case."""
    return _TYPE.fullmatch(text) is not None


def is_name(text: str) -> bool:
    """The text can be an id, a subject, an attribute or a dimension."""
    return _NAME.fullmatch(text) is not None
