"""Commands that answer: when, state, show."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import msgspec
import typer

from chronicle.cli.options import AsOf, Chronicle, Db, Json, Known, Position, Recorded, Resolution, Zone
from chronicle.cli.output import print_json, print_json_line, print_note, print_table
from chronicle.errors import QuestionError
from chronicle.event.canonical import to_plain
from chronicle.event.record import Record
from chronicle.narrative.naming import Names
from chronicle.service import Archive
from chronicle.state.answer import Basis, StateFact
from chronicle.when import describe, instant_text

_BY_ID = Names({}, {})
"""A table says ids, not labels: they are what the options of the next question take."""


def when(
    texts: Annotated[list[str], typer.Argument(metavar="TEXT…|-", help="EDTF dates; - reads one a line from stdin.")],
    *,
    json: Json = False,
) -> None:
    """Say what a date means: its bounds, its precision and how it reads. Exits with 1 if one is no date.

    With --json, several dates and those of stdin give one JSON object a line.

    Example: chronicle when 1994~
    """
    given = _lines() if texts == ["-"] else iter(texts)
    say: Callable[[dict[str, Any]], None] = _meaning
    if json or texts == ["-"]:
        say = print_json if json and len(texts) == 1 and texts != ["-"] else print_json_line
    valid = True
    for meaning in map(describe, given):
        say(meaning)
        valid = valid and bool(meaning["valid"])
    raise typer.Exit(0 if valid else 1)


def _lines() -> Iterator[str]:
    return (line.decode("utf-8", "replace").rstrip("\r\n") for line in sys.stdin.buffer)


def _meaning(meaning: dict[str, Any]) -> None:
    if meaning["valid"]:
        rows = [(name, "" if item is None else str(item)) for name, item in meaning.items()]
        print_table(("", meaning["edtf"]), rows)
    else:
        print_note(f"chronicle: {meaning['error']}")


def state(
    *,
    as_of: AsOf = None,
    known: Known = None,
    recorded: Recorded = None,
    position: Position = None,
    zone: Zone = "UTC",
    chronicle: Chronicle = None,
    subject: Annotated[str | None, typer.Option(metavar="ID", help="Only facts of this subject.")] = None,
    attribute: Annotated[str | None, typer.Option(metavar="ID", help="Only facts of this attribute.")] = None,
    dimension: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE", help="Only facts with this dimension; may be repeated.")
    ] = None,
    resolution: Resolution = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Answer what was the case on a date, as far as had been reported and recorded.

    Example: chronicle state --as-of 2025-12-31 --known 2026-03-01
    """
    with Archive.open(db, create=False) as archive:
        answer = archive.state(
            as_of=as_of,
            known=known,
            recorded=recorded,
            position=position,
            zone=zone,
            resolution=resolution,
            chronicle=chronicle,
            subject=subject,
            attribute=attribute,
            dimensions=_dimensions(dimension or []),
        )
    if json:
        print_json(answer.as_json())
        return
    print(basis_line(answer.basis))
    if answer.facts:
        headings = ("subject", "attribute", "value", "from", "certainty", "event")
        print_table(headings, [_row(fact) for fact in answer.facts])
    else:
        print("nothing holds")


def show(
    id: Annotated[str, typer.Argument(metavar="ID", help="The id of an event, source, entity or attribute.")],  # noqa: A002
    *,
    known: Known = None,
    recorded: Recorded = None,
    position: Position = None,
    zone: Zone = "UTC",
    chronicle: Chronicle = None,
    db: Db = None,
    json: Json = False,
) -> None:
    """Show every version of an id: what was recorded, when, by whom, and from which sources.

    Example: chronicle show trade-2025
    """
    with Archive.open(db, create=False) as archive:
        versions = archive.show(id, known=known, recorded=recorded, position=position, zone=zone, chronicle=chronicle)
    if json:
        print_json({"id": id, "versions": [_record(version) for version in versions]})
        return
    for version in versions:
        header = version.header
        print(f"{header.chronicle} {header.kind} {header.id}, version {header.version}, at position {version.position}")
        print_table(("", ""), _details(version))


def _record(record: Record) -> dict[str, Any]:
    header = record.header
    return {
        "chronicle": header.chronicle,
        "kind": header.kind,
        "id": header.id,
        "version": header.version,
        "position": record.position,
        "type": header.type,
        "recorded": _micro(header.recorded),
        "recorded_by": header.recorded_by,
        "reported": None if record.reported is None else instant_text(record.reported),
        "digest": header.digest.hex(),
        "leaf": header.leaf().hex(),
        "document": _plain(to_plain(record.document)),
    }


def _plain(item: Any) -> Any:
    """A document's plain form with its numbers as JSON numbers."""
    from chronicle.event.value import NUMBER_TAG, read_number  # noqa: PLC0415

    if isinstance(item, dict):
        if item.keys() == {NUMBER_TAG}:
            return read_number(item).written()
        return {name: _plain(value) for name, value in item.items()}
    return [_plain(value) for value in item] if isinstance(item, list) else item


def _micro(microseconds: int) -> str:
    second, rest = divmod(microseconds, 1_000_000)
    return f"{instant_text(second)[:-1]}.{rest:06d}Z"


def _details(record: Record) -> list[tuple[str, str]]:
    shown = _record(record)
    document: dict[str, Any] = shown.pop("document")
    rows = [
        (name, "" if shown[name] is None else str(shown[name]))
        for name in ("recorded", "recorded_by", "reported", "digest")
    ]
    for name, item in document.items():
        for index, part in enumerate(item if isinstance(item, list) else [item]):
            rows.append((name if index == 0 else "", _inline(part)))
    return rows


def _inline(item: Any) -> str:
    if isinstance(item, dict):
        return ", ".join(
            f"{name}: {{{_inline(part)}}}" if isinstance(part, dict) else f"{name}: {_inline(part)}"
            for name, part in item.items()
        )
    if isinstance(item, list):
        return "; ".join(_inline(part) for part in item)
    if isinstance(item, bool):
        return "true" if item else "false"
    return bytes(item).decode() if isinstance(item, msgspec.Raw) else str(item)


def basis_line(basis: Basis) -> str:
    """One line that says what an answer was computed from."""
    known = f", as reported by {basis.known}" if basis.known else ""
    resolution = f", {basis.resolution}" if basis.resolution else ""
    return f"as of {basis.as_of}{known}, position {basis.position}, {basis.zone}{resolution}"


def _dimensions(pairs: list[str]) -> dict[str, str]:
    dimensions = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not (key and equals and value):
            raise QuestionError("--dimension: expected KEY=VALUE, such as partner=usa")
        dimensions[key] = value
    return dimensions


def _row(fact: StateFact) -> tuple[str, ...]:
    dimensions = "".join(f" {key}={value}" for key, value in fact.dimensions.items())
    held = f"in {fact.fact.period}" if fact.fact.period else fact.began
    certainty = "certain" if fact.row.certain else "possible"
    absent = ", or absent" if fact.row.may_be_absent else ""
    foreseen = ", foreseen" if fact.row.foreseen else ""
    return (
        fact.fact.subject,
        fact.fact.attribute + dimensions,
        _BY_ID.value(fact.value, bare=True),
        held,
        certainty + absent + foreseen,
        fact.event.id,
    )
